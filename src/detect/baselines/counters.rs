//! The counters of a room as series: what came between two refreshes of its display, and within the last minute.
//!
//! Shared by the baselines that watch counters. It touches nothing but the frames that it is handed.

use crate::detect::{Frame, Millis};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Milliseconds of a minute.
pub const MINUTE: Millis = 60_000;

/// A frame, and when it was seen.
type Seen = (Millis, Frame);

/// What came between two frames of a room. Counters that run backwards count as standing still.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Step {
    /// Milliseconds from one frame to the other, more than 0.
    pub millis: Millis,
    /// Viewer-milliseconds between them: every frame's viewers hold until the next one.
    pub watched: u64,
    /// Viewers at the end less viewers at the start.
    pub more_viewers: f64,
    /// Entries.
    pub views: u64,
    /// Orders.
    pub orders: u64,
    /// Likes.
    pub likes: u64,
    /// Comments.
    pub comments: u64,
    /// New follows.
    pub follows: u64,
    /// Clicks on the cart link.
    pub cart_clicks: u64,
}

impl Step {
    /// What came between two frames, with the viewer-milliseconds between them.
    fn between(before: &Seen, after: &Seen, watched: u64) -> Self {
        let (first, last) = (&before.1, &after.1);
        Self {
            millis: after.0.saturating_sub(before.0),
            watched,
            more_viewers: last.viewers as f64 - first.viewers as f64,
            views: last.views.saturating_sub(first.views),
            orders: last.orders.saturating_sub(first.orders),
            likes: last.likes.saturating_sub(first.likes),
            comments: last.comments.saturating_sub(first.comments),
            follows: last.follows.saturating_sub(first.follows),
            cart_clicks: last.cart_clicks.saturating_sub(first.cart_clicks),
        }
    }

    /// Viewer-minutes.
    pub fn viewer_minutes(&self) -> f64 {
        self.watched as f64 / MINUTE as f64
    }

    /// A count as a rate per minute.
    pub fn per_minute(&self, count: u64) -> f64 {
        count as f64 * MINUTE as f64 / self.millis.max(1) as f64
    }
}

/// Viewer-milliseconds from one frame to the next.
fn watched(before: &Seen, after: &Seen) -> u64 {
    let millis = after.0.saturating_sub(before.0);
    before.1.viewers.saturating_mul(millis)
}

/// The last frame of a room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LastRefresh {
    frame: Option<Seen>,
}

impl LastRefresh {
    /// What came since the last frame; `None` at the first, which tells nothing of when its counts came, and where no time has passed.
    pub fn step(&mut self, at: Millis, frame: &Frame) -> Option<Step> {
        let now = (at, *frame);
        let before = self.frame.replace(now)?;
        (before.0 < at).then(|| Step::between(&before, &now, watched(&before, &now)))
    }
}

/// The frames of a room within the last minute, and the last one before it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LastMinute {
    frames: VecDeque<Seen>,
    watched: u64,
}

impl LastMinute {
    /// What came within the last minute; `None` in a room's first minute.
    pub fn step(&mut self, at: Millis, frame: &Frame) -> Option<Step> {
        let now = (at, *frame);
        if let Some(before) = self.frames.back() {
            self.watched = self.watched.saturating_add(watched(before, &now));
        }
        self.frames.push_back(now);
        while let (Some(first), Some(second)) = (self.frames.front(), self.frames.get(1))
            && second.0.saturating_add(MINUTE) <= at
        {
            self.watched = self.watched.saturating_sub(watched(first, second));
            self.frames.pop_front();
        }
        let before = self.frames.front()?;
        (before.0.saturating_add(MINUTE) <= at).then(|| Step::between(before, &now, self.watched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(viewers: u64, views: u64) -> Frame {
        Frame {
            viewers,
            views,
            ..Frame::default()
        }
    }

    #[test]
    fn a_step_is_what_came_since_the_last_frame() {
        let mut last = LastRefresh::default();
        assert_eq!(last.step(10_000, &frame(100, 500)), None);
        let step = last.step(20_000, &frame(90, 530)).unwrap();
        assert_eq!((step.millis, step.views, step.likes), (10_000, 30, 0));
        assert_eq!((step.more_viewers, step.watched), (-10.0, 1_000_000));
        assert_eq!(step.per_minute(step.views), 180.0);
        assert_eq!(last.step(20_000, &frame(90, 530)), None);
        let step = last.step(30_000, &frame(90, 10)).unwrap();
        assert_eq!(step.views, 0, "counters that run backwards stand still");
    }

    #[test]
    fn a_minute_is_the_sum_of_its_steps() {
        let (mut last, mut minute) = (LastRefresh::default(), LastMinute::default());
        let mut steps = Vec::new();
        for refresh in 0..20_u64 {
            let (at, seen) = (10_000 * refresh, frame(refresh * 7 % 5, refresh * refresh));
            steps.extend(last.step(at, &seen));
            let Some(step) = minute.step(at, &seen) else {
                assert!(refresh < 6);
                continue;
            };
            let recent = steps.iter().rev().take(6);
            let (watched, views) = recent.fold((0, 0), |sum, step| {
                (sum.0 + step.watched, sum.1 + step.views)
            });
            assert_eq!((step.watched, step.views), (watched, views));
            assert_eq!(step.millis, MINUTE);
        }
    }
}
