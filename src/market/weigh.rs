//! Weighing a look (MODEL section 6): the utility of an offer as displayed and as honest displays would have made it, in one [`Game`] over
//! the channels, so that harm can be attributed exactly.

use super::decide::{Look, Mind, Taste};
use super::exposure::{Class, belief_left};
use super::offers::CLAIM_CLASS;
use super::room::OfferView;
use super::rows::Decision;
use super::seats::Seat;
use crate::welfare::Game;

/// A weighed look.
pub(super) struct Weighed {
    /// Against honest displays.
    pub(super) honest: Game,
    /// Against the unbiased benchmark.
    pub(super) unbiased: Game,
    /// What it saw and believed.
    pub(super) decision: Decision,
}

/// An offer as somebody sees it: the terms of D, and the beliefs they rest on.
pub(super) struct Seen {
    beliefs: Beliefs,
    /// What no channel touches, yuan.
    base: f64,
    /// Terms of the channels 1 to 6 as displayed, yuan.
    displayed: [f64; 6],
    /// theta (G - lambda L) as displayed, yuan.
    bargain: f64,
}

impl Seen {
    /// D, yuan: the terms added in the order of [`Game::utility`], so that both have the same bits.
    #[inline]
    pub(super) fn utility(&self) -> f64 {
        let terms = self.displayed.iter();
        terms.fold(self.base + self.bargain, |sum, term| sum + term)
    }
}

impl Mind<'_> {
    /// What a look costs nearly always, since few of them end in an order: D and nothing else. [`Self::weigh`] does the rest for those who
    /// want to order; a test holds D to the model's equation as it is written.
    #[inline]
    pub(super) fn see(&self, seat: &Seat) -> Seen {
        let behaviour = &self.plot.behaviour;
        let (offer, taste) = (self.offer, &seat.taste);
        let value = taste.private_value;
        let beliefs = Beliefs::of(seat, offer);
        let extra = self.extra_units(seat, &beliefs);
        let pull = f64::from(seat.susceptibility) * value;
        let shown = offer.claim.map_or(0.0, |claim| claim.value);
        Seen {
            base: value - self.cost(seat) + extra.delivered,
            displayed: [
                beliefs.claims * behaviour.claimed_quality * offer.quality,
                pull * offer.orders_pull,
                pull * self.view.viewers_pull,
                pull * behaviour.urgency * self.urgency(seat)[0],
                extra.windfall,
                behaviour.arousal * value * self.felt_arousal(seat),
            ],
            bargain: self.bargain(seat, taste.searched, shown, beliefs.price),
            beliefs,
        }
    }

    /// The utility of the offer, as displayed and as honest displays would have made it.
    pub(super) fn weigh(&self, seat: &Seat, look: &Look, seen: &Seen) -> Weighed {
        let behaviour = &self.plot.behaviour;
        let (offer, taste, beliefs) = (self.offer, &seat.taste, &seen.beliefs);
        let value = taste.private_value;
        let pull = f64::from(seat.susceptibility) * value;
        let would_have =
            taste.searched || self.search_clock(seat, look.time, true) > taste.search_after;
        let shown = offer.claim.map_or(0.0, |claim| claim.value);
        let bargain = |searched, claim, belief| self.bargain(seat, searched, claim, belief);
        let honestly = |searched| bargain(searched, offer.honest_claim, beliefs.honest_price);
        let bargain = [
            [honestly(would_have), honestly(taste.searched)],
            [bargain(would_have, shown, beliefs.price), seen.bargain],
        ];
        let honest = Game {
            base: seen.base,
            honest: [
                0.0,
                pull * offer.real_orders_pull,
                pull * self.view.real_viewers_pull,
                pull * behaviour.urgency * self.urgency(seat)[1],
                0.0,
                behaviour.arousal * value * self.view.honest_arousal,
            ],
            displayed: seen.displayed,
            bargain,
            threshold: taste.threshold,
        };
        // Nobody who is unbiased feels a bargain as such, or a crowd, a rush or a thrill: every term but base is a bias.
        let unbiased = Game {
            honest: [0.0; 6],
            bargain: [[0.0; 2], bargain[1]],
            ..honest
        };
        let decision = self.describe(seat, look, &honest, &unbiased, beliefs, would_have);
        Weighed {
            honest,
            unbiased,
            decision,
        }
    }

    /// p: what this person expects to pay, coupons and freight included, yuan.
    #[inline]
    fn cost(&self, seat: &Seat) -> f64 {
        self.offer.cost - self.expected_saving(seat)
    }

    /// Arousal as this person feels it: it has learned to doubt the staged part.
    fn felt_arousal(&self, seat: &Seat) -> f64 {
        let before = &seat.exposure.before;
        let times = [Class::Quarrel, Class::Subsidy, Class::ClaimedSales]
            .iter()
            .map(|class| u32::from(before[*class as usize]))
            .sum();
        let staged = self.view.arousal - self.view.honest_arousal;
        self.view.honest_arousal + staged * belief_left(f64::from(seat.keep), times)
    }

    /// Urgency as displayed and as it really is, 0..1.
    fn urgency(&self, seat: &Seat) -> [f64; 2] {
        let (countdown, genuine) =
            self.offer
                .countdown
                .map_or((0.0, true), |(level, ordinal, genuine)| {
                    let times = seat.exposure.times_before(Class::Countdown, ordinal);
                    (level * belief_left(f64::from(seat.keep), times), genuine)
                });
        let true_countdown = if genuine { countdown } else { 0.0 };
        [
            countdown.max(self.offer.stock_urgency),
            true_countdown.max(self.offer.real_stock_urgency),
        ]
    }

    /// What the market asks, as far as a person knows: the truth once it has searched.
    fn known_market(&self, taste: &Taste, searched: bool) -> f64 {
        if searched {
            self.offer.market_price
        } else {
            taste.market_guess
        }
    }

    /// theta (G - lambda L), yuan, for somebody who has searched or not and believes a claim so far.
    #[inline]
    fn bargain(&self, seat: &Seat, searched: bool, claim: f64, belief: f64) -> f64 {
        let market = self.known_market(&seat.taste, searched);
        let reference = reference_price(seat, self.offer, market, claim, belief);
        let cost = self.cost(seat);
        let (gain, loss) = ((reference - cost).max(0.0), (cost - reference).max(0.0));
        f64::from(seat.bargain_weight) * (gain - f64::from(seat.loss_aversion) * loss)
    }

    /// What units "sent by mistake" and prices "posted by mistake" are worth: as a windfall, and really.
    fn extra_units(&self, seat: &Seat, beliefs: &Beliefs) -> Extra {
        let behaviour = &self.plot.behaviour;
        let unit = behaviour.extra_unit_worth * seat.taste.private_value;
        let mut extra = Extra::default();
        if let Some(said) = self.offer.wrong_quantity {
            let (promised, delivered) = said.value;
            extra.delivered = f64::from(delivered) * unit;
            // Base already has what is really delivered; on display it is only what is believed.
            extra.windfall =
                beliefs.wrong_quantity * behaviour.windfall * (f64::from(promised) * unit)
                    - extra.delivered;
        }
        if let Some(said) = self.offer.misbid {
            extra.windfall += beliefs.misbid * behaviour.windfall * said.value;
        }
        extra
    }

    fn describe(
        &self,
        seat: &Seat,
        look: &Look,
        honest: &Game,
        unbiased: &Game,
        beliefs: &Beliefs,
        would_have: bool,
    ) -> Decision {
        let (offer, taste) = (self.offer, &seat.taste);
        let market = |searched: bool| self.known_market(taste, searched);
        let shown = offer.claim.map_or(0.0, |claim| claim.value);
        Decision {
            visit: seat.visit,
            look: look.number,
            utility: honest.utility(u8::MAX),
            honest_utility: honest.utility(0),
            unbiased_utility: unbiased.utility(0),
            threshold: taste.threshold,
            taste_scale: f64::from(seat.taste_scale) * offer.market_price,
            private_value: taste.private_value,
            expected_price: self.cost(seat),
            market_price: market(taste.searched),
            reference_price: reference_price(
                seat,
                offer,
                market(taste.searched),
                shown,
                beliefs.price,
            ),
            honest_reference_price: reference_price(
                seat,
                offer,
                market(would_have),
                offer.honest_claim,
                beliefs.honest_price,
            ),
            belief: beliefs.price,
            times_seen: beliefs.times_seen,
            displayed_orders: offer.displayed_orders,
            displayed_viewers: self.view.displayed_viewers,
            searched: taste.searched,
            would_have_searched: would_have,
            impulse: !taste.needs,
        }
    }
}

#[derive(Debug, Default)]
struct Extra {
    windfall: f64,
    delivered: f64,
}

/// ref = m + alpha * belief * (c - m); without a claim it is what the person thinks the market asks.
fn reference_price(seat: &Seat, offer: &OfferView, market: f64, claim: f64, belief: f64) -> f64 {
    match offer.claim {
        Some(_) => market + f64::from(seat.anchoring) * belief * (claim - market),
        None => market,
    }
}

/// How far a person believes what is said about an offer.
#[derive(Debug)]
struct Beliefs {
    /// The claimed price, raised by a quarrel that it saw.
    price: f64,
    /// The same without the quarrel.
    honest_price: f64,
    /// Claimed quality.
    claims: f64,
    misbid: f64,
    wrong_quantity: f64,
    times_seen: u32,
}

impl Beliefs {
    fn of(seat: &Seat, offer: &OfferView) -> Self {
        let (belief, keep) = (f64::from(seat.belief), f64::from(seat.keep));
        let in_cue = |class: Class, ordinal: u16| {
            belief * belief_left(keep, seat.exposure.times_before(class, ordinal))
        };
        let claim_ordinal = offer.claim.map_or(0, |claim| claim.ordinal);
        let honest_price = in_cue(CLAIM_CLASS, claim_ordinal);
        let quarrel = offer
            .quarrel
            .filter(|said| seat.exposure.saw(Class::Quarrel, said.ordinal))
            .map_or(0.0, |said| {
                in_cue(Class::Quarrel, said.ordinal) * said.value
            });
        Self {
            price: honest_price + (1.0 - honest_price) * quarrel,
            honest_price,
            claims: honest_price,
            misbid: offer
                .misbid
                .map_or(0.0, |said| in_cue(Class::Misbid, said.ordinal)),
            wrong_quantity: offer
                .wrong_quantity
                .map_or(0.0, |said| in_cue(Class::WrongQuantity, said.ordinal)),
            times_seen: seat.exposure.times_before(CLAIM_CLASS, claim_ordinal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::market::memory::Memories;
    use crate::market::promoted::Promotions;
    use crate::market::room::{RoomIndex, RoomView};
    use crate::market::seats::SeatBlock;
    use crate::market::time::{Now, Plot};
    use crate::market::{Market, Nobody, Pace};
    use crate::scenario::{Request, load};
    use bevy_ecs::system::SystemState;
    use std::sync::Arc;

    /// D as MODEL section 6 writes it, in its words and order: slow and obvious.
    fn as_written(mind: &Mind, seat: &Seat) -> f64 {
        let (b, view, offer, taste) = (&mind.plot.behaviour, mind.view, mind.offer, &seat.taste);
        let [belief, keep, psi, theta, lambda, alpha] = [
            seat.belief,
            seat.keep,
            seat.susceptibility,
            seat.bargain_weight,
            seat.loss_aversion,
            seat.anchoring,
        ]
        .map(f64::from);
        let doubt = |times: u32| keep.powi(times.min(64) as i32);
        let believed = |class, ordinal| belief * doubt(seat.exposure.times_before(class, ordinal));
        let v = taste.private_value;
        let s = b.social_orders * (1.0 + offer.displayed_orders as f64 / b.orders_scale).ln();
        let d = b.social_viewers * (1.0 + view.displayed_viewers as f64 / b.viewers_scale).ln();
        let countdown = offer.countdown.map_or(0.0, |(level, ordinal, _)| {
            level * doubt(seat.exposure.times_before(Class::Countdown, ordinal))
        });
        let q = b.urgency * countdown.max(offer.stock_urgency);
        let staged = [Class::Quarrel, Class::Subsidy, Class::ClaimedSales]
            .map(|class| u32::from(seat.exposure.before[class as usize]));
        let thrill = (view.arousal - view.honest_arousal) * doubt(staged.iter().sum());
        let arousal = b.arousal * (view.honest_arousal + thrill);
        let m = if taste.searched {
            offer.market_price
        } else {
            taste.market_guess
        };
        let plain_claim = believed(CLAIM_CLASS, offer.claim.map_or(0, |claim| claim.ordinal));
        let quarrel = offer
            .quarrel
            .filter(|said| said.ordinal > seat.exposure.at_entry[Class::Quarrel as usize])
            .map_or(0.0, |said| {
                believed(Class::Quarrel, said.ordinal) * said.value
            });
        let in_claim = 1.0 - (1.0 - plain_claim) * (1.0 - quarrel);
        let shift = |c: f64| alpha * in_claim * (c - m);
        let reference = m + offer.claim.map_or(0.0, |claim| shift(claim.value));
        let p = offer.cost - mind.expected_saving(seat);
        let (gain, loss) = ((reference - p).max(0.0), (p - reference).max(0.0));
        let quantity = offer.wrong_quantity.map_or(0.0, |said| {
            let units = f64::from(said.value.0) * b.extra_unit_worth * v;
            believed(Class::WrongQuantity, said.ordinal) * units
        });
        let misbid = offer.misbid.map_or(0.0, |said| {
            believed(Class::Misbid, said.ordinal) * said.value
        });
        v * (1.0 + psi * (s + d + q) + arousal)
            + plain_claim * b.claimed_quality * offer.quality
            + theta * (gain - lambda * loss)
            + b.windfall * (quantity + misbid)
            - p
    }

    #[test]
    fn d_at_a_look_is_what_the_model_says() {
        for what in [
            "diamond_necklace",
            "misbid",
            "guess_coat",
            "double11_evening",
        ] {
            let change = ["population.consumers=20000".to_owned()];
            let bundle = load(&Request {
                what,
                overrides: &change,
                ..Request::default()
            });
            let plot = bundle.expect("shipped").resolve().expect("shipped");
            let mut market = Market::new(Arc::new(plot), Box::new(Nobody));
            let mut compared = 0;
            for tick in 0..3_000 {
                if market.step() == Pace::Finished {
                    break;
                }
                if tick % 50 == 0 {
                    compared += compare(&mut market);
                }
            }
            assert!(compared > 100, "{compared} in {what}");
        }
    }

    /// Holds D of everybody who has thought of an open offer to what the model says; how many there were.
    fn compare(market: &mut Market) -> usize {
        let world = &mut market.world;
        let mut blocks = world.query::<&SeatBlock>();
        let mut promotions = SystemState::<Promotions>::new(world);
        let world = &*world;
        let promotions = promotions.get(world).expect("the world has promotions");
        let mut compared = 0;
        for block in blocks.iter(world) {
            let room = world.resource::<RoomIndex>().0[block.room as usize];
            let view = world.get::<RoomView>(room).expect("rooms have views");
            for (seat, due) in block.seats.iter().zip(&block.due) {
                let offers = view.offers.iter();
                let thought_of = |offer: &&OfferView| offer.product == seat.taste.product;
                let thinks = due.is_finite() && seat.taste.drawn;
                let Some(offer) = offers.filter(|_| thinks).find(thought_of) else {
                    continue;
                };
                let mind = Mind {
                    plot: world.resource::<Plot>(),
                    draws: Draws::new(0),
                    memories: world.resource::<Memories>(),
                    view,
                    offer,
                    now: world.resource::<Now>(),
                    promotions: &promotions,
                    time: 0.0,
                };
                let (short, long) = (mind.see(seat).utility(), as_written(&mind, seat));
                let scale = 1.0 + long.abs() + offer.cost + seat.taste.private_value;
                assert!(
                    (short - long).abs() < 1e-9 * scale,
                    "{short} {long} {seat:?} {offer:?}"
                );
                compared += 1;
            }
        }
        compared
    }
}
