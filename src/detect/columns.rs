//! Events as Arrow columns: batches with the fields of [`super::fields`], for Parquet files and Arrow IPC streams alike.
//!
//! Tokens and counts are UInt64, numbers UInt32, money Int64, words plain Utf8: every reader takes these as they are, and Parquet finds the few words
//! by itself. A field that an event does not carry is null. Tables of the truth are in `truth`, files in `files`.

pub(in crate::detect) mod files;
mod read;
mod truth;

pub use files::{EventFile, FileError, read_events, read_table, write_table};
pub use read::{ColumnError, events_of};
pub use truth::Table;

use super::event::Event;
use super::fields::{FIELDS, Fact, Field, Holds, WriteFields, write_event};
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Int64Builder, StringBuilder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;

fn arrow_field(fact: &Fact) -> arrow_schema::Field {
    let holds = match fact.holds {
        Holds::Count | Holds::Token => DataType::UInt64,
        Holds::Number => DataType::UInt32,
        Holds::Fen => DataType::Int64,
        Holds::Flag => DataType::Boolean,
        Holds::Word(_) => DataType::Utf8,
    };
    let always = matches!(fact.field, Field::At | Field::Kind);
    let about = HashMap::from([
        ("unit".to_owned(), fact.unit.to_owned()),
        ("meaning".to_owned(), fact.meaning.to_owned()),
    ]);
    arrow_schema::Field::new(fact.name, holds, !always).with_metadata(about)
}

/// The Arrow schema of events: one column a field, in their order, with unit and meaning as metadata.
pub fn event_schema() -> SchemaRef {
    Arc::new(Schema::new(
        FIELDS.iter().map(arrow_field).collect::<Vec<_>>(),
    ))
}

/// A column that is being filled. It is as long as the last row that carries its field, and made full length at the end.
enum Cells {
    Wide(UInt64Builder),
    Narrow(UInt32Builder),
    Fen(Int64Builder),
    Flag(BooleanBuilder),
    Word(StringBuilder),
}

macro_rules! each {
    ($cells:expr, $builder:ident => $what:expr) => {
        match $cells {
            Cells::Wide($builder) => $what,
            Cells::Narrow($builder) => $what,
            Cells::Fen($builder) => $what,
            Cells::Flag($builder) => $what,
            Cells::Word($builder) => $what,
        }
    };
}

impl Cells {
    fn new(holds: Holds) -> Self {
        match holds {
            Holds::Count | Holds::Token => Cells::Wide(UInt64Builder::new()),
            Holds::Number => Cells::Narrow(UInt32Builder::new()),
            Holds::Fen => Cells::Fen(Int64Builder::new()),
            Holds::Flag => Cells::Flag(BooleanBuilder::new()),
            Holds::Word(_) => Cells::Word(StringBuilder::new()),
        }
    }

    fn finish(&mut self, rows: usize) -> ArrayRef {
        each!(self, builder => {
            append_nulls(rows, builder.len(), |missing| builder.append_nulls(missing));
            Arc::new(builder.finish())
        })
    }
}

/// Makes a column of `length` as long as `rows`.
#[inline]
fn append_nulls(rows: usize, length: usize, append: impl FnOnce(usize)) {
    if rows > length {
        append(rows - length);
    }
}

/// Events of which a batch is to be made.
pub struct EventColumns {
    schema: SchemaRef,
    cells: Vec<Cells>,
    rows: usize,
}

impl Default for EventColumns {
    fn default() -> Self {
        Self {
            schema: event_schema(),
            cells: FIELDS.iter().map(|fact| Cells::new(fact.holds)).collect(),
            rows: 0,
        }
    }
}

impl EventColumns {
    /// Appends an event.
    #[inline]
    pub fn push(&mut self, event: &Event) {
        write_event(event, self);
        self.rows += 1;
    }

    /// Events since the last batch.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The schema of its batches.
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The batch of all events since the last one.
    ///
    /// # Errors
    /// None, as long as columns are made from the schema.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        let columns = self
            .cells
            .iter_mut()
            .map(|cells| cells.finish(rows))
            .collect();
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}

/// Appends a value to the column of a field, after nulls for the events since that did not carry it.
macro_rules! append {
    ($columns:expr, $field:expr, $($cells:ident: $value:expr),+) => {
        match &mut $columns.cells[$field as usize] {
            $(Cells::$cells(builder) => {
                append_nulls($columns.rows, builder.len(), |missing| builder.append_nulls(missing));
                builder.append_value($value);
            })+
            _ => {}
        }
    };
}

impl WriteFields for EventColumns {
    #[inline]
    fn number(&mut self, field: Field, value: u64) {
        // Fields that hold numbers are written from 32 bits.
        append!(self, field, Wide: value, Narrow: value as u32);
    }

    #[inline]
    fn money(&mut self, field: Field, fen: i64) {
        append!(self, field, Fen: fen);
    }

    #[inline]
    fn flag(&mut self, field: Field, value: bool) {
        append!(self, field, Flag: value);
    }

    #[inline]
    fn word(&mut self, field: Field, word: &'static str) {
        append!(self, field, Word: word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::{Token, What};
    use crate::detect::fields::any;
    use arrow_array::Array;
    use proptest::prelude::*;

    fn batch_of(events: &[Event]) -> RecordBatch {
        let mut columns = EventColumns::default();
        events.iter().for_each(|event| columns.push(event));
        columns.take().unwrap()
    }

    proptest! {
        #[test]
        fn events_come_back(events in proptest::collection::vec(any::event(), 0..50)) {
            let batch = batch_of(&events);
            prop_assert_eq!(batch.num_rows(), events.len());
            prop_assert_eq!(events_of(&batch).unwrap(), events);
        }
    }

    #[test]
    fn a_batch_begins_where_the_last_one_ended() {
        let account = Token::of(9);
        let like = Event {
            at: 1,
            what: What::Like { room: 2, account },
        };
        let beat = Event {
            at: 2,
            what: What::Beat,
        };
        let mut columns = EventColumns::default();
        assert_eq!(columns.take().unwrap().num_rows(), 0);
        columns.push(&like);
        assert_eq!(
            (columns.rows(), events_of(&columns.take().unwrap()).unwrap()),
            (1, vec![like])
        );
        columns.push(&beat);
        let batch = columns.take().unwrap();
        assert_eq!(events_of(&batch).unwrap(), [beat]);
        assert_eq!(batch.column_by_name("account").unwrap().null_count(), 1);
    }

    #[test]
    fn the_schema_says_what_columns_hold() {
        let schema = event_schema();
        let kind = |name| schema.field_with_name(name).unwrap().data_type().clone();
        assert_eq!(
            [kind("account"), kind("room"), kind("price_fen")],
            [DataType::UInt64, DataType::UInt32, DataType::Int64]
        );
        assert_eq!(
            [kind("kind"), kind("on")],
            [DataType::Utf8, DataType::Boolean]
        );
        assert_eq!(
            schema.field_with_name("at").unwrap().metadata()["unit"],
            "ms"
        );
    }

    #[test]
    #[ignore = "a measurement: run it with --release --nocapture"]
    fn speed() {
        let events = any::crowd(8_000_000);
        let start = std::time::Instant::now();
        let mut columns = EventColumns::default();
        for batch in events.chunks(10_000) {
            batch.iter().for_each(|event| columns.push(event));
            columns.take().unwrap();
        }
        println!(
            "{:.1} million rows a second",
            8.0 / start.elapsed().as_secs_f64()
        );
    }
}
