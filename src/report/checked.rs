//! What `check` says of a file that it found good: what it is, how large, and what in it may not be meant.

use crate::experiment::check_lesson;
use crate::experiment::study::{Plan, Use};
use crate::scenario::file::{Evidence, RegimeFile};
use crate::scenario::{Bundle, Checked, Lesson, Study};

/// What a file that was found good is, and what is allowed in it and may not be meant.
///
/// # Errors
/// What is wrong all the same, as a sentence.
pub fn checked_in_words(checked: &Checked) -> Result<(String, Vec<String>), String> {
    let about = match checked {
        Checked::Scenario(bundle) => return sizes_and_notes(bundle),
        Checked::Campaign(campaign) => Ok(format!(
            "a campaign: {} products, {} prices, {} coupons, {} promises",
            campaign.goods.len(),
            campaign.posted.len(),
            campaign.coupons.len(),
            campaign.promises.len()
        )),
        Checked::Script => Ok("a script".to_owned()),
        Checked::Regime(regime) => Ok(rules(regime)),
        Checked::Suite(suite) => Ok(format!(
            "a suite: {} threats, {} mixtures, {} benign twins in rooms of {}; {} development and {} test streams",
            suite.file.threats.len(),
            suite.file.mixtures.len(),
            suite.file.twins.len(),
            suite.market.name,
            suite.file.development_streams,
            suite.file.test_streams
        )),
        Checked::Study(study) => study_in_words(study),
        Checked::Lesson(lesson) => lesson_in_words(lesson),
    };
    about.map(|about| (about, Vec::new()))
}

/// A study with its design; what is wrong with its points, metrics or ends of factors is found here.
fn study_in_words(study: &Study) -> Result<String, String> {
    let scenario = study.bundle.name.clone();
    let of = match study.file.design {
        Some(_) => Use::Sweep,
        None => Use::Calibration,
    };
    let plan = Plan::of(study.clone(), of).map_err(|faults| {
        let sentences = faults.sentences();
        sentences.err().unwrap_or_default()
    })?;
    let mut parts = vec![counted(plan.factors.len(), "factor")];
    if of == Use::Sweep {
        parts.push(counted(plan.designed_points().len(), "point"));
    }
    if !plan.file.targets.is_empty() {
        parts.push(counted(plan.file.targets.len(), "target"));
    }
    let replications = counted(plan.file.replications as usize, "replication");
    Ok(format!(
        "a study of {scenario}: {}, {replications} of each",
        parts.join(", ")
    ))
}

/// A lesson with its panes; whether there are the metrics that it asks for is found here.
fn lesson_in_words(lesson: &Lesson) -> Result<String, String> {
    check_lesson(lesson).map_err(|faults| faults.sentences().err().unwrap_or_default())?;
    let panes = 1 + usize::from(lesson.file.b.is_some());
    Ok(format!(
        "a lesson of {} minutes on {}: {}, {} consumers",
        lesson.file.minutes,
        lesson.bundle.name,
        counted(panes, "pane"),
        lesson.bundle.scenario.population.consumers
    ))
}

fn rules(regime: &RegimeFile) -> String {
    let provisions = regime.provisions();
    let assumed = provisions
        .iter()
        .filter(|provision| provision.evidence == Evidence::A)
        .count();
    let (fines, rules) = (regime.fines.len(), provisions.len() - regime.fines.len());
    match provisions.is_empty() {
        true => "a regime without rules".to_owned(),
        false => format!(
            "a regime: {} and {}, {assumed} of them assumed",
            counted(rules, "rule"),
            counted(fines, "fine")
        ),
    }
}

fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// How large a scenario is; and which of its rules never hold.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn sizes_and_notes(bundle: &Bundle) -> Result<(String, Vec<String>), String> {
    let scenario = bundle.resolve()?;
    let cues: usize = scenario.rooms.iter().map(|room| room.cues.len()).sum();
    let sizes = format!(
        "{} rooms, {} products, {cues} cues, {} consumers",
        scenario.rooms.len(),
        scenario.products.len(),
        scenario.population.consumers
    );
    Ok((sizes, scenario.never_in_force().into_iter().collect()))
}
