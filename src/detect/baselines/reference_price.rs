//! A claimed "counter price" against the lowest price at which the product was really sold before.
//!
//! The rule of price law: a price that is struck through must not exceed the lowest one of the 7 days before (China's rules against price fraud, as
//! the authority read them in 2015), or of the 30 days before (EU Directive 98/6/EC, article 6a). The score is the logarithm of the claimed price
//! over that minimum: 0 where the claim is just true, 0.69 where it is twice as high. What was sold on the day of the claim is left out, as the laws
//! do: the sale itself would make every honest claim look inflated. Of products that were not sold within the days nothing is said.

use crate::detect::event::{Order, Outcome};
use crate::detect::{Detector, Event, Millis, Scores, Token, TokenMap, What, keep, recall};
use crate::money::Fen;
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Milliseconds of a day. The stream starts with day 0; days before it are negative.
const DAY: Millis = 86_400_000;

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Window {
    Week,
    Month,
}

impl Window {
    const fn days(self) -> i64 {
        match self {
            Window::Week => 7,
            Window::Month => 30,
        }
    }
}

/// The rule, for one length of memory.
#[derive(Debug, Clone)]
pub struct ReferencePrice {
    window: Window,
    books: Books,
}

/// What was sold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Books {
    /// The lowest price of a unit by product and day.
    lowest: BTreeMap<Id, BTreeMap<i64, Fen>>,
    /// Orders that are not paid yet.
    unpaid: TokenMap<Sale>,
}

/// A unit of a product at a price on a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Sale {
    product: Id,
    day: i64,
    price: Fen,
}

fn day_of(at: Millis) -> i64 {
    i64::try_from(at / DAY).unwrap_or(i64::MAX)
}

impl Books {
    fn sold(&mut self, sale: Sale) {
        let days = self.lowest.entry(sale.product).or_default();
        let lowest = days.entry(sale.day).or_insert(sale.price);
        *lowest = sale.price.min(*lowest);
        // No window is longer than a month, and orders may be paid late.
        let forgotten = sale.day.saturating_sub(2 * Window::Month.days());
        while let Some(first) = days.first_entry()
            && *first.key() < forgotten
        {
            first.remove();
        }
    }

    fn ordered(&mut self, at: Millis, order: &Order) {
        let price = Fen(order.price.0 / i64::from(order.units.max(1)));
        let (product, day) = (order.product, day_of(at));
        let sale = Sale {
            product,
            day,
            price,
        };
        self.unpaid.insert(order.order, sale);
    }

    fn settled(&mut self, order: Token, outcome: Outcome) {
        if outcome == Outcome::Deposit {
            return;
        }
        let sale = self.unpaid.remove(&order);
        let paid = matches!(outcome, Outcome::Paid | Outcome::Balance);
        if let Some(sale) = sale.filter(|_| paid) {
            self.sold(sale);
        }
    }

    /// The lowest price of a product within so many days before `day`.
    fn lowest(&self, product: Id, day: i64, days: i64) -> Option<Fen> {
        let sold = self.lowest.get(&product)?;
        let prices = sold.range(day.saturating_sub(days)..day);
        prices.map(|(_, price)| *price).min()
    }
}

impl ReferencePrice {
    /// The rule of the lowest price of seven days.
    pub fn days_7() -> Self {
        Self {
            window: Window::Week,
            books: Books::default(),
        }
    }

    /// The rule of the lowest price of thirty days.
    pub fn days_30() -> Self {
        Self {
            window: Window::Month,
            books: Books::default(),
        }
    }

    /// How far a claim lies above what was really paid.
    fn judge(&self, at: Millis, product: Id, claimed: Fen) -> Option<f64> {
        let days = self.window.days();
        let lowest = self.books.lowest(product, day_of(at), days)?;
        (claimed.0 > 0 && lowest.0 > 0).then(|| libm::log(claimed.0 as f64 / lowest.0 as f64))
    }
}

impl Default for ReferencePrice {
    /// The rule of thirty days.
    fn default() -> Self {
        Self::days_30()
    }
}

impl Detector for ReferencePrice {
    fn name(&self) -> &str {
        match self.window {
            Window::Week => "reference_7_days",
            Window::Month => "reference_30_days",
        }
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::SoldBefore {
                product,
                days_ago,
                price,
            } => {
                let day = -i64::from(days_ago);
                let sale = Sale {
                    product,
                    day,
                    price,
                };
                self.books.sold(sale);
            }
            What::Order(order) => self.books.ordered(event.at, &order),
            What::Payment { order, outcome, .. } => self.books.settled(order, outcome),
            What::Reference {
                room,
                product,
                price,
            } => {
                if let Some(score) = self.judge(event.at, product, price) {
                    scores.offer(room, product, score);
                }
            }
            _ => (),
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.books)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.books, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn see(rule: &mut ReferencePrice, at: Millis, what: What) -> Option<f64> {
        let mut scores = Scores::default();
        rule.observe(&Event { at, what }, &mut scores);
        let said = scores.take().next();
        said.map(|said| said.score)
    }

    fn sold(days_ago: u16, yuan: i64) -> What {
        What::SoldBefore {
            product: 2,
            days_ago,
            price: Fen(100 * yuan),
        }
    }

    fn claim(yuan: i64) -> What {
        What::Reference {
            room: 1,
            product: 2,
            price: Fen(100 * yuan),
        }
    }

    fn order(number: u64, units: u32, yuan: i64) -> What {
        What::Order(Order {
            order: Token::of(number),
            room: 1,
            account: Token::of(0),
            delivery: Token::of(0),
            product: 2,
            units,
            price: Fen(100 * yuan),
        })
    }

    fn payment(number: u64, outcome: Outcome) -> What {
        What::Payment {
            order: Token::of(number),
            outcome,
            amount: Fen(0),
            payer: Token::of(0),
        }
    }

    #[test]
    fn a_claim_is_compared_with_the_lowest_price_of_the_days_before() {
        let (mut week, mut month) = (ReferencePrice::days_7(), ReferencePrice::days_30());
        for rule in [&mut week, &mut month] {
            assert_eq!(see(rule, 0, claim(400)), None, "never sold");
            for (days_ago, yuan) in [(31, 50), (30, 100), (8, 150), (7, 200), (1, 300)] {
                see(rule, 0, sold(days_ago, yuan));
            }
        }
        assert_eq!(see(&mut week, 0, claim(400)), Some(libm::log(2.0)));
        assert_eq!(see(&mut month, 0, claim(400)), Some(libm::log(4.0)));
        assert_eq!(see(&mut month, 0, claim(100)), Some(0.0));
        // A day later the 30th day before is that of 30 days ago no more.
        assert_eq!(see(&mut week, DAY, claim(300)), Some(0.0));
        let third = see(&mut month, DAY, claim(300)).unwrap();
        assert!((third - libm::log(2.0)).abs() < 1e-12, "{third}");
    }

    #[test]
    fn only_what_is_paid_counts_and_only_from_the_next_day_on() {
        let mut rule = ReferencePrice::days_7();
        see(&mut rule, 0, sold(1, 300));
        see(&mut rule, 1, order(1, 2, 200));
        see(&mut rule, 2, order(2, 1, 10));
        see(&mut rule, 3, payment(2, Outcome::Lapsed));
        see(&mut rule, 4, order(3, 1, 20));
        see(&mut rule, 5, payment(3, Outcome::Deposit));
        see(&mut rule, 6, payment(1, Outcome::Paid));
        assert_eq!(see(&mut rule, 7, claim(300)), Some(0.0));
        assert_eq!(see(&mut rule, DAY, claim(200)), Some(libm::log(2.0)));
        let mut other = ReferencePrice::days_7();
        other.restore(&rule.save().unwrap()).unwrap();
        see(&mut other, DAY + 1, payment(3, Outcome::Balance));
        assert_eq!(see(&mut other, DAY + 2, claim(200)), Some(libm::log(10.0)));
        assert_eq!(see(&mut other, DAY, claim(0)), None);
    }
}
