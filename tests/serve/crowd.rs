//! Fifty at once: a class on its laptops.

use crate::client::Served;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn fifty_watch_one_evening_vote_and_see_the_same() {
    let served = Served::new(&["bought_views"]);
    assert_eq!(
        served
            .post("/api/class", &json!({ "lesson": "bought_crowd" }))
            .status,
        200
    );
    assert_eq!(
        served
            .post("/api/class", &json!({ "stage": "predict" }))
            .status,
        200
    );
    let begun = Instant::now();
    let ends: Vec<_> = std::thread::scope(|scope| {
        let watchers: Vec<_> = (0..50)
            .map(|number| {
                let served = &served;
                scope.spawn(move || {
                    let mut events = served.watch(&[]);
                    let show = events.until("show", |_| true);
                    let vote = json!({ "question": "predict", "option": number % 3, "voter": format!("student {number}") });
                    assert_eq!(served.post("/api/vote", &vote).status, 200);
                    events.until("class", |class| class["voters"] == 50);
                    if number == 0 {
                        served.post("/api/control", &json!({ "action": "jump", "to": 1e9 }));
                    }
                    let tick = events.until("tick", |tick| tick["id"] == show["id"] && tick["panes"][0]["finals"].is_array());
                    tick["panes"][0]["totals"].to_string()
                })
            })
            .collect();
        watchers
            .into_iter()
            .map(|watcher| watcher.join().expect("it watched"))
            .collect()
    });
    assert_eq!(ends.len(), 50);
    assert!(
        ends.iter().all(|end| *end == ends[0]),
        "everybody sees the same"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
    let class = served.watch(&[]).until("show", |_| true)["class"].clone();
    assert_eq!(class["votes"]["predict"], json!([17, 17, 16]));
}
