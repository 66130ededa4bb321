//! Detectors in the platform's hands, and farms that learn: who knows the truth averts harm and wrongs nobody; a market amid calls and crews can be saved.

use super::small;
use std::sync::Arc;
use yellowcart::detect::baselines::baseline;
use yellowcart::detect::scoring::Figure;
use yellowcart::detect::suite::{Split, market};
use yellowcart::experiment::detection::{Board, Entrant, NOBODY, Wanted, bench};
use yellowcart::market::{Market, Nobody, Pace};

fn tried(suite: &str, names: &[&str]) -> Board {
    let mut suite = small(suite);
    (suite.file.development_streams, suite.file.test_streams) = (1, 2);
    if let Some(terms) = &mut suite.file.adaptive {
        terms.rounds = 2;
    }
    let entrants = names.iter().filter_map(|name| baseline(name));
    let entrants: Vec<Entrant> = entrants.map(Entrant::Baseline).collect();
    let wanted = Wanted {
        suite: &suite,
        entrants: &entrants,
        threads: 2,
        enforce: true,
        curve: false,
    };
    bench(&wanted, &|_, _, _| {}).expect("it comes to its end")
}

#[test]
fn who_knows_the_truth_averts_harm_and_wrongs_nobody() {
    let board = tried("static", &["oracle", "null"]);
    let [oracle, null] = board.detectors.as_slice() else {
        panic!("two were tried");
    };
    for verdict in &oracle.verdicts {
        let precision = verdict.average_precision.mean.expect("there are positives");
        assert!(precision > 0.97, "{:?}: {precision}", verdict.track);
    }
    let averted = &oracle.averted[0];
    let harm = averted.harm_averted.mean.expect("two streams");
    let before = board.harm_unwatched.mean.expect("two streams");
    assert!(harm > 0.25 * before && harm <= before, "{harm} of {before}");
    // Rooms, accounts, orders, offers: what is said of the market in which nobody watches may come a moment early in the one in which something was done.
    let mean = |figure: &Figure| figure.mean.expect("two streams");
    for (right, wrong) in averted.right.iter().zip(&averted.wrong) {
        assert!(mean(right) > 10.0 * mean(wrong), "{averted:?}");
    }
    assert_eq!([1, 2].map(|kind| mean(&averted.wrong[kind])), [0.0, 0.0]);
    // Who says nothing is scored as one who cannot tell.
    assert_eq!(null.verdicts.len(), 4);
    for verdict in &null.verdicts {
        let (precision, chance) = (verdict.average_precision.mean, verdict.prevalence.mean);
        let apart = precision.unwrap_or(0.0) - chance.unwrap_or(0.0);
        assert!(apart.abs() < 1e-12, "{verdict:?}");
    }
    assert_eq!(null.averted[0].harm_averted.mean, Some(0.0));
    assert_eq!(null.averted[0].review_cost.mean, Some(0.0));
}

#[test]
fn farms_that_learn_go_for_what_is_not_caught() {
    let board = tried("adaptive", &["oracle", "silent_crowd"]);
    let payoffs = board.adaptive.expect("the suite is adaptive");
    let learnt = |name: &str| {
        let mut all = payoffs.learnt.iter();
        all.find(|learnt| learnt.detector == name).expect(name)
    };
    for mix in payoffs.learnt.iter().flat_map(|learnt| &learnt.mix) {
        assert!((mix.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{mix:?}");
    }
    assert_eq!(learnt("oracle").static_caught.mean, Some(1.0));
    // Nothing pays where everything is caught: there is nothing to go for.
    assert_eq!(payoffs.detectors, [NOBODY, "oracle", "silent_crowd"]);
    let returns = |who: usize| {
        payoffs
            .farm_return
            .iter()
            .filter_map(move |row| row[who].mean)
    };
    assert!(returns(0).all(|gain| gain > 0.5));
    assert!(returns(1).all(|gain| gain < 0.0));
    assert!(returns(2).any(|gain| gain > 0.5));
    assert_eq!(learnt(NOBODY).adapted_caught.mean, Some(0.0));
    // What scores are worth at worst is the least of all that was tried, before and after among it.
    assert!(learnt(NOBODY).precision.is_empty());
    for remix in &learnt("oracle").precision {
        let known = [
            &remix.static_precision,
            &remix.adapted_precision,
            &remix.worst_precision.1,
        ];
        let [before, after, worst] = known.map(|figure| figure.mean.expect("two streams"));
        assert!(worst <= before.min(after) && worst > 0.9, "{remix:?}");
    }
    assert_eq!(learnt("oracle").precision.len(), 3);
    let rule = learnt("silent_crowd");
    assert!(
        rule.adapted_caught.mean <= rule.static_caught.mean,
        "{rule:?}"
    );
}

#[test]
fn a_market_amid_calls_and_crews_goes_on_as_if_nothing_had_been() {
    let suite = small("static");
    let fresh = || {
        let (scenario, _) = market(&suite, 2_001, Split::Test, None).expect("it can be made");
        Market::new(Arc::clone(&scenario), Box::new(Nobody))
    };
    let mut whole = fresh();
    while whole.time() < 9_000.0 {
        whole.step();
    }
    let mut resumed = fresh();
    resumed.restore(&whole.snapshot()).expect("its own state");
    for market in [&mut whole, &mut resumed] {
        while market.step() != Pace::Finished {}
    }
    assert_eq!(whole.summary(), resumed.summary());
}

#[test]
fn a_call_brings_only_those_who_would_not_have_come() {
    let with = small("static");
    let mut without = with.clone();
    without.file.twins.clear();
    let online = |suite| {
        let (scenario, _) = market(suite, 2_001, Split::Test, None).expect("it can be made");
        let mut market = Market::new(scenario, Box::new(Nobody));
        while market.step() != Pace::Finished {}
        let summary = market.summary();
        (summary.online_consumers, summary.market.real_views)
    };
    let ((planned, views), (alone, fewer)) = (online(&with), online(&without));
    assert_eq!(planned, alone);
    assert!(views > fewer + 500, "{views} and {fewer}");
}
