//! The audit: the case of the coat, a campaign without rooms, brute force over whole small campaigns, and every error by its exact text.

mod common;

use common::yellowcart;
use proptest::prelude::*;
use std::fs;
use yellowcart::money::Fen;
use yellowcart::promotion::*;
use yellowcart::scenario::{Request, load_campaign};

/// A campaign with nothing but products, prices, a coupon and a promise; line numbers in the tests are lines of it.
const COAT: &str = r#"title = "the coat, as the parties wrote it"

[products.coat]
brand = "guess"
list_price = 1499
[products.style]
brand = "guess"
[products.dress]
brand = "guess"
category = "dresses"

[shelf.star]
product = "coat"
channel = "star_room"
price = 899
deposit = 150
from = "2020-11-01 00:00"
until = "2020-11-04 00:00"
[shelf.coat]
product = "coat"
price = 1499
[shelf.style]
product = "style"
price = 1099
limit_per_buyer = 2
[shelf.dress]
product = "dress"
price = 349

[coupons.president]
issuer = "guess"
amount_off = { threshold = 2000, off = 1000 }
quantity = 1000
from = "2020-11-01 20:00"
until = "2020-11-04 00:00"
meant_to_except = { products = ["coat"] }

[promises.lowest]
by = "the anchor"
product = "coat"
price = 899
from = "2020-10-25 20:00"
until = "2020-11-20 20:00"
"#;

fn audited(text: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("coat.toml"), text).expect("written");
    yellowcart(
        folder.path(),
        &[&["audit", "coat.toml"], arguments].concat(),
    )
}

/// A campaign of a text, or its faults, one a line.
fn read(text: &str) -> Result<Campaign, Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("t.toml");
    fs::write(&file, text).expect("written");
    let what = file.to_string_lossy().into_owned();
    let request = Request {
        what: &what,
        ..Request::default()
    };
    load_campaign(&request).map_err(|faults| {
        let line = |fault: &yellowcart::scenario::Fault| {
            let place = fault
                .place
                .as_ref()
                .map(yellowcart::scenario::Place::line_and_column);
            let (line, column) = place.unwrap_or((0, 0));
            let help = fault.help.clone().unwrap_or_default();
            format!("{line}:{column}: {fault} | {help}")
        };
        faults.0.iter().map(line).collect()
    })
}

fn after(from: &str, to: &str) -> Vec<String> {
    assert_eq!(COAT.matches(from).count(), 1, "`{from}` stands there once");
    read(&COAT.replace(from, to)).err().unwrap_or_default()
}

#[test]
fn a_campaign_without_rooms_is_enough_and_the_coat_is_found() {
    let (code, table, _) = audited(COAT, &[]);
    assert_eq!(code, 1, "a promise is broken");
    insta::assert_snapshot!(table);
}

#[test]
fn the_shipped_case_is_broken_as_written_and_closed_by_the_exclusion_as_meant() {
    let request = |changes| Request {
        what: "guess_coat",
        overrides: changes,
        ..Request::default()
    };
    let campaign = load_campaign(&request(&[])).expect("shipped");
    let found = audit(&campaign, &mut |_, _| {}).expect("it fits");
    let finding = &found.findings[0];
    assert_eq!(finding.verdict, Verdict::Broken);
    assert_eq!(finding.by_posted_prices, Verdict::Kept);
    assert_eq!(finding.buyers, Some(1_000));
    let way = finding.witness.as_ref().expect("a witness");
    assert_eq!(way.effective, Fen(51_596));
    assert_eq!(finding.as_meant, Some((Verdict::Kept, Some(Fen(89_900)))));
    // The exclusion written into the coupon does what the audit says it would.
    let closed = ["coupons.president.except.products=[\"down_coat\"]".to_owned()];
    let campaign = load_campaign(&request(&closed)).expect("changed");
    let found = audit(&campaign, &mut |_, _| {}).expect("it fits");
    assert!(found.all_proven());
    assert_eq!(found.findings[0].verdict, Verdict::Kept);
}

#[test]
fn a_new_campaign_can_be_audited() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ran = |arguments: &[&str]| yellowcart(folder.path(), arguments);
    let (code, said, _) = ran(&["new", "kettles", "--campaign"]);
    assert_eq!(code, 0);
    assert_eq!(
        said,
        "wrote kettles.toml; audit it with: yellowcart audit kettles.toml\n"
    );
    assert!(
        folder
            .path()
            .join("yellowcart.campaign.schema.json")
            .is_file()
    );
    let (code, table, _) = ran(&["audit", "kettles.toml"]);
    assert_eq!(code, 1, "{table}");
    insta::assert_snapshot!(table);
}

#[test]
fn an_audit_writes_table_json_and_figures() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out");
    let out = out.to_str().expect("UTF-8");
    let (code, json, said) = audited(COAT, &["--format", "json", "--out", out]);
    assert_eq!(code, 1, "{said}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["none_broken"], false);
    assert_eq!(json["promises"][0]["cheapest_fen"], 51_596);
    assert_eq!(
        json["promises"][0]["witness"]["coupons"][0]["coupon"],
        "president"
    );
    for name in ["audit.json", "audit.txt", "promise-1.svg", "promise-1.png"] {
        assert!(folder.path().join("out").join(name).is_file(), "{name}");
    }
    let (code, _, said) = audited(COAT, &["--out", out]);
    assert_eq!(code, 2);
    assert!(said.contains("is there already"), "{said}");
    let kept = COAT.replace(
        "quantity = 1000",
        "quantity = 1000\nexcept = { products = [\"coat\"] }",
    );
    let (code, table, _) = audited(&kept, &[]);
    assert_eq!(code, 0, "{table}");
}

#[test]
fn a_campaign_is_checked_and_not_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("coat.toml"), COAT).expect("written");
    let ran = |arguments: &[&str]| yellowcart(folder.path(), arguments);
    let (code, said, _) = ran(&["check", "coat.toml"]);
    assert_eq!(code, 0);
    assert_eq!(
        said,
        "ok  coat.toml: a campaign: 3 products, 4 prices, 1 coupons, 1 promises\n"
    );
    let (code, _, said) = ran(&["run", "coat.toml"]);
    assert_eq!(code, 2);
    assert!(
        said.contains("coat.toml is a campaign without consumers"),
        "{said}"
    );
}

#[test]
fn what_is_wrong_with_promotions_is_said_with_its_place() {
    let one = |from: &str, to: &str, expected: &str| assert_eq!(after(from, to), [expected]);
    one(
        "amount_off = { threshold = 2000, off = 1000 }",
        "",
        "30:10: coupon `president` grants nothing | give it one of amount_off, percent_off, fixed_price and deposit_worth, such as amount_off = { threshold = 2000, off = 1000 }",
    );
    one(
        "quantity = 1000",
        "quantity = 1000\npercent_off = { percent = 5 }",
        "30:10: coupon `president` is of 2 kinds: amount_off, percent_off | write one coupon for each; they may stack",
    );
    one(
        "threshold = 2000",
        "threshold = 5000",
        "32:28: coupon `president` can never reach 5,000.00 | all that one buyer can put into a basket comes to 4,945.00: lower the threshold or raise a limit_per_buyer",
    );
    one(
        "off = 1000",
        "off = 2500",
        "32:40: 2500 off from 2000 is more than the basket may come to | raise the threshold, or set it to 0 if none is meant",
    );
    one(
        "quantity = 1000",
        "quantity = 0",
        "33:12: 0 is out of range | allowed: 1 to 1000000000 (coupons)",
    );
    one(
        "price = 1099",
        "price = -1",
        "24:9: -1 is out of range | allowed: 0.01 to 10000000 (yuan)",
    );
    one(
        "off = 1000",
        "off = 1e30",
        "32:40: 1000000000000000000000000000000 is out of range | allowed: 0.01 to 10000000 (yuan)",
    );
    one(
        "quantity = 1000",
        "quantity = 1000\non = { categories = [\"dreses\"] }",
        "34:22: there is no category `dreses` | did you mean `dresses`?",
    );
    one(
        "quantity = 1000",
        "quantity = 1000\non = { products = [\"coat\"] }\nexcept = { brands = [\"guess\"] }",
        "30:10: coupon `president` covers nothing that is sold while it can be used | look at `on`, `except`, `from` and `until`: every line must be in each list of `on` and in none of `except`",
    );
    one(
        "until = \"2020-11-20 20:00\"",
        "until = \"2020-10-20 20:00\"",
        "43:9: `lowest` ends before it begins | it begins at 2020-10-25 20:00:00",
    );
    one(
        "deposit = 150",
        "deposit = 950",
        "16:11: the deposit is not below the price | a deposit is a part of the price",
    );
    one(
        "[promises.lowest]",
        "[coupons.second]\nissuer = \"platform\"\nfixed_price = { price = 5000 }\nafter = [\"president\"]\n[promises.lowest]",
        "40:25: coupon `second` lowers no price | the highest that it covers is 1,499.00",
    );
    one(
        "[promises.lowest]",
        "[coupons.second]\nissuer = \"platform\"\ndeposit_worth = { worth = 150 }\n[promises.lowest]",
        "40:27: coupon `second` makes no deposit worth more | it needs a presale that it covers, with a deposit below its worth",
    );
    one(
        "[promises.lowest]",
        "[coupons.second]\nissuer = \"platform\"\nfixed_price = { price = 5 }\nnot_with = [\"president\"]\nafter = [\"president\"]\n[promises.lowest]",
        "42:10: coupon `second` is applied after `president`, with which it cannot be used | take this out, or take the other coupon out of `not_with`",
    );
    let circle = "quantity = 1000\nafter = [\"second\"]\n[coupons.second]\nissuer = \"platform\"\nfixed_price = { price = 5 }\nafter = [\"third\"]\n[coupons.third]\nissuer = \"platform\"\nfixed_price = { price = 6 }\nafter = [\"president\"]\n[coupons.fourth]\nissuer = \"guess\"\nfixed_price = { price = 7 }";
    one(
        "quantity = 1000",
        circle,
        "34:1: the order of application goes in a circle: president after second after third after president | take one of these out of an `after`",
    );
}

/// A campaign of a few products with small prices, and coupons of every kind.
fn any_campaign() -> impl Strategy<Value = Campaign> {
    let posted = (0_u32..3, 1_i64..60, 1_u32..3, 0_i64..3);
    let coupon = (
        0_u8..4,
        1_i64..120,
        1_i64..60,
        1_u32..3,
        prop::option::of(0_u32..2),
        any::<[bool; 3]>(),
    );
    let posted = prop::collection::vec(posted, 1..4);
    (posted, prop::collection::vec(coupon, 0..4)).prop_map(|(posted, coupons)| {
        let mut campaign = Campaign::empty(Default::default());
        campaign.goods = vec![
            Good {
                store: 0,
                category: 0,
                list_price: Fen(6_000),
            };
            3
        ];
        campaign.posted = posted
            .into_iter()
            .zip(0..)
            .map(|((product, price, limit, deposit), channel)| Posted {
                product,
                channel,
                price: Fen(100 * price),
                window: Window::ALWAYS,
                limit,
                stock: None,
                deposit: Fen(20 * price * i64::from(deposit == 0)),
                own: true,
            })
            .collect();
        for (kind, threshold, off, times, group, [before, per_unit, narrow]) in coupons {
            let (threshold, off) = (Fen(100 * threshold), Fen((100 * off).min(100 * threshold)));
            let kind = match kind {
                0 => Kind::AmountOff {
                    threshold,
                    off,
                    times,
                },
                1 => Kind::PercentOff {
                    threshold,
                    basis_points: (off.0 / 2) as u32,
                    cap: Some(off),
                },
                2 => Kind::FixedPrice { price: off },
                _ => Kind::DepositWorth { worth: off },
            };
            campaign.coupons.push(Coupon {
                place: campaign.coupons.len() as u32,
                group,
                base: if before {
                    Base::BeforeCoupons
                } else {
                    Base::Remaining
                },
                sharing: if per_unit {
                    Sharing::PerUnit
                } else {
                    Sharing::ProRata
                },
                on: Filter {
                    products: if narrow { vec![0, 1] } else { vec![] },
                    ..Filter::default()
                },
                ..Coupon::of(kind)
            });
            campaign.meant_to_except.push(Filter::default());
        }
        campaign
    })
}

/// The least that a unit of product 0 comes to over every basket and every stack, as (paid, units).
fn brute_force(campaign: &Campaign) -> Option<(i64, i64)> {
    let mut best: Option<(i64, i64)> = None;
    let mut counts = vec![0_u32; campaign.posted.len()];
    loop {
        let lines = || (0..counts.len()).filter(|posted| counts[*posted] > 0);
        for first in lines().filter(|posted| campaign.posted[*posted].product == 0) {
            let order = std::iter::once(first).chain(lines().filter(|other| *other != first));
            let line = |posted: usize| campaign.line(&campaign.posted[posted], counts[posted]);
            let basket = Basket(order.map(line).collect());
            let limits = Limits {
                lines: 1,
                ..Limits::default()
            };
            let best_here = best_stack(&basket, &campaign.coupons, 0, &limits);
            let value = best_here.expect("it fits").value.0;
            let units = i64::from(counts[first]);
            if best.is_none_or(|(paid, of)| value * of < paid * units) {
                best = Some((value, units));
            }
        }
        let Some(next) =
            (0..counts.len()).find(|index| counts[*index] < campaign.posted[*index].limit)
        else {
            return best;
        };
        counts[next] += 1;
        counts[..next].fill(0);
    }
}

#[test]
fn the_cheapest_way_is_the_cheapest_there_is_and_the_bound_is_below_it() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let hard = Effort {
        all_up_to: 0,
        ..Effort::default()
    };
    let (mut sold, mut found, mut tight) = (0, 0, 0);
    for _ in 0..4_000 {
        let campaign = any_campaign()
            .new_tree(&mut runner)
            .expect("a campaign")
            .current();
        let Some((paid, units)) = brute_force(&campaign) else {
            let ways = cheapest_ways(&campaign, 0, 0, false, hard).expect("it fits");
            assert!(ways.cheapest.is_none());
            continue;
        };
        sold += 1;
        // A search that is cut short proves less, and nothing that is not so.
        let cut = Effort {
            branches: 3,
            ..Effort::default()
        };
        let short = cheapest_ways(&campaign, 0, 0, false, cut).expect("it fits");
        assert!(short.at_least.0 * units <= paid, "{campaign:?}");
        for effort in [Effort::default(), hard] {
            let ways = cheapest_ways(&campaign, 0, 0, false, effort).expect("it fits");
            let way = ways.cheapest.expect("it is sold");
            let (way_paid, way_units) = way.paid();
            let (ours, least) = (way_paid.0 * units, paid * i64::from(way_units));
            assert!(ours >= least, "no way is cheaper than all ways");
            assert!(ways.at_least.0 * units <= paid, "{campaign:?}");
            let stack: Vec<u32> = way.quote.steps.iter().map(|step| step.coupon).collect();
            let again = quote(&way.basket, &campaign.coupons, &stack, 0).expect("permitted");
            assert_eq!(again, way.quote);
            if effort == hard {
                found += u32::from(ours == least);
                tight += u32::from(ways.at_least.0 + 2 >= paid / units);
            } else {
                assert_eq!(
                    ours, least,
                    "where all baskets are looked at, it is the cheapest"
                );
                assert_eq!(ways.at_least, way.effective);
            }
        }
    }
    println!("padding {sold}: the cheapest way found in {found}, bound within 2 fen in {tight}");
    assert!(
        f64::from(found) >= 0.95 * f64::from(sold),
        "{found} of {sold}"
    );
    assert!(tight > sold / 3, "{tight} of {sold}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Numbers of a campaign exchanged for others, and lines left out: it is audited, or told what is wrong with it.
    #[test]
    fn no_campaign_makes_it_panic(
        line in 0_usize..45,
        other in 0_usize..45,
        number in prop::sample::select(vec!["0", "-1", "0.01", "1", "3", "99.99", "1e7", "1e300", "nan", "\"x\"", "10000000"]),
        drop in any::<bool>(),
    ) {
        let mut lines: Vec<String> = COAT.lines().map(str::to_owned).collect();
        let count = lines.len();
        if let Some((key, _)) = lines[line % count].clone().split_once(" = ") {
            lines[line % count] = format!("{key} = {number}");
        }
        if drop {
            lines.remove(other % count);
        }
        if let Ok(campaign) = read(&lines.join("\n")) {
            let found = audit(&campaign, &mut |_, _| {}).expect("checked amounts fit");
            prop_assert_eq!(found.findings.len(), campaign.promises.len());
        }
    }
}
