//! The only place that prints: results on standard output, progress and errors on standard error.

use std::io::Write;
use std::time::Instant;

/// One line on standard output.
pub(crate) fn line(text: &str) {
    // A reader that has gone away (`| head`) is no failure of ours.
    let _gone = writeln!(std::io::stdout(), "{text}");
}

/// One sentence on standard error.
pub(crate) fn error(text: &str) {
    let _gone = writeln!(std::io::stderr(), "error: {text}");
}

/// Tells a person what is going on, with the seconds since the start; or nobody, in tests.
#[derive(Clone, Copy, Debug)]
pub struct Progress(Option<Instant>);

impl Progress {
    /// Progress on standard error.
    #[must_use]
    pub fn shown() -> Self {
        Self(Some(Instant::now()))
    }

    /// No progress.
    #[must_use]
    pub fn silent() -> Self {
        Self(None)
    }

    /// Whether somebody watches.
    #[must_use]
    pub fn is_shown(self) -> bool {
        self.0.is_some()
    }

    /// Something has happened, or begins.
    pub fn say(self, text: impl AsRef<str>) {
        if let Some(since) = self.0 {
            let elapsed = since.elapsed();
            let (seconds, tenths) = (elapsed.as_secs(), elapsed.subsec_millis() / 100);
            let _gone = writeln!(std::io::stderr(), "{seconds:>4}.{tenths} s  {}", text.as_ref());
        }
    }

    /// A line that needs no time.
    pub fn note(self, text: impl AsRef<str>) {
        if self.is_shown() {
            let _gone = writeln!(std::io::stderr(), "          {}", text.as_ref());
        }
    }
}
