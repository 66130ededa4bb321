//! Yellowcart: an agent-based simulator of live-commerce markets.
//!
//! In a live room an anchor sells a brand's goods to people who watch. Prices are "slashed by mistake", quarrels are staged, viewers
//! and orders are bought. A scenario file says who is in the market, what is scripted and which rules hold; the market plays the evening
//! out person by person; and for every order it is worked out what honest displays would have brought, so that harm has a cause.
//!
//! The usual flow:
//!
//! 1. [`scenario::load`] reads a scenario with its scripts and its regime, or says everything that is wrong with it;
//! 2. [`scenario::Bundle::resolve`] turns names into numbers and draws a generated market: plain data;
//! 3. [`market::Market::new`] builds the world, with an [`market::Observer`] to whom all rows are handed;
//! 4. [`market::Market::step`] moves it tick by tick, until the last day has ended;
//! 5. [`market::Market::summary`] says what it came to; [`experiment::run_evening`] does all of this into a results folder.
//!
//! ```
//! use std::sync::Arc;
//! use yellowcart::market::{Market, Nobody, Pace};
//! use yellowcart::scenario::{Request, load};
//!
//! let bundle = load(&Request {
//!     what: "diamond_necklace",
//!     overrides: &["population.consumers=2000".to_owned()],
//!     ..Request::default()
//! })?;
//! let scenario = Arc::new(bundle.resolve()?);
//! let mut market = Market::new(scenario, Box::new(Nobody));
//! while market.step() != Pace::Finished {}
//! let summary = market.summary();
//! // Staff shouted orders that nobody placed.
//! assert!(summary.market.displayed_orders > summary.market.real_orders);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Results are a function of scenario, seed and version alone: every draw is keyed by what it is for ([`draws`]), so they do not depend on
//! threads, and two runs that differ in a rule are the same up to the moment at which that rule first acts.

pub mod cli;
pub mod detect;
pub mod draws;
pub mod experiment;
pub mod market;
pub mod money;
pub mod promotion;
pub mod record;
pub mod report;
pub mod scenario;
pub mod serve;
pub mod strategy;
pub mod welfare;
