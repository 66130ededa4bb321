//! How many coupons accounts that belong together have claimed within ten minutes.
//!
//! The velocity rules of shops and payment services, from no paper: claims are counted by account, by device, by network address and by delivery
//! address, and an account's score is the largest count that it was part of so far. Its orders are given the same score. A dormitory behind one
//! address looks like a farm to it.

use crate::detect::event::{Enter, Order};
use crate::detect::{Detector, Event, Millis, Scores, Token, TokenMap, What, keep, recall};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// Milliseconds for which a claim counts.
const WINDOW: Millis = 600_000;

/// Kinds of things that accounts share: the account itself, its device, its network address, its delivery address.
const KINDS: usize = 4;

/// Place of the delivery address among the kinds.
const DELIVERY: usize = 3;

/// A claim: when, and by whom.
type Claim = (Millis, Token);

/// The rule.
#[derive(Debug, Clone, Default)]
pub struct CouponVelocity {
    memory: Memory,
}

/// What the rule remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Memory {
    accounts: TokenMap<Account>,
    /// Claims of the last ten minutes by what was shared, in order of time.
    claims: [TokenMap<VecDeque<Claim>>; KINDS],
    /// Where there were claims since the last beat.
    touched: BTreeSet<(usize, Token)>,
}

/// What is known of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Account {
    /// What it shares, by kind; `None`: not known yet.
    shares: [Option<Token>; KINDS],
    /// The largest count that it was part of.
    most: usize,
}

impl Account {
    /// What it shares, with its kind.
    fn keys(&self) -> impl Iterator<Item = (usize, Token)> + use<> {
        let numbered = (0..).zip(self.shares);
        numbered.filter_map(|(kind, key)| Some((kind, key?)))
    }
}

/// Forgets claims older than ten minutes.
fn expire(claims: &mut VecDeque<Claim>, at: Millis) {
    while claims
        .front()
        .is_some_and(|claim| claim.0.saturating_add(WINDOW) < at)
    {
        claims.pop_front();
    }
}

impl Memory {
    fn account(&mut self, account: Token) -> &mut Account {
        let known = self.accounts.entry(account).or_default();
        known.shares[0] = Some(account);
        known
    }

    fn enter(&mut self, enter: &Enter) {
        let known = self.account(enter.account);
        known.shares[1] = Some(enter.device);
        known.shares[2] = Some(enter.address);
    }

    /// Counts a claim under one thing that is shared.
    fn count(&mut self, (kind, key): (usize, Token), claim: Claim, now: Millis) {
        if let Some(claims) = self.claims.get_mut(kind) {
            let claims = claims.entry(key).or_default();
            expire(claims, now);
            let place = claims.partition_point(|earlier| earlier.0 <= claim.0);
            claims.insert(place, claim);
            self.touched.insert((kind, key));
        }
    }

    fn claim(&mut self, at: Millis, account: Token, scores: &mut Scores) {
        let keys = self.account(account).keys();
        for key in keys {
            self.count(key, (at, account), at);
        }
        self.judge(at, account, scores);
    }

    /// Says how fast an account's circle claims, if faster than was said before.
    fn judge(&mut self, at: Millis, account: Token, scores: &mut Scores) {
        let keys = self.account(account).keys();
        let counts = keys.filter_map(|(kind, key)| {
            let claims = self.claims.get_mut(kind)?.get_mut(&key)?;
            expire(claims, at);
            Some(claims.len())
        });
        let count = counts.max().unwrap_or(0);
        let known = self.account(account);
        if count > known.most {
            known.most = count;
            scores.account(account, count as f64);
        }
    }

    /// An order says where its account has things delivered: its recent claims count there too.
    fn order(&mut self, at: Millis, order: &Order, scores: &mut Scores) {
        let account = order.account;
        let delivery = Some(order.delivery);
        let before = std::mem::replace(&mut self.account(account).shares[DELIVERY], delivery);
        if before != delivery {
            let own = self.claims[0].get(&account).cloned().unwrap_or_default();
            for claim in own
                .into_iter()
                .filter(|claim| claim.0.saturating_add(WINDOW) >= at)
            {
                self.count((DELIVERY, order.delivery), claim, at);
            }
        }
        self.judge(at, account, scores);
        let most = self.account(account).most;
        if most > 0 {
            scores.order(order.order, most as f64);
        }
    }

    /// Judges all who share something with those who claimed since the last beat.
    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        let mut involved = BTreeSet::new();
        for (kind, key) in std::mem::take(&mut self.touched) {
            let claims = self.claims.get(kind).and_then(|claims| claims.get(&key));
            involved.extend(claims.into_iter().flatten().map(|claim| claim.1));
        }
        for account in involved {
            self.judge(at, account, scores);
        }
    }
}

impl Detector for CouponVelocity {
    fn name(&self) -> &str {
        "coupon_velocity"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Enter(enter) => self.memory.enter(&enter),
            What::Coupon { account, .. } => self.memory.claim(event.at, account, scores),
            What::Order(order) => self.memory.order(event.at, &order, scores),
            _ => (),
        }
    }

    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        self.memory.beat(at, scores);
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.memory)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.memory, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::Source;
    use crate::detect::{Subject, hand_over};
    use crate::money::Fen;

    fn see(rule: &mut CouponVelocity, second: u64, what: What) -> Vec<(Subject, f64)> {
        let mut scores = Scores::default();
        let at = 1_000 * second;
        hand_over(rule, &Event { at, what }, &mut scores);
        let said = scores.take().map(|said| (said.about, said.score));
        said.collect()
    }

    fn enter(account: u64, device: u64, address: u64) -> What {
        What::Enter(Enter {
            room: 1,
            account: Token::of(account),
            device: Token::of(device),
            address: Token::of(address),
            source: Source::Feed,
        })
    }

    fn coupon(account: u64) -> What {
        What::Coupon {
            room: 1,
            account: Token::of(account),
            coupon: 1,
            worth: Fen(100),
        }
    }

    fn order(number: u64, account: u64, delivery: u64) -> What {
        What::Order(Order {
            order: Token::of(number),
            room: 1,
            account: Token::of(account),
            delivery: Token::of(delivery),
            product: 2,
            units: 1,
            price: Fen(100),
        })
    }

    fn of_account(account: u64, score: f64) -> (Subject, f64) {
        (Subject::Account(Token::of(account)), score)
    }

    fn of_order(order: u64, score: f64) -> (Subject, f64) {
        (Subject::Order(Token::of(order)), score)
    }

    #[test]
    fn claims_are_counted_by_what_accounts_share() {
        let mut rule = CouponVelocity::default();
        // 1 and 2 share a device, 2 and 3 an address, 4 is alone.
        for (account, device, address) in [(1, 11, 21), (2, 11, 22), (3, 13, 22), (4, 14, 24)] {
            assert_eq!(see(&mut rule, 0, enter(account, device, address)), vec![]);
        }
        assert_eq!(see(&mut rule, 1, coupon(1)), vec![of_account(1, 1.0)]);
        assert_eq!(see(&mut rule, 2, coupon(2)), vec![of_account(2, 2.0)]);
        assert_eq!(see(&mut rule, 3, coupon(2)), vec![of_account(2, 3.0)]);
        assert_eq!(see(&mut rule, 4, coupon(3)), vec![of_account(3, 3.0)]);
        assert_eq!(see(&mut rule, 5, coupon(4)), vec![of_account(4, 1.0)]);
        assert_eq!(see(&mut rule, 9, What::Beat), vec![of_account(1, 3.0)]);
        assert_eq!(see(&mut rule, 19, What::Beat), vec![]);
        let said = see(&mut rule, 20, order(5, 3, 31));
        assert_eq!(said, vec![of_order(5, 3.0)]);
        let other = see(&mut rule, 20, order(6, 9, 39));
        assert_eq!(other, vec![], "without coupons there is nothing to say");
    }

    #[test]
    fn claims_count_for_ten_minutes_and_orders_join_circles() {
        let mut rule = CouponVelocity::default();
        see(&mut rule, 0, coupon(1));
        assert_eq!(see(&mut rule, 600, coupon(1)), vec![of_account(1, 2.0)]);
        assert_eq!(see(&mut rule, 700, coupon(1)), vec![]);
        assert_eq!(see(&mut rule, 701, coupon(2)), vec![of_account(2, 1.0)]);
        let mut other = CouponVelocity::default();
        other.restore(&rule.save().unwrap()).unwrap();
        assert_eq!(rule.memory, other.memory);
        // Both have things delivered to one place: three claims.
        see(&mut other, 702, order(5, 1, 31));
        let said = see(&mut other, 703, order(6, 2, 31));
        assert_eq!(said, vec![of_account(2, 3.0), of_order(6, 3.0)]);
        assert_eq!(see(&mut other, 710, What::Beat), vec![of_account(1, 3.0)]);
    }
}
