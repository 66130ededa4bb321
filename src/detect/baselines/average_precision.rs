//! Average precision of scores, for baselines that choose among features.

/// Average precision of scored examples that are positive or not: the sum of precision times gain of recall over all thresholds, from the highest
/// down, without interpolation (as scikit-learn's `average_precision_score`). Equal scores make one threshold. `None` without a positive example.
pub fn average_precision(mut examples: Vec<(f64, bool)>) -> Option<f64> {
    examples.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
    let positives = examples.iter().filter(|example| example.1).count();
    let (mut above, mut found, mut sum) = (0, 0, 0.0);
    for equal in examples.chunk_by(|one, other| one.0 == other.0) {
        let gained = equal.iter().filter(|example| example.1).count();
        above += equal.len();
        found += gained;
        sum += gained as f64 * found as f64 / above as f64;
    }
    (positives > 0).then(|| sum / positives as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_scikit_learn() {
        // The example of its documentation: 0.8333.
        let example = vec![(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
        let found = average_precision(example).unwrap();
        assert!((found - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn constants_have_the_share_of_positives_and_nothing_has_none() {
        let constant = vec![(1.0, true), (1.0, false), (1.0, false), (1.0, false)];
        assert_eq!(average_precision(constant), Some(0.25));
        let missing = vec![(f64::NEG_INFINITY, false), (0.0, true)];
        assert_eq!(average_precision(missing), Some(1.0));
        assert_eq!(average_precision(vec![(1.0, false)]), None);
        assert_eq!(average_precision(vec![]), None);
    }
}
