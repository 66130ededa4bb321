//! The instruction-count gate: small fixed cases, counted by callgrind and held against baseline.toml. benches/README.md says how to use it.
//!
//! The program plays two parts. Started by `run` it is the gate; the gate starts it again under valgrind, once for each case.

mod baseline;
mod callgrind;
mod cases;

use baseline::{Baseline, Counts, Verdict};
use cases::{CASES, Setting};
use clap::Parser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

/// The case that the gate plays a second time, made a tenth slower, to see that it can fail.
const PROOF: &str = "draws_one_at_a_time";

/// Counts the instructions of small fixed cases and compares them with benches/instructions/baseline.toml.
#[derive(Parser)]
struct Arguments {
    /// Rewrite the counts that have changed, with the reason why they did.
    #[arg(long, value_name = "REASON")]
    update: Option<String>,
    /// Play a case, to be counted.
    #[arg(long, hide = true)]
    case: Option<String>,
    /// Play it a tenth longer.
    #[arg(long, hide = true, requires = "case")]
    slower: bool,
    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match (&arguments.case, &arguments.update) {
        (Some(case), _) => play(case, arguments.slower),
        (None, Some(reason)) => update(reason),
        (None, None) => gate(),
    };
    match outcome {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Plays a case once, if there is one of this name.
fn play(name: &str, slower: bool) -> Result<ExitCode, String> {
    let setting = Setting {
        peak: &peak(),
        tenths: if slower { 11 } else { 10 },
    };
    let case = CASES.iter().find(|(case, _)| *case == name);
    let (_, prepare) = case.ok_or_else(|| format!("There is no case {name}."))?;
    callgrind::play(prepare(&setting));
    Ok(ExitCode::SUCCESS)
}

/// Counts and compares; says what came of it.
fn gate() -> Result<ExitCode, String> {
    let baseline = read_baseline()?;
    let counts = count_all()?;
    prove(counts[PROOF])?;
    let rows = baseline.compare(&counts);
    print!("{}", baseline::table(&rows));
    println!("What a case spends them on: callgrind_annotate target/tmp/instructions/CASE.out");
    if rows.iter().any(|row| row.verdict.fails()) {
        println!(
            "A rise that is intended goes into the same commit as its cause, with its reason: benches/instructions/run --update \"reason\""
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a case a tenth slower: the gate is worth nothing if that passes.
fn prove(count: u64) -> Result<(), String> {
    let slower = callgrind::count(&["--case", PROOF, "--slower"], &scratch().join("proof.out"))?;
    if Verdict::of(count, slower).fails() {
        return Ok(());
    }
    Err(format!(
        "The gate does not work: {PROOF} with a tenth more to do went from {count} to {slower} instructions, and that passed."
    ))
}

/// Counts and rewrites the baseline.
fn update(reason: &str) -> Result<ExitCode, String> {
    let before = read_baseline()?;
    baseline::check_reason(reason)?;
    let counts = count_all()?;
    let after = before.updated(&counts, reason);
    print!("{}", baseline::table(&before.compare(&counts)));
    std::fs::write(baseline_file(), after.text()).map_err(in_file(&baseline_file()))?;
    println!("written: {}", baseline_file().display());
    Ok(ExitCode::SUCCESS)
}

/// Counts all cases, as many at once as there are processors: how busy the machine is does not change a count.
fn count_all() -> Result<Counts, String> {
    std::fs::create_dir_all(scratch()).map_err(in_file(&scratch()))?;
    std::fs::write(peak(), cases::at_the_peak()).map_err(in_file(&peak()))?;
    let waiting = Mutex::new(CASES.iter());
    let counts = Mutex::new(Ok(Counts::new()));
    let work = || {
        loop {
            let next = waiting.lock().expect("nobody panics with it").next();
            let Some((case, _)) = next else { return };
            let count = callgrind::count(&["--case", case], &scratch().join(format!("{case}.out")));
            let mut counts = counts.lock().expect("nobody panics with it");
            match (count, &mut *counts) {
                (Ok(count), Ok(counts)) => drop(counts.insert((*case).to_owned(), count)),
                (Err(fault), counts @ Ok(_)) => *counts = Err(fault),
                (_, Err(_)) => {}
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    counts.into_inner().expect("nobody panics with it")
}

fn read_baseline() -> Result<Baseline, String> {
    let text = std::fs::read_to_string(baseline_file()).map_err(in_file(&baseline_file()))?;
    Baseline::parse(&text)
}

fn baseline_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions/baseline.toml")
}

/// What is of use until the next run.
fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions")
}

fn peak() -> PathBuf {
    scratch().join("peak.snapshot")
}

fn in_file(path: &Path) -> impl Fn(std::io::Error) -> String {
    move |fault| format!("{}: {fault}", path.display())
}
