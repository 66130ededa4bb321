//! Parts of the campaigns that are looked at by themselves, and rankings restricted to them. Touches nothing.

use super::curve::Curve;
use super::judged::Judged;
use super::track::Track;
use crate::detect::truth::{Campaign, Threat};
use serde::{Deserialize, Serialize};

/// A part of the campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Those of a threat.
    Threat(Threat),
    /// Those of tactics that development streams have.
    KnownTactic,
    /// Those of tactics that they do not have.
    HeldOutTactic,
    /// Those delivered by farms that development streams have.
    KnownOperator,
    /// Those delivered by farms that they do not have.
    UnknownOperator,
    /// Those in rooms of the first half of the stream's rooms, in order of beginning.
    FirstHalf,
    /// Those in rooms of the second half.
    SecondHalf,
}

impl Split {
    /// All of them, threats first.
    pub fn all() -> impl Iterator<Item = Split> {
        let others = [
            Split::KnownTactic,
            Split::HeldOutTactic,
            Split::KnownOperator,
            Split::UnknownOperator,
            Split::FirstHalf,
            Split::SecondHalf,
        ];
        Threat::ALL.into_iter().map(Split::Threat).chain(others)
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Split::Threat(threat) => threat.name(),
            Split::KnownTactic => "known_tactic",
            Split::HeldOutTactic => "held_out_tactic",
            Split::KnownOperator => "known_operator",
            Split::UnknownOperator => "unknown_operator",
            Split::FirstHalf => "first_half",
            Split::SecondHalf => "second_half",
        }
    }

    /// Whether a campaign belongs to it; `late`: its room is of the second half. Campaigns that nobody delivers belong to no part by operator.
    pub fn has(self, campaign: &Campaign, late: bool) -> bool {
        let delivered = !campaign.operator.is_empty();
        match self {
            Split::Threat(threat) => campaign.threat == threat,
            Split::KnownTactic => campaign.tactic_is_known,
            Split::HeldOutTactic => !campaign.tactic_is_known,
            Split::KnownOperator => delivered && campaign.operator_is_known,
            Split::UnknownOperator => delivered && !campaign.operator_is_known,
            Split::FirstHalf => !late,
            Split::SecondHalf => late,
        }
    }
}

/// An item of a ranking.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    score: f64,
    positive: bool,
    /// The parts to which it belongs: bit n is the n-th of [`Split::all`].
    parts: u32,
}

/// The items of a track, the most suspicious first.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    items: Vec<Ranked>,
}

impl Ranking {
    /// The ranking of what a detector said of a stream.
    pub fn of(judged: &Judged, track: Track) -> Self {
        let parts = parts_of_items(judged, track);
        let items = judged.placed(track).map(|(place, score, positive)| Ranked {
            score,
            positive,
            parts: parts.get(place).copied().unwrap_or(0),
        });
        Self::sorted(items.collect())
    }

    /// The ranking of the items of several streams together.
    pub fn together(rankings: &[Ranking]) -> Self {
        let items = rankings.iter().flat_map(|ranking| &ranking.items);
        Self::sorted(items.copied().collect())
    }

    fn sorted(mut items: Vec<Ranked>) -> Self {
        items.sort_unstable_by(|one, other| other.score.total_cmp(&one.score));
        Self { items }
    }

    /// The curve of all items.
    pub fn curve(&self) -> Curve {
        Curve::of_sorted(self.items.iter().map(|item| (item.score, item.positive)))
    }

    /// For each of [`Split::all`], average precision of its positives against all negatives; `None` without such positives.
    pub fn average_precision_of_splits(&self) -> Vec<Option<f64>> {
        let of_split = |bit: u32| {
            let belongs = |item: &&Ranked| !item.positive || item.parts & bit != 0;
            let items = self.items.iter().filter(belongs);
            Curve::of_sorted(items.map(|item| (item.score, item.positive))).average_precision()
        };
        bits().map(|(_, bit)| of_split(bit)).collect()
    }
}

/// All parts, each with its bit.
fn bits() -> impl Iterator<Item = (Split, u32)> {
    Split::all()
        .zip(0..)
        .map(|(split, place): (Split, u32)| (split, 1 << place))
}

/// Of each item of a track, the parts to which it belongs by any of its campaigns.
fn parts_of_items(judged: &Judged, track: Track) -> Vec<u32> {
    let universe = &judged.universe;
    let of_campaign = |(campaign, late): (&Campaign, &bool)| -> u32 {
        let has = bits().filter(|(split, _)| split.has(campaign, *late));
        has.map(|(_, bit)| bit).sum()
    };
    let campaigns = universe.campaigns.iter().zip(&universe.late);
    let of_campaigns: Vec<u32> = campaigns.map(of_campaign).collect();
    let items = universe.items(track);
    let mut parts = vec![0; items.labels.len()];
    for (item, campaign) in &items.campaigns {
        if let (Some(part), Some(more)) = (parts.get_mut(*item), of_campaigns.get(*campaign)) {
            *part |= more;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::testing::{campaign, judged, oracle, said, token};
    use super::*;
    use crate::detect::score::Subject;

    #[test]
    fn a_campaign_belongs_to_one_part_of_each_kind() {
        let mut odd = campaign(1, Threat::Followers, 1, 0, 1);
        let parts = |campaign: &Campaign, late| -> Vec<&str> {
            let has = Split::all().filter(|split| split.has(campaign, late));
            has.map(Split::name).collect()
        };
        assert_eq!(
            parts(&odd, true),
            [
                "followers",
                "known_tactic",
                "unknown_operator",
                "second_half"
            ]
        );
        odd.operator.clear();
        odd.tactic_is_known = false;
        assert_eq!(
            parts(&odd, false),
            ["followers", "held_out_tactic", "first_half"]
        );
        assert!(Split::all().count() <= 32);
    }

    #[test]
    fn parts_are_ranked_against_all_negatives() {
        // Of 5 orders, 3 and 4 are brushed: 3 is on top, 4 is at the bottom.
        let order = |number, score| said(1, Subject::Order(token(number)), score);
        let judged = judged(&[order(3, 9.0), order(0, 5.0), order(1, 5.0), order(2, 4.0)]);
        let ranking = Ranking::of(&judged, Track::Orders);
        let whole = ranking.curve().average_precision();
        assert_eq!(whole, Some(0.5 * (1.0 + 2.0 / 5.0)));
        let parts = ranking.average_precision_of_splits();
        for (split, part) in Split::all().zip(&parts) {
            let has = [
                Split::Threat(Threat::BrushedOrders),
                Split::KnownTactic,
                Split::KnownOperator,
                Split::FirstHalf,
            ];
            assert_eq!(*part, whole.filter(|_| has.contains(&split)), "{split:?}");
        }
    }

    #[test]
    fn rankings_of_streams_are_put_together_by_score() {
        let streams = [judged(&oracle()), judged(&[])].map(|one| Ranking::of(&one, Track::Offers));
        let both = Ranking::together(&streams).curve();
        assert_eq!((both.positives(), both.negatives()), (2, 4));
        assert_eq!(both.average_precision(), Some(0.5 + 0.5 * 2.0 / 6.0));
    }
}
