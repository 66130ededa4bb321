//! What the counts were, why they are so, and what is to be said of new ones.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A rise by more than this share fails. Noise is below a thousandth (benches/README.md), so what remains is room for small
/// changes that nobody needs to give a reason for; a slow-down by a tenth is twice that.
const RISE: f64 = 0.05;

/// A fall by more than this share asks for a lower baseline: until then that much could be lost again unseen.
const FALL: f64 = 0.10;

/// A count that moved by less keeps its old reason when the baseline is rewritten.
const MOVED: f64 = 0.002;

const HEAD: &str = "\
# Instructions that each case of benches/instructions/cases.rs takes, and why the count last changed.
# Written by: benches/instructions/run --update \"reason\"
";

/// Instructions by case.
pub type Counts = BTreeMap<String, u64>;

/// The content of baseline.toml.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
pub struct Baseline(BTreeMap<String, Entry>);

/// A case in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    instructions: u64,
    reason: String,
}

/// What is to be said of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Slower,
    /// So far below that the baseline should follow.
    Lower,
    /// The baseline does not know the case.
    New,
    /// The baseline knows a case that there is no more.
    Gone,
}

impl Verdict {
    /// Of a count, against that in the baseline.
    pub fn of(baseline: u64, now: u64) -> Self {
        let change = change(baseline, now);
        if change > RISE {
            Self::Slower
        } else if change < -FALL {
            Self::Lower
        } else {
            Self::Ok
        }
    }

    /// Whether it fails the build.
    pub fn fails(self) -> bool {
        !matches!(self, Self::Ok | Self::Lower)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Slower => "SLOWER",
            Self::Lower => "faster: lower the baseline",
            Self::New => "NOT IN THE BASELINE",
            Self::Gone => "NO SUCH CASE",
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    case: String,
    baseline: Option<u64>,
    now: Option<u64>,
    pub verdict: Verdict,
}

impl Baseline {
    /// Reads the file; a count without a reason is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self =
            toml::from_str(text).map_err(|fault| format!("baseline.toml: {fault}"))?;
        for (case, entry) in &baseline.0 {
            check_reason(&entry.reason)
                .map_err(|fault| format!("baseline.toml, {case}: {fault}"))?;
        }
        Ok(baseline)
    }

    /// Every case of the baseline or of the counts, with its verdict.
    pub fn compare(&self, counts: &Counts) -> Vec<Row> {
        let mut cases: Vec<&String> = self.0.keys().chain(counts.keys()).collect();
        cases.sort();
        cases.dedup();
        let row = |case: &String| {
            let baseline = self.0.get(case).map(|entry| entry.instructions);
            let now = counts.get(case).copied();
            let verdict = match (baseline, now) {
                (Some(baseline), Some(now)) => Verdict::of(baseline, now),
                (None, _) => Verdict::New,
                (_, None) => Verdict::Gone,
            };
            Row {
                case: case.clone(),
                baseline,
                now,
                verdict,
            }
        };
        cases.into_iter().map(row).collect()
    }

    /// The baseline with these counts; those that moved get the reason.
    pub fn updated(&self, counts: &Counts, reason: &str) -> Self {
        let entry = |(case, &now): (&String, &u64)| {
            let known = self.0.get(case);
            let kept = known.filter(|entry| change(entry.instructions, now).abs() < MOVED);
            let entry = kept.cloned().unwrap_or_else(|| Entry {
                instructions: now,
                reason: reason.trim().to_owned(),
            });
            (case.clone(), entry)
        };
        Self(counts.iter().map(entry).collect())
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (case, entry) in &self.0 {
            // A JSON string is a TOML string too.
            let reason = serde_json::Value::from(entry.reason.as_str());
            let instructions = grouped(entry.instructions, '_');
            let _ = write!(
                text,
                "\n[{case}]\ninstructions = {instructions}\nreason = {reason}\n"
            );
        }
        text
    }
}

/// Nothing is rewritten without one.
pub fn check_reason(reason: &str) -> Result<(), String> {
    if reason.trim().is_empty() {
        return Err("A baseline changes for a reason; say it: --update \"reason\"".to_owned());
    }
    Ok(())
}

/// The rows as a table for people.
pub fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<32}{:>16}{:>16}{:>10}  verdict\n",
        "case", "baseline", "now", "change"
    );
    for row in rows {
        let number = |count: Option<u64>| count.map_or("-".to_owned(), |count| grouped(count, ','));
        let change = match (row.baseline, row.now) {
            (Some(baseline), Some(now)) => format!("{:+.2} %", 100.0 * change(baseline, now)),
            _ => "-".to_owned(),
        };
        let _ = writeln!(
            text,
            "{:<32}{:>16}{:>16}{:>10}  {}",
            row.case,
            number(row.baseline),
            number(row.now),
            change,
            row.verdict.words()
        );
    }
    text
}

/// The share by which a count has risen.
fn change(baseline: u64, now: u64) -> f64 {
    now as f64 / baseline as f64 - 1.0
}

/// A number with its digits in groups of three.
fn grouped(number: u64, between: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(between);
        }
        text.push(digit);
    }
    text
}
