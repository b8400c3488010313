//! The command line of weedout. Everything it does is in the library; here are arguments, messages and exit codes.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
