//! Columns read: events out of batches, and the cells that tables of the truth are made of.

use crate::detect::event::Event;
use crate::detect::fields::{FIELDS, Field, FieldError, ReadFields, read_event};
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

/// Why a batch cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// A column is of another type than it is written with.
    #[error("the column \"{column}\" holds {found}; it must hold {expected}")]
    Type {
        /// Column.
        column: String,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
    },
    /// A column is not there.
    #[error("the column \"{0}\" is missing")]
    Missing(String),
    /// A row is no event.
    #[error("row {row}: {why}")]
    Row {
        /// Number of the row within its batch, from 1.
        row: usize,
        /// Why.
        why: FieldError,
    },
    /// A cell of a table holds what cannot be.
    #[error("row {row}: the column \"{column}\" cannot hold {value}")]
    Cell {
        /// Number of the row within its batch, from 1.
        row: usize,
        /// Column.
        column: String,
        /// What it holds.
        value: String,
    },
}

/// The columns of a batch by field; `None` where there is no such column: then no event carries it.
struct Columns<'a>(Vec<Option<&'a ArrayRef>>);

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, ColumnError> {
        let schema = super::event_schema();
        let checked = |fact: &crate::detect::fields::Fact| {
            let Some(column) = batch.column_by_name(fact.name) else {
                return Ok(None);
            };
            let expected = schema.field(fact.field as usize).data_type();
            check_type(fact.name, column, expected)?;
            Ok(Some(column))
        };
        FIELDS
            .iter()
            .map(checked)
            .collect::<Result<_, _>>()
            .map(Columns)
    }
}

/// A row of a batch.
struct Row<'a>(&'a Columns<'a>, usize);

impl Row<'_> {
    /// The column of a field, if it holds something in this row.
    #[inline]
    fn column(&self, field: Field) -> Option<&ArrayRef> {
        let column = (*self.0.0.get(field as usize)?)?;
        column.is_valid(self.1).then_some(column)
    }

    fn primitive<Held: ArrowPrimitiveType>(&self, column: &ArrayRef) -> Option<Held::Native> {
        Some(column.as_primitive_opt::<Held>()?.value(self.1))
    }
}

impl ReadFields for Row<'_> {
    fn number(&self, field: Field) -> Result<Option<u64>, FieldError> {
        let Some(column) = self.column(field) else {
            return Ok(None);
        };
        let narrow = || self.primitive::<UInt32Type>(column).map(u64::from);
        let number = self.primitive::<UInt64Type>(column).or_else(narrow);
        number.map(Some).ok_or(FieldError::unfit(field))
    }

    fn money(&self, field: Field) -> Result<Option<i64>, FieldError> {
        let column = self.column(field);
        Ok(column.and_then(|column| self.primitive::<Int64Type>(column)))
    }

    fn flag(&self, field: Field) -> Result<Option<bool>, FieldError> {
        let column = self
            .column(field)
            .and_then(|column| column.as_boolean_opt());
        Ok(column.map(|column| column.value(self.1)))
    }

    fn word(&self, field: Field) -> Result<Option<&str>, FieldError> {
        let column = self
            .column(field)
            .and_then(|column| column.as_string_opt::<i32>());
        Ok(column.map(|column| column.value(self.1)))
    }
}

/// The events of a batch, in its order. Columns that are no fields are not looked at.
///
/// # Errors
/// Where a column is of another type than in [`super::event_schema`], or a row is no event.
pub fn events_of(batch: &RecordBatch) -> Result<Vec<Event>, ColumnError> {
    let columns = Columns::of(batch)?;
    let event =
        |row| read_event(&Row(&columns, row)).map_err(|why| ColumnError::Row { row: row + 1, why });
    (0..batch.num_rows()).map(event).collect()
}

fn check_type(name: &str, column: &ArrayRef, expected: &DataType) -> Result<(), ColumnError> {
    if column.data_type() == expected {
        return Ok(());
    }
    Err(ColumnError::Type {
        column: name.to_owned(),
        found: column.data_type().to_string(),
        expected: expected.to_string(),
    })
}

/// A column of a table, by name and type.
pub(super) fn column<'a>(
    batch: &'a RecordBatch,
    name: &str,
    expected: &DataType,
) -> Result<&'a ArrayRef, ColumnError> {
    let column = batch
        .column_by_name(name)
        .ok_or_else(|| ColumnError::Missing(name.to_owned()))?;
    check_type(name, column, expected)?;
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Int64Array, StringArray, UInt64Array};
    use std::sync::Arc;

    fn refused(columns: Vec<(&str, ArrayRef)>) -> String {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        events_of(&batch).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_event_is_refused_in_words() {
        let at: ArrayRef = Arc::new(UInt64Array::from(vec![1, 2]));
        let kinds = |words: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(words.to_vec())) };
        let beats = kinds(["beat", "beat"]);
        let times: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
        assert_eq!(
            refused(vec![("at", times), ("kind", beats.clone())]),
            "the column \"at\" holds Int64; it must hold UInt64"
        );
        assert_eq!(
            refused(vec![("kind", beats)]),
            "row 1: the field \"at\" is missing"
        );
        assert_eq!(
            refused(vec![("at", at), ("kind", kinds(["beat", "like"]))]),
            "row 2: the field \"room\" is missing"
        );
    }
}
