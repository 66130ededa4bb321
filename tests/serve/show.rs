//! What somebody who watches is told, from the first moment to the last.

use crate::client::Served;
use serde_json::{Value, json};

fn rush(served: &Served) {
    let rushed = served.post("/api/control", &json!({ "action": "jump", "to": 1e9 }));
    assert_eq!(rushed.status, 200, "{}", rushed.body);
}

fn totals(show: &Value, pane: usize, key: &str) -> f64 {
    show["panes"][pane]["totals"][key]
        .as_f64()
        .expect("a number")
}

#[test]
fn a_show_runs_from_beginning_to_end_in_two_panes() {
    let served = Served::new(&["bought_views"]);
    let mut events = served.watch(&[]);
    let show = events.until("show", |_| true);
    assert_eq!(show["status"]["state"], "paused");
    assert_eq!(show["panes"].as_array().map(Vec::len), Some(1));
    let two = json!({
        "scenario": "bought_views",
        "changes": ["population.consumers=3000"],
        "a": {},
        "b": { "without": ["bots"] },
    });
    assert_eq!(served.post("/api/show", &two).status, 200);
    let show = events.until("show", |show| {
        show["panes"].as_array().map(Vec::len) == Some(2)
    });
    let id = show["id"].clone();
    rush(&served);
    let tick = events.until("tick", |tick| {
        tick["id"] == id && tick["panes"][1]["finals"].is_array()
    });
    assert_eq!(tick["time"], show["end"]);
    events.until("status", |status| status["state"] == "ended");
    // Whoever comes late is told the same.
    let late = served.watch(&[]).until("show", |_| true);
    for pane in 0..2 {
        assert_eq!(late["panes"][pane]["totals"], tick["panes"][pane]["totals"]);
        assert_eq!(late["panes"][pane]["finals"], tick["panes"][pane]["finals"]);
        let moments = late["panes"][pane]["samples"]["time"]
            .as_array()
            .expect("samples")
            .len();
        assert!(moments > 300, "{moments}");
    }
    assert!(totals(&late, 0, "brushed_orders") > 0.0);
    assert_eq!(totals(&late, 1, "brushed_orders"), 0.0);
    // People are the same, and what they did is counted apart.
    assert_eq!(
        totals(&late, 1, "displayed_orders"),
        totals(&late, 1, "real_orders")
    );
}

#[test]
fn steps_jumps_and_restarts_go_where_they_say() {
    let served = Served::new(&["misbid"]);
    let mut events = served.watch(&[]);
    let first = events.until("show", |_| true);
    let control = |control: Value| assert_eq!(served.post("/api/control", &control).status, 200);
    control(json!({ "action": "step" }));
    let tick = events.until("tick", |_| true);
    // Before the first room is on air there is nothing to see.
    assert_eq!(tick["time"], first["windows"][0][0]);
    control(json!({ "action": "step" }));
    let next = events.until("tick", |_| true);
    let second = |tick: &Value| tick["time"].as_f64().expect("a second");
    assert_eq!(Some(second(&next) - second(&tick)), first["tick"].as_f64());
    control(json!({ "action": "jump", "to": 5000.0 }));
    let status = events.until("status", |status| {
        status["state"] == "paused" && status["time"].as_f64() >= Some(5000.0)
    });
    assert!(status["time"].as_f64() < Some(5010.0), "{status}");
    // Back is from the beginning, and ends at the same numbers.
    let there = served.watch(&[]).until("show", |_| true);
    control(json!({ "action": "jump", "to": 4000.0 }));
    control(json!({ "action": "jump", "to": there["status"]["time"] }));
    let mut again = served.watch(&[]);
    let mut back = again.until("show", |_| true);
    while back["status"]["state"] != "paused" {
        back = served.watch(&[]).until("show", |_| true);
    }
    assert_ne!(back["id"], there["id"]);
    assert_eq!(back["panes"][0]["totals"], there["panes"][0]["totals"]);
    control(json!({ "action": "restart" }));
    let begun = served.watch(&[]).until("show", |_| true);
    assert_eq!(begun["status"]["time"], 0.0);
    for nonsense in [
        json!({ "action": "dance" }),
        json!({ "action": "jump" }),
        json!([]),
    ] {
        assert_eq!(
            served.post("/api/control", &nonsense).status,
            400,
            "{nonsense}"
        );
    }
}

#[test]
fn a_moved_slider_rushes_to_the_same_moment_and_leaves_the_old_curve() {
    let served = Served::new(&["diamond_necklace"]);
    served.post("/api/control", &json!({ "action": "jump", "to": 7_200.0 }));
    let mut events = served.watch(&[]);
    events.until("status", |status| {
        status["time"].as_f64() >= Some(7_200.0) && status["state"] == "paused"
    });
    let moved = json!({
        "scenario": "diamond_necklace",
        "changes": ["population.consumers=3000"],
        "a": { "controls": { "script.counter_price": 120.0 } },
    });
    assert_eq!(served.post("/api/show", &moved).status, 200);
    let show = events.until("show", |show| show["before"].is_object());
    let before = show["before"]["time"].as_array().expect("a curve");
    assert!(before.len() > 100, "{}", before.len());
    let status = events.until("status", |status| {
        status["state"] == "paused" && status["time"].as_f64() >= Some(7_200.0)
    });
    assert!(status["time"].as_f64() < Some(7_210.0), "{status}");
}

#[test]
fn a_buyer_is_followed_through_both_panes() {
    let served = Served::new(&["diamond_necklace"]);
    let two = json!({
        "scenario": "diamond_necklace",
        "changes": ["population.consumers=3000"],
        "a": {},
        "b": { "regime": "substantiation" },
    });
    assert_eq!(served.post("/api/show", &two).status, 200);
    let mut events = served.watch(&[]);
    rush(&served);
    events.until("status", |status| status["state"] == "ended");
    let buyers = served.get("/api/buyers?pane=0").json();
    let harmed = &buyers["harmed"][0];
    let id = harmed["consumer"].as_u64().expect("a buyer");
    let told = served.get(&format!("/api/consumer?id={id}"));
    assert_eq!(told.status, 200, "{}", told.body);
    let told = told.json();
    assert_eq!(told["panes"].as_array().map(Vec::len), Some(2));
    let orders = told["panes"][0]["orders"].as_array().expect("orders");
    let order = orders
        .iter()
        .find(|order| order["order"] == harmed["order"])
        .expect("the order");
    assert_eq!(order["harm"], harmed["harm"]);
    let shares = order["harm_by_channel"].as_array().expect("shares");
    let sum: f64 = shares.iter().filter_map(Value::as_f64).sum();
    assert!((sum - harmed["harm"].as_f64().expect("harm")).abs() < 1e-9);
    let decision = &order["decision"];
    assert!(decision["utility"].as_f64() > decision["threshold"].as_f64());
    let acts = told["panes"][0]["acts"].as_array().expect("acts");
    assert!(
        acts.iter()
            .any(|act| act["kind"] == "ordered" && act["data"]["product"] == "diamond_necklace")
    );
    let nobody = served.get("/api/consumer?id=3000");
    assert_eq!(
        nobody.error(),
        "there is no consumer 3000: this market has consumers 0 to 2999"
    );
}

#[test]
fn a_replay_is_one_file_that_asks_nobody_for_anything() {
    let served = Served::new(&["diamond_necklace"]);
    rush(&served);
    served
        .watch(&[])
        .until("status", |status| status["state"] == "ended");
    let replay = served.get("/api/replay.html");
    assert_eq!(replay.status, 200, "{}", replay.body);
    assert!(
        replay
            .head
            .contains("attachment; filename=\"diamond_necklace-seed20201111.html\""),
        "{}",
        replay.head
    );
    let page = &replay.body;
    for outside in ["src=\"", "href=\"http", "@import", "url(http"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let (_, rest) = page.split_once("id=\"replay\">").expect("the run is in it");
    let (data, _) = rest.split_once("</script>").expect("and ends");
    let data: Value = serde_json::from_str(data).expect("it is JSON");
    let samples = data["show"]["panes"][0]["samples"]["time"]
        .as_array()
        .expect("samples");
    assert!(samples.len() > 300, "{}", samples.len());
    assert!(
        data["show"]["panes"][0]["feed"]
            .as_array()
            .map_or(0, Vec::len)
            > 200
    );
}
