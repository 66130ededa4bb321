//! The tables of the profile, as they stand in benches/README.md.

use super::steps::{OF_A_TICK, Step};
use super::{Case, Minute, Profile};

/// Prints them all.
pub fn print(profile: &Profile) {
    machine(profile);
    seconds(profile);
    by_unit(profile);
    for minute in &profile.minutes {
        counted(profile, minute);
    }
}

/// Prints a row of a table.
fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// Prints the head of a table.
fn head(names: &[String]) {
    row(names);
    println!("|{}", "---|".repeat(names.len()));
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
        let (kernel, rate) = (rate.kernel, rate.instructions);
        println!("{kernel:?}: {rate:.2} instructions a nanosecond");
    }
}

/// Seconds and share of each step of each evening.
fn seconds(profile: &Profile) {
    println!();
    let name = |case: &Case| format!("{}, {} thread(s)", case.consumers, case.threads);
    let names = profile.evenings.iter().map(name);
    head(
        &["step".to_owned()]
            .into_iter()
            .chain(names)
            .collect::<Vec<_>>(),
    );
    for step in Step::ALL {
        let cell = |case: &Case| {
            let spent = case.spent();
            let share = 100.0 * spent.of(step) / spent.total();
            format!("{:.3} s, {share:.1} %", spent.of(step))
        };
        let cells = profile.evenings.iter().map(cell);
        let name = step.name().to_owned();
        row(&[name].into_iter().chain(cells).collect::<Vec<_>>());
    }
    let total = |case: &Case| format!("{:.2} s", case.spent().total());
    let cells = profile.evenings.iter().map(total);
    row(&["all".to_owned()]
        .into_iter()
        .chain(cells)
        .collect::<Vec<_>>());
    for case in profile.evenings.iter().filter(|case| case.threads == 1) {
        println!("{:?}", case.work());
    }
}

/// Nanoseconds of each step by unit of its work on one thread, by size; how much two threads gain, and how much a triad beside it costs.
fn by_unit(profile: &Profile) {
    println!();
    let sizes: Vec<u64> = profile.sizes().collect();
    let names = ["step", "by"].map(str::to_owned).into_iter();
    let names = names.chain(sizes.iter().map(|consumers| format!("ns at {consumers}")));
    let names = names.chain(
        sizes
            .iter()
            .map(|consumers| format!("two threads at {consumers}")),
    );
    head(
        &names
            .chain(["beside a triad".to_owned()])
            .collect::<Vec<_>>(),
    );
    for step in Step::ALL {
        let one = profile.evenings.iter().filter(|case| case.threads == 1);
        let nanoseconds = one
            .clone()
            .map(|case| format!("{:.1}", case.nanoseconds(step)));
        let unit = one.map(|case| case.work().at(step).1).next();
        let cells = [step.name(), unit.unwrap_or_default()].map(str::to_owned);
        let faster = |consumers| format!("{:.2}", profile.speedup(consumers, step));
        let cells = cells
            .into_iter()
            .chain(nanoseconds)
            .chain(sizes.iter().copied().map(faster));
        row(&cells
            .chain([format!("{:.2}", profile.slowed(step))])
            .collect::<Vec<_>>());
    }
}

/// What a step executes and touches in a minute at the peak.
fn counted(profile: &Profile, minute: &Minute) {
    let (mib, wait) = profile.machine.wait_at(minute.state_bytes);
    println!(
        "\na minute at the peak of {} consumers, one thread; the state has {:.0} MB; waits as in a table of {mib} MiB, {wait:.1} ns\n",
        minute.case.consumers,
        minute.state_bytes / 1e6
    );
    let names = [
        "step",
        "by",
        "ms",
        "ns",
        "instructions",
        "a ns",
        "bytes from L2",
        "bytes from beyond",
        "GB/s",
        "of the triad",
        "waits",
    ];
    head(&names.map(str::to_owned));
    for step in OF_A_TICK {
        let figures = Figures::of(profile, minute, step);
        let (work, unit) = minute.case.work().at(step);
        let counts = &minute.counts[step as usize];
        row(&[
            step.name().to_owned(),
            unit.to_owned(),
            format!("{:.2}", 1e3 * figures.seconds),
            format!("{:.1}", 1e9 * figures.seconds / work),
            format!("{:.0}", counts.instructions / work),
            format!("{:.2}", figures.rate),
            format!("{:.0}", 64.0 * counts.first_level_misses / work),
            format!("{:.0}", counts.bytes() / work),
            format!("{:.2}", figures.bandwidth),
            format!("{:.0} %", 100.0 * figures.of_triad),
            format!("{:.0} %", 100.0 * figures.waits),
        ]);
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
            case.map_or(f64::NAN, |case| case.passed().of(step))
        };
        seconds(1) / seconds(2)
    }

    /// How many times as long a step takes beside a triad as beside arithmetic.
    pub fn slowed(&self, step: Step) -> f64 {
        self.beside[1].1.spent().of(step) / self.beside[0].1.spent().of(step)
    }
}
