//! The results folder: written under a name that says it is incomplete, and renamed when it is whole (contract 4).

use super::table::Part;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a folder is called while it is incomplete.
const PARTIAL: &str = ".partial";

/// What the run was begun from; goes when the result is whole.
pub const BEGUN: &str = "begun.json";

/// What [`BEGUN`] holds where nothing can be continued: all is written at the end.
pub const AT_ONCE: &str = "{\"written_at_once\": true}\n";

/// A results folder that is being written.
#[derive(Debug)]
pub struct Folder {
    /// Where the result will be.
    pub whole: PathBuf,
    /// Where it is while incomplete.
    pub partial: PathBuf,
}

/// What to do where nothing can be continued.
const AGAIN: &str = "it was stopped before it was whole, and cannot be continued; run the command again, with --force";

/// Why a results folder is not begun.
#[derive(Debug)]
pub enum CannotBegin {
    /// Something is in the way: the user has to decide.
    InTheWay(String),
    /// The disk does not let us.
    Disk(String),
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// What could not be done with a file, and why.
pub fn cannot(what: &str, path: &Path, why: &std::io::Error) -> String {
    format!("cannot {what} {}: {why}", path.display())
}

/// Whether a folder is one of ours: only those are ever removed.
fn is_ours(path: &Path) -> bool {
    path.join("manifest.json").is_file() || path.join(BEGUN).is_file()
}

/// Whether a folder holds no more than what is made before a run is begun: the program was ended at that moment.
fn nothing_begun(path: &Path) -> bool {
    let scaffolding = |name: &std::ffi::OsStr| {
        let checkpoint = name == "checkpoint"
            && fs::read_dir(path.join(name)).is_ok_and(|mut inside| inside.next().is_none());
        checkpoint || name == format!("{BEGUN}.tmp").as_str()
    };
    fs::read_dir(path).is_ok_and(|mut entries| {
        entries.all(|entry| entry.is_ok_and(|entry| scaffolding(&entry.file_name())))
    })
}

/// Removes what may be gone already: whoever finishes may have been ended half-way.
fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Writes a file in one piece: to a temporary name, then renamed.
///
/// # Errors
/// A sentence.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let temporary = with_ending(path, ".tmp");
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    written.map_err(|why| cannot("write", path, &why))
}

impl Folder {
    /// The folder of a result that will be at `whole`; a separator at its end makes no difference.
    pub fn of(whole: &Path) -> Self {
        let whole: PathBuf = whole.components().collect();
        Self {
            partial: with_ending(&whole, PARTIAL),
            whole,
        }
    }

    /// What to do where a result is not whole yet: its folder, or the incomplete one, is named.
    pub fn unfinished(named: &Path) -> Option<String> {
        let ends_so = |ending: &std::ffi::OsStr| ending == PARTIAL.trim_start_matches('.');
        let incomplete = named.extension().is_some_and(ends_so) && named.is_dir();
        let whole = match incomplete {
            true => Self::whole_of(named),
            false => named.to_owned(),
        };
        let begun = incomplete || !named.exists() && Self::of(named).partial.is_dir();
        begun.then(|| match Self::of(&whole).is_at_once() {
            true => format!("{}: {AGAIN}", named.display()),
            false => format!(
                "{} is not whole yet: finish it with: yellowcart resume {}",
                named.display(),
                whole.display()
            ),
        })
    }

    /// Whether what was begun cannot be continued, since all is written at the end.
    fn is_at_once(&self) -> bool {
        fs::read_to_string(self.partial.join(BEGUN)).is_ok_and(|begun| begun == AT_ONCE)
    }

    /// The folder that a result is to have: an incomplete one may be called by the name that it has meanwhile.
    pub fn whole_of(named: &Path) -> PathBuf {
        let name = named.file_name().and_then(|name| name.to_str());
        let whole = name.and_then(|name| name.strip_suffix(PARTIAL));
        match whole.filter(|whole| !whole.is_empty()) {
            Some(whole) => named.with_file_name(whole),
            None => named.to_owned(),
        }
    }

    /// Why a result cannot be continued, if it cannot.
    pub fn cannot_go_on(whole: &Path) -> Option<String> {
        let folder = Self::of(whole);
        let partial = folder.partial.display();
        folder.is_at_once().then(|| format!("{partial}: {AGAIN}"))
    }

    /// Makes the incomplete folder. An existing result is kept unless `force`; with it, only a results folder is ever removed.
    ///
    /// # Errors
    /// What is in the way, or that the disk does not let us.
    pub fn begin(whole: &Path, force: bool) -> Result<Self, CannotBegin> {
        let folder = Self::of(whole);
        let overwrite = "choose another --out, or overwrite it with --force";
        let go_on = match folder.is_at_once() {
            true => overwrite,
            false => "continue it with `yellowcart resume`, or overwrite it with --force",
        };
        for (path, hint) in [(&folder.whole, overwrite), (&folder.partial, go_on)] {
            if fs::symlink_metadata(path).is_err()
                || (*path == folder.partial && nothing_begun(path))
            {
                continue;
            }
            if !force {
                let sentence = format!("{} exists: {hint}", path.display());
                return Err(CannotBegin::InTheWay(sentence));
            }
            if !is_ours(path) {
                let sentence = format!(
                    "{} exists and is not a results folder: it is left alone; choose another --out",
                    path.display()
                );
                return Err(CannotBegin::InTheWay(sentence));
            }
        }
        let disk = |what: &str, why| CannotBegin::Disk(cannot(what, &folder.partial, &why));
        if folder.partial.exists() {
            fs::remove_dir_all(&folder.partial).map_err(|why| disk("remove", why))?;
        }
        let checkpoint = folder.partial.join("checkpoint");
        fs::create_dir_all(checkpoint).map_err(|why| disk("create", why))?;
        Ok(folder)
    }

    /// Writes a file of the incomplete folder in one piece.
    ///
    /// # Errors
    /// A sentence.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        write_whole(&self.partial.join(name), bytes)
    }

    /// Says in words that the folder is incomplete.
    ///
    /// # Errors
    /// A sentence.
    pub fn mark_partial(&self) -> Result<(), String> {
        let text = format!(
            "This result is incomplete: the run has not ended, or was interrupted.\nContinue it with: yellowcart resume {}\n",
            self.whole.display()
        );
        self.write("PARTIAL.txt", text.as_bytes())
    }

    /// Removes part files that no checkpoint knows: those of the day that was cut short.
    ///
    /// # Errors
    /// A sentence.
    pub fn discard_unfinished(&self, parts: &BTreeMap<String, Vec<Part>>) -> Result<(), String> {
        let tables = self.partial.join("tables");
        let known: Vec<PathBuf> = parts
            .values()
            .flatten()
            .map(|part| self.partial.join(&part.path))
            .collect();
        for table in fs::read_dir(&tables).into_iter().flatten().flatten() {
            for file in fs::read_dir(table.path()).into_iter().flatten().flatten() {
                if !known.contains(&file.path()) {
                    fs::remove_file(file.path())
                        .map_err(|why| cannot("remove", &file.path(), &why))?;
                }
            }
        }
        Ok(())
    }

    /// Whether everything is written and only [`Self::finish`] is left to be done.
    pub fn is_written(&self) -> bool {
        self.partial.join("manifest.json").is_file()
    }

    /// The result is whole: takes the scaffolding away and gives it its name.
    ///
    /// # Errors
    /// A sentence.
    pub fn finish(self) -> Result<PathBuf, String> {
        let remove = |path: PathBuf, why: std::io::Error| cannot("remove", &path, &why);
        let checkpoint = self.partial.join("checkpoint");
        gone(fs::remove_dir_all(&checkpoint)).map_err(|why| remove(checkpoint, why))?;
        for name in ["PARTIAL.txt", BEGUN] {
            let path = self.partial.join(name);
            gone(fs::remove_file(&path)).map_err(|why| remove(path, why))?;
        }
        if self.whole.exists() {
            if !is_ours(&self.whole) {
                return Err(format!(
                    "{} has appeared meanwhile and is not a results folder",
                    self.whole.display()
                ));
            }
            fs::remove_dir_all(&self.whole).map_err(|why| cannot("remove", &self.whole, &why))?;
        }
        sync(&self.partial);
        fs::rename(&self.partial, &self.whole)
            .map_err(|why| cannot("rename to", &self.whole, &why))?;
        if let Some(parent) = self.whole.parent() {
            sync(parent);
        }
        Ok(self.whole)
    }
}

/// Asks the disk to keep a folder's entries; where folders cannot be synchronised the files already are.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
