//! Raw single features of accounts and of their orders.

use super::acts::actor;
use super::raw_features::{Values, values};
use crate::detect::event::{Enter, Order};
use crate::detect::{Event, Millis, Subject, Token, TokenMap, What};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};

/// What is known of accounts, and of what they share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Accounts {
    accounts: TokenMap<Account>,
    /// The accounts seen on each device.
    devices: TokenMap<TokenMap<()>>,
    /// The accounts seen on each network address.
    addresses: TokenMap<TokenMap<()>>,
    /// Orders to each delivery address.
    deliveries: TokenMap<u32>,
}

/// What is known of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Account {
    device: Option<Token>,
    address: Option<Token>,
    entries: u32,
    /// The room that it is in, and since when.
    inside: Option<(Id, Millis)>,
    /// When it last came into a room.
    entered: Option<Millis>,
    /// Visits that have ended, and milliseconds of them all.
    stays: u32,
    stayed: Millis,
    /// Likes, comments, follows, clicks and orders.
    acts: u32,
    orders: u32,
}

impl Account {
    fn enter(&mut self, at: Millis, room: Id) {
        // Who comes in again without having left has left now.
        if let Some((before, _)) = self.inside {
            self.leave(at, before);
        }
        self.inside = Some((room, at));
        self.entered = Some(at);
        self.entries = self.entries.saturating_add(1);
    }

    fn leave(&mut self, at: Millis, room: Id) {
        if let Some((inside, since)) = self.inside
            && inside == room
        {
            self.inside = None;
            self.stays = self.stays.saturating_add(1);
            self.stayed = self.stayed.saturating_add(at.saturating_sub(since));
        }
    }
}

impl Accounts {
    /// Takes an event in, and tells the features of the account and the order that it is about.
    pub fn observe(&mut self, event: &Event, tell: &mut impl FnMut(Subject, &Values)) {
        let account = match event.what {
            What::Enter(enter) => {
                self.enter(event.at, &enter);
                enter.account
            }
            What::Leave { room, account } => {
                let known = self.accounts.entry(account).or_default();
                known.leave(event.at, room);
                account
            }
            _ => {
                let Some(account) = actor(&event.what) else {
                    return;
                };
                let known = self.accounts.entry(account).or_default();
                known.acts = known.acts.saturating_add(1);
                account
            }
        };
        if let What::Order(order) = event.what {
            tell(Subject::Order(order.order), &self.order(event.at, &order));
        }
        tell(Subject::Account(account), &self.values(account));
    }

    fn enter(&mut self, at: Millis, enter: &Enter) {
        let account = enter.account;
        let known = self.accounts.entry(account).or_default();
        known.enter(at, enter.room);
        if known.device.replace(enter.device) != Some(enter.device) {
            let users = self.devices.entry(enter.device).or_default();
            users.insert(account, ());
        }
        if known.address.replace(enter.address) != Some(enter.address) {
            let users = self.addresses.entry(enter.address).or_default();
            users.insert(account, ());
        }
    }

    /// The features of an account.
    fn values(&self, account: Token) -> Values {
        let Some(known) = self.accounts.get(&account) else {
            return values([]);
        };
        let users = |shared: &TokenMap<TokenMap<()>>, key: Option<Token>| {
            shared.get(&key?).map(|users| users.len() as f64)
        };
        let entries = f64::from(known.entries);
        let stay = known.stayed as f64 / 1_000.0 / f64::from(known.stays.max(1));
        values([
            Some(entries),
            (known.stays > 0).then_some(stay),
            Some(f64::from(known.acts) / entries.max(1.0)),
            users(&self.devices, known.device),
            users(&self.addresses, known.address),
        ])
    }

    /// Counts an order, and gives its features.
    fn order(&mut self, at: Millis, order: &Order) -> Values {
        let known = self.accounts.entry(order.account).or_default();
        known.orders = known.orders.saturating_add(1);
        let since = known.entered.map(|entered| at.saturating_sub(entered));
        let delivered = self.deliveries.entry(order.delivery).or_default();
        *delivered = delivered.saturating_add(1);
        values([
            Some(order.price.yuan()),
            Some(f64::from(order.units)),
            since.map(|since| since as f64 / 1_000.0),
            Some(f64::from(known.orders)),
            Some(f64::from(*delivered)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::Source;
    use crate::money::Fen;

    fn told(accounts: &mut Accounts, second: u64, what: What) -> Vec<(Subject, Values)> {
        let mut all = Vec::new();
        let at = 1_000 * second;
        accounts.observe(&Event { at, what }, &mut |about, values: &Values| {
            all.push((about, *values));
        });
        all
    }

    fn enter(room: Id, account: u64, device: u64, address: u64) -> What {
        What::Enter(Enter {
            room,
            account: Token::of(account),
            device: Token::of(device),
            address: Token::of(address),
            source: Source::Feed,
        })
    }

    fn of_account(number: u64, given: [Option<f64>; 5]) -> (Subject, Values) {
        (Subject::Account(Token::of(number)), values(given))
    }

    #[test]
    fn an_account_is_known_by_visits_acts_and_neighbours() {
        let mut accounts = Accounts::default();
        let account = Token::of(1);
        let said = told(&mut accounts, 0, enter(7, 1, 11, 21));
        let first = [Some(1.0), None, Some(0.0), Some(1.0), Some(1.0)];
        assert_eq!(said, vec![of_account(1, first)]);
        let said = told(&mut accounts, 0, enter(7, 2, 11, 22));
        let second = [Some(1.0), None, Some(0.0), Some(2.0), Some(1.0)];
        assert_eq!(said, vec![of_account(2, second)]);
        told(&mut accounts, 1, What::Like { room: 7, account });
        told(&mut accounts, 10, What::Leave { room: 7, account });
        // Back on another address, and into the next room without leaving.
        told(&mut accounts, 20, enter(7, 1, 11, 22));
        let said = told(&mut accounts, 50, enter(8, 1, 11, 22));
        let third = [Some(3.0), Some(20.0), Some(1.0 / 3.0), Some(2.0), Some(2.0)];
        assert_eq!(said, vec![of_account(1, third)]);
    }

    #[test]
    fn an_order_is_known_by_its_account_and_its_delivery() {
        let mut accounts = Accounts::default();
        told(&mut accounts, 0, enter(7, 1, 11, 21));
        let order = |number, account| {
            What::Order(Order {
                order: Token::of(number),
                room: 7,
                account: Token::of(account),
                delivery: Token::of(31),
                product: 2,
                units: 3,
                price: Fen(12_345),
            })
        };
        let said = told(&mut accounts, 5, order(100, 1));
        let first = [Some(123.45), Some(3.0), Some(5.0), Some(1.0), Some(1.0)];
        assert_eq!(said[0], (Subject::Order(Token::of(100)), values(first)));
        let said = told(&mut accounts, 6, order(101, 2));
        let second = [Some(123.45), Some(3.0), None, Some(1.0), Some(2.0)];
        assert_eq!(said[0], (Subject::Order(Token::of(101)), values(second)));
        let unmet = [Some(0.0), None, Some(1.0), None, None];
        assert_eq!(said[1], of_account(2, unmet));
    }
}
