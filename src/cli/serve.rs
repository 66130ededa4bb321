//! `yellowcart serve`.

use super::{Failure, Outcome, bad_input, listen_for_interrupt, print, refused, tell, use_threads};
use crate::experiment::check_lesson;
use crate::scenario::{Lesson, Shelf, load_lesson, names, shipped};
use crate::serve::settings::{PaneSettings, Settings, public_name};
use crate::serve::{Links, Options, Trouble, serve};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// What is shown first.
const FIRST: &str = "diamond_necklace";

/// Opens the classroom page: a market that a class sees live, with controls, lessons, a prediction game and an audit of promises.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart serve                                   open the address that it prints in a browser
  yellowcart serve bought_views --seed 7
  yellowcart serve ./my_evening.toml --set population.consumers=50000
  yellowcart serve --lesson ./my_lesson.toml         a lesson of your own (yellowcart schema --of lesson)
  yellowcart serve --listen 0.0.0.0                  students may watch too: it prints a link for the teacher and one for the class

Without --listen only this machine can open the page. With it, whoever has the class's link can watch, vote and audit, and whoever has the
teacher's can do everything. The page needs no network beyond that, and asks for nothing from elsewhere. Ctrl-C ends it.
docs/classroom.md is for teachers.")]
pub struct Arguments {
    /// What is shown first: a shipped scenario (see `yellowcart list`) or a file
    #[arg(default_value = FIRST)]
    scenario: String,
    /// Seed of every random draw; the scenario's own by default
    #[arg(long)]
    seed: Option<u64>,
    /// Regime instead of the scenario's, one of the shipped ones
    #[arg(long)]
    regime: Option<String>,
    /// A change to the scenario, such as population.consumers=20000; may be given often. In a file of yours: of numbers and of true or false
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// A lesson beside the shipped ones, a file; may be given often
    #[arg(long = "lesson", value_name = "FILE")]
    lessons: Vec<String>,
    /// Let others open the page at this address of this machine, such as 0.0.0.0 for all of its addresses
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// Port; the first free one from 7878 on by default
    #[arg(long)]
    port: Option<u16>,
    /// Most consumers of a market that the page may run
    #[arg(long, value_name = "CONSUMERS", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=200_000_000))]
    largest: u64,
    /// Threads; all cores by default. What happens does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let lessons = lessons(&arguments.lessons)?;
    let mut files: Vec<PathBuf> = Vec::new();
    let named = lessons.iter().map(|lesson| &lesson.file.scenario);
    for scenario in std::iter::once(&arguments.scenario).chain(named) {
        if shipped(Shelf::Scenarios, scenario).is_none() {
            files.push(PathBuf::from(scenario));
        }
    }
    let options = Options {
        settings: Settings {
            scenario: match shipped(Shelf::Scenarios, &arguments.scenario) {
                Some(_) => arguments.scenario.clone(),
                None => public_name(Path::new(&arguments.scenario)),
            },
            seed: arguments.seed,
            changes: arguments.changes.clone(),
            a: PaneSettings {
                regime: arguments.regime.clone(),
                ..PaneSettings::default()
            },
            ..Settings::default()
        },
        files,
        lessons,
        largest_population: arguments.largest,
        listen: arguments.listen,
        port: arguments.port,
    };
    use_threads(arguments.threads);
    listen_for_interrupt();
    serve(options, say_where).map_err(|trouble| match trouble {
        Trouble::Input(refusal) => {
            if let Some(diagnostics) = &refusal.diagnostics {
                super::say!("{}", diagnostics.trim_end_matches('\n'));
            }
            bad_input(refusal.why)
        }
        Trouble::System(why) => {
            tell(&why);
            Failure::Unfinished
        }
    })
}

/// The shipped lessons, and those that were named.
fn lessons(named: &[String]) -> Result<Vec<Lesson>, Failure> {
    let shipped = names(Shelf::Lessons);
    let all = shipped.into_iter().map(str::to_owned);
    let mut found = Vec::new();
    for what in all.chain(named.iter().cloned()) {
        let lesson = load_lesson(&what, &[]).map_err(refused)?;
        check_lesson(&lesson).map_err(refused)?;
        found.push(lesson);
    }
    Ok(found)
}

fn say_where(links: &Links) {
    let mut text = format!("the page is at {}\n", links.teacher);
    if let Some(class) = &links.class {
        text.push_str(&format!(
            "that link is yours: whoever has it can do everything. For the class: {class}\n"
        ));
    }
    print(&text);
}
