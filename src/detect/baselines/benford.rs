//! The first digits of a room's figures: the new orders that it displays minute by minute, and the prices of its orders.
//!
//! Benford's law gives the first digit d a share of log10(1 + 1/d). Nigrini 2012 (Benford's Law, chapter 7) tests it by chi-squared (8 degrees of
//! freedom; 15.507 at the level of 5 per cent) and by the mean absolute deviation (nonconformity above 0.015 for first digits). The score is the
//! lesser of the two relative to those limits, so that from 1 on both object: the first tells a small sample from chance, the second a large one from
//! a trifle.
//!
//! A weak control, and meant as one: prices are set by people, for honest goods as for others, and the counts of a small room span no two orders of
//! magnitude. What beats it may still be poor; what does not, is.

use super::counters::MINUTE;
use crate::detect::{Detector, Event, Frame, Millis, Scores, What, keep, recall};
use crate::market::NO_ROOM;
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Figures below which their digits say nothing.
const LEAST_FIGURES: u32 = 50;

/// Chi-squared above which the law is rejected (8 degrees of freedom, 5 per cent).
const CHI_SQUARED: f64 = 15.507;

/// Mean absolute deviation above which first digits do not conform (Nigrini 2012, table 7.1).
const DEVIATION: f64 = 0.015;

/// The test.
#[derive(Debug, Clone, Default)]
pub struct Benford {
    rooms: BTreeMap<Id, Room>,
}

/// The figures of a room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Room {
    /// When the present minute began, and the orders displayed then.
    minute: Option<(Millis, u64)>,
    orders: Digits,
    prices: Digits,
}

/// How often each digit from 1 to 9 came first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Digits([u32; 9]);

/// The first digit of a number, from 1 to 9; of 0 there is none.
fn first_digit(number: u64) -> Option<usize> {
    let magnitude = number.checked_ilog10()?;
    Some((number / 10_u64.pow(magnitude)) as usize)
}

impl Digits {
    fn add(&mut self, figure: u64) {
        let place = first_digit(figure).and_then(|digit| self.0.get_mut(digit - 1));
        if let Some(count) = place {
            *count = count.saturating_add(1);
        }
    }

    /// Chi-squared and mean absolute deviation.
    fn statistics(&self) -> (f64, f64) {
        let total: f64 = self.0.into_iter().map(f64::from).sum();
        let (mut squares, mut deviation) = (0.0, 0.0);
        for (digit, count) in (1..).zip(self.0) {
            let expected = libm::log10(1.0 + 1.0 / f64::from(digit));
            let difference = f64::from(count) / total - expected;
            squares += total * difference * difference / expected;
            deviation += difference.abs() / 9.0;
        }
        (squares, deviation)
    }

    fn score(&self) -> f64 {
        let total = self.0.into_iter().fold(0, u32::saturating_add);
        if total < LEAST_FIGURES {
            return 0.0;
        }
        let (squares, deviation) = self.statistics();
        (squares / CHI_SQUARED).min(deviation / DEVIATION)
    }
}

impl Room {
    /// Takes a refresh in, and judges all figures.
    fn see(&mut self, at: Millis, frame: &Frame) -> f64 {
        let (from, before) = *self.minute.get_or_insert((at, frame.orders));
        if at >= from.saturating_add(MINUTE) {
            self.orders.add(frame.orders.saturating_sub(before));
            self.minute = Some((at, frame.orders));
        }
        self.orders.score().max(self.prices.score())
    }
}

impl Detector for Benford {
    fn name(&self) -> &str {
        "benford"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Order(order) if order.room != NO_ROOM => {
                let room = self.rooms.entry(order.room).or_default();
                room.prices.add(order.price.0.unsigned_abs());
            }
            What::Frame(frame) => {
                let room = self.rooms.entry(frame.room).or_default();
                scores.room(frame.room, room.see(event.at, &frame));
            }
            _ => (),
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.rooms)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.rooms, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digit_is_the_first_digit() {
        let digits = [0, 7, 10, 99, 123_456, u64::MAX].map(first_digit);
        assert_eq!(digits, [None, Some(7), Some(1), Some(9), Some(1), Some(1)]);
    }

    #[test]
    fn the_statistics_are_those_worked_out_by_hand() {
        // All of 100 figures begin with 1: chi-squared is n (1/p - 1), the deviation 2 (1 - p) / 9, where p = log10 2.
        let share = 2.0_f64.log10();
        let (squares, deviation) = Digits([100, 0, 0, 0, 0, 0, 0, 0, 0]).statistics();
        assert!((squares - 100.0 * (1.0 / share - 1.0)).abs() < 1e-9);
        assert!((deviation - 2.0 * (1.0 - share) / 9.0).abs() < 1e-12);
    }

    #[test]
    fn powers_of_two_conform_and_even_digits_do_not() {
        let mut digits = Digits::default();
        for power in 0..49 {
            digits.add(1 << power);
        }
        assert_eq!(digits.score(), 0.0, "too few");
        for power in 49..63 {
            digits.add(1 << power);
        }
        assert!(digits.score() < 0.3, "{}", digits.score());
        assert!(Digits([50; 9]).score() > 2.0);
        // Of few figures chance would do as much: chi-squared does not object.
        assert!(Digits([6; 9]).score() < 1.6);
    }

    #[test]
    fn a_room_is_judged_by_the_orders_of_its_minutes() {
        let mut room = Room::default();
        let mut last = 0.0;
        for refresh in 0..=360 {
            // 60 minutes of 50 orders each, seen every ten seconds.
            let frame = Frame {
                orders: refresh / 6 * 50,
                ..Frame::default()
            };
            last = room.see(10_000 * refresh, &frame);
        }
        assert_eq!(room.orders, Digits([0, 0, 0, 0, 60, 0, 0, 0, 0]));
        assert!(last > 10.0, "{last}");
    }
}
