//! Prices paid: the lowest at which a product was bought, since a second (kept up as purchases come in) or within a window (worked out from all parcels).

use super::parcel::{Fate, Parcel};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A price at which somebody bought.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Low {
    /// Price of a unit.
    pub unit: Fen,
    /// Whether a coupon brought it about.
    pub by_coupon: bool,
    /// Whether the brand's own shops and rooms had it.
    pub own: bool,
    /// When it was agreed on, second.
    pub at: f64,
}

impl Low {
    /// What was paid for a parcel.
    pub fn of(parcel: &Parcel) -> Self {
        Self {
            unit: parcel.unit(),
            by_coupon: parcel.by_coupon,
            own: parcel.line.own,
            at: parcel.agreed_at,
        }
    }
}

/// The lowest price since any second. A price that is followed by one as low is never the lowest since anything, so what remains rises in time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LowsSince(Vec<Low>);

impl LowsSince {
    /// Somebody paid a price, which may have been agreed on before others that are known.
    pub fn paid(&mut self, low: Low) {
        let place = self.0.partition_point(|other| other.at <= low.at);
        let after = self.0.get(place);
        if after.is_none_or(|after| low.unit < after.unit) {
            let lower = self.0[..place].partition_point(|before| before.unit < low.unit);
            self.0.splice(lower..place, [low]);
        }
    }

    /// The lowest since a second.
    pub fn since(&self, second: f64) -> Option<Low> {
        let from = self.0.partition_point(|low| low.at < second);
        self.0.get(from).copied()
    }
}

/// Which prices paid are meant.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    /// Those by coupon too.
    pub by_coupon: bool,
    /// Those of other sellers too.
    pub of_others: bool,
}

impl Which {
    /// Those of the brand's own shops and rooms, those by coupon too or not.
    pub fn own(by_coupon: bool) -> Self {
        Self {
            by_coupon,
            of_others: false,
        }
    }
}

/// All prices paid, by product: cheapest first, by coupon or not, at the brand's own or another seller's, with the seconds of agreement in order.
pub struct PricesPaid(Vec<BTreeMap<(Fen, bool, bool), Vec<f64>>>);

impl PricesPaid {
    /// Those of all parcels that were sold.
    pub fn of(plot: &Scenario, parcels: &[Parcel]) -> Self {
        let mut paid = vec![BTreeMap::<_, Vec<f64>>::new(); plot.products.len()];
        let sold = parcels
            .iter()
            .filter(|parcel| parcel.fate != Fate::Forfeited);
        for parcel in sold {
            let unit = Fen(parcel.line.paid.0 / i64::from(parcel.line.units.max(1)));
            let price = (unit, parcel.by_coupon, parcel.line.own);
            let of_product = &mut paid[parcel.line.product as usize];
            of_product.entry(price).or_default().push(parcel.agreed_at);
        }
        for seconds in paid.iter_mut().flat_map(BTreeMap::values_mut) {
            seconds.sort_by(f64::total_cmp);
        }
        Self(paid)
    }

    /// The lowest price of a unit within a window of time, its ends included.
    pub fn lowest(&self, product: Id, (from, until): (f64, f64), which: Which) -> Option<Fen> {
        let mut prices = self.0[product as usize]
            .iter()
            .filter(|((_, by_coupon, own), _)| {
                (which.by_coupon || !by_coupon) && (which.of_others || *own)
            });
        let found = prices.find(|(_, seconds)| {
            let first = seconds.partition_point(|second| *second < from);
            seconds.get(first).is_some_and(|second| *second <= until)
        });
        found.map(|((unit, ..), _)| *unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn low(unit: i64, at: f64) -> Low {
        Low {
            unit: Fen(unit),
            by_coupon: false,
            own: true,
            at,
        }
    }

    proptest! {
        /// What is kept up agrees with looking at every price.
        #[test]
        fn the_lowest_since_any_second_is_the_lowest_of_all_since(
            prices in prop::collection::vec((1_i64..20, 0_u8..30), 0..40),
            since in 0_u8..32,
        ) {
            let mut lows = LowsSince::default();
            for (unit, second) in &prices {
                lows.paid(low(*unit, f64::from(*second)));
            }
            let later = prices.iter().filter(|(_, second)| *second >= since);
            let expected = later.map(|(unit, _)| Fen(*unit)).min();
            prop_assert_eq!(lows.since(f64::from(since)).map(|low| low.unit), expected);
        }
    }
}
