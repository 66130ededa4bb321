//! What the machine gives: its bandwidth, by a triad; what it takes to wait for memory, by reads that depend on each other; and its arithmetic.

use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Elements of each of the three arrays of a triad that fits into no cache, and of one that fits into the last.
const LARGE: usize = 32 << 20;
const SMALL: usize = 1 << 20;

/// MiB of the tables that are read at random.
const TABLES: [usize; 6] = [1, 4, 16, 64, 256, 1_024];

/// Reads of a table in a stretch, and stretches: the least disturbed counts.
const READS: usize = 20_000;
const STRETCHES: usize = 200;

/// What was measured of the machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Cores.
    pub cores: usize,
    /// Gigabytes a second of a triad of 768 MiB, on one thread and on two.
    pub memory: [f64; 2],
    /// The same of a triad of 24 MiB.
    pub cache: [f64; 2],
    /// Nanoseconds of a read at random, where the next place is what was read, by MiB of the table.
    pub waits: Vec<(usize, f64)>,
}

impl Machine {
    /// Measures it.
    pub fn measured() -> Self {
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: [1, 2].map(|threads| bandwidth(threads, LARGE, 5)),
            cache: [1, 2].map(|threads| bandwidth(threads, SMALL / threads, 200)),
            waits: TABLES.iter().map(|mib| (*mib, wait(*mib))).collect(),
        }
    }

    /// Nanoseconds of a read from a table of so many bytes: of the measured one that is nearest in size.
    pub fn wait_at(&self, bytes: f64) -> (usize, f64) {
        let far = |mib: usize| (mib as f64 * 1_048_576.0 / bytes).ln().abs();
        let nearest = self
            .waits
            .iter()
            .min_by(|a, b| far(a.0).total_cmp(&far(b.0)));
        *nearest.expect("some were measured")
    }
}

/// Three arrays, of which one is made of the two others.
struct Triad([Vec<f64>; 3]);

impl Triad {
    fn new(elements: usize) -> Self {
        Self([0.5, 1.0, 2.0].map(|value| vec![value; elements]))
    }

    fn go_over(&mut self) {
        let [a, b, c] = &mut self.0;
        for ((a, b), c) in a.iter_mut().zip(b.iter()).zip(c.iter()) {
            *a = b + 3.0 * c;
        }
        black_box(a);
    }

    /// Bytes that a pass reads and writes.
    fn bytes(&self) -> f64 {
        24.0 * self.0[0].len() as f64
    }
}

/// Gigabytes a second of triads of so many elements, one a thread: the best of some passes.
fn bandwidth(threads: usize, elements: usize, passes: usize) -> f64 {
    let barrier = Barrier::new(threads);
    let one = || {
        let mut triad = Triad::new(elements);
        let mut best = f64::INFINITY;
        for _ in 0..passes {
            barrier.wait();
            let begun = Instant::now();
            triad.go_over();
            barrier.wait();
            best = best.min(begun.elapsed().as_secs_f64());
        }
        triad.bytes() / best / 1e9
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        all.into_iter()
            .map(|one| one.join().expect("it ends"))
            .sum()
    })
}

/// Nanoseconds of a read at random from a table of so many MiB: a walk through all its lines, in which each says which is next.
fn wait(mib: usize) -> f64 {
    let lines = mib * (1 << 20) / 64;
    let mut table = vec![[0_u32; 16]; lines];
    for (line, at) in table.iter_mut().zip(0..) {
        line[0] = at;
    }
    // Sattolo's shuffle: one cycle through all lines.
    let mut word = 1_u64;
    for last in (1..lines).rev() {
        word = stir(word, [13, 7, 17]);
        let other = (word % last as u64) as usize;
        let here = table[last][0];
        table[last][0] = table[other][0];
        table[other][0] = here;
    }
    let (mut at, mut best) = (0, f64::INFINITY);
    for _ in 0..STRETCHES {
        let begun = Instant::now();
        for _ in 0..READS {
            at = table[at as usize][0];
        }
        best = best.min(begun.elapsed().as_secs_f64());
    }
    black_box(at);
    1e9 * best / READS as f64
}

/// Something that a core can do without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kernel {
    /// A triad that fits into no cache.
    Triad,
    /// Shifts of one word, each of the last.
    Chain,
    /// Shifts of four words, which do not depend on each other.
    Chains,
}

/// Steps of a kernel's run.
const RUN: u64 = 10_000_000;

/// One step of a xorshift (Marsaglia 2003): six instructions, each of what the last made.
#[inline(always)]
fn stir(word: u64, [a, b, c]: [u32; 3]) -> u64 {
    let word = word ^ (word << a);
    let word = word ^ (word >> b);
    word ^ (word << c)
}

impl Kernel {
    /// Runs it once; the seconds that it took.
    pub fn run(self) -> f64 {
        let begun = Instant::now();
        match self {
            Kernel::Triad => Triad::new(LARGE).go_over(),
            Kernel::Chain => _ = black_box(chain(RUN)),
            Kernel::Chains => _ = black_box(chains(RUN)),
        }
        begun.elapsed().as_secs_f64()
    }
}

fn chain(steps: u64) -> u64 {
    (0..steps).fold(1, |word, _| stir(word, [13, 7, 17]))
}

fn chains(steps: u64) -> u64 {
    let (mut a, mut b, mut c, mut d) = (1, 2, 3, 4);
    for _ in 0..steps {
        a = stir(a, [13, 7, 17]);
        b = stir(b, [11, 5, 45]);
        c = stir(c, [17, 23, 52]);
        d = stir(d, [12, 25, 27]);
    }
    a ^ b ^ c ^ d
}

/// Says that something is over when it ends, however it ends.
struct Says<'a>(&'a AtomicBool);

impl Drop for Says<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does something while another thread does something else, again and again.
pub fn beside<T>(kernel: Option<Kernel>, play: impl FnOnce() -> T) -> T {
    let Some(kernel) = kernel else {
        return play();
    };
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut triad = Triad::new(if kernel == Kernel::Triad { LARGE } else { 0 });
            while !over.load(Ordering::Relaxed) {
                match kernel {
                    Kernel::Triad => triad.go_over(),
                    Kernel::Chain | Kernel::Chains => _ = black_box(chain(black_box(1 << 20))),
                }
            }
        });
        let _over = Says(&over);
        play()
    })
}
