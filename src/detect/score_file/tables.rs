//! Rows of tables that others have written, with whatever type their writer chose for numbers.

use super::Row;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

/// A number without a fraction, below 2^53. Tables with gaps are often written with all numbers as fractions.
pub(super) fn whole(number: f64) -> Option<u64> {
    let fits = (0.0..9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as u64)
}

/// A row of a CSV file, cell by cell under its heading; or what is wrong with it.
pub(super) fn csv_row(
    heading: &csv::StringRecord,
    record: &csv::StringRecord,
) -> Result<Row, String> {
    let mut row = Row::default();
    for (name, cell) in heading
        .iter()
        .zip(record)
        .filter(|(_, cell)| !cell.is_empty())
    {
        let number = || {
            let fraction = || cell.parse().ok().and_then(whole);
            let number = cell.parse().ok().or_else(fraction);
            number
                .map(Some)
                .ok_or_else(|| format!("`{name}` is \"{cell}\": give a whole number, or nothing"))
        };
        match name.trim() {
            "at" => row.at = number()?,
            "room" => row.room = number()?,
            "account" => row.account = number()?,
            "order" => row.order = number()?,
            "product" => row.product = number()?,
            "score" => {
                row.score = Some(
                    cell.parse()
                        .map_err(|_| format!("`score` is \"{cell}\": give a finite number"))?,
                )
            }
            _ => {}
        }
    }
    Ok(row)
}

/// A row of a batch; or what is wrong with it.
pub(super) fn parquet_row(batch: &RecordBatch, row: usize) -> Result<Row, String> {
    let number = |name: &str| match batch.column_by_name(name).map(|column| cell(column, row)) {
        None | Some(Cell::Empty) => Ok(None),
        Some(Cell::Whole(number)) => Ok(Some(number)),
        Some(Cell::Fraction(number)) => whole(number)
            .map(Some)
            .ok_or_else(|| format!("`{name}` is {number}: give a whole number, or null")),
        Some(Cell::Other) => Err(format!(
            "`{name}` holds no numbers: write the column as integers"
        )),
    };
    let score = match batch
        .column_by_name("score")
        .map(|column| cell(column, row))
    {
        None | Some(Cell::Empty) => None,
        Some(Cell::Whole(number)) => Some(number as f64),
        Some(Cell::Fraction(number)) => Some(number),
        Some(Cell::Other) => {
            return Err("`score` holds no numbers: write the column as doubles".to_owned());
        }
    };
    let [at, room, account] = [number("at")?, number("room")?, number("account")?];
    Ok(Row {
        at,
        room,
        account,
        order: number("order")?,
        product: number("product")?,
        score,
    })
}

/// What stands in a cell of a Parquet file, whatever type its writer chose.
enum Cell {
    Empty,
    Whole(u64),
    Fraction(f64),
    Other,
}

fn cell(column: &ArrayRef, row: usize) -> Cell {
    if *column.data_type() == DataType::Null || column.is_null(row) {
        return Cell::Empty;
    }
    let signed =
        |number: i64| u64::try_from(number).map_or(Cell::Fraction(number as f64), Cell::Whole);
    match column.data_type() {
        DataType::UInt64 => Cell::Whole(column.as_primitive::<UInt64Type>().value(row)),
        DataType::UInt32 => Cell::Whole(column.as_primitive::<UInt32Type>().value(row).into()),
        DataType::Int64 => signed(column.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => signed(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Float64 => Cell::Fraction(column.as_primitive::<Float64Type>().value(row)),
        DataType::Float32 => Cell::Fraction(column.as_primitive::<Float32Type>().value(row).into()),
        _ => Cell::Other,
    }
}
