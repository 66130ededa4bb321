//! The tables of the profile, as they stand in benches/README.md.

use super::steps::{OF_A_TICK, Step};
use super::{Case, Minute, Profile};

/// Prints them all.
pub fn print(profile: &Profile) {
    machine(profile);
    for case in &profile.evenings {
        evening(case);
    }
    pairs(profile);
    for minute in &profile.minutes {
        counted(profile, minute);
    }
}

fn machine(profile: &Profile) {
    let machine = &profile.machine;
    println!("{} cores", machine.cores);
    let [one, two] = machine.memory;
    println!("triad of 768 MiB: {one:.1} GB/s on one thread, {two:.1} on two");
    let [one, two] = machine.cache;
    println!("triad of 24 MiB: {one:.1} GB/s on one thread, {two:.1} on two");
    for (mib, wait) in &machine.waits {
        println!("a read at random of {mib} MiB: {wait:.1} ns");
    }
    for rate in &profile.rates {
        println!(
            "{:?}: {:.2} instructions a nanosecond",
            rate.kernel, rate.instructions
        );
    }
}

/// Seconds, share and nanoseconds by unit of each step of an evening.
fn evening(case: &Case) {
    let (spent, work) = (case.spent(), case.work());
    println!(
        "\n{} consumers, {} thread(s): {:.2} s; {} ticks, {} arrivals, {} acts, {} looks, {} orders, {} bots",
        case.consumers,
        case.threads,
        spent.total(),
        work.ticks,
        work.arrivals,
        work.acts,
        work.looks,
        work.orders,
        work.bots
    );
    println!(
        "{:<14} {:>9} {:>7} {:>10}  by",
        "step", "seconds", "share", "ns"
    );
    for step in Step::ALL {
        let share = 100.0 * spent.of(step) / spent.total();
        let (_, unit) = work.at(step);
        println!(
            "{:<14} {:>9.3} {share:>5.1} % {:>10.1}  {unit}",
            step.name(),
            spent.of(step),
            case.nanoseconds(step)
        );
    }
}

/// Each step on two threads against one, and beside a triad against beside arithmetic.
fn pairs(profile: &Profile) {
    println!(
        "\n{:<14} {:>24}   slower beside a triad than beside arithmetic",
        "step", "two threads, times as fast"
    );
    for step in Step::ALL {
        let speedups = profile
            .sizes()
            .map(|consumers| format!("{:.2}", profile.speedup(consumers, step)));
        let speedups: Vec<_> = speedups.collect();
        println!(
            "{:<14} {:>24}   {:.2}",
            step.name(),
            speedups.join("  "),
            profile.slowed(step)
        );
    }
}

/// What a step executes and touches in a minute at the peak.
fn counted(profile: &Profile, minute: &Minute) {
    let (mib, wait) = profile.machine.wait_at(minute.state_bytes);
    println!(
        "\na minute at the peak of {} consumers, one thread; the state has {:.0} MB; waits as in a table of {mib} MiB, {wait:.1} ns",
        minute.case.consumers,
        minute.state_bytes / 1e6
    );
    println!(
        "{:<10} {:>9} {:>8} {:>8} {:>9} {:>9} {:>7} {:>7} {:>7} {:>7}  by",
        "step",
        "ms",
        "ns",
        "instr",
        "L1 bytes",
        "L2 bytes",
        "instr/ns",
        "GB/s",
        "% triad",
        "% waits"
    );
    for step in OF_A_TICK {
        let figures = Figures::of(profile, minute, step);
        let (work, unit) = minute.case.work().at(step);
        let counts = &minute.counts[step as usize];
        println!(
            "{:<10} {:>9.3} {:>8.1} {:>8.0} {:>9.1} {:>9.1} {:>8.2} {:>7.2} {:>7.1} {:>7.1}  {unit}",
            step.name(),
            1e3 * figures.seconds,
            1e9 * figures.seconds / work,
            counts.instructions / work,
            64.0 * counts.first_level_misses / work,
            counts.bytes() / work,
            figures.rate,
            figures.bandwidth,
            100.0 * figures.of_triad,
            100.0 * figures.waits,
        );
    }
}

/// What a step comes to beside what the machine gives.
pub struct Figures {
    /// Seconds.
    pub seconds: f64,
    /// Instructions a nanosecond.
    pub rate: f64,
    /// Instructions by byte from beyond the core.
    pub intensity: f64,
    /// Gigabytes a second from beyond the core.
    pub bandwidth: f64,
    /// As a share of what a triad gets on one thread.
    pub of_triad: f64,
    /// Share of the time that it would take to wait for each line from beyond the core, one after the other.
    pub waits: f64,
}

impl Figures {
    /// Those of a step in a minute.
    pub fn of(profile: &Profile, minute: &Minute, step: Step) -> Self {
        let seconds = minute.case.spent().of(step);
        let counts = &minute.counts[step as usize];
        let bandwidth = counts.bytes() / seconds / 1e9;
        let (_, wait) = profile.machine.wait_at(minute.state_bytes);
        Self {
            seconds,
            rate: counts.instructions / seconds / 1e9,
            intensity: counts.instructions / counts.bytes().max(64.0),
            bandwidth,
            of_triad: bandwidth / profile.machine.memory[0],
            waits: counts.second_level_misses * wait / seconds / 1e9,
        }
    }
}

impl Profile {
    /// Sizes of the evenings.
    pub fn sizes(&self) -> impl Iterator<Item = u64> {
        let sizes = self.evenings.iter().filter(|case| case.threads == 1);
        sizes.map(|case| case.consumers)
    }

    /// How many times as fast a step is on two threads.
    pub fn speedup(&self, consumers: u64, step: Step) -> f64 {
        let seconds = |threads| {
            let same = |case: &&Case| case.consumers == consumers && case.threads == threads;
            let case = self.evenings.iter().find(same);
            case.map_or(f64::NAN, |case| case.spent().of(step))
        };
        seconds(1) / seconds(2)
    }

    /// How many times as long a step takes beside a triad as beside arithmetic.
    pub fn slowed(&self, step: Step) -> f64 {
        self.beside[1].1.spent().of(step) / self.beside[0].1.spent().of(step)
    }
}
