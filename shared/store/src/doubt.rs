//! What a failure of the SDK means for a write: not stored, maybe stored, or never to be stored.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_dynamodb::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, ProvideErrorMetadata, SdkError};

use crate::table::{TableError, Written};

/// Answers of DynamoDB that say "not now" (DynamoDB Developer Guide, "Error handling"). With a status below 500 they also say that
/// nothing was stored.
const LATER: [&str; 7] = [
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
    "TransactionConflictException",
];

/// Watches the tries of one write: set once a try ended without an answer that says what became of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubt(Arc<AtomicBool>);

impl Doubt {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Doubt {
    fn name(&self) -> &'static str {
        "Doubt"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let status = context.response().map(|response| response.status().as_u16());
        let certain = match context.output_or_error() {
            Some(Ok(_)) => true,
            // DynamoDB's own advice is that a write answered by 500 or 503 may have succeeded.
            Some(Err(error)) if error.is_operation_error() => status.is_some_and(|status| status < 500),
            Some(Err(error)) => error.as_connector_error().is_some_and(|error| was_refused(error)),
            None => false,
        };
        if !certain {
            self.0.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// A refused connection is the one failure of the network by which nothing can have been sent.
fn was_refused(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// What a failed write did.
pub(crate) fn write_failed<E, R>(error: &SdkError<E, R>, doubt: &Doubt) -> Result<Written, TableError>
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let code = code(error);
    if code == Some("ConditionalCheckFailedException") {
        return Ok(Written::Conflict);
    }
    let text = describe(error);
    // A time-out of the whole operation leaves its last try without an end, so that no try reported it.
    let unanswered = matches!(error, SdkError::TimeoutError(_) | SdkError::ResponseError(_));
    Err(match error {
        _ if unanswered || doubt.is_set() => TableError::Unknown(text),
        SdkError::DispatchFailure(_) => TableError::NotApplied(text),
        SdkError::ServiceError(_) if code.is_some_and(|code| LATER.contains(&code)) => TableError::NotApplied(text),
        _ => TableError::Bug(text),
    })
}

/// Why a read failed: nothing can have been stored, so the only question is whether asking again may help.
pub(crate) fn read_failed<E, R>(error: &SdkError<E, R>) -> TableError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let later = match error {
        SdkError::ServiceError(answer) => match answer.err().code() {
            Some("InternalServerError") | None => true,
            Some(code) => LATER.contains(&code),
        },
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    };
    if later { TableError::NotApplied(describe(error)) } else { TableError::Bug(describe(error)) }
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    match error {
        SdkError::ServiceError(answer) => answer.err().code(),
        _ => None,
    }
}

/// The error and its causes in one line; for an answer of DynamoDB its code and message.
fn describe<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    if let SdkError::ServiceError(answer) = error {
        let (code, message) =
            (answer.err().code().unwrap_or("no code"), answer.err().message().unwrap_or("no message"));
        return format!("{code}: {message}");
    }
    let parts: Vec<String> = causes(error).map(ToString::to_string).collect();
    parts.join(": ")
}
