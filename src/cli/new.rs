//! `yellowcart new`.

use super::{Failure, Outcome, bad_input, print, tell};
use crate::scenario::{schema_of_campaign, schema_of_scenario};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Writes a commented starting scenario that runs, or a campaign that can be audited, and the schema that editors complete it with.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart new my_evening
  yellowcart run my_evening.toml

  yellowcart new my_campaign --campaign
  yellowcart audit my_campaign.toml")]
pub struct Arguments {
    /// Name of the scenario: my_evening becomes my_evening.toml in this folder
    name: String,
    /// A campaign: products, prices, coupons and promises, without rooms or consumers
    #[arg(long)]
    campaign: bool,
    /// Overwrite files that exist
    #[arg(long)]
    force: bool,
}

const SCENARIO: &str = include_str!("new.toml");
const CAMPAIGN: &str = include_str!("new_campaign.toml");

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let name = &arguments.name;
    let good = !name.is_empty()
        && name.len() <= 60
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !good {
        return Err(bad_input(format!(
            "`{name}` is not a name: use up to 60 letters, digits, - and _"
        )));
    }
    let (template, schema, schema_file, verb) = if arguments.campaign {
        let file = "yellowcart.campaign.schema.json";
        (CAMPAIGN, schema_of_campaign(), file, "audit")
    } else {
        let file = "yellowcart.schema.json";
        (SCENARIO, schema_of_scenario(), file, "run")
    };
    write(&format!("{name}.toml"), template, arguments.force)?;
    // The schema is ours and is the same for all: an older one is replaced.
    write(schema_file, &format!("{schema:#}\n"), true)?;
    print(&format!(
        "wrote {name}.toml; {verb} it with: yellowcart {verb} {name}.toml\n"
    ));
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
            bad_input(format!(
                "{path} exists: choose another name, or overwrite it with --force"
            ))
        } else {
            tell(&format!("cannot write {path}: {why}"));
            Failure::Unfinished
        }
    })
}
