//! The account of losses, how they are distributed and how long claims last: identities, closed forms and plain counting.

use proptest::prelude::*;
use yellowcart::welfare::{
    Distribution, Loss, Survival, above_line, concentration_index, concentration_of_ranked, theil,
    top_share,
};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// Harms with the zeros of everybody else written out.
fn everybody(harms: &[f64], population: usize) -> Vec<f64> {
    let mut all = harms.to_vec();
    all.resize(population.max(harms.len()), 0.0);
    all
}

/// Half the mean absolute difference of all pairs, over the mean: what the Gini coefficient is.
fn gini_of_pairs(all: &[f64]) -> f64 {
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let apart = all
        .iter()
        .flat_map(|a| all.iter().map(move |b| (a - b).abs()));
    apart.sum::<f64>() / (2.0 * n * n * mean)
}

#[test]
fn gini_and_theil_meet_their_closed_forms() {
    // Everybody bears the same.
    let same = Distribution::of(&[7.0; 40], 40);
    assert!(near(same.gini, 0.0) && near(theil(&[7.0; 40], 40), 0.0));
    // One bears all: (n - 1) / n and ln n.
    let one = Distribution::of(&[7.0], 40);
    assert!(near(one.gini, 39.0 / 40.0) && near(theil(&[7.0], 40), 40.0_f64.ln()));
    // 1, 2, ..., n: (n - 1) / (3 n).
    let ranks: Vec<f64> = (1..=50).map(f64::from).collect();
    assert!(near(Distribution::of(&ranks, 50).gini, 49.0 / 150.0));
    // A part p bears the same, the others nothing: 1 - p.
    let part = Distribution::of(&[3.0; 30], 300_000);
    assert!(near(part.gini, 1.0 - 30.0 / 300_000.0) && near(part.gini_affected, 0.0));
    assert!(near(part.incidence, 0.0001) && part.affected == 30);
}

#[test]
fn harm_above_a_line_meets_its_closed_forms() {
    let harms = [50.0, 100.0, 150.0, 300.0];
    assert!(near(above_line(&harms, 8, 100.0, 0.0), 2.0 / 8.0));
    assert!(near(above_line(&harms, 8, 100.0, 1.0), (0.5 + 2.0) / 8.0));
    assert!(near(above_line(&harms, 8, 100.0, 2.0), (0.25 + 4.0) / 8.0));
    assert!(near(above_line(&[], 0, 100.0, 1.0), 0.0));
    // Nobody above the line is zero, not minus zero: it is written into files.
    assert!(above_line(&[50.0], 8, 100.0, 0.0).is_sign_positive());
}

#[test]
fn nobody_harmed_is_no_inequality() {
    assert_eq!(Distribution::of(&[0.0; 9], 100), Distribution::default());
    assert_eq!(theil(&[], 100), 0.0);
    assert_eq!(top_share(&[], 100, 0.1), 0.0);
    assert_eq!(concentration_index(&[(1.0, 0.0), (2.0, 0.0)]), 0.0);
}

#[test]
fn concentration_has_its_sign_and_its_bounds() {
    let n = 50;
    let first: Vec<(f64, f64)> = (0..n)
        .map(|i| (f64::from(i), f64::from(u8::from(i == 0))))
        .collect();
    // The one of the lowest rank bears all: (1 - n) / n.
    assert!(near(
        concentration_index(&first),
        f64::from(1 - n) / f64::from(n)
    ));
    let last: Vec<(f64, f64)> = first.iter().map(|(rank, x)| (-rank, *x)).collect();
    assert!(near(
        concentration_index(&last),
        f64::from(n - 1) / f64::from(n)
    ));
    // Ordered by itself it is the Gini coefficient.
    let own: Vec<(f64, f64)> = (1..=n).map(|i| (f64::from(i), f64::from(i))).collect();
    let harms: Vec<f64> = own.iter().map(|pair| pair.1).collect();
    assert!(near(
        concentration_index(&own),
        Distribution::of(&harms, 50).gini
    ));
}

#[test]
fn who_is_equal_in_rank_is_not_put_in_an_order() {
    // All are equal, however unequal what they bear.
    let pairs: Vec<(f64, f64)> = (0..20).map(|i| (0.5, f64::from(i * i))).collect();
    assert!(near(concentration_index(&pairs), 0.0));
}

#[test]
fn without_open_claims_survival_is_the_share_not_resolved() {
    let curve = Survival::of(&[(3.0, true), (1.0, true), (2.0, true), (2.0, true)]);
    assert_eq!(curve.steps, [(1.0, 0.75), (2.0, 0.25), (3.0, 0.0)]);
    assert_eq!(
        (curve.at(0.9), curve.at(2.0), curve.at(9.0)),
        (1.0, 0.25, 0.0)
    );
    assert_eq!(curve.median(), Some(2.0));
}

#[test]
fn open_claims_are_at_risk_until_they_are_no_longer_seen() {
    // 2 of 5 resolved on day 1; one is open since day 1, so 1 of 2 on day 3; the last is open.
    let spans = [
        (1.0, true),
        (1.0, true),
        (1.0, false),
        (3.0, true),
        (4.0, false),
    ];
    let curve = Survival::of(&spans);
    assert_eq!(curve.steps.len(), 2);
    assert!(near(curve.at(1.0), 3.0 / 5.0) && near(curve.at(3.5), 3.0 / 5.0 * 0.5));
    assert_eq!(curve.median(), Some(3.0));
    assert_eq!(Survival::of(&[(1.0, false)]).median(), None);
    assert_eq!(Survival::of(&[]).at(5.0), 1.0);
}

/// The product-limit estimate by another way (Efron 1967): every open claim hands its weight on to all that lasted longer, in equal parts.
fn by_redistribution(spans: &[(f64, bool)], time: f64) -> f64 {
    let mut spans = spans.to_vec();
    // Those resolved at a time come before those that were still open then.
    spans.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut weights = vec![1.0 / spans.len() as f64; spans.len()];
    for at in 0..spans.len() {
        let after = spans.len() - at - 1;
        if !spans[at].1 && after > 0 {
            let share = weights[at] / after as f64;
            weights[at] = 0.0;
            weights[at + 1..]
                .iter_mut()
                .for_each(|weight| *weight += share);
        }
    }
    let resolved = spans.iter().zip(&weights);
    let resolved = resolved.filter(|(span, _)| span.1 && span.0 <= time);
    1.0 - resolved.map(|(_, weight)| weight).sum::<f64>()
}

/// A loss of any kind.
fn losses() -> impl Strategy<Value = Loss> {
    let yuan = || 0.0..2_000.0_f64;
    let kept = (yuan(), yuan(), yuan(), yuan(), yuan())
        .prop_map(|(h, o, d, c, r)| Loss::of_kept(h, o, d, c, r));
    let returned =
        (yuan(), yuan()).prop_map(|(cost, redress)| Loss::of_returned(cost, 0.0, redress));
    let forfeited = yuan().prop_map(Loss::of_forfeited);
    prop_oneof![kept, returned, forfeited]
}

proptest! {
    #[test]
    fn deception_and_overpayment_are_the_larger_of_the_two(
        (h, o, d, c, r) in (0.0..2e3_f64, 0.0..2e3_f64, 0.0..2e3_f64, 0.0..2e3_f64, 0.0..2e3_f64),
    ) {
        let loss = Loss::of_kept(h, o, d, c, r);
        prop_assert!(near(loss.deception + loss.overpayment, h.max(o)));
        prop_assert!(near(loss.gross(), h.max(o) + d + c));
        prop_assert!(near(loss.net(), h.max(o) + d + c - r));
        // A yuan more of redress is a yuan less of net detriment, and nothing else.
        let more = Loss::of_kept(h, o, d, c, r + 1.0);
        prop_assert!(near(more.net(), loss.net() - 1.0) && near(more.gross(), loss.gross()));
    }

    #[test]
    fn an_order_that_was_sent_back_carries_freight_and_time_alone(cost in 0.0..2e3_f64, redress in 0.0..2e3_f64) {
        let loss = Loss::of_returned(cost, 0.0, redress);
        prop_assert_eq!((loss.deception, loss.overpayment, loss.shortfall, loss.claiming), (0.0, 0.0, 0.0, 0.0));
        prop_assert!(near(loss.gross(), cost) && near(loss.net(), cost - redress));
    }

    #[test]
    fn accounts_add_up_in_any_order(losses in prop::collection::vec(losses(), 0..60), cut in 0..60_usize) {
        let sum = |losses: &[Loss]| losses.iter().fold(Loss::default(), |mut sum, loss| { sum += *loss; sum });
        let whole = sum(&losses);
        let gross: f64 = losses.iter().map(Loss::gross).sum();
        let net: f64 = losses.iter().map(Loss::net).sum();
        prop_assert!(near(whole.gross(), gross) && near(whole.net(), net));
        let (one, other) = losses.split_at(cut.min(losses.len()));
        let mut parts = sum(other);
        parts += sum(one);
        prop_assert!(near(parts.net(), whole.net()) && near(parts.gross() - parts.redress, parts.net()));
    }

    #[test]
    fn measures_of_sparse_harm_are_those_of_everybody(
        harms in prop::collection::vec(prop_oneof![Just(0.0), 0.01..5e3_f64], 1..40), more in 0..60_usize,
    ) {
        prop_assume!(harms.iter().sum::<f64>() > 0.0);
        let population = harms.len() + more;
        let all = everybody(&harms, population);
        let n = population as f64;
        let mean = all.iter().sum::<f64>() / n;
        let sparse = Distribution::of(&harms, population as u64);
        prop_assert!(near(sparse.gini, gini_of_pairs(&all)));
        prop_assert!((0.0..1.0).contains(&sparse.gini) && sparse.gini_affected <= sparse.gini + 1e-12);
        let affected: Vec<f64> = all.iter().copied().filter(|harm| *harm > 0.0).collect();
        prop_assert!(near(sparse.gini_affected, gini_of_pairs(&affected)));
        let t: f64 = affected.iter().map(|x| x / mean * (x / mean).ln()).sum::<f64>() / n;
        prop_assert!(near(theil(&harms, population as u64), t));
        prop_assert!((-1e-12..=n.ln() + 1e-12).contains(&theil(&harms, population as u64)));
        // The decomposition that is Theil's own: inequality among those who bear any, and that some bear none.
        let among = theil(&affected, affected.len() as u64) + (n / affected.len() as f64).ln();
        prop_assert!(near(theil(&harms, population as u64), among));
    }

    #[test]
    fn shares_and_lines_are_what_counting_gives(
        harms in prop::collection::vec(0.0..1e3_f64, 1..40), more in 0..60_usize, part in 0.0..=1.0_f64, line in 1.0..900.0_f64,
    ) {
        prop_assume!(harms.iter().sum::<f64>() > 0.0);
        let mut all = everybody(&harms, harms.len() + more);
        all.sort_by(|a, b| b.total_cmp(a));
        let count = (part * all.len() as f64).ceil() as usize;
        let share = all[..count].iter().sum::<f64>() / all.iter().sum::<f64>();
        prop_assert!(near(top_share(&harms, all.len() as u64, part), share));
        let above = all.iter().filter(|harm| **harm > line);
        let gaps: Vec<f64> = above.map(|harm| (harm - line) / line).collect();
        for theta in [0.0, 1.0, 2.0] {
            let expected = gaps.iter().map(|gap| gap.powf(theta)).sum::<f64>() / all.len() as f64;
            prop_assert!(near(above_line(&harms, all.len() as u64, line, theta), expected));
        }
    }

    #[test]
    fn concentration_is_the_covariance_with_ranks(
        people in prop::collection::vec((0..8_u8, prop_oneof![Just(0.0), 0.0..1e3_f64]), 1..60),
    ) {
        let pairs: Vec<(f64, f64)> = people.iter().map(|(rank, harm)| (f64::from(*rank), *harm)).collect();
        let total: f64 = pairs.iter().map(|pair| pair.1).sum();
        prop_assume!(total > 0.0);
        let n = pairs.len() as f64;
        let count = |test: &dyn Fn(f64) -> bool| pairs.iter().filter(|pair| test(pair.0)).count() as f64;
        let rank = |of: f64| (count(&|other| other < of) + 0.5 * count(&|other| other == of)) / n;
        let ranks: Vec<f64> = pairs.iter().map(|pair| rank(pair.0)).collect();
        let mean_rank = ranks.iter().sum::<f64>() / n;
        prop_assert!(near(mean_rank, 0.5));
        let mean = total / n;
        let covariance = pairs.iter().zip(&ranks).map(|(pair, rank)| (pair.1 - mean) * (rank - mean_rank)).sum::<f64>() / n;
        prop_assert!(near(concentration_index(&pairs), 2.0 * covariance / mean));
        // Those who bear none need not be there, once ranks are known.
        let borne: Vec<(f64, f64)> = ranks.iter().zip(&pairs).filter(|(_, pair)| pair.1 > 0.0).map(|(rank, pair)| (*rank, pair.1)).collect();
        prop_assert!(near(concentration_of_ranked(&borne), concentration_index(&pairs)));
    }

    #[test]
    fn survival_is_what_handing_on_the_weight_of_open_claims_gives(
        spans in prop::collection::vec((0..12_u8, any::<bool>()), 1..60),
    ) {
        let spans: Vec<(f64, bool)> = spans.into_iter().map(|(days, resolved)| (f64::from(days), resolved)).collect();
        let curve = Survival::of(&spans);
        for time in 0..12 {
            let time = f64::from(time);
            prop_assert!(near(curve.at(time), by_redistribution(&spans, time)), "{time}");
        }
        prop_assert!(curve.steps.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1));
    }
}
