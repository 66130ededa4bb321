//! runs.parquet: one row a run, in order of point and replication, with columns for factors and metrics, each with its unit and meaning as metadata.

use super::design::Point;
use super::factor::{Spread, Value};
use super::outcome::{Log, Outcome};
use super::plan::Plan;
use crate::scenario::file::LevelValue;
use arrow_array::builder::{Float64Builder, StringBuilder, UInt32Builder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows in a batch.
const BATCH: usize = 1_024;

/// A factor's cells: numbers, unless it has values that are none.
enum Cells {
    Numbers(Float64Builder),
    Texts(StringBuilder),
}

impl Cells {
    fn push(&mut self, value: Option<&Value>) {
        match self {
            Cells::Numbers(cells) => cells.append_option(value.and_then(Value::number)),
            Cells::Texts(cells) => cells.append_option(value.map(Value::to_string)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Cells::Numbers(cells) => Arc::new(cells.finish()),
            Cells::Texts(cells) => Arc::new(cells.finish()),
        }
    }
}

fn holds_numbers(spread: &Spread) -> bool {
    match spread {
        Spread::Regimes(_) => false,
        Spread::Values(values) => !values
            .iter()
            .any(|value| matches!(value, LevelValue::Text(_) | LevelValue::Flag(_))),
        _ => true,
    }
}

/// The rows of a batch.
struct Rows {
    points: UInt32Builder,
    replications: UInt32Builder,
    seeds: UInt64Builder,
    factors: Vec<Cells>,
    metrics: Vec<Float64Builder>,
    hashes: [StringBuilder; 2],
    count: usize,
}

impl Rows {
    fn of(plan: &Plan) -> Self {
        let cells = |spread: &Spread| match holds_numbers(spread) {
            true => Cells::Numbers(Float64Builder::new()),
            false => Cells::Texts(StringBuilder::new()),
        };
        Self {
            points: UInt32Builder::new(),
            replications: UInt32Builder::new(),
            seeds: UInt64Builder::new(),
            factors: plan
                .factors
                .iter()
                .map(|factor| cells(&factor.spread))
                .collect(),
            metrics: plan.metrics.iter().map(|_| Float64Builder::new()).collect(),
            hashes: Default::default(),
            count: 0,
        }
    }

    fn push(&mut self, values: &[Option<Value>], outcome: &Outcome) {
        self.points.append_value(outcome.job.point);
        self.replications.append_value(outcome.job.replication);
        self.seeds.append_value(outcome.seed);
        for (cells, value) in self.factors.iter_mut().zip(values) {
            cells.push(value.as_ref());
        }
        for (cells, value) in self.metrics.iter_mut().zip(&outcome.values) {
            cells.append_option(*value);
        }
        self.hashes[0].append_value(&outcome.summary_sha256);
        self.hashes[1].append_value(&outcome.states_sha256);
        self.count += 1;
    }

    fn columns(&mut self) -> Vec<ArrayRef> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.points.finish()),
            Arc::new(self.replications.finish()),
            Arc::new(self.seeds.finish()),
        ];
        columns.extend(self.factors.iter_mut().map(Cells::finish));
        columns.extend(
            self.metrics
                .iter_mut()
                .map(|cells| Arc::new(cells.finish()) as ArrayRef),
        );
        columns.extend(
            self.hashes
                .iter_mut()
                .map(|cells| Arc::new(cells.finish()) as ArrayRef),
        );
        self.count = 0;
        columns
    }
}

fn schema_of(plan: &Plan) -> Schema {
    let field = |name: &str, holds: DataType, nullable: bool, unit: &str, meaning: &str| {
        let about = [("unit", unit), ("meaning", meaning)];
        let about: HashMap<String, String> = about
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .into();
        Field::new(name, holds, nullable).with_metadata(about)
    };
    let mut fields = vec![
        field(
            "point",
            DataType::UInt32,
            false,
            "",
            "number of the point, from 0",
        ),
        field(
            "replication",
            DataType::UInt32,
            false,
            "",
            "number of the replication, from 0",
        ),
        field("seed", DataType::UInt64, false, "", "seed of the run"),
    ];
    for factor in &plan.factors {
        let holds = match holds_numbers(&factor.spread) {
            true => DataType::Float64,
            false => DataType::Utf8,
        };
        let meaning = format!("factor {}; missing: as the scenario has it", factor.path);
        fields.push(field(&factor.name, holds, true, &factor.unit, &meaning));
    }
    for metric in &plan.metrics {
        fields.push(field(
            &metric.key,
            DataType::Float64,
            true,
            &metric.unit,
            &metric.label,
        ));
    }
    fields.push(field(
        "summary_sha256",
        DataType::Utf8,
        false,
        "",
        "hash of all that was counted",
    ));
    fields.push(field(
        "states_sha256",
        DataType::Utf8,
        false,
        "",
        "hash of the states at the end of each day",
    ));
    Schema::new(fields)
}

/// Writes the table of all runs, batch by batch.
///
/// # Errors
/// A sentence that says what the disk did not let us do.
pub fn write_runs(path: &Path, plan: &Plan, points: &[Point], log: &mut Log) -> Result<(), String> {
    let why = |why: &dyn std::fmt::Display| format!("cannot write {}: {why}", path.display());
    let schema = Arc::new(schema_of(plan));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("yellowcart {}", plan.version))
        .build();
    let file = File::create(path).map_err(|error| why(&error))?;
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
        .map_err(|error| why(&error))?;
    let mut rows = Rows::of(plan);
    let mut write = |rows: &mut Rows| -> Result<(), String> {
        let batch = RecordBatch::try_new(Arc::clone(&schema), rows.columns())
            .map_err(|error| why(&error))?;
        writer.write(&batch).map_err(|error| why(&error))
    };
    log.each(&mut |outcome| {
        let point = points
            .get(outcome.job.point as usize)
            .ok_or("a run is of no point")?;
        rows.push(&plan.values_of(point), &outcome);
        match rows.count == BATCH {
            true => write(&mut rows),
            false => Ok(()),
        }
    })?;
    if rows.count > 0 {
        write(&mut rows)?;
    }
    writer.close().map(|_| ()).map_err(|error| why(&error))
}
