//! The decision at a look (MODEL section 6): does this watcher need such a thing, what does it think of it, does it order?
//!
//! Everything random about the answer is keyed by consumer and product, never by the look, so the same person gives the same answer
//! to the same display. What a look comes to is weighed in `weigh`; whoever orders takes that along to `checkout`, where harm is
//! attributed.

use super::bargain::Shop;
use super::exposure::{Class, belief_left};
use super::memory::{Memories, Note};
use super::population::{ConsumerId, needs};
use super::promoted::{Promotions, UNPROMOTED};
use super::room::{OfferView, RoomView};
use super::rows::Decision;
use super::seats::{Seat, SeatBlock};
use super::time::Now;
use super::trace::{TraceAct, TraceRow};
use super::wallet::{self, Skill};
use super::watch::Audience;
use super::weigh::Weighed;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair, logit, lognormal};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use crate::welfare::Game;
use serde::{Deserialize, Serialize};

/// A look that `watch` drew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Seat.
    pub slot: u32,
    /// Second.
    pub time: f64,
    /// Index of the offer among the open ones.
    pub offer: u32,
    /// Whether it is a refresh of a sold-out link.
    pub refresh: bool,
    /// Number of the look in the consumer's day.
    pub number: u32,
}

/// What a person thinks of a product: drawn at the first look of a visit and kept while it looks at the same one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Taste {
    /// The product; `u32::MAX` before the first look.
    pub(super) product: u32,
    /// Whether it needs the category.
    pub(super) needs: bool,
    /// Impulse clock that has to pass in this visit before arousal makes it need the category.
    pub(super) impulse_after: f64,
    /// Whether the rest has been drawn: only for those who need it.
    pub(super) drawn: bool,
    /// v: worth to this person, yuan.
    pub(super) private_value: f64,
    /// s * logit(u), yuan.
    pub(super) threshold: f64,
    /// What it thinks the product sells for elsewhere, unless it has searched, yuan.
    pub(super) market_guess: f64,
    /// Search clock at which it has searched.
    pub(super) search_after: f64,
    /// Whether it has searched.
    pub(super) searched: bool,
}

impl Default for Taste {
    fn default() -> Self {
        Self {
            product: u32::MAX,
            needs: false,
            impulse_after: f64::INFINITY,
            drawn: false,
            private_value: 0.0,
            threshold: 0.0,
            market_guess: 0.0,
            search_after: f64::INFINITY,
            searched: false,
        }
    }
}

/// An order that somebody wants to place.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Second.
    pub time: f64,
    /// Who.
    pub consumer: ConsumerId,
    /// Its stable identity.
    pub key: Identity,
    /// Its seat.
    pub slot: u32,
    /// Its segment.
    pub segment: Id,
    /// Whether it counts as vulnerable.
    pub vulnerable: bool,
    /// The product.
    pub product: Id,
    /// Units wanted.
    pub units: u32,
    /// Whether it came from a refresh.
    pub refresh: bool,
    /// Number of its visit in the day.
    pub visit: u32,
    /// What it makes of coupons.
    pub skill: Skill,
    /// How many of the coupons that knowing is enough for it knows.
    pub aware: u8,
    /// Yuan that it may still order for.
    pub budget: f32,
    /// The choice as a game over the channels, against honest displays.
    pub honest: Game,
    /// The same against the unbiased benchmark.
    pub unbiased: Game,
    /// What it saw and believed.
    pub decision: Decision,
}

/// Decides the looks of a block, in the order in which they were drawn.
pub fn decide(audience: &Audience, view: &RoomView, block: &mut SeatBlock) {
    let mut looks = std::mem::take(&mut block.looks);
    for look in looks.drain(..) {
        let mind = Mind {
            plot: &audience.plot,
            draws: audience.draws(),
            memories: &audience.memories,
            view,
            offer: &view.offers[look.offer as usize],
            now: &audience.now,
            promotions: &audience.promotions,
            time: look.time,
        };
        let consumer = block.seats[look.slot as usize].consumer;
        mind.look(block, &look, audience.traced.is(consumer));
    }
    block.looks = looks;
}

/// Private value v and taste threshold s logit(u) of somebody for a product, yuan (MODEL section 6): the same at every look, and without one.
pub(super) fn value_and_threshold(
    plot: &Scenario,
    draws: Draws,
    key: Identity,
    product: Id,
    taste_scale: f32,
) -> (f64, f64) {
    let about = &plot.products[product as usize];
    let taste = draws.at(Mechanism::Taste, identity_of_pair(key, about.key), 0);
    let spread = plot.behaviour.worth_spread;
    let scale = f64::from(taste_scale) * about.market_price;
    let value = about.worth * libm::exp(spread * taste.normal(1) - 0.5 * spread * spread);
    (value, scale * logit(taste.uniform(0)))
}

/// Everything a look depends on beside the seat.
pub(super) struct Mind<'a> {
    pub(super) plot: &'a Scenario,
    pub(super) draws: Draws,
    pub(super) memories: &'a Memories,
    pub(super) view: &'a RoomView,
    pub(super) offer: &'a OfferView,
    pub(super) now: &'a Now,
    pub(super) promotions: &'a Promotions<'a>,
    pub(super) time: f64,
}

impl Mind<'_> {
    fn look(&self, block: &mut SeatBlock, look: &Look, traced: bool) {
        let SeatBlock {
            seats,
            notes,
            intents,
            trace,
            deeds,
            ..
        } = block;
        let seat = &mut seats[look.slot as usize];
        if seat.taste.product != self.offer.product {
            seat.taste = self.first_thought(seat);
        }
        let units = self.units_wanted(seat);
        let needed = units > 0 && self.is_needed(seat, notes);
        if !needed {
            if traced && units > 0 {
                trace.push(self.told(look, false, Decision::default(), false, false));
            }
            return;
        }
        if !seat.taste.drawn {
            self.think_through(seat);
        }
        if self.searches(seat, look.time) {
            notes.push((
                seat.consumer,
                Note::Searched {
                    product: self.offer.product,
                },
            ));
            deeds.searches += 1;
            deeds.search_cost +=
                f64::from(seat.value_of_time) * self.plot.behaviour.search_seconds / 3_600.0;
        }
        if self.offer.savings_at != UNPROMOTED
            && !(seat.own_coupons && seat.saving_for == self.offer.terms)
        {
            seat.saving = self.saving(seat);
            seat.saving_for = self.offer.terms;
        }
        let seen = self.see(seat);
        let wants = seen.utility() > seat.taste.threshold;
        // Every look of every test holds the short way to the long one.
        debug_assert_eq!(
            seen.utility().to_bits(),
            self.weigh(seat, look, &seen).decision.utility.to_bits()
        );
        if !wants && !traced {
            return;
        }
        let weighed = self.weigh(seat, look, &seen);
        if traced {
            let honestly = weighed.decision.honest_utility > weighed.decision.threshold;
            trace.push(self.told(look, true, weighed.decision, wants, honestly));
        }
        let price = self.offer.price - self.expected_saving(seat);
        if wants && price * f64::from(units) <= f64::from(seat.budget_left) {
            intents.push(self.intent(seat, look, units, weighed));
            seat.asks = true;
        }
    }

    fn told(
        &self,
        look: &Look,
        needs: bool,
        decision: Decision,
        wants: bool,
        honestly: bool,
    ) -> TraceRow {
        TraceRow {
            time: look.time,
            room: Some(self.view.room),
            act: TraceAct::Looked {
                product: self.offer.product,
                needs,
                decision,
                wants,
                would_want_honestly: honestly,
            },
        }
    }

    fn intent(&self, seat: &Seat, look: &Look, units: u32, weighed: Weighed) -> Intent {
        Intent {
            time: look.time,
            consumer: seat.consumer,
            key: seat.key,
            slot: look.slot,
            segment: seat.segment,
            vulnerable: seat.vulnerable,
            product: self.offer.product,
            units,
            refresh: look.refresh,
            visit: seat.visit,
            skill: seat.skill,
            aware: seat.aware,
            budget: seat.budget_left,
            honest: weighed.honest,
            unbiased: weighed.unbiased,
            decision: weighed.decision,
        }
    }

    /// What coupons save it on a unit of the offer, as far as it knows, yuan.
    fn saving(&self, seat: &Seat) -> f32 {
        let Promotions {
            known,
            coupons,
            shelf,
            ..
        } = self.promotions;
        let aware = usize::from(seat.aware);
        if !seat.own_coupons {
            let place = Promotions::place(known, seat.skill, aware);
            return self.view.savings[self.offer.savings_at as usize + place];
        }
        let memory = (self.memories, seat.memory);
        let second = self.offer.pays_at;
        let usable = wallet::usable(self.plot, known, coupons, memory, aware, second);
        let shop = Shop {
            plot: self.plot,
            shelf,
        };
        let line = self.offer.line;
        let net = shop.buy((line, None), &usable, seat.skill, second).net;
        (line.price - net).max(Fen::ZERO).yuan() as f32
    }

    /// Saving on this offer, 0 where it is not promoted.
    #[inline]
    pub(super) fn expected_saving(&self, seat: &Seat) -> f64 {
        if self.offer.savings_at == UNPROMOTED {
            0.0
        } else {
            f64::from(seat.saving)
        }
    }

    /// Units still wanted, after what was ordered before.
    fn units_wanted(&self, seat: &Seat) -> u32 {
        let bit = 1_u64 << (self.offer.product % 64);
        if seat.ordered & bit == 0 {
            return self.offer.units;
        }
        let (product, most) = (self.offer.product, self.offer.units);
        most.saturating_sub(self.memories.units_ordered(seat.memory, product, most))
    }

    /// What the first look at a product brings to mind: whether it is needed at all.
    fn first_thought(&self, seat: &Seat) -> Taste {
        let category = self.offer.category as usize;
        let category_key = self.plot.categories[category].key;
        let segment = &self.plot.population.segments[seat.segment as usize];
        let impulse = self.draws.at(
            Mechanism::Impulse,
            identity_of_pair(seat.visit_key, category_key),
            0,
        );
        Taste {
            product: self.offer.product,
            needs: needs(segment, category, category_key, seat.key, self.draws),
            impulse_after: impulse.exponential(0),
            ..Taste::default()
        }
    }

    /// Need, or an impulse: arousal creates a need at a hazard, in this visit or an earlier one.
    fn is_needed(&self, seat: &mut Seat, notes: &mut Vec<(ConsumerId, Note)>) -> bool {
        if seat.taste.needs {
            return true;
        }
        let category = self.offer.category;
        let bit = 1_u64 << category;
        if seat.impulses & bit != 0 {
            return true;
        }
        let view = self.view;
        let share_of_tick = (self.time - self.now.start) / self.now.length();
        let clock = view.impulse_from + share_of_tick * (view.impulse_to - view.impulse_from);
        let roused = clock - seat.impulse_at_entry > seat.taste.impulse_after;
        if roused {
            notes.push((seat.consumer, Note::Impulse { category }));
            seat.impulses |= bit;
        }
        roused
    }

    /// Private value, taste threshold, belief about the market price and search threshold: keyed by (person, product).
    fn think_through(&self, seat: &mut Seat) {
        let (behaviour, offer) = (&self.plot.behaviour, self.offer);
        let pair = identity_of_pair(seat.key, offer.product_key);
        let guess = self.draws.at(Mechanism::Taste, pair, 1);
        let search = self.draws.at(
            Mechanism::Search,
            identity_of_pair(seat.visit_key, offer.product_key),
            0,
        );
        let (value, threshold) = value_and_threshold(
            self.plot,
            self.draws,
            seat.key,
            offer.product,
            seat.taste_scale,
        );
        let thought = &mut seat.taste;
        thought.drawn = true;
        thought.private_value = value;
        thought.threshold = threshold;
        thought.market_guess = lognormal(
            offer.market_price,
            behaviour.market_price_noise,
            guess.normal(0),
        );
        thought.search_after = search.exponential(0);
        thought.searched = self.memories.knows(
            seat.memory,
            Note::Searched {
                product: offer.product,
            },
        );
    }

    /// The search clock of this visit at a second: chi (time facing the offer - belief * time under a promise).
    pub(super) fn search_clock(&self, seat: &Seat, time: f64, kept_only: bool) -> f64 {
        let facing_since = self.offer.facing_since.max(seat.entered);
        let facing = (time - facing_since).max(0.0);
        let hushed = self
            .offer
            .promise
            .filter(|said| said.value.kept || !kept_only)
            .map_or(0.0, |said| {
                let times = seat.exposure.times_before(Class::Promise, said.ordinal);
                let belief = f64::from(seat.belief) * belief_left(f64::from(seat.keep), times);
                belief * (time - said.value.since.max(facing_since)).max(0.0)
            });
        f64::from(seat.search_rate) * (facing - hushed)
    }

    /// Whether it has searched by now for the first time; if so, it knows the market price from here on.
    fn searches(&self, seat: &mut Seat, time: f64) -> bool {
        if seat.taste.searched {
            return false;
        }
        seat.taste.searched = self.search_clock(seat, time, false) > seat.taste.search_after;
        seat.taste.searched
    }
}
