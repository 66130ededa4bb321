//! The order of application: what "after" demands, and where it is silent prices first, then anchors, stores and the platform, by name.

use super::coupon::{Coupon, Issuer, Kind};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Coupons that wait for each other in a circle, in order: each is to be applied after the next, the last after the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle(pub Vec<usize>);

/// The place of every coupon in the order of application. `after[i]` are the coupons that coupon `i` is applied after.
///
/// # Errors
/// A circle, if there is one.
pub fn order_of(coupons: &[Coupon], after: &[Vec<usize>]) -> Result<Vec<u32>, Circle> {
    let mut waits: Vec<usize> = after.iter().map(Vec::len).collect();
    let mut ready: BinaryHeap<_> = (0..coupons.len())
        .filter(|coupon| waits[*coupon] == 0)
        .map(|coupon| Reverse(turn_of(coupons, coupon)))
        .collect();
    let mut places = vec![u32::MAX; coupons.len()];
    let mut next = 0;
    while let Some(Reverse((_, _, coupon))) = ready.pop() {
        places[coupon] = next;
        next += 1;
        for (later, befores) in after.iter().enumerate() {
            let times = befores.iter().filter(|before| **before == coupon).count();
            if times > 0 {
                waits[later] -= times;
                if waits[later] == 0 {
                    ready.push(Reverse(turn_of(coupons, later)));
                }
            }
        }
    }
    match places.iter().position(|place| *place == u32::MAX) {
        None => Ok(places),
        Some(stuck) => Err(circle_from(stuck, after, &places)),
    }
}

/// Whose turn it is among those that wait for nobody.
fn turn_of(coupons: &[Coupon], coupon: usize) -> (u8, &str, usize) {
    let rank = match (&coupons[coupon].kind, coupons[coupon].issuer) {
        (Kind::FixedPrice { .. }, _) => 0,
        (Kind::DepositWorth { .. }, _) => 1,
        (_, Issuer::Anchor(_)) => 2,
        (_, Issuer::Store(_)) => 3,
        (_, Issuer::Platform) => 4,
    };
    (rank, &coupons[coupon].name, coupon)
}

/// Whoever is stuck waits for somebody stuck: following that leads into a circle.
fn circle_from(stuck: usize, after: &[Vec<usize>], places: &[u32]) -> Circle {
    let mut path = vec![stuck];
    loop {
        let last = path[path.len() - 1];
        let waits_for = after[last]
            .iter()
            .copied()
            .find(|before| places[*before] == u32::MAX);
        let Some(next) = waits_for else {
            return Circle(path);
        };
        if let Some(start) = path.iter().position(|seen| *seen == next) {
            return Circle(path.split_off(start));
        }
        path.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Fen;

    fn coupons() -> Vec<Coupon> {
        let off = Kind::AmountOff {
            threshold: Fen(0),
            off: Fen(100),
            times: 1,
        };
        let mut platform = Coupon::of(off);
        platform.name = "across".to_owned();
        let mut store = Coupon::of(off);
        store.name = "store".to_owned();
        store.issuer = Issuer::Store(0);
        let price = Coupon::of(Kind::FixedPrice { price: Fen(5) });
        vec![platform, store, price]
    }

    #[test]
    fn prices_come_first_then_stores_then_the_platform() {
        let places = order_of(&coupons(), &[vec![], vec![], vec![]]);
        assert_eq!(places, Ok(vec![2, 1, 0]));
    }

    #[test]
    fn what_is_said_comes_before_what_is_usual() {
        let places = order_of(&coupons(), &[vec![], vec![0], vec![1, 1]]);
        assert_eq!(places, Ok(vec![0, 1, 2]));
    }

    #[test]
    fn a_circle_is_found_and_named_without_those_who_only_wait_for_it() {
        let mut all = coupons();
        all.push(all[0].clone());
        let circle = order_of(&all, &[vec![1], vec![2], vec![1], vec![0]]);
        assert_eq!(circle, Err(Circle(vec![1, 2])));
        assert_eq!(order_of(&all[..1], &[vec![0]]), Err(Circle(vec![0])));
    }
}
