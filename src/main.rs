//! The program `weedout`, which is all in the library.

fn main() -> std::process::ExitCode {
    weedout::cli::main(std::env::args_os()).into()
}
