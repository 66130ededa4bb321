//! `yellowcart new`.

use super::{Failure, Outcome, tell};
use crate::scenario::schema_of_scenario;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Writes a commented starting scenario that runs, and the schema that editors complete it with.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  yellowcart new my_evening
  yellowcart run my_evening.toml")]
pub struct Arguments {
    /// Name of the scenario: my_evening becomes my_evening.toml in this folder
    name: String,
    /// Overwrite files that exist
    #[arg(long)]
    force: bool,
}

const TEMPLATE: &str = include_str!("new.toml");

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let name = &arguments.name;
    let good = !name.is_empty()
        && name.len() <= 60
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !good {
        tell(&format!(
            "`{name}` is not a name: use up to 60 letters, digits, - and _"
        ));
        return Err(Failure::Input);
    }
    let schema = format!("{:#}\n", schema_of_scenario());
    write(&format!("{name}.toml"), TEMPLATE, arguments.force)?;
    // The schema is ours and is the same for all: an older one is replaced.
    write("yellowcart.schema.json", &schema, true)?;
    println!("wrote {name}.toml; run it with: yellowcart run {name}.toml");
    Ok(())
}

fn write(path: &str, text: &str, force: bool) -> Outcome {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options
        .open(Path::new(path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|why| {
        if why.kind() == std::io::ErrorKind::AlreadyExists {
            tell(&format!(
                "{path} exists: choose another name, or overwrite it with --force"
            ));
            Failure::Input
        } else {
            tell(&format!("cannot write {path}: {why}"));
            Failure::Unfinished
        }
    })
}
