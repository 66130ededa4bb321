//! Writing what happened, as it happens: tables, the results folder, the manifest; and reading them back.

mod checkpoint;
mod columns;
mod dossier;
mod folder;
mod manifest;
mod measures;
pub mod read;
mod table;
mod tables;

pub use checkpoint::Checkpoint;
pub use columns::{CUES, LEDGER, ORDERS, PAYMENTS, ROOMS, TOTALS};
pub use dossier::Dossier;
pub use folder::{BEGUN, CannotBegin, Folder, cannot, write_whole};
pub use manifest::{
    Identity, Manifest, RunHashed, RunManifest, TableEntry, Unhashed, entries_of, hash_of,
};
pub use measures::measures;
pub use table::{Cell, Column, FIGURES, Holds, Part, Table, hash_of_file, hex};
pub use tables::{TablesWriter, event_name};
