//! A simulator behind a socket, for the local run and for tests through the real binaries.
//!
//! The platform's own paths go to the state machine through the same [`InProcess`] transport that deterministic tests use, so a planned
//! fault means the same thing on both ways. Paths below `/_simulator/` are for the person at the keyboard: no platform has them.
//!
//! | Request | Answer |
//! |---|---|
//! | `GET /_simulator/calls` | every request so far: method, target, status |
//! | `GET /_simulator/<view>` | a view of the platform, for example `orders` or `customers` |
//! | `POST /_simulator/faults` | plans a [fault](crate::fault::Fault) for the next request that matches, or the `nth`; one that `stays` meets all from then on: 204 |
//! | `DELETE /_simulator/faults` | lifts every fault: 204 |

mod control;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use seams::http::{Failure, Transport as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::fault::InProcess;
use crate::{Inspect, Platform};

/// The largest body taken: an order of a thousand lines fits several times.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// How the socket behaves.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long a request is held open that a fault leaves without an answer; then the connection closes.
    pub hold: Duration,
}

impl Default for Options {
    /// Three minutes: longer than any client of the product waits.
    fn default() -> Self {
        Self { hold: Duration::from_secs(180) }
    }
}

/// Serves the platform until the future is dropped, which also ends every connection.
///
/// # Errors
/// When the listener is bound to anything but loopback, since the control routes have no authentication, or when it stops accepting.
pub async fn serve<P: Platform + Inspect + 'static>(
    listener: TcpListener,
    in_process: InProcess<P>,
    options: Options,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{address} is not a loopback address")));
    }
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                connections.spawn(connection(stream, in_process.clone(), options, address));
            }
            // Ended connections are collected, so that the set does not grow for ever.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection, until the client or a lost answer ends it. How it ended is the client's affair.
async fn connection<P: Platform + Inspect + 'static>(
    stream: TcpStream,
    in_process: InProcess<P>,
    options: Options,
    address: SocketAddr,
) {
    let service = service_fn(move |request| {
        let in_process = in_process.clone();
        async move { respond(request, &in_process, options, address).await }
    });
    let served = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
    let _ended_by_client_or_fault = served;
}

/// No answer, by plan: hyper closes the connection when its service fails.
#[derive(Debug)]
struct Lost;

impl std::fmt::Display for Lost {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the answer is lost by plan")
    }
}

impl std::error::Error for Lost {}

async fn respond<P: Platform + Inspect + 'static>(
    request: Request<Incoming>,
    in_process: &InProcess<P>,
    options: Options,
    address: SocketAddr,
) -> Result<Response<Full<Bytes>>, Lost> {
    let (mut parts, body) = request.into_parts();
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "over 16 MiB")),
        Err(_) => return Err(Lost),
    };
    if let Some(name) = parts.uri.path().strip_prefix("/_simulator/") {
        return Ok(control::answer(&parts.method, name, &body, in_process));
    }
    // A request line names no host; the state machine wants the whole URI, which is also what OAuth 1.0a signs.
    let own = address.to_string();
    let host = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or(&own);
    let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    match format!("http://{host}{target}").parse::<Uri>() {
        Ok(uri) => parts.uri = uri,
        Err(_) => return Ok(plain(StatusCode::BAD_REQUEST, "the Host header is no host")),
    }
    match in_process.send(Request::from_parts(parts, body), options.hold).await {
        Ok(answer) => Ok(answer.map(Full::new)),
        // A refused connection cannot be played once it is accepted: it closes before an answer, as a lost one does.
        Err(Failure::Unsent(_) | Failure::Interrupted(_) | Failure::TimedOut(_)) => Err(Lost),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(text.to_owned())));
    *answer.status_mut() = status;
    answer
}

#[cfg(test)]
mod tests;
