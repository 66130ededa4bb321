//! Who is tried: baselines by name, programs by command, detectors of one's own; refused before anything is simulated where they cannot be.

use super::trial::{Entrant, Program};
use crate::detect::baselines::{BASELINES, baseline};
use crate::detect::outside::{self, Manner};
use crate::scenario::suggest;
use std::collections::BTreeSet;

/// Baselines by name (all of them where `names` is `None`), detectors of one's own, and programs. A program is called what it says; by its command where
/// somebody is called so already.
///
/// # Errors
/// A baseline or a program that there is not, or one that is named twice.
pub fn entrants(
    names: Option<&[String]>,
    yours: Vec<Entrant>,
    commands: &[String],
    manner: &Manner,
) -> Result<Vec<Entrant>, String> {
    let mut entrants = baselines_of(names)?;
    entrants.extend(yours);
    refuse_what_cannot_be(&entrants, commands)?;
    for command in commands {
        let mut program = Program::greet(command, manner.clone());
        let taken = entrants.iter().any(|one| one.name() == program.name);
        if taken || baseline(&program.name).is_some() {
            program.name.clone_from(command);
        }
        entrants.push(Entrant::Outside(program));
    }
    Ok(entrants)
}

fn baselines_of(names: Option<&[String]>) -> Result<Vec<Entrant>, String> {
    let Some(names) = names else {
        return Ok(BASELINES.iter().map(Entrant::Baseline).collect());
    };
    names
        .iter()
        .map(|name| {
            baseline(name).map(Entrant::Baseline).ok_or_else(|| {
                let near = suggest(name, BASELINES.iter().map(|baseline| baseline.name));
                let near = near.unwrap_or_else(|| "see `yellowcart detect list`".to_owned());
                format!("there is no baseline `{name}`: {near}")
            })
        })
        .collect()
}

/// What is tried twice, and programs that are not there.
fn refuse_what_cannot_be(entrants: &[Entrant], commands: &[String]) -> Result<(), String> {
    let names = entrants.iter().map(Entrant::name);
    let mut named = BTreeSet::new();
    for name in names.chain(commands.iter().cloned()) {
        if !named.insert(name.clone()) {
            return Err(format!("{name} is named twice: once is enough"));
        }
    }
    for command in commands {
        outside::find(command)?;
    }
    Ok(())
}

/// Refuses changes to a suite's market that would change nothing.
///
/// # Errors
/// A sentence.
pub fn refuse_seeds(changes: &[String]) -> Result<(), String> {
    let is_seed = |change: &&String| {
        let path = change.split('=').next().unwrap_or_default();
        path.trim() == "seed"
    };
    match changes.iter().find(is_seed) {
        None => Ok(()),
        Some(change) => Err(format!(
            "--set {change} would change nothing: streams have seeds of their own: change development_seed and test_seed in a suite file"
        )),
    }
}
