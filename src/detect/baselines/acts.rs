//! Who does something in a room: entries, likes, comments, follows, clicks and orders. Leaving is not counted: a phone that falls asleep leaves too.

use crate::detect::{Token, What};

/// The account that acts, if any does.
pub fn actor(what: &What) -> Option<Token> {
    match what {
        What::Enter(enter) => Some(enter.account),
        What::Order(order) => Some(order.account),
        What::Like { account, .. }
        | What::Comment { account, .. }
        | What::Follow { account, .. }
        | What::CartClick { account, .. } => Some(*account),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likes_are_acts_and_leaving_is_none() {
        let (room, account) = (1, Token::of(2));
        assert_eq!(actor(&What::Like { room, account }), Some(account));
        assert_eq!(actor(&What::Leave { room, account }), None);
        assert_eq!(actor(&What::Beat), None);
    }
}
