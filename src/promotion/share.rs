//! Shares: an amount split over lines to the fen, summing exactly.

/// Splits `amount` in proportion to `weights`, no share above its cap: what a cap cuts off goes to the others in the same proportion. Fen that
/// do not divide go to the largest remainders, earlier lines first. All are at least 0; the shares sum to the smaller of `amount` and
/// the caps of lines with weight (lines without weight get nothing unless all weights are 0, when the caps take their place).
pub fn split(amount: i64, weights: &[i64], caps: &[i64], shares: &mut [i64]) {
    shares.fill(0);
    let all_zero = weights.iter().all(|weight| *weight <= 0);
    let weight = |line: usize| if all_zero { caps[line] } else { weights[line] }.max(0);
    let mut left = i128::from(amount.max(0));
    // Each round either ends it or takes a line out at its cap.
    let mut full: u128 = 0;
    loop {
        let open = |line: &usize| full >> *line & 1 == 0 && weight(*line) > 0;
        let lines = (0..weights.len()).filter(open);
        let sum: i128 = lines.clone().map(|line| i128::from(weight(line))).sum();
        if left <= 0 || sum == 0 {
            return;
        }
        let part = |line: usize| left * i128::from(weight(line)) / sum;
        let over = |line: &usize| part(*line) >= i128::from(caps[*line]);
        let mut capped: u128 = 0;
        for line in lines.clone().filter(over) {
            capped |= 1 << line;
        }
        if capped == 0 {
            settle(left, sum, lines, &weight, shares);
            return;
        }
        for line in (0..weights.len()).filter(|line| capped >> *line & 1 == 1) {
            shares[line] = caps[line].max(0);
            left -= i128::from(shares[line]);
        }
        full |= capped;
    }
}

/// Gives every line its part rounded down, and the fen left over to the largest remainders. No part has reached its cap, so a fen more fits.
fn settle(
    left: i128,
    sum: i128,
    lines: impl Iterator<Item = usize>,
    weight: &impl Fn(usize) -> i64,
    shares: &mut [i64],
) {
    let mut rest = left;
    let mut remainders: [(i128, usize); super::MOST_LINES] = [(0, 0); super::MOST_LINES];
    let mut count = 0;
    for line in lines {
        let product = left * i128::from(weight(line));
        shares[line] = (product / sum) as i64;
        rest -= product / sum;
        remainders[count] = (-(product % sum), line);
        count += 1;
    }
    let remainders = &mut remainders[..count];
    remainders.sort_unstable();
    for (_, line) in remainders.iter().take(rest.max(0) as usize) {
        shares[*line] += 1;
    }
}

/// Splits a line's amount over its units: the first of them carry the fen that do not divide.
pub fn of_units(amount: i64, units: u32, first: u32) -> i64 {
    let units = i64::from(units.max(1));
    let first = i64::from(first);
    amount / units * first + (amount % units).min(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fen_that_do_not_divide_go_to_the_largest_remainders() {
        let mut shares = [0; 3];
        split(100, &[1, 1, 1], &[1_000; 3], &mut shares);
        assert_eq!(shares, [34, 33, 33]);
        split(10, &[0, 3, 4], &[1_000; 3], &mut shares);
        assert_eq!(shares, [0, 4, 6]);
    }

    #[test]
    fn what_a_cap_cuts_off_goes_to_the_others() {
        let mut shares = [0; 3];
        split(90, &[1, 1, 1], &[10, 100, 100], &mut shares);
        assert_eq!(shares, [10, 40, 40]);
        split(500, &[1, 1, 1], &[10, 20, 30], &mut shares);
        assert_eq!(shares, [10, 20, 30]);
    }

    proptest! {
        #[test]
        fn shares_sum_exactly_and_keep_their_caps(
            amount in 0_i64..1_000_000,
            lines in prop::collection::vec((1_i64..100_000, 0_i64..100_000), 1..12),
        ) {
            let (weights, caps): (Vec<i64>, Vec<i64>) = lines.into_iter().unzip();
            let mut shares = vec![0; weights.len()];
            split(amount, &weights, &caps, &mut shares);
            prop_assert_eq!(shares.iter().sum::<i64>(), amount.min(caps.iter().sum()));
            for (share, cap) in shares.iter().zip(&caps) {
                prop_assert!((0..=*cap).contains(share));
            }
            // Where no cap binds, nobody is a fen or more away from the exact proportion.
            if shares.iter().zip(&caps).all(|(share, cap)| share < cap) {
                let sum: i64 = weights.iter().sum();
                for (share, weight) in shares.iter().zip(&weights) {
                    let exact = amount as f64 * *weight as f64 / sum as f64;
                    prop_assert!((*share as f64 - exact).abs() < 1.0);
                }
            }
        }

        #[test]
        fn units_of_a_line_sum_to_the_line(amount in 0_i64..1_000_000, units in 1_u32..20, cut in 0_u32..20) {
            let cut = cut.min(units);
            let first = of_units(amount, units, cut);
            prop_assert!(first >= 0 && first <= amount);
            prop_assert_eq!(of_units(amount, units, units), amount);
        }
    }
}
