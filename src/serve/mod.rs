//! The classroom page: `yellowcart serve` opens it, a teacher sees a market live, and everybody who is let in sees the same.
//!
//! The page runs scenarios, it does not reach into the market: settings become changes to a scenario file's text, that text becomes a [`crate::market::Market`]
//! like that of `yellowcart run`, and the page is told what an observer is handed. The usual flow:
//!
//! 1. [`settings`] make a scenario's text from what a link, a lesson or a slider says ([`controls`], [`edit`]);
//! 2. [`pane`] runs one market and samples it, [`watcher`] observes it;
//! 3. [`engine`] keeps one or two panes in step, at a pace, on a thread of its own; [`stage`] is its door;
//! 4. [`stream`] sends everybody who watches what [`message`] declares and [`telling`] fills in; [`web`] has the addresses, [`door`] and [`guard`] stand before them;
//! 5. [`class`] keeps lesson and votes, [`consumer`] follows one person, [`audit`] audits promises, [`assets`] holds the page built from page/.

pub mod assets;
pub mod audit;
pub mod class;
pub mod consumer;
pub mod controls;
pub mod door;
pub mod edit;
pub mod engine;
pub mod guard;
pub mod listen;
pub mod message;
pub mod pane;
pub mod places;
pub mod samples;
pub mod settings;
pub mod stage;
pub mod stream;
pub mod telling;
pub mod watcher;
pub mod web;

pub use listen::{Links, Options, Trouble, serve};
