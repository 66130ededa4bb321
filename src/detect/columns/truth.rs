//! Tables of the truth as columns, one table a kind of fact, and back. Columns are called as the fields of [`crate::detect::truth`] are.

use super::read::{ColumnError, column};
use crate::detect::event::Token;
use crate::detect::truth::{
    Actor, BenignTwin, Campaign, FalseEvent, FalseOrder, RoomFact, Threat, Twin,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{UInt32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, RecordBatch, StringArray, UInt32Array, UInt64Array,
};
use arrow_schema::{ArrowError, DataType};
use std::sync::Arc;

/// A table of the truth: its rows, and the batch that holds them.
pub trait Table: Sized {
    /// Name of the table, and of its file.
    const NAME: &'static str;

    /// Rows as a batch.
    ///
    /// # Errors
    /// None, as long as all columns are made from the same rows.
    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError>;

    /// The rows of a batch.
    ///
    /// # Errors
    /// Where a column is missing, or holds what cannot be.
    fn rows(batch: &RecordBatch) -> Result<Vec<Self>, ColumnError>;
}

/// What a cell of a table can hold.
trait Held: Sized {
    /// Whether a cell may be empty.
    const MAY_BE_EMPTY: bool = false;

    fn holds() -> DataType;
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef;

    /// The cell of a row, which is not empty unless that may be; `None`: it holds what cannot be.
    fn cell(column: &ArrayRef, row: usize) -> Option<Self>;
}

impl Held for u32 {
    fn holds() -> DataType {
        DataType::UInt32
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(cells))
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        Some(column.as_primitive_opt::<UInt32Type>()?.value(row))
    }
}

impl Held for Option<u32> {
    const MAY_BE_EMPTY: bool = true;

    fn holds() -> DataType {
        DataType::UInt32
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        Arc::new(cells.collect::<UInt32Array>())
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        let full = column.is_valid(row);
        Some(if full { u32::cell(column, row) } else { None })
    }
}

impl Held for u64 {
    fn holds() -> DataType {
        DataType::UInt64
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(cells))
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        Some(column.as_primitive_opt::<UInt64Type>()?.value(row))
    }
}

impl Held for Token {
    fn holds() -> DataType {
        u64::holds()
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        u64::array(cells.map(Token::number))
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        let number = u64::cell(column, row)?;
        (Token::of(number).number() == number).then_some(Token::of(number))
    }
}

impl Held for bool {
    fn holds() -> DataType {
        DataType::Boolean
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        Arc::new(cells.map(Some).collect::<BooleanArray>())
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        Some(column.as_boolean_opt()?.value(row))
    }
}

impl Held for String {
    fn holds() -> DataType {
        DataType::Utf8
    }
    fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(cells))
    }
    fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
        Some(column.as_string_opt::<i32>()?.value(row).to_owned())
    }
}

macro_rules! held_by_name {
    ($($what:ty),*) => {
        $(impl Held for $what {
            fn holds() -> DataType {
                DataType::Utf8
            }
            fn array(cells: impl Iterator<Item = Self>) -> ArrayRef {
                Arc::new(StringArray::from_iter_values(cells.map(<$what>::name)))
            }
            fn cell(column: &ArrayRef, row: usize) -> Option<Self> {
                let name = column.as_string_opt::<i32>()?.value(row);
                <$what>::ALL.into_iter().find(|known| known.name() == name)
            }
        })*
    };
}

held_by_name!(Threat, Twin);

/// A column that is being read.
struct Column<'a, Holds>(&'a str, &'a ArrayRef, std::marker::PhantomData<Holds>);

impl<'a, Holds: Held> Column<'a, Holds> {
    fn of(batch: &'a RecordBatch, name: &'a str) -> Result<Self, ColumnError> {
        let found = column(batch, name, &Holds::holds())?;
        Ok(Self(name, found, std::marker::PhantomData))
    }

    fn cell(&self, row: usize) -> Result<Holds, ColumnError> {
        let fits = Holds::MAY_BE_EMPTY || self.1.is_valid(row);
        let cell = if fits { Holds::cell(self.1, row) } else { None };
        cell.ok_or_else(|| self.refuse(row))
    }

    fn refuse(&self, row: usize) -> ColumnError {
        let text = self
            .1
            .as_string_opt::<i32>()
            .filter(|column| column.is_valid(row));
        let number = self
            .1
            .as_primitive_opt::<UInt64Type>()
            .filter(|column| column.is_valid(row));
        let value = match (text, number) {
            (Some(column), _) => format!("\"{}\"", column.value(row)),
            (_, Some(column)) => column.value(row).to_string(),
            _ => "nothing".to_owned(),
        };
        ColumnError::Cell {
            row: row + 1,
            column: self.0.to_owned(),
            value,
        }
    }
}

macro_rules! tables {
    ($($row:ident $name:literal { $($field:ident),* $(,)? })*) => {
        $(impl Table for $row {
            const NAME: &'static str = $name;

            fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
                /// Whether a column may have empty cells, by the type of what is in it.
                fn may_be_empty<Holds: Held>(_: impl Fn(&$row) -> Holds) -> bool {
                    Holds::MAY_BE_EMPTY
                }
                RecordBatch::try_from_iter_with_nullable([$((
                    stringify!($field),
                    Held::array(rows.iter().map(|row| row.$field.clone())),
                    may_be_empty(|row| row.$field.clone()),
                )),*])
            }

            fn rows(batch: &RecordBatch) -> Result<Vec<Self>, ColumnError> {
                $(let $field = Column::of(batch, stringify!($field))?;)*
                let row = |row| Ok($row { $($field: $field.cell(row)?),* });
                (0..batch.num_rows()).map(row).collect()
            }
        })*
    };
}

tables! {
    Campaign "campaigns" {
        campaign, plan, threat, tactic, room, product, operator, first_evidence, last_evidence, tactic_is_known, operator_is_known,
    }
    BenignTwin "twins" { twin, room, product, from, until }
    Actor "actors" { account, campaign, first_evidence }
    FalseOrder "orders" { order, campaign, first_evidence }
    FalseEvent "events" { event, campaign }
    RoomFact "rooms" { room, anchor, from, until, peak_viewers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn come_back<Row: Table + PartialEq + std::fmt::Debug>(rows: &[Row]) {
        assert_eq!(Row::rows(&Row::batch(rows).unwrap()).unwrap(), rows);
        assert_eq!(Row::rows(&Row::batch(&[]).unwrap()).unwrap(), []);
    }

    fn campaign(threat: Threat, product: Option<u32>) -> Campaign {
        Campaign {
            campaign: 1,
            plan: 2,
            threat,
            tactic: "at once, 慢".to_owned(),
            room: 3,
            product,
            operator: String::new(),
            first_evidence: 4,
            last_evidence: u64::MAX,
            tactic_is_known: true,
            operator_is_known: false,
        }
    }

    #[test]
    fn rows_come_back() {
        let token = Token::of(u64::MAX);
        let campaigns =
            Threat::ALL.map(|threat| campaign(threat, threat.is_about_an_offer().then_some(5)));
        come_back(&campaigns);
        come_back(&Twin::ALL.map(|twin| BenignTwin {
            twin,
            room: 1,
            product: None,
            from: 2,
            until: 3,
        }));
        come_back(&[Actor {
            account: token,
            campaign: 1,
            first_evidence: 2,
        }]);
        come_back(&[FalseOrder {
            order: token,
            campaign: 1,
            first_evidence: 2,
        }]);
        come_back(&[FalseEvent {
            event: u64::MAX,
            campaign: 1,
        }]);
        come_back(&[RoomFact {
            room: 1,
            anchor: 2,
            from: 3,
            until: 4,
            peak_viewers: 5,
        }]);
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        let names: ArrayRef = Arc::new(StringArray::from(vec!["celebrity", "rumour"]));
        let numbers: ArrayRef = Arc::new(UInt32Array::from(vec![1, 2]));
        let gaps: ArrayRef = Arc::new(UInt32Array::from(vec![Some(1), None]));
        let wide: ArrayRef = Arc::new(UInt64Array::from(vec![1, 1 << 53]));
        let twins = |names: &ArrayRef, rooms: &ArrayRef| {
            let columns = [
                ("twin", names),
                ("room", rooms),
                ("product", &gaps),
                ("from", &wide),
                ("until", &wide),
            ];
            let batch =
                RecordBatch::try_from_iter(columns.map(|(name, column)| (name, column.clone())))
                    .unwrap();
            BenignTwin::rows(&batch).unwrap_err().to_string()
        };
        assert_eq!(
            twins(&names, &numbers),
            "row 2: the column \"twin\" cannot hold \"rumour\""
        );
        let known: ArrayRef = Arc::new(StringArray::from(vec!["celebrity", "campus"]));
        assert_eq!(
            twins(&known, &gaps),
            "row 2: the column \"room\" cannot hold nothing"
        );
    }
}
