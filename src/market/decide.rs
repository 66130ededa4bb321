//! The decision at a look (MODEL section 6): does this watcher need such a thing, what does it think of it, does it order?
//!
//! Everything random about the answer is keyed by consumer and product, never by the look, so the same person gives the same answer
//! to the same display. At a look the utility is built twice, as displayed and as honest displays would have made it, in one
//! [`Game`]; whoever orders takes that game along to `checkout`, where harm is attributed.

use super::exposure::{Class, belief_left};
use super::memory::{Memories, Note};
use super::offers::CLAIM_CLASS;
use super::population::{ConsumerId, needs};
use super::room::{OfferView, RoomView};
use super::rows::{Decision, TraceAct, TraceRow};
use super::seats::{Seat, SeatBlock};
use super::time::{Now, Plot};
use super::trace::Traced;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair, logit, lognormal};
use crate::scenario::{Id, Scenario};
use crate::welfare::Game;
use bevy_ecs::prelude::*;
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
    product: u32,
    /// Whether it needs the category.
    needs: bool,
    /// Impulse clock that has to pass in this visit before arousal makes it need the category.
    impulse_after: f64,
    /// Whether the rest has been drawn: only for those who need it.
    drawn: bool,
    /// v: worth to this person, yuan.
    private_value: f64,
    /// s * logit(u), yuan.
    threshold: f64,
    /// What it thinks the product sells for elsewhere, unless it has searched, yuan.
    market_guess: f64,
    /// Search clock at which it has searched.
    search_after: f64,
    /// Whether it has searched.
    searched: bool,
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
    /// The choice as a game over the channels, against honest displays.
    pub honest: Game,
    /// The same against the unbiased benchmark.
    pub unbiased: Game,
    /// What it saw and believed.
    pub decision: Decision,
}

/// A weighed look.
struct Weighed {
    honest: Game,
    unbiased: Game,
    decision: Decision,
}

/// Decides every look of the tick, block by block.
pub fn decide(
    plot: Res<Plot>,
    now: Res<Now>,
    memories: Res<Memories>,
    traced: Res<Traced>,
    views: Query<&RoomView>,
    rooms: Res<super::room::RoomIndex>,
    mut blocks: Query<&mut SeatBlock>,
) {
    let draws = Draws::new(plot.seed);
    blocks.par_iter_mut().for_each(|mut block| {
        if block.looks.is_empty() {
            return;
        }
        let Ok(view) = views.get(rooms.0[block.room as usize]) else {
            return;
        };
        let mut looks = std::mem::take(&mut block.looks);
        for look in looks.drain(..) {
            let mind = Mind {
                plot: &plot,
                draws,
                memories: &memories,
                view,
                offer: &view.offers[look.offer as usize],
                share_of_tick: (look.time - now.start) / now.length(),
            };
            let traced = traced.is(block.seats[look.slot as usize].consumer);
            mind.look(&mut block, &look, traced);
        }
        block.looks = looks;
    });
}

/// Everything a look depends on beside the seat.
struct Mind<'a> {
    plot: &'a Scenario,
    draws: Draws,
    memories: &'a Memories,
    view: &'a RoomView,
    offer: &'a OfferView,
    share_of_tick: f64,
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
        let weighed = self.weigh(seat, look);
        let wants = weighed.decision.utility > weighed.decision.threshold;
        if traced {
            let honestly = weighed.decision.honest_utility > weighed.decision.threshold;
            trace.push(self.told(look, true, weighed.decision, wants, honestly));
        }
        if wants && self.offer.price * f64::from(units) <= f64::from(seat.budget_left) {
            intents.push(self.intent(seat, look, units, weighed));
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
            honest: weighed.honest,
            unbiased: weighed.unbiased,
            decision: weighed.decision,
        }
    }

    /// Units still wanted, after what was ordered before.
    fn units_wanted(&self, seat: &Seat) -> u32 {
        let bit = 1_u64 << (self.offer.product % 64);
        if seat.ordered & bit == 0 {
            return self.offer.units;
        }
        let ordered = self.memories.units_ordered(seat.memory, self.offer.product);
        self.offer.units.saturating_sub(ordered)
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
        let bit = 1_u64 << (category % 64);
        let note = Note::Impulse { category };
        if seat.impulses & bit != 0 {
            return true;
        }
        let view = self.view;
        let clock = view.impulse_from + self.share_of_tick * (view.impulse_to - view.impulse_from);
        let roused = clock - seat.impulse_at_entry > seat.taste.impulse_after;
        if roused {
            notes.push((seat.consumer, note));
        }
        if roused || self.memories.knows(seat.memory, note) {
            seat.impulses |= bit;
        }
        seat.impulses & bit != 0
    }

    /// Private value, taste threshold, belief about the market price and search threshold: keyed by (person, product).
    fn think_through(&self, seat: &mut Seat) {
        let (behaviour, offer) = (&self.plot.behaviour, self.offer);
        let pair = identity_of_pair(seat.key, offer.product_key);
        let taste = self.draws.at(Mechanism::Taste, pair, 0);
        let guess = self.draws.at(Mechanism::Taste, pair, 1);
        let search = self.draws.at(
            Mechanism::Search,
            identity_of_pair(seat.visit_key, offer.product_key),
            0,
        );
        let spread = behaviour.worth_spread;
        let scale = f64::from(seat.taste_scale) * offer.market_price;
        let thought = &mut seat.taste;
        thought.drawn = true;
        thought.private_value =
            offer.worth * libm::exp(spread * taste.normal(1) - 0.5 * spread * spread);
        thought.threshold = scale * logit(taste.uniform(0));
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
    fn search_clock(&self, seat: &Seat, time: f64, kept_only: bool) -> f64 {
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

    /// The utility of the offer, as displayed and as honest displays would have made it.
    fn weigh(&self, seat: &Seat, look: &Look) -> Weighed {
        let behaviour = &self.plot.behaviour;
        let (offer, taste) = (self.offer, &seat.taste);
        let value = taste.private_value;
        let beliefs = Beliefs::of(seat, offer);
        let extra = self.extra_units(seat, &beliefs);
        let pull = f64::from(seat.susceptibility) * value;
        let excite = behaviour.arousal * value;
        let [urgency, honest_urgency] = self.urgency(seat);
        let would_have =
            taste.searched || self.search_clock(seat, look.time, true) > taste.search_after;
        let bargain = self.bargain(seat, &beliefs, would_have);
        let honest = Game {
            base: value - offer.cost + extra.delivered,
            honest: [
                0.0,
                pull * offer.real_orders_pull,
                pull * self.view.real_viewers_pull,
                pull * behaviour.urgency * honest_urgency,
                0.0,
                excite * self.view.honest_arousal,
            ],
            displayed: [
                beliefs.claims * behaviour.claimed_quality * offer.quality,
                pull * offer.orders_pull,
                pull * self.view.viewers_pull,
                pull * behaviour.urgency * urgency,
                extra.windfall,
                excite * self.felt_arousal(seat),
            ],
            bargain,
            threshold: taste.threshold,
        };
        // Nobody who is unbiased feels a bargain as such, or a crowd, a rush or a thrill: every term but base is a bias.
        let unbiased = Game {
            honest: [0.0; 6],
            bargain: [[0.0; 2], bargain[1]],
            ..honest
        };
        let decision = self.describe(seat, look, &honest, &unbiased, &beliefs, would_have);
        Weighed {
            honest,
            unbiased,
            decision,
        }
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

    /// theta (G - lambda L) by [claimed price as displayed][search as it was].
    fn bargain(&self, seat: &Seat, beliefs: &Beliefs, would_have: bool) -> [[f64; 2]; 2] {
        let (offer, taste) = (self.offer, &seat.taste);
        let known = |searched: bool| {
            if searched {
                offer.market_price
            } else {
                taste.market_guess
            }
        };
        let feel = |market: f64, claim: f64, belief: f64| {
            let reference = reference_price(seat, offer, market, claim, belief);
            let (gain, loss) = (
                (reference - offer.cost).max(0.0),
                (offer.cost - reference).max(0.0),
            );
            f64::from(seat.bargain_weight) * (gain - f64::from(seat.loss_aversion) * loss)
        };
        let shown = offer.claim.map_or(0.0, |claim| claim.value);
        let row = |claim: f64, belief: f64| {
            [
                feel(known(would_have), claim, belief),
                feel(known(taste.searched), claim, belief),
            ]
        };
        [
            row(offer.honest_claim, beliefs.honest_price),
            row(shown, beliefs.price),
        ]
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
        let market = |searched: bool| {
            if searched {
                offer.market_price
            } else {
                taste.market_guess
            }
        };
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
            expected_price: offer.cost,
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
