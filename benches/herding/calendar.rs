//! A calendar of one cohort: for each tick ahead, modulo its length, a list of members. Lists are chains of small chunks from one pool, so that
//! taking a list follows few links, its members can be fetched side by side, and nothing is allocated once the pool has its size.

/// Members in a chunk: with the link and the count it is half a cache line.
const ROWS: usize = 14;

/// End of a chain.
const END: u16 = u16::MAX;

#[derive(Clone, Copy)]
struct Chunk {
    rows: [u16; ROWS],
    count: u16,
    next: u16,
}

/// Who acts when.
pub struct Calendar {
    /// First chunk of each list.
    first: Vec<u16>,
    chunks: Vec<Chunk>,
    /// First chunk that is free.
    free: u16,
}

impl Calendar {
    /// An empty calendar that reaches so many ticks (a power of two) ahead.
    pub fn new(reach: usize) -> Self {
        Self {
            first: vec![END; reach],
            chunks: Vec::new(),
            free: END,
        }
    }

    fn list(&self, tick: u64) -> usize {
        tick as usize & (self.first.len() - 1)
    }

    /// Puts a member on a tick's list.
    #[inline]
    pub fn put(&mut self, row: u16, tick: u64) {
        let list = self.list(tick);
        let head = self.first[list];
        if head == END || usize::from(self.chunks[usize::from(head)].count) == ROWS {
            self.first[list] = self.fresh(head);
        }
        let chunk = &mut self.chunks[usize::from(self.first[list])];
        chunk.rows[usize::from(chunk.count)] = row;
        chunk.count += 1;
    }

    /// A chunk before `next`.
    fn fresh(&mut self, next: u16) -> u16 {
        let chunk = Chunk {
            rows: [0; ROWS],
            count: 0,
            next,
        };
        if self.free == END {
            self.chunks.push(chunk);
            return (self.chunks.len() - 1) as u16;
        }
        let place = self.free;
        self.free = self.chunks[usize::from(place)].next;
        self.chunks[usize::from(place)] = chunk;
        place
    }

    /// Takes a tick's list off and appends its members to `rows`.
    pub fn take(&mut self, tick: u64, rows: &mut Vec<u16>) {
        let list = self.list(tick);
        let mut place = std::mem::replace(&mut self.first[list], END);
        while place != END {
            let chunk = &mut self.chunks[usize::from(place)];
            rows.extend_from_slice(&chunk.rows[..usize::from(chunk.count)]);
            let next = std::mem::replace(&mut chunk.next, self.free);
            self.free = place;
            place = next;
        }
    }
}
