//! The loader: every error by its exact text and place, all of them in one run, and no panic on any input.

mod common;
#[path = "loader/generated.rs"]
mod generated;
#[path = "loader/lessons.rs"]
mod lessons;
#[path = "loader/panics.rs"]
mod panics;

use common::lines;
use yellowcart::scenario::{Bundle, Faults, Request, from_source, load, load_regime, load_script};

/// A scenario with nothing wrong: line numbers in the tests are lines of it.
const GOOD: &str = r#"title = "good"

[clock]
start = "2020-11-11 19:55"
end = "2020-11-11 23:00"

[population]
consumers = 1000

[population.segments.all]
share = 1.0

[categories.things]
need = 0.5

[brands.brand]

[anchors.anchor]
followers = 1000

[anchors.other]
followers = 1000

[products.thing]
brand = "brand"
category = "things"
worth = 85.0
market_price = 100.0
honest_prior_price = 100.0
cost = 40.0

[farms.farm]

[rooms.room]
anchor = "anchor"
on_air = "2020-11-11 20:00"
off_air = "2020-11-11 22:00"
cues = [
  { at = "0:10:00", open_link = { product = "thing", price = 90.0, stock = 100 } },
  { at = "1:00:00", close_link = { product = "thing" } },
]

[rooms.next]
anchor = "other"
on_air = "2020-11-11 20:00"
off_air = "2020-11-11 22:00"
play = [{ script = "honest_pitch", at = "0:05:00", with = { product = "thing", price = 90, stock = 100 } }]
"#;

fn read(text: &str, overrides: &[&str]) -> Result<Bundle, Faults> {
    let source = common::source("t.toml", text);
    let overrides: Vec<String> = overrides
        .iter()
        .map(|change| (*change).to_owned())
        .collect();
    let request = Request {
        overrides: &overrides,
        ..Request::default()
    };
    from_source(&source, "t", None, &request)
}

/// What is wrong with the good scenario after a change to its text.
fn after(from: &str, to: &str) -> Vec<String> {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` stands there once");
    lines(read(&GOOD.replace(from, to), &[]))
}

/// The good scenario with coupons: what is put behind it, and one cue.
fn with_coupons(tables: &str, cue: &str) -> Vec<String> {
    let close = "  { at = \"1:00:00\", close_link = { product = \"thing\" } },\n";
    let text = GOOD.replacen(close, &format!("  {cue},\n{close}"), 1) + tables;
    lines(read(&text, &[]))
}

#[test]
fn coupons_of_rooms_are_checked() {
    let cue = |count| {
        format!(
            "{{ at = \"0:59:00\", issue_coupon = {{ coupon = \"luck\", by = \"lottery\", count = {count} }} }}"
        )
    };
    let luck = "[coupons.luck]\nissuer = \"brand\"\namount_off = { threshold = 0, off = 5 }\nquantity = 100\n";
    let from_room = format!("{luck}obtained = \"room\"\n");
    assert_eq!(with_coupons(&from_room, &cue(100)), [""; 0]);
    assert_eq!(
        with_coupons(luck, &cue(100)),
        [
            "t.toml:40:10: coupon `luck` is had by whoever knows of it | set obtained = \"room\" in the coupon, or take the cue out"
        ]
    );
    assert_eq!(
        with_coupons(&from_room, &cue(101)),
        [
            "t.toml:40:10: 101 coupons `luck` are given out, and there are 100 | lower `count`, or raise the coupon's `quantity`"
        ]
    );
    let other = "{ at = \"0:59:00\", excite = { arousal = 0.1 } }";
    assert_eq!(
        with_coupons(&from_room, other),
        [
            "t.toml:53:12: coupon `luck` comes from a room, and no cue gives it out | add a cue issue_coupon to a room, or set obtained = \"knowing\""
        ]
    );
    let unknown = from_room.replace("\"brand\"", "\"brandd\"");
    assert_eq!(
        with_coupons(&unknown, &cue(100)),
        ["t.toml:50:10: there is no platform, brand or anchor `brandd` | did you mean `brand`?"]
    );
    let shelf =
        format!("{from_room}[shelf.here]\nproduct = \"thing\"\nchannel = \"room\"\nprice = 80\n");
    assert_eq!(
        with_coupons(&shelf, &cue(100)),
        [
            "t.toml:56:11: `room` is a room, whose prices are those of its cues | give the shelf a channel with a name of its own"
        ]
    );
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(lines(read(GOOD, &[])), Vec::<String>::new());
}

macro_rules! faults {
    ($($name:ident: $from:literal => $to:literal, [$($line:literal),+ $(,)?];)+) => {$(
        #[test]
        fn $name() {
            assert_eq!(after($from, $to), [$($line),+]);
        }
    )+};
}

// Shape.
faults! {
    a_slip_of_the_pen: "followers = 1000\n\n[anchors.other]" => "folowers = 1000\n\n[anchors.other]",
        ["t.toml:19:1: unknown key `folowers` | did you mean `followers`?"];
    an_unknown_key: "share = 1.0" => "share = 1.0\nzzz = 1",
        ["t.toml:12:1: unknown key `zzz` | valid here: anchoring, anchors_followed, bargain_weight, budget, comments_per_minute, complaint_propensity, consumers_per_address, dwell_minutes, follows_per_hour, likes_per_minute, literacy, looks_per_minute, loss_aversion, needs, online_peak_hour, online_probability, online_spread_minutes, searches_per_minute, session_minutes, share, susceptibility_spread, taste_scale, trust, value_of_time, vulnerable_share"];
    an_unknown_key_among_few: "need = 0.5" => "need = 0.5\nzzz = 1",
        ["t.toml:15:1: unknown key `zzz` | valid here: need"];
    a_lottery_is_an_issue_of_coupons: "{ at = \"1:00:00\", close_link = { product = \"thing\" } }" => "{ at = \"1:00:00\", coupon_lottery = { product = \"thing\" } }",
        ["t.toml:40:21: unknown key `coupon_lottery` | a lottery is one way to give coupons out: issue_coupon = { coupon = \"NAME\", by = \"lottery\", count = 1000 }"];
    coupons_that_are_given_out_exist: "{ at = \"1:00:00\", close_link = { product = \"thing\" } }" => "{ at = \"1:00:00\", issue_coupon = { coupon = \"luck\", by = \"lottery\", count = 10 } }",
        ["t.toml:40:47: there is no coupon `luck` | the scenario has no coupon at all"];
    a_missing_key: "worth = 85.0\n" => "",
        ["t.toml:24:11: `worth` is missing | worth: What it is worth to the median person who needs it."];
    a_text_for_a_number: "need = 0.5" => "need = \"half\"",
        ["t.toml:14:8: expected a number, found a text"];
    a_text_for_a_whole_number: "consumers = 1000" => "consumers = \"many\"",
        ["t.toml:8:13: expected a whole number, found a text"];
    a_fraction_for_a_whole_number: "consumers = 1000" => "consumers = 10.5",
        ["t.toml:8:13: expected a whole number, found a number"];
    a_whole_number_with_a_point: "consumers = 1000" => "consumers = 1000.0",
        ["t.toml:8:13: expected a whole number, found a number | write 1000"];
    a_number_for_a_text: "brand = \"brand\"" => "brand = 7",
        ["t.toml:25:9: expected a text, found a whole number"];
    a_date_for_a_moment: "start = \"2020-11-11 19:55\"" => "start = 2020-11-11T19:55:00",
        ["t.toml:4:9: expected a text, found a TOML date | put it in quotes: \"2020-11-11 20:00\""];
    a_number_for_a_table: "[farms.farm]" => "[farms]\nfarm = 1",
        ["t.toml:33:8: expected a table, found a whole number"];
    a_table_for_an_array: "play = [{" => "play = 1 # [{",
        ["t.toml:47:8: expected an array, found a whole number"];
    a_number_for_yes_or_no: "{ at = \"0:10:00\"" => "{ at = \"0:09:00\", subsidy = { product = \"thing\", amount = 5.0, payer = \"anchor\", real = 1 } },\n  { at = \"0:10:00\"",
        ["t.toml:39:91: expected true or false, found a whole number"];
    an_array_for_a_parameter: "price = 90, stock" => "price = [90], stock",
        ["t.toml:47:80: expected a number, a text, or true or false, found an array"];
    out_of_range: "need = 0.5" => "need = 1.5",
        ["t.toml:14:8: 1.5 is out of range | allowed: 0 to 1 (probability)"];
    out_of_range_with_a_unit: "price = 90.0" => "price = -1.0",
        ["t.toml:39:62: -1 is out of range | allowed: 0.01 to 10000000 (yuan)"];
    not_a_number_at_all: "need = 0.5" => "need = nan",
        ["t.toml:14:8: NaN is out of range | allowed: 0 to 1 (probability)"];
    not_one_of_the_choices: "{ at = \"0:10:00\"" => "{ at = \"0:09:00\", subsidy = { product = \"thing\", amount = 5.0, payer = \"ancor\", real = true } },\n  { at = \"0:10:00\"",
        ["t.toml:39:74: `ancor` is not valid here | did you mean `anchor`? valid here: anchor, brand, platform"];
    nothing_like_a_choice: "{ at = \"0:10:00\"" => "{ at = \"0:09:00\", subsidy = { product = \"thing\", amount = 5.0, payer = \"zzzzzz\", real = true } },\n  { at = \"0:10:00\"",
        ["t.toml:39:74: `zzzzzz` is not valid here | valid here: anchor, brand, platform"];
    not_a_moment: "end = \"2020-11-11 23:00\"" => "end = \"2020-11-31 23:00\"",
        ["t.toml:5:7: `2020-11-31 23:00` is not a moment | write market time as \"2020-11-11 20:00\" or \"2020-11-11 20:00:30\""];
    not_a_time_after_going_on_air: "at = \"1:00:00\"" => "at = \"1:99:00\"",
        ["t.toml:40:10: `1:99:00` is not a time after going on air | write hours, minutes and seconds as \"0:12:30\""];
    an_empty_title: "title = \"good\"" => "title = \"\"",
        ["t.toml:1:9: a text of 0 characters | allowed: 1 to 200 characters"];
    control_characters: "title = \"good\"" => "title = \"\\u001b[2J\"",
        ["t.toml:1:9: a text with control characters | leave them out"];
    not_a_name: "[farms.farm]" => "[farms.\"../../etc\"]",
        ["t.toml:32:8: `../../etc` is not a name | names are up to 60 lower-case letters, digits and underscores, such as `red_room_2`"];
    not_toml: "need = 0.5" => "need = ",
        ["t.toml:14:8: not valid TOML: string values must be quoted, expected literal string"];
    twice_the_same_key: "need = 0.5" => "need = 0.5\nneed = 0.6",
        ["t.toml:15:1: not valid TOML: duplicate key"];
}

// Meaning.
faults! {
    the_clock_ends_before_it_starts: "end = \"2020-11-11 23:00\"" => "end = \"2020-11-11 19:00\"",
        ["t.toml:5:7: the clock ends before it starts | it starts at 2020-11-11 19:55:00"];
    the_clock_runs_for_ever: "end = \"2020-11-11 23:00\"" => "end = \"2030-11-11 23:00\"",
        ["t.toml:5:7: the clock runs for 3652 days | allowed: at most 366 days"];
    a_tick_that_does_not_divide: "end = \"2020-11-11 23:00\"" => "end = \"2020-11-11 23:00\"\ntick_seconds = 3.0",
        ["t.toml:6:16: a tick of 3 s does not divide the display period of 10 s | choose display_period_seconds as a multiple of tick_seconds"];
    shares_that_do_not_add_up: "share = 1.0" => "share = 0.9",
        ["t.toml:10:13: the shares of the segments add up to 0.9 | shares of all segments must add up to 1"];
    a_need_for_nothing: "share = 1.0" => "share = 1.0\nneeds = { thigns = 0.3 }",
        ["t.toml:12:11: there is no category `thigns` | did you mean `things`?"];
    no_such_brand: "brand = \"brand\"" => "brand = \"brnd\"",
        ["t.toml:25:9: there is no brand `brnd` | did you mean `brand`?"];
    no_such_category: "category = \"things\"" => "category = \"x\"",
        ["t.toml:26:12: there is no category `x` | valid here: things"];
    no_such_anchor: "anchor = \"anchor\"" => "anchor = \"ancor\"",
        ["t.toml:35:10: there is no anchor `ancor` | did you mean `anchor`?"];
    no_such_product: "open_link = { product = \"thing\"" => "open_link = { product = \"thin\"",
        ["t.toml:39:45: there is no product `thin` | did you mean `thing`?"];
    off_air_before_on_air: "off_air = \"2020-11-11 22:00\"\ncues" => "off_air = \"2020-11-11 19:58\"\ncues",
        ["t.toml:37:11: room `room` goes off air before it goes on air | it goes on air at 2020-11-11 20:00:00"];
    on_air_outside_of_the_clock: "off_air = \"2020-11-11 22:00\"\ncues" => "off_air = \"2020-11-12 22:00\"\ncues",
        ["t.toml:36:10: room `room` is on air outside of the clock | the clock runs from 2020-11-11 19:55:00 to 2020-11-11 23:00:00"];
    a_preview_of_nothing: "[rooms.next]" => "[rooms.next]\npreview = { products = [\"thong\"], reach = 0.1, lateness_minutes = 5.0 }",
        ["t.toml:44:25: there is no product `thong` | did you mean `thing`?"];
    a_background_out_of_order: "[rooms.next]" => "[rooms.next]\nbackground = { name = \"crowd\", viewers = [{ at = \"2020-11-11 21:00\", viewers = 5 }, { at = \"2020-11-11 20:00\", viewers = 5 }] }",
        ["t.toml:44:85: this point is not after the one before | put the points in order of time"];
    no_such_script: "script = \"honest_pitch\"" => "script = \"honest_pich\"",
        ["t.toml:47:20: there is no shipped script `honest_pich` | did you mean `honest_pitch`?\nfor a file of yours, give its path, such as ./honest_pich.toml"];
    a_parameter_that_the_script_has_not: "price = 90, stock" => "prize = 90, stock",
        ["t.toml:47:9: script `honest_pitch`: it has no parameter `prize`; it has: arousal, price, product, stock", "t.toml:47:9: script `honest_pitch`: its parameter `price` needs a value"];
    a_parameter_out_of_range: "price = 90, stock" => "price = -90, stock",
        ["t.toml:47:9: script `honest_pitch`, filled in: -90 is out of range | allowed: 0.01 to 10000000 (yuan)"];
    cues_out_of_order: "at = \"1:00:00\"" => "at = \"0:05:00\"",
        ["t.toml:40:10: this cue falls at 0:05:00, before the one above it | the cue above falls at 0:10:00"];
    a_cue_after_the_end: "at = \"1:00:00\"" => "at = \"2:00:00\"",
        ["t.toml:40:10: a cue falls after room `room` has gone off air | the room is on air until 2020-11-11 22:00:00"];
    a_cue_that_does_nothing: ", close_link = { product = \"thing\" }" => "",
        ["t.toml:40:10: this cue does nothing | give it one act, such as `set_price`: see `yellowcart explain cues`"];
    a_cue_that_does_two_things: "close_link = { product = \"thing\" }" => "close_link = { product = \"thing\" }, excite = { arousal = 1.0, staged = true }",
        ["t.toml:40:10: this cue has 2 acts: close_link, excite | write one cue for each act; they may fall at the same time"];
    a_link_opened_twice: "close_link = { product = \"thing\" }" => "open_link = { product = \"thing\", price = 80.0, stock = 5 }",
        ["t.toml:40:10: the link of `thing` is open already | close it first, or use set_price or restock"];
    a_price_without_a_link: "open_link = { product = \"thing\", price = 90.0, stock = 100 }" => "set_price = { product = \"thing\", price = 90.0 }",
        ["t.toml:39:10: set_price on `thing`, whose link is not open then | open it first with open_link", "t.toml:40:10: the link of `thing` is not open | open it first with open_link"];
    more_shown_than_there_is: "stock = 100 } },\n  {" => "stock = 100, shown_stock = 200 } },\n  {",
        ["t.toml:39:10: more stock is shown than there is | shown_stock is for pages that show less; leave it out to show the truth"];
    a_deposit_above_the_price: "stock = 100 } },\n  {" => "stock = 100, deposit = 95.0, balance_due = \"2020-11-12 00:00\" } },\n  {",
        ["t.toml:39:10: the deposit is not below the price | a deposit is a part of the price"];
    a_deposit_without_a_balance: "stock = 100 } },\n  {" => "stock = 100, deposit = 5.0 } },\n  {",
        ["t.toml:39:10: a presale needs the moment at which the balance is due | add balance_due = \"2020-11-01 00:00\""];
    a_balance_without_a_deposit: "stock = 100 } },\n  {" => "stock = 100, balance_due = \"2020-11-12 00:00\" } },\n  {",
        ["t.toml:39:10: a balance is due without a deposit | add deposit, or leave balance_due out"];
    a_balance_due_too_early: "stock = 100 } },\n  {" => "stock = 100, deposit = 5.0, balance_due = \"2020-11-10 00:00\" } },\n  {",
        ["t.toml:39:10: the balance is due before the room is on air | the room goes on air at 2020-11-11 20:00:00"];
    a_shouted_figure_that_falls: "close_link = { product = \"thing\" }" => "shout_orders = { product = \"thing\", from = 50, to = 20, over_seconds = 60.0 }",
        ["t.toml:40:10: the shouted figure falls | a counter that staff shout climbs from `from` to `to`"];
    no_such_farm: "close_link = { product = \"thing\" }" => "buy = { farm = \"fram\", service = \"views\", count = 10, over_seconds = 60.0 }",
        ["t.toml:40:36: there is no farm `fram` | did you mean `farm`?"];
    a_price_that_ends_before_it_begins: "close_link = { product = \"thing\" }" => "own_store_price = { product = \"thing\", price = 60.0, from = \"2020-11-12 00:00\", until = \"2020-11-11 00:00\" }",
        ["t.toml:40:10: this price ends before it begins | `until` must be after `from`"];
    an_anchor_in_two_rooms: "anchor = \"other\"" => "anchor = \"anchor\"",
        ["t.toml:35:10: anchor `anchor` is on air in `next` at the same time | give the room another anchor or another time"];
    an_unknown_regime: "title = \"good\"" => "title = \"good\"\nregime = \"non\"",
        ["t.toml:2:10: there is no shipped regime `non` | did you mean `none`?\nfor a file of yours, give its path, such as ./non.toml"];
}

#[test]
fn changes_from_the_command_line_are_checked_like_the_file() {
    let with = |change: &str| lines(read(GOOD, &[change]));
    assert_eq!(with("population.consumers=500"), Vec::<String>::new());
    assert_eq!(
        with("population.consumers"),
        [
            "--set population.consumers:1:1: a change is written path.to.key=value | for example --set population.consumers=20000"
        ]
    );
    assert_eq!(
        with("population..consumers=5"),
        [
            "--set population..consumers=5:1:1: the path before `=` is not a path | for example --set population.consumers=20000"
        ]
    );
    assert_eq!(
        with("rooms.room.cues.7.at=5"),
        [
            "--set rooms.room.cues.7.at=5:1:1: the scenario has nothing at `rooms.room.cues.7.at` | positions in arrays are counted from 0"
        ]
    );
    assert_eq!(
        with("population.consumers=many"),
        ["--set population.consumers=many:1:1: expected a whole number, found a text"]
    );
    assert_eq!(
        with("population.consumer=5"),
        ["--set population.consumer=5:1:1: unknown key `consumer` | did you mean `consumers`?"]
    );
    assert_eq!(
        with("rooms.room.anchor=ancor"),
        ["--set rooms.room.anchor=ancor:1:1: there is no anchor `ancor` | did you mean `anchor`?"]
    );
    assert_eq!(
        with("rooms.room.cues.0.at=3:00:00"),
        [
            "--set rooms.room.cues.0.at=3:00:00:1:1: a cue falls after room `room` has gone off air | the room is on air until 2020-11-11 22:00:00",
            "t.toml:40:10: this cue falls at 1:00:00, before the one above it | the cue above falls at 3:00:00",
        ]
    );
    // A value cannot smuggle a second key in.
    assert_eq!(
        with("title=\"a\"\nseed = 5"),
        Vec::<String>::new(),
        "what is not one TOML value is a text"
    );
}

#[test]
fn a_shipped_name_or_a_file_that_is_not_there() {
    let of = |what: &str| {
        lines(load(&Request {
            what,
            ..Request::default()
        }))
    };
    assert_eq!(
        of("diamond_neklace"),
        [
            "there is no shipped scenario `diamond_neklace` | did you mean `diamond_necklace`?\nfor a file of yours, give its path, such as ./diamond_neklace.toml"
        ]
    );
    assert_eq!(
        of("nowhere/at_all.toml"),
        ["cannot read nowhere/at_all.toml: No such file or directory (os error 2)"]
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(path("folder.toml")).expect("made");
    std::fs::write(path("binary.toml"), [0xff, 0xfe, 0x00]).expect("written");
    let large = std::fs::File::create(path("large.toml")).expect("made");
    large.set_len(17 << 20).expect("it is sparse");
    for (name, why) in [
        ("folder.toml", "it is not a file"),
        ("binary.toml", "it is not UTF-8 text"),
        ("large.toml", "it is larger than 16 MiB"),
    ] {
        let path = path(name);
        assert_eq!(of(&path), [format!("cannot read {path}: {why}")]);
    }
}

#[test]
fn scripts_and_regimes_of_ones_own_are_checked_in_their_own_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let script = "title = \"mine\"\n[parameters]\nprice = { meaning = \"yuan\" }\n[[cues]]\nat = \"0:00:00\"\nset_price = { product = \"thing\", price = \"$prise\" }\n";
    std::fs::write(path("mine.toml"), script).expect("written");
    let name = path("mine.toml");
    assert_eq!(
        lines(load_script(&name)),
        [format!(
            "{name}:6:42: the script has no parameter `prise` | did you mean `price`?"
        )]
    );
    std::fs::write(
        path("rules.toml"),
        "title = \"mine\"\ndisclose_real_counter = true\n",
    )
    .expect("written");
    let name = path("rules.toml");
    assert_eq!(
        lines(load_regime(&name, None)),
        [format!(
            "{name}:2:1: unknown key `disclose_real_counter` | did you mean `disclose_real_counters`?"
        )]
    );
    // A scenario finds them beside itself, and says in which file what is wrong.
    let scenario = GOOD
        .replace("script = \"honest_pitch\"", "script = \"mine.toml\"")
        .replace(
            "title = \"good\"",
            "title = \"good\"\nregime = \"rules.toml\"",
        );
    std::fs::write(path("s.toml"), scenario).expect("written");
    let what = path("s.toml");
    let found = lines(load(&Request {
        what: &what,
        ..Request::default()
    }));
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("rules.toml:2:1: unknown key")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("mine.toml:6:42: the script has no")),
        "{found:?}"
    );
}

/// The whole report as a user sees it, for a file with a mistake of every kind.
#[test]
fn all_errors_come_at_once() {
    let bad = GOOD
        .replace("title = \"good\"", "titel = \"good\"")
        .replace("consumers = 1000", "consumers = \"many\"")
        .replace("share = 1.0", "share = 0.8")
        .replace("need = 0.5", "need = 1.5")
        .replace("brand = \"brand\"", "brand = \"brnd\"")
        .replace("cost = 40.0", "cost = ")
        .replace(
            "off_air = \"2020-11-11 22:00\"\ncues",
            "off_air = \"2020-11-11 19:00\"\ncues",
        )
        .replace(
            "{ product = \"thing\", price = 90.0,",
            "{ product = \"thong\", price = 90.0,",
        )
        .replace("at = \"1:00:00\"", "at = \"0:01:00\"")
        .replace("script = \"honest_pitch\"", "script = \"honest_pich\"");
    let Err(faults) = read(&bad, &[]) else {
        panic!("it loads");
    };
    insta::assert_snapshot!(faults.render(false));
}

#[test]
fn an_endless_report_is_cut() {
    let mut text = GOOD.to_owned();
    for number in 0..500 {
        text.push_str(&format!("wrong_{number} = 1\n"));
    }
    let Err(faults) = read(&text, &[]) else {
        panic!("it loads");
    };
    assert_eq!(faults.0.len(), 500);
    assert!(
        faults
            .render(false)
            .ends_with("500 errors, of which the first 100 are shown\n")
    );
}

#[test]
fn brackets_without_end_are_refused() {
    for text in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "{ a = ".repeat(50_000),
    ] {
        let text = format!("x = 1\ny = {text}");
        assert_eq!(
            lines(read(&text, &[])),
            ["t.toml nests brackets more than 32 deep"]
        );
    }
    let dotted = format!("{}z = 1", "a.".repeat(5_000));
    assert_eq!(
        lines(read(&dotted, &[])),
        ["t.toml nests brackets more than 32 deep"]
    );
}
