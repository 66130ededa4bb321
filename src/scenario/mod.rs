//! Files to checked plain data: loading, diagnostics, scripts, the generated market, the JSON Schema and the registry of parameters.
//!
//! A file is read into a tree that knows its places (`node`), checked for shape along the schema of its declarations (`check`), then for
//! meaning (`meaning`), and becomes a [`Bundle`], which resolves to the plain [`Scenario`] that the market runs on.

mod act;
mod bundle;
mod campaign;
mod check;
mod faults;
pub mod file;
mod found;
mod generate;
mod library;
mod load;
mod load_lesson;
mod load_regime;
mod load_study;
mod load_suite;
mod meaning;
mod model;
mod node;
mod overrides;
mod posted;
mod provisions;
pub mod registry;
mod resolve;
mod resolve_acts;
mod resolve_regime;
mod rules;
mod scripts;
mod season;

pub use act::{Act, Cue};
pub use bundle::*;
pub use campaign::campaign_of;
pub use faults::{Fault, Faults, Place, Source, nearest, suggest};
pub use library::{Shelf, names, open, shipped, story_of, title_of};
pub use load::{
    Checked, Request, campaign_from_source, check, check_again, from_source, load, load_campaign,
    load_script, schema_of_campaign, schema_of_regime, schema_of_scenario, schema_of_script,
};
pub use load_lesson::{Lesson, lesson_from_source, load_lesson, schema_of_lesson};
pub use load_regime::{load_regime, regime_from_source};
pub use load_study::{Study, load_study, schema_of_study};
pub use load_suite::{Suite, load_suite, schema_of_suite};
pub use model::*;
pub use node::{Entry, Kind, Node};
pub use provisions::{Provision, shipped_provisions, word};
pub use rules::*;
pub use scripts::ScriptTemplate;
pub use season::{Cast, HONEST, Item, Play, SHORTEST_SLOT, Season};
