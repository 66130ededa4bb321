//! The program's door: parse, dispatch, exit code.

fn main() -> std::process::ExitCode {
    yellowcart::cli::main()
}
