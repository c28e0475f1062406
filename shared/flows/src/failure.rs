//! A platform's failure as the end of a turn: the class decides, the code and the sentence are passed on.

use std::time::Duration;

use acumatica::error::Applied;
use jiff::Timestamp;
use seams::Class;

use crate::plan::Finding;
use crate::turn::{End, look_again};

/// How soon to try again when the other side asks for fewer requests and does not say when.
const THROTTLED_SECONDS: u32 = 30;

/// What both platforms' errors say.
struct Failure {
    class: Class,
    finding: Finding,
    retry_after: Option<Duration>,
    /// The attempt that the failure proves to have changed nothing.
    disprove: Option<String>,
}

/// The end of a turn that could not read from Magento.
#[must_use]
pub fn of_magento(error: &magento::Error, now: Timestamp, since: Option<Timestamp>) -> End {
    let message = sentence("Magento", &error.attempted, &error.quote, error.code);
    let finding = Finding::new(error.code, message);
    end(Failure { class: error.class, finding, retry_after: error.retry_after, disprove: None }, now, since)
}

/// The end of a turn that could not read from, or write to, Acumatica. `attempt` is the open intent's, if the call was its write.
#[must_use]
pub fn of_acumatica(error: &acumatica::Error, attempt: Option<&str>, now: Timestamp, since: Option<Timestamp>) -> End {
    let finding = Finding::new(error.code, refusal(error));
    let disprove = attempt.filter(|_| error.applied == Applied::No).map(str::to_owned);
    // A write whose end is unknown may be looked up soon: most that were carried out are visible at once.
    end(Failure { class: error.class, finding, retry_after: error.retry_after, disprove }, now, since)
}

fn end(failure: Failure, now: Timestamp, since: Option<Timestamp>) -> End {
    let Failure { class, finding, retry_after, disprove } = failure;
    let seconds = retry_after.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
    match class {
        Class::Transient => End::Returned { finding, counted: true, after: None, disprove },
        Class::Throttled => End::Throttled { finding, after: seconds.unwrap_or(THROTTLED_SECONDS), disprove },
        Class::NotReady | Class::Ambiguous => End::Waiting { finding, due: look_again(now, since), disprove },
        Class::Rejected | Class::Bug => End::Parked { finding, disprove },
    }
}

/// The refusal in words: the offending value first, then what the ERP says.
fn refusal(error: &acumatica::Error) -> String {
    match error.fields.first() {
        Some(field) => {
            let value = field.value.as_deref().map(|value| format!(" `{value}`")).unwrap_or_default();
            format!("Acumatica refused {}{value}: {}", field.path, seams::quote::quote(&field.message))
        }
        None => sentence("Acumatica", &error.attempted, &error.quote, error.code),
    }
}

fn sentence(platform: &str, attempted: &str, quote: &str, code: &str) -> String {
    let what = crate::codes::fix(code);
    if quote.is_empty() {
        format!("{platform} could not {attempted}. {what}")
    } else {
        format!("{platform} could not {attempted}: {quote}")
    }
}
