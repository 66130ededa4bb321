//! Runs the tests of the Python package: in an environment of its own under target/, with the extension that was built beside this test. Without an interpreter there is nothing to test.
//!
//! The first time it installs what tests/requirements.txt names, from wherever pip is told to look. `PYTHON` names another interpreter than python3.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is asked of an interpreter: the stable interface is that of Python 3.11.
const IS_RECENT: &str = "import sys; sys.exit(sys.version_info < (3, 11))";

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    assert!(succeeds(command), "{command:?} failed");
}

/// The interpreter, if there is one.
fn interpreter() -> Option<String> {
    let name = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let asked = succeeds(
        Command::new(&name)
            .args(["-c", IS_RECENT])
            .stderr(Stdio::null()),
    );
    asked.then_some(name)
}

/// The folder of what was built with this test, such as target/debug/deps.
fn built() -> PathBuf {
    let here = env::current_exe().expect("this test");
    here.parent().expect("its folder").to_path_buf()
}

/// The interpreter of an environment that has what the tests need.
fn environment(python: &str, package: &Path, folder: &Path) -> PathBuf {
    let inside = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let wanted = fs::read(package.join("tests/requirements.txt")).expect("requirements");
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|have| have == wanted) {
        return inside;
    }
    run(Command::new(python)
        .args(["-m", "venv", "--clear"])
        .arg(folder));
    let requirements = package.join("tests/requirements.txt");
    run(Command::new(&inside)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(requirements));
    fs::write(installed, wanted).expect("a writable folder");
    inside
}

#[test]
fn the_tests_in_python_pass() {
    let Some(python) = interpreter() else {
        eprintln!(
            "SKIPPED: no CPython 3.11 or later is here (PYTHON names one); the Python package was not tested."
        );
        return;
    };
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = built();
    let inside = environment(&python, package, &built.join("../../python-tests"));
    // In a new file: an interpreter may have the old one open.
    let ending = if cfg!(windows) { "pyd" } else { "abi3.so" };
    let extension = package.join(format!("yellowcart/_yellowcart.{ending}"));
    let _ = fs::remove_file(&extension);
    let library = format!("{DLL_PREFIX}_yellowcart{DLL_SUFFIX}");
    fs::copy(built.join(library), &extension).expect("the extension");
    run(Command::new(inside)
        .args(["-m", "pytest", "--quiet", "--durations=8"])
        .current_dir(package)
        .env("PYTHONPATH", package)
        .env("PYTHONDONTWRITEBYTECODE", "1"));
}
