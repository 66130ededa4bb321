//! Reading tables back: for hashes on resuming, for figures, and to find the consumer most harmed.

use super::table::{Cell, Column, Holds};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// Calls `with` for each row of a Parquet file, its cells in order of `columns`.
///
/// # Errors
/// What went wrong, with the file's name.
pub fn each_row(
    path: &Path,
    columns: &[Column],
    mut with: impl FnMut(&[Cell]),
) -> Result<(), String> {
    let error = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
    let file = File::open(path).map_err(|why| error(&why))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|why| error(&why))?;
    for batch in reader {
        let batch = batch.map_err(|why| error(&why))?;
        let at: Option<Vec<usize>> = columns
            .iter()
            .map(|column| batch.schema().index_of(column.name).ok())
            .collect();
        let at = at.ok_or_else(|| error(&"a column is missing"))?;
        let mut cells = Vec::with_capacity(columns.len());
        for row in 0..batch.num_rows() {
            cells.clear();
            for (column, index) in columns.iter().zip(&at) {
                cells.push(cell(&batch, *index, column.holds, row));
            }
            with(&cells);
        }
    }
    Ok(())
}

fn cell(batch: &RecordBatch, index: usize, holds: Holds, row: usize) -> Cell<'_> {
    let array = batch.column(index);
    if array.is_null(row) {
        return Cell::Missing;
    }
    let found = match holds {
        Holds::Count => array
            .as_primitive_opt::<UInt64Type>()
            .map(|cells| Cell::Count(cells.value(row))),
        Holds::Fen => array
            .as_primitive_opt::<Int64Type>()
            .map(|cells| Cell::Fen(cells.value(row))),
        Holds::Number => array
            .as_primitive_opt::<Float64Type>()
            .map(|cells| Cell::Number(cells.value(row))),
        Holds::Text => array
            .as_string_opt::<i32>()
            .map(|cells| Cell::Text(cells.value(row))),
        Holds::Flag => array
            .as_boolean_opt()
            .map(|cells| Cell::Flag(cells.value(row))),
    };
    found.unwrap_or(Cell::Missing)
}

/// The Parquet parts of a table, in order.
pub fn parts_of(folder: &Path, table: &str) -> Vec<std::path::PathBuf> {
    let mut parts: Vec<_> = std::fs::read_dir(folder.join("tables").join(table))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
        .collect();
    parts.sort();
    parts
}
