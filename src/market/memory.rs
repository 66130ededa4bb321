//! Memory: what a consumer takes along from a room. Most consumers have none; a memory is made the first time there is something to keep.
//!
//! Exposure is a fixed record; everything else is a note in a linked list, because most memories have none or one. After weeks some have many: marks tell
//! of most notes that they are not there, without a walk along the list.

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

/// One consumer's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Memory {
    /// Times each class of staged cue was seen.
    exposure: [u8; CLASSES],
    /// Money ordered for so far.
    spent: Fen,
    /// Index of the last note, [`NO_MEMORY`] for none.
    last_note: u32,
    /// The marks of its notes, all together.
    marks: u64,
}

/// One bit for a note, the same for all that differ in no more than room and units of an order.
fn mark(note: Note) -> u64 {
    let (kind, about) = match note {
        Note::Ordered { product, .. } => (0, product),
        Note::PaidIn { room } => (1, room),
        Note::Searched { product } => (2, product),
        Note::Impulse { category } => (3, category),
        Note::Follows { anchor } => (4, anchor),
        Note::Given { coupon } => (5, coupon),
        Note::Used { coupon } => (6, coupon),
        Note::Wronged { anchor } => (7, anchor),
        Note::Regained { coupon } => (8, coupon),
    };
    let spread = ((u64::from(about) << 4) | kind).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    1 << (spread >> 58)
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
            self.memories.push(Memory {
                exposure: [0; CLASSES],
                spent: Fen::ZERO,
                last_note: NO_MEMORY,
                marks: 0,
            });
        }
        column.0[row]
    }

    /// Times each class of staged cue was seen; none without a memory.
    pub fn exposure(&self, memory: u32) -> [u8; CLASSES] {
        self.memories
            .get(memory as usize)
            .map_or([0; CLASSES], |memory| memory.exposure)
    }

    /// Remembers exposure.
    pub fn set_exposure(&mut self, memory: u32, exposure: [u8; CLASSES]) {
        self.memories[memory as usize].exposure = exposure;
    }

    /// Money ordered for so far.
    pub fn spent(&self, memory: u32) -> Fen {
        self.memories
            .get(memory as usize)
            .map_or(Fen::ZERO, |memory| memory.spent)
    }

    /// Adds to the money ordered for; a lapsed order gives it back.
    pub fn spend(&mut self, memory: u32, amount: Fen) {
        self.memories[memory as usize].spent += amount;
    }

    /// Adds a note, unless it is there already (orders and coupons always count again).
    pub fn note(&mut self, memory: u32, note: Note) {
        let repeats = !matches!(
            note,
            Note::Ordered { .. }
                | Note::Given { .. }
                | Note::Used { .. }
                | Note::Regained { .. }
                | Note::Wronged { .. }
        );
        if repeats && self.knows(memory, note) {
            return;
        }
        let owner = &mut self.memories[memory as usize];
        owner.marks |= mark(note);
        self.notes.push((note, owner.last_note));
        owner.last_note = self.notes.len() as u32 - 1;
    }

    /// The notes of a memory, newest first.
    pub fn notes(&self, memory: u32) -> impl Iterator<Item = Note> + '_ {
        let mut next = self
            .memories
            .get(memory as usize)
            .map_or(NO_MEMORY, |memory| memory.last_note);
        std::iter::from_fn(move || {
            let (note, before) = *self.notes.get(next as usize)?;
            next = before;
            Some(note)
        })
    }

    /// The notes of a memory, if any that bears the mark of this one may be among them.
    fn notes_like(&self, memory: u32, note: Note) -> impl Iterator<Item = Note> + '_ {
        let owner = self.memories.get(memory as usize);
        match owner.is_some_and(|owner| owner.marks & mark(note) != 0) {
            true => self.notes(memory),
            false => self.notes(NO_MEMORY),
        }
    }

    /// Units of a product ordered so far, lapsed orders included (somebody who let an order lapse has turned it down).
    pub fn units_ordered(&self, memory: u32, product: Id) -> u32 {
        let like = Note::Ordered {
            product,
            room: 0,
            units: 0,
        };
        self.notes_like(memory, like)
            .map(|note| match note {
                Note::Ordered {
                    product: ordered,
                    units,
                    ..
                } if ordered == product => units,
                _ => 0,
            })
            .sum()
    }

    /// Whether a note is there.
    pub fn knows(&self, memory: u32, note: Note) -> bool {
        self.notes_like(memory, note).any(|known| known == note)
    }

    /// How many times a note is there.
    pub fn times(&self, memory: u32, note: Note) -> usize {
        self.notes_like(memory, note)
            .filter(|known| *known == note)
            .count()
    }
}
