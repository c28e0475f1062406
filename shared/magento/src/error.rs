//! What went wrong with a call, decided once: [`Error`] carries one class and one stable code from the table in [`table`].

pub(crate) mod body;
pub mod table;

use std::fmt;
use std::time::Duration;

use seams::Class;
use seams::http::Response;
use thiserror::Error as ThisError;

use body::Body;

/// Whether the failed call may have changed something in Magento.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing changed: it was a read, it was not sent, or Magento itself said no.
    No,
    /// A write was sent and nobody knows what became of it: look before doing anything else.
    Unknown,
}

/// A failed call to Magento. `Display` says what was attempted and the code; the cause is `source()`. Neither holds a body, a token or an e-mail.
#[derive(Debug)]
pub struct Error {
    /// What the failure means for the record at hand.
    pub class: Class,
    /// Stable name of the failure, `magento.<class>.<what>`; all of them are in [`table::CODES`].
    pub code: &'static str,
    /// The call in words, such as `read Magento order 12`.
    pub attempted: String,
    /// The fields that Magento names as wrong, in its own spelling (`firstname`, `regionId`); empty when it names none.
    pub fields: Box<[String]>,
    /// Magento's own message with its placeholders filled in, shortened, addresses hidden; empty if there was none worth showing.
    pub quote: String,
    /// How long Magento, or what stands in front of it, asks us to wait.
    pub retry_after: Option<Duration>,
    /// Whether a write may have happened all the same.
    pub applied: Applied,
    /// What caused it below: the transport's failure, or where an answer could not be decoded.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Whether the record that was asked for does not exist, as far as Magento itself says so. A wrong route or a web server's own 404
    /// page does not count: they prove nothing about the record.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code == table::NOT_FOUND
    }

    /// Whether the request reached a Magento that did not accept it: the token is dead or lacks a right.
    pub(crate) fn is_unauthorized(&self) -> bool {
        self.code == table::CREDENTIALS
    }

    /// Whether another account has the e-mail that was to be saved, in the same website or in one that shares its accounts.
    #[must_use]
    pub fn is_email_taken(&self) -> bool {
        self.code == table::EMAIL_TAKEN
    }

    /// The same failure of a write: where it leaves open whether Magento has carried the write out, that is what it says.
    pub(crate) fn of_write(self) -> Self {
        let applied = if table::proves_nothing_written(self.code) { Applied::No } else { Applied::Unknown };
        if table::leaves_open(self.code) {
            Self { class: Class::Ambiguous, code: table::NO_ANSWER, applied, ..self }
        } else {
            Self { applied, ..self }
        }
    }

    /// The failure without what was looked for or sent: Magento may repeat it, and a quotation is one line.
    #[must_use]
    pub(crate) fn concealing(mut self, values: &[&str]) -> Self {
        for value in values {
            let on_one_line: Vec<&str> = value.split_whitespace().collect();
            self.quote = seams::quote::conceal(&self.quote, &on_one_line.join(" "));
        }
        self
    }

    /// A failure without an answer.
    pub(crate) fn from_failure(failure: seams::http::Failure, attempted: &str) -> Self {
        let (class, code) = table::of_failure(&failure);
        Self {
            class,
            code,
            attempted: attempted.to_owned(),
            fields: Box::default(),
            quote: String::new(),
            retry_after: None,
            applied: Applied::No,
            source: Some(Box::new(failure)),
        }
    }

    /// An answer that is not a success.
    pub(crate) fn from_answer(answer: &Response, attempted: &str) -> Self {
        let body = Body::read(answer);
        let (class, code) = table::of_answer(answer.status().as_u16(), &body);
        let (quote, fields) = match body {
            Body::Message { text, fields } => (seams::quote::quote(&text), fields.into()),
            Body::Html | Body::Other => (String::new(), Box::default()),
        };
        let attempted = attempted.to_owned();
        let retry_after = retry_after(answer);
        Self { class, code, attempted, fields, quote, retry_after, applied: Applied::No, source: None }
    }

    /// A success whose body is not what the model says.
    pub(crate) fn undecodable(cause: Undecodable, attempted: &str) -> Self {
        Self {
            class: Class::Bug,
            code: table::UNDECODABLE,
            attempted: attempted.to_owned(),
            fields: Box::default(),
            quote: cause.to_string(),
            retry_after: None,
            applied: Applied::No,
            source: Some(Box::new(cause)),
        }
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
    /// Path of the member, such as `items[0].tax_amount`; a single dot for the whole document.
    pub path: String,
    /// Missing member, wrong type, or broken syntax with line and column.
    pub what: String,
}

impl Undecodable {
    /// Keeps of a decoding error what can be said without the value.
    pub(crate) fn new(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let inner = error.inner();
        let text = inner.to_string();
        let what = if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            format!("missing field `{name}`")
        } else if inner.is_data() {
            "wrong type or value".to_owned()
        } else {
            format!("not JSON (line {} column {})", inner.line(), inner.column())
        };
        Self { path: error.path().to_string(), what }
    }
}

/// The header in seconds. Its other form, a date, is not used by anything that stands in front of shops; more than an hour is cut.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds: u64 = answer.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(3600)))
}
