//! The results folder: written under a name that says it is incomplete, and renamed when it is whole (contract 4).

use super::table::Part;
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a folder is called while it is incomplete.
const PARTIAL: &str = ".partial";

/// What the run was begun from; goes when the result is whole.
pub const BEGUN: &str = "begun.json";

/// What [`BEGUN`] holds where nothing can be continued: all is written at the end.
pub const AT_ONCE: &str = "{\"written_at_once\": true}\n";

/// What whoever is at an incomplete folder holds locked; goes when the result is whole.
const LOCK: &str = "running.lock";

/// A results folder that is being written.
#[derive(Debug)]
pub struct Folder {
    /// Where the result will be.
    pub whole: PathBuf,
    /// Where it is while incomplete.
    pub partial: PathBuf,
    /// What keeps others away from it; `None` for who only looks.
    held: Option<Held>,
}

/// A lock that this process holds. Of a process that is killed the system takes it back.
#[derive(Debug)]
struct Held(File);

impl Drop for Held {
    /// Processes that were forked meanwhile hold the file too: the lock is given back by name, not by closing.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// What to do where nothing can be continued.
const AGAIN: &str = "it was stopped before it was whole, and cannot be continued; run the command again, with --force";

/// Why a results folder is not begun, or not gone on with.
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
        checkpoint || name == LOCK || name == format!("{BEGUN}.tmp").as_str()
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
            held: None,
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
        let at_once = || folder.is_at_once().then(|| format!("{partial}: {AGAIN}"));
        folder.is_busy().or_else(at_once)
    }

    /// What to do where somebody is at a folder.
    fn busy(&self) -> String {
        let whole = self.whole.display();
        format!("{whole} is still being run: wait for it, or end it first")
    }

    /// The same, if somebody is; it leaves nothing behind in what may be no folder of ours.
    fn is_busy(&self) -> Option<String> {
        let there = File::options().write(true).open(self.partial.join(LOCK));
        let locked = there.ok()?.try_lock();
        matches!(locked, Err(TryLockError::WouldBlock)).then(|| self.busy())
    }

    /// Takes the lock, for as long as what is returned lives.
    fn hold(&self) -> Result<Held, CannotBegin> {
        let path = self.partial.join(LOCK);
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        let file = options
            .open(&path)
            .map_err(|why| CannotBegin::Disk(cannot("write", &path, &why)))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(CannotBegin::InTheWay(self.busy())),
            // Where the disk knows no locks nobody can be kept away.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Held(file)),
        }
    }

    /// The incomplete folder of what goes on: nobody else is at it, or can be meanwhile.
    ///
    /// # Errors
    /// That somebody is, or that the disk does not let us.
    pub fn go_on(whole: &Path) -> Result<Self, CannotBegin> {
        let mut folder = Self::of(whole);
        // In what is no folder of ours nothing is left behind. That nothing was begun there is for the caller to say.
        if is_ours(&folder.partial) {
            folder.held = Some(folder.hold()?);
        }
        Ok(folder)
    }

    /// Takes everything out of the incomplete folder but the lock, which is not let go of meanwhile.
    fn empty(&self) -> std::io::Result<()> {
        for entry in fs::read_dir(&self.partial)? {
            let entry = entry?;
            if entry.file_name() == LOCK {
                continue;
            }
            match entry.file_type()?.is_dir() {
                true => fs::remove_dir_all(entry.path())?,
                false => fs::remove_file(entry.path())?,
            }
        }
        Ok(())
    }

    /// Makes the incomplete folder, and keeps others away from it. An existing result is kept unless `force`; with it, only a results folder is ever removed, and none that somebody is at.
    ///
    /// # Errors
    /// What is in the way, or that the disk does not let us.
    pub fn begin(whole: &Path, force: bool) -> Result<Self, CannotBegin> {
        let mut folder = Self::of(whole);
        if let Some(busy) = folder.is_busy() {
            return Err(CannotBegin::InTheWay(busy));
        }
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
        fs::create_dir_all(&folder.partial).map_err(|why| disk("create", why))?;
        let held = folder.hold()?;
        folder.empty().map_err(|why| disk("empty", why))?;
        let checkpoint = folder.partial.join("checkpoint");
        fs::create_dir_all(checkpoint).map_err(|why| disk("create", why))?;
        folder.held = Some(held);
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
        // The last that goes: until now nobody else could come near it.
        let lock = self.partial.join(LOCK);
        gone(fs::remove_file(&lock)).map_err(|why| remove(lock, why))?;
        drop(self.held);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(begun: Result<Folder, CannotBegin>) -> String {
        match begun {
            Err(CannotBegin::InTheWay(why)) => why,
            other => panic!("it is not refused: {other:?}"),
        }
    }

    #[test]
    fn whoever_is_at_a_folder_keeps_others_away_until_it_is_whole() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let busy = format!(
            "{} is still being run: wait for it, or end it first",
            out.display()
        );
        let first = Folder::begin(&out, false).unwrap();
        // Before it has written anything, and after.
        assert_eq!(refused(Folder::begin(&out, true)), busy);
        first.write(BEGUN, b"{}").unwrap();
        assert_eq!(refused(Folder::begin(&out, false)), busy);
        assert_eq!(refused(Folder::begin(&out, true)), busy);
        assert_eq!(refused(Folder::go_on(&out)), busy);
        assert_eq!(Folder::cannot_go_on(&out), Some(busy.clone()));
        // What was stopped leaves its lock behind, which nobody holds.
        drop(first);
        assert!(Folder::of(&out).partial.join(LOCK).is_file());
        assert_eq!(Folder::cannot_go_on(&out), None);
        let again = Folder::go_on(&out).unwrap();
        assert_eq!(refused(Folder::go_on(&out)), busy);
        let whole = again.finish().unwrap();
        assert!(fs::read_dir(&whole).unwrap().next().is_none());
    }

    #[test]
    fn what_is_begun_anew_holds_nothing_of_what_was_there() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let first = Folder::begin(&out, false).unwrap();
        first.write(BEGUN, b"{}").unwrap();
        first.keep_state(1, |to| to.write_all(b"state")).unwrap();
        drop(first);
        let again = Folder::begin(&out, true).unwrap();
        let mut names: Vec<_> = fs::read_dir(&again.partial)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["checkpoint", LOCK]);
        let mut states = fs::read_dir(again.partial.join("checkpoint")).unwrap();
        assert!(states.next().is_none());
    }

    #[test]
    fn what_is_no_folder_of_ours_is_not_written_into() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let folder = Folder::go_on(&out).unwrap();
        assert!(!folder.partial.exists());
        fs::create_dir(&folder.partial).unwrap();
        drop(Folder::go_on(&out).unwrap());
        assert!(fs::read_dir(&folder.partial).unwrap().next().is_none());
    }
}
