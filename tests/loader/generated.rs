//! What a generated market can get wrong, and that it grows without changing what is there.

use super::common::lines;
use super::{GOOD, read};

/// A generated market that is good, to be spoilt.
pub const GENERATE: &str = r#"
[generate]
rooms = 5
on_air_from = "2020-11-11 20:00"
on_air_until = "2020-11-11 21:00"
"#;

fn after_generate(more: &str) -> Vec<String> {
    lines(read(&format!("{GOOD}{GENERATE}{more}"), &[]))
}

#[test]
fn what_a_generated_market_can_get_wrong() {
    let good = after_generate("");
    assert_eq!(good, Vec::<String>::new());
    assert_eq!(
        after_generate("buying_share = 0.2\n"),
        [
            "t.toml:53:16: rooms buy viewers, but from which farm? | add farm = \"the name of a farm\""
        ]
    );
    assert_eq!(
        after_generate("farm = \"fam\"\n"),
        ["t.toml:53:8: there is no farm `fam` | did you mean `farm`?"]
    );
    assert_eq!(
        after_generate("categories = { lamps = 1.0 }\n"),
        ["t.toml:53:16: there is no category `lamps` | valid here: things"]
    );
    assert_eq!(
        after_generate("scripts = { misbid = 0.7, staged_quarrel = 0.6 }\n"),
        [
            "t.toml:53:1: the shares of the scripts add up to 1.3 | what is left of 1 plays honest_pitch"
        ]
    );
    let many = GENERATE.replace("rooms = 5", "rooms = 900000");
    assert_eq!(
        lines(read(&format!("{GOOD}{many}"), &[])),
        [
            "t.toml:50:9: 7200000 products in all rooms | rooms times products_per_room may be 3000000 at most"
        ]
    );
    let window = GENERATE.replace("21:00", "19:58");
    assert_eq!(
        lines(read(&format!("{GOOD}{window}"), &[])),
        ["t.toml:52:16: the window ends before it begins | it begins at 2020-11-11 20:00:00"]
    );
    let window = GENERATE.replace("-11 21:00", "-12 21:00");
    assert_eq!(
        lines(read(&format!("{GOOD}{window}"), &[])),
        [
            "t.toml:51:15: rooms go on air outside of the clock | the clock runs from 2020-11-11 19:55:00 to 2020-11-11 23:00:00"
        ]
    );
}

/// Options that weigh twice, and honesty that is taught as a trick.
#[test]
fn what_menus_can_get_wrong() {
    let menus = |scripts: &str, views: &str, orders: &str, inflation: &str, markups: &str| {
        after_generate(&format!(
            "[strategy.anchors]\nscripts = {scripts}\nviews = {views}\norders = {orders}\ninflation = {inflation}\n[strategy.farms]\nmarkups = {markups}\n"
        ))
    };
    let good = menus("[\"misbid\"]", "[3, 10]", "[]", "[5, 2]", "[1.1, 1.5]");
    assert_eq!(good, [""; 0]);
    let once = "it would weigh twice: name each option once";
    assert_eq!(
        menus(
            "[\"misbid\", \"honest_pitch\", \"misbid\"]",
            "[3, 10, 3.0]",
            "[0.5, 0.5]",
            "[5, 2, 5]",
            "[1.1, 1.5, 1.1, 1.1]"
        ),
        [
            "t.toml:54:22: `honest_pitch` is no script of a course | honest_pitch is what an anchor plays without the course: leave it out".to_owned(),
            format!("t.toml:54:38: misbid stands twice in strategy.anchors.scripts | {once}"),
            format!("t.toml:55:17: 3 stands twice in strategy.anchors.views | {once}"),
            format!("t.toml:56:16: 0.5 stands twice in strategy.anchors.orders | {once}"),
            format!("t.toml:57:20: 5 stands twice in strategy.anchors.inflation | {once}"),
            format!("t.toml:59:22: 1.1 stands twice in strategy.farms.markups | {once}"),
            format!("t.toml:59:27: 1.1 stands twice in strategy.farms.markups | {once}"),
        ]
    );
}

/// One room more changes no room that is there already.
#[test]
fn a_generated_market_grows_without_changing_what_is_there() {
    let with = |rooms: u32| {
        let text = format!(
            "{GOOD}{}",
            GENERATE.replace("rooms = 5", &format!("rooms = {rooms}"))
        );
        read(&text, &[])
            .expect("it loads")
            .resolve()
            .expect("it resolves")
    };
    let (small, large) = (with(30), with(31));
    assert_eq!(small.rooms.len() + 1, large.rooms.len());
    for (one, other) in small.rooms.iter().zip(&large.rooms) {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
    for (one, other) in small.products.iter().zip(&large.products) {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}
