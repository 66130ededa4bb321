//! An event taken apart into fields, and put together again. What a field is called or how it is written is not known here.

use super::words::{Kind, Word};
use super::{Field, Holds};
use crate::detect::event::{Enter, Event, Frame, Order, Token, What};
use crate::market::NO_ROOM;
use crate::money::Fen;
use crate::scenario::Id;

/// Takes the fields of an event, in the order of [`super::FIELDS`].
pub trait WriteFields {
    /// A field that holds a count, a token or a number.
    fn number(&mut self, field: Field, value: u64);
    /// A field that holds money, in fen.
    fn money(&mut self, field: Field, fen: i64);
    /// A field that is true or false.
    fn flag(&mut self, field: Field, value: bool);
    /// A field that holds a word.
    fn word(&mut self, field: Field, word: &'static str);
}

/// Gives the fields of a record; `None` where it has no such field.
pub trait ReadFields {
    /// A field that holds a count, a token or a number.
    ///
    /// # Errors
    /// Where the field holds something else.
    fn number(&self, field: Field) -> Result<Option<u64>, FieldError>;
    /// A field that holds money, in fen.
    ///
    /// # Errors
    /// Where the field holds something else.
    fn money(&self, field: Field) -> Result<Option<i64>, FieldError>;
    /// A field that is true or false.
    ///
    /// # Errors
    /// Where the field holds something else.
    fn flag(&self, field: Field) -> Result<Option<bool>, FieldError>;
    /// A field that holds a word.
    ///
    /// # Errors
    /// Where the field holds something else.
    fn word(&self, field: Field) -> Result<Option<&str>, FieldError>;
}

/// Why a record is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// A field that belongs to its kind is not there.
    #[error("the field \"{0}\" is missing")]
    Missing(&'static str),
    /// A field holds something of another type, or beyond its range.
    #[error("the field \"{0}\" must hold {1}")]
    Unfit(&'static str, &'static str),
    /// A field holds a word that there is not.
    #[error("the field \"{0}\" cannot be \"{1}\"; it is one of {2}")]
    UnknownWord(&'static str, String, String),
}

impl FieldError {
    /// A field does not hold what it should.
    pub const fn unfit(field: Field) -> Self {
        let fact = field.fact();
        let must = match fact.holds {
            Holds::Count => "a whole number below 2^64",
            Holds::Token => "a whole number below 2^53",
            Holds::Number => "a whole number below 2^32",
            Holds::Fen => "money in whole fen",
            Holds::Flag => "true or false",
            Holds::Word(_) => "a word",
        };
        FieldError::Unfit(fact.name, must)
    }
}

/// Writes an event, field by field.
#[inline]
pub fn write_event(event: &Event, to: &mut impl WriteFields) {
    to.number(Field::At, event.at);
    to.word(Field::Kind, Kind::of(event).word());
    match event.what {
        What::Beat => {}
        What::Air { room, anchor, on } => {
            to.number(Field::Room, room.into());
            to.number(Field::Anchor, anchor.into());
            to.flag(Field::On, on);
        }
        What::Frame(frame) => write_frame(&frame, to),
        What::Enter(enter) => write_enter(&enter, to),
        What::Leave { room, account }
        | What::Like { room, account }
        | What::Follow { room, account } => {
            write_act(room, account, to);
        }
        What::Comment {
            room,
            account,
            text,
        } => {
            write_act(room, account, to);
            to.word(Field::Text, text.word());
        }
        What::CartClick {
            room,
            account,
            product,
        } => {
            write_act(room, account, to);
            write_some(Field::Product, product, to);
        }
        What::Order(order) => write_order(&order, to),
        What::Payment {
            order,
            outcome,
            amount,
            payer,
        } => {
            to.number(Field::Order, order.number());
            to.money(Field::AmountFen, amount.0);
            to.number(Field::Payer, payer.number());
            to.word(Field::Outcome, outcome.word());
        }
        What::Refund { order, amount } => {
            to.number(Field::Order, order.number());
            to.money(Field::AmountFen, amount.0);
        }
        What::Coupon {
            room,
            account,
            coupon,
            worth,
        } => {
            write_act(room, account, to);
            to.money(Field::WorthFen, worth.0);
            to.number(Field::Coupon, coupon.into());
        }
        What::Price { .. }
        | What::Close { .. }
        | What::Reference { .. }
        | What::SoldBefore { .. }
        | What::Speech { .. } => {
            write_offer(&event.what, to);
        }
    }
}

#[inline]
fn write_act(room: Id, account: Token, to: &mut impl WriteFields) {
    to.number(Field::Room, room.into());
    to.number(Field::Account, account.number());
}

#[inline]
fn write_some(field: Field, id: Option<Id>, to: &mut impl WriteFields) {
    if let Some(id) = id {
        to.number(field, id.into());
    }
}

#[inline]
fn write_frame(frame: &Frame, to: &mut impl WriteFields) {
    to.number(Field::Room, frame.room.into());
    to.number(Field::Viewers, frame.viewers);
    to.number(Field::Views, frame.views);
    to.number(Field::Orders, frame.orders);
    to.number(Field::Likes, frame.likes);
    to.number(Field::Comments, frame.comments);
    to.number(Field::Follows, frame.follows);
    to.number(Field::CartClicks, frame.cart_clicks);
}

#[inline]
fn write_enter(enter: &Enter, to: &mut impl WriteFields) {
    write_act(enter.room, enter.account, to);
    to.number(Field::Device, enter.device.number());
    to.number(Field::Address, enter.address.number());
    to.word(Field::Source, enter.source.word());
}

#[inline]
fn write_order(order: &Order, to: &mut impl WriteFields) {
    if order.room != NO_ROOM {
        to.number(Field::Room, order.room.into());
    }
    to.number(Field::Account, order.account.number());
    to.number(Field::Order, order.order.number());
    to.number(Field::Delivery, order.delivery.number());
    to.number(Field::Product, order.product.into());
    to.number(Field::Units, order.units.into());
    to.money(Field::AmountFen, order.price.0);
}

/// What is on offer, and what is said of it.
fn write_offer(what: &What, to: &mut impl WriteFields) {
    match *what {
        What::Price {
            room,
            product,
            price,
            stock,
        } => {
            to.number(Field::Room, room.into());
            to.number(Field::Product, product.into());
            to.money(Field::PriceFen, price.0);
            to.number(Field::Stock, stock.into());
        }
        What::Close { room, product } => {
            to.number(Field::Room, room.into());
            to.number(Field::Product, product.into());
        }
        What::Reference {
            room,
            product,
            price,
        } => {
            to.number(Field::Room, room.into());
            to.number(Field::Product, product.into());
            to.money(Field::PriceFen, price.0);
        }
        What::SoldBefore {
            product,
            days_ago,
            price,
        } => {
            to.number(Field::Product, product.into());
            to.money(Field::PriceFen, price.0);
            to.number(Field::DaysAgo, days_ago.into());
        }
        What::Speech {
            room,
            said,
            product,
            figure,
        } => {
            to.number(Field::Room, room.into());
            write_some(Field::Product, product, to);
            to.word(Field::Said, said.word());
            if figure != Fen::ZERO {
                to.money(Field::FigureFen, figure.0);
            }
        }
        _ => {}
    }
}

/// Puts an event together from its fields. Fields that its kind does not carry are not looked at.
///
/// # Errors
/// Where a field is missing, or does not hold what it should.
pub fn read_event(from: &impl ReadFields) -> Result<Event, FieldError> {
    let from = Asked(from);
    let at = from.count(Field::At)?;
    let what = match from.word(Field::Kind)? {
        Kind::Beat => What::Beat,
        Kind::Air => What::Air {
            room: from.id(Field::Room)?,
            anchor: from.id(Field::Anchor)?,
            on: from.flag(Field::On)?,
        },
        Kind::Frame => What::Frame(from.frame()?),
        Kind::Enter => What::Enter(from.enter()?),
        Kind::Leave => What::Leave {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
        },
        Kind::Like => What::Like {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
        },
        Kind::Follow => What::Follow {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
        },
        Kind::Comment => What::Comment {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
            text: from.word(Field::Text)?,
        },
        Kind::CartClick => What::CartClick {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
            product: from.some_id(Field::Product)?,
        },
        Kind::Coupon => What::Coupon {
            room: from.id(Field::Room)?,
            account: from.token(Field::Account)?,
            coupon: from.id(Field::Coupon)?,
            worth: from.fen(Field::WorthFen)?,
        },
        Kind::Order | Kind::Payment | Kind::Refund => from.trade()?,
        Kind::Price | Kind::Close | Kind::Reference | Kind::SoldBefore | Kind::Speech => {
            from.offer()?
        }
    };
    Ok(Event { at, what })
}

/// A record of which fields are asked that must be there.
struct Asked<'a, From>(&'a From);

impl<From: ReadFields> Asked<'_, From> {
    fn count(&self, field: Field) -> Result<u64, FieldError> {
        self.0
            .number(field)?
            .ok_or(FieldError::Missing(field.name()))
    }

    fn token(&self, field: Field) -> Result<Token, FieldError> {
        let number = self.count(field)?;
        let token = Token::of(number);
        (token.number() == number)
            .then_some(token)
            .ok_or(FieldError::unfit(field))
    }

    fn some_id(&self, field: Field) -> Result<Option<Id>, FieldError> {
        let narrow = |number| Id::try_from(number).map_err(|_| FieldError::unfit(field));
        self.0.number(field)?.map(narrow).transpose()
    }

    fn id(&self, field: Field) -> Result<Id, FieldError> {
        self.some_id(field)?
            .ok_or(FieldError::Missing(field.name()))
    }

    fn fen(&self, field: Field) -> Result<Fen, FieldError> {
        let fen = self
            .0
            .money(field)?
            .ok_or(FieldError::Missing(field.name()))?;
        Ok(Fen(fen))
    }

    fn flag(&self, field: Field) -> Result<bool, FieldError> {
        self.0.flag(field)?.ok_or(FieldError::Missing(field.name()))
    }

    fn word<Thing: Word>(&self, field: Field) -> Result<Thing, FieldError> {
        let word = self
            .0
            .word(field)?
            .ok_or(FieldError::Missing(field.name()))?;
        Thing::of_word(word).ok_or_else(|| {
            FieldError::UnknownWord(field.name(), word.to_owned(), Thing::WORDS.join(", "))
        })
    }

    fn frame(&self) -> Result<Frame, FieldError> {
        Ok(Frame {
            room: self.id(Field::Room)?,
            viewers: self.count(Field::Viewers)?,
            views: self.count(Field::Views)?,
            orders: self.count(Field::Orders)?,
            likes: self.count(Field::Likes)?,
            comments: self.count(Field::Comments)?,
            follows: self.count(Field::Follows)?,
            cart_clicks: self.count(Field::CartClicks)?,
        })
    }

    fn enter(&self) -> Result<Enter, FieldError> {
        Ok(Enter {
            room: self.id(Field::Room)?,
            account: self.token(Field::Account)?,
            device: self.token(Field::Device)?,
            address: self.token(Field::Address)?,
            source: self.word(Field::Source)?,
        })
    }

    fn trade(&self) -> Result<What, FieldError> {
        let order = self.token(Field::Order)?;
        let amount = self.fen(Field::AmountFen)?;
        Ok(match self.word(Field::Kind)? {
            Kind::Payment => What::Payment {
                order,
                outcome: self.word(Field::Outcome)?,
                amount,
                payer: self.token(Field::Payer)?,
            },
            Kind::Refund => What::Refund { order, amount },
            _ => What::Order(Order {
                order,
                room: self.some_id(Field::Room)?.unwrap_or(NO_ROOM),
                account: self.token(Field::Account)?,
                delivery: self.token(Field::Delivery)?,
                product: self.id(Field::Product)?,
                units: self.id(Field::Units)?,
                price: amount,
            }),
        })
    }

    fn offer(&self) -> Result<What, FieldError> {
        let room = || self.id(Field::Room);
        let product = || self.id(Field::Product);
        let price = || self.fen(Field::PriceFen);
        Ok(match self.word(Field::Kind)? {
            Kind::Price => What::Price {
                room: room()?,
                product: product()?,
                price: price()?,
                stock: self.id(Field::Stock)?,
            },
            Kind::Close => What::Close {
                room: room()?,
                product: product()?,
            },
            Kind::Reference => What::Reference {
                room: room()?,
                product: product()?,
                price: price()?,
            },
            Kind::SoldBefore => {
                let days = self.count(Field::DaysAgo)?;
                let days_ago =
                    u16::try_from(days).map_err(|_| FieldError::unfit(Field::DaysAgo))?;
                What::SoldBefore {
                    product: product()?,
                    days_ago,
                    price: price()?,
                }
            }
            _ => What::Speech {
                room: room()?,
                said: self.word(Field::Said)?,
                product: self.some_id(Field::Product)?,
                figure: Fen(self.0.money(Field::FigureFen)?.unwrap_or(0)),
            },
        })
    }
}
