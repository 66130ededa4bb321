//! Markets that answer back: what is chosen is played, what was seen is learnt, and nothing of it breaks a contract.

use std::collections::BTreeSet;
use std::sync::Arc;
use yellowcart::market::{
    Account, ConductOfDay, ConductRow, LedgerRow, Market, Nobody, Observer, Pace, Summary,
};
use yellowcart::scenario::{Regime, Request, Scenario, load};

/// A week of a small market.
const WEEK: [&str; 4] = [
    "population.consumers=6000",
    "generate.rooms=40",
    "generate.evenings=7",
    "strategy.brands.count=20",
];

const END: &str = "clock.end=\"2020-10-28 00:30\"";

fn scenario(regime: &str, changes: &[&str]) -> Arc<Scenario> {
    let all = WEEK.iter().chain([&END]).chain(changes);
    let changes: Vec<String> = all.map(|change| (*change).to_owned()).collect();
    let bundle = load(&Request {
        what: "festival_weeks",
        regime: Some(regime),
        overrides: &changes,
        ..Request::default()
    });
    let bundle = bundle.unwrap_or_else(|faults| panic!("{faults:?}"));
    Arc::new(bundle.resolve().expect("it was checked"))
}

fn finish(mut market: Market) -> Summary {
    while market.step() != Pace::Finished {}
    market.summary()
}

fn run(regime: &str, changes: &[&str]) -> Summary {
    finish(Market::new(scenario(regime, changes), Box::new(Nobody)))
}

/// The same, with rules that are changed by hand.
fn run_under(changes: &[&str], rules: impl FnOnce(&mut Regime)) -> Summary {
    let mut scenario = Arc::unwrap_or_clone(scenario("china-2020-07", changes));
    rules(&mut scenario.regime);
    finish(Market::new(Arc::new(scenario), Box::new(Nobody)))
}

fn days(summary: &Summary) -> &[ConductOfDay] {
    &summary.season.as_ref().expect("anchors choose").days
}

fn sum(summary: &Summary, count: fn(&ConductOfDay) -> u32) -> u32 {
    days(summary).iter().map(count).sum()
}

#[test]
fn what_is_pinned_is_done() {
    let honest = run(
        "none",
        &[
            "strategy.pinned.anchors.all={ script = \"honest_pitch\", views = 0, orders = 0, inflation = 1, promises = false, stays = true }",
        ],
    );
    assert_eq!(
        sum(&honest, |day| day.deceiving + day.promising + day.left),
        0
    );
    assert!(sum(&honest, |day| day.on_air) > 100);
    assert_eq!(honest.harm.all.deception, 0.0, "nobody deceives");
    let false_all = run(
        "none",
        &[
            "strategy.pinned.anchors.all={ script = \"staged_quarrel\", views = 10, orders = 0.5, inflation = 5, promises = true, stays = true }",
        ],
    );
    let on_air = sum(&false_all, |day| day.on_air);
    assert_eq!(sum(&false_all, |day| day.buying_views), on_air);
    assert_eq!(sum(&false_all, |day| day.brushing), on_air);
    assert_eq!(sum(&false_all, |day| day.promising), on_air);
    assert!(false_all.harm.all.deception > 0.0);
    assert!(false_all.market.brushed_orders > 0);
    // One is pinned and the others choose.
    let one = run(
        "none",
        &["strategy.pinned.anchors.g00007={ script = \"misbid\", stays = true }"],
    );
    assert!(days(&one)[0].by_script[2] >= 1);
}

/// Keeps what anchors did.
#[derive(Default)]
struct Conducts(Vec<ConductRow>);

impl Observer for Conducts {
    fn conduct(&mut self, row: &ConductRow) {
        self.0.push(row.clone());
    }
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

#[test]
fn what_is_chosen_is_played() {
    let plot = scenario("none", &[]);
    let mut market = Market::new(plot, Box::<Conducts>::default());
    while market.step() != Pace::Finished {}
    let plot = market.scenario();
    let observer = market.into_observer().expect("it was given one");
    let conducts = observer
        .into_any()
        .downcast::<Conducts>()
        .expect("the same");
    assert!(conducts.0.len() > 100, "{}", conducts.0.len());
    let mut scripts = 0;
    for row in &conducts.0 {
        let room = &plot.rooms[row.room as usize];
        assert_eq!(room.scripts, std::slice::from_ref(&row.script));
        let has = |name: &str| room.cues.iter().any(|cue| cue.act.name() == name);
        assert_eq!(has("promise"), row.promises, "{}", room.name);
        assert_eq!(has("buy"), row.views_bought > 0, "{}", room.name);
        assert_eq!(has("brush_orders"), row.orders_bought > 0, "{}", room.name);
        let times = room.cues.iter().map(|cue| cue.at);
        assert!(
            times
                .clone()
                .all(|at| (room.on_air..room.off_air).contains(&at))
        );
        assert!(times.is_sorted());
        scripts += usize::from(row.script != "honest_pitch");
    }
    assert!(scripts > 0 && scripts < conducts.0.len());
}

#[test]
fn a_season_that_is_saved_and_restored_goes_on_as_if_nothing_had_been() {
    let plot = scenario("patrolled", &["regime=\"patrolled\""]);
    let mut whole = Market::new(Arc::clone(&plot), Box::new(Nobody));
    let mut ended = 0;
    let mut saved = Vec::new();
    loop {
        match whole.step() {
            Pace::DayEnded => {
                ended += 1;
                if ended == 3 {
                    saved = whole.snapshot();
                }
            }
            Pace::Finished => break,
            Pace::Running => {}
        }
    }
    let mut again = Market::new(plot, Box::new(Nobody));
    again.restore(&saved).expect("it is of the same scenario");
    assert_eq!(again.snapshot(), saved);
    assert_eq!(finish(again), whole.summary());
}

#[test]
fn regimes_are_the_same_until_a_rule_acts() {
    let none = run("none", &[]);
    let harsh = run("china-2026", &[]);
    let acted = harsh.rules.iter().filter_map(|(_, at)| *at);
    let first = acted.fold(f64::INFINITY, f64::min);
    let plot = scenario("none", &[]);
    for (day, (a, b)) in none
        .state_hashes
        .iter()
        .zip(&harsh.state_hashes)
        .enumerate()
    {
        let end = plot.clock.first_day_end + 86_400.0 * day as f64;
        if end < first {
            assert_eq!(days(&none)[day], days(&harsh)[day], "day {day}, {a} {b}");
        }
    }
}

#[test]
fn a_promise_is_broken_by_a_later_cut_and_by_nothing_else() {
    let promise =
        "strategy.pinned.anchors.all={ script = \"honest_pitch\", promises = true, stays = true }";
    let kept = run(
        "none",
        &[promise, "strategy.pinned.brands.all={ cuts = false }"],
    );
    assert_eq!(days(&kept).last().map(|day| day.promises_broken), Some(0));
    let chosen = run("none", &[promise, "strategy.brands.reviews_every=1"]);
    let last = days(&chosen).last().expect("a week");
    assert!(
        last.promises_broken > 0 && last.promises_broken < last.promises,
        "{last:?}"
    );
    // Whoever asks the lower price from the start promises that, and keeps it.
    let always = run(
        "none",
        &[promise, "strategy.pinned.brands.all={ cuts = true }"],
    );
    assert_eq!(days(&always).last().map(|day| day.promises_broken), Some(0));
}

#[test]
fn whoever_leaves_stays_away() {
    let summary = run(
        "none",
        &[
            "strategy.anchors.leaves_below=1.0",
            "strategy.anchors.temperature=0.3",
        ],
    );
    let left: Vec<u32> = days(&summary).iter().map(|day| day.left).collect();
    assert!(left.is_sorted() && left.last() > Some(&5), "{left:?}");
    let first = days(&summary)[1].on_air;
    let last = days(&summary)[6].on_air;
    assert!(last < first, "{last} after {first}");
}

#[test]
fn scripts_spread_by_imitation_and_by_the_course() {
    let eager = "strategy.anchors.scruples={ median = 0.05 }";
    let know = |summary: &Summary| {
        days(summary)
            .last()
            .map(|day| day.know.iter().skip(1).sum::<u32>())
            .unwrap_or_default()
    };
    let nobody = [
        "strategy.anchors.knows_course=0",
        "strategy.anchors.course_reach=0",
    ];
    assert_eq!(know(&run("none", &nobody)), 0);
    let course = run(
        "none",
        &[
            "strategy.anchors.knows_course=0",
            "strategy.anchors.course_reach=1",
            "strategy.anchors.horizon=60",
            "strategy.anchors.scruples={ median = 0.01 }",
        ],
    );
    assert!(know(&course) > 10, "{}", know(&course));
    let paid = course
        .earned
        .iter()
        .find(|earned| earned.account == "suppliers");
    assert!(paid.is_some());
    let imitation = run(
        "none",
        &[
            "strategy.anchors.course_reach=0",
            "strategy.anchors.imitation=1",
            eager,
        ],
    );
    let still = run(
        "none",
        &[
            "strategy.anchors.course_reach=0",
            "strategy.anchors.imitation=0",
            eager,
        ],
    );
    assert!(know(&imitation) > know(&still));
}

/// A script by another name in which nothing is done but what everybody does.
const PLACEBO: &str = r#"scripts.placebo={ title = "Sells it", parameters = { product = { meaning = "the product shown" }, price = { meaning = "its price, yuan" }, stock = { meaning = "units on sale" } }, cues = [{ at = "0:00:00", pitch = { product = "$product", arousal = 0.1 } }, { at = "0:01:00", open_link = { product = "$product", price = "$price", stock = "$stock" } }, { at = "0:10:00", close_link = { product = "$product" } }] }"#;

/// A course that teaches what everybody does anyway: whoever believes in it after two weeks has been misled by its own learning.
#[test]
fn a_script_that_does_nothing_is_played_by_half() {
    let mut played = 0;
    let mut on_air = 0;
    for seed in [1, 2, 3] {
        let changes = [
            PLACEBO,
            "strategy.anchors.scripts=[\"placebo\"]",
            "strategy.anchors.views=[]",
            "strategy.anchors.orders=[]",
            "strategy.anchors.inflation=[]",
            "strategy.anchors.promises=false",
            "strategy.anchors.expected_gain=0",
            "strategy.anchors.expected_punishment=0",
            "strategy.anchors.scruples={ median = 0, spread = 0 }",
            "strategy.anchors.knows_course=1",
            "strategy.pinned.anchors.all={ stays = true }",
            &format!("seed={seed}"),
        ];
        let summary = run("none", &changes);
        for day in &days(&summary)[1..] {
            played += day.deceiving;
            on_air += day.on_air;
        }
    }
    let share = f64::from(played) / f64::from(on_air);
    assert!((share - 0.5).abs() < 0.06, "{share} of {on_air}");
}

#[test]
fn brands_pay_nobody_who_is_suspended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("closing.toml");
    let rule = r#"suspension_days = { value = 30, article = "assumption: a test", evidence = "A", sweep = [7, 60] }"#;
    let watched = include_str!("../scenarios/regimes/patrolled.toml");
    std::fs::write(&path, format!("{watched}\n{rule}\n")).expect("written");
    let eager = "strategy.anchors.scruples={ median = 0.01 }";
    let plot = scenario(&path.display().to_string(), &["generate.rooms=20", eager]);
    let mut market = Market::new(plot, Box::<Fees>::default());
    while market.step() != Pace::Finished {}
    let plot = market.scenario();
    assert!(
        market.summary().aftermath.closed_rooms > 0,
        "nobody is suspended here"
    );
    let observer = market.into_observer().expect("it was given one");
    let fees = observer.into_any().downcast::<Fees>().expect("the same");
    assert!(fees.paid.len() > 20, "{}", fees.paid.len());
    let of = |(day, room): &(u32, u32)| (*day, plot.rooms[*room as usize].anchor);
    let played: BTreeSet<(u32, u32)> = fees.played.iter().map(of).collect();
    for (day, anchor) in &fees.paid {
        assert!(
            played.contains(&(*day, *anchor)),
            "anchor {anchor} on day {day}"
        );
    }
}

/// Keeps on which day which anchor was paid for a place, and in which rooms they played.
#[derive(Default)]
struct Fees {
    paid: Vec<(u32, u32)>,
    played: Vec<(u32, u32)>,
}

impl Observer for Fees {
    fn conduct(&mut self, row: &ConductRow) {
        self.played.push((row.day, row.room));
    }
    fn ledger(&mut self, row: &LedgerRow) {
        if let ("slot_fee", Account::Anchor(anchor)) = (row.purpose.as_str(), row.to) {
            self.paid.push((row.day, anchor));
        }
    }
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

#[test]
fn dearer_bots_are_bought_less() {
    let price = |price: &str| {
        let change = format!("farms.july.views_price={price}");
        let other = format!("farms.newcomer.views_price={price}");
        let fixed = "strategy.farms.choose=false";
        sum(&run("none", &[&change, &other, fixed]), |day| {
            day.buying_views
        })
    };
    let (cheap, dear) = (price("30"), price("90000"));
    assert!(cheap > dear, "{cheap} at 30 yuan, {dear} at 90,000");
}

#[test]
fn farms_compete_and_take_more_pains_when_caught() {
    let calm = run("none", &[]);
    let watched = run("patrolled", &["strategy.farms.bears_caught=0.0"]);
    let pains = |summary: &Summary| {
        days(summary)
            .iter()
            .map(|day| day.realism)
            .fold(0.0, f64::max)
    };
    assert_eq!(pains(&calm), 0.0);
    assert!(pains(&watched) > 0.0, "no platform catches anybody here");
    let prices: Vec<f64> = days(&calm).iter().map(|day| day.view_price).collect();
    assert!(prices.iter().any(|price| *price != prices[0]), "{prices:?}");
}

/// What was thought before is soon forgotten.
const OPEN_MINDED: &str = "strategy.anchors.prior_evenings=1";

/// Everything is pinned but what some kind does.
const FREE_TO_INFLATE: &str = "strategy.pinned.anchors.all={ script = \"honest_pitch\", views = 0, orders = 0, promises = false, stays = true }";

#[test]
fn a_fine_on_its_brand_for_a_false_price_deters_the_anchor_who_claimed_it() {
    let inflating = |a_year: f64| {
        let scruples = "strategy.anchors.scruples={ median = 0.01, spread = 0.0 }";
        let summary = run_under(&[FREE_TO_INFLATE, OPEN_MINDED, scruples], |regime| {
            regime.q_state = a_year;
            regime.enforcement_delay_days = 0.0;
        });
        let last = &days(&summary)[4..];
        let inflating: u32 = last.iter().map(|day| day.inflating).sum();
        (inflating, summary.aftermath.fines)
    };
    let (left_alone, no_fines) = inflating(0.0);
    let (inspected, fines) = inflating(1.0);
    assert!(fines > no_fines, "{fines:?}");
    assert!(
        2 * inspected < left_alone,
        "{inspected} inspected, {left_alone} left alone"
    );
}

#[test]
fn brands_that_must_hire_do_where_there_is_a_place() {
    // At this fee nobody would, after a few evenings.
    let fee = "strategy.brands.fee_per_viewer=50";
    let hired = |changes: &[&str]| {
        let summary = run("none", changes);
        days(&summary)
            .iter()
            .map(|day| day.hired)
            .collect::<Vec<_>>()
    };
    let free = hired(&[fee]);
    let bound = hired(&[fee, "strategy.pinned.brands.all={ hires = true }"]);
    assert!(free[6] < 20, "{free:?}");
    assert_eq!(bound, [20; 7]);
}

#[test]
fn brands_stop_breaking_promises_that_they_have_to_pay_for() {
    let dear = [
        "generate.price_median=1500",
        "population.segments.bargain_hunters.budget.median=10000",
        "population.segments.loyal_fans.budget.median=10000",
        "population.segments.newcomers.budget.median=10000",
        "population.segments.passers_by.budget.median=10000",
        "strategy.pinned.anchors.all={ script = \"honest_pitch\", views = 0, orders = 0, inflation = 1, promises = true, stays = true }",
        "strategy.brands.reviews_every=1",
        "strategy.brands.scruples={ median = 0.01, spread = 0.0 }",
        "strategy.brands.price_cut=0.3",
        "aftermath.price_protection_days=26",
        OPEN_MINDED,
    ];
    let broken = |automatic: bool| {
        let summary = run_under(&dear, |regime| regime.auto_price_protection = automatic);
        let last = &days(&summary)[4..];
        let cutting: u32 = last.iter().map(|day| day.cutting).sum();
        (cutting, summary.aftermath.protected)
    };
    let (free, nothing) = broken(false);
    let (bound, paid) = broken(true);
    assert!(paid > nothing, "{paid:?}");
    assert!(5 * bound < 4 * free, "{bound} and {free} cut");
}
