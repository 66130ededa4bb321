//! A detector in operation: what it finds, how soon, and how often it is wrong, at a threshold that was fixed beforehand.

use super::delay::{Fate, Finding, fates, findings, median};
use super::false_alarms::{Confusion, SIZES, alarms_per_room_hour, minutes_by_size, twins};
use super::interval::{Figure, NOT_NEGATIVE, Quantile};
use super::judged::Judged;
use super::splits::Split;
use super::track::Track;
use crate::detect::truth::Twin;
use serde::{Deserialize, Serialize};

/// A detector at a threshold, over test streams.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The budget of false alarms for which the threshold was fixed: for rooms in alarms per hour of honest rooms, otherwise as a share of what is
    /// honest.
    pub budget: f64,
    /// The smallest score that is an alarm; `None`: infinite.
    pub threshold: Option<f64>,
    /// Share of the track's campaigns that are found, 0 to 1.
    pub found: Figure,
    /// Median delay from the first evidence to the first alarm, in seconds. A stream has none if more than half of its campaigns are missed, and then
    /// there is no mean either: one over the other streams would be too good.
    pub median_delay: Figure,
    /// The same over the campaigns of all test streams together, in seconds; `None` if more than half are missed.
    pub overall_median_delay: Option<f64>,
    /// Rooms only: alarms per hour on air of rooms without any campaign.
    pub false_alarms_per_room_hour: Option<Figure>,
    /// Share of negative items with a score at the threshold or above, 0 to 1.
    pub false_positive_rate: Figure,
    /// Share of positives among the items with a score at the threshold or above, 0 to 1; a stream without such items has no value.
    pub precision: Figure,
    /// Share of positive items with a score at the threshold or above, 0 to 1.
    pub recall: Figure,
    /// Rooms and offers only: by kind, what is honest and looks like a deception.
    pub twins: Vec<TwinAlarms>,
    /// Rooms only: by size of room.
    pub sizes: Vec<SizeAlarms>,
    /// Each campaign of the track.
    pub findings: Vec<Finding>,
}

/// How often a kind of twin is taken for what it is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwinAlarms {
    /// The kind.
    pub twin: Twin,
    /// How many there are in all test streams, those at the time of a campaign in the same room left out.
    pub count: u64,
    /// Share during which an alarm about the room began (rooms), or whose offer has a score at the threshold or above (offers), 0 to 1.
    pub alarmed: Figure,
}

/// How often rooms of some size are wrongly suspected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizeAlarms {
    /// From so many real viewers at the peak ...
    pub viewers_from: u64,
    /// ... to below so many; `None`: no end.
    pub viewers_below: Option<u64>,
    /// Negative minutes of such rooms in all test streams.
    pub minutes: u64,
    /// Share of these with a score at the threshold or above, 0 to 1.
    pub false_positive_rate: Figure,
}

/// Share of some campaigns that are found; `None` without any.
fn share_found(fates: impl Iterator<Item = Fate>) -> Option<f64> {
    let of_track = fates.filter(|fate| *fate != Fate::Elsewhere);
    share(of_track.map(|fate| matches!(fate, Fate::Found(_))))
}

/// Share of what is true; `None` of nothing.
fn share(all: impl Iterator<Item = bool>) -> Option<f64> {
    let (mut count, mut yes) = (0, 0);
    for one in all {
        count += 1;
        yes += u64::from(one);
    }
    super::curve::ratio(yes, count)
}

/// Test streams at one threshold.
pub(super) struct Trial<'a> {
    test: &'a [Judged],
    track: Track,
    threshold: f64,
    quantile: Quantile,
    /// Of each stream, the fate of each campaign.
    fates: Vec<Vec<Fate>>,
}

impl<'a> Trial<'a> {
    pub(super) fn of(
        test: &'a [Judged],
        track: Track,
        threshold: Option<f64>,
        quantile: Quantile,
    ) -> Self {
        let fates = test.iter().map(|judged| fates(judged, track, threshold));
        Self {
            test,
            track,
            threshold: threshold.unwrap_or(f64::INFINITY),
            quantile,
            fates: fates.collect(),
        }
    }

    /// Of each stream, the fates of the track's campaigns of a split.
    fn fates_of(&self, split: Split) -> impl Iterator<Item = impl Iterator<Item = Fate>> {
        let streams = self.test.iter().zip(&self.fates);
        streams.map(move |(judged, fates)| {
            let universe = &judged.universe;
            let campaigns = universe.campaigns.iter().zip(&universe.late).zip(fates);
            campaigns
                .filter(move |((campaign, late), _)| split.has(campaign, **late))
                .map(|(_, fate)| *fate)
                .filter(|fate| *fate != Fate::Elsewhere)
        })
    }

    /// How many campaigns of a split the track has.
    pub(super) fn campaigns_of(&self, split: Split) -> u64 {
        self.fates_of(split).map(|fates| fates.count() as u64).sum()
    }

    /// The share of campaigns of a split that are found.
    pub(super) fn found_of(&self, split: Split) -> Figure {
        let found = self.fates_of(split).map(share_found);
        Figure::share(found.collect(), self.quantile)
    }

    /// Everything about it.
    pub(super) fn operation(&self, budget: f64) -> Operation {
        let rooms = self.track == Track::Rooms;
        let numbered = self.test.iter().zip(&self.fates).enumerate();
        let findings: Vec<Finding> = numbered
            .flat_map(|(stream, (judged, fates))| findings(judged, stream, fates))
            .collect();
        let count = |judged| Confusion::of(judged, self.track, self.threshold);
        let counts: Vec<Confusion> = self.test.iter().map(count).collect();
        let of_counts = |figure: fn(Confusion) -> Option<f64>| {
            Figure::share(counts.iter().copied().map(figure).collect(), self.quantile)
        };
        Operation {
            budget,
            threshold: Some(self.threshold).filter(|threshold| threshold.is_finite()),
            found: self.found(),
            median_delay: self.median_delay(),
            overall_median_delay: median(findings.iter().map(|finding| finding.delay)),
            false_alarms_per_room_hour: rooms.then(|| self.false_alarms()),
            false_positive_rate: of_counts(Confusion::false_positive_rate),
            precision: of_counts(Confusion::precision),
            recall: of_counts(Confusion::recall),
            twins: self.twins(),
            sizes: if rooms { self.sizes() } else { Vec::new() },
            findings,
        }
    }

    fn found(&self) -> Figure {
        let found = self
            .fates
            .iter()
            .map(|fates| share_found(fates.iter().copied()));
        Figure::share(found.collect(), self.quantile)
    }

    fn median_delay(&self) -> Figure {
        let of_track = |fates: &&Vec<Fate>| fates.iter().any(|fate| *fate != Fate::Elsewhere);
        let median_of = |fates: &Vec<Fate>| {
            let of_track = fates.iter().filter(|fate| **fate != Fate::Elsewhere);
            median(of_track.map(|fate| fate.seconds()))
        };
        let values: Vec<Option<f64>> = self.fates.iter().map(median_of).collect();
        let figure = Figure::of(values, NOT_NEGATIVE, self.quantile);
        let is_endless = |fates| median_of(fates).is_none();
        if self.fates.iter().filter(of_track).any(is_endless) {
            return Figure {
                values: figure.values,
                ..Figure::default()
            };
        }
        figure
    }

    fn false_alarms(&self) -> Figure {
        let rate = |judged| alarms_per_room_hour(judged, self.threshold);
        let rates = self.test.iter().map(rate).collect();
        Figure::of(rates, NOT_NEGATIVE, self.quantile)
    }

    fn twins(&self) -> Vec<TwinAlarms> {
        let of_stream = |judged| twins(judged, self.track, self.threshold);
        let streams: Vec<Vec<(Twin, bool)>> = self.test.iter().map(of_stream).collect();
        let of_kind = |kind: Twin| {
            let alarms = |stream: &Vec<(Twin, bool)>| {
                let of_kind = stream.iter().filter(|(twin, _)| *twin == kind);
                share(of_kind.map(|(_, alarmed)| *alarmed))
            };
            let all = streams.iter().flatten();
            TwinAlarms {
                twin: kind,
                count: all.filter(|(twin, _)| *twin == kind).count() as u64,
                alarmed: Figure::share(streams.iter().map(alarms).collect(), self.quantile),
            }
        };
        let kinds = Twin::ALL.into_iter().map(of_kind);
        kinds.filter(|kind| kind.count > 0).collect()
    }

    fn sizes(&self) -> Vec<SizeAlarms> {
        let of_stream = |judged| minutes_by_size(judged, self.threshold);
        let streams: Vec<[Confusion; SIZES.len()]> = self.test.iter().map(of_stream).collect();
        let of_size = |(place, (viewers_from, viewers_below)): (usize, (u64, Option<u64>))| {
            let counts = || streams.iter().filter_map(move |sizes| sizes.get(place));
            let rates = counts().map(|count| count.false_positive_rate()).collect();
            SizeAlarms {
                viewers_from,
                viewers_below,
                minutes: counts().map(|count| count.negatives).sum(),
                false_positive_rate: Figure::share(rates, self.quantile),
            }
        };
        SIZES.into_iter().enumerate().map(of_size).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::interval::tests::quantile;
    use super::super::testing::{judged, oracle};
    use super::*;

    #[test]
    fn a_stream_in_which_most_is_missed_is_not_left_out_of_the_median() {
        let streams = [judged(&oracle()), judged(&[])];
        let trial = Trial::of(&streams, Track::Orders, Some(1.0), quantile);
        let operation = trial.operation(0.001);
        assert_eq!(operation.found.values, [Some(1.0), Some(0.0)]);
        assert_eq!(operation.median_delay.values, [Some(120.0), None]);
        assert_eq!(operation.median_delay.mean, None);
        assert_eq!(operation.overall_median_delay, Some(120.0));
        // A stream without campaigns of the track has no part in it.
        let streams = [judged(&oracle()), Judged::default()];
        let trial = Trial::of(&streams, Track::Orders, Some(1.0), quantile);
        assert_eq!(trial.operation(0.001).median_delay.mean, Some(120.0));
        assert_eq!(trial.campaigns_of(Split::KnownTactic), 1);
    }

    #[test]
    fn only_rooms_have_alarms_by_the_hour_and_by_size() {
        let streams = [judged(&oracle())];
        for track in Track::ALL {
            let operation = Trial::of(&streams, track, Some(1.0), quantile).operation(0.0);
            let rooms = track == Track::Rooms;
            assert_eq!(operation.false_alarms_per_room_hour.is_some(), rooms);
            assert_eq!(operation.sizes.len(), if rooms { 4 } else { 0 });
            let twins: Vec<u64> = operation.twins.iter().map(|twin| twin.count).collect();
            assert_eq!(twins, if rooms { vec![1] } else { Vec::new() });
        }
    }
}
