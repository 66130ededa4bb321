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
    count: u16,
    records: [Record; RECORDS],
}

/// Who acts when.
pub struct Calendar {
    /// First chunk of each list.
    first: Vec<u16>,
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
            first: vec![END; NEAR as usize],
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
        let list = (tick % NEAR) as usize;
        let head = self.first[list];
        if head == END || usize::from(self.chunks[usize::from(head)].count) == RECORDS {
            self.first[list] = self.fresh(head);
        }
        let chunk = &mut self.chunks[usize::from(self.first[list])];
        chunk.records[usize::from(chunk.count)] = record;
        chunk.count += 1;
    }

    /// An empty chunk before `next`.
    fn fresh(&mut self, next: u16) -> u16 {
        if self.free == END {
            self.chunks.push(Chunk {
                next,
                count: 0,
                records: [Record::default(); RECORDS],
            });
            return (self.chunks.len() - 1) as u16;
        }
        let place = self.free;
        let chunk = &mut self.chunks[usize::from(place)];
        self.free = std::mem::replace(&mut chunk.next, next);
        chunk.count = 0;
        place
    }

    /// Takes everybody who acts at a tick off, and hands them over. Every tick has to be taken in its turn.
    pub fn take(&mut self, now: u64, mut act: impl FnMut(Record)) {
        if now % NEAR == self.phase {
            self.bring_near(now);
        }
        let mut place = std::mem::replace(&mut self.first[(now % NEAR) as usize], END);
        while place != END {
            let chunk = &mut self.chunks[usize::from(place)];
            chunk.records[..usize::from(chunk.count)]
                .iter()
                .for_each(|record| act(*record));
            let next = std::mem::replace(&mut chunk.next, self.free);
            self.free = place;
            place = next;
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
