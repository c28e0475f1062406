//! The only place that prints.

use std::io::Write;

/// One line on standard output.
pub(crate) fn line(text: &str) {
    // A reader that has gone away (`| head`) is no failure of ours.
    let _gone = writeln!(std::io::stdout(), "{text}");
}

/// One sentence on standard error.
pub(crate) fn error(text: &str) {
    let _gone = writeln!(std::io::stderr(), "error: {text}");
}
