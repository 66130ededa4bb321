//! Detection as an experiment: labelled streams of suites, detectors tried on them, and what their alerts come to when a platform acts on them.

mod adapt;
mod averted;
mod bench;
mod board;
mod card;
mod counts;
mod enforced;
mod entrants;
mod gate;
mod generate;
mod jobs;
mod readings;
mod remixed;
mod store;
mod stream;
mod trial;
mod troubles;

pub use adapt::NOBODY;
pub use bench::{Stage, Wanted, bench, facts_of, score_streams};
pub use board::*;
pub use card::card;
pub use counts::{FieldCounts, Of};
pub use entrants::{entrants, refuse_seeds};
pub use gate::{FieldLeak, leaks, untested};
pub use generate::{
    Gate, Generated, StreamFolder, StreamList, StreamsHashed, StreamsManifest, generate,
    read_stream, streams_in,
};
pub use store::{BoardHashed, BoardManifest, keep_board, read_board};
pub use stream::record;
pub use trial::{Entrant, Make, Program};
