//! Small streams for the tests of scoring.

use super::judged::Judged;
use super::universe::{MINUTE, Universe};
use crate::detect::event::{Enter, Event, Millis, Order, Source, Token, What};
use crate::detect::score::{Score, Subject};
use crate::detect::truth::{
    Actor, BenignTwin, Campaign, FalseOrder, RoomFact, Threat, Truth, Twin,
};
use crate::money::Fen;
use std::sync::Arc;

/// A room on air from one minute to another.
pub fn room(room: u32, from: u64, until: u64) -> RoomFact {
    RoomFact {
        room,
        anchor: room,
        from: from * MINUTE,
        until: until * MINUTE,
        peak_viewers: 10 * u64::from(room),
    }
}

/// A campaign with evidence between two moments in milliseconds.
pub fn campaign(number: u32, threat: Threat, room: u32, from: Millis, to: Millis) -> Campaign {
    Campaign {
        campaign: number,
        plan: number,
        threat,
        tactic: "plain".to_owned(),
        room,
        product: threat.is_about_an_offer().then_some(7),
        operator: "farm".to_owned(),
        first_evidence: from,
        last_evidence: to,
        tactic_is_known: true,
        operator_is_known: number.is_multiple_of(2),
    }
}

/// A token.
pub fn token(number: u64) -> Token {
    Token::of(number)
}

/// Something said.
pub fn said(at: Millis, about: Subject, score: f64) -> Score {
    Score {
        at,
        about,
        score,
        reason: "",
    }
}

/// Somebody enters a room.
pub fn enter(at: Millis, account: u64) -> Event {
    let what = What::Enter(Enter {
        room: 1,
        account: token(account),
        device: token(0),
        address: token(0),
        source: Source::Feed,
    });
    Event { at, what }
}

/// Somebody orders.
pub fn order(at: Millis, order: u64, account: u64) -> Event {
    let what = What::Order(Order {
        order: token(order),
        room: 1,
        account: token(account),
        delivery: token(0),
        product: 7,
        units: 1,
        price: Fen::default(),
    });
    Event { at, what }
}

/// A price of a product in a room.
pub fn price(at: Millis, room: u32, product: u32) -> Event {
    let what = What::Price {
        room,
        product,
        price: Fen::default(),
        stock: 1,
    };
    Event { at, what }
}

/// Three rooms of an hour: 1 with bought viewers and orders (campaigns 0 and 2) from minutes 10 to 20, 2 with a staged misbid (campaign 1), 3 honest
/// and with a celebrity from minutes 30 to 40.
pub fn market() -> (Vec<Event>, Truth) {
    let mut events = vec![price(0, 1, 7), price(0, 2, 7), price(0, 3, 7)];
    events.extend((0..10).map(|account| enter(MINUTE, account)));
    events.extend((10..14).map(|account| enter(10 * MINUTE, account)));
    events.extend((0..3).map(|number| order(2 * MINUTE, number, number)));
    events.extend((3..5).map(|number| order(12 * MINUTE, number, number + 7)));
    let actor = |account: u64| Actor {
        account: token(account),
        campaign: 0,
        first_evidence: 10 * MINUTE,
    };
    let false_order = |order: u64| FalseOrder {
        order: token(order),
        campaign: 2,
        first_evidence: 12 * MINUTE,
    };
    let (from, to) = (10 * MINUTE, 20 * MINUTE - 1);
    let truth = Truth {
        campaigns: vec![
            campaign(0, Threat::LongStays, 1, from, to),
            campaign(1, Threat::StagedMisbid, 2, 30 * MINUTE, 40 * MINUTE - 1),
            campaign(2, Threat::BrushedOrders, 1, from, to),
        ],
        twins: vec![BenignTwin {
            twin: Twin::Celebrity,
            room: 3,
            product: None,
            from: 30 * MINUTE,
            until: 40 * MINUTE,
        }],
        actors: (10..14).map(actor).collect(),
        orders: (3..5).map(false_order).collect(),
        events: Vec::new(),
        rooms: vec![room(1, 0, 60), room(2, 0, 60), room(3, 0, 60)],
    };
    (events, truth)
}

/// What was said of the [`market`].
pub fn judged(said: &[Score]) -> Judged {
    let (events, truth) = market();
    Judged::of(Arc::new(Universe::of(&events, &truth)), said)
}

/// What somebody says who knows the truth of the [`market`].
pub fn oracle() -> Vec<Score> {
    let mut scores = vec![
        said(0, Subject::Room(1), 0.0),
        said(0, Subject::Room(2), 0.0),
        said(0, Subject::Room(3), 0.0),
        said(10 * MINUTE, Subject::Room(1), 1.0),
        said(20 * MINUTE, Subject::Room(1), 0.0),
    ];
    let account = |number| said(11 * MINUTE, Subject::Account(token(number)), 1.0);
    let order = |number| said(12 * MINUTE, Subject::Order(token(number)), 1.0);
    let offer = Subject::Offer {
        room: 2,
        product: 7,
    };
    scores.extend((10..14).map(account));
    scores.extend((3..5).map(order));
    scores.push(said(31 * MINUTE, offer, 1.0));
    scores
}
