//! A results folder that is no run's: files and figures that are written when all is known, each with its hash, and a manifest. Validations, benches and
//! streams are kept so.

use super::folder::{AT_ONCE, BEGUN, CannotBegin, Folder};
use super::manifest::{Identity, Manifest, Unhashed};
use super::table::{FIGURES, Part, hash_of_file};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of files that is being written.
#[derive(Debug)]
pub struct Dossier {
    folder: Folder,
    files: Vec<Part>,
}

impl Dossier {
    /// Makes room for it, before anything is simulated.
    ///
    /// # Errors
    /// What is in the way.
    pub fn begin(out: &Path, force: bool) -> Result<Self, CannotBegin> {
        let folder = Folder::begin(out, force)?;
        let begun = folder.write(BEGUN, AT_ONCE.as_bytes());
        begun.map_err(CannotBegin::Disk)?;
        Ok(Self {
            folder,
            files: Vec::new(),
        })
    }

    /// One whose folder is there already.
    pub fn within(folder: Folder) -> Self {
        let files = Vec::new();
        Self { folder, files }
    }

    /// Nothing came of it: the folder goes. That it may stay behind, incomplete, does no harm.
    pub fn abandon(self) {
        let _ = fs::remove_dir_all(&self.folder.partial);
    }

    /// Where it is written.
    pub fn place(&self) -> &Path {
        &self.folder.partial
    }

    /// What has been added.
    pub fn files(&self) -> Vec<Part> {
        self.files.clone()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.leave(name, bytes)?;
        self.files.push(Part::of_bytes(name, bytes));
        Ok(())
    }

    /// Adds a value as JSON.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn add_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), String> {
        self.add(name, &pretty(value)?)
    }

    /// Adds a file that has been written already, by its path within the folder.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn add_written(&mut self, name: &str) -> Result<(), String> {
        let path = self.place().join(name);
        let hash = hash_of_file(&path);
        let sha256 = hash.map_err(|why| format!("cannot read {}: {why}", path.display()))?;
        let path = name.to_owned();
        self.files.push(Part { path, sha256 });
        Ok(())
    }

    /// Leaves a file beside the result, outside of every hash: it differs from run to run.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn leave(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.folder.write(name, bytes)
    }

    /// Leaves a value as JSON.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn leave_json(&self, name: &str, value: &impl Serialize) -> Result<(), String> {
        self.leave(name, &pretty(value)?)
    }

    /// Adds the figures that `draw` draws into a folder.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn draw(
        &mut self,
        draw: impl FnOnce(&Path) -> std::io::Result<Vec<PathBuf>>,
    ) -> Result<(), String> {
        let figures = self.place().join(FIGURES);
        let cannot = |why: std::io::Error| format!("cannot write {}: {why}", figures.display());
        fs::create_dir_all(&figures).map_err(cannot)?;
        for path in draw(&figures).map_err(cannot)? {
            self.files.push(Part::of_figure(&path).map_err(cannot)?);
        }
        Ok(())
    }

    /// Lets `write` add everything and say what the result is, adds the manifest and gives the folder its name.
    ///
    /// # Errors
    /// What the disk did not let us do, and where that is which has been written.
    pub fn finish<H: Identity>(
        mut self,
        unhashed: Unhashed,
        write: impl FnOnce(&mut Self) -> Result<H, String>,
    ) -> Result<PathBuf, String> {
        let written = write(&mut self)
            .and_then(|hashed| Manifest::new(hashed, unhashed))
            .and_then(|manifest| self.leave_json("manifest.json", &manifest));
        written.map_err(|why| {
            let place = self.folder.partial.display();
            format!("{why}\nwhat there is so far is in {place}")
        })?;
        self.folder.finish()
    }
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec_pretty(value).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Part;
    use serde::Deserialize;

    #[derive(Serialize, Deserialize)]
    struct Hashed {
        tested: bool,
        files: Vec<Part>,
    }

    impl Identity for Hashed {
        const OWN_FIELD: &'static str = "tested";

        fn files(&self) -> Vec<Part> {
            self.files.clone()
        }
    }

    fn unhashed() -> Unhashed {
        Unhashed {
            command: Vec::new(),
            threads: 1,
            folder: String::new(),
        }
    }

    #[test]
    fn what_is_added_is_in_the_manifest_and_what_is_left_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("kept");
        let dossier = Dossier::begin(&out, false).unwrap();
        let whole = dossier
            .finish(unhashed(), |dossier| {
                dossier.add("a.txt", b"a")?;
                dossier.leave("b.txt", b"b")?;
                std::fs::write(dossier.place().join("c.txt"), b"c").unwrap();
                dossier.add_written("c.txt")?;
                let files = dossier.files();
                let tested = true;
                Ok(Hashed { tested, files })
            })
            .unwrap();
        assert_eq!(whole, out);
        let manifest = Manifest::<Hashed>::find(&out).unwrap().unwrap();
        let names: Vec<&str> = manifest
            .hashed
            .files
            .iter()
            .map(|part| part.path.as_str())
            .collect();
        assert_eq!(names, ["a.txt", "c.txt"]);
        assert!(manifest.differences(&out).is_empty());
        std::fs::write(out.join("c.txt"), b"d").unwrap();
        assert_eq!(manifest.differences(&out), ["c.txt: has been changed"]);
        let mut left: Vec<_> = std::fs::read_dir(&out)
            .unwrap()
            .map(|one| one.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["a.txt", "b.txt", "c.txt", "manifest.json"]);
    }

    #[test]
    fn what_was_killed_is_replaced_where_that_is_asked_for_and_never_continued() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("killed");
        drop(Dossier::begin(&out, false).unwrap());
        let Err(CannotBegin::InTheWay(why)) = Dossier::begin(&out, false) else {
            panic!("nothing is in the way");
        };
        assert!(
            why.ends_with(
                "killed.partial exists: choose another --out, or overwrite it with --force"
            ),
            "{why}"
        );
        let again = "cannot be continued; run the command again, with --force";
        assert!(Folder::cannot_go_on(&out).unwrap().ends_with(again));
        assert!(Folder::unfinished(&out).unwrap().ends_with(again));
        Dossier::begin(&out, true).unwrap().abandon();
        assert_eq!(Folder::cannot_go_on(&out), None);
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    }
}
