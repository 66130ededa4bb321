//! Promotions: what a basket costs with coupons, which coupons to use, and how to reach a threshold (MODEL section 7).
//!
//! Pure functions over whole fen: no world, no files, no draws. The usual flow:
//!
//! 1. a [`Basket`] of [`Line`]s, each with the price of the channel it comes from;
//! 2. [`Coupon`]s, put in their order of application by [`order_of`];
//! 3. [`quote`] applies a stack of them, or [`best_stack`] finds the best one; [`Quote::steps`] says how, [`explain`] says it in words;
//! 4. [`cheapest_filler`] pads a basket up to a threshold;
//! 5. [`refund`] says what a returned line brings back;
//! 6. [`audit`] searches a [`Campaign`] for a way below every price that was promised to be the lowest.
//!
//! ```
//! use yellowcart::money::Fen;
//! use yellowcart::promotion::{Basket, Coupon, Kind, Line, best_stack};
//!
//! // A coat at 899 and a style at 1,199, and a coupon of 1,000 off 2,000: the coupon is shared over both, and the coat comes to 470.50.
//! let coupon = Coupon::of(Kind::AmountOff { threshold: Fen(200_000), off: Fen(100_000), times: 1 });
//! let basket = Basket(vec![Line::of(0, 1, Fen(89_900)), Line::of(1, 1, Fen(119_900))]);
//! let best = best_stack(&basket, &[coupon], 0, &Default::default())?;
//! assert_eq!(best.quote.total, Fen(109_800));
//! assert_eq!(best.quote.lines[0].paid, Fen(47_050));
//! # Ok::<(), yellowcart::promotion::PromotionError>(())
//! ```
//!
//! Every sum is checked: an amount that does not fit is a [`PromotionError`], never a wrong price.

mod audit;
mod basket;
mod bound;
mod campaign;
mod cheapest;
mod complete;
mod coupon;
mod explain;
mod order;
mod quote;
mod refund;
mod sample;
mod share;
mod stack;

pub use audit::*;
pub use basket::*;
pub use campaign::*;
pub use cheapest::*;
pub use complete::*;
pub use coupon::*;
pub use explain::*;
pub use order::*;
pub use quote::*;
pub use refund::*;
pub use sample::*;
pub use share::*;
pub use stack::*;
