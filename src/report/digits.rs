//! Numbers of a metric as people read them: shares in percent, as many digits as they bear, a real minus sign, nothing that is no number.

use crate::money::in_thousands;

/// What stands where there is no number.
pub const NONE: &str = "\u{2013}";

/// Decimals that are ever shown, at most.
const DECIMALS: i32 = 6;

/// How the values of a unit are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale<'a> {
    unit: &'a str,
}

impl<'a> Scale<'a> {
    /// The scale of a unit: "share" is written in percent, anything else as it is.
    pub fn of(unit: &'a str) -> Self {
        Self { unit }
    }

    fn is_share(self) -> bool {
        self.unit == "share"
    }

    /// Unit of values.
    pub fn unit(self) -> &'a str {
        if self.is_share() { "%" } else { self.unit }
    }

    /// Unit of differences.
    pub fn unit_of_difference(self) -> &'a str {
        if self.is_share() {
            "percentage points"
        } else {
            self.unit
        }
    }

    fn factor(self) -> f64 {
        if self.is_share() { 100.0 } else { 1.0 }
    }

    /// A value, with three significant digits or every whole one.
    pub fn value(self, value: f64) -> String {
        self.alike(&[value]).remove(0)
    }

    /// Values that belong together, with the decimals that the largest of them bears.
    pub fn alike(self, values: &[f64]) -> Vec<String> {
        let values: Vec<f64> = values.iter().map(|value| self.factor() * value).collect();
        let decimals = decimals(&values);
        let write = |value: &f64| written(*value, decimals);
        values.iter().map(write).collect()
    }

    /// A value that was set, not measured: a probability that three digits would make certain, such as 0.999999, has all its digits.
    pub fn set(self, value: f64) -> String {
        let exact = self.factor() * value;
        match self.value(value) {
            short if short == "1.000" => exact.to_string(),
            short => short,
        }
    }

    /// A difference and its interval, if there is one, with the sign of what is above zero.
    pub fn difference(self, mean: f64, interval: Option<[f64; 2]>) -> (String, String) {
        let ends = interval.unwrap_or([mean, mean]);
        let written = self.alike(&[mean, ends[0], ends[1]]);
        let between = match interval {
            Some(_) => format!("{} to {}", written[1], written[2]),
            None => NONE.to_owned(),
        };
        (with_plus(&written[0]), between)
    }
}

/// A percentage with its sign, such as "+2.1 %".
pub fn percent_change(ratio: f64) -> String {
    let percent = 100.0 * ratio;
    let text = with_plus(&written(percent, usize::from(percent.abs() < 99.95)));
    if percent.is_finite() {
        format!("{text} %")
    } else {
        text
    }
}

fn with_plus(text: &str) -> String {
    let positive = text.starts_with(|c: char| c.is_ascii_digit());
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if positive && !zero {
        format!("+{text}")
    } else {
        text.to_owned()
    }
}

/// Decimals that show three significant digits of the largest value.
fn decimals(values: &[f64]) -> usize {
    let finite = values.iter().filter(|value| value.is_finite());
    let largest = finite.fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest == 0.0 {
        return 0;
    }
    let before = libm::floor(libm::log10(largest)) as i32;
    (2 - before).clamp(0, DECIMALS) as usize
}

/// A number with thousands separated; beyond what a label holds, as a power of ten.
fn written(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let text = if value.abs() < 1.0e15 {
        format!("{:.decimals$}", value.abs())
    } else {
        return format!("{value:.2e}").replace('-', "\u{2212}");
    };
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let point = if rest.is_empty() { "" } else { "." };
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !zero { "\u{2212}" } else { "" };
    format!("{sign}{}{point}{rest}", in_thousands(whole))
}

#[cfg(test)]
mod tests {
    use super::{NONE, Scale, percent_change};

    #[test]
    fn numbers_bear_three_digits_or_all_whole_ones() {
        let yuan = Scale::of("yuan");
        for (value, text) in [
            (0.0, "0"),
            (1_234_567.4, "1,234,567"),
            (-98.76, "\u{2212}98.8"),
            (0.012_34, "0.0123"),
            (-0.000_000_001, "0.000000"),
            (f64::NAN, NONE),
            (f64::INFINITY, NONE),
            (2.5e18, "2.50e18"),
        ] {
            assert_eq!(yuan.value(value), text, "{value}");
        }
        assert_eq!(Scale::of("share").value(0.009_6), "0.960");
        assert_eq!(Scale::of("share").unit(), "%");
    }

    #[test]
    fn what_is_nearly_certain_and_was_set_is_not_told_as_certain() {
        let level = Scale::of("");
        for (value, text) in [
            (0.002, "0.00200"),
            (0.999_999, "0.999999"),
            (1.0, "1.00"),
            (1.001, "1.00"),
        ] {
            assert_eq!(level.set(value), text);
        }
    }

    #[test]
    fn differences_have_signs_and_their_intervals_the_same_decimals() {
        let yuan = Scale::of("yuan");
        let said = yuan.difference(12.34, Some([-0.5, 25.0]));
        assert_eq!(said, ("+12.3".to_owned(), "\u{2212}0.5 to 25.0".to_owned()));
        let said = yuan.difference(0.0, Some([0.0, 0.0]));
        assert_eq!(said, ("0".to_owned(), "0 to 0".to_owned()));
        let said = yuan.difference(5.0, None);
        assert_eq!(said, ("+5.00".to_owned(), NONE.to_owned()));
    }

    #[test]
    fn changes_are_in_percent() {
        assert_eq!(percent_change(-0.123), "\u{2212}12.3 %");
        assert_eq!(percent_change(4.5), "+450 %");
        assert_eq!(percent_change(0.0), "0 %");
        assert_eq!(percent_change(f64::NAN), NONE);
    }
}
