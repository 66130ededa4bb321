//! Results folders, file by file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder with its bytes, but for what is outside of every hash.
pub fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("it is a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "timing.json") {
                let name = path.strip_prefix(folder).expect("inside").to_path_buf();
                files.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
    }
    let manifest = files
        .get_mut(Path::new("manifest.json"))
        .expect("a manifest");
    let json: serde_json::Value = serde_json::from_slice(manifest).expect("JSON");
    *manifest = json["sha256_of_hashed"].to_string().into_bytes();
    files
}

/// Two results hold the same, byte by byte.
pub fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (bytes_of(one), bytes_of(other));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for (name, bytes) in &one {
        assert!(
            bytes == &other[name],
            "{} differs between the two runs",
            name.display()
        );
    }
}
