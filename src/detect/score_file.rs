//! Files of scores: what a detector said of a stream that was handed to it as files. JSON lines (`.jsonl`), CSV (`.csv`) or Parquet (`.parquet`).
//!
//! A row has the columns `at` (milliseconds after the stream's start), `score` (a finite number), and what the score is about: just one of `room`,
//! `account`, `order`, or `room` with `product`; the others are empty, null or left out. Other columns, such as a `reason`, are not looked at.

mod tables;

use super::columns::FileError;
use super::columns::files::read_batches;
use super::event::Millis;
use super::fields::SubjectFields;
use super::score::Score;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tables::{csv_row, parquet_row, whole};

/// Why a file of scores cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScoreFileError {
    /// It cannot be opened or read.
    #[error("{}: {why}", path.display())]
    Open {
        /// File.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// Its name does not say what it is.
    #[error("{}: a file of scores is called .jsonl, .csv or .parquet; rename it after what it holds", .0.display())]
    Ending(PathBuf),
    /// A line or row cannot be understood.
    #[error("{}, {place} {number}: {why}", path.display())]
    Row {
        /// File.
        path: PathBuf,
        /// Whether lines or rows are counted.
        place: &'static str,
        /// Its number, from 1; the heading of a CSV file is line 1.
        number: u64,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// It is no Parquet file.
    #[error(transparent)]
    Parquet(#[from] FileError),
}

/// A row before it is checked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "whole_number")]
    at: Option<Millis>,
    #[serde(deserialize_with = "whole_number")]
    room: Option<u64>,
    #[serde(deserialize_with = "whole_number")]
    account: Option<u64>,
    #[serde(deserialize_with = "whole_number")]
    order: Option<u64>,
    #[serde(deserialize_with = "whole_number")]
    product: Option<u64>,
    score: Option<f64>,
}

/// A whole number, also where it is written `7.0`: columns in which something is missing are floating in pandas.
fn whole_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(from)?;
    let Some(number) = number else {
        return Ok(None);
    };
    let floating = || number.as_f64().and_then(whole);
    let found = number.as_u64().or_else(floating);
    let refuse = || D::Error::custom(format!("{number} is no whole number from 0"));
    found.map(Some).ok_or_else(refuse)
}

impl Row {
    fn check(self) -> Result<Score, String> {
        let Row {
            at,
            room,
            account,
            order,
            product,
            score,
        } = self;
        let at = at.ok_or("it has no time: give `at`, in milliseconds after the stream's start")?;
        let score = score.ok_or("it has no score: give `score`, or leave the row out")?;
        if !score.is_finite() {
            return Err(format!(
                "the score is {score}: give a finite number, or leave the row out"
            ));
        }
        let about = SubjectFields {
            room,
            account,
            order,
            product,
        }
        .subject()?;
        Ok(Score {
            at,
            about,
            score,
            reason: "",
        })
    }
}

/// Reads a file of scores: in order of time, those of the same time as they stand in the file.
///
/// # Errors
/// Where it cannot be read, or a row is no score; the text says which, and what to do.
pub fn read_scores(path: &Path) -> Result<Vec<Score>, ScoreFileError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let mut scores = match ending.as_ref() {
        "jsonl" => read_json_lines(path),
        "csv" => read_csv(path),
        "parquet" => read_parquet(path),
        _ => Err(ScoreFileError::Ending(path.to_owned())),
    }?;
    scores.sort_by_key(|score| score.at);
    Ok(scores)
}

fn open(path: &Path) -> Result<File, ScoreFileError> {
    File::open(path).map_err(|why| ScoreFileError::Open {
        path: path.to_owned(),
        why,
    })
}

fn refuse(path: &Path, place: &'static str, number: u64, why: String) -> ScoreFileError {
    ScoreFileError::Row {
        path: path.to_owned(),
        place,
        number,
        why,
    }
}

fn read_json_lines(path: &Path) -> Result<Vec<Score>, ScoreFileError> {
    let mut scores = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(open(path)?).lines()) {
        let line = line.map_err(|why| ScoreFileError::Open {
            path: path.to_owned(),
            why,
        })?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str::<Row>(&line)
            .map_err(|why| format!("this is no line of scores: {why}"));
        scores.push(
            row.and_then(Row::check)
                .map_err(|why| refuse(path, "line", number, why))?,
        );
    }
    Ok(scores)
}

fn read_csv(path: &Path) -> Result<Vec<Score>, ScoreFileError> {
    let mut reader = csv::Reader::from_reader(BufReader::new(open(path)?));
    let no_table = |why: csv::Error| {
        let line = why.position().map_or(1, csv::Position::line);
        refuse(
            path,
            "line",
            line,
            format!("this is no row of a table: {why}"),
        )
    };
    let heading = reader.headers().map_err(no_table)?.clone();
    for column in ["at", "score"] {
        if !heading.iter().any(|name| name.trim() == column) {
            let why = format!(
                "there is no column `{column}`: the first line names the columns, with commas between them: at,room,account,order,product,score"
            );
            return Err(refuse(path, "line", 1, why));
        }
    }
    let mut scores = Vec::new();
    for record in reader.records() {
        let record = record.map_err(no_table)?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = csv_row(&heading, &record).and_then(Row::check);
        scores.push(row.map_err(|why| refuse(path, "line", line, why))?);
    }
    Ok(scores)
}

fn read_parquet(path: &Path) -> Result<Vec<Score>, ScoreFileError> {
    let mut scores = Vec::new();
    for batch in read_batches(path)? {
        for row in 0..batch.num_rows() {
            let score = parquet_row(&batch, row).and_then(Row::check);
            scores.push(score.map_err(|why| refuse(path, "row", scores.len() as u64 + 1, why))?);
        }
    }
    Ok(scores)
}

/// Appends a score as a JSON line, as [`read_scores`] reads it. The shortest digits that bring the same number back.
pub fn write_score_line(score: &Score, to: &mut Vec<u8>) {
    let SubjectFields {
        room,
        account,
        order,
        product,
    } = SubjectFields::of(score.about);
    let fields = [
        ("room", room),
        ("account", account),
        ("order", order),
        ("product", product),
    ];
    let mut line = format!("{{\"at\":{}", score.at);
    for (name, value) in fields {
        if let Some(value) = value {
            line.push_str(&format!(",\"{name}\":{value}"));
        }
    }
    line.push_str(&format!(
        ",\"score\":{}",
        serde_json::Value::from(score.score)
    ));
    if !score.reason.is_empty() {
        line.push_str(&format!(
            ",\"reason\":{}",
            serde_json::Value::from(score.reason)
        ));
    }
    line.push_str("}\n");
    to.extend_from_slice(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::Token;
    use crate::detect::score::Subject;
    use arrow_array::{ArrayRef, Float64Array, Int64Array, NullArray, RecordBatch, StringArray};
    use std::sync::Arc;

    fn score(at: Millis, about: Subject, score: f64) -> Score {
        Score {
            at,
            about,
            score,
            reason: "",
        }
    }

    fn expected() -> [Score; 4] {
        [
            score(10, Subject::Room(3), 0.1),
            score(20, Subject::Account(Token::of(u64::MAX)), -1.0),
            score(20, Subject::Order(Token::of(7)), 1e300),
            score(
                30,
                Subject::Offer {
                    room: 3,
                    product: 4,
                },
                2.0,
            ),
        ]
    }

    fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<Vec<Score>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let prefix = folder.path().display().to_string() + "/";
        read_scores(&path).map_err(|why| why.to_string().replace(&prefix, ""))
    }

    #[test]
    fn json_lines_come_back_in_order_of_time() {
        let mut lines = Vec::new();
        let [first, second, third, fourth] = expected();
        [
            fourth,
            second,
            third,
            Score {
                reason: "a \"reason\"",
                ..first
            },
        ]
        .iter()
        .for_each(|score| write_score_line(score, &mut lines));
        assert!(
            String::from_utf8_lossy(&lines).ends_with(
                "{\"at\":10,\"room\":3,\"score\":0.1,\"reason\":\"a \\\"reason\\\"\"}\n"
            )
        );
        assert_eq!(read("a.jsonl", lines).unwrap(), expected());
        assert_eq!(read("a.jsonl", "").unwrap(), []);
    }

    #[test]
    fn csv_is_read_in_any_order_of_columns_and_with_gaps() {
        let table = "score,at,room,product,account,order,reason\n\
            0.1,10,3,,,,why\n-1,20,,,9007199254740991,,\n1e300,20.0,,,,7.0,\n2,30,3,4,,,\n";
        assert_eq!(read("a.csv", table).unwrap(), expected());
    }

    fn parquet(columns: Vec<(&str, ArrayRef)>) -> Result<Vec<Score>, String> {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns
                .into_iter()
                .map(|(name, column)| (name, column, true)),
        )
        .unwrap();
        let mut bytes = Vec::new();
        let mut writer =
            parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        read("a.parquet", bytes)
    }

    #[test]
    fn parquet_is_read_whatever_numbers_its_writer_chose() {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("at", Arc::new(Int64Array::from(vec![10, 20, 20, 30]))),
            (
                "room",
                Arc::new(Float64Array::from(vec![Some(3.0), None, None, Some(3.0)])),
            ),
            (
                "account",
                Arc::new(Int64Array::from(vec![
                    None,
                    Some((1 << 53) - 1),
                    None,
                    None,
                ])),
            ),
            (
                "order",
                Arc::new(Int64Array::from(vec![None, None, Some(7), None])),
            ),
            (
                "product",
                Arc::new(Float64Array::from(vec![None, None, None, Some(4.0)])),
            ),
            (
                "score",
                Arc::new(Float64Array::from(vec![0.1, -1.0, 1e300, 2.0])),
            ),
        ];
        assert_eq!(parquet(columns).unwrap(), expected());
    }

    #[test]
    fn whole_numbers_may_be_written_with_a_fraction() {
        let floating = read(
            "a.jsonl",
            "{\"at\":5.0,\"account\":193374758050296.0,\"score\":1}\n",
        );
        let plain = read(
            "a.jsonl",
            "{\"at\":5,\"account\":193374758050296,\"score\":1}\n",
        );
        assert_eq!(floating.unwrap(), plain.unwrap());
    }

    #[test]
    fn what_is_no_score_is_refused_with_its_place_and_what_to_do() {
        let refused = |name: &str, text: &str| read(name, text).unwrap_err();
        assert_eq!(
            refused("a.txt", ""),
            "a.txt: a file of scores is called .jsonl, .csv or .parquet; rename it after what it holds"
        );
        let good = "{\"at\":1,\"room\":1,\"score\":1}\n";
        let json = |line: &str| refused("a.jsonl", &format!("{good}\n{line}"));
        assert_eq!(
            json("{\"room\":1,\"score\":1}"),
            "a.jsonl, line 3: it has no time: give `at`, in milliseconds after the stream's start"
        );
        assert_eq!(
            json("{\"at\":1,\"room\":1}"),
            "a.jsonl, line 3: it has no score: give `score`, or leave the row out"
        );
        assert!(
            json("{\"at\":1,\"room\":1,\"score\":NaN}")
                .starts_with("a.jsonl, line 3: this is no line of scores: expected value")
        );
        assert_eq!(
            json("{\"at\":1.5,\"room\":1,\"score\":1}"),
            "a.jsonl, line 3: this is no line of scores: 1.5 is no whole number from 0 at line 1 column 9"
        );
        assert_eq!(
            refused("a.csv", "1,2,3\n"),
            "a.csv, line 1: there is no column `at`: the first line names the columns, with commas between them: at,room,account,order,product,score"
        );
        let csv = |row: &str| refused("a.csv", &format!("at,room,account,score\n1,1,,1\n{row}\n"));
        assert_eq!(
            csv("1,1,,NaN"),
            "a.csv, line 3: the score is NaN: give a finite number, or leave the row out"
        );
        assert_eq!(
            csv("1,1,,high"),
            "a.csv, line 3: `score` is \"high\": give a finite number"
        );
        assert_eq!(
            csv("1,1.5,,1"),
            "a.csv, line 3: `room` is \"1.5\": give a whole number, or nothing"
        );
        assert_eq!(
            csv("1,1,1,1"),
            "a.csv, line 3: it is about several things: give only a room, an account, an order, or a room and a product"
        );
        assert!(csv("1,1").starts_with("a.csv, line 3: this is no row of a table: "));
    }

    #[test]
    fn parquet_without_numbers_is_refused() {
        let at: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let room: ArrayRef = Arc::new(StringArray::from(vec!["3"]));
        let refused = parquet(vec![("at", at.clone()), ("room", room)]).unwrap_err();
        assert_eq!(
            refused,
            "a.parquet, row 1: `room` holds no numbers: write the column as integers"
        );
        let none: ArrayRef = Arc::new(NullArray::new(1));
        let not: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN]));
        let columns = vec![("at", at), ("room", none), ("score", not)];
        assert_eq!(
            parquet(columns).unwrap_err(),
            "a.parquet, row 1: the score is NaN: give a finite number, or leave the row out"
        );
    }
}
