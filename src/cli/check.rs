//! `yellowcart check`.

use super::{Failure, Outcome, print, warn};
use crate::experiment::study::{Plan, Use};
use crate::scenario::file::{Evidence, RegimeFile};
use crate::scenario::{Bundle, Checked, Faults, Request, Study, check};

/// Checks scenarios, campaigns, scripts, regimes, suites and studies, and reports every error at once, each with its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart check my_evening.toml
  yellowcart check scenarios/*.toml
  yellowcart check my_evening.toml --format json   (for editors and scripts)")]
pub struct Arguments {
    /// Files, or names of shipped scenarios, scripts, regimes, suites and studies
    #[arg(required = true)]
    files: Vec<String>,
    /// A change to each scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// How faults are printed
    #[arg(long, value_enum, default_value_t = Style::Text)]
    format: Style,
}

/// How faults are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// for people
    Text,
    /// for programs
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let mut good = true;
    let mut json = Vec::new();
    for file in &arguments.files {
        let checked = check(&Request {
            what: file,
            overrides: &arguments.changes,
            ..Request::default()
        })
        .and_then(|checked| describe(&checked).map_err(Faults::one));
        match (checked, arguments.format) {
            (Ok(about), Style::Text) => print(&format!("ok  {file}: {about}\n")),
            (Ok(_), Style::Json) => {}
            (Err(faults), style) => {
                good = false;
                match style {
                    Style::Text => {
                        eprintln!("{file}:");
                        super::show_faults(&faults);
                    }
                    Style::Json => json.extend(faults.0.iter().map(|fault| {
                        let place = fault.place.as_ref();
                        let (line, column) = place.map_or((0, 0), |place| place.line_and_column());
                        serde_json::json!({
                            "file": place.map_or(file.as_str(), |place| place.source.name.as_str()),
                            "line": line,
                            "column": column,
                            "message": fault.message,
                            "help": fault.help,
                        })
                    })),
                }
            }
        }
    }
    if arguments.format == Style::Json {
        super::print_json(&json)?;
    }
    if good { Ok(()) } else { Err(Failure::Input) }
}

fn describe(checked: &Checked) -> Result<String, String> {
    match checked {
        Checked::Scenario(bundle) => sizes(bundle),
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
    }
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

/// How large it is; on the way, what is allowed and may not be meant.
fn sizes(bundle: &Bundle) -> Result<String, String> {
    let scenario = bundle.resolve()?;
    scenario.never_in_force().iter().for_each(|why| warn(why));
    let cues: usize = scenario.rooms.iter().map(|room| room.cues.len()).sum();
    Ok(format!(
        "{} rooms, {} products, {cues} cues, {} consumers",
        scenario.rooms.len(),
        scenario.products.len(),
        scenario.population.consumers
    ))
}
