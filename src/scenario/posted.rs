//! What a room posts: its cues walked through, so that every price has the window in which it can be paid, and every promise its words.

use super::file::{Offset, PromiseScope};
use super::{Act, Cue, Room};
use crate::money::Fen;
use crate::promotion::{Campaign, Posted, Promise, Window};
use std::collections::BTreeMap;

/// A room's cues, walked through in order of time.
pub(super) struct Walk<'a> {
    /// Where prices and promises go.
    pub(super) campaign: &'a mut Campaign,
    room: &'a Room,
    anchor: &'a str,
    channel: u32,
    balance_seconds: f64,
    /// Open links: since when, and what is posted.
    open: BTreeMap<u32, (f64, Posted)>,
}

impl<'a> Walk<'a> {
    /// Before the first cue. `balance_seconds`: how long a balance can be paid where the link does not say.
    pub(super) fn new(
        campaign: &'a mut Campaign,
        room: &'a Room,
        anchor: &'a str,
        channel: u32,
        balance_seconds: f64,
    ) -> Self {
        Self {
            campaign,
            room,
            anchor,
            channel,
            balance_seconds,
            open: BTreeMap::new(),
        }
    }

    /// The next cue.
    pub(super) fn cue(&mut self, cue: &Cue) {
        match cue.act {
            Act::OpenLink {
                product,
                price,
                stock,
                limit_per_buyer,
                deposit,
                balance_due,
                balance_until,
                ..
            } => {
                let due = balance_due.unwrap_or(f64::NEG_INFINITY);
                let until = balance_until.unwrap_or(due + self.balance_seconds);
                let posted = Posted {
                    product,
                    channel: self.channel,
                    price: Fen::from_yuan(price),
                    window: Window {
                        from: due as i64,
                        until: until as i64,
                    },
                    limit: limit_per_buyer,
                    stock: Some(u64::from(stock)),
                    deposit: deposit.map_or(Fen::ZERO, Fen::from_yuan),
                    own: true,
                };
                self.open.insert(product, (cue.at, posted));
            }
            Act::SetPrice { product, price } => self.set_price(product, cue.at, |_| price),
            Act::Misbid { product, reduction } => {
                self.set_price(product, cue.at, |before| (before - reduction).max(0.01));
            }
            Act::Restock { product, units } => {
                if let Some((_, posted)) = self.open.get_mut(&product) {
                    posted.stock = posted.stock.map(|stock| stock + u64::from(units));
                }
            }
            Act::CloseLink { product } => {
                if let Some((since, posted)) = self.open.remove(&product) {
                    self.post(posted, since, cue.at);
                }
            }
            Act::Promise {
                product,
                price,
                until,
                scope,
                ..
            } => self.promise(cue, product, price, until, scope),
            _ => {}
        }
    }

    fn set_price(&mut self, product: u32, at: f64, price: impl Fn(f64) -> f64) {
        if let Some((since, posted)) = self.open.remove(&product) {
            let mut next = posted.clone();
            next.price = Fen::from_yuan(price(posted.price.yuan()));
            self.post(posted, since, at);
            self.open.insert(product, (at, next));
        }
    }

    fn promise(
        &mut self,
        cue: &Cue,
        product: u32,
        price: Option<f64>,
        until: f64,
        scope: PromiseScope,
    ) {
        let in_force = self.open.get(&product).map(|(_, posted)| posted.price);
        let Some(price) = price.map(Fen::from_yuan).or(in_force) else {
            return;
        };
        let offset = Offset((cue.at - self.room.on_air).max(0.0) as u32);
        self.campaign.promises.push(Promise {
            name: format!("{} at {offset}", self.room.name),
            by: self.anchor.to_owned(),
            product,
            price,
            window: Window {
                from: cue.at as i64,
                until: until as i64,
            },
            own_only: scope == PromiseScope::Brand,
        });
    }

    /// A presale's price is paid when its balance is; any other while it is posted.
    fn post(&mut self, mut posted: Posted, since: f64, until: f64) {
        if posted.deposit == Fen::ZERO {
            posted.window = Window {
                from: since as i64,
                until: until as i64,
            };
        }
        if posted.stock != Some(0) {
            self.campaign.posted.push(posted);
        }
    }

    /// After the last cue.
    pub(super) fn close_all(&mut self) {
        for (since, posted) in std::mem::take(&mut self.open).into_values() {
            self.post(posted, since, self.room.off_air);
        }
    }
}
