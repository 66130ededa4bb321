//! A small market for tests: six rooms with a calm public, and, where asked for, a farm.
//!
//! The farm's sixty accounts share six devices. From the twentieth minute on they come together into the rooms 1, 2 and 3, one after another, stay
//! for seven minutes to the second and do nothing; in room 1 thirty of them order to one address, are paid for by one wallet, and are refunded.

use crate::detect::event::{Enter, Order, Outcome, Said, Source, Text};
use crate::detect::truth::{Actor, Campaign, FalseOrder, Threat};
use crate::detect::{
    Detector, Event, Frame, Labelled, Millis, Score, Scores, Token, Truth, What, hand_over,
};
use crate::draws::{Draws, Mechanism, Words, lognormal};
use crate::money::Fen;
use std::collections::BTreeMap;

/// Rooms with the farm in them, in order.
pub(super) const FARMED: [u32; 3] = [1, 2, 3];

/// An account of the farm.
pub(super) fn bot(number: u64) -> Token {
    Token::of(900_000_000 + number)
}

/// An order of the farm.
pub(super) fn brushed(number: u64) -> Token {
    Token::of(800_000_000 + number)
}

fn entry(room: u32, account: Token, device: Token, source: Source) -> What {
    What::Enter(Enter {
        room,
        account,
        device,
        address: device,
        source,
    })
}

fn honest(seed: u64, minutes: u64, raw: &mut Vec<(Millis, What)>) {
    let draws = Draws::new(seed);
    for visit in 0..minutes * 6 * 20 {
        let words = draws.at(Mechanism::Reference, visit, 0);
        let more = draws.at(Mechanism::Reference, visit, 1);
        let at = (words.uniform(0) * minutes as f64 * 60_000.0) as Millis;
        let room = (words.uniform(1) * 6.0) as u32;
        let account = Token::of(1_000 + (words.uniform(2) * 3_000.0) as u64);
        let normal = draws.at(Mechanism::Reference, visit, 2).normal(0);
        let stay = lognormal(60_000.0, 1.2, normal) as Millis + 1;
        let device = Token::of(100_000_000 + account.number());
        raw.push((at, entry(room, account, device, Source::Feed)));
        raw.push((at + stay, What::Leave { room, account }));
        for (after, what) in acts(room, account, more) {
            raw.push((at + stay * after / 4, what));
        }
        if more.uniform(3) < 0.2 {
            let order = Token::of(700_000_000 + visit);
            buy(at + stay * 3 / 4, room, account, order, account, raw);
        }
    }
}

/// What somebody does in a visit: after how many quarters of it, and what.
fn acts(room: u32, account: Token, words: Words) -> Vec<(u64, What)> {
    let mut acts = Vec::new();
    if words.uniform(0) < 0.6 {
        acts.push((1, What::Like { room, account }));
    }
    if words.uniform(1) < 0.3 {
        let asks = words.uniform(2) < 0.5;
        let text = if asks { Text::Price } else { Text::Question };
        acts.push((
            2,
            What::Comment {
                room,
                account,
                text,
            },
        ));
    }
    if words.uniform(3) < 0.2 {
        let product = Some(room);
        acts.push((
            2,
            What::CartClick {
                room,
                account,
                product,
            },
        ));
    }
    acts
}

fn buy(
    at: Millis,
    room: u32,
    account: Token,
    order: Token,
    payer: Token,
    raw: &mut Vec<(Millis, What)>,
) {
    let (product, price) = (room, Fen(9_900));
    raw.push((
        at,
        What::Order(Order {
            order,
            room,
            account,
            delivery: payer,
            product,
            units: 1,
            price,
        }),
    ));
    let outcome = Outcome::Paid;
    let payment = What::Payment {
        order,
        outcome,
        amount: price,
        payer,
    };
    raw.push((at + 5_000, payment));
}

fn farm(raw: &mut Vec<(Millis, What)>, truth: &mut Truth) {
    for (turn, room) in FARMED.into_iter().enumerate() {
        let from = 1_200_000 + 480_000 * turn as Millis;
        for number in 0..60 {
            let at = from + 150 * number;
            let device = Token::of(950_000_000 + number % 6);
            raw.push((at, entry(room, bot(number), device, Source::Link)));
            let account = bot(number);
            raw.push((at + 420_000, What::Leave { room, account }));
            if turn == 0 && number < 30 {
                buy(
                    at + 60_000,
                    room,
                    account,
                    brushed(number),
                    Token::of(5),
                    raw,
                );
                let (order, amount) = (brushed(number), Fen(9_900));
                raw.push((at + 300_000, What::Refund { order, amount }));
            }
        }
        truth
            .campaigns
            .push(campaign(turn as u32, Threat::LongStays, room, None, from));
    }
    members(truth);
}

/// Names the farm's accounts and orders.
fn members(truth: &mut Truth) {
    let (campaign, first_evidence) = (0, 1_200_000);
    truth.actors = (0..60)
        .map(|number| Actor {
            account: bot(number),
            campaign,
            first_evidence,
        })
        .collect();
    truth.orders = (0..30)
        .map(|number| FalseOrder {
            order: brushed(number),
            campaign,
            first_evidence,
        })
        .collect();
}

fn campaign(
    number: u32,
    threat: Threat,
    room: u32,
    product: Option<u32>,
    from: Millis,
) -> Campaign {
    Campaign {
        campaign: number,
        plan: number,
        threat,
        tactic: String::new(),
        room,
        product,
        operator: String::new(),
        first_evidence: from,
        last_evidence: from + 480_000,
        tactic_is_known: true,
        operator_is_known: true,
    }
}

/// A price far below, called a mistake and kept, in room 4; an honest one, put right, in room 5.
fn mistakes(raw: &mut Vec<(Millis, What)>, truth: &mut Truth) {
    for (room, product) in [(4, 4), (5, 5)] {
        let price = |fen: i64| What::Price {
            room,
            product,
            price: Fen(fen),
            stock: 500,
        };
        raw.push((600_000, price(9_900)));
        raw.push((1_500_000, price(990)));
        let speech = What::Speech {
            room,
            said: Said::Mistake,
            product: Some(product),
            figure: Fen::ZERO,
        };
        raw.push((1_503_000, speech));
        let after = if room == 4 { 980 } else { 9_900 };
        raw.push((1_520_000, price(after)));
    }
    let number = truth.campaigns.len() as u32;
    truth.campaigns.push(campaign(
        number,
        Threat::StagedMisbid,
        4,
        Some(4),
        1_500_000,
    ));
}

/// Counts an event towards its room's counters.
fn count(frames: &mut BTreeMap<u32, Frame>, what: &What) {
    let room = match *what {
        What::Enter(enter) => enter.room,
        What::Order(order) => order.room,
        What::Leave { room, .. }
        | What::Like { room, .. }
        | What::Comment { room, .. }
        | What::CartClick { room, .. } => room,
        _ => return,
    };
    let frame = frames.entry(room).or_default();
    match what {
        What::Enter(_) => {
            frame.viewers += 1;
            frame.views += 1;
        }
        What::Leave { .. } => frame.viewers = frame.viewers.saturating_sub(1),
        What::Like { .. } => frame.likes += 1,
        What::Comment { .. } => frame.comments += 1,
        What::CartClick { .. } => frame.cart_clicks += 1,
        _ => frame.orders += 1,
    }
}

/// A stream of an hour.
pub(super) fn market(seed: u64, with_farm: bool) -> Labelled {
    let (mut raw, mut truth) = (Vec::new(), Truth::default());
    let minutes = 60;
    for room in 0..6 {
        let (anchor, on) = (room / 2, true);
        raw.push((0, What::Air { room, anchor, on }));
    }
    honest(seed, minutes, &mut raw);
    if with_farm {
        farm(&mut raw, &mut truth);
        mistakes(&mut raw, &mut truth);
    }
    raw.retain(|(at, _)| *at < minutes * 60_000);
    raw.sort_by_key(|(at, _)| *at);
    let events = with_frames(raw);
    Labelled {
        seed,
        events,
        truth,
    }
}

/// Puts frames and beats between what happens, every ten seconds.
fn with_frames(raw: Vec<(Millis, What)>) -> Vec<Event> {
    let mut frames: BTreeMap<u32, Frame> = (0..6)
        .map(|room| {
            (
                room,
                Frame {
                    room,
                    ..Frame::default()
                },
            )
        })
        .collect();
    let mut events = Vec::new();
    let mut next = 10_000;
    for (at, what) in raw {
        while next <= at {
            let seen = frames.values().map(|frame| What::Frame(*frame));
            events.extend(
                seen.chain([What::Beat])
                    .map(|what| Event { at: next, what }),
            );
            next += 10_000;
        }
        count(&mut frames, &what);
        events.push(Event { at, what });
    }
    events
}

/// Everything that a detector says of events.
pub(super) fn said(detector: &mut dyn Detector, events: &[Event]) -> Vec<Score> {
    let mut scores = Scores::default();
    for event in events {
        hand_over(detector, event, &mut scores);
    }
    scores.take().collect()
}

/// Whether a detector that is saved in the middle of a stream and taken up by another says the same as one that was not interrupted.
pub(super) fn survives_saving<Watcher: Detector + Clone>(fresh: &Watcher, events: &[Event]) {
    let (early, late) = events.split_at(events.len() / 2);
    let mut whole = fresh.clone();
    let mut expected = said(&mut whole, early);
    expected.extend(said(&mut whole, late));
    let mut first = fresh.clone();
    let mut seen = said(&mut first, early);
    let memory = first.save().unwrap();
    let mut second = fresh.clone();
    second.restore(&memory).unwrap();
    seen.extend(said(&mut second, late));
    assert!(!expected.is_empty());
    assert!(expected.iter().all(|score| score.score.is_finite()));
    assert_eq!(seen, expected);
    assert!(second.restore(&[0xff; 3]).is_err());
}

/// The share of pairs of a suspicious and an innocent last score in which the suspicious one is higher (ties count half).
pub(super) fn ranked(suspicious: &[f64], innocent: &[f64]) -> f64 {
    let mut sum = 0.0;
    for bad in suspicious {
        for good in innocent {
            sum += if bad > good {
                1.0
            } else if bad == good {
                0.5
            } else {
                0.0
            };
        }
    }
    sum / (suspicious.len() * innocent.len()).max(1) as f64
}

/// Last scores, split by a test: those that it accepts, and the others.
pub(super) fn last_scores(
    said: &[Score],
    kind: impl Fn(&Score) -> Option<bool>,
) -> (Vec<f64>, Vec<f64>) {
    let mut last = BTreeMap::new();
    for score in said {
        if let Some(bad) = kind(score) {
            last.insert(score.about, (bad, score.score));
        }
    }
    let pick = |wanted: bool| {
        let wanted = last.values().filter(|(bad, _)| *bad == wanted);
        wanted.map(|(_, score)| *score).collect()
    };
    (pick(true), pick(false))
}
