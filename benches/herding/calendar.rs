//! When the members of a cohort act: for each of the next ticks a list of records, in chains of chunks from one pool. A record is all that there is
//! to know of a member, so whoever acts is read in a row and nobody else is touched. Those whose time is far lie in a list of their own, which is
//! gone through once in as many ticks as there are lists.

/// Ticks that have a list of their own: a power of two.
const NEAR: u64 = 256;

/// Records in a chunk: four cache lines with the link and the count.
const RECORDS: usize = 31;

/// End of a chain.
const END: u16 = u16::MAX;

/// A member: who, where, and how many events it has had.
#[derive(Clone, Copy, Default)]
pub struct Record {
    /// Row in the cohort.
    pub row: u16,
    /// Room.
    pub place: u16,
    /// Events so far.
    pub events: u32,
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Chunk {
    next: u16,
    records: [Record; RECORDS],
}

/// A list: its first chunk, and how many records that holds; the others are full. So whoever is put down waits for no chunk to be read.
#[derive(Clone, Copy)]
struct List {
    first: u16,
    count: u16,
}

const EMPTY: List = List {
    first: END,
    count: RECORDS as u16,
};

/// Who acts when.
pub struct Calendar {
    /// By tick, modulo [`NEAR`].
    lists: Vec<List>,
    chunks: Vec<Chunk>,
    /// First chunk that is free.
    free: u16,
    /// Those who act later: tick, and who.
    far: Vec<(u64, Record)>,
    /// In which ticks modulo [`NEAR`] the far ones are gone through: not the same for all cohorts.
    phase: u64,
}

impl Calendar {
    /// An empty calendar of a cohort.
    pub fn new(cohort: u64) -> Self {
        Self {
            lists: vec![EMPTY; NEAR as usize],
            chunks: Vec::new(),
            free: END,
            far: Vec::new(),
            phase: cohort % NEAR,
        }
    }

    /// Puts a member down for a tick, `wait` (>= 0) ticks after `now`.
    #[inline]
    pub fn put(&mut self, record: Record, now: u64, wait: u32) {
        let tick = now + u64::from(wait);
        if u64::from(wait) < NEAR {
            self.put_near(record, tick);
        } else {
            self.far.push((tick, record));
        }
    }

    #[inline]
    fn put_near(&mut self, record: Record, tick: u64) {
        let index = (tick % NEAR) as usize;
        let mut list = self.lists[index];
        if usize::from(list.count) == RECORDS {
            list = List {
                first: self.fresh(list.first),
                count: 0,
            };
        }
        self.chunks[usize::from(list.first)].records[usize::from(list.count)] = record;
        list.count += 1;
        self.lists[index] = list;
    }

    /// An empty chunk before `next`.
    fn fresh(&mut self, next: u16) -> u16 {
        if self.free == END {
            self.chunks.push(Chunk {
                next,
                records: [Record::default(); RECORDS],
            });
            return (self.chunks.len() - 1) as u16;
        }
        let place = self.free;
        let chunk = &mut self.chunks[usize::from(place)];
        self.free = std::mem::replace(&mut chunk.next, next);
        place
    }

    /// Takes everybody who acts at a tick off and appends them to `acting`. Every tick has to be taken in its turn.
    pub fn take(&mut self, now: u64, acting: &mut Vec<Record>) {
        if now % NEAR == self.phase {
            self.bring_near(now);
        }
        let list = std::mem::replace(&mut self.lists[(now % NEAR) as usize], EMPTY);
        let (mut place, mut count) = (list.first, usize::from(list.count));
        while place != END {
            let chunk = &mut self.chunks[usize::from(place)];
            let next = std::mem::replace(&mut chunk.next, self.free);
            acting.extend_from_slice(&chunk.records[..count]);
            self.free = place;
            (place, count) = (next, RECORDS);
        }
    }

    /// Lists those of the far ones who act before they are gone through again.
    fn bring_near(&mut self, now: u64) {
        let mut far = std::mem::take(&mut self.far);
        far.retain(|(tick, record)| {
            let near = *tick < now + NEAR;
            if near {
                self.put_near(*record, *tick);
            }
            !near
        });
        self.far = far;
    }
}
