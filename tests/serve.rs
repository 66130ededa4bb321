//! The classroom page's server: the same numbers as the command line, controls that all do something, lessons with answers, and doors that hold.
//! The page itself is tested in a browser (page/e2e, run by tests/page.rs).

#[path = "serve/client.rs"]
mod client;
mod common;
#[path = "serve/controls.rs"]
mod controls;
#[path = "serve/crowd.rs"]
mod crowd;
#[path = "serve/doors.rs"]
mod doors;
#[path = "serve/lessons.rs"]
mod lessons;
#[path = "serve/same.rs"]
mod same;
#[path = "serve/show.rs"]
mod show;
