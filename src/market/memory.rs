//! Memory: what a consumer takes along from a room. Most consumers have none; a memory is made the first time there is something to keep.
//!
//! Exposure is a fixed record; everything else is a note in a linked list, because most memories have none or one. After weeks some have many, and walking
//! along them would be most of what a market costs: so notes lie in drawers by what is asked together, marks tell of most that they are not there, and a need
//! that arousal created is a bit.

use super::exposure::CLASSES;
use super::population::{Census, ConsumerId, MemoryOf, NO_MEMORY};
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Something worth remembering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// It ordered units of a product in a room; not yet known to be paid.
    Ordered {
        /// The product.
        product: Id,
        /// The room.
        room: Id,
        /// Units.
        units: u32,
    },
    /// It paid for something in a room.
    PaidIn {
        /// The room.
        room: Id,
    },
    /// It knows what a product sells for elsewhere.
    Searched {
        /// The product.
        product: Id,
    },
    /// Arousal created a need of a category.
    Impulse {
        /// The category.
        category: Id,
    },
    /// It follows an anchor since.
    Follows {
        /// The anchor.
        anchor: Id,
    },
    /// It was given a coupon.
    Given {
        /// The coupon.
        coupon: Id,
    },
    /// It used a coupon.
    Used {
        /// The coupon.
        coupon: Id,
    },
    /// It was refused what it claimed, or learned that a promise was false.
    Wronged {
        /// The anchor in whose room it had bought.
        anchor: Id,
    },
    /// The order for which it had used a coupon lapsed: it has it again.
    Regained {
        /// The coupon.
        coupon: Id,
    },
}

/// Drawers: notes that are asked for together.
const DRAWERS: usize = 6;

/// Orders.
const ORDERS: usize = 0;
/// Anchors followed, and those in whose rooms it was wronged.
const ANCHORS: usize = 1;
/// Products that it knows the price of elsewhere.
const PRODUCTS: usize = 2;
/// Coupons given, used, regained.
const COUPONS: usize = 3;
/// Categories of which arousal created a need. A scenario has 64 at most, so that marks say it all and no note is kept.
const IMPULSES: usize = 4;
/// Rooms in which something was paid for.
const PAID: usize = 5;

/// One consumer's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Memory {
    /// Times each class of staged cue was seen.
    exposure: [u8; CLASSES],
    /// Money ordered for so far.
    spent: Fen,
    /// The marks of the notes in each drawer, all together.
    marks: [u64; DRAWERS],
    /// Index of the last note in each drawer, [`NO_MEMORY`] for none.
    last_notes: [u32; DRAWERS],
}

/// What somebody remembers who has nothing to remember.
const NOTHING_YET: Memory = Memory {
    exposure: [0; CLASSES],
    spent: Fen::ZERO,
    marks: [0; DRAWERS],
    last_notes: [NO_MEMORY; DRAWERS],
};

/// The drawer of a note, and its mark: one bit, the same for all that differ in no more than room and units of an order.
fn place(note: Note) -> (usize, u64) {
    let (drawer, kind, about) = match note {
        Note::Ordered { product, .. } => (ORDERS, 0, product),
        Note::PaidIn { room } => (PAID, 0, room),
        Note::Follows { anchor } => (ANCHORS, 0, anchor),
        Note::Wronged { anchor } => (ANCHORS, 1, anchor),
        Note::Searched { product } => (PRODUCTS, 0, product),
        Note::Impulse { category } => (IMPULSES, 0, category),
        Note::Given { coupon } => (COUPONS, 0, coupon),
        Note::Used { coupon } => (COUPONS, 1, coupon),
        Note::Regained { coupon } => (COUPONS, 2, coupon),
    };
    // Kinds of one drawer are turned against each other, so that they seldom share a bit.
    (drawer, bit_of(about).rotate_left(21 * kind))
}

/// The bit of a product, room, anchor, category or coupon: the first 64 have one of their own.
fn bit_of(about: Id) -> u64 {
    1 << (about % 64)
}

/// All memories.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memories {
    memories: Vec<Memory>,
    notes: Vec<(Note, u32)>,
}

impl Memories {
    /// The index of a consumer's memory, made if it has none.
    pub fn open(
        &mut self,
        census: &Census,
        columns: &mut Query<&mut MemoryOf>,
        who: ConsumerId,
    ) -> u32 {
        let (cohort, row) = census.place_of(who);
        let Ok(mut column) = columns.get_mut(cohort) else {
            return NO_MEMORY;
        };
        if column.0[row] == NO_MEMORY {
            column.0[row] = self.memories.len() as u32;
            self.memories.push(NOTHING_YET);
        }
        column.0[row]
    }

    /// What somebody remembers.
    fn of(&self, memory: u32) -> &Memory {
        self.memories.get(memory as usize).unwrap_or(&NOTHING_YET)
    }

    /// Times each class of staged cue was seen; none without a memory.
    pub fn exposure(&self, memory: u32) -> [u8; CLASSES] {
        self.of(memory).exposure
    }

    /// Remembers exposure.
    pub fn set_exposure(&mut self, memory: u32, exposure: [u8; CLASSES]) {
        self.memories[memory as usize].exposure = exposure;
    }

    /// Money ordered for so far.
    pub fn spent(&self, memory: u32) -> Fen {
        self.of(memory).spent
    }

    /// Categories of which arousal created a need, a bit each.
    pub fn impulses(&self, memory: u32) -> u64 {
        self.of(memory).marks[IMPULSES]
    }

    /// Adds to the money ordered for; a lapsed order gives it back.
    pub fn spend(&mut self, memory: u32, amount: Fen) {
        self.memories[memory as usize].spent += amount;
    }

    /// Adds a note, unless it is there already (orders and coupons always count again).
    pub fn note(&mut self, memory: u32, note: Note) {
        let counts_once = !matches!(
            note,
            Note::Ordered { .. }
                | Note::Given { .. }
                | Note::Used { .. }
                | Note::Regained { .. }
                | Note::Wronged { .. }
        );
        if counts_once && self.knows(memory, note) {
            return;
        }
        let (drawer, mark) = place(note);
        let owner = &mut self.memories[memory as usize];
        owner.marks[drawer] |= mark;
        if drawer == IMPULSES {
            return;
        }
        self.notes.push((note, owner.last_notes[drawer]));
        owner.last_notes[drawer] = self.notes.len() as u32 - 1;
    }

    /// The notes in a drawer of a memory, newest first.
    fn notes_in(&self, memory: u32, drawer: usize) -> impl Iterator<Item = Note> + '_ {
        self.chain(self.of(memory).last_notes[drawer])
    }

    /// A note and those before it in its drawer.
    fn chain(&self, mut next: u32) -> impl Iterator<Item = Note> + '_ {
        std::iter::from_fn(move || {
            let (note, before) = *self.notes.get(next as usize)?;
            next = before;
            Some(note)
        })
    }

    /// The notes in the drawer of this one, if any that bears its mark may be among them.
    fn notes_like(&self, memory: u32, note: Note) -> impl Iterator<Item = Note> + '_ {
        let (drawer, mark) = place(note);
        let owner = self.of(memory);
        match owner.marks[drawer] & mark != 0 {
            true => self.chain(owner.last_notes[drawer]),
            false => self.chain(NO_MEMORY),
        }
    }

    /// Bits of products that may have been ordered, by index modulo 64: of those without, [`Self::units_ordered`] is 0.
    pub fn ordered_bits(&self, memory: u32) -> u64 {
        self.of(memory).marks[ORDERS]
    }

    /// Anchors whom it has followed since the market began, newest first.
    pub fn followed(&self, memory: u32) -> impl Iterator<Item = Id> + '_ {
        let notes = self.notes_in(memory, ANCHORS);
        notes.filter_map(|note| match note {
            Note::Follows { anchor } => Some(anchor),
            _ => None,
        })
    }

    /// Whether it has ever paid for anything.
    pub fn has_paid(&self, memory: u32) -> bool {
        self.of(memory).marks[PAID] != 0
    }

    /// What became of coupons, newest first.
    pub fn coupons(&self, memory: u32) -> impl Iterator<Item = Note> + '_ {
        self.notes_in(memory, COUPONS)
    }

    /// Units of a product ordered so far, lapsed orders included (somebody who let an order lapse has turned it down); `most` or any number from there on
    /// if there are as many, for whoever has ordered all it wants has mostly done so of late.
    pub fn units_ordered(&self, memory: u32, product: Id, most: u32) -> u32 {
        let like = Note::Ordered {
            product,
            room: 0,
            units: 0,
        };
        let mut sum = 0;
        for note in self.notes_like(memory, like) {
            if let Note::Ordered {
                product: of, units, ..
            } = note
                && of == product
            {
                sum += units;
                if sum >= most {
                    break;
                }
            }
        }
        sum
    }

    /// Whether a note is there.
    pub fn knows(&self, memory: u32, note: Note) -> bool {
        let (drawer, mark) = place(note);
        if drawer == IMPULSES {
            return self.of(memory).marks[drawer] & mark != 0;
        }
        self.notes_like(memory, note).any(|known| known == note)
    }

    /// How many times a note is there.
    pub fn times(&self, memory: u32, note: Note) -> usize {
        self.notes_like(memory, note)
            .filter(|known| *known == note)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any note about few things, or about things that share a bit.
    fn any_note() -> impl Strategy<Value = Note> {
        let about = prop_oneof![0..4_u32, 64..68_u32];
        (0..9, about, 1..4_u32).prop_map(|(kind, about, units)| match kind {
            0 => Note::Ordered {
                product: about,
                room: units,
                units,
            },
            1 => Note::PaidIn { room: about },
            2 => Note::Searched { product: about },
            3 => Note::Impulse {
                category: about % 64,
            },
            4 => Note::Follows { anchor: about },
            5 => Note::Given { coupon: about },
            6 => Note::Used { coupon: about },
            7 => Note::Wronged { anchor: about },
            _ => Note::Regained { coupon: about },
        })
    }

    /// What is remembered once, however often it happens.
    fn is_remembered_once(note: &Note) -> bool {
        matches!(
            note,
            Note::PaidIn { .. }
                | Note::Searched { .. }
                | Note::Impulse { .. }
                | Note::Follows { .. }
        )
    }

    proptest! {
        #[test]
        fn drawers_and_marks_answer_as_a_plain_list_does(
            told in prop::collection::vec((0..3_u32, any_note()), 0..60),
            asked in prop::collection::vec(any_note(), 12),
        ) {
            let mut memories = Memories { memories: vec![NOTHING_YET; 3], notes: Vec::new() };
            let mut lists: [Vec<Note>; 3] = Default::default();
            for (who, note) in told {
                memories.note(who, note);
                let list = &mut lists[who as usize];
                if !(is_remembered_once(&note) && list.contains(&note)) {
                    list.push(note);
                }
            }
            for (who, list) in (0..).zip(&lists) {
                for note in list.iter().chain(&asked) {
                    let times = list.iter().filter(|known| *known == note).count();
                    prop_assert_eq!(memories.knows(who, *note), times > 0);
                    if !matches!(note, Note::Impulse { .. }) {
                        prop_assert_eq!(memories.times(who, *note), times);
                    }
                }
                for product in (0..4).chain(64..68) {
                    let units = list.iter().map(|note| match note {
                        Note::Ordered { product: of, units, .. } if *of == product => *units,
                        _ => 0,
                    });
                    let units: u32 = units.sum();
                    prop_assert_eq!(memories.units_ordered(who, product, u32::MAX), units);
                    for most in [1, 2, 5] {
                        let counted = memories.units_ordered(who, product, most);
                        prop_assert!(counted == units || counted >= most && counted < units);
                    }
                    let asks = memories.ordered_bits(who) & bit_of(product) != 0;
                    prop_assert!(asks || units == 0);
                }
                let newest_first = |kept: fn(&Note) -> bool| {
                    list.iter().rev().copied().filter(kept).collect::<Vec<Note>>()
                };
                let follows: Vec<Note> =
                    memories.followed(who).map(|anchor| Note::Follows { anchor }).collect();
                prop_assert_eq!(follows, newest_first(|note| matches!(note, Note::Follows { .. })));
                let coupons: Vec<Note> = memories.coupons(who).collect();
                let of_coupons = newest_first(|note| {
                    matches!(note, Note::Given { .. } | Note::Used { .. } | Note::Regained { .. })
                });
                prop_assert_eq!(coupons, of_coupons);
                let paid = list.iter().any(|note| matches!(note, Note::PaidIn { .. }));
                prop_assert_eq!(memories.has_paid(who), paid);
            }
            // Somebody without a memory remembers nothing.
            prop_assert!(!memories.knows(NO_MEMORY, asked[0]));
        }
    }
}
