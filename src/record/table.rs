//! One table of results: columns with units, written row by row to Parquet part files (and CSV beside them on request).
//!
//! The content hash is taken over the values as they are handed over, column by column, so it says the same whatever the Parquet encoding,
//! the batches or the part files: SHA-256 over each column's name and the SHA-256 of its values (little-endian, a byte before each that
//! says whether it is there; texts with their length).

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows in a batch.
const BATCH: usize = 32_768;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Whole numbers, 0 and more.
    Count,
    /// Whole numbers; money in fen.
    Fen,
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// true or false
    Flag,
}

/// A column: name, unit and meaning go into the file's metadata.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Unit; empty where there is none.
    pub unit: &'static str,
    /// Meaning.
    pub meaning: &'static str,
}

enum Cells {
    Count(UInt64Builder),
    Fen(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Flag(BooleanBuilder),
}

impl Cells {
    fn new(holds: Holds) -> Self {
        match holds {
            Holds::Count => Cells::Count(UInt64Builder::with_capacity(BATCH)),
            Holds::Fen => Cells::Fen(Int64Builder::with_capacity(BATCH)),
            Holds::Number => Cells::Number(Float64Builder::with_capacity(BATCH)),
            Holds::Text => Cells::Text(StringBuilder::with_capacity(BATCH, BATCH * 8)),
            Holds::Flag => Cells::Flag(BooleanBuilder::with_capacity(BATCH)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Cells::Count(cells) => Arc::new(cells.finish()),
            Cells::Fen(cells) => Arc::new(cells.finish()),
            Cells::Number(cells) => Arc::new(cells.finish()),
            Cells::Text(cells) => Arc::new(cells.finish()),
            Cells::Flag(cells) => Arc::new(cells.finish()),
        }
    }
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Of a `Count` column.
    Count(u64),
    /// Of a `Fen` column.
    Fen(i64),
    /// Of a `Number` column.
    Number(f64),
    /// Of a `Text` column.
    Text(&'a str),
    /// Of a `Flag` column.
    Flag(bool),
    /// Nothing.
    Missing,
}

/// Folder of the figures within a results folder.
pub const FIGURES: &str = "figures";

/// A file of a result.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Part {
    /// Path within the results folder, with forward slashes.
    pub path: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

impl Part {
    /// A file that is written in one piece.
    pub fn of_bytes(path: &str, bytes: &[u8]) -> Self {
        Self {
            path: path.to_owned(),
            sha256: hex(&Sha256::digest(bytes)),
        }
    }

    /// A figure that was drawn into the folder of figures.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn of_figure(drawn: &Path) -> std::io::Result<Self> {
        let name = drawn.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            path: format!("{FIGURES}/{name}"),
            sha256: hash_of_file(drawn)?,
        })
    }
}

/// A table that is being written.
pub struct Table {
    name: &'static str,
    columns: &'static [Column],
    cells: Vec<Cells>,
    hashes: Vec<Sha256>,
    in_batch: usize,
    rows: u64,
    schema: Arc<Schema>,
    folder: PathBuf,
    csv: bool,
    open: Option<OpenPart>,
    parts: Vec<Part>,
}

struct OpenPart {
    stem: String,
    parquet: ArrowWriter<File>,
    csv: Option<arrow_csv::Writer<File>>,
}

/// Hex of a digest.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a file.
///
/// # Errors
/// Where the file cannot be read.
pub fn hash_of_file(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

impl Table {
    /// A table of a results folder (the partial one).
    pub fn new(name: &'static str, columns: &'static [Column], folder: &Path, csv: bool) -> Self {
        let fields: Vec<Field> = columns.iter().map(field).collect();
        Self {
            name,
            columns,
            cells: columns
                .iter()
                .map(|column| Cells::new(column.holds))
                .collect(),
            hashes: vec![Sha256::new(); columns.len()],
            in_batch: 0,
            rows: 0,
            schema: Arc::new(Schema::new(fields)),
            folder: folder.to_path_buf(),
            csv,
            open: None,
            parts: Vec::new(),
        }
    }

    /// Appends a row: one cell for each column, in order.
    ///
    /// # Errors
    /// What went wrong, with the file's name.
    pub fn row(&mut self, day: u32, row: &[Cell]) -> Result<(), String> {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {}", self.name);
        for ((cells, cell), hash) in self.cells.iter_mut().zip(row).zip(&mut self.hashes) {
            push(cells, *cell);
            digest(hash, *cell);
        }
        self.in_batch += 1;
        self.rows += 1;
        if self.in_batch >= BATCH {
            self.flush(day)?;
        }
        Ok(())
    }

    fn error(&self, why: impl std::fmt::Display) -> String {
        format!("cannot write table {}: {why}", self.name)
    }

    fn flush(&mut self, day: u32) -> Result<(), String> {
        if self.in_batch == 0 {
            return Ok(());
        }
        self.in_batch = 0;
        let columns = self.cells.iter_mut().map(Cells::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(|error| self.error(error))?;
        if self.open.is_none() {
            self.open = Some(self.begin(day)?);
        }
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        let mut written = open
            .parquet
            .write(&batch)
            .map_err(|error| error.to_string());
        if let (Ok(()), Some(csv)) = (&written, &mut open.csv) {
            written = csv.write(&batch).map_err(|error| error.to_string());
        }
        written.map_err(|error| self.error(error))
    }

    fn begin(&self, day: u32) -> Result<OpenPart, String> {
        let folder = self.folder.join("tables").join(self.name);
        std::fs::create_dir_all(&folder).map_err(|error| self.error(error))?;
        let stem = format!("part-{day:04}");
        let create = |ending: &str| {
            File::create(folder.join(format!("{stem}.{ending}"))).map_err(|error| self.error(error))
        };
        let level = ZstdLevel::try_new(3).map_err(|error| self.error(error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(concat!("yellowcart ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let parquet = ArrowWriter::try_new(
            create("parquet")?,
            Arc::clone(&self.schema),
            Some(properties),
        )
        .map_err(|error| self.error(error))?;
        let csv = self.csv.then(|| create("csv")).transpose()?;
        Ok(OpenPart {
            parquet,
            csv: csv.map(arrow_csv::Writer::new),
            stem,
        })
    }

    /// Closes the day's part file. A day without rows has none, except that a table without any rows has an empty first part.
    ///
    /// # Errors
    /// What went wrong, with the file's name.
    pub fn close_part(&mut self, day: u32, last: bool) -> Result<(), String> {
        self.flush(day)?;
        if last && self.open.is_none() && self.parts.is_empty() {
            self.open = Some(self.begin(day)?);
        }
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let OpenPart { stem, parquet, csv } = open;
        let file = parquet.into_inner().map_err(|error| self.error(error))?;
        file.sync_all().map_err(|error| self.error(error))?;
        if let Some(csv) = csv {
            csv.into_inner()
                .sync_all()
                .map_err(|error| self.error(error))?;
            self.add_part(&format!("{stem}.csv"))?;
        }
        self.add_part(&format!("{stem}.parquet"))
    }

    fn add_part(&mut self, file: &str) -> Result<(), String> {
        let path = format!("tables/{}/{file}", self.name);
        let sha256 = hash_of_file(&self.folder.join(&path)).map_err(|error| self.error(error))?;
        self.parts.push(Part { path, sha256 });
        Ok(())
    }

    /// Takes up a table where earlier parts left it: their rows are hashed again.
    ///
    /// # Errors
    /// What went wrong, with the file's name.
    pub fn resume(&mut self, parts: Vec<Part>) -> Result<(), String> {
        for part in parts.iter().filter(|part| part.path.ends_with(".parquet")) {
            let path = self.folder.join(&part.path);
            let columns = self.columns;
            let (hashes, rows) = (&mut self.hashes, &mut self.rows);
            super::read::each_row(&path, columns, |row| {
                for (hash, cell) in hashes.iter_mut().zip(row) {
                    digest(hash, *cell);
                }
                *rows += 1;
            })?;
        }
        self.parts = parts;
        Ok(())
    }

    /// Parts closed so far.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Hash over the values so far.
    pub fn content_hash(&self) -> String {
        let mut all = Sha256::new();
        for (column, hash) in self.columns.iter().zip(&self.hashes) {
            all.update(column.name.as_bytes());
            all.update([0]);
            all.update(hash.clone().finalize());
        }
        hex(&all.finalize())
    }
}

fn field(column: &Column) -> Field {
    let kind = match column.holds {
        Holds::Count => DataType::UInt64,
        Holds::Fen => DataType::Int64,
        Holds::Number => DataType::Float64,
        Holds::Text => DataType::Utf8,
        Holds::Flag => DataType::Boolean,
    };
    let about = [("unit", column.unit), ("meaning", column.meaning)];
    let metadata: HashMap<String, String> = about
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect();
    Field::new(column.name, kind, true).with_metadata(metadata)
}

fn push(cells: &mut Cells, cell: Cell) {
    match (cells, cell) {
        (Cells::Count(cells), Cell::Count(value)) => cells.append_value(value),
        (Cells::Fen(cells), Cell::Fen(value)) => cells.append_value(value),
        (Cells::Number(cells), Cell::Number(value)) => cells.append_value(value),
        (Cells::Text(cells), Cell::Text(value)) => cells.append_value(value),
        (Cells::Flag(cells), Cell::Flag(value)) => cells.append_value(value),
        // A cell of another kind than its column would be a slip of this crate; the table then has a gap, which the tests see.
        (Cells::Count(cells), _) => cells.append_null(),
        (Cells::Fen(cells), _) => cells.append_null(),
        (Cells::Number(cells), _) => cells.append_null(),
        (Cells::Text(cells), _) => cells.append_null(),
        (Cells::Flag(cells), _) => cells.append_null(),
    }
}

fn digest(hash: &mut Sha256, cell: Cell) {
    if cell == Cell::Missing {
        hash.update([0]);
        return;
    }
    hash.update([1]);
    match cell {
        Cell::Count(value) => hash.update(value.to_le_bytes()),
        Cell::Fen(value) => hash.update(value.to_le_bytes()),
        Cell::Number(value) => hash.update(value.to_le_bytes()),
        Cell::Text(value) => {
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value.as_bytes());
        }
        Cell::Flag(value) => hash.update([u8::from(value)]),
        Cell::Missing => {}
    }
}
