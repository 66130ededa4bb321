//! Which campaigns are found at a threshold, and how long that takes. Touches nothing.

use super::judged::Judged;
use super::track::Track;
use super::universe::AFTER_EFFECTS;
use crate::detect::event::Millis;
use crate::detect::truth::{Campaign, Threat};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A campaign of a test stream, and what became of it at a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Place of the stream among the test streams, from 0.
    pub stream: usize,
    /// Number of the campaign within the stream.
    pub campaign: u32,
    /// Number of its plan.
    pub plan: u32,
    /// What it is.
    pub threat: Threat,
    /// The way in which it is done.
    pub tactic: String,
    /// The farm that delivers; empty where nobody does.
    pub operator: String,
    /// Whether development streams have its tactic.
    pub tactic_is_known: bool,
    /// Whether development streams have its operator.
    pub operator_is_known: bool,
    /// Whether its room is of the second half of the stream's rooms.
    pub late: bool,
    /// Seconds from its first evidence to the first alarm about it; `None`: missed.
    pub delay: Option<f64>,
}

/// What became of a campaign at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The track has nothing of it.
    Elsewhere,
    /// No alarm about it.
    Missed,
    /// The first alarm about it began so many milliseconds after its first evidence.
    Found(Millis),
}

impl Fate {
    /// Time to the first alarm in seconds; `None` if there was none.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Fate::Found(delay) => Some(delay as f64 / 1_000.0),
            Fate::Elsewhere | Fate::Missed => None,
        }
    }
}

/// The fate of each campaign of a stream, by place, at a threshold (`None`: infinite).
pub fn fates(judged: &Judged, track: Track, threshold: Option<f64>) -> Vec<Fate> {
    // No finite score is infinite, so that an infinite threshold finds nothing.
    let threshold = threshold.unwrap_or(f64::INFINITY);
    if track == Track::Rooms {
        let campaigns = judged.universe.campaigns.iter();
        return campaigns
            .map(|campaign| of_room(judged, campaign, threshold))
            .collect();
    }
    let mut fates = vec![Fate::Elsewhere; judged.universe.campaigns.len()];
    for &(item, place) in &judged.universe.items(track).campaigns {
        let since = judged.stands_since(track, item, threshold);
        let campaign = judged.universe.campaigns.get(place);
        let (Some(campaign), Some(fate)) = (campaign, fates.get_mut(place)) else {
            continue;
        };
        *fate = match (since, *fate) {
            (Some(since), Fate::Found(before)) => Fate::Found(before.min(delay(campaign, since))),
            (Some(since), _) => Fate::Found(delay(campaign, since)),
            (None, Fate::Elsewhere) => Fate::Missed,
            (None, fate) => fate,
        };
    }
    fates
}

/// The time in which an alarm about a campaign's room is right, both ends included.
pub fn window(campaign: &Campaign) -> RangeInclusive<Millis> {
    campaign.first_evidence..=campaign.last_evidence.saturating_add(AFTER_EFFECTS)
}

/// Milliseconds from a campaign's first evidence to a moment; zero before it.
fn delay(campaign: &Campaign, at: Millis) -> Millis {
    at.saturating_sub(campaign.first_evidence)
}

fn of_room(judged: &Judged, campaign: &Campaign, threshold: f64) -> Fate {
    let show = judged.universe.show(campaign.room);
    let Some(held) = show.and_then(|show| judged.held(show)) else {
        return Fate::Elsewhere;
    };
    if campaign.threat.is_about_an_offer() {
        return Fate::Elsewhere;
    }
    let window = window(campaign);
    let reached = held.first_reached(threshold, *window.start(), *window.end());
    reached.map_or(Fate::Missed, |at| Fate::Found(delay(campaign, at)))
}

/// The campaigns of the `stream`-th test stream of which its track has anything, with their fates.
pub fn findings(judged: &Judged, stream: usize, fates: &[Fate]) -> Vec<Finding> {
    let universe = &judged.universe;
    let campaigns = universe.campaigns.iter().zip(&universe.late).zip(fates);
    campaigns
        .filter(|(_, fate)| **fate != Fate::Elsewhere)
        .map(|((campaign, late), fate)| Finding {
            stream,
            campaign: campaign.campaign,
            plan: campaign.plan,
            threat: campaign.threat,
            tactic: campaign.tactic.clone(),
            operator: campaign.operator.clone(),
            tactic_is_known: campaign.tactic_is_known,
            operator_is_known: campaign.operator_is_known,
            late: *late,
            delay: fate.seconds(),
        })
        .collect()
}

/// The delay within which at least half of the campaigns are found; `None` if more than half are missed (`None` in `delays`), or there are none.
pub fn median(delays: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let mut delays: Vec<f64> = delays
        .into_iter()
        .map(|delay| delay.unwrap_or(f64::INFINITY))
        .collect();
    delays.sort_unstable_by(f64::total_cmp);
    let middle = delays.len().div_ceil(2).checked_sub(1)?;
    delays
        .get(middle)
        .copied()
        .filter(|delay| delay.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{judged, oracle, said};
    use super::super::universe::MINUTE;
    use super::*;
    use crate::detect::score::Subject;

    #[test]
    fn each_track_has_its_own_campaigns_and_first_alarms() {
        let knowing = judged(&oracle());
        let of = |track| fates(&knowing, track, Some(1.0));
        let (elsewhere, at_once) = (Fate::Elsewhere, Fate::Found(0));
        assert_eq!(of(Track::Rooms), [at_once, elsewhere, at_once]);
        assert_eq!(
            of(Track::Accounts),
            [Fate::Found(MINUTE), elsewhere, elsewhere]
        );
        assert_eq!(
            of(Track::Orders),
            [elsewhere, elsewhere, Fate::Found(2 * MINUTE)]
        );
        assert_eq!(
            of(Track::Offers),
            [elsewhere, Fate::Found(MINUTE), elsewhere]
        );
        let missed = [Fate::Missed, elsewhere, elsewhere];
        assert_eq!(fates(&knowing, Track::Accounts, None), missed);
        let findings = findings(&knowing, 4, &of(Track::Orders));
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].stream, findings[0].campaign), (4, 2));
        assert_eq!(findings[0].delay, Some(120.0));
    }

    #[test]
    fn an_alarm_counts_until_five_minutes_after_the_last_evidence() {
        let of = |at| {
            fates(
                &judged(&[said(at, Subject::Room(1), 1.0)]),
                Track::Rooms,
                Some(1.0),
            )
        };
        let end = 25 * MINUTE - 1;
        assert_eq!(of(end)[0], Fate::Found(15 * MINUTE - 1));
        assert_eq!(of(end + 1)[0], Fate::Missed);
        // What is suspected all the time is suspected at once.
        assert_eq!(of(0)[0], Fate::Found(0));
    }

    #[test]
    fn what_is_missed_takes_for_ever() {
        assert_eq!(median([Some(3.0), None, Some(1.0)]), Some(3.0));
        assert_eq!(median([Some(3.0), None]), Some(3.0));
        assert_eq!(median([Some(3.0), None, None]), None);
        assert_eq!(
            median([Some(5.0), Some(1.0), Some(2.0), Some(4.0)]),
            Some(2.0)
        );
        assert_eq!(median([]), None);
    }
}
