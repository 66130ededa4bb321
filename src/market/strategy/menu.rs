//! The menu: what an anchor can put together for an evening, and the parts that it learns about one by one.

use crate::draws::{Draws, Identity, Mechanism};
use crate::scenario::file::{PinnedAnchor, StrategyTable};
use serde::{Deserialize, Serialize};

/// Kinds of what can be false in an evening; punishments are expected kind by kind.
pub const KINDS: usize = 5;

/// What somebody is punished for who did nothing of the kind: for being there.
pub const NOTHING: usize = KINDS;

/// A kind of part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A script of the course.
    Script,
    /// Bought viewers.
    Views,
    /// Brushed orders.
    Orders,
    /// A claimed price above the honest one.
    Inflation,
    /// A promise of the lowest price: it can turn out false.
    Promise,
}

/// All kinds, in the order of [`Bundle`]'s options.
pub const ALL: [Kind; KINDS] = [
    Kind::Script,
    Kind::Views,
    Kind::Orders,
    Kind::Inflation,
    Kind::Promise,
];

/// What somebody does on an evening: an option of each kind, 0 for none of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle(pub [u8; KINDS]);

impl Bundle {
    /// The option of a kind.
    pub fn option(self, kind: Kind) -> u8 {
        self.0[kind as usize]
    }

    /// Whether anything in it deceives; a promise does only once it is broken.
    pub fn deceives(self) -> bool {
        self.0[..Kind::Promise as usize]
            .iter()
            .any(|option| *option > 0)
    }
}

/// How many options there are of each kind, beside none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Menu([usize; KINDS]);

impl Menu {
    /// The menu of a scenario.
    pub fn of(strategy: &StrategyTable, farms: usize) -> Self {
        let anchors = &strategy.anchors;
        let bought = |options: usize| if farms > 0 { options } else { 0 };
        Self([
            anchors.scripts.len(),
            bought(anchors.views.len()),
            bought(anchors.orders.len()),
            anchors.inflation.len(),
            usize::from(anchors.promises),
        ])
    }

    /// What each part is expected to add before anything has been learnt: none of a kind nothing, the others so much of the usual earnings.
    pub fn expecting(self, gain: f64) -> Vec<f32> {
        let of_kind = |options: usize| {
            (0..=options).map(move |option| if option > 0 { gain as f32 } else { 0.0 })
        };
        self.0.into_iter().flat_map(of_kind).collect()
    }

    /// Options of a kind beside none.
    pub fn options(self, kind: Kind) -> usize {
        self.0[kind as usize]
    }

    /// The part that an option is; none of a kind is one too.
    pub fn part(self, kind: Kind, option: u8) -> usize {
        let before = self.0[..kind as usize].iter().map(|options| options + 1);
        before.sum::<usize>() + usize::from(option)
    }

    /// The parts of a bundle: one of each kind of which there is anything to choose.
    pub fn parts_of(self, bundle: Bundle) -> Vec<u8> {
        let open = ALL.into_iter().filter(|kind| self.options(*kind) > 0);
        open.map(|kind| self.part(kind, bundle.option(kind)) as u8)
            .collect()
    }
}

/// What is pinned of an anchor's bundle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    /// The option of each kind that is pinned.
    pub options: [Option<u8>; KINDS],
    /// Whether it stays whatever it earns.
    pub stays: bool,
}

impl Pins {
    /// The pins of an anchor; the file was checked, so every value is on the menu.
    pub fn of(strategy: &StrategyTable, name: &str) -> Self {
        let pinned = &strategy.pinned.anchors;
        let Some(pin) = pinned.get(name).or_else(|| pinned.get("all")) else {
            return Self::default();
        };
        Self {
            options: options_of(strategy, pin),
            stays: pin.stays.unwrap_or(false),
        }
    }
}

fn options_of(strategy: &StrategyTable, pin: &PinnedAnchor) -> [Option<u8>; KINDS] {
    let anchors = &strategy.anchors;
    let script = pin.script.as_ref().map(|script| {
        let place = anchors.scripts.iter().position(|other| other == script);
        place.map_or(0, |place| place as u8 + 1)
    });
    [
        script,
        pin.views.map(|value| option_of(&anchors.views, value)),
        pin.orders.map(|value| option_of(&anchors.orders, value)),
        pin.inflation
            .map(|value| option_of(&anchors.inflation, value)),
        pin.promises.map(u8::from),
    ]
}

fn option_of(values: &[f64], value: f64) -> u8 {
    let place = values.iter().position(|other| *other == value);
    place.map_or(0, |place| place as u8 + 1)
}

/// The luck of a choice among options: the same for an option whatever the others are.
pub struct Luck {
    /// The draws of the run.
    pub draws: Draws,
    /// Who chooses.
    pub who: Identity,
    /// The day.
    pub day: u32,
}

/// Choices of a day, at most; each has options of its own.
const CHOICES: u32 = 64;
/// Options of a choice, at most: a brand considers up to 64 anchors, the one it hired last, and none.
const OPTIONS: u32 = 128;

impl Luck {
    /// A number in (0, 1) for an option of the n-th choice of the day.
    pub fn uniform(&self, choice: u32, option: usize) -> f64 {
        let block = option as u32 / 4;
        let ordinal = (self.day * CHOICES + choice) * (OPTIONS / 4) + block;
        let words = self.draws.at(Mechanism::Strategy, self.who, ordinal);
        words.uniform(option % 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_number_of_its_own() {
        let menu = Menu::of(&StrategyTable::default(), 1);
        let mut parts: Vec<usize> = Vec::new();
        for kind in ALL {
            for option in 0..=menu.options(kind) {
                parts.push(menu.part(kind, option as u8));
            }
        }
        assert_eq!(parts, (0..parts.len()).collect::<Vec<_>>());
        let expected = menu.expecting(0.2);
        assert_eq!(expected.len(), parts.len());
        assert_eq!(expected[menu.part(Kind::Views, 0)], 0.0);
        assert_eq!(expected[menu.part(Kind::Views, 1)], 0.2);
    }

    #[test]
    fn without_a_farm_nothing_can_be_bought() {
        let menu = Menu::of(&StrategyTable::default(), 0);
        assert_eq!(menu.options(Kind::Views) + menu.options(Kind::Orders), 0);
    }
}
