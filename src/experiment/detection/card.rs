//! The data card: what a suite's streams are, how they were made, what is in them, and what the leak gate says, in a file that people read (Gebru et al.
//! 2021, "Datasheets for Datasets", is the model of its questions).

use super::board::StreamFacts;
use super::gate::FieldLeak;
use crate::experiment::VERSION;
use crate::scenario::Suite;
use crate::scenario::file::{PositiveTrait, SuiteFile};
use std::fmt::Write;

/// The card of a suite's streams, as Markdown.
pub fn card(
    suite: &Suite,
    streams: &[StreamFacts],
    (leaks, untested): (&[FieldLeak], &[String]),
) -> String {
    let mut text = String::new();
    let file = &suite.file;
    let _ = writeln!(
        text,
        "# Data card: suite {}\n\n{}\n\n{}\n",
        suite.name, file.title, file.story
    );
    made_how(&mut text, suite);
    inside(&mut text, streams);
    prevalence(&mut text, file);
    farms(&mut text, suite);
    gate(&mut text, leaks, untested);
    text.push_str(LIMITS);
    text
}

const LIMITS: &str = "## Limits\n
The streams come from a simulated market, not from a platform: they say how detectors compare where the truth is known, not how much they would find elsewhere.
Shares of rooms, sizes and behaviour of farms are assumptions where the suite or the scenario says so. Comments are classes, not texts. Payments carry no bank data.
There is nobody's data in it.\n";

fn made_how(text: &mut String, suite: &Suite) {
    let file = &suite.file;
    let _ = writeln!(text, "## How it was made\n");
    let _ = writeln!(
        text,
        "By yellowcart {VERSION}: the market of scenario `{}` run once for every seed, with what the suite puts into its rooms. The same version, suite, changes \
         and seed give the same bytes.\n",
        suite.market.name
    );
    let changes = &suite.changes;
    if !changes.is_empty() {
        let _ = writeln!(
            text,
            "The market was changed: `{}`.\n",
            changes.join("`, `")
        );
    }
    let last = |first: u64, count: u32| first + u64::from(count.saturating_sub(1));
    let _ = writeln!(
        text,
        "* Development: seeds {} to {}. Learn from them and fix thresholds on them.\n* Test: seeds {} to {}. Nothing may be chosen by them.\n",
        file.development_seed,
        last(file.development_seed, file.development_streams),
        file.test_seed,
        last(file.test_seed, file.test_streams),
    );
    let held_out: Vec<&str> = file
        .threats
        .iter()
        .filter(|(_, threat)| threat.held_out)
        .map(|(name, _)| name.as_str())
        .collect();
    let _ = writeln!(
        text,
        "Tactics that development streams do not have: {}.",
        words(&held_out)
    );
    let unknown: std::collections::BTreeSet<&str> = file
        .threats
        .values()
        .flat_map(|threat| threat.farms_unknown.iter().map(String::as_str))
        .collect();
    let unknown: Vec<&str> = unknown.into_iter().collect();
    let _ = writeln!(
        text,
        "Operators that they do not have: {}.\n",
        words(&unknown)
    );
}

fn words(names: &[&str]) -> String {
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

fn inside(text: &mut String, streams: &[StreamFacts]) {
    let _ = writeln!(
        text,
        "## What is in it\n\n\
         | seed | split | events | rooms | hours on air | accounts | of farms | orders | of farms | deceptions | benign twins |\n\
         |---|---|---|---|---|---|---|---|---|---|---|"
    );
    for stream in streams {
        let sum = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {:.0} | {} | {} | {} | {} | {} | {} |",
            stream.seed,
            stream.split,
            stream.events,
            stream.rooms,
            stream.room_hours,
            stream.accounts,
            stream.false_accounts,
            stream.orders,
            stream.false_orders,
            sum(&stream.campaigns),
            sum(&stream.twins),
        );
    }
    text.push('\n');
}

fn prevalence(text: &mut String, file: &SuiteFile) {
    let _ = writeln!(
        text,
        "## Prevalence, size and ramp\n\n\
         What a room does is drawn once a room. Sizes are lognormal: median, and spread in log units. Sources stand beside the values in the suite's file.\n\n\
         | name | kind | share of rooms | size | delivered within | farms | test alone |\n|---|---|---|---|---|---|---|"
    );
    let size = |size: PositiveTrait| format!("{} (spread {})", size.median, size.spread);
    let kind = |kind: &dyn erased::Word| kind.word();
    for (name, threat) in &file.threats {
        let farms: Vec<&str> = threat.farms.iter().map(String::as_str).collect();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} s | {} | {} |",
            kind(&threat.kind),
            threat.rooms,
            size(threat.size),
            threat.over_seconds,
            words(&farms),
            if threat.held_out { "yes" } else { "no" },
        );
    }
    for (name, mixture) in &file.mixtures {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | as its parts | as its parts | as its parts | {} |",
            mixture.parts.join(" + "),
            mixture.rooms,
            if mixture.held_out { "yes" } else { "no" },
        );
    }
    for (name, twin) in &file.twins {
        let _ = writeln!(
            text,
            "| {name} | {} (honest) | {} | {} | {} s | nobody | no |",
            kind(&twin.kind),
            twin.rooms,
            size(twin.size),
            twin.over_seconds,
        );
    }
    text.push('\n');
}

/// Who delivers, and how: dwell, and what accounts share.
fn farms(text: &mut String, suite: &Suite) {
    let _ = writeln!(
        text,
        "## Farms: dwell, ramp and what accounts share\n\n\
         Stays of bought viewers are lognormal: median in seconds, and spread in log units; 0 is no spread. A farm lets in no more accounts a second than it can. Values and sources \
         are those of the scenario `{}`.\n\n\
         | farm | stays | accounts | let in a second | on a device | at an address | with a wallet |\n|---|---|---|---|---|---|---|",
        suite.market.name
    );
    for (name, farm) in &suite.market.scenario.farms {
        let _ = writeln!(
            text,
            "| {name} | {:.0} s (spread {}) | {} | {} | {} | {} | {} |",
            60.0 * farm.view_minutes,
            farm.view_spread,
            farm.accounts,
            farm.accounts_per_second,
            farm.accounts_per_device,
            farm.accounts_per_address,
            farm.accounts_per_wallet,
        );
    }
    text.push('\n');
}

/// Words of enums as files spell them.
mod erased {
    use serde::Serialize;

    /// Something that is written as one word.
    pub trait Word {
        /// The word.
        fn word(&self) -> String;
    }

    impl<T: Serialize> Word for T {
        fn word(&self) -> String {
            let value = serde_json::to_value(self).ok();
            let word = value.as_ref().and_then(serde_json::Value::as_str);
            word.unwrap_or_default().to_owned()
        }
    }
}

fn gate(text: &mut String, leaks: &[FieldLeak], untested: &[String]) {
    let _ = writeln!(
        text,
        "## Leak gate\n\n\
         Whether any single field tells false events from real ones: a classifier of that field alone, fitted on development streams, tried on test streams. Area under \
         its ROC curve; 0.5 tells nothing. Fields of form (digits of identifiers, times within a second, rows) and \
         places may reach {}, what an event is about {}, words {}, counters of rooms {}; more where there are few cases, by four standard deviations of chance. \
         Of what an event is about, words and counters nothing is concluded where fewer than {} campaigns have such false events, since those of one campaign have much in common. \
         Words are compared among those that false events have at all: what only honest events have clears them, and is no leak. No word may be said by false events alone. \
         The gate looks at one event at a time; what two events have to do with each other, it sees of ties, rows and rooms alone.\n\n\
         | event | field | area | at most | false | campaigns | all |\n|---|---|---|---|---|---|---|",
        super::gate::MOST_OF_FORM,
        super::gate::MOST_OF_CONTENT,
        super::gate::MOST_OF_WORDS,
        super::gate::MOST_OF_COUNTERS,
        super::gate::LEAST_CAMPAIGNS,
    );
    for leak in leaks {
        let _ = writeln!(
            text,
            "| {} | {} | {:.3}{} | {} | {} | {} | {} |",
            leak.kind,
            leak.field,
            leak.area,
            if leak.leaks() { " **leaks**" } else { "" },
            format_args!("{:.3}", leak.most()),
            leak.false_events,
            leak.campaigns,
            leak.events
        );
    }
    text.push('\n');
    if !untested.is_empty() {
        let _ = writeln!(
            text,
            "Not tested, for want of false events or campaigns: {}.\n",
            untested.join("; ")
        );
    }
}
