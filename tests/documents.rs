//! What the documents say is what the program does: the README's commands and output, the parameter table, the schemas, the shipped files.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use yellowcart::scenario::{Shelf, names, registry};

fn yellowcart(folder: &Path, arguments: &[String]) -> Command {
    let mut command = Command::cargo_bin("yellowcart").expect("the program is built");
    command.current_dir(folder).args(arguments);
    command
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// A command of the README with the output shown under it.
struct Shown {
    arguments: Vec<String>,
    output: Vec<String>,
}

/// Commands that stand after `$ yellowcart` in indented blocks.
fn shown_in(readme: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if let Some(command) = line.strip_prefix("    $ yellowcart ") {
            inside = true;
            found.push(Shown {
                arguments: command.split_whitespace().map(str::to_owned).collect(),
                output: Vec::new(),
            });
        } else if !line.starts_with("    ") && !line.is_empty() {
            inside = false;
        } else if inside && !line.trim().is_empty() && line.trim() != "..." {
            let output = &mut found.last_mut().expect("a command came first").output;
            output.push(line[4..].trim_end().to_owned());
        }
    }
    found
}

#[test]
fn the_readmes_commands_print_what_it_shows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = shown_in(&read("README.md"));
    assert!(shown.len() >= 5, "the tour is read: {}", shown.len());
    for Shown { arguments, output } in shown {
        let ran = yellowcart(folder.path(), &arguments)
            .output()
            .expect("it runs");
        let stdout = String::from_utf8_lossy(&ran.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
        let expected = match arguments[0].as_str() {
            "check" => 2,
            "audit" => 1,
            _ => 0,
        };
        let code = ran.status.code();
        assert_eq!(code, Some(expected), "{arguments:?}: {stderr}");
        let everything = format!("{stdout}{stderr}");
        let printed: Vec<&str> = everything.lines().map(str::trim_end).collect();
        let mut from = 0;
        for line in &output {
            let at = printed[from..].iter().position(|printed| printed == line);
            let Some(at) = at else {
                panic!(
                    "{arguments:?} does not print, or not in this order:\n{line}\n\n{everything}"
                );
            };
            from += at + 1;
        }
        if arguments[0] == "new" {
            spoil(&folder.path().join("my_evening.toml"));
        }
    }
}

/// The README shows what a slip of the pen looks like: this makes it.
fn spoil(scenario: &Path) {
    let text = fs::read_to_string(scenario).expect("the scenario is there");
    assert!(text.contains("\nconsumers = "));
    let spoilt = text.replacen("\nconsumers = ", "\nconsumer = ", 1);
    fs::write(scenario, spoilt).expect("written");
}

#[test]
fn the_readmes_two_commands_are_what_ci_runs() {
    let readme = read("README.md");
    assert!(readme.contains("\n    cargo run --release -- run diamond_necklace\n"));
    let tests = "cargo test --workspace";
    assert!(readme.contains(&format!("\n    {tests}\n")));
    assert!(read(".ci/run").lines().any(|line| line == tests));
}

#[test]
fn the_parameter_table_is_the_registrys() {
    let odd = read("docs/odd.md");
    let (_, rest) = odd
        .split_once("<!-- parameters:begin -->\n")
        .expect("a table");
    let (table, _) = rest.split_once("<!-- parameters:end -->").expect("its end");
    assert_eq!(
        table,
        registry::markdown(),
        "renew it with: yellowcart explain --all --format markdown"
    );
}

#[test]
fn the_schemas_beside_the_files_are_the_programs() {
    for (kind, path) in [
        ("scenario", "scenarios/yellowcart.schema.json"),
        ("campaign", "scenarios/yellowcart.campaign.schema.json"),
        ("script", "scenarios/scripts/yellowcart.script.schema.json"),
        ("regime", "scenarios/regimes/yellowcart.regime.schema.json"),
        ("suite", "scenarios/suites/yellowcart.suite.schema.json"),
        ("study", "scenarios/studies/yellowcart.study.schema.json"),
        ("lesson", "scenarios/lessons/yellowcart.lesson.schema.json"),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let arguments = ["schema".to_owned(), "--of".to_owned(), kind.to_owned()];
        let output = yellowcart(folder.path(), &arguments)
            .output()
            .expect("it runs");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(
            printed == read(path),
            "renew {path} with: yellowcart schema --of {kind}"
        );
    }
}

#[test]
fn every_shipped_file_is_good_and_names_its_schema() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (shelf, folder_of, schema) in [
        (Shelf::Scenarios, "scenarios", "./yellowcart.schema.json"),
        (
            Shelf::Scripts,
            "scenarios/scripts",
            "./yellowcart.script.schema.json",
        ),
        (
            Shelf::Regimes,
            "scenarios/regimes",
            "./yellowcart.regime.schema.json",
        ),
        (
            Shelf::Retention,
            "scenarios/regimes/retention",
            "../yellowcart.regime.schema.json",
        ),
        (
            Shelf::Suites,
            "scenarios/suites",
            "./yellowcart.suite.schema.json",
        ),
        (
            Shelf::Studies,
            "scenarios/studies",
            "./yellowcart.study.schema.json",
        ),
        (
            Shelf::Lessons,
            "scenarios/lessons",
            "./yellowcart.lesson.schema.json",
        ),
    ] {
        assert!(names(shelf).len() >= 3);
        for name in names(shelf) {
            let text = read(&format!("{folder_of}/{name}.toml"));
            assert!(text.starts_with(&format!("#:schema {schema}\n")), "{name}");
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{folder_of}/{name}.toml"));
            let path = path.display().to_string();
            yellowcart(folder.path(), &["check".to_owned(), path])
                .assert()
                .success();
        }
    }
}

/// Every figure in a shipped file has its source beside it, or the word assumption.
#[test]
fn every_number_in_a_shipped_scenario_says_where_it_comes_from() {
    let sourced = |line: &str| {
        let comment = line.split_once('#').map_or("", |(_, comment)| comment);
        comment.contains("assumption") || comment.contains('[') || comment.contains('(')
    };
    let mut bare = Vec::new();
    for (shelf, folder) in [
        (Shelf::Scenarios, "scenarios"),
        (Shelf::Scripts, "scenarios/scripts"),
        (Shelf::Suites, "scenarios/suites"),
        (Shelf::Lessons, "scenarios/lessons"),
    ] {
        for name in names(shelf) {
            let text = read(&format!("{folder}/{name}.toml"));
            let mut said_above = false;
            for (number, line) in text.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() {
                    said_above = false;
                }
                said_above |= (line.starts_with('#') || line.starts_with('[')) && sourced(line);
                let value = line.split_once('=').map(|(key, value)| (key.trim(), value));
                let has_number = value.is_some_and(|(key, value)| {
                    let value = value.split('#').next().unwrap_or("");
                    let value: String = value.split('"').step_by(2).collect();
                    key != "at"
                        && key != "seed"
                        && !line.starts_with('#')
                        && value.contains(|c: char| c.is_ascii_digit())
                });
                if has_number && !said_above && !sourced(line) {
                    bare.push(format!("{name}:{}: {line}", number + 1));
                }
            }
        }
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

/// Read as plain TOML, so that it does not lean on what the loader lets through.
#[test]
fn every_value_in_a_shipped_regime_says_where_it_comes_from() {
    let about = ["title", "story", "jurisdiction", "from", "fines"];
    let of = |shelf, folder: &'static str| names(shelf).into_iter().map(move |name| (folder, name));
    let retention = of(Shelf::Retention, "regimes/retention");
    for (folder, name) in of(Shelf::Regimes, "regimes").chain(retention) {
        let text = read(&format!("scenarios/{folder}/{name}.toml"));
        let regime: toml::Table = text.parse().expect("TOML");
        let fines = regime.get("fines").and_then(toml::Value::as_array);
        let fines = fines.into_iter().flatten().map(|fine| ("fines", fine));
        let rules = regime
            .iter()
            .filter(|(key, _)| !about.contains(&key.as_str()))
            .map(|(key, rule)| (key.as_str(), rule));
        for (key, rule) in rules.chain(fines) {
            let of = |part: &str| rule.get(part).and_then(toml::Value::as_str).unwrap_or("");
            let (article, evidence) = (of("article"), of("evidence"));
            assert!(!article.is_empty(), "{name}: {key}: no article");
            assert!(
                ["SEED", "V", "VS", "S", "D", "R", "A"].contains(&evidence),
                "{name}: {key}: {evidence}"
            );
            let assumed = article.starts_with("assumption: ");
            assert_eq!(evidence == "A", assumed, "{name}: {key}: {article}");
            assert!(
                evidence != "R" || article.contains("recalled"),
                "{name}: {key}: {article}"
            );
        }
    }
}
