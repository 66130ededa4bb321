//! The page in page/: that what is committed in src/serve/page is what its source builds, that its types and units hold, and, in a headless Chromium,
//! that a teacher can use it. In a copy under target/, so that nothing is written beside the source. Without Node there is nothing to build with, and
//! without a browser nothing to look with: then this says SKIPPED, unless YELLOWCART_PAGE=required.
//!
//! The first time it installs what page/package-lock.json names, from wherever npm is told to look. `CHROMIUM` names a browser.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the page is built into.
const BUILT: [&str; 3] = ["index.html", "app.js", "app.css"];

/// Where browsers are looked for.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// What is asked of Node.
const IS_RECENT: &str = "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)";

fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    let status = command.status();
    assert!(
        status.as_ref().is_ok_and(|status| status.success()),
        "{command:?}: {status:?}"
    );
}

/// Says that something was not tested, or fails where it has to be.
fn skip(what: &str) {
    let required = env::var("YELLOWCART_PAGE").is_ok_and(|word| word == "required");
    assert!(!required, "{what}");
    eprintln!("SKIPPED: {what}");
}

/// A copy of page/ under target/, with what it is built with.
fn workshop() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page-tests/page");
    fs::create_dir_all(&copy).expect("a writable folder");
    let installed = copy.join("node_modules/.installed");
    let lock = fs::read(source.join("package-lock.json")).expect("a lock file");
    copy_folder(&source, &copy);
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        run(npm(&copy).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]));
        fs::write(installed, lock).expect("a writable folder");
    }
    copy
}

/// Copies what is there, but for what npm installs; what has gone from the source goes from the copy.
fn copy_folder(from: &Path, to: &Path) {
    let kept = |name: &str| name == "node_modules" || name == "pictures";
    for entry in fs::read_dir(to).expect("a folder").flatten() {
        let name = entry.file_name();
        if !kept(&name.to_string_lossy()) && !from.join(&name).exists() {
            let path = entry.path();
            let _ = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    }
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let name = entry.file_name();
        let target = to.join(&name);
        if entry.path().is_dir() {
            if !kept(&name.to_string_lossy()) {
                fs::create_dir_all(&target).expect("a writable folder");
                copy_folder(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// A browser, by CHROMIUM or on the path.
fn browser() -> Option<String> {
    let named = env::var("CHROMIUM").ok();
    let found = BROWSERS.iter().map(|name| (*name).to_owned());
    named
        .into_iter()
        .chain(found)
        .find(|name| succeeds(Command::new(name).arg("--version")))
        .and_then(|name| which(&name))
}

/// The whole path of a program.
fn which(name: &str) -> Option<String> {
    if Path::new(name).is_absolute() {
        return Some(name.to_owned());
    }
    let paths = env::var_os("PATH")?;
    let found = env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.and_then(|path| path.to_str().map(str::to_owned))
}

#[test]
fn the_page_is_what_its_source_builds_and_works_in_a_browser() {
    let has_node = succeeds(Command::new("node").args(["-e", IS_RECENT]));
    if !has_node || !succeeds(npm(Path::new(".")).arg("--version")) {
        return skip("no Node 20 or later with npm is here; the page was not built or looked at");
    }
    let workshop = workshop();
    for script in ["check", "test", "build"] {
        run(npm(&workshop).args(["run", "--silent", script]));
    }
    let built = workshop.join("../src/serve/page");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/page");
    for name in BUILT {
        let [new, old] = [&built, &committed]
            .map(|folder| fs::read(folder.join(name)).expect("a file of the page"));
        assert!(
            new == old,
            "{name} is not what page/ builds: run `npm ci && npm run build` in page/"
        );
    }
    let Some(browser) = browser() else {
        return skip("no Chromium is here (CHROMIUM names one); nobody looked at the page");
    };
    run(npm(&workshop)
        .args(["run", "--silent", "e2e"])
        .env("CHROMIUM", browser)
        .env("YELLOWCART", env!("CARGO_BIN_EXE_yellowcart")));
}
