//! What a score is about, as fields: a room, an account, an order, or a room and a product.

use crate::detect::event::Token;
use crate::detect::score::Subject;
use crate::scenario::Id;

/// The fields that say what a score is about. Just one of `room`, `account`, `order`, or `room` with `product`, is to be there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubjectFields {
    /// Room.
    pub room: Option<u64>,
    /// Account.
    pub account: Option<u64>,
    /// Order.
    pub order: Option<u64>,
    /// Product, with its room.
    pub product: Option<u64>,
}

fn id(number: u64, name: &str) -> Result<Id, String> {
    Id::try_from(number)
        .map_err(|_| format!("the {name} {number} cannot be: rooms and products are below 2^32"))
}

fn token(number: u64, name: &str) -> Result<Token, String> {
    let token = Token::of(number);
    let kept = token.number() == number;
    kept.then_some(token)
        .ok_or_else(|| format!("the {name} {number} cannot be: tokens are below 2^53"))
}

impl SubjectFields {
    /// The fields of a subject.
    pub const fn of(subject: Subject) -> Self {
        let mut fields = Self {
            room: None,
            account: None,
            order: None,
            product: None,
        };
        match subject {
            Subject::Room(room) => fields.room = Some(room as u64),
            Subject::Account(account) => fields.account = Some(account.number()),
            Subject::Order(order) => fields.order = Some(order.number()),
            Subject::Offer { room, product } => {
                fields.room = Some(room as u64);
                fields.product = Some(product as u64);
            }
        }
        fields
    }

    /// The subject that they name.
    ///
    /// # Errors
    /// A clause that says why they name none.
    pub fn subject(self) -> Result<Subject, String> {
        match (self.room, self.account, self.order, self.product) {
            (Some(room), None, None, None) => Ok(Subject::Room(id(room, "room")?)),
            (None, Some(account), None, None) => Ok(Subject::Account(token(account, "account")?)),
            (None, None, Some(order), None) => Ok(Subject::Order(token(order, "order")?)),
            (Some(room), None, None, Some(product)) => Ok(Subject::Offer { room: id(room, "room")?, product: id(product, "product")? }),
            (None, None, None, None) => Err("it is about nothing: give a room, an account, an order, or a room and a product".to_owned()),
            (None, None, None, Some(_)) => Err("a product needs its room".to_owned()),
            _ => Err("it is about several things: give only a room, an account, an order, or a room and a product".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_come_back() {
        let token = Token::of(u64::MAX);
        for subject in [
            Subject::Room(u32::MAX),
            Subject::Account(token),
            Subject::Order(token),
            Subject::Offer {
                room: 0,
                product: 5,
            },
        ] {
            assert_eq!(SubjectFields::of(subject).subject(), Ok(subject));
        }
    }

    #[test]
    fn what_names_nothing_or_several_things_is_refused() {
        let (none, some) = (None, Some(1));
        let refused = |room, account, order, product| {
            SubjectFields {
                room,
                account,
                order,
                product,
            }
            .subject()
            .unwrap_err()
        };
        assert!(refused(none, none, none, none).starts_with("it is about nothing"));
        assert_eq!(refused(none, none, none, some), "a product needs its room");
        for (room, account, order, product) in [
            (some, some, none, none),
            (none, some, some, none),
            (none, some, none, some),
            (some, none, some, some),
        ] {
            assert!(
                refused(room, account, order, product).starts_with("it is about several things")
            );
        }
        assert_eq!(
            refused(Some(1 << 32), none, none, none),
            "the room 4294967296 cannot be: rooms and products are below 2^32"
        );
        assert_eq!(
            refused(none, none, Some(1 << 53), none),
            "the order 9007199254740992 cannot be: tokens are below 2^53"
        );
    }
}
