//! What a study consists of: the scenario, the factors, the points, the seeds. A plan is all that is needed to do any of its runs anywhere: a run's bytes
//! depend on the plan, the point's number and the replication's, and on nothing else.

use super::calibration::Target;
use super::design::{self, MOST_POINTS, Point, Use};
use super::factor::{Factor, Spread, Value, json_of};
use super::outcome::Job;
use super::ready::Ready;
use super::smc::Settings;
use crate::draws::{identity_of_name, identity_of_pair, seed_of};
use crate::experiment::{Metric, VERSION, metrics_in, no_metric};
use crate::scenario::file::{DesignKind, FactorTable, RegimeFile, ScaleKind, StudyFile};
use crate::scenario::registry::{Parameter, Sweep};
use crate::scenario::{Bundle, Fault, Faults, Study};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a study consists of. One that is read back is checked, since anybody may have changed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the program.
    pub version: String,
    /// Name of the study.
    pub study: String,
    /// What its points are for.
    pub of: Use,
    /// The file.
    pub file: StudyFile,
    /// The scenario as every point has it, but for the factors; its seed is the base seed.
    pub bundle: Bundle,
    /// Regimes that factors name.
    pub regimes: BTreeMap<String, RegimeFile>,
    /// The factors, in order of name.
    pub factors: Vec<Factor>,
    /// Every metric, in order.
    pub metrics: Vec<Metric>,
    /// Keys of the metrics that tables and figures show first.
    pub shown: Vec<String>,
}

/// Points that are tried before the first run, at most: a thousand take about a second.
const MOST_TRIED: usize = 4_096;

/// Metrics shown first unless the study says otherwise, as far as the scenario has them.
const SHOWN: [&str; 3] = ["net_detriment", "deception_harm", "paid_sales"];

impl Plan {
    /// The plan of a study.
    ///
    /// # Errors
    /// What is wrong with its design, its metrics, or the ends of its factors.
    pub fn of(study: Study, of: Use) -> Result<Self, Faults> {
        let Study {
            name,
            file,
            bundle,
            regimes,
            parameters,
        } = study;
        let scenario = bundle.resolve().map_err(Faults::one)?;
        let metrics = metrics_in(scenario);
        let (json, _) = json_of(&bundle).map_err(Faults::one)?;
        let tables = file.factors.iter();
        let factors = tables
            .map(|(name, table)| factor_of(name, table, parameters.get(name.as_str()), &json));
        let factors = factors
            .collect::<Result<Vec<Factor>, String>>()
            .map_err(Faults::one)?;
        let plan = Self {
            version: VERSION.to_owned(),
            study: name,
            of,
            shown: shown(&file, of, &metrics)?,
            file,
            bundle,
            regimes,
            factors,
            metrics,
        };
        plan.is_of_use()?;
        plan.names_apart()?;
        plan.few_enough()?;
        plan.ends_are_allowed()?;
        plan.points_are_allowed()?;
        Ok(plan)
    }

    /// Whether the file says what the use asks of it.
    fn is_of_use(&self) -> Result<(), Faults> {
        let kind = self.file.design.as_ref().map(|design| design.kind);
        let refuse = |message: String, help: &str| Err(Faults(vec![Fault::of(message).help(help)]));
        let table = &self.file.calibration;
        match (self.of, kind) {
            (Use::Calibration, _) if self.file.targets.is_empty() => refuse(
                "the study has no targets".to_owned(),
                "add [targets.NAME] with metric, value and tolerance: what was observed",
            ),
            (Use::Calibration, _) if self.settings().candidates < 2 * table.particles as usize => {
                let needed = 2 * u64::from(table.particles) * u64::from(self.file.replications);
                refuse(
                    format!(
                        "{} runs are too few: two rounds of {} particles need {needed}",
                        table.runs, table.particles
                    ),
                    "raise runs in [calibration], or lower particles or replications",
                )
            }
            (Use::Calibration, _) | (Use::Sweep, Some(_)) => Ok(()),
            (Use::Sensitivity, Some(DesignKind::Morris | DesignKind::Sobol)) => Ok(()),
            (Use::Sensitivity, Some(_)) => refuse(
                "the study's design does not tell what each factor accounts for".to_owned(),
                "use morris (elementary effects) or sobol (shares of variance), or run: yellowcart sweep",
            ),
            (Use::Sweep | Use::Sensitivity, None) => refuse(
                "the study has no design".to_owned(),
                "add [design] with a kind, or run: yellowcart calibrate",
            ),
        }
    }

    fn names_apart(&self) -> Result<(), Faults> {
        let taken = |factor: &&Factor| {
            RUN_COLUMNS.contains(&factor.name.as_str())
                || self.metrics.iter().any(|metric| metric.key == factor.name)
        };
        match self.factors.iter().find(taken) {
            Some(factor) => Err(Faults(vec![
                Fault::of(format!(
                    "a factor cannot be called `{}`: a column of results is",
                    factor.name
                ))
                .help("rename it"),
            ])),
            None => Ok(()),
        }
    }

    fn few_enough(&self) -> Result<(), Faults> {
        let Some(design) = &self.file.design else {
            return Ok(());
        };
        let count = design::count(design, &self.levels(), self.of);
        match count > MOST_POINTS {
            true => Err(Faults(vec![
                Fault::of(format!(
                    "the design has {count} points; {MOST_POINTS} are the most"
                ))
                .help("take fewer levels or points, or another design"),
            ])),
            false => Ok(()),
        }
    }

    /// The lowest and the highest value of every factor, each by itself, must be allowed.
    fn ends_are_allowed(&self) -> Result<(), Faults> {
        let ready = Ready::of(self).map_err(Faults::one)?;
        let mut faults = Faults::default();
        for (at, factor) in self.factors.iter().enumerate() {
            let coordinates: Vec<f64> = match factor.spread.levels() {
                0 => vec![0.0, 1.0],
                levels => design::middles(levels),
            };
            for coordinate in coordinates {
                let mut point = vec![None; self.factors.len()];
                point[at] = Some(coordinate);
                let tried = ready
                    .put_together(&point)
                    .and_then(|bundle| bundle.resolve());
                if let Err(why) = tried {
                    let value = factor.at(coordinate);
                    let fault = Fault::of(format!("factor `{}` at {value}: {why}", factor.name));
                    faults.push(
                        fault.help("every value that the design can come to has to be allowed"),
                    );
                }
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// Values that are allowed each by itself need not be allowed together: every point of a design is tried before any is run, as far as that takes seconds.
    fn points_are_allowed(&self) -> Result<(), Faults> {
        let ready = Ready::of(self).map_err(Faults::one)?;
        let points = self.designed_points();
        for point in points.iter().take(MOST_TRIED) {
            if let Err(why) = ready.bundle_of(point) {
                let fault = Fault::of(why);
                let help = "leave combinations out that cannot be, or run fewer factors together";
                return Err(Faults(vec![fault.help(help)]));
            }
        }
        Ok(())
    }

    /// Checks what was read back from a file.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        let design = self.file.design.as_ref();
        let count = design.map_or(1, |design| design::count(design, &self.levels(), self.of));
        let good = !self.factors.is_empty()
            && count <= MOST_POINTS
            && (1..=10_000).contains(&self.file.replications)
            && self.factors.iter().all(|factor| match &factor.spread {
                Spread::Values(values) => !values.is_empty(),
                Spread::Regimes(regimes) => {
                    !regimes.is_empty()
                        && regimes.iter().all(|name| self.regimes.contains_key(name))
                }
                _ => true,
            });
        match good {
            true => Ok(()),
            false => Err("it holds no plan of a study".to_owned()),
        }
    }

    fn levels(&self) -> Vec<u32> {
        self.factors
            .iter()
            .map(|factor| factor.spread.levels())
            .collect()
    }

    /// The points of the design, in order; none where there is none.
    pub fn designed_points(&self) -> Vec<Point> {
        let design = self.file.design.as_ref();
        let design = design.filter(|_| self.of != Use::Calibration);
        let levels = self.levels();
        let points =
            design.map(|design| design::points(design, &levels, self.of, self.bundle.seed));
        points.unwrap_or_default()
    }

    /// The value of each factor at a point; `None` where it is left as the scenario has it.
    pub fn values_of(&self, point: &Point) -> Vec<Option<Value>> {
        let factors = self.factors.iter().zip(point);
        factors
            .map(|(factor, coordinate)| coordinate.map(|coordinate| factor.at(coordinate)))
            .collect()
    }

    /// Seed of a run: of a replication the same at all points, so that what differs between points is what the factors do. In a calibration every candidate has luck of its own: particles
    /// that all had the same would be those that fit it.
    pub fn seed_of(&self, job: Job) -> u64 {
        let identity = match self.of {
            Use::Calibration => {
                identity_of_pair(identity_of_name("candidate"), u64::from(job.point))
            }
            Use::Sweep | Use::Sensitivity => identity_of_name("seed"),
        };
        seed_of(self.bundle.seed, identity, job.replication)
    }

    /// What was observed, with the places of the metrics; none but in a calibration.
    pub fn targets(&self) -> Vec<Target> {
        let place = |key: &str| self.metrics.iter().position(|metric| metric.key == key);
        let tables = self.file.targets.values();
        let known = tables.filter_map(|table| {
            Some(Target {
                place: place(&table.metric)?,
                value: table.value,
                tolerance: table.tolerance,
            })
        });
        match self.of {
            Use::Calibration => known.collect(),
            Use::Sweep | Use::Sensitivity => Vec::new(),
        }
    }

    /// How a calibration goes about it.
    pub fn settings(&self) -> Settings {
        let table = &self.file.calibration;
        Settings {
            particles: table.particles as usize,
            keep: table.keep,
            rounds: table.rounds as usize,
            candidates: (table.runs / self.file.replications.max(1)) as usize,
            near: 1.0,
        }
    }
}

/// Columns of results beside factors and metrics.
pub const RUN_COLUMNS: [&str; 14] = [
    "point",
    "replication",
    "replications",
    "seed",
    "summary_sha256",
    "states_sha256",
    "candidate",
    "weight",
    "distance",
    "metric",
    "unit",
    "mean",
    "low",
    "high",
];

/// A factor as its table says, or as its parameter is declared to be plausible.
fn factor_of(
    name: &str,
    table: &FactorTable,
    parameter: Option<&Parameter>,
    scenario: &Json,
) -> Result<Factor, String> {
    let path = table.path.clone().unwrap_or_default();
    let declared = || declared_spread(&path, parameter, scenario);
    let spread = match table {
        FactorTable {
            range: Some(ends),
            scale: ScaleKind::Linear,
            ..
        } => Spread::Range(*ends),
        FactorTable {
            range: Some(ends),
            scale: ScaleKind::Log,
            ..
        } if ends[0] > 0.0 => Spread::LogRange(*ends),
        FactorTable { range: Some(_), .. } => {
            return Err(format!(
                "factor `{name}`: a logarithmic range begins above 0"
            ));
        }
        FactorTable {
            values: Some(values),
            ..
        } => Spread::Values(values.clone()),
        FactorTable {
            normal: Some(normal),
            ..
        } => Spread::Normal(*normal),
        FactorTable {
            lognormal: Some(lognormal),
            ..
        } => Spread::Lognormal(*lognormal),
        FactorTable {
            triangular: Some(corners),
            ..
        } => Spread::Triangular(*corners),
        FactorTable {
            regimes: Some(regimes),
            ..
        } => Spread::Regimes(regimes.clone()),
        _ => declared()?,
    };
    Ok(Factor {
        name: name.to_owned(),
        label: table
            .label
            .clone()
            .unwrap_or_else(|| name.replace('_', " ")),
        path,
        unit: parameter.map_or(String::new(), |parameter| parameter.unit.clone()),
        whole: parameter.is_some_and(|parameter| parameter.is_whole()),
        spread,
    })
}

/// Within what a parameter is declared to be plausible, around the scenario's own value where it is declared so.
fn declared_spread(
    path: &str,
    parameter: Option<&Parameter>,
    scenario: &Json,
) -> Result<Spread, String> {
    let own = path.split('.').try_fold(scenario, |json, step| match json {
        Json::Array(entries) => entries.get(step.parse::<usize>().ok()?),
        json => json.get(step),
    });
    let own = own.and_then(Json::as_f64);
    let own = || own.ok_or_else(|| format!("the scenario has no number at `{path}`: give a range"));
    match parameter.and_then(|parameter| parameter.sweep) {
        Some(Sweep::Range(ends)) => Ok(Spread::Range(ends)),
        Some(Sweep::Factor(ends)) => {
            let own = own()?;
            Ok(Spread::LogRange(ends.map(|factor| own * factor)))
        }
        Some(Sweep::Odds(ends)) => {
            let own = own()?;
            Ok(Spread::Range(
                ends.map(|factor| own * factor / (1.0 + own * (factor - 1.0))),
            ))
        }
        None => Err(format!("no range is declared for `{path}`: give one")),
    }
}

fn shown(file: &StudyFile, of: Use, metrics: &[Metric]) -> Result<Vec<String>, Faults> {
    let has = |key: &str| metrics.iter().any(|metric| metric.key == key);
    let stop = file.stop.iter().map(|stop| &stop.metric);
    let targets = file.targets.values().map(|target| &target.metric);
    let mut faults = Faults::default();
    for key in file.metrics.iter().chain(stop).chain(targets) {
        if !has(key) {
            faults.0.append(&mut no_metric(key, metrics).0);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut shown = file.metrics.clone();
    if shown.is_empty() || of == Use::Calibration {
        for target in file.targets.values() {
            if !shown.contains(&target.metric) {
                shown.push(target.metric.clone());
            }
        }
    }
    if shown.is_empty() {
        shown.extend(
            SHOWN
                .iter()
                .filter(|key| has(key))
                .map(|key| (*key).to_owned()),
        );
    }
    Ok(shown)
}
