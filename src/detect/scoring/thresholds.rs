//! Thresholds, fixed on development streams before any test stream is looked at.
//!
//! A threshold is the smallest score said in the development streams at which, and above which, a budget of false alarms is kept; where there is none,
//! it lies just above the highest score, so that who was rightly silent about something rare may still find it later. "And above" matters
//! for rooms: a low threshold can bring fewer alarms than a higher one (a single one that never ends in place of many), and would let everything
//! through.

use super::alarms::SAME_ALARM;
use super::judged::Judged;
use super::track::{PerTrack, Track};
use crate::detect::event::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many false alarms are put up with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Rooms: alarms per hour on air of honest rooms, 0 or more.
    pub alarms_per_room_hour: f64,
    /// Accounts, orders, offers: share of honest ones with a score at the threshold or above, 0 to 1.
    pub false_positive_rate: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            alarms_per_room_hour: 0.05,
            false_positive_rate: 0.001,
        }
    }
}

impl Budget {
    /// What is put up with in a track, in the track's own unit.
    pub const fn of(&self, track: Track) -> f64 {
        match track {
            Track::Rooms => self.alarms_per_room_hour,
            Track::Accounts | Track::Orders | Track::Offers => self.false_positive_rate,
        }
    }
}

/// A detector's thresholds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// The budgets.
    pub budgets: Vec<Budget>,
    /// By track, for each budget, the smallest score that is an alarm; `None`: nothing is known of false alarms, and there are no alarms.
    pub thresholds: PerTrack<Vec<Option<f64>>>,
}

impl Thresholds {
    /// The thresholds that keep these budgets on development streams.
    ///
    /// Where these have no honest rooms (or accounts, orders, offers) nothing can be known of false alarms, and the threshold is infinite.
    pub fn fix(development: &[Judged], budgets: &[Budget]) -> Self {
        let thresholds = PerTrack::of(|track| {
            let fixed = |budget: &Budget| match track {
                Track::Rooms => of_rooms(development, budget.of(track)),
                _ => of_entities(development, track, budget.of(track)),
            };
            budgets.iter().map(fixed).collect()
        });
        Self {
            budgets: budgets.to_vec(),
            thresholds,
        }
    }

    /// The thresholds of a track, one for each budget.
    pub fn of(&self, track: Track) -> &[Option<f64>] {
        self.thresholds.get(track)
    }
}

/// The smallest of some scores that is above `broken`, the largest score at which the budget is broken; or just above that. `None`: nothing was said.
fn smallest_above(broken: f64, scores: impl Iterator<Item = f64>) -> Option<f64> {
    let above = scores.filter(|score| *score > broken).reduce(f64::min);
    above.or_else(|| broken.is_finite().then(|| broken.next_up()))
}

fn of_entities(development: &[Judged], track: Track, rate: f64) -> Option<f64> {
    let items = || development.iter().flat_map(|judged| judged.items(track));
    let mut honest: Vec<f64> = items()
        .filter_map(|(score, positive)| (!positive).then_some(score))
        .collect();
    if honest.is_empty() {
        return None;
    }
    honest.sort_unstable_by(|one, other| other.total_cmp(one));
    let count = honest.len() as f64;
    // At the score of the first one too many the budget is broken.
    let one_too_many = (0_u64..)
        .zip(&honest)
        .find(|(place, _)| (place + 1) as f64 / count > rate);
    let broken = one_too_many.map_or(f64::NEG_INFINITY, |(_, score)| *score);
    smallest_above(broken, items().map(|(score, _)| score))
}

fn of_rooms(development: &[Judged], alarms_per_hour: f64) -> Option<f64> {
    let hours: f64 = development.iter().map(Judged::honest_hours).sum();
    if hours <= 0.0 {
        return None;
    }
    let mut sweep = Sweep::of(development);
    let broken = sweep.highest(|alarms| alarms as f64 / hours > alarms_per_hour);
    let shows = development.iter().flat_map(Judged::shows);
    let steps = shows.flat_map(|(_, held)| held.steps());
    smallest_above(
        broken.unwrap_or(f64::NEG_INFINITY),
        steps.map(|step| step.score),
    )
}

/// A rise of an honest room's score.
#[derive(Debug, Clone, Copy)]
struct Rise {
    below: f64,
    reached: f64,
    room: usize,
    at: Millis,
}

/// Lowers a threshold from score to score, and keeps count of the alarms in honest rooms at each.
#[derive(Debug, Default)]
struct Sweep {
    /// Rises with the highest they reach first.
    by_reached: Vec<Rise>,
    /// Rises with the highest they come from first.
    by_below: Vec<Rise>,
    /// Of each room, when its score passes the threshold.
    passes: Vec<BTreeSet<Millis>>,
    /// Of each room, its alarms.
    alarms: Vec<usize>,
}

impl Sweep {
    fn of(development: &[Judged]) -> Self {
        let mut sweep = Self::default();
        for (room, (_, held)) in development
            .iter()
            .flat_map(Judged::honest_shows)
            .enumerate()
        {
            let mut below = f64::NEG_INFINITY;
            for step in held.steps() {
                if step.score > below {
                    sweep.by_reached.push(Rise {
                        below,
                        reached: step.score,
                        room,
                        at: step.at,
                    });
                }
                below = step.score;
            }
            sweep.passes.push(BTreeSet::new());
            sweep.alarms.push(0);
        }
        sweep.by_below.clone_from(&sweep.by_reached);
        let by_below = |one: &Rise, other: &Rise| other.below.total_cmp(&one.below);
        sweep.by_below.sort_by(by_below);
        let by_reached = |one: &Rise, other: &Rise| other.reached.total_cmp(&one.reached);
        sweep.by_reached.sort_by(by_reached);
        sweep
    }

    /// The highest score at which the number of alarms is too large.
    fn highest(&mut self, too_many: impl Fn(usize) -> bool) -> Option<f64> {
        let (mut begun, mut ended, mut total) = (0, 0, 0);
        loop {
            let reached = self.by_reached.get(begun).map(|rise| rise.reached);
            let below = self.by_below.get(ended).map(|rise| rise.below);
            let threshold = [reached, below].into_iter().flatten().reduce(f64::max)?;
            let mut changed = Vec::new();
            while let Some(rise) = self.by_reached.get(begun)
                && rise.reached >= threshold
            {
                changed.push((*rise, true));
                begun += 1;
            }
            while let Some(rise) = self.by_below.get(ended)
                && rise.below >= threshold
            {
                changed.push((*rise, false));
                ended += 1;
            }
            total = self.change(&changed, total);
            if too_many(total) {
                return Some(threshold);
            }
        }
    }

    /// Adds rises that pass the threshold now, and takes away those that no longer do; gives the alarms of all rooms, of which there were `total`.
    fn change(&mut self, changed: &[(Rise, bool)], mut total: usize) -> usize {
        let mut touched = Vec::with_capacity(changed.len());
        for (rise, passes) in changed {
            if let Some(times) = self.passes.get_mut(rise.room) {
                match passes {
                    true => times.insert(rise.at),
                    false => times.remove(&rise.at),
                };
                touched.push(rise.room);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for room in touched {
            if let (Some(times), Some(alarms)) = (self.passes.get(room), self.alarms.get_mut(room))
            {
                total -= *alarms;
                *alarms = count_alarms(times);
                total += *alarms;
            }
        }
        total
    }
}

/// Alarms of a room whose score passes the threshold at these moments.
fn count_alarms(times: &BTreeSet<Millis>) -> usize {
    let mut alarms = 0;
    let mut from = 0;
    while let Some(at) = times.range(from..).next() {
        alarms += 1;
        from = at.saturating_add(SAME_ALARM);
    }
    alarms
}

#[cfg(test)]
mod tests {
    use super::super::testing::{enter, judged, room, said, token};
    use super::super::universe::{MINUTE, Universe};
    use super::*;
    use crate::detect::score::Subject;
    use crate::detect::truth::Truth;
    use proptest::prelude::*;
    use std::sync::Arc;

    #[test]
    fn of_a_thousand_honest_accounts_one_may_be_suspected() {
        let events: Vec<_> = (0..1_000).map(|account| enter(0, account)).collect();
        let universe = Arc::new(Universe::of(&events, &Truth::default()));
        let of = |count: u64| {
            let account =
                |number: u64| said(1, Subject::Account(token(number)), (number / 2) as f64);
            let said: Vec<_> = (0..count).map(account).collect();
            of_entities(
                &[Judged::of(universe.clone(), &said)],
                Track::Accounts,
                0.001,
            )
        };
        // Two share the highest score, which is one too many; then one has it alone.
        assert_eq!(of(1_000), Some(499.0_f64.next_up()));
        assert_eq!(of(999), Some(499.0));
        assert_eq!(of(1), Some(0.0));
        assert_eq!(of(0), None);
        assert_eq!(of_entities(&[], Track::Accounts, 1.0), None);
    }

    #[test]
    fn a_room_that_is_always_suspected_does_not_pass_for_one_alarm() {
        // Ten alarms in the honest room at a threshold of 1, one at a threshold of 0; campaigns get 3.
        let mut all = vec![said(0, Subject::Room(1), 3.0)];
        for round in 0..5 {
            let at = 12 * round * MINUTE;
            all.push(said(at, Subject::Room(3), 1.0));
            all.push(said(at + MINUTE, Subject::Room(3), 0.0));
        }
        let rooms = |budget: f64| of_rooms(&[judged(&all)], budget);
        assert_eq!(rooms(0.0), Some(3.0));
        assert_eq!(rooms(1.0), Some(3.0));
        assert_eq!(rooms(4.9), Some(3.0));
        assert_eq!(rooms(5.0), Some(0.0));
        assert_eq!(of_rooms(&[], 1.0), None);
    }

    proptest! {
        #[test]
        fn the_sweep_agrees_with_trying_every_score(
            steps in prop::collection::vec((1_u32..4, 0_u64..60, -3_i8..4), 0..60),
            allowed in 0_u32..12,
        ) {
            let rooms = vec![room(1, 0, 60), room(2, 0, 60), room(3, 0, 60)];
            let truth = Truth { rooms, ..Truth::default() };
            let said: Vec<_> = steps
                .iter()
                .map(|(room, minute, score)| {
                    said(minute * MINUTE, Subject::Room(*room), f64::from(*score))
                })
                .collect();
            let judged = [Judged::of(Arc::new(Universe::of(&[], &truth)), &said)];
            let budget = f64::from(allowed) / 3.0;
            let held = || judged[0].shows().flat_map(|(_, held)| held.steps());
            let keeps = |threshold: f64| {
                let alarms = judged[0].honest_shows().map(|(_, held)| held.alarms(threshold).len());
                alarms.sum::<usize>() as f64 / 3.0 <= budget
            };
            let keeps_above = |threshold: &f64| {
                let mut above = held().map(|step| step.score).filter(|score| score >= threshold);
                above.all(keeps)
            };
            let highest = held().map(|step| step.score).reduce(f64::max);
            let slow = held().map(|step| step.score).filter(keeps_above).reduce(f64::min);
            let slow = slow.or(highest.map(f64::next_up));
            prop_assert_eq!(of_rooms(&judged, budget), slow);
        }
    }
}
