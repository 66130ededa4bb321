//! Guarantees of a price: which lower prices they are about, and from when to when; who bears what when goods go back by claim.

use super::common::{Ran, run_scenario, small, written};
use super::*;
use yellowcart::market::{AftermathRow, PaymentRow};

/// Shows on three evenings at prices of their own, a day and more apart; everybody talks, and prices are guaranteed for ten days.
fn evenings(prices: [f64; 3], more: &str, rules: impl FnOnce(&mut Regime)) -> Ran {
    let show = |name: &str, day: u32, price: f64| {
        format!(
            r#"
[rooms.{name}]
anchor = "anchor"
on_air = "2020-11-{day} 20:00"
off_air = "2020-11-{day} 22:00"
cues = [
  {{ at = "0:10:00", open_link = {{ product = "thing", price = {price}, stock = 1000000 }} }},
  {{ at = "1:50:00", close_link = {{ product = "thing" }} }},
]
"#
        )
    };
    let text = small(3_000, prices[0], "")
        .replace("end = \"2020-11-11 23:00\"", "end = \"2020-11-25 06:00\"")
        .replace("budget = { median = 100000.0", "budget = { median = 100.0")
        .replace(
            "[categories.things]\nneed = 0.5",
            "[categories.things]\nneed = 0.2",
        )
        + "[aftermath]\nprice_protection_days = 10.0\nown_search_per_day = 0.0\ncontact_rate = 20.0\ndefects_later = 0.0\n"
        + "complaint_hassle = { median = 0.01, spread = 0.0 }\nhope = 0.9\nseller = { hours = 0.0 }\nplatform = { hours = 0.0 }\n"
        + &show("second", 13, prices[1])
        + &show("third", 15, prices[2])
        + more;
    let mut scenario = written(&text, 3).resolve().expect("it resolves");
    rules(&mut scenario.regime);
    run_scenario(Arc::new(scenario))
}

fn rows<'a>(ran: &'a Ran, event: &'a str) -> impl Iterator<Item = &'a AftermathRow> {
    ran.kept
        .aftermath
        .iter()
        .filter(move |row| row.event == event)
}

/// The room of every order that was paid.
fn bought_in(ran: &Ran, name: &str) -> BTreeSet<u64> {
    let paid = ran.kept.orders.iter();
    let here = paid.filter(|row| ran.scenario.rooms[row.room as usize].name == name);
    here.map(|row| row.order).collect()
}

/// Whoever pays more than others had paid before hears of it, and has nothing to ask for.
#[test]
fn a_guarantee_is_about_lower_prices_after_the_purchase() {
    let rising = evenings([70.0, 80.0, 90.0], "", |_| ());
    let after = &rising.summary.aftermath;
    assert!(after.aware > 50, "{after:?}");
    assert_eq!(after.price_claims, 0, "{after:?}");
    assert_eq!(rising.summary.harm.memo.entitled, 0);

    let falling = evenings([90.0, 80.0, 70.0], "", |_| ());
    let after = &falling.summary.aftermath;
    let last = bought_in(&falling, "third");
    assert!(after.price_claims > 50, "{after:?}");
    assert!(after.granted[Rung::Platform as usize] > 10, "{after:?}");
    for row in rows(&falling, "claimed").filter(|row| row.detail == "lower_price") {
        assert!(!last.contains(&row.order), "{row:?}");
    }
}

/// The price goes down and up again: who bought last before it rose is owed nothing, who bought in the middle neither.
#[test]
fn a_claim_is_for_the_lowest_price_since_the_purchase() {
    let ran = evenings([90.0, 70.0, 80.0], "", |_| ());
    let (first, third) = (bought_in(&ran, "room"), bought_in(&ran, "third"));
    let claims: Vec<_> = rows(&ran, "claimed")
        .filter(|row| row.detail == "lower_price")
        .collect();
    assert!(claims.iter().any(|row| first.contains(&row.order)));
    for row in claims {
        assert!(!third.contains(&row.order), "{row:?}");
        assert!([1_000, 2_000].contains(&row.amount.0), "{row:?}");
    }
}

/// Another seller's lower price is no ground, though it gets about.
#[test]
fn a_guarantee_is_about_the_brands_own_shops_and_rooms() {
    let elsewhere = |other: bool| {
        let shelf = format!(
            "[shelf.cheap]\nproduct = \"thing\"\nprice = 60\nfrom = \"2020-11-12 00:00\"\nother_seller = {other}\n"
        );
        let ran = evenings([90.0, 90.0, 90.0], &shelf, |_| ());
        let bought = rows(&ran, "delivered").count() as u64;
        assert!(bought > 100, "{bought}");
        ran
    };
    let (own, other) = (elsewhere(false), elsewhere(true));
    assert!(own.summary.harm.memo.entitled > 50);
    assert_eq!(other.summary.harm.memo.entitled, 0);
}

/// Platforms see what is paid: the difference comes on the day of the lower price, and again when it falls again; no more than that.
#[test]
fn automatic_protection_pays_on_the_day_of_every_lower_price() {
    let ran = evenings([90.0, 80.0, 65.0], "", |regime| {
        regime.auto_price_protection = true;
    });
    let (first, second) = (bought_in(&ran, "room"), bought_in(&ran, "second"));
    let mut paid: BTreeMap<u64, Vec<(u32, i64)>> = BTreeMap::new();
    for row in rows(&ran, "protected") {
        let of_order = paid.entry(row.order).or_default();
        of_order.push((row.day, row.amount.0));
    }
    let day = |name: &str| {
        let room = ran.scenario.rooms.iter().find(|room| room.name == name);
        (room.expect("it exists").on_air / 86_400.0) as u32
    };
    assert!(paid.len() > 100);
    let mut twice = 0;
    for (order, payments) in &paid {
        if second.contains(order) {
            assert_eq!(payments, &[(day("third"), 1_500)]);
        } else {
            assert!(first.contains(order));
            let all = [(day("second"), 1_000), (day("third"), 1_500)];
            // Who claims by itself in between, or returns the goods, gets less of them.
            assert!(!payments.is_empty() && payments.iter().all(|one| all.contains(one)));
            twice += u32::from(payments == &all);
        }
    }
    assert!(twice > 20, "{twice}");
    let owed = ran.summary.harm.memo.over_guaranteed;
    let got = ran.summary.aftermath.protected.yuan();
    assert!(got >= 0.9 * owed, "{got} of {owed}");
}

/// A guarantee of a presale runs from when its balance falls due, however late it is paid.
#[test]
fn a_presale_is_guaranteed_from_when_its_balance_falls_due() {
    let text = small(3_000, 90.0, "")
        .replace("stock = 1000000 }", "stock = 1000000, deposit = 10, balance_due = \"2020-11-12 00:00\", balance_until = \"2020-11-20 00:00\" }")
        .replace("end = \"2020-11-11 23:00\"", "end = \"2020-11-25 06:00\"")
        + "[behaviour]\nbalance_hours = 60.0\n[aftermath]\nprice_protection_days = 10.0\n"
        + "[shelf.cheap]\nproduct = \"thing\"\nprice = 80\nfrom = \"2020-11-12 00:00\"\nuntil = \"2020-11-13 00:00\"\n";
    let ran = run_scenario(Arc::new(written(&text, 3).resolve().expect("it resolves")));
    let paid = |row: &&PaymentRow| row.event == yellowcart::market::PaymentEvent::BalancePaid;
    let late = ran.kept.payments.iter().filter(paid);
    let late = late.filter(|row| row.time > 86_400.0 * 2.0).count();
    let memo = &ran.summary.harm.memo;
    assert!(late > 50, "{late}");
    assert_eq!(memo.entitled, ran.summary.harm.kept, "{memo:?}");
}

/// Whoever sends back by claim what became defective in use pays no freight, however late it shows.
#[test]
fn the_seller_bears_the_freight_of_what_is_defective() {
    let text = small(3_000, 80.0, "")
        .replace("end = \"2020-11-11 23:00\"", "end = \"2020-12-20 06:00\"")
        .replace("cost = 40.0", "cost = 40.0\ndefect_share = 0.5")
        .replace("[brands.brand]", "[brands.brand]\nreturn_days = 0")
        + "[aftermath]\nfit_spread = 0.0\ndefects_later = 1.0\ndefect_days = 3.0\nhope = 0.9\ncomplaint_hassle = { median = 0.01, spread = 0.0 }\nplatform = { hours = 0.0 }\n";
    let mut scenario = written(&text, 3).resolve().expect("it resolves");
    scenario.regime.cooling_off_days = 30.0;
    let ran = run_scenario(Arc::new(scenario));
    let after = &ran.summary.aftermath;
    assert!(after.returned[0] > 50, "{after:?}");
    let freight = ran
        .kept
        .ledger
        .iter()
        .filter(|row| row.purpose.as_str() == "freight");
    let by_buyers = freight.filter(|row| row.from == Account::Consumers);
    assert_eq!(by_buyers.count(), 0);
}

/// A brand that answers in public takes goods back from whoever wants to give them back; nobody keeps both goods and price.
#[test]
fn an_answer_in_public_takes_goods_back() {
    let ran = under("no_exchange", TALKATIVE, |_| ());
    let mut plain = plain("no_exchange", TALKATIVE);
    plain.regime = Regime::default();
    plain.aftermath.news_threshold = 5;
    plain.aftermath.news_sales_loss = 1.0;
    // Nobody expects that buyers go on.
    plain.aftermath.expected_climbing = 0.0;
    plain.aftermath.climbing_weight = 1e6;
    plain.aftermath.hope = 0.9;
    plain.aftermath.board.hours = 0.0;
    plain.aftermath.platform.hardness = 1e6;
    plain.aftermath.authority.hardness = 1e6;
    let answered = run_scenario(Arc::new(plain));
    let back: BTreeSet<u64> = rows(&answered, "refunded").map(|row| row.order).collect();
    let satisfied: Vec<_> = rows(&answered, "compensated").collect();
    assert!(
        satisfied.len() > 10,
        "{:?} {:?}",
        answered.summary.aftermath,
        answered.summary.collective
    );
    let wanted: BTreeSet<u64> = rows(&answered, "claimed")
        .filter(|row| row.detail == "return")
        .map(|row| row.order)
        .collect();
    for row in &satisfied {
        assert!(
            !wanted.contains(&row.order) || back.contains(&row.order),
            "{row:?}"
        );
    }
    assert!(satisfied.iter().any(|row| wanted.contains(&row.order)));
    assert!(answered.summary.aftermath.returned[0] > ran.summary.aftermath.returned[0]);
}

/// A presale's price was agreed on in its show: balances that are paid later make no lower price for whoever bought in between.
#[test]
fn a_balance_paid_later_is_no_lower_price_since() {
    let presale =
        "deposit = 10, balance_due = \"2020-11-12 00:00\", balance_until = \"2020-11-20 00:00\"";
    let second = r#"
[rooms.second]
anchor = "anchor"
on_air = "2020-11-12 20:00"
off_air = "2020-11-12 22:00"
cues = [{ at = "0:10:00", open_link = { product = "thing", price = 90, stock = 1000000 } }]
"#;
    let text = small(3_000, 60.0, "")
        .replace("stock = 1000000 }", &format!("stock = 300, {presale} }}"))
        .replace("end = \"2020-11-11 23:00\"", "end = \"2020-11-25 06:00\"")
        + "[behaviour]\nbalance_hours = 60.0\n[aftermath]\nprice_protection_days = 10.0\ncontact_rate = 20.0\n"
        + "complaint_hassle = { median = 0.01, spread = 0.0 }\n"
        + second;
    let ran = run_scenario(Arc::new(written(&text, 3).resolve().expect("it resolves")));
    let late = ran.kept.payments.iter().filter(|row| {
        row.event == yellowcart::market::PaymentEvent::BalancePaid && row.time > 86_400.0 * 2.0
    });
    assert!(late.count() > 30);
    assert!(bought_in(&ran, "second").len() > 50);
    assert!(ran.summary.aftermath.aware > 20);
    assert_eq!(ran.summary.harm.memo.entitled, 0);
    assert_eq!(ran.summary.aftermath.price_claims, 0);
}

/// Whoever gets the whole price back gives back what it had been paid of it; no line gets both.
#[test]
fn nobody_gets_the_price_and_a_difference_of_it() {
    let ran = under("guess_coat", TALKATIVE, |regime| {
        regime.auto_price_protection = true;
        regime.coupon_counts_in_price_guarantee = true;
    });
    let after = &ran.summary.aftermath;
    assert!(after.given_back > Fen::from_yuan(1_000.0), "{after:?}");
    let back: BTreeSet<(u64, u32)> = rows(&ran, "refunded")
        .map(|row| (row.order, row.product))
        .collect();
    let mut paid = Fen::ZERO;
    let mut refunded: BTreeMap<(u64, u32), u32> = BTreeMap::new();
    for row in rows(&ran, "refunded") {
        refunded.insert((row.order, row.product), row.day);
    }
    for row in &ran.kept.aftermath {
        let key = (row.order, row.product);
        let is_redress = match row.event {
            "protected" | "compensated" => true,
            "granted" => row.detail != "return",
            _ => false,
        };
        if is_redress && back.contains(&key) {
            paid += row.amount;
            assert!(row.day <= refunded[&key], "{row:?}");
        }
    }
    assert_eq!(paid, after.given_back);
    let ledger = ran.kept.ledger.iter();
    let given = ledger.filter(|row| row.purpose.as_str() == "redress_back");
    assert_eq!(given.map(|row| row.amount).sum::<Fen>(), after.given_back);
}
