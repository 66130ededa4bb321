//! Hearing: what a platform's pages show of a cue, and what its speech-to-text makes of what is said. With it, what its books tell of
//! prices before the start. It touches nothing but the platform's view.

use super::observe::Recorder;
use super::offers::Offers;
use super::platform_view::{Cause, PlatformView};
use super::time::Plot;
use crate::detect::What;
use crate::detect::event::Said;
use crate::draws::{Draws, Mechanism, Words};
use crate::money::Fen;
use crate::scenario::file::Remark;
use crate::scenario::{Act, Id, Scenario};
use bevy_ecs::prelude::World;

/// A cue that has just taken effect.
pub struct Heard<'a> {
    /// The scenario.
    pub plot: &'a Scenario,
    /// The room.
    pub room: Id,
    /// The cue, by its place in the room's list.
    pub cue: u32,
    /// Second.
    pub second: f64,
}

/// Orders, as a figure that is heard.
fn whole(count: u64) -> Fen {
    Fen((count.min(i64::MAX as u64 / 100) as i64) * 100)
}

/// What is said with an act, and the figure that is heard; `None`: nothing is said.
fn said_with(act: &Act) -> Option<(Said, Fen)> {
    let yuan = Fen::from_yuan;
    let (said, figure) = match *act {
        Act::Pitch { claimed_worth, .. } => (Said::Pitch, yuan(claimed_worth.unwrap_or(0.0))),
        Act::ClaimPrice { price, .. } => (Said::CounterPrice, yuan(price)),
        Act::ClaimSales { claimed, .. } => (Said::Sold, yuan(claimed)),
        Act::Promise { price, .. } => (Said::LowestPrice, yuan(price.unwrap_or(0.0))),
        Act::OpenLink { price, .. } => (Said::Link, yuan(price)),
        Act::SetPrice { price, .. } | Act::AnnouncePrice { price, .. } => {
            (Said::Price, yuan(price))
        }
        Act::StagedQuarrel { .. } => (Said::Quarrel, Fen::ZERO),
        Act::ShoutOrders { to, .. } => (Said::Sold, whole(to)),
        Act::Excite { .. } => (Said::Cheers, Fen::ZERO),
        Act::Subsidy { amount, .. } => (Said::Subsidy, yuan(amount)),
        Act::Misbid { .. } | Act::WrongQuantity { .. } => (Said::Mistake, Fen::ZERO),
        Act::Countdown { .. } | Act::Restock { .. } => (Said::Hurry, Fen::ZERO),
        Act::Giveaway { .. } | Act::IssueCoupon { .. } => (Said::Gift, Fen::ZERO),
        Act::Remark { about, .. } => (said_of(about), Fen::ZERO),
        Act::CloseLink { .. } => (Said::Link, Fen::ZERO),
        Act::BrushOrders { .. }
        | Act::Buy { .. }
        | Act::Call { .. }
        | Act::FarmCoupons { .. }
        | Act::OwnStorePrice { .. } => return None,
    };
    Some((said, figure))
}

fn said_of(about: Remark) -> Said {
    match about {
        Remark::Mistake => Said::Mistake,
        Remark::Quarrel => Said::Quarrel,
        Remark::Guest => Said::Guest,
        Remark::Gift => Said::Gift,
        Remark::Sold => Said::Sold,
        Remark::Other => Said::Other,
    }
}

/// Days before the start for which the platform's books tell what goods were sold at.
const DAYS_BEFORE: u16 = 30;

/// How far above the honest prior price goods were sold on most days; on one day in ten at that price itself.
const USUAL_RISE: f64 = 0.1;

/// At the stream's start the platform knows what most things were sold at before (others were sold elsewhere, or are new to it): never below the honest prior price, and at it on some days.
pub fn look_back(world: &mut World) {
    let plot = world.resource::<Plot>().clone();
    let mut recorder = world.resource_mut::<Recorder>();
    if !recorder.view.is_wanted() {
        return;
    }
    let draws = Draws::new(plot.seed);
    for (product, id) in plot.products.iter().zip(0..) {
        let known = draws.at(Mechanism::Tokens, product.key, 0).uniform(0);
        if known >= plot.accounts.known_price_share {
            continue;
        }
        for days_ago in 1..=DAYS_BEFORE {
            let words = draws.at(Mechanism::Tokens, product.key, u32::from(days_ago));
            let at_prior = words.uniform(0) < 0.1 || days_ago == DAYS_BEFORE / 2;
            let rise = if at_prior {
                0.0
            } else {
                USUAL_RISE * words.uniform(1)
            };
            let price = Fen::from_yuan(product.honest_prior_price * (1.0 + rise));
            let what = What::SoldBefore {
                product: id,
                days_ago,
                price,
            };
            recorder.view.tell(0.0, what, None);
        }
    }
}

impl Heard<'_> {
    /// Tells what can be seen and heard of an act.
    pub fn tell(&self, act: &Act, offers: &mut Offers, view: &mut PlatformView) {
        if !view.is_wanted() {
            return;
        }
        let cause = Some(Cause {
            room: self.room,
            cue: self.cue,
        });
        if let Some((said, mut figure)) = said_with(act) {
            if let Act::Remark {
                about: Remark::Sold,
                product: Some(product),
                ..
            } = *act
            {
                let orders = offers.find(product).map(|offer| offer.displayed_orders());
                figure = whole(self.with_other_shops(orders.unwrap_or(0)));
            }
            let what = What::Speech {
                room: self.room,
                said: self.as_heard(said),
                product: act.product(),
                figure,
            };
            // That a price is a mistake is said when somebody has noticed, or is meant to seem to have.
            let after = match act {
                Act::Misbid { .. } => 10.0 * (1.0 + (6.0 * self.words().uniform(1)).floor()),
                _ => 0.0,
            };
            view.tell(self.second + after, what, cause);
        }
        if let Some(shown) = self.shown(act, offers) {
            view.tell(self.second, shown, cause);
        }
    }

    fn words(&self) -> Words {
        let room = self.plot.rooms[self.room as usize].key;
        Draws::new(self.plot.seed).at(Mechanism::Tokens, room, self.cue)
    }

    /// Some count in what they call out what is sold in other shops, truly.
    fn with_other_shops(&self, orders: u64) -> u64 {
        let words = self.words();
        match words.uniform(2) < self.plot.accounts.other_shops_share {
            true => orders + ((orders + 10) as f64 * 2.0 * words.uniform(3)) as u64,
            false => orders,
        }
    }

    /// Speech-to-text takes some of what is said for something else.
    fn as_heard(&self, said: Said) -> Said {
        if self.words().uniform(0) < self.plot.accounts.misheard_share {
            return Said::Other;
        }
        said
    }

    /// What the product's page shows from now on.
    fn shown(&self, act: &Act, offers: &mut Offers) -> Option<What> {
        let room = self.room;
        let product = act.product()?;
        let offer = offers.find(product)?;
        match act {
            Act::OpenLink { .. }
            | Act::SetPrice { .. }
            | Act::Misbid { .. }
            | Act::Restock { .. }
                if offer.open =>
            {
                Some(What::Price {
                    room,
                    product,
                    price: Fen::from_yuan(offer.price),
                    stock: offer.stock,
                })
            }
            Act::ClaimPrice { .. } => offer.claimed.map(|claim| What::Reference {
                room,
                product,
                price: Fen::from_yuan(claim.value),
            }),
            Act::CloseLink { .. } => Some(What::Close { room, product }),
            _ => None,
        }
    }
}
