//! What went wrong with a call, decided once: one class and one stable code from [`table`], the fields at fault from [`fields`], and
//! whether the call may have changed anything.

pub(crate) mod body;
pub mod fields;
mod meaning;
pub mod table;

use std::fmt;
use std::time::Duration;

use seams::Class;
use seams::http::{Failure, Response};
use serde::de::DeserializeOwned;
use thiserror::Error as ThisError;

pub use fields::FieldError;

/// A cause of any type, as it stands below an [`Error`].
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Whether the failed call may have changed something in Acumatica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing changed: it was a read, it was not sent, or Acumatica itself said no.
    No,
    /// A write was sent and nobody knows what became of it: look before doing anything else.
    Unknown,
}

/// A failed call to Acumatica. `Display` says what was attempted and the code; the cause is `source()`. Neither holds a body, a token, an
/// e-mail or the value of a filter.
#[derive(Debug)]
pub struct Error {
    /// What the failure means for the record at hand.
    pub class: Class,
    /// Stable name of the failure, `acumatica.<class>.<what>`; all of them are in [`table::CODES`].
    pub code: &'static str,
    /// The call in words, such as `save SalesOrder ab12cd34-000000012`.
    pub attempted: String,
    /// The fields that Acumatica refused, the one that decided the code first; empty when it named none.
    pub fields: Box<[FieldError]>,
    /// Acumatica's own message, shortened, addresses hidden; empty if there was none worth showing.
    pub quote: String,
    /// How long Acumatica, or what stands in front of it, asks us to wait. Not documented, so mostly absent.
    pub retry_after: Option<Duration>,
    /// Whether a write may have happened all the same.
    pub applied: Applied,
    /// What caused it below: the transport's failure, the token store's, or where an answer could not be decoded.
    pub source: Option<Cause>,
}

impl Error {
    /// A failure that has nothing to quote and changed nothing.
    pub(crate) fn bare(class: Class, code: &'static str, attempted: &str, source: Option<Cause>) -> Self {
        Self {
            class,
            code,
            attempted: attempted.to_owned(),
            fields: Box::default(),
            quote: String::new(),
            retry_after: None,
            applied: Applied::No,
            source,
        }
    }

    /// No complete answer.
    pub(crate) fn from_failure(failure: Failure, call: table::Call, attempted: &str) -> Self {
        let verdict = table::of_failure(&failure, call);
        let error = Self::bare(verdict.class, verdict.code, attempted, Some(Box::new(failure)));
        Self { applied: verdict.applied, ..error }
    }

    /// An answer that is not a success.
    pub(crate) fn from_answer(answer: &Response, call: table::Call, attempted: &str) -> Self {
        let body = body::Body::read(answer, call);
        let verdict = table::of_answer(answer.status().as_u16(), &body, call);
        let (fields, quote) = body.into_details(verdict.code);
        let error = Self::bare(verdict.class, verdict.code, attempted, None);
        Self { fields: fields.into(), quote, retry_after: retry_after(answer), applied: verdict.applied, ..error }
    }

    /// A request that could not even be built: our fault, nothing was sent.
    pub(crate) fn bad_request(what: &str, attempted: &str) -> Self {
        Self { quote: what.to_owned(), ..Self::bare(Class::Bug, table::REQUEST, attempted, None) }
    }

    /// The failure of a look-up without what was looked for: Acumatica may repeat it.
    #[must_use]
    pub(crate) fn concealing(mut self, values: &[String]) -> Self {
        let conceal =
            |text: &str| values.iter().fold(text.to_owned(), |text, value| seams::quote::conceal(&text, value));
        self.quote = conceal(&self.quote);
        for field in &mut self.fields {
            field.message = conceal(&field.message);
            field.value = field.value.as_deref().map(conceal);
        }
        self
    }

    /// A success whose body is not what it should be. For a write this is no answer: it probably happened, and a look-up will tell.
    pub(crate) fn undecodable(cause: Undecodable, call: table::Call, attempted: &str) -> Self {
        let quote = cause.to_string();
        let (class, code, applied) = match call {
            table::Call::Write => (Class::Ambiguous, table::NO_ANSWER, Applied::Unknown),
            table::Call::Read | table::Call::Token => (Class::Bug, table::UNDECODABLE, Applied::No),
        };
        Self { quote, applied, ..Self::bare(class, code, attempted, Some(Box::new(cause))) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.attempted, self.code)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|cause| {
            let cause: &(dyn std::error::Error + 'static) = cause.as_ref();
            cause
        })
    }
}

/// Where an answer stopped making sense. Holds the place, never the value found there, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("unexpected JSON at {path}: {what}")]
pub struct Undecodable {
    /// Path of the member, such as `Details[0].OrderQty.value`; a single dot for the whole document.
    pub path: String,
    /// Missing member, wrong type, or broken syntax with line and column.
    pub what: String,
}

impl Undecodable {
    fn new(path: String, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let what = if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            format!("missing field `{name}`")
        } else if error.is_data() {
            "wrong type or value".to_owned()
        } else {
            format!("not JSON (line {} column {})", error.line(), error.column())
        };
        Self { path, what }
    }
}

/// Reads the body of an answer.
///
/// # Errors
/// [`Undecodable`] with the path of the first member that does not fit.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| Undecodable::new(error.path().to_string(), error.inner()))
}

/// Reads a record that a call returned as one of the types in [`crate::model`].
///
/// # Errors
/// [`Undecodable`] with the path of the first member that does not fit.
pub fn decode<T: DeserializeOwned>(record: serde_json::Value) -> Result<T, Undecodable> {
    serde_path_to_error::deserialize(record).map_err(|error| Undecodable::new(error.path().to_string(), error.inner()))
}

/// The header in seconds; more than an hour is cut.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds: u64 = answer.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(3600)))
}
