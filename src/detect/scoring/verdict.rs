//! The verdict on a detector in one track: everything that is reported of it, over test streams.

use super::curve::{Curve, Points};
use super::interval::{Figure, Quantile};
use super::judged::Judged;
use super::operation::{Operation, Trial};
use super::splits::{Ranking, Split};
use super::thresholds::Thresholds;
use super::track::Track;
use super::universe::Label;
use serde::{Deserialize, Serialize};

/// False-positive rates at which recall is reported.
pub const RATES: [f64; 3] = [0.001, 0.01, 0.05];

/// How many of the most suspicious entities precision is reported for; `None`: as many as are positive.
pub const HIGHEST: [Option<u64>; 4] = [Some(10), Some(50), Some(100), None];

/// The verdict on a detector in one track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The detector.
    pub detector: String,
    /// The track.
    pub track: Track,
    /// Positive items of all test streams.
    pub positives: u64,
    /// Negative items of all test streams.
    pub negatives: u64,
    /// Items of all test streams that count neither as the one nor as the other.
    pub ignored: u64,
    /// Scores, of all tracks and test streams, that count for nothing: not finite, or about something that the stream does not have.
    pub disregarded: u64,
    /// Share of positives, 0 to 1: the average precision of chance.
    pub prevalence: Figure,
    /// Average precision, 0 to 1.
    pub average_precision: Figure,
    /// Area under the ROC curve, 0 to 1.
    pub roc_area: Figure,
    /// Recall at each of [`RATES`].
    pub recall_at: Vec<RecallAt>,
    /// Precision at each of [`HIGHEST`].
    pub precision_at: Vec<PrecisionAt>,
    /// Curves of the items of all test streams together, to be drawn.
    pub points: Points,
    /// The parts of the campaigns, by themselves; those without any are left out.
    pub splits: Vec<SplitFigures>,
    /// In operation, for each budget of false alarms.
    pub operations: Vec<Operation>,
    /// Run time in seconds per million events; for others to fill in.
    pub seconds_per_million_events: Option<f64>,
    /// Memory in bytes; for others to fill in.
    pub memory: Option<u64>,
    /// What went wrong, in a sentence; for others to fill in.
    pub trouble: Option<String>,
}

/// Recall at a false-positive rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecallAt {
    /// Share of negatives that are let through, 0 to 1.
    pub false_positive_rate: f64,
    /// Share of positives that are then found, 0 to 1.
    pub recall: Figure,
}

/// Precision of the most suspicious entities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrecisionAt {
    /// How many; `None`: as many as are positive.
    pub highest: Option<u64>,
    /// Share of positives among them, 0 to 1; a stream with fewer entities has no value.
    pub precision: Figure,
}

/// A part of the campaigns by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitFigures {
    /// The part.
    pub split: Split,
    /// Campaigns of it in the track, in all test streams.
    pub campaigns: u64,
    /// Average precision of its positives against all negatives, 0 to 1. It depends on how many positives the part has: compare it between detectors,
    /// not between parts.
    pub average_precision: Figure,
    /// Share of its campaigns that are found, 0 to 1, for each budget of false alarms.
    pub found: Vec<Figure>,
}

impl Verdict {
    /// The verdict on a detector by what it said of test streams, at thresholds fixed on others.
    pub fn of(
        detector: &str,
        track: Track,
        test: &[Judged],
        thresholds: &Thresholds,
        quantile: Quantile,
    ) -> Self {
        let rankings: Vec<Ranking> = test.iter().map(|one| Ranking::of(one, track)).collect();
        let curves: Vec<Curve> = rankings.iter().map(Ranking::curve).collect();
        let of_curves = |figure: fn(&Curve) -> Option<f64>| {
            Figure::share(curves.iter().map(figure).collect(), quantile)
        };
        let trial = |threshold: &Option<f64>| Trial::of(test, track, *threshold, quantile);
        let trials: Vec<Trial> = thresholds.of(track).iter().map(trial).collect();
        let budgets = thresholds.budgets.iter().map(|budget| budget.of(track));
        let operations = trials.iter().zip(budgets);
        Self {
            detector: detector.to_owned(),
            track,
            positives: curves.iter().map(Curve::positives).sum(),
            negatives: curves.iter().map(Curve::negatives).sum(),
            ignored: test.iter().map(|judged| ignored(judged, track)).sum(),
            disregarded: test.iter().map(|judged| judged.disregarded).sum(),
            prevalence: of_curves(Curve::prevalence),
            average_precision: of_curves(Curve::average_precision),
            roc_area: of_curves(Curve::roc_area),
            recall_at: RATES
                .map(|rate| recall_at(&curves, rate, quantile))
                .to_vec(),
            precision_at: precision_at(test, track, quantile),
            points: Ranking::together(&rankings).curve().points(),
            splits: splits(&rankings, &trial(&None), &trials, quantile),
            operations: operations
                .map(|(trial, budget)| trial.operation(budget))
                .collect(),
            seconds_per_million_events: None,
            memory: None,
            trouble: None,
        }
    }
}

fn ignored(judged: &Judged, track: Track) -> u64 {
    let labels = judged.universe.items(track).labels.iter();
    labels.filter(|label| **label == Label::Ignored).count() as u64
}

fn recall_at(curves: &[Curve], rate: f64, quantile: Quantile) -> RecallAt {
    let recalls = curves.iter().map(|curve| curve.recall_at(rate)).collect();
    RecallAt {
        false_positive_rate: rate,
        recall: Figure::share(recalls, quantile),
    }
}

fn precision_at(test: &[Judged], track: Track, quantile: Quantile) -> Vec<PrecisionAt> {
    let entities: Vec<Curve> = test.iter().map(|judged| judged.entities(track)).collect();
    let of_highest = |highest: Option<u64>| {
        let of_curve = |curve: &Curve| curve.precision_at(highest.unwrap_or(curve.positives()));
        PrecisionAt {
            highest,
            precision: Figure::share(entities.iter().map(of_curve).collect(), quantile),
        }
    };
    HIGHEST.into_iter().map(of_highest).collect()
}

/// The parts of the campaigns; `all`: a trial at any threshold.
fn splits(
    rankings: &[Ranking],
    all: &Trial,
    trials: &[Trial],
    quantile: Quantile,
) -> Vec<SplitFigures> {
    let of_stream = Ranking::average_precision_of_splits;
    let streams: Vec<Vec<Option<f64>>> = rankings.iter().map(of_stream).collect();
    let of_split = |(place, split)| {
        let value = |stream: &Vec<Option<f64>>| stream.get(place).copied().flatten();
        SplitFigures {
            split,
            campaigns: all.campaigns_of(split),
            average_precision: Figure::share(streams.iter().map(value).collect(), quantile),
            found: trials.iter().map(|trial| trial.found_of(split)).collect(),
        }
    };
    let parts = Split::all().enumerate().map(of_split);
    parts.filter(|part| part.campaigns > 0).collect()
}

/// Verdicts of one track from the best to the worst: by average precision, then by the area under the ROC curve, then by name. Those without come
/// last.
pub fn leaderboard<'a>(
    verdicts: impl IntoIterator<Item = &'a Verdict>,
    track: Track,
) -> Vec<&'a Verdict> {
    let of_track = verdicts.into_iter().filter(|one| one.track == track);
    let mut board: Vec<&Verdict> = of_track.collect();
    let merit = |figure: &Figure| figure.mean.unwrap_or(f64::NEG_INFINITY);
    board.sort_by(|one, other| {
        let precision = |verdict: &Verdict| merit(&verdict.average_precision);
        let area = |verdict: &Verdict| merit(&verdict.roc_area);
        precision(other)
            .total_cmp(&precision(one))
            .then_with(|| area(other).total_cmp(&area(one)))
            .then_with(|| one.detector.cmp(&other.detector))
    });
    board
}

#[cfg(test)]
mod tests {
    use super::super::interval::tests::quantile;
    use super::super::testing::{judged, oracle, said};
    use super::super::thresholds::Budget;
    use super::*;
    use crate::detect::score::Subject;

    fn verdicts(test: &[Judged], development: &[Judged]) -> Vec<Verdict> {
        let thresholds = Thresholds::fix(development, &[Budget::default()]);
        let of = |track| Verdict::of("tried", track, test, &thresholds, quantile);
        Track::ALL.into_iter().map(of).collect()
    }

    #[test]
    fn who_knows_the_truth_gets_everything_right() {
        let streams = [judged(&oracle()), judged(&oracle())];
        for verdict in verdicts(&streams, &streams) {
            let track = verdict.track;
            let operation = &verdict.operations[0];
            for figure in [
                &verdict.average_precision,
                &verdict.roc_area,
                &verdict.recall_at[0].recall,
                &verdict.precision_at[3].precision,
                &operation.found,
                &operation.precision,
                &operation.recall,
                &verdict.splits[0].average_precision,
                &verdict.splits[0].found[0],
            ] {
                assert_eq!(figure.mean, Some(1.0), "{track:?}");
                assert_eq!(figure.interval, Some([1.0, 1.0]), "{track:?}");
            }
            assert_eq!(operation.threshold, Some(1.0), "{track:?}");
            assert_eq!(operation.false_positive_rate.mean, Some(0.0), "{track:?}");
            assert!(verdict.prevalence.mean.unwrap() < 0.5, "{track:?}");
            let seconds = match track {
                Track::Rooms => 0.0,
                Track::Accounts | Track::Offers => 60.0,
                Track::Orders => 120.0,
            };
            assert_eq!(operation.median_delay.mean, Some(seconds), "{track:?}");
            assert_eq!(operation.overall_median_delay, Some(seconds), "{track:?}");
            let written = serde_json::to_string(&verdict).unwrap();
            assert_eq!(serde_json::from_str::<Verdict>(&written).unwrap(), verdict);
        }
    }

    #[test]
    fn who_says_nothing_gets_what_chance_gets_and_finds_nothing() {
        let streams = [judged(&[]), judged(&[])];
        for verdict in verdicts(&streams, &streams) {
            let operation = &verdict.operations[0];
            assert_eq!(verdict.average_precision, verdict.prevalence);
            assert_eq!(verdict.roc_area.mean, Some(0.5));
            assert_eq!(operation.threshold, None);
            assert_eq!(operation.found.mean, Some(0.0));
            assert_eq!(operation.recall.mean, Some(0.0));
            assert_eq!(operation.precision.mean, None);
            assert_eq!(operation.median_delay.mean, None);
            assert_eq!(operation.overall_median_delay, None);
            assert!(operation.findings.iter().all(|one| one.delay.is_none()));
            let written = serde_json::to_string(&verdict).unwrap();
            assert_eq!(serde_json::from_str::<Verdict>(&written).unwrap(), verdict);
        }
    }

    #[test]
    fn counts_and_splits_of_rooms_are_as_counted_by_hand() {
        let streams = [judged(&oracle())];
        let rooms = verdicts(&streams, &streams).swap_remove(0);
        // Of 180 minutes 10 are positive, 5 are after-effects, and 10 are of the staged misbid.
        assert_eq!(
            (rooms.positives, rooms.negatives, rooms.ignored),
            (10, 155, 15)
        );
        let splits: Vec<(&str, u64)> = rooms
            .splits
            .iter()
            .map(|part| (part.split.name(), part.campaigns))
            .collect();
        assert_eq!(
            splits,
            [
                ("long_stays", 1),
                ("brushed_orders", 1),
                ("known_tactic", 2),
                ("known_operator", 2),
                ("first_half", 2)
            ]
        );
        let [few, .., as_many] = rooms.precision_at.as_slice() else {
            panic!("{:?}", rooms.precision_at);
        };
        // Room 2 does not count, so there are two rooms only, of which one is positive.
        assert_eq!(few.precision.values, [None]);
        assert_eq!(as_many.precision.values, [Some(1.0)]);
    }

    #[test]
    fn thresholds_come_from_development_streams_alone() {
        let development = [judged(&oracle())];
        let louder: Vec<_> = oracle()
            .into_iter()
            .map(|one| said(one.at, one.about, one.score + 5.0))
            .collect();
        for verdict in verdicts(&[judged(&louder)], &development) {
            let operation = &verdict.operations[0];
            assert_eq!(operation.threshold, Some(1.0));
            // What is louder than on development streams raises false alarms, however well it ranks.
            assert_eq!(verdict.average_precision.mean, Some(1.0));
            if verdict.track == Track::Rooms {
                let alarms = operation.false_alarms_per_room_hour.as_ref().unwrap();
                assert_eq!(alarms.mean, Some(1.0));
                assert_eq!(operation.false_positive_rate.mean, Some(1.0));
            }
        }
    }

    #[test]
    fn the_leaderboard_is_by_average_precision() {
        let thresholds = Thresholds::default();
        let (silent, knowing) = ([judged(&[])], [judged(&oracle())]);
        let wrong = [judged(&[said(0, Subject::Room(3), 1.0)])];
        let of = |name, test| Verdict::of(name, Track::Rooms, test, &thresholds, quantile);
        let all = [
            of("wrong", &wrong),
            of("silent", &silent),
            of("knowing", &knowing),
            of("also silent", &silent),
        ];
        let board = leaderboard(&all, Track::Rooms);
        let names: Vec<&str> = board.iter().map(|one| one.detector.as_str()).collect();
        assert_eq!(names, ["knowing", "also silent", "silent", "wrong"]);
        assert!(leaderboard(&all, Track::Orders).is_empty());
    }
}
