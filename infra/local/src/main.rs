//! Causeway on this machine. What it does stands in the library beside this file.

use std::process::ExitCode;

fn main() -> ExitCode {
    local::main()
}
