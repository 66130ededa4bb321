//! Who is let in, and what is refused, in exact words.

use crate::client::Served;
use assert_cmd::Command;
use serde_json::json;
use std::io::{Read, Write};

const JSON: &str = "Content-Type: application/json";

#[test]
fn only_this_machine_and_only_this_page_are_let_in() {
    let served = Served::new(&["misbid"]);
    assert_eq!(served.get("/api/hello").status, 200);
    let rebound = served.send("GET", "/api/hello", &["Host: evil.example"], "");
    assert_eq!(rebound.status, 403);
    assert_eq!(
        rebound.error(),
        "this page is served to this machine only: open it by the address that was printed"
    );
    let play = "{\"action\":\"play\"}";
    let foreign = served.send(
        "POST",
        "/api/control",
        &[JSON, "Origin: http://evil.example"],
        play,
    );
    assert_eq!(
        (foreign.status, foreign.error()),
        (403, "another page may not use this one".to_owned())
    );
    let plain = served.send("POST", "/api/control", &["Content-Type: text/plain"], play);
    assert_eq!(
        (plain.status, plain.error()),
        (415, "the body must be application/json".to_owned())
    );
    let own = format!("Origin: http://{}", served.host);
    assert_eq!(
        served
            .send("POST", "/api/control", &[JSON, &own], play)
            .status,
        200
    );
}

#[test]
fn the_page_says_what_it_may_load_and_hides_nothing_else() {
    let served = Served::new(&["misbid"]);
    let page = served.get("/");
    assert_eq!(page.status, 200);
    let head = page.head.to_lowercase();
    for header in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
    ] {
        assert!(head.contains(header), "{header}: {head}");
    }
    assert!(page.body.contains("app.js"), "{}", page.body);
    for path in ["/app.js", "/app.css"] {
        assert_eq!(served.get(path).status, 200, "{path}");
    }
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/api/nothing",
        "/index.toml",
    ] {
        assert_eq!(served.get(path).status, 404, "{path}");
    }
    assert_eq!(served.send("DELETE", "/", &[], "").status, 405);
}

#[test]
fn beyond_the_loopback_a_link_says_who_may_do_what() {
    let served = Served::new(&["misbid", "--listen", "127.0.0.1"]);
    assert_eq!(served.links.len(), 2);
    let nobody = served.get("/api/hello");
    assert_eq!(nobody.status, 401);
    assert_eq!(
        nobody.error(),
        "open the link that you were given: it holds what lets you in"
    );
    let enter = |link: &str| {
        let (_, path) = link.split_once(&served.host).expect("a path");
        let entered = served.get(path);
        assert_eq!(entered.status, 303, "{}", entered.head);
        let cookie = entered
            .head
            .lines()
            .find(|line| line.to_lowercase().starts_with("set-cookie"));
        let cookie = cookie
            .expect("a cookie")
            .split_once(": ")
            .expect("its value")
            .1;
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        format!("Cookie: {}", cookie.split(';').next().expect("a pair"))
    };
    let (teacher, class) = (enter(&served.links[0]), enter(&served.links[1]));
    let hello = |cookie: &str| served.send("GET", "/api/hello", &[cookie], "").json();
    assert_eq!(hello(&teacher)["role"], "teacher");
    assert_eq!(hello(&teacher)["class_link"], served.links[1].as_str());
    assert_eq!(hello(&class)["role"], "class");
    assert!(hello(&class)["class_link"].is_null());
    let play = |cookie: &str| {
        served.send(
            "POST",
            "/api/control",
            &[JSON, cookie],
            "{\"action\":\"play\"}",
        )
    };
    assert_eq!(play(&teacher).status, 200);
    let refused = play(&class);
    assert_eq!(
        (refused.status, refused.error()),
        (403, "only the teacher may do this".to_owned())
    );
    for (path, body) in [
        ("/api/show", json!({ "scenario": "misbid" })),
        ("/api/class", json!({ "lesson": null })),
    ] {
        let refused = served.send("POST", path, &[JSON, &class], &body.to_string());
        assert_eq!(refused.status, 403, "{path}");
    }
    let (_, path) = served.links[1].split_once(&served.host).expect("a path");
    let looked = served.send("GET", path, &[&teacher], "");
    assert!(
        !looked.head.to_lowercase().contains("set-cookie"),
        "who teaches goes on teaching: {}",
        looked.head
    );
    let guessed = served.get("/?token=0123");
    assert_eq!(
        guessed.status, 200,
        "the page is for everybody, what it shows is not"
    );
    assert!(!guessed.head.to_lowercase().contains("set-cookie"));
}

#[test]
fn a_bad_scenario_gives_the_diagnostics_of_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let necklace =
        yellowcart::scenario::shipped(yellowcart::scenario::Shelf::Scenarios, "diamond_necklace")
            .expect("it is shipped");
    let bad =
        necklace
            .replacen("consumers =", "consumer =", 1)
            .replacen("worth = 95.0", "worth = -1", 1);
    std::fs::write(folder.path().join("pasted.toml"), &bad).expect("it is written");
    let checked = Command::cargo_bin("yellowcart")
        .expect("the program")
        .current_dir(folder.path())
        .args(["run", "pasted.toml"])
        .output()
        .expect("it runs");
    let expected = String::from_utf8_lossy(&checked.stderr).into_owned();
    let served = Served::new(&["misbid"]);
    let refused = served.post(
        "/api/show",
        &json!({ "scenario": "pasted", "text": bad, "a": {} }),
    );
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.error(),
        "this is no scenario yet: everything that is wrong is below"
    );
    assert_eq!(
        refused.json()["diagnostics"].as_str(),
        Some(expected.as_str())
    );
    // The show that was on goes on.
    assert_eq!(
        served.watch(&[]).until("show", |_| true)["scenario"]["name"],
        "misbid"
    );
}

#[test]
fn sizes_and_rates_are_bounded() {
    let served = Served::new(&["misbid"]);
    let huge = "x".repeat(700_000);
    let refused = served.send("POST", "/api/audit", &[JSON], &huge);
    assert_eq!(refused.status, 413);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(served.send("POST", "/api/show", &[JSON], &deep).status, 400);
    let statuses: Vec<u16> = (0..400).map(|_| served.get("/api/buyers").status).collect();
    assert!(statuses.contains(&429), "a flood has to wait");
    assert_eq!(
        served.get("/").status,
        200,
        "the page itself is still there"
    );
}

#[test]
fn who_speaks_slowly_or_not_at_all_harms_nobody() {
    let served = Served::new(&["misbid"]);
    let mut idle: Vec<_> = (0..50).map(|_| served.connect()).collect();
    for stream in &mut idle {
        stream
            .write_all(b"GET /api/hello HT")
            .expect("a part is sent");
    }
    // Watches, and never reads.
    let deaf: Vec<_> = (0..10).map(|_| served.watch(&[])).collect();
    served.post("/api/control", &json!({ "action": "speed", "speed": 0.0 }));
    served.post("/api/control", &json!({ "action": "play" }));
    served
        .watch(&[])
        .until("status", |status| status["state"] == "ended");
    drop(deaf);
    assert_eq!(served.get("/api/hello").status, 200);
    let mut garbage = served.connect();
    garbage.write_all(&[0xff; 200_000]).ok();
    let mut answer = Vec::new();
    let _ = garbage.read_to_end(&mut answer);
    assert_eq!(served.get("/api/hello").status, 200);
}

#[test]
fn promises_are_audited_on_the_page() {
    let served = Served::new(&["misbid"]);
    let examples = served.get("/api/examples").json();
    let coat = examples
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["name"] == "guess_coat")
        .expect("the coat");
    let audited = served
        .post("/api/audit", &json!({ "text": coat["text"] }))
        .json();
    let broken = audited["promises"]
        .as_array()
        .expect("promises")
        .iter()
        .find(|it| it["verdict"] == "broken")
        .expect("a broken one");
    assert_eq!(
        (broken["promised"].as_f64(), broken["cheapest"].as_f64()),
        (Some(899.0), Some(515.96))
    );
    assert!(
        broken["witness"]
            .as_str()
            .expect("words")
            .contains("president of guess: 1,000.00 off from 2,000.00")
    );
    let wrong = served.post(
        "/api/audit",
        &json!({ "text": "[products.x]\nlist_prise = 1\n" }),
    );
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.json()["diagnostics"]
            .as_str()
            .expect("diagnostics")
            .contains("did you mean `list_price`?")
    );
}

#[test]
fn what_cannot_be_served_is_told() {
    let serve = |arguments: &[&str]| {
        let ran = Command::cargo_bin("yellowcart")
            .expect("the program")
            .arg("serve")
            .args(arguments)
            .output()
            .expect("it ends");
        (
            ran.status.code(),
            String::from_utf8_lossy(&ran.stderr).into_owned(),
        )
    };
    let (code, why) = serve(&["no_such"]);
    assert_eq!(code, Some(2));
    assert!(
        why.contains("there is no shipped scenario `no_such`"),
        "{why}"
    );
    let (code, why) = serve(&["misbid", "--regime", "nowhere"]);
    assert_eq!(
        (code, why.as_str()),
        (Some(2), "yellowcart: there is no regime `nowhere`\n")
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port();
    let (code, why) = serve(&["misbid", "--port", &port.to_string()]);
    assert_eq!(code, Some(3));
    assert!(
        why.starts_with(&format!(
            "yellowcart: cannot listen on 127.0.0.1, port {port}: "
        )),
        "{why}"
    );
    assert!(why.ends_with("; try another --port\n"), "{why}");
}
