//! A comparison as text for people: the main metrics in groups, arm by arm.

use super::canvas::number;
use super::comparison::{counted, telling};
use super::summary::columns;
use crate::experiment::compare::{Compared, Comparison, Difference, Mean, Verdict};
use crate::experiment::{Group, Metric};
use crate::money::in_thousands;
use std::fmt::Write as _;

/// The comparison as text; with `all` every metric, else the main ones.
pub fn comparison_table(comparison: &Comparison, all: bool) -> String {
    let mut out = String::new();
    head(&mut out, comparison);
    let shown: Vec<&Compared> = comparison
        .metrics
        .iter()
        .filter(|compared| all || is_main(comparison, compared))
        .collect();
    body(&mut out, comparison, &shown);
    let hidden = comparison.metrics.len() - shown.len();
    if hidden > 0 {
        let _ = writeln!(out, "{hidden} more metrics: --all, or differences.csv");
    }
    pairing(&mut out, comparison);
    rules(&mut out, comparison);
    for sentence in telling::sentences(comparison) {
        let _ = writeln!(out, "{sentence}");
    }
    out
}

fn head(out: &mut String, comparison: &Comparison) {
    let replications = comparison.seeds.len();
    let _ = writeln!(out, "{}", comparison.title);
    let _ = writeln!(
        out,
        "scenario {}, {} consumers; {}, paired by seed (base seed {})",
        comparison.scenario,
        number(comparison.consumers as f64),
        counted(replications, "replication"),
        comparison.base_seed
    );
    let primary = comparison
        .metrics
        .iter()
        .find(|compared| compared.metric.key == comparison.primary);
    let label = primary.map_or("", |compared| compared.metric.label.as_str());
    let _ = writeln!(
        out,
        "baseline {}; primary metric: {label} ({})",
        comparison.arms.first().map_or("", |arm| arm.name.as_str()),
        comparison.primary
    );
    if let Some(from) = &comparison.from {
        let _ = writeln!(
            out,
            "every replication branches from one shared state at {from}"
        );
    }
    for arm in &comparison.arms {
        if let Some(from) = arm
            .from
            .as_ref()
            .filter(|from| comparison.from.as_ref() != Some(from))
        {
            let _ = writeln!(out, "regime {} holds from {from}", arm.name);
        }
    }
    if let Some(seeds) = comparison.seeds_per_draw {
        let _ = writeln!(
            out,
            "{} redrawn: {} with {} each",
            counted(comparison.redrawn.len(), "assumption"),
            counted(replications / seeds.max(1) as usize, "draw"),
            counted(seeds as usize, "seed")
        );
    }
    for note in telling::about_intervals(comparison) {
        let _ = writeln!(out, "{note}");
    }
    if replications < 2 {
        let _ = writeln!(
            out,
            "one replication gives no intervals: raise --replications"
        );
    }
    out.push('\n');
}

/// What the default table shows: the primary metric, and of those that say something in any arm all that are not broken down.
fn is_main(comparison: &Comparison, compared: &Compared) -> bool {
    let broken_down = matches!(
        compared.metric.group,
        Group::HarmByChannel | Group::HarmBySegment
    );
    let values = compared.means.iter().flat_map(|mean| &mean.values);
    let says_something = values.flatten().any(|value| *value != 0.0);
    compared.metric.key == comparison.primary || (!broken_down && says_something)
}

/// Metrics group by group; what is lined up is lined up over all of them.
fn body(out: &mut String, comparison: &Comparison, shown: &[&Compared]) {
    let mut header = vec!["", "mean", "difference", "corrected 95 % from", "to"];
    if comparison.uncertainty {
        header.extend(["over seeds", "over assumptions"]);
    }
    let mut rows = vec![header.into_iter().map(str::to_owned).collect()];
    for compared in shown {
        let form = Form::of(compared);
        for (at, arm) in comparison.arms.iter().enumerate() {
            let mut row = vec![arm.name.clone(), form.mean(&compared.means[at])];
            if let Some(difference) = at
                .checked_sub(1)
                .and_then(|at| compared.differences.get(at))
            {
                row.extend(form.difference(difference, comparison.uncertainty));
            }
            rows.push(row);
        }
    }
    let last = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    columns(&mut text, "    ", &rows, |column| {
        column == 0 || (column > 4 && column + 1 == last)
    });
    let mut lines = text.lines();
    let _ = writeln!(out, "{}", lines.next().unwrap_or_default());
    let mut group = None;
    for compared in shown {
        if group != Some(compared.metric.group) {
            group = Some(compared.metric.group);
            let _ = writeln!(out, "{}", compared.metric.group.title());
        }
        let primary = match compared.metric.key == comparison.primary {
            true => " (primary)",
            false => "",
        };
        let _ = writeln!(
            out,
            "  {}, {}{primary}",
            compared.metric.label,
            unit(&compared.metric)
        );
        for line in lines.by_ref().take(comparison.arms.len()) {
            let _ = writeln!(out, "{line}");
        }
    }
    out.push('\n');
}

/// Shares are shown in percent.
fn unit(metric: &Metric) -> &str {
    match metric.unit.as_str() {
        "share" => "%",
        unit => unit,
    }
}

/// How the numbers of a metric are written: in percent or not, and with how many digits.
struct Form {
    times: f64,
    digits: usize,
}

impl Form {
    /// As many digits as the narrowest interval bears: two of its half width.
    fn of(compared: &Compared) -> Self {
        let times = match compared.metric.unit.as_str() {
            "share" => 100.0,
            _ => 1.0,
        };
        let of_means = compared.means.iter().map(|mean| mean.interval);
        let of_differences = compared
            .differences
            .iter()
            .map(|difference| difference.uncorrected);
        let narrowest = of_means
            .chain(of_differences)
            .map(|[low, high]| times * 0.5 * (high - low))
            .filter(|half_width| *half_width > 0.0)
            .fold(f64::INFINITY, f64::min);
        let digits = match narrowest.is_finite() {
            true => 1.0 - libm::floor(libm::log10(narrowest)),
            false => 2.0,
        };
        Self {
            times,
            digits: digits.clamp(0.0, 4.0) as usize,
        }
    }

    fn number(&self, value: f64) -> String {
        let text = format!("{:.*}", self.digits, self.times * value);
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let (sign, whole) = whole
            .strip_prefix('-')
            .map_or(("", whole), |whole| ("-", whole));
        let nothing = text.chars().all(|letter| !matches!(letter, '1'..='9'));
        let sign = if nothing { "" } else { sign };
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{rest}", in_thousands(whole))
    }

    fn signed(&self, value: f64) -> String {
        let text = self.number(value);
        match value > 0.0 && text.contains(|letter| matches!(letter, '1'..='9')) {
            true => format!("+{text}"),
            false => text,
        }
    }

    fn mean(&self, mean: &Mean) -> String {
        match mean.values.iter().any(Option::is_some) {
            true => self.number(mean.mean),
            false => "-".to_owned(),
        }
    }

    /// Difference, interval, what it is made of where assumptions were redrawn, and what to make of it.
    fn difference(&self, difference: &Difference, uncertainty: bool) -> Vec<String> {
        if difference.pairs == 0 {
            return vec!["-".to_owned()];
        }
        let mut cells = vec![self.signed(difference.mean)];
        let ends = |interval: [f64; 2]| interval.map(|end| self.number(end));
        match difference.pairs {
            1 => cells.extend([String::new(), String::new()]),
            _ => cells.extend(ends(difference.corrected)),
        }
        if uncertainty {
            let between = |interval| ends(interval).join(" to ");
            let of_seeds = difference.seed_interval.map(between);
            cells.push(of_seeds.unwrap_or_default());
            cells.push(telling::over_assumptions(difference, between));
        }
        cells.push(verdict(difference));
        cells
    }
}

/// What to make of a difference.
fn verdict(difference: &Difference) -> String {
    let verdict = difference.verdict();
    match verdict {
        Verdict::Untold => String::new(),
        Verdict::Same => "no difference in any replication".to_owned(),
        Verdict::Rare { .. } => verdict.words(),
        Verdict::Differs => telling::p_in_words(difference),
        Verdict::RestsOn { .. } => {
            format!("{}, {}", telling::p_in_words(difference), verdict.words())
        }
        Verdict::Indistinct => match difference.more {
            Some(more) => {
                let more = counted(more as usize, "more replication");
                format!("not distinguishable yet: about {more}")
            }
            None => "not distinguishable".to_owned(),
        },
    }
}

/// What pairing brought, for the primary metric.
fn pairing(out: &mut String, comparison: &Comparison) {
    let Some(primary) = comparison
        .metrics
        .iter()
        .find(|compared| compared.metric.key == comparison.primary)
    else {
        return;
    };
    for (arm, difference) in comparison.arms.iter().skip(1).zip(&primary.differences) {
        let (Some(correlation), Some(saving)) = (difference.correlation, difference.saving) else {
            continue;
        };
        let _ = writeln!(
            out,
            "pairing, {}: correlation {correlation:.3} with the baseline; a paired replication tells as much as {} unpaired",
            arm.name,
            number(saving)
        );
    }
}

fn rules(out: &mut String, comparison: &Comparison) {
    for (at, arm) in comparison.arms.iter().enumerate() {
        let acted = arm.rules.iter().filter(|(_, times)| *times > 0);
        let (feared, acting): (Vec<_>, Vec<_>) =
            acted.partition(|(rule, _)| telling::only_feared(comparison, at, rule));
        let idle = arm.rules.iter().filter(|(_, times)| *times == 0);
        let idle: Vec<&str> = idle.map(|(rule, _)| rule.as_str()).collect();
        for (what, rules) in [
            ("rules that acted", with_times(comparison, &acting)),
            (
                "rules that acted only through what sellers expect of them",
                with_times(comparison, &feared),
            ),
            ("rules that never acted", idle.join(", ")),
        ] {
            if !rules.is_empty() {
                let _ = writeln!(out, "regime {}: {what}: {rules}", arm.name);
            }
        }
    }
}

/// Rules, each with the number of replications in which it acted where that is not all.
fn with_times(comparison: &Comparison, rules: &[&(String, u32)]) -> String {
    let replications = comparison.seeds.len() as u32;
    let rules = rules
        .iter()
        .map(|(rule, times)| match *times == replications {
            true => rule.clone(),
            false => format!("{rule} ({times} of {replications})"),
        });
    rules.collect::<Vec<String>>().join(", ")
}
