//! `yellowcart detect list`.

use crate::cli::{Outcome, print};
use crate::detect::baselines::BASELINES;
use crate::scenario::{Shelf, load_suite, names};
use std::fmt::Write;

/// Lists the suites and the baselines.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> Outcome {
    let mut text = "Suites\n".to_owned();
    for name in names(Shelf::Suites) {
        let title = load_suite(name, &[]).map_or(String::new(), |suite| suite.file.title);
        let _ = writeln!(text, "  {name:<14} {title}");
    }
    text.push_str("\nBaselines\n");
    for baseline in BASELINES {
        let _ = writeln!(
            text,
            "  {:<22} {:<11} {:<54} {}",
            baseline.name,
            baseline.family.name(),
            baseline.looks_at,
            baseline.source
        );
    }
    print(&text);
    Ok(())
}
