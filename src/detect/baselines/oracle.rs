//! A control: knows the truth, and says it as soon as there is evidence. What is left of an ideal detector where it scores less than everything is what
//! the scoring itself cannot tell.

use crate::detect::event::Millis;
use crate::detect::{Detector, Event, Scores, Token, TokenMap, Truth, What};
use crate::scenario::Id;
use std::collections::BTreeMap;

/// Knows the truth of one stream.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    /// By room: from when to when its crowd or its orders are bought.
    rooms: BTreeMap<Id, Vec<(Millis, Millis)>>,
    accounts: TokenMap<()>,
    /// By room and product: from when it could be seen that something is staged.
    offers: BTreeMap<(Id, Id), Millis>,
}

impl Oracle {
    /// Of a stream.
    pub fn of(truth: &Truth) -> Self {
        let mut oracle = Self::default();
        for campaign in &truth.campaigns {
            if campaign.threat.is_about_an_offer() {
                let Some(product) = campaign.product else {
                    continue;
                };
                let from = oracle.offers.entry((campaign.room, product));
                let from = from.or_insert(campaign.first_evidence);
                *from = (*from).min(campaign.first_evidence);
            } else {
                let spans = oracle.rooms.entry(campaign.room).or_default();
                spans.push((campaign.first_evidence, campaign.last_evidence));
            }
        }
        let accounts = truth.actors.iter().map(|actor| (actor.account, ()));
        oracle.accounts = accounts.collect();
        oracle
    }

    fn account(&self, account: Token, scores: &mut Scores) {
        if self.accounts.contains_key(&account) {
            scores.account(account, 1.0);
        }
    }

    fn offer(&self, at: Millis, room: Id, product: Id, scores: &mut Scores) {
        let from = self.offers.get(&(room, product));
        if from.is_some_and(|from| *from <= at) {
            scores.offer(room, product, 1.0);
        }
    }
}

impl Detector for Oracle {
    fn name(&self) -> &str {
        "oracle"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Frame(frame) => {
                let spans = self.rooms.get(&frame.room).into_iter().flatten();
                // A frame shows what has come since the one before.
                let mut spans = spans.map(|(from, until)| *from..=*until + 10_000);
                let bought = spans.any(|span| span.contains(&event.at));
                scores.room(frame.room, f64::from(u8::from(bought)));
            }
            What::Enter(enter) => self.account(enter.account, scores),
            // By the account: orders are numbered as they come, so in a market in which something has been done about it they have other tokens.
            What::Order(order) if self.accounts.contains_key(&order.account) => {
                scores.order(order.order, 1.0);
            }
            What::Price { room, product, .. }
            | What::Reference { room, product, .. }
            | What::Speech {
                room,
                product: Some(product),
                ..
            } => self.offer(event.at, room, product, scores),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::Frame;
    use crate::detect::truth::{Actor, Campaign, Threat};

    #[test]
    fn it_says_what_is_true_while_it_is() {
        let account = Token::of(7);
        let truth = Truth {
            campaigns: vec![Campaign {
                campaign: 0,
                plan: 0,
                threat: Threat::LongStays,
                tactic: "surge".to_owned(),
                room: 2,
                product: None,
                operator: "north".to_owned(),
                first_evidence: 50_000,
                last_evidence: 90_000,
                tactic_is_known: true,
                operator_is_known: true,
            }],
            actors: vec![Actor {
                account,
                campaign: 0,
                first_evidence: 50_000,
            }],
            ..Truth::default()
        };
        let mut oracle = Oracle::of(&truth);
        let mut said = |at: Millis| {
            let mut scores = Scores::default();
            let frame = Frame {
                room: 2,
                ..Frame::default()
            };
            let what = What::Frame(frame);
            oracle.observe(&Event { at, what }, &mut scores);
            let first = scores.take().next();
            first.map(|score| score.score)
        };
        assert_eq!(
            [40_000, 60_000, 100_000, 110_000].map(&mut said),
            [Some(0.0), Some(1.0), Some(1.0), Some(0.0)]
        );
    }
}
