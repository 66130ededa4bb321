//! A room's score over time, and the alarms that it raises at a threshold. Touches nothing.

use crate::detect::event::Millis;

/// An alarm that begins sooner than this many milliseconds after the one before, of the same room, is the same alarm.
pub const SAME_ALARM: Millis = 5 * 60_000;

/// From a moment on, a room's score has a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The moment.
    pub at: Millis,
    /// The value.
    pub score: f64,
}

/// A room's score over time: each holds until the next, the first is preceded by minus infinity. No two steps have the same moment, and no step
/// leaves the value as it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    steps: Vec<Step>,
}

impl Held {
    /// What is held when this was said, none of it NaN. Of what was said at one moment the last counts.
    pub fn of(mut said: Vec<Step>) -> Self {
        said.sort_by_key(|step| step.at);
        let mut steps: Vec<Step> = Vec::with_capacity(said.len());
        let mut said = said.into_iter().peekable();
        while let Some(step) = said.next() {
            let replaced = said.peek().is_some_and(|next| next.at == step.at);
            let news = steps.last().is_none_or(|last| last.score != step.score);
            if !replaced && news {
                steps.push(step);
            }
        }
        Self { steps }
    }

    /// The steps, in order of time.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The score held at a moment.
    pub fn at(&self, at: Millis) -> f64 {
        let begun = self.steps.partition_point(|step| step.at <= at);
        let last = begun.checked_sub(1).and_then(|last| self.steps.get(last));
        last.map_or(f64::NEG_INFINITY, |step| step.score)
    }

    /// The steps after one moment and before another.
    fn between(&self, after: Millis, before: Millis) -> impl Iterator<Item = &Step> {
        let begun = self.steps.partition_point(|step| step.at <= after);
        let later = self.steps.get(begun..).unwrap_or_default();
        later.iter().take_while(move |step| step.at < before)
    }

    /// The largest score held from one moment, included, to another, not included.
    pub fn largest(&self, from: Millis, to: Millis) -> f64 {
        let steps = self.between(from, to).map(|step| step.score);
        steps.fold(self.at(from), f64::max)
    }

    /// The first moment between two, both included, at which the score is at least `threshold`.
    pub fn first_reached(&self, threshold: f64, from: Millis, to: Millis) -> Option<Millis> {
        if from > to {
            return None;
        }
        if self.at(from) >= threshold {
            return Some(from);
        }
        let mut steps = self.between(from, to.saturating_add(1));
        steps
            .find(|step| step.score >= threshold)
            .map(|step| step.at)
    }

    /// When alarms begin: the score rises from below `threshold` to it or above, and no alarm has begun within [`SAME_ALARM`] before.
    pub fn alarms(&self, threshold: f64) -> Vec<Millis> {
        let mut alarms: Vec<Millis> = Vec::new();
        let mut before = f64::NEG_INFINITY;
        for step in &self.steps {
            let rises = before < threshold && step.score >= threshold;
            let is_new = alarms
                .last()
                .is_none_or(|last| step.at - last >= SAME_ALARM);
            if rises && is_new {
                alarms.push(step.at);
            }
            before = step.score;
        }
        alarms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(said: &[(Millis, f64)]) -> Held {
        Held::of(said.iter().map(|&(at, score)| Step { at, score }).collect())
    }

    #[test]
    fn a_score_holds_until_the_next_and_the_last_of_a_moment_counts() {
        let held = held(&[(10, 1.0), (20, 9.0), (20, 2.0), (30, 2.0), (40, 0.5)]);
        assert_eq!(held.steps().len(), 3);
        assert_eq!(held.at(9), f64::NEG_INFINITY);
        assert_eq!((held.at(10), held.at(39), held.at(99)), (1.0, 2.0, 0.5));
        assert_eq!(held.largest(0, 10), f64::NEG_INFINITY);
        assert_eq!(held.largest(0, 11), 1.0);
        assert_eq!(held.largest(12, 20), 1.0);
        assert_eq!(held.largest(39, 60), 2.0);
        assert_eq!(held.first_reached(2.0, 0, 20), Some(20));
        assert_eq!(held.first_reached(2.0, 0, 19), None);
        assert_eq!(held.first_reached(2.0, 25, 30), Some(25));
        assert_eq!(held.first_reached(2.0, 40, 90), None);
        assert_eq!(held.first_reached(0.1, 9, 8), None);
    }

    #[test]
    fn an_alarm_soon_after_another_is_the_same() {
        let minute = 60_000;
        let flickers = held(&[
            (0, 0.0),
            (minute, 1.0),
            (2 * minute, 0.0),
            (4 * minute, 1.0),
            (5 * minute, 0.0),
            (6 * minute, 1.0),
            (30 * minute, 0.9),
        ]);
        assert_eq!(flickers.alarms(1.0), [minute, 6 * minute]);
        assert_eq!(flickers.alarms(0.0), [0]);
        assert!(flickers.alarms(1.1).is_empty());
        assert!(Held::default().alarms(f64::MIN).is_empty());
    }
}
