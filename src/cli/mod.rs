//! The command line: one file per subcommand, none with logic of its own.

mod check;
mod explain;
mod list;
mod new;
mod resume;
mod run;
mod schema;
mod trace;
mod verify;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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

/// What a command comes to. It has already told the user why, on stderr.
pub type Outcome = Result<(), Failure>;

/// Simulates live-commerce markets: scripts, bought crowds, and the harm they do to consumers under different rules.
#[derive(Debug, Parser)]
#[command(name = "yellowcart", version, arg_required_else_help = true)]
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
    Resume(resume::Arguments),
    Verify(verify::Arguments),
    Trace(trace::Arguments),
}

/// Parses the command line, runs the command and returns the exit code.
pub fn main() -> ExitCode {
    let outcome = match Program::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Resume(arguments) => resume::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Trace(arguments) => trace::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure as u8),
    }
}
