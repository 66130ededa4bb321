//! Events and tables of the truth as Parquet files, compressed with Zstandard. The same rows bring the same bytes.

use super::{ColumnError, EventColumns, Table, events_of};
use crate::detect::event::Event;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows in a batch.
const BATCH: usize = 32_768;

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened.
    #[error("{}: {why}", path.display())]
    Open {
        /// File.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// It is no Parquet file, or cannot be written.
    #[error("{}: {why}", path.display())]
    Parquet {
        /// File.
        path: PathBuf,
        /// Why.
        why: ParquetError,
    },
    /// Its columns are not those that they should be.
    #[error("{}: {why}", path.display())]
    Column {
        /// File.
        path: PathBuf,
        /// Why.
        why: ColumnError,
    },
}

impl FileError {
    fn open(path: &Path) -> impl Fn(std::io::Error) -> Self {
        |why| FileError::Open {
            path: path.to_owned(),
            why,
        }
    }

    fn parquet<Why: Into<ParquetError>>(path: &Path) -> impl Fn(Why) -> Self {
        |why| FileError::Parquet {
            path: path.to_owned(),
            why: why.into(),
        }
    }
}

fn writer(path: &Path, schema: SchemaRef) -> Result<ArrowWriter<File>, FileError> {
    let file = File::create(path).map_err(FileError::open(path))?;
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .build();
    ArrowWriter::try_new(file, schema, Some(properties)).map_err(FileError::parquet(path))
}

/// A Parquet file of events that is being written.
pub struct EventFile {
    path: PathBuf,
    columns: EventColumns,
    writer: ArrowWriter<File>,
}

impl EventFile {
    /// Begins a file; one that is there is written over.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let columns = EventColumns::default();
        let writer = writer(path, columns.schema().clone())?;
        Ok(Self {
            path: path.to_owned(),
            columns,
            writer,
        })
    }

    /// Appends an event.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn push(&mut self, event: &Event) -> Result<(), FileError> {
        self.columns.push(event);
        if self.columns.rows() == BATCH {
            self.write_batch()
        } else {
            Ok(())
        }
    }

    fn write_batch(&mut self) -> Result<(), FileError> {
        let batch = self
            .columns
            .take()
            .map_err(FileError::parquet(&self.path))?;
        self.writer
            .write(&batch)
            .map_err(FileError::parquet(&self.path))
    }

    /// Ends the file. Without it the file cannot be read.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.write_batch()?;
        self.writer
            .close()
            .map_err(FileError::parquet(&self.path))?;
        Ok(())
    }
}

/// Writes a table of the truth.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_table<Row: Table>(path: &Path, rows: &[Row]) -> Result<(), FileError> {
    let batch = Row::batch(rows).map_err(FileError::parquet(path))?;
    let mut writer = writer(path, batch.schema())?;
    writer.write(&batch).map_err(FileError::parquet(path))?;
    writer.close().map_err(FileError::parquet(path))?;
    Ok(())
}

/// The batches of a Parquet file.
pub(in crate::detect) fn read_batches(path: &Path) -> Result<Vec<RecordBatch>, FileError> {
    let file = File::open(path).map_err(FileError::open(path))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(FileError::parquet(path))?;
    let reader = builder
        .with_batch_size(BATCH)
        .build()
        .map_err(FileError::parquet(path))?;
    reader
        .map(|batch| batch.map_err(FileError::parquet(path)))
        .collect()
}

fn read<Row>(
    path: &Path,
    rows: impl Fn(&RecordBatch) -> Result<Vec<Row>, ColumnError>,
) -> Result<Vec<Row>, FileError> {
    let mut all = Vec::new();
    for batch in read_batches(path)? {
        let more = rows(&batch).map_err(|why| FileError::Column {
            path: path.to_owned(),
            why,
        })?;
        all.extend(more);
    }
    Ok(all)
}

/// The events of a Parquet file, in its order.
///
/// # Errors
/// Where it cannot be read, or its rows are no events.
pub fn read_events(path: &Path) -> Result<Vec<Event>, FileError> {
    read(path, events_of)
}

/// The rows of a table of the truth.
///
/// # Errors
/// Where it cannot be read, or its columns are others.
pub fn read_table<Row: Table>(path: &Path) -> Result<Vec<Row>, FileError> {
    read(path, Row::rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::fields::any;
    use crate::detect::truth::FalseEvent;

    fn write(path: &Path, events: &[Event]) {
        let mut file = EventFile::create(path).unwrap();
        events.iter().for_each(|event| file.push(event).unwrap());
        file.finish().unwrap();
    }

    #[test]
    fn files_come_back_and_have_the_same_bytes_every_time() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        let events = any::crowd(BATCH as u64 + 10);
        write(&first, &events);
        write(&second, &events);
        assert_eq!(read_events(&first).unwrap(), events);
        assert_eq!(
            std::fs::read(&first).unwrap(),
            std::fs::read(&second).unwrap()
        );
        write(&second, &[]);
        assert_eq!(read_events(&second).unwrap(), []);
    }

    #[test]
    fn tables_of_the_truth_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.parquet");
        let rows = [
            FalseEvent {
                event: 5,
                campaign: 1,
            },
            FalseEvent {
                event: 9,
                campaign: 0,
            },
        ];
        write_table(&path, &rows).unwrap();
        assert_eq!(read_table::<FalseEvent>(&path).unwrap(), rows);
        let refused = read_events(&path).unwrap_err().to_string();
        assert!(
            refused.ends_with("events.parquet: row 1: the field \"at\" is missing"),
            "{refused}"
        );
    }
}
