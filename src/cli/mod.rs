//! The command line: one file per subcommand, none with logic of its own.

mod audit;
mod check;
mod compare;
mod detect;
mod explain;
mod list;
mod new;
mod report;
mod resume;
mod run;
mod runs;
mod schema;
mod serve;
mod sweep;
mod trace;
mod validate;
mod verify;

use crate::experiment::workers::RunsDone;
use crate::experiment::{Finished, INTERRUPTED, Progress, RunError};
use crate::scenario::{Bundle, Faults, Request, load};
use clap::{Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a command failed; the number is the program's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Failure {
    /// The answer is "no".
    No = 1,
    /// Bad input or usage.
    Input = 2,
    /// Could not finish: disk, permission.
    Unfinished = 3,
    /// Interrupted.
    Interrupted = 130,
}

impl From<&RunError> for Failure {
    fn from(error: &RunError) -> Self {
        match error {
            RunError::Input(_) => Failure::Input,
            RunError::Disk(_) => Failure::Unfinished,
            RunError::Interrupted(_) => Failure::Interrupted,
        }
    }
}

/// What a command comes to. It has already told the user why, on stderr.
pub type Outcome = Result<(), Failure>;

/// Simulates live-commerce markets: scripts, bought crowds, and the harm they do to consumers under different rules.
#[derive(Debug, Parser)]
#[command(name = "yellowcart", version, arg_required_else_help = true)]
#[command(after_help = "Examples:
  yellowcart list                                  what is shipped
  yellowcart run diamond_necklace                  an evening, with tables and figures
  yellowcart trace output/diamond_necklace-seed20201111 --most-harmed
  yellowcart compare guess_coat --regimes none,disclosure
  yellowcart sweep what_moves_the_coat             many points of a scenario's parameters
  yellowcart sensitivity what_moves_the_coat       which of them matters
  yellowcart calibrate conversion_of_an_evening    which values fit what was observed
  yellowcart report output/diamond_necklace-seed20201111       one HTML file of it all
  yellowcart audit guess_coat                      is a promised lowest price the lowest?
  yellowcart serve                                 a page on which a class sees a market live
  yellowcart detect bench                          detectors of fraud: what they find, and what harm that averts
  yellowcart validate                              does the market show what is known of real ones?
  yellowcart new my_evening                        a scenario of your own

Exit codes: 0 done, 1 the answer is no, 2 bad input, 3 could not finish, 130 interrupted")]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Schema(schema::Arguments),
    New(new::Arguments),
    List(list::Arguments),
    Explain(explain::Arguments),
    Run(run::Arguments),
    Compare(compare::Arguments),
    Sweep(sweep::Arguments),
    Sensitivity(sweep::SensitivityArguments),
    Calibrate(sweep::CalibrateArguments),
    Merge(sweep::MergeArguments),
    Detect(detect::Arguments),
    Resume(resume::Arguments),
    Report(report::Arguments),
    Verify(verify::Arguments),
    Trace(trace::Arguments),
    Audit(audit::Arguments),
    Serve(serve::Arguments),
    Validate(validate::Arguments),
}

/// Parses the command line of the process, runs the command and returns the exit code.
pub fn main() -> ExitCode {
    ExitCode::from(main_with(std::env::args_os().collect()))
}

/// The same with a command line that is given, the program's name first, for whoever has the program within another; returns the exit code. The
/// first command line of a process is the one that stands in its results.
pub fn main_with(arguments: Vec<OsString>) -> u8 {
    let words = arguments.iter().map(|word| word.to_string_lossy());
    COMMAND_LINE.get_or_init(|| words.map(|word| word.into_owned()).collect());
    let program = match Program::try_parse_from(&arguments) {
        Ok(program) => program,
        // Help is no error: it goes to stdout, and the code says so.
        Err(answer) => {
            let _ = answer.print();
            return u8::try_from(answer.exit_code()).unwrap_or(Failure::Input as u8);
        }
    };
    match carry_out(&program.command) {
        Ok(()) if UNPRINTED.swap(false, Ordering::Relaxed) => {
            tell(&"what was to be printed could not be written: is the disk full?");
            Failure::Unfinished as u8
        }
        Ok(()) => 0,
        Err(failure) => failure as u8,
    }
}

/// The command line, for the record.
static COMMAND_LINE: OnceLock<Vec<String>> = OnceLock::new();

/// The command line, for the record; empty where the library is used.
fn command_line() -> Vec<String> {
    COMMAND_LINE.get().cloned().unwrap_or_default()
}

fn carry_out(command: &Command) -> Outcome {
    match command {
        Command::Check(arguments) => check::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Sweep(arguments) => sweep::run(arguments),
        Command::Sensitivity(arguments) => sweep::run_sensitivity(arguments),
        Command::Calibrate(arguments) => sweep::run_calibrate(arguments),
        Command::Merge(arguments) => sweep::run_merge(arguments),
        Command::Detect(arguments) => detect::run(arguments),
        Command::Resume(arguments) => resume::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Trace(arguments) => trace::run(arguments),
        Command::Audit(arguments) => audit::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// for people
    Table,
    /// for programs
    Json,
    /// for spreadsheets
    Csv,
}

/// Says something to the user.
fn tell(sentence: &dyn std::fmt::Display) {
    say!("yellowcart: {sentence}");
}

/// Says what the user may not have meant.
fn warn(sentence: &str) {
    tell(&format!("note: {sentence}"));
}

/// Tells everything that is wrong with what the user wrote.
fn show_faults(faults: &Faults) {
    let told = faults.render(std::io::stderr().is_terminal());
    say!("{}", told.trim_end_matches('\n'));
}

/// What the user wrote is refused: everything that is wrong with it is told.
fn refused(faults: Faults) -> Failure {
    show_faults(&faults);
    Failure::Input
}

/// The user has to change something: what, is told.
fn bad_input(why: impl std::fmt::Display) -> Failure {
    tell(&why);
    Failure::Input
}

/// Something did not end: why, is told.
fn ended_early(error: RunError) -> Failure {
    tell(&error);
    Failure::from(&error)
}

/// The same of what keeps nothing when it is interrupted, which is told in words of its own.
fn ended_early_or(interrupted: &str) -> impl Fn(RunError) -> Failure {
    move |error| match error {
        RunError::Interrupted(_) => {
            tell(&interrupted);
            Failure::Interrupted
        }
        other => ended_early(other),
    }
}

/// Loads a scenario, or tells everything that is wrong with it.
fn load_or_tell(request: &Request) -> Result<Bundle, Failure> {
    load(request).map_err(refused)
}

/// The number of threads asked for; all cores by default.
fn threads_of(threads: Option<u16>) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    threads.map_or_else(all, usize::from)
}

/// Sets the number of threads of one market and returns it.
fn use_threads(threads: Option<u16>) -> usize {
    let threads = threads_of(threads);
    crate::market::use_threads(threads);
    threads
}

/// Lets so many markets run side by side, each on one thread, and returns how many.
fn use_threads_for_runs(threads: Option<u16>) -> usize {
    crate::market::use_threads(1);
    threads_of(threads)
}

/// Lets the run stop at the next tick when the user interrupts; a second interrupt ends the program at once.
fn listen_for_interrupt() {
    // Without a handler the program is simply ended, which leaves a clearly partial result too.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(Failure::Interrupted as i32);
        }
    });
}

/// A progress bar on stderr, drawn only on a terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = "{bar:30} {percent:>3} %  {msg}, {eta} left";
    bar.set_style(
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar
}

/// Moves the bar.
fn show(bar: &ProgressBar, progress: &Progress) {
    if bar.is_hidden() {
        return;
    }
    bar.set_length(progress.end.max(1.0) as u64);
    bar.set_position(progress.time as u64);
    bar.set_message(format!(
        "{} watching, {} orders",
        progress.viewers, progress.orders
    ));
}

/// Moves the bar of a comparison.
fn show_runs(bar: &ProgressBar, progress: &RunsDone) {
    if bar.is_hidden() {
        return;
    }
    let length = 1_000 * u64::from(progress.total);
    bar.set_position(progress.thousandths);
    if bar.length() != Some(length) {
        // What was done before tells nothing of how long the rest takes.
        bar.set_length(length);
        bar.reset_eta();
    }
    bar.set_message(format!("{} of {} runs", progress.done, progress.total));
}

/// Prints a text on stdout. Whoever reads it may have had enough: that is no error of ours. Where it cannot be kept, the program says so when it ends.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    let lost = printed.is_err_and(|why| why.kind() != ErrorKind::BrokenPipe);
    UNPRINTED.fetch_or(lost, Ordering::Relaxed);
}

/// Whether anything could not be printed.
static UNPRINTED: AtomicBool = AtomicBool::new(false);

/// Says something on stderr. Where nobody listens, nobody is told: what is being done goes on.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}
use say;

/// Prints a value as JSON.
fn print_json(value: &impl serde::Serialize) -> Outcome {
    match serde_json::to_string_pretty(value) {
        Ok(json) => {
            print(&format!("{json}\n"));
            Ok(())
        }
        Err(why) => {
            tell(&why);
            Err(Failure::Unfinished)
        }
    }
}

/// Prints what an evening came to.
fn print_summary(finished: &Finished, format: Format) -> Outcome {
    match format {
        Format::Table => {
            let table = crate::report::summary_table(&finished.scenario, &finished.summary);
            print(&table);
            Ok(())
        }
        Format::Json => print_json(&finished.summary),
        Format::Csv => {
            let csv = crate::report::summary_csv(&finished.scenario, &finished.summary);
            print(&csv);
            Ok(())
        }
    }
}
