//! Tables of results as Arrow: read once into record batches, whose buffers are handed over as they lie in memory.

use crate::errors::input;
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::fs::File;
use std::io::Seek;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yellowcart::record::read::parts_of;

/// Rows of a batch.
const ROWS: usize = 65_536;

/// A table in memory.
#[pyclass(frozen, module = "yellowcart._yellowcart")]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// One of a single batch.
    pub fn of(batch: RecordBatch) -> Self {
        Self {
            schema: batch.schema(),
            batches: vec![batch],
        }
    }
}

#[pymethods]
impl Table {
    /// Names of the columns, in order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// Arrow types of the columns, in order.
    #[getter]
    fn types(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.data_type().to_string()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The first rows, at most so many.
    fn head(&self, rows: usize) -> Self {
        let mut left = rows;
        let mut batches = Vec::new();
        for batch in &self.batches {
            let taken = left.min(batch.num_rows());
            if taken > 0 {
                batches.push(batch.slice(0, taken));
            }
            left -= taken;
        }
        let schema = Arc::clone(&self.schema);
        Self { schema, batches }
    }

    /// Cells of the first rows, for a glance: numbers, texts, flags, or none.
    fn rows<'py>(&self, py: Python<'py>, rows: usize) -> PyResult<Vec<Vec<Bound<'py, PyAny>>>> {
        let mut out = Vec::new();
        for batch in &self.batches {
            for row in 0..batch.num_rows().min(rows - out.len()) {
                let cells = batch.columns().iter().map(|column| cell(py, column, row));
                out.push(cells.collect::<PyResult<_>>()?);
            }
        }
        Ok(out)
    }

    /// The schema, as the Arrow PyCapsule interface has it.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(input)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The batches, as the Arrow PyCapsule interface has it. The schema is what it is: another one that is asked for is left to whoever asks.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok::<_, ArrowError>);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn cell<'py>(py: Python<'py>, column: &dyn Array, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if column.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    let flag = column.as_boolean_opt().map(|cells| cells.value(row));
    if let Some(flag) = flag {
        return flag.into_bound_py_any(py);
    }
    if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
        return numbers.value(row).into_bound_py_any(py);
    }
    if let Some(numbers) = column.as_primitive_opt::<Int64Type>() {
        return numbers.value(row).into_bound_py_any(py);
    }
    if let Some(numbers) = column.as_primitive_opt::<UInt64Type>() {
        return numbers.value(row).into_bound_py_any(py);
    }
    if let Some(numbers) = column.as_primitive_opt::<UInt32Type>() {
        return numbers.value(row).into_bound_py_any(py);
    }
    match column.as_string_opt::<i32>() {
        Some(texts) => texts.value(row).into_bound_py_any(py),
        None => column.data_type().to_string().into_bound_py_any(py),
    }
}

/// Tables of a results folder, in order of name: folders of Parquet parts, and Parquet and CSV files beside the manifest.
#[pyfunction]
pub fn table_names(folder: PathBuf) -> Vec<String> {
    let inside = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let stem = |path: &PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let of_parts = inside(&folder.join("tables"))
        .into_iter()
        .filter(|path| path.is_dir());
    let files = inside(&folder).into_iter().filter(|path| {
        let ending = path.extension();
        ending.is_some_and(|ending| ending == "csv" || ending == "parquet")
    });
    let mut names: Vec<String> = of_parts
        .chain(files)
        .filter_map(|path| stem(&path))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Reads a table of a results folder.
#[pyfunction]
pub fn read_table(py: Python<'_>, folder: PathBuf, name: &str) -> PyResult<Table> {
    let beside = |ending: &str| folder.join(format!("{name}.{ending}"));
    let (parquet, csv) = (beside("parquet"), beside("csv"));
    let parts = match parquet.is_file() {
        true => vec![parquet],
        false => parts_of(&folder, name),
    };
    let read = || match parts.is_empty() {
        true => read_csv(&csv),
        false => read_parquet(&parts),
    };
    py.detach(read).map_err(input)
}

fn read_parquet(parts: &[PathBuf]) -> Result<Table, String> {
    let mut schema = None;
    let mut batches = Vec::new();
    for path in parts {
        let cannot = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
        let file = File::open(path).map_err(|why| cannot(&why))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|why| cannot(&why))?;
        schema.get_or_insert_with(|| Arc::clone(builder.schema()));
        let reader = builder
            .with_batch_size(ROWS)
            .build()
            .map_err(|why| cannot(&why))?;
        for batch in reader {
            batches.push(batch.map_err(|why| cannot(&why))?);
        }
    }
    let schema = schema.ok_or("the table has no parts")?;
    Ok(Table { schema, batches })
}

/// A CSV file, whose types are found out from all of its rows; an empty cell is null.
fn read_csv(path: &Path) -> Result<Table, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
    let mut file = File::open(path).map_err(|why| cannot(&why))?;
    let format = arrow_csv::reader::Format::default().with_header(true);
    let (schema, _) = format
        .infer_schema(&mut file, None)
        .map_err(|why| cannot(&why))?;
    file.rewind().map_err(|why| cannot(&why))?;
    let schema = Arc::new(schema);
    let reader = arrow_csv::ReaderBuilder::new(Arc::clone(&schema)).with_header(true);
    let reader = reader
        .with_batch_size(ROWS)
        .build(file)
        .map_err(|why| cannot(&why))?;
    let batches = reader
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| cannot(&why))?;
    Ok(Table { schema, batches })
}
