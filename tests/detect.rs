//! Labelled streams: what the platform sees agrees with what is on display, whoever watches changes nothing, and the truth is complete.

use yellowcart::detect::suite::Split;
use yellowcart::detect::{Labelled, What};
use yellowcart::experiment::detection::record;
use yellowcart::scenario::load_suite;

fn small(suite: &str) -> yellowcart::scenario::Suite {
    let changes = ["population.consumers=20000", "generate.rooms=60"].map(str::to_owned);
    load_suite(suite, &changes).unwrap_or_else(|faults| panic!("{}", faults.render(false)))
}

fn stream(suite: &str, seed: u64) -> Labelled {
    record(&small(suite), seed, Split::Test, None).expect("shipped suites can be run")
}

#[test]
fn counters_of_rooms_are_the_events_counted() {
    let stream = stream("static", 2_001);
    let rooms = stream.truth.rooms.len();
    let mut count = vec![[0_u64; 7]; rooms];
    let mut frames = 0;
    let mut last = 0;
    for event in &stream.events {
        assert!(event.at >= last, "events come in order of time");
        last = event.at;
        match event.what {
            What::Enter(enter) => {
                count[enter.room as usize][0] += 1;
                count[enter.room as usize][1] += 1;
            }
            What::Leave { room, .. } => count[room as usize][0] -= 1,
            What::Like { room, .. } => count[room as usize][2] += 1,
            What::Comment { room, .. } => count[room as usize][3] += 1,
            What::Follow { room, .. } => count[room as usize][4] += 1,
            What::CartClick { room, .. } => count[room as usize][5] += 1,
            What::Frame(frame) => {
                frames += 1;
                let seen = [
                    frame.viewers,
                    frame.views,
                    frame.likes,
                    frame.comments,
                    frame.follows,
                    frame.cart_clicks,
                ];
                assert_eq!(
                    seen,
                    count[frame.room as usize][..6],
                    "{frame:?} at {}",
                    event.at
                );
            }
            _ => {}
        }
    }
    assert!(frames > 10_000, "{frames}");
}
