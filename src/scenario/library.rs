//! The shipped scenarios, scripts and regimes, embedded in the program, and the files beside them.

use super::faults::{Fault, Faults, Source, suggest};
use include_dir::{Dir, include_dir};
use std::path::Path;
use std::sync::Arc;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// Largest file that is read, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Market scenarios.
    Scenarios,
    /// Scripts.
    Scripts,
    /// Regimes.
    Regimes,
    /// Reference scenarios: those that `yellowcart validate` runs beside the market scenarios.
    References,
    /// Suites for detectors.
    Suites,
    /// Studies.
    Studies,
    /// Lessons.
    Lessons,
    /// Regimes that differ in how long replays are kept and who may see them: made for `replay_deleted`.
    Retention,
}

impl Shelf {
    fn folder(self) -> &'static str {
        match self {
            Shelf::Scenarios => "",
            Shelf::Scripts => "scripts",
            Shelf::Regimes => "regimes",
            Shelf::References => "reference",
            Shelf::Suites => "suites",
            Shelf::Studies => "studies",
            Shelf::Lessons => "lessons",
            Shelf::Retention => "regimes/retention",
        }
    }

    /// What one of them is called.
    pub fn noun(self) -> &'static str {
        match self {
            Shelf::Scenarios => "scenario",
            Shelf::Scripts => "script",
            Shelf::Regimes | Shelf::Retention => "regime",
            Shelf::References => "reference scenario",
            Shelf::Suites => "suite",
            Shelf::Studies => "study",
            Shelf::Lessons => "lesson",
        }
    }
}

/// Names of the shipped ones, in order.
pub fn names(shelf: Shelf) -> Vec<&'static str> {
    let folder = match shelf {
        Shelf::Scenarios => Some(&SHIPPED),
        _ => SHIPPED.get_dir(shelf.folder()),
    };
    let mut names: Vec<&str> = folder
        .into_iter()
        .flat_map(|folder| folder.files())
        .filter(|file| {
            file.path()
                .extension()
                .is_some_and(|ending| ending == "toml")
        })
        .filter_map(|file| file.path().file_stem()?.to_str())
        .collect();
    names.sort_unstable();
    names
}

/// The text of a shipped one. A reference scenario is found among the scenarios too, and a regime of retention among the regimes.
pub fn shipped(shelf: Shelf, name: &str) -> Option<&'static str> {
    if !names(shelf).contains(&name) {
        return match shelf {
            Shelf::Scenarios => shipped(Shelf::References, name),
            Shelf::Regimes => shipped(Shelf::Retention, name),
            _ => None,
        };
    }
    let path = Path::new(shelf.folder()).join(format!("{name}.toml"));
    SHIPPED.get_file(path)?.contents_utf8()
}

/// The title line of a shipped one; empty where there is none.
pub fn title_of(shelf: Shelf, name: &str) -> String {
    said_in(shelf, name, "title")
}

/// The story that a shipped one tells; empty where there is none.
pub fn story_of(shelf: Shelf, name: &str) -> String {
    said_in(shelf, name, "story").trim().to_owned()
}

fn said_in(shelf: Shelf, name: &str, key: &str) -> String {
    let text = shipped(shelf, name).unwrap_or_default();
    let document = toml::de::DeTable::parse(text).ok();
    document
        .and_then(|document| {
            let said = document.get_ref().get(key)?;
            said.get_ref().as_str().map(str::to_owned)
        })
        .unwrap_or_default()
}

/// Where something that is named is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach<'a> {
    /// Among what is shipped, and nowhere else: for texts from strangers, which must not open files.
    Shipped,
    /// Then among files; a relative path is looked up in this folder first.
    Files(Option<&'a Path>),
}

/// A shipped one by name, or a file by path; a relative path is looked up in `beside` first.
///
/// # Errors
/// What is wrong, and the nearest shipped name.
pub fn open(shelf: Shelf, what: &str, beside: Option<&Path>) -> Result<Arc<Source>, Faults> {
    open_within(shelf, what, Reach::Files(beside))
}

/// The same within a reach.
pub(super) fn open_within(
    shelf: Shelf,
    what: &str,
    reach: Reach<'_>,
) -> Result<Arc<Source>, Faults> {
    if let Some(text) = shipped(shelf, what) {
        return Ok(Arc::new(Source {
            name: format!("{what} (shipped)"),
            text: text.to_owned(),
        }));
    }
    let Reach::Files(beside) = reach else {
        let fault = Fault::of(format!("there is no shipped {} `{what}`", shelf.noun()));
        let help = suggest(what, names(shelf)).unwrap_or_default();
        let rule = "what is pasted can name what is shipped, and no file";
        return Err(Faults(vec![fault.help(format!("{help}\n{rule}").trim())]));
    };
    let looks_like_path = what.ends_with(".toml") || what.contains(['/', '\\']);
    if !looks_like_path && !Path::new(what).is_file() {
        let fault = Fault::of(format!("there is no shipped {} `{what}`", shelf.noun()));
        let mut help = suggest(what, names(shelf)).unwrap_or_default();
        help.push_str(&format!(
            "\nfor a file of yours, give its path, such as ./{what}.toml"
        ));
        return Err(Faults(vec![fault.help(help.trim())]));
    }
    let path = beside
        .map(|folder| folder.join(what))
        .filter(|path| path.is_file());
    read(what, path.as_deref().unwrap_or(Path::new(what)))
}

fn read(name: &str, path: &Path) -> Result<Arc<Source>, Faults> {
    let cannot = |why: String| Faults::one(format!("cannot read {name}: {why}"));
    let about = std::fs::metadata(path).map_err(|error| cannot(error.to_string()))?;
    if !about.is_file() {
        return Err(cannot("it is not a file".to_owned()));
    }
    if about.len() > LARGEST {
        return Err(cannot("it is larger than 16 MiB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| cannot(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8 text".to_owned()))?;
    Ok(Arc::new(Source {
        name: name.to_owned(),
        text,
    }))
}
