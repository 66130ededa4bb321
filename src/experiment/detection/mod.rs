//! Detection as an experiment: labelled streams of suites, detectors tried on them, and what their alerts come to when a platform acts on them.

mod adapt;
mod averted;
mod bench;
mod board;
mod card;
mod enforced;
mod gate;
mod generate;
mod jobs;
mod store;
mod stream;
mod trial;

pub use bench::{Stage, Wanted, bench, facts_of, score_streams};
pub use board::*;
pub use card::card;
pub use gate::{FieldLeak, Of, leaks};
pub use generate::{StreamFolder, StreamList, generate, read_stream, streams_in};
pub use store::{BoardHashed, BoardManifest, Store, read_board};
pub use stream::record;
pub use trial::{Entrant, Make};
