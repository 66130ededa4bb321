//! Figures of a board as people read them: shares in percent, delays in the unit that suits them, yuan, what a track is about.

use crate::detect::scoring::{Figure, Track};
use crate::experiment::detection::{Board, StreamFacts, Tried};
use crate::report::comparison::counted;
use crate::report::digits::{NONE, Scale};

/// A detector's name, with a star where something went wrong.
pub fn starred(tried: &Tried) -> String {
    match tried.trouble.is_empty() {
        true => tried.name.clone(),
        false => format!("{} *", tried.name),
    }
}

/// A share, 0 to 1, in percent: with one decimal, below 1 % with two digits.
pub fn percent(share: Option<f64>) -> String {
    let Some(percent) = share.map(|share| 100.0 * share).filter(|of| of.is_finite()) else {
        return NONE.to_owned();
    };
    let size = percent.abs();
    if size == 0.0 {
        return "0 %".to_owned();
    }
    let decimals = match size < 0.95 {
        true => (1.0 - libm::floor(libm::log10(size))).min(6.0) as usize,
        false => 1,
    };
    let sign = if percent < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{size:.decimals$} %")
}

/// A share in percent as it stands in a sentence, without a zero behind the point.
pub fn plain_percent(share: f64) -> String {
    let percent = percent(Some(share));
    match percent.strip_suffix(" %") {
        Some(digits) if digits.contains('.') => {
            format!("{} %", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => percent,
    }
}

/// A share, 0 to 1, in whole percent.
pub fn whole_percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A number between 0 and 1 with three decimals.
pub fn fraction(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.3}"))
}

/// The mean of a number between 0 and 1, and its interval where there is one.
pub fn with_interval(figure: &Figure) -> String {
    match figure.interval {
        Some([low, high]) => format!("{} ({low:.3}\u{2013}{high:.3})", fraction(figure.mean)),
        None => fraction(figure.mean),
    }
}

/// An amount of yuan.
pub fn yuan(amount: Option<f64>) -> String {
    amount.map_or_else(|| NONE.to_owned(), |amount| Scale::of("yuan").value(amount))
}

/// An interval of amounts of yuan.
pub fn yuan_between(interval: Option<[f64; 2]>) -> String {
    let Some(ends) = interval else {
        return NONE.to_owned();
    };
    Scale::of("yuan").alike(&ends).join(" to ")
}

/// A return on money with its sign, in percent.
pub fn signed_percent(share: Option<f64>) -> String {
    let Some(share) = share.filter(|share| share.is_finite()) else {
        return NONE.to_owned();
    };
    let text = format!("{:.0}", 100.0 * share.abs());
    let sign = match text.as_str() {
        "0" => "",
        _ if share < 0.0 => "\u{2212}",
        _ => "+",
    };
    format!("{sign}{text} %")
}

/// A time in seconds, in the unit that suits it.
pub fn delay(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else {
        return NONE.to_owned();
    };
    match seconds {
        _ if seconds < 90.0 => format!("{seconds:.0} s"),
        _ if seconds < 600.0 => format!("{:.1} min", seconds / 60.0),
        _ if seconds < 10_800.0 => format!("{:.0} min", seconds / 60.0),
        _ if seconds < 172_800.0 => format!("{:.1} h", seconds / 3_600.0),
        _ => format!("{:.1} days", seconds / 86_400.0),
    }
}

/// A name of a file with blanks in it.
pub fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// A name with its first letter large.
pub fn title_of(track: Track) -> &'static str {
    match track {
        Track::Rooms => "Rooms",
        Track::Accounts => "Accounts",
        Track::Orders => "Orders",
        Track::Offers => "Offers",
    }
}

/// What is to be told apart in a track.
pub fn question(track: Track) -> &'static str {
    match track {
        Track::Rooms => "in which minutes a crowd is bought",
        Track::Accounts => "which accounts belong to a farm",
        Track::Orders => "which orders are brushed",
        Track::Offers => "which offers are staged or inflated",
    }
}

/// What a track's items are.
pub fn items(track: Track) -> &'static str {
    match track {
        Track::Rooms => "minutes",
        Track::Accounts => "accounts",
        Track::Orders => "orders",
        Track::Offers => "offers",
    }
}

/// The main budget of false alarms in a track.
pub fn budget(board: &Board, track: Track) -> String {
    let Some(budget) = board.budgets.get(board.main_budget) else {
        return "no budget".to_owned();
    };
    match track {
        Track::Rooms => format!("{} false alarms per room-hour", budget.alarms_per_room_hour),
        _ => format!(
            "{} of honest {}",
            plain_percent(budget.false_positive_rate),
            items(track)
        ),
    }
}

/// The seeds of a kind of streams.
pub fn seeds(board: &Board, split: &str) -> String {
    let of_split = |facts: &&StreamFacts| facts.split == split;
    let mut seeds: Vec<u64> = board
        .streams
        .iter()
        .filter(of_split)
        .map(|facts| facts.seed)
        .collect();
    seeds.sort_unstable();
    let follow = |pair: &[u64]| matches!(pair, [one, next] if one.checked_add(1) == Some(*next));
    let follow = seeds.windows(2).all(follow);
    match seeds.as_slice() {
        [] => "no seed".to_owned(),
        [one] => format!("seed {one}"),
        [first, .., last] if follow => format!("seeds {first} to {last}"),
        [first, .., last] if seeds.len() > 6 => {
            format!("{} from {first} to {last}", counted(seeds.len(), "seed"))
        }
        few => format!(
            "seeds {}",
            few.iter()
                .map(u64::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// How many streams of a kind there are, in words.
pub fn streams(board: &Board, split: &str) -> String {
    let of_split = board.streams.iter().filter(|facts| facts.split == split);
    counted(of_split.count(), &format!("{split} stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_have_the_unit_that_suits_them() {
        for (seconds, words) in [
            (0.0, "0 s"),
            (89.4, "89 s"),
            (90.0, "1.5 min"),
            (1_800.0, "30 min"),
            (10_800.0, "3.0 h"),
            (604_800.0, "7.0 days"),
        ] {
            assert_eq!(delay(Some(seconds)), words);
        }
        assert_eq!(delay(None), NONE);
    }

    #[test]
    fn shares_have_as_many_digits_as_tell_something() {
        for (share, table, sentence) in [
            (0.0, "0 %", "0 %"),
            (0.001, "0.10 %", "0.1 %"),
            (0.000_14, "0.014 %", "0.014 %"),
            (0.009_6, "1.0 %", "1 %"),
            (0.75, "75.0 %", "75 %"),
            (1.0, "100.0 %", "100 %"),
            (-0.125, "\u{2212}12.5 %", "\u{2212}12.5 %"),
        ] {
            assert_eq!(percent(Some(share)), table);
            assert_eq!(plain_percent(share), sentence);
        }
        assert_eq!(percent(None), NONE);
    }

    #[test]
    fn returns_have_signs_and_nothing_has_none() {
        assert_eq!(signed_percent(Some(1.346)), "+135 %");
        assert_eq!(signed_percent(Some(-0.2)), "\u{2212}20 %");
        assert_eq!(signed_percent(Some(-0.004)), "0 %");
        assert_eq!(signed_percent(Some(f64::NAN)), NONE);
    }
}
