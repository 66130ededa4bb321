//! What the targets share: loading a text as the program would, and edits of a small scenario and a small regime.

use std::sync::Arc;
use yellowcart::scenario::{Request, Source, from_source, regime_from_source};

/// A small scenario in which every kind of table and many kinds of cue occur.
pub const SMALL: &str = include_str!("../small.toml");

/// A small regime in which every rule occurs, its value, article and evidence on lines of their own.
pub const RULES: &str = include_str!("../small_regime.toml");

/// Values that a careless or hostile author might write.
const VALUES: [&str; 24] = [
    "0",
    "-1",
    "1",
    "0.5",
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "9223372036854775807",
    "18446744073709551616",
    "\"\"",
    "\"nobody\"",
    "\"anchor\"",
    "[]",
    "{}",
    "[[]]",
    "true",
    "2020-10-20T00:00:00",
    "\"20:31:07\"",
    "\"1s\"",
    "\"$price\"",
    "\"\\u0000\"",
    "{ at = 0 }",
    "1e-320",
];

/// Loads and resolves a text as a scenario; whatever comes of it is fine, unless it is a panic. Messages are made too where `tell` says so:
/// they cut texts, and take as long as the rest.
pub fn load(text: &str, tell: bool) {
    let source = Arc::new(Source {
        name: "case".to_owned(),
        text: text.to_owned(),
    });
    match from_source(&source, "case", None, &Request::default()) {
        Ok(bundle) => drop(bundle.resolve()),
        Err(faults) if tell => drop(faults.to_string()),
        Err(_) => {}
    }
}

/// Loads a text as a regime, like [`load`]; what a good one provides is asked for too.
pub fn load_rules(text: &str, tell: bool) {
    let source = Arc::new(Source {
        name: "case".to_owned(),
        text: text.to_owned(),
    });
    match regime_from_source(&source) {
        Ok(regime) if tell => drop(regime.provisions()),
        Err(faults) if tell => drop(faults.to_string()),
        _ => {}
    }
}

/// A text after edits, three bytes each: what is done, to which line, with what.
pub fn edited(text: &str, edits: &[u8]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for edit in edits.chunks_exact(3).take(16) {
        let (act, at, with) = (edit[0] % 6, usize::from(edit[1]), usize::from(edit[2]));
        let line = at % lines.len().max(1);
        match act {
            0 => replace_value(&mut lines[line], VALUES[with % VALUES.len()]),
            1 if lines.len() > 1 => drop(lines.remove(line)),
            2 => lines.insert(line, lines[with % lines.len()].clone()),
            3 => swap_values(&mut lines, line, with),
            4 => cut(&mut lines[line], with),
            _ => lines[line].push(char::from(edit[2])),
        }
    }
    lines.join("\n")
}

/// A text with some of its bytes changed, three bytes an edit: what is done, where, with what. Whatever is no longer UTF-8 is
/// replaced, as reading a file would refuse it before the loader sees it.
pub fn scrambled(text: &str, edits: &[u8]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits.chunks_exact(3).take(16) {
        let at = (usize::from(edit[1]) * 256 + usize::from(edit[2])) % bytes.len().max(1);
        match edit[0] % 4 {
            _ if bytes.is_empty() => break,
            0 => bytes[at] = edit[2],
            1 => bytes.insert(at, edit[2]),
            2 => drop(bytes.remove(at)),
            _ => bytes[at] ^= 1 << (edit[2] % 8),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn replace_value(line: &mut String, value: &str) {
    if let Some((key, _)) = line.split_once('=') {
        *line = format!("{key}= {value}");
    }
}

fn swap_values(lines: &mut [String], line: usize, with: usize) {
    let other = with % lines.len();
    let value = lines[other]
        .split_once('=')
        .map(|(_, value)| value.trim().to_owned());
    if let Some(value) = value {
        replace_value(&mut lines[line], &value);
    }
}

fn cut(line: &mut String, with: usize) {
    let at = with % (line.len() + 1);
    if line.is_char_boundary(at) {
        line.truncate(at);
    }
}
