//! What the platform sees, event by event, while the market runs: for detectors, and for whoever records labelled streams.
//!
//! Mechanisms tell what happens as it happens; here it becomes an event of the platform's view with opaque tokens, and beside it, for nobody but who keeps
//! the truth, the cue that caused it. Events are handed over when displays refresh, in order of time. Where nobody wants them nothing is made.

use super::crew::Bot;
use super::population::ConsumerId;
use super::rows::{OrderRow, PaymentEvent, PaymentRow};
use super::tokens::Tokens;
use crate::detect::event::{Order, Outcome, Source, Text};
use crate::detect::{Event, Millis, Token, TokenMap, What};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use serde::{Deserialize, Serialize};

/// A cue of a room: what caused an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cause {
    /// Room.
    pub room: Id,
    /// Index of the cue in the room's list.
    pub cue: u32,
}

/// An event, and the cue that caused it; consumers act by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Witnessed {
    /// What the platform sees.
    pub event: Event,
    /// What it does not see.
    pub cause: Option<Cause>,
}

/// Something that a watcher did, as it waits in a block of seats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logged {
    /// Second.
    pub time: f64,
    /// Who.
    pub consumer: ConsumerId,
    /// What.
    pub deed: Deed,
}

/// What a watcher did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deed {
    /// Came in.
    Entered(Source),
    /// Left.
    Left,
    /// Liked.
    Liked,
    /// Wrote a comment.
    Commented(Text),
    /// Followed the anchor.
    Followed,
    /// Clicked on a product in the cart.
    Clicked(Id),
}

/// Second of the market to millisecond of the stream.
pub fn millis(second: f64) -> Millis {
    (1_000.0 * second.max(0.0)) as Millis
}

/// The platform's view of the run.
#[derive(Debug)]
pub struct PlatformView {
    wanted: bool,
    /// The tokens of the run.
    pub tokens: Tokens,
    /// What has not been handed over: all that comes at or after `handed`.
    pending: Vec<Witnessed>,
    handed: Millis,
    /// The order of what is due; kept for its memory alone.
    order: Vec<u64>,
    /// Who is behind the tokens, where the platform acts on accounts and orders.
    known: Option<Known>,
}

/// Who and what is behind tokens.
#[derive(Debug, Default)]
struct Known {
    accounts: TokenMap<Who>,
    orders: TokenMap<KnownOrder>,
}

/// Who is behind an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A consumer.
    Consumer(ConsumerId),
    /// An account of a farm, and the room into which it came last.
    Bot(Bot, Id),
}

/// What is behind the token of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownOrder {
    /// Its number.
    pub number: u64,
    /// Room.
    pub room: Id,
    /// Product.
    pub product: Id,
    /// Whether a farm placed it.
    pub is_brushed: bool,
}

impl PlatformView {
    /// That of a scenario; nobody wants it yet.
    pub fn of(plot: &Scenario) -> Self {
        Self {
            wanted: false,
            tokens: Tokens::of(plot),
            pending: Vec::new(),
            handed: 0,
            order: Vec::new(),
            known: None,
        }
    }

    /// From now on events are made.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// From now on it is remembered who is behind accounts and orders, so that the platform can act on them.
    pub fn remember(&mut self) {
        self.known.get_or_insert_default();
    }

    /// Who is behind an account.
    pub fn who(&self, account: Token) -> Option<Who> {
        self.known.as_ref()?.accounts.get(&account).copied()
    }

    /// What is behind the token of an order.
    pub fn order(&self, order: Token) -> Option<KnownOrder> {
        self.known.as_ref()?.orders.get(&order).copied()
    }

    /// An account belongs to somebody.
    pub fn know(&mut self, account: Token, who: Who) {
        if let Some(known) = &mut self.known {
            known.accounts.insert(account, who);
        }
    }

    /// An order is placed.
    pub fn know_order(&mut self, order: Token, what: KnownOrder) {
        if let Some(known) = &mut self.known {
            known.orders.insert(order, what);
        }
    }

    /// Whether anybody wants them.
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// What lasts from day to day, for the snapshot, in order.
    pub fn saved(&self) -> (Vec<Witnessed>, Millis) {
        let mut pending = self.pending.clone();
        pending.sort_unstable_by_key(order_of);
        (pending, self.handed)
    }

    /// Takes up what `saved` gave.
    pub fn restore(&mut self, (pending, handed): (Vec<Witnessed>, Millis)) {
        (self.pending, self.handed) = (pending, handed);
    }

    /// Something happens at a second.
    pub fn tell(&mut self, second: f64, what: What, cause: Option<Cause>) {
        if self.wanted {
            let at = millis(second).max(self.handed);
            self.pending.push(Witnessed {
                event: Event { at, what },
                cause,
            });
        }
    }

    /// What a watcher of a room did on a day.
    pub fn watcher(&mut self, room: Id, day: u32, logged: &Logged) {
        let account = || self.tokens.account(logged.consumer);
        let what = match logged.deed {
            Deed::Entered(source) => {
                let enter = self.tokens.visit(logged.consumer, day, room, source);
                self.know(enter.account, Who::Consumer(logged.consumer));
                What::Enter(enter)
            }
            Deed::Left => What::Leave {
                room,
                account: account(),
            },
            Deed::Liked => What::Like {
                room,
                account: account(),
            },
            Deed::Commented(text) => What::Comment {
                room,
                account: account(),
                text,
            },
            Deed::Followed => What::Follow {
                room,
                account: account(),
            },
            Deed::Clicked(product) => What::CartClick {
                room,
                account: account(),
                product: Some(product),
            },
        };
        self.tell(logged.time, what, None);
    }

    /// A consumer orders.
    pub fn ordered(&mut self, row: &OrderRow) {
        let (true, Some(consumer)) = (self.wanted, row.consumer) else {
            return;
        };
        let consumer = consumer as ConsumerId;
        let known = KnownOrder {
            number: row.order,
            room: row.room,
            product: row.product,
            is_brushed: false,
        };
        self.know_order(self.tokens.order(row.order), known);
        let order = Order {
            order: self.tokens.order(row.order),
            room: row.room,
            account: self.tokens.account(consumer),
            delivery: self.tokens.delivery(consumer),
            product: row.product,
            units: row.units,
            price: row.price,
        };
        self.tell(row.time, What::Order(order), None);
    }

    /// What a consumer owed for an order is paid, or not.
    pub fn paid(
        &mut self,
        consumer: ConsumerId,
        (order, second, event, amount): (u64, f64, PaymentEvent, Fen),
    ) {
        if !self.wanted {
            return;
        }
        let outcome = match event {
            PaymentEvent::Paid => Outcome::Paid,
            PaymentEvent::DepositPaid => Outcome::Deposit,
            PaymentEvent::BalancePaid => Outcome::Balance,
            PaymentEvent::Lapsed => Outcome::Lapsed,
            PaymentEvent::DepositForfeited => Outcome::Forfeited,
            // Told by `refunded`, which needs no buyer.
            PaymentEvent::Refunded => return,
        };
        let what = What::Payment {
            order: self.tokens.order(order),
            outcome,
            amount,
            payer: self.tokens.wallet(consumer),
        };
        self.tell(second, what, None);
    }

    /// Money goes back for an order.
    pub fn refunded(&mut self, row: &PaymentRow, cause: Option<Cause>) {
        let what = What::Refund {
            order: self.tokens.order(row.order),
            amount: row.amount,
        };
        self.tell(row.time, what, cause);
    }

    /// Hands over what comes before a moment, in order of time, then of account or order; what one account does in the same millisecond comes as it must.
    pub fn hand_over(&mut self, until: Millis, mut take: impl FnMut(&Witnessed)) {
        if !self.wanted {
            return;
        }
        let mut order = std::mem::take(&mut self.order);
        self.put_in_order(until, &mut order);
        order
            .iter()
            .for_each(|place| take(&self.pending[place_of(*place)]));
        order.clear();
        self.order = order;
        self.pending.retain(|seen| seen.event.at >= until);
        self.handed = self.handed.max(until);
    }

    /// The places of what comes before a moment, in order. Nearly all events have a millisecond of their own, so it is one small word of each that is
    /// sorted: its time, with its place behind; only those of one time are compared as a whole.
    fn put_in_order(&self, until: Millis, order: &mut Vec<u64>) {
        let due = self.pending.iter().zip(0_u64..);
        let due = due.filter(|(seen, _)| seen.event.at < until);
        order.extend(due.map(|(seen, place)| {
            let after = seen.event.at.saturating_sub(self.handed);
            after.min(u64::from(u32::MAX)) << 32 | place
        }));
        order.sort_unstable();
        for together in order.chunk_by_mut(|one, other| one >> 32 == other >> 32) {
            if together.len() > 1 {
                together.sort_unstable_by_key(|place| order_of(&self.pending[place_of(*place)]));
            }
        }
    }
}

/// The place in what is pending that a word of the order has behind its time.
const fn place_of(word: u64) -> usize {
    (word & u32::MAX as u64) as usize
}

/// The place of an event among others: when, whose, and what has to come before what.
fn order_of(seen: &Witnessed) -> (Millis, u64, u8, u64) {
    let event = &seen.event;
    let of = |token: Token| token.number();
    let (whose, rank, last) = match event.what {
        What::Air { room, on, .. } => (0, u8::from(on), u64::from(room)),
        What::SoldBefore {
            product, days_ago, ..
        } => (
            1,
            0,
            u64::from(product) << 16 | u64::from(u16::MAX - days_ago),
        ),
        What::Price { room, product, .. } => (2, 1, pair(room, product)),
        What::Reference { room, product, .. } => (2, 2, pair(room, product)),
        What::Close { room, product } => (2, 0, pair(room, product)),
        What::Speech { room, said, .. } => (2, 3 + said as u8, u64::from(room)),
        What::Enter(enter) => (of(enter.account), 1, u64::from(enter.room)),
        What::CartClick { account, room, .. } => (of(account), 2, u64::from(room)),
        What::Like { account, room } => (of(account), 3, u64::from(room)),
        What::Comment { account, room, .. } => (of(account), 4, u64::from(room)),
        What::Follow { account, room } => (of(account), 5, u64::from(room)),
        What::Coupon {
            account, coupon, ..
        } => (of(account), 6, u64::from(coupon)),
        What::Order(order) => (of(order.account), 7, of(order.order)),
        What::Leave { account, room } => (of(account), 9, u64::from(room)),
        What::Payment { order, .. } => (of(order), 10, 0),
        What::Refund { order, .. } => (of(order), 11, 0),
        What::Frame(frame) => (u64::MAX, 0, u64::from(frame.room)),
        What::Beat => (u64::MAX, 1, 0),
    };
    (event.at, whose, rank, last)
}

fn pair(room: Id, product: Id) -> u64 {
    u64::from(room) << 32 | u64::from(product)
}

/// Classes of comments, each with the share of comments up to and including it.
pub type Texts = [(Text, f64); 7];

/// What consumers write about: assumption.
pub const CONSUMERS_TEXTS: Texts = [
    (Text::Greeting, 0.20),
    (Text::Praise, 0.38),
    (Text::Question, 0.56),
    (Text::Price, 0.70),
    (Text::Emoji, 0.86),
    (Text::Doubt, 0.90),
    (Text::Other, 1.00),
];

/// What accounts of farms write: more praise, fewer questions, no doubt (F28: automatic reply). Assumption.
pub const FARMS_TEXTS: Texts = [
    (Text::Greeting, 0.22),
    (Text::Praise, 0.50),
    (Text::Question, 0.60),
    (Text::Price, 0.72),
    (Text::Emoji, 0.92),
    (Text::Doubt, 0.92),
    (Text::Other, 1.00),
];

/// The class at a place between 0 and 1.
pub fn text_of(texts: Texts, uniform: f64) -> Text {
    let found = texts.into_iter().find(|(_, until)| uniform < *until);
    found.map_or(Text::Other, |(text, _)| text)
}
