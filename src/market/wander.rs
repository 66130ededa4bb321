//! Wandering: those who are online and in no room: between two rooms, called from outside and on their way, or waiting for something to open.
//! Touches nothing but its own queue.

use super::population::ConsumerId;
use crate::detect::event::Source;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Somebody between two rooms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wanderer {
    /// Second at which it chooses a room.
    pub time: f64,
    /// Who.
    pub consumer: ConsumerId,
    /// Visits of the day so far.
    pub visits: u32,
    /// Looks of the day so far.
    pub looks: u32,
    /// Second at which it goes offline; `None`: it has just come online.
    pub session_end: Option<f64>,
    /// The room to which it was called from outside, and by which way.
    pub called_to: Option<(Id, Source)>,
}

impl Wanderer {
    /// Arrivals are taken in order of (time, consumer).
    pub fn order(&self, other: &Self) -> Ordering {
        let by_time = self.time.total_cmp(&other.time);
        by_time.then(self.consumer.cmp(&other.consumer))
    }
}

/// Those who wander, the first to choose first. Whoever is long on its way costs nothing until it comes.
///
/// They stand by the second in which they choose, and are put in order when it comes: an evening of millions is met from front to back, where a heap of
/// them would be met all over.
#[derive(Resource, Debug, Clone, Default, Serialize, Deserialize)]
pub struct Wanderers {
    by_second: BTreeMap<u64, Vec<Wanderer>>,
    /// Emptied lists, to be filled again.
    #[serde(skip)]
    spare: Vec<Vec<Wanderer>>,
}

impl Wanderers {
    /// Somebody wanders until its time.
    pub fn add(&mut self, wanderer: Wanderer) {
        // Whatever lies before the first second stands in it.
        let second = wanderer.time as u64;
        let spare = &mut self.spare;
        let list = self.by_second.entry(second);
        list.or_insert_with(|| spare.pop().unwrap_or_default())
            .push(wanderer);
    }

    /// Hands over those whose time lies before a second, in order.
    pub fn due(&mut self, until: f64, arrivals: &mut Vec<Wanderer>) {
        while let Some(mut first) = self.by_second.first_entry()
            && (*first.key() as f64) < until
        {
            let list = first.get_mut();
            list.sort_unstable_by(Wanderer::order);
            let due = list.partition_point(|wanderer| wanderer.time < until);
            arrivals.extend(list.drain(..due));
            if !list.is_empty() {
                break;
            }
            self.spare.push(first.remove());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(time: f64, consumer: ConsumerId) -> Wanderer {
        Wanderer {
            time,
            consumer,
            visits: 0,
            looks: 0,
            session_end: None,
            called_to: None,
        }
    }

    proptest! {
        #[test]
        fn all_come_once_in_order_and_in_time(
            times in prop::collection::vec(-1.0..60.0, 0..80),
            steps in prop::collection::vec(0.1..7.0, 1..40),
        ) {
            let mut wanderers = Wanderers::default();
            let mut expected: Vec<Wanderer> = times.iter().zip(0..).map(|(time, who)| at(*time, who)).collect();
            expected.iter().for_each(|wanderer| wanderers.add(*wanderer));
            expected.sort_by(Wanderer::order);
            let (mut until, mut arrivals) = (0.0, Vec::new());
            for step in steps {
                until += step;
                wanderers.due(until, &mut arrivals);
                let due = expected.partition_point(|wanderer| wanderer.time < until);
                prop_assert_eq!(&arrivals, &expected[..due]);
            }
        }
    }
}
