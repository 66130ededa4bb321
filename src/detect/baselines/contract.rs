//! Tests that every baseline keeps what [`Detector`] promises, on one synthetic stream of half an hour with all kinds of events.

use super::*;
use crate::detect::event::{Enter, Order, Outcome, Source, Text};
use crate::detect::{Detector, Event, Frame, Score, Scores, Subject, Token, What, hand_over};
use crate::draws::{Draws, Mechanism};
use crate::money::Fen;
use std::collections::BTreeMap;

/// Rooms of the stream.
const ROOMS: u32 = 6;

/// Refreshes of the stream.
const REFRESHES: u64 = 180;

/// The baselines of this folder that are checked here, made anew.
fn all() -> Vec<Box<dyn Detector>> {
    vec![
        Box::new(Always::default()),
        Box::new(BayesianChangePoint::default()),
        Box::new(Benford::default()),
        Box::new(BestSingleFeature::default()),
        Box::new(Burstiness::default()),
        Box::new(CouponVelocity::default()),
        Box::new(Cusum::default()),
        Box::new(EngagementRatios::default()),
        Box::new(Ewma::default()),
        Box::new(GapEntropy::default()),
        Box::new(Null),
        Box::new(PageHinkley::default()),
        Box::new(Random::default()),
        Box::new(ReferencePrice::days_7()),
        Box::new(ReferencePrice::days_30()),
        Box::new(RobustZ::default()),
        Box::new(SilentCrowd::default()),
    ]
}

/// What an account does in a room, by a drawn number.
fn act(room: u32, account: Token, number: u32) -> What {
    let token = |group: u64| Token::of(u64::from(number / 8) * 977 + group);
    match number % 8 {
        0 | 1 => What::Enter(Enter {
            room,
            account,
            device: Token::of(account.number() / 3),
            address: Token::of(account.number() / 20),
            source: Source::Feed,
        }),
        2 => What::Leave { room, account },
        3 => What::Like { room, account },
        4 => What::Comment {
            room,
            account,
            text: Text::Praise,
        },
        5 => What::Coupon {
            room,
            account,
            coupon: 1,
            worth: Fen(1_000),
        },
        6 => What::Payment {
            order: token(0),
            outcome: Outcome::Paid,
            amount: Fen(1_000),
            payer: token(1),
        },
        _ => What::Order(Order {
            order: token(0),
            room,
            account,
            delivery: Token::of(account.number() / 5),
            product: room,
            units: 1 + number % 3,
            price: Fen(i64::from(number % 90_000)),
        }),
    }
}

/// The offers of a room, said as its show begins.
fn offer(room: u32) -> [What; 3] {
    let (product, price) = (room, Fen(20_000));
    [
        What::SoldBefore {
            product,
            days_ago: 3,
            price: Fen(10_000),
        },
        What::Price {
            room,
            product,
            price,
            stock: 100,
        },
        What::Reference {
            room,
            product,
            price: Fen(60_000),
        },
    ]
}

/// What a room's counters are at a refresh: from the twentieth minute on the last room is bought.
fn next_frame(frame: &mut Frame, room: u32, refresh: u64, word: u32) {
    let bought = u64::from(room == ROOMS - 1 && refresh > 120) * 500;
    frame.room = room;
    frame.views += u64::from(word % 40) + bought;
    frame.viewers = 300 + u64::from(word % 30) + 3 * bought;
    frame.likes += u64::from(word % 200);
    frame.orders += u64::from(word % 13);
}

fn stream() -> Vec<Event> {
    let draws = Draws::new(7);
    let offers = (0..ROOMS).flat_map(offer);
    let mut events: Vec<Event> = offers.map(|what| Event { at: 0, what }).collect();
    let mut frames = [Frame::default(); ROOMS as usize];
    for refresh in 1..=REFRESHES {
        for number in 0..20 * ROOMS {
            let words = draws.at(Mechanism::Reference, refresh, number).0;
            let account = Token::of(u64::from(words[0] % 500));
            let at = 10_000 * (refresh - 1) + 80 * u64::from(number);
            let what = act(number % ROOMS, account, words[1]);
            events.push(Event { at, what });
        }
        let at = 10_000 * refresh;
        for (room, frame) in (0..).zip(&mut frames) {
            let word = draws.at(Mechanism::Reference, refresh, room).0[3];
            next_frame(frame, room, refresh, word);
            let what = What::Frame(*frame);
            events.push(Event { at, what });
        }
        let what = What::Beat;
        events.push(Event { at, what });
    }
    events
}

fn run(detector: &mut dyn Detector, events: &[Event]) -> Vec<Score> {
    let mut scores = Scores::default();
    for event in events {
        hand_over(detector, event, &mut scores);
    }
    scores.take().collect()
}

#[test]
fn runs_are_the_same_however_they_are_cut() {
    let events = stream();
    let (first, second) = events.split_at(events.len() / 2 + 7);
    for ((mut whole, mut cut), mut resumed) in all().into_iter().zip(all()).zip(all()) {
        let expected = run(&mut *whole, &events);
        let mut said = run(&mut *cut, first);
        resumed.restore(&cut.save().unwrap()).unwrap();
        said.extend(run(&mut *resumed, second));
        assert_eq!(said, expected, "{}", whole.name());
        assert!(said.iter().all(|score| score.score.is_finite()));
        assert!(resumed.restore(&[0xff]).is_err() || resumed.name() == "null");
    }
}

#[test]
fn who_speaks_of_rooms_does_so_at_every_frame_once_warm() {
    let events = stream();
    for mut detector in all() {
        let mut times = BTreeMap::<u32, Vec<u64>>::new();
        for score in run(&mut *detector, &events) {
            if let Subject::Room(room) = score.about {
                times.entry(room).or_default().push(score.at / 10_000);
            }
        }
        let silent = [
            "coupon_velocity",
            "null",
            "reference_7_days",
            "reference_30_days",
        ];
        let name = detector.name();
        assert_eq!(times.is_empty(), silent.contains(&name), "{name}");
        for times in times.values().filter(|_| name != "always") {
            let warm = times[0];
            assert!(warm < 40, "{name} at {warm}");
            let expected: Vec<u64> = (warm..=REFRESHES).collect();
            assert_eq!(times, &expected, "{name}");
        }
    }
}

#[test]
fn who_needs_counters_alone_says_the_same_without_accounts() {
    let events = stream();
    let counters: Vec<Event> = events
        .iter()
        .filter(|event| matches!(event.what, What::Frame(_) | What::Beat))
        .copied()
        .collect();
    for (mut one, mut other) in all().into_iter().zip(all()) {
        if !one.sees_accounts() {
            let (said, expected) = (run(&mut *one, &counters), run(&mut *other, &events));
            assert_eq!(said, expected, "{}", one.name());
        }
    }
}

#[test]
fn change_detectors_see_the_bought_room() {
    let events = stream();
    let names = [
        "bayesian_change_point",
        "cusum",
        "ewma",
        "page_hinkley",
        "robust_z",
    ];
    for mut detector in all() {
        if !names.contains(&detector.name()) {
            continue;
        }
        let said = run(&mut *detector, &events);
        let most = |room, from| {
            let recent = said
                .iter()
                .filter(|score| score.at > from && score.about == Subject::Room(room));
            recent.map(|score| score.score).fold(0.0, f64::max)
        };
        let (bought, limit) = (most(ROOMS - 1, 1_200_000), 0.9);
        assert!(bought > limit, "{}: {bought}", detector.name());
        let honest = most(0, 1_200_000);
        assert!(
            honest < bought,
            "{}: {honest} and {bought}",
            detector.name()
        );
    }
}
