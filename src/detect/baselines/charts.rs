//! Charts over the counters of rooms: one and the same change detector on each of five series of a room, the largest of which is the room's score.
//!
//! The series are the new views, orders, likes, comments and follows from one refresh to the next, as sqrt(x + 3/8): so transformed, counts of a
//! Poisson law have a standard deviation of about 1/2 whatever their mean (Anscombe 1948, Biometrika 35). Every chart looks for rises only and says
//! its statistic relative to its own limit, so that from 1 on its authors would raise the alarm.

use super::counters::{LastRefresh, Step};
use crate::detect::{Detector, Event, Scores, Subject, What, keep, recall};
use crate::scenario::Id;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Series of a room.
const SERIES: usize = 5;

/// What is seen where the score of a series reaches 1.
const REASONS: [&str; SERIES] = [
    "new views have risen",
    "new orders have risen",
    "new likes have risen",
    "new comments have risen",
    "new follows have risen",
];

/// A change detector for one series.
pub trait Chart:
    Debug + Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The detector's name.
    const NAME: &'static str;

    /// Sees the next value; says how far the series has risen, 0 or more, relative to the limit. `None`: it has not seen enough yet.
    fn see(&mut self, value: f64) -> Option<f64>;
}

/// A detector of rooms that draws the same chart of each of their series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Charts<Kind> {
    rooms: BTreeMap<Id, Room<Kind>>,
}

/// What is remembered of a room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Room<Kind> {
    last: LastRefresh,
    charts: [Kind; SERIES],
}

/// A count, so that its variance no longer depends on its mean (Anscombe 1948).
fn stabilised(count: u64) -> f64 {
    (count as f64 + 0.375).sqrt()
}

/// The series of a room, in the order of [`REASONS`].
fn series(step: &Step) -> [f64; SERIES] {
    [
        step.views,
        step.orders,
        step.likes,
        step.comments,
        step.follows,
    ]
    .map(stabilised)
}

impl<Kind: Chart> Detector for Charts<Kind> {
    fn name(&self) -> &str {
        Kind::NAME
    }

    fn sees_accounts(&self) -> bool {
        false
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let What::Frame(frame) = event.what else {
            return;
        };
        let room = self.rooms.entry(frame.room).or_default();
        let Some(step) = room.last.step(event.at, &frame) else {
            return;
        };
        let mut worst: Option<(f64, &str)> = None;
        let charts = room.charts.iter_mut().zip(series(&step)).zip(REASONS);
        for ((chart, value), reason) in charts {
            if let Some(score) = chart.see(value)
                && worst.is_none_or(|(most, _)| score > most)
            {
                worst = Some((score, if score >= 1.0 { reason } else { "" }));
            }
        }
        if let Some((score, reason)) = worst {
            scores.say(Subject::Room(frame.room), score, reason);
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(self)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(self, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Frame;

    /// Says every value, once it has seen one.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    struct Echo(bool);

    impl Chart for Echo {
        const NAME: &'static str = "echo";
        fn see(&mut self, value: f64) -> Option<f64> {
            std::mem::replace(&mut self.0, true).then_some(value)
        }
    }

    fn show(charts: &mut Charts<Echo>, second: u64, likes: u64, views: u64) -> Option<(f64, &str)> {
        let frame = Frame {
            likes,
            views,
            ..Frame::default()
        };
        let event = Event {
            at: 1_000 * second,
            what: What::Frame(frame),
        };
        let mut scores = Scores::default();
        charts.observe(&event, &mut scores);
        let said = scores.take().next();
        said.map(|said| (said.score, said.reason))
    }

    #[test]
    fn a_room_is_as_suspicious_as_its_worst_series() {
        let mut charts = Charts::<Echo>::default();
        assert_eq!(show(&mut charts, 0, 1_000, 1_000), None, "a first frame");
        assert_eq!(show(&mut charts, 10, 1_001, 1_001), None, "warming up");
        let worst = show(&mut charts, 20, 1_005, 1_002);
        assert_eq!(worst, Some((4.375_f64.sqrt(), "new likes have risen")));
        let calm = show(&mut charts, 30, 1_005, 1_002);
        assert_eq!(calm, Some((0.375_f64.sqrt(), "")));
    }

    #[test]
    fn what_is_taken_up_goes_on_like_what_was_saved() {
        let mut charts = Charts::<Echo>::default();
        show(&mut charts, 0, 0, 0);
        show(&mut charts, 10, 9, 0);
        let mut other = Charts::default();
        other.restore(&charts.save().unwrap()).unwrap();
        assert_eq!(charts, other);
        assert_eq!(show(&mut charts, 20, 12, 9), show(&mut other, 20, 12, 9));
        assert!(other.restore(&[0xff]).is_err());
    }
}
