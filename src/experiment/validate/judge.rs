//! The verdict: where a statistic's mean over seeds lies, against its band.
//!
//! A statistic is reproduced if the 95 % interval of its mean over seeds (Student's t; of rare events, the exact Poisson interval of their rate) lies
//! in its band, not reproduced if it lies outside, and inconclusive if it does both: then more seeds would tell. A pattern is reproduced if every
//! statistic that decides is: those of its own kind, so that the guides of a hard pattern do not.

use super::pattern::{Kind, Measured, Pattern, Standing, Statistic};
use crate::experiment::compare::statistics::{LEVEL, Moments};
use serde::{Deserialize, Serialize};

/// How a pattern or a statistic fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is in its band.
    Reproduced,
    /// It is not.
    NotReproduced,
    /// Its interval lies on both sides of an end of the band.
    Inconclusive,
    /// It was put in.
    ByConstruction,
}

impl Verdict {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::NotReproduced => "not reproduced",
            Verdict::Inconclusive => "inconclusive",
            Verdict::ByConstruction => "by construction",
        }
    }

    /// Where an interval lies against a band. Where the band has one end only ("more than nothing") that end is not in it.
    pub fn of([low, high]: [f64; 2], [from, to]: [f64; 2]) -> Self {
        if to == f64::INFINITY {
            return Self::above([low, high], from);
        }
        if from == f64::NEG_INFINITY {
            return Self::above([-high, -low], -to);
        }
        if from <= low && high <= to {
            Verdict::Reproduced
        } else if high < from || to < low {
            Verdict::NotReproduced
        } else {
            Verdict::Inconclusive
        }
    }

    fn above([low, high]: [f64; 2], from: f64) -> Self {
        if low > from {
            Verdict::Reproduced
        } else if high <= from {
            Verdict::NotReproduced
        } else {
            Verdict::Inconclusive
        }
    }
}

/// A statistic as measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedStatistic {
    /// Key.
    pub key: String,
    /// In words.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Hard or soft.
    pub kind: Kind,
    /// The band; `None`: no bound on that side.
    pub band: [Option<f64>; 2],
    /// Values at each seed, in order.
    pub values: Vec<Option<f64>>,
    /// Their mean; of rare events, all events per exposure. `None` where nothing could be measured.
    pub mean: Option<f64>,
    /// 95 % interval of the mean.
    pub interval: Option<[f64; 2]>,
    /// Rare events in all, where it is a rate of such.
    pub events: Option<u64>,
    /// The verdict on it, had it not been put in.
    pub verdict: Verdict,
}

/// A pattern as measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedPattern {
    /// Its number.
    pub key: String,
    /// What it says.
    pub title: String,
    /// Where it is known from.
    pub source: String,
    /// Hard or soft.
    pub kind: Kind,
    /// The verdict.
    pub verdict: Verdict,
    /// The mechanism that brings it about, or why it is by construction.
    pub mechanism: String,
    /// Changes that switch the mechanism off.
    pub without: Vec<String>,
    /// Scenarios in which it was measured, with their changes and rules.
    pub runs: Vec<String>,
    /// What was measured.
    pub statistics: Vec<JudgedStatistic>,
}

impl JudgedPattern {
    /// Whether it is a hard pattern that is not met.
    pub fn fails(&self) -> bool {
        self.kind == Kind::Hard && self.verdict == Verdict::NotReproduced
    }
}

/// Judges a pattern by what was measured.
pub fn judge(pattern: &Pattern, measured: Vec<Measured>) -> JudgedPattern {
    let pairs = pattern.statistics.iter().zip(measured);
    let statistics: Vec<JudgedStatistic> = pairs
        .map(|(statistic, measured)| judge_statistic(statistic, measured))
        .collect();
    let (mechanism, without, constructed) = match pattern.standing {
        Standing::Outcome { mechanism, without } => (mechanism, without, false),
        Standing::ByConstruction { why } => (why, &[][..], true),
    };
    JudgedPattern {
        key: pattern.key.to_owned(),
        title: pattern.title.to_owned(),
        source: pattern.source.to_owned(),
        kind: pattern.kind,
        verdict: match constructed {
            true => Verdict::ByConstruction,
            false => together(pattern.kind, &statistics),
        },
        mechanism: mechanism.to_owned(),
        without: without.iter().map(|change| (*change).to_owned()).collect(),
        runs: pattern.variants.iter().map(run_in_words).collect(),
        statistics,
    }
}

fn run_in_words(variant: &super::pattern::Variant) -> String {
    let mut words = variant.scenario.to_owned();
    if let Some(rules) = variant.rules {
        words.push_str(&format!(" under {}", rules.name));
    }
    for change in variant.changes {
        words.push_str(&format!(" --set '{change}'"));
    }
    words
}

/// The verdict on a pattern: of those statistics that decide, the worst.
fn together(kind: Kind, statistics: &[JudgedStatistic]) -> Verdict {
    let deciding = statistics
        .iter()
        .filter(|statistic| kind == Kind::Soft || statistic.kind == Kind::Hard);
    let verdicts: Vec<Verdict> = deciding.map(|statistic| statistic.verdict).collect();
    let worst = [Verdict::NotReproduced, Verdict::Inconclusive];
    let found = worst.into_iter().find(|verdict| verdicts.contains(verdict));
    found.unwrap_or(match verdicts.is_empty() {
        true => Verdict::Inconclusive,
        false => Verdict::Reproduced,
    })
}

fn judge_statistic(statistic: &Statistic, measured: Measured) -> JudgedStatistic {
    let (values, mean, interval, events) = match measured {
        Measured::BySeed(values) => {
            let known: Vec<f64> = values.iter().copied().flatten().collect();
            let moments = Moments::of(&known);
            let mean = (!known.is_empty()).then_some(moments.mean);
            // One seed says nothing of the spread over seeds.
            let interval = (known.len() > 1).then(|| moments.interval(LEVEL));
            let interval = interval.map(|[low, high]| match statistic.unit {
                "share" => [low.max(0.0), high.min(1.0)],
                _ => [low, high],
            });
            (values, mean, interval, None)
        }
        Measured::Rare { events, exposure } => rate_of(&events, &exposure),
    };
    let bound = |end: f64| end.is_finite().then_some(end);
    JudgedStatistic {
        key: statistic.key.to_owned(),
        label: statistic.label.to_owned(),
        unit: statistic.unit.to_owned(),
        kind: statistic.kind,
        band: statistic.band.map(bound),
        verdict: interval.map_or(Verdict::Inconclusive, |interval| {
            Verdict::of(interval, statistic.band)
        }),
        values,
        mean,
        interval,
        events,
    }
}

type Rate = (Vec<Option<f64>>, Option<f64>, Option<[f64; 2]>, Option<u64>);

/// The rate of rare events over all seeds together, with its exact Poisson interval.
fn rate_of(events: &[u64], exposure: &[f64]) -> Rate {
    let each = events.iter().zip(exposure);
    let values = each
        .map(|(events, exposure)| super::sample::share(*events as f64, *exposure))
        .collect();
    let (all, whole): (u64, f64) = (events.iter().sum(), exposure.iter().sum());
    let interval = (whole > 0.0).then(|| poisson_interval(all, LEVEL).map(|end| end / whole));
    let mean = super::sample::share(all as f64, whole);
    (values, mean, interval, Some(all))
}

/// Exact interval of the mean of a Poisson variable that came to `count` (Garwood 1936): the means under which so many or more, and so many or fewer,
/// have probability level / 2.
pub fn poisson_interval(count: u64, level: f64) -> [f64; 2] {
    let half = 0.5 * level;
    let low = match count {
        0 => 0.0,
        // P(X >= count; mean) = half: P(X <= count - 1; mean) = 1 - half.
        _ => mean_at(count - 1, 1.0 - half),
    };
    [low, mean_at(count, half)]
}

/// The mean at which a Poisson variable is at most `count` with a given probability.
fn mean_at(count: u64, probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while at_most(count, high) > probability {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        match at_most(count, middle) > probability {
            true => low = middle,
            false => high = middle,
        }
    }
}

/// P(X <= count) of a Poisson variable, summed from the largest term down so that nothing underflows.
fn at_most(count: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    let term = |n: u64| {
        let n = n as f64;
        libm::exp(n * libm::log(mean) - mean - libm::lgamma(n + 1.0))
    };
    let mut sum = 0.0;
    for n in (0..=count).rev() {
        let next = term(n);
        sum += next;
        if next < 1.0e-18 * sum && (n as f64) < mean {
            break;
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the table in Garwood (1936) as every handbook has them: 0: 0 to 3.689, 1: 0.0253 to 5.572, 10: 4.795 to 18.39, 100: 81.36 to 121.63.
    #[test]
    fn the_poisson_interval_is_garwoods() {
        for (count, low, high) in [
            (0, 0.0, 3.6889),
            (1, 0.0253, 5.5716),
            (10, 4.7954, 18.3904),
            (100, 81.3640, 121.6268),
        ] {
            let [a, b] = poisson_interval(count, 0.05);
            assert!((a - low).abs() < 6.0e-5, "{count}: {a}");
            assert!((b - high).abs() < 6.0e-5, "{count}: {b}");
        }
    }

    #[test]
    fn an_interval_is_in_its_band_outside_or_both() {
        let band = [1.0, 2.0];
        assert_eq!(Verdict::of([1.0, 2.0], band), Verdict::Reproduced);
        assert_eq!(Verdict::of([0.9, 1.5], band), Verdict::Inconclusive);
        assert_eq!(Verdict::of([0.0, 3.0], band), Verdict::Inconclusive);
        assert_eq!(Verdict::of([2.1, 3.0], band), Verdict::NotReproduced);
        let above = [0.0, f64::INFINITY];
        assert_eq!(Verdict::of([0.1, 1.0e300], above), Verdict::Reproduced);
        assert_eq!(Verdict::of([0.0, 0.0], above), Verdict::NotReproduced);
        assert_eq!(Verdict::of([0.0, 0.1], above), Verdict::Inconclusive);
        let below = [f64::NEG_INFINITY, 1.0];
        assert_eq!(Verdict::of([-5.0, 0.9], below), Verdict::Reproduced);
        assert_eq!(Verdict::of([1.0, 1.0], below), Verdict::NotReproduced);
    }
}
