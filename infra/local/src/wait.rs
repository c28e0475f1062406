//! Waiting for what other processes do by themselves.

use std::time::{Duration, Instant};

use crate::Problem;

/// How long anything may take that comes by itself; it takes seconds on a quiet machine.
pub const PATIENCE: Duration = Duration::from_secs(180);
/// How often a person would look again.
const LOOK: Duration = Duration::from_millis(250);

/// Looks again and again until there is an answer.
///
/// # Errors
/// What `look` says, or that [`PATIENCE`] was at its end.
pub async fn until<T>(
    what: impl Into<String>,
    mut look: impl AsyncFnMut() -> Result<Option<T>, Problem>,
) -> Result<T, Problem> {
    let since = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if since.elapsed() > PATIENCE {
            return Err(Problem::new(format!("{} s have passed and still not: {}", PATIENCE.as_secs(), what.into())));
        }
        tokio::time::sleep(LOOK).await;
    }
}
