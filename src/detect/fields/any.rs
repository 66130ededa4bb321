//! Any event, for tests of what moves them.

use crate::detect::event::{Enter, Event, Frame, Order, Outcome, Said, Source, Text, Token, What};
use crate::detect::fields::Word;
use crate::market::NO_ROOM;
use crate::money::Fen;
use proptest::prelude::*;
use proptest::sample::select;

fn token() -> impl Strategy<Value = Token> {
    prop_oneof![
        any::<u64>().prop_map(Token::of),
        Just(Token::of(u64::MAX)),
        Just(Token::of(0))
    ]
}

fn fen() -> impl Strategy<Value = Fen> {
    prop_oneof![
        any::<i64>().prop_map(Fen),
        (-5_i64..100_000).prop_map(Fen),
        Just(Fen::ZERO)
    ]
}

fn word<Thing: Word + std::fmt::Debug>() -> impl Strategy<Value = Thing> {
    select(Thing::WORDS).prop_map(|word| Thing::of_word(word).unwrap())
}

fn id() -> impl Strategy<Value = u32> {
    prop_oneof![any::<u32>(), 0_u32..20]
}

fn frame() -> impl Strategy<Value = What> {
    (id(), any::<[u64; 7]>()).prop_map(
        |(
            room,
            [
                viewers,
                views,
                orders,
                likes,
                comments,
                follows,
                cart_clicks,
            ],
        )| {
            What::Frame(Frame {
                room,
                viewers,
                views,
                orders,
                likes,
                comments,
                follows,
                cart_clicks,
            })
        },
    )
}

fn enter() -> impl Strategy<Value = What> {
    (id(), token(), token(), token(), word::<Source>()).prop_map(
        |(room, account, device, address, source)| {
            What::Enter(Enter {
                room,
                account,
                device,
                address,
                source,
            })
        },
    )
}

fn order() -> impl Strategy<Value = What> {
    let room = prop_oneof![id(), Just(NO_ROOM)];
    (token(), room, token(), token(), id(), id(), fen()).prop_map(
        |(order, room, account, delivery, product, units, price)| {
            What::Order(Order {
                order,
                room,
                account,
                delivery,
                product,
                units,
                price,
            })
        },
    )
}

fn act() -> impl Strategy<Value = What> {
    prop_oneof![
        (id(), token()).prop_map(|(room, account)| What::Leave { room, account }),
        (id(), token()).prop_map(|(room, account)| What::Like { room, account }),
        (id(), token()).prop_map(|(room, account)| What::Follow { room, account }),
        (id(), token(), word::<Text>()).prop_map(|(room, account, text)| What::Comment {
            room,
            account,
            text
        }),
        (id(), token(), proptest::option::of(id())).prop_map(|(room, account, product)| {
            What::CartClick {
                room,
                account,
                product,
            }
        }),
        (id(), token(), id(), fen()).prop_map(|(room, account, coupon, worth)| What::Coupon {
            room,
            account,
            coupon,
            worth
        }),
    ]
}

fn trade() -> impl Strategy<Value = What> {
    prop_oneof![
        order(),
        (token(), word::<Outcome>(), fen(), token()).prop_map(|(order, outcome, amount, payer)| {
            What::Payment {
                order,
                outcome,
                amount,
                payer,
            }
        }),
        (token(), fen()).prop_map(|(order, amount)| What::Refund { order, amount }),
    ]
}

fn offer() -> impl Strategy<Value = What> {
    prop_oneof![
        (id(), id(), fen(), id()).prop_map(|(room, product, price, stock)| What::Price {
            room,
            product,
            price,
            stock
        }),
        (id(), id()).prop_map(|(room, product)| What::Close { room, product }),
        (id(), id(), fen()).prop_map(|(room, product, price)| What::Reference {
            room,
            product,
            price
        }),
        (id(), any::<u16>(), fen()).prop_map(|(product, days_ago, price)| What::SoldBefore {
            product,
            days_ago,
            price
        }),
        (id(), word::<Said>(), proptest::option::of(id()), fen()).prop_map(
            |(room, said, product, figure)| What::Speech {
                room,
                said,
                product,
                figure
            }
        ),
    ]
}

/// Any event of any kind.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    let air =
        (id(), id(), any::<bool>()).prop_map(|(room, anchor, on)| What::Air { room, anchor, on });
    let what = prop_oneof![
        Just(What::Beat),
        air,
        frame(),
        enter(),
        act(),
        trade(),
        offer()
    ];
    (any::<u64>(), what).prop_map(|(at, what)| Event { at, what })
}

/// Events with everything that may be absent, and the same ones without.
pub(crate) fn full_and_bare() -> [(Event, Event); 3] {
    let (room, account, at) = (3, Token::of(7), 5);
    let order = |room| {
        What::Order(Order {
            order: account,
            room,
            account,
            delivery: account,
            product: 1,
            units: 2,
            price: Fen(3),
        })
    };
    let click = |product| What::CartClick {
        room,
        account,
        product,
    };
    let speech = |product, figure| What::Speech {
        room,
        said: Said::Pitch,
        product,
        figure,
    };
    [
        (order(3), order(NO_ROOM)),
        (click(Some(4)), click(None)),
        (speech(Some(4), Fen(1)), speech(None, Fen::ZERO)),
    ]
    .map(|(full, bare)| (Event { at, what: full }, Event { at, what: bare }))
}

/// A crowd that comes, acts and buys: as many events as asked for, with a beat at every thousandth.
pub(crate) fn crowd(events: u64) -> Vec<Event> {
    let what = |number: u64| {
        let (room, account) = (
            (number % 7) as u32,
            Token::of(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        );
        match number % 5 {
            _ if number % 1_000 == 999 => What::Beat,
            0 => What::Enter(Enter {
                room,
                account,
                device: account,
                address: account,
                source: Source::Feed,
            }),
            1 => What::Comment {
                room,
                account,
                text: Text::Praise,
            },
            2 => What::Leave { room, account },
            3 => What::Frame(Frame {
                room,
                viewers: number,
                ..Frame::default()
            }),
            _ => What::Like { room, account },
        }
    };
    (0..events)
        .map(|number| Event {
            at: number * 10,
            what: what(number),
        })
        .collect()
}
