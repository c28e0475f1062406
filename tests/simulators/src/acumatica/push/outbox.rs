//! The outbox: notifications that wait for delivery, and those that were given up.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use seams::http::Request;

/// How often a notification is sent before it is given up.
const ATTEMPTS: u32 = 5;

/// How long a notification that was given up can be sent again by hand (form SM502000).
const KEPT: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `Id`: the transaction, equal in every attempt and every copy.
    pub id: String,
    /// `Query`: the definition.
    pub query: String,
    /// `TimeStamp`: the order of the transactions.
    pub time_stamp: i64,
    /// The body as it is sent.
    pub body: String,
    /// Whether the body was cut off; such a notification cannot be sent again by hand.
    pub truncated: bool,
    /// How often it was sent without success.
    pub attempts: u32,
    /// When it is sent next.
    pub due: Timestamp,
}

impl Notification {
    /// The request of this notification to a webhook's address, with the destination's one header (see
    /// [`Push::header`](crate::acumatica::Push::header)). That `Content-Type` says JSON is inferred from the documented format.
    ///
    /// # Panics
    /// When the address or the header is none.
    #[must_use]
    pub fn request(&self, url: &str, header: &(String, String)) -> Request {
        ::http::Request::post(url)
            .header("content-type", "application/json")
            .header(header.0.as_str(), header.1.as_str())
            .body(Bytes::from(self.body.clone()))
            .expect("the caller gives an address and a header")
    }

    /// Cuts the body off after so many bytes, or a little before, where a character ends.
    pub fn truncate(&mut self, bytes: usize) {
        if bytes < self.body.len() {
            let end = (0..=bytes).rev().find(|at| self.body.is_char_boundary(*at)).unwrap_or(0);
            self.body.truncate(end);
            self.truncated = true;
        }
    }
}

/// What waits for delivery and what was given up. Whoever plays the network takes what is due, sends it, and says how it was answered.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    /// What waits, oldest first. A test may copy, reorder, cut or remove what it likes.
    pub waiting: Vec<Notification>,
    /// How many of the next notifications are lost before they are sent: nothing lists them.
    pub lose_next: u32,
    /// How many were lost so.
    pub lost: u64,
    pub(super) last_stamp: i64,
    given_up: Vec<(Timestamp, Notification)>,
}

impl Outbox {
    pub(super) fn put(
        &mut self,
        now: Timestamp,
        query: &str,
        id: String,
        time_stamp: i64,
        body: String,
        keep: Option<usize>,
    ) {
        if self.lose_next > 0 {
            self.lose_next -= 1;
            self.lost += 1;
            return;
        }
        let mut notification =
            Notification { id, query: query.to_owned(), time_stamp, body, truncated: false, attempts: 0, due: now };
        notification.truncate(keep.unwrap_or(usize::MAX));
        self.waiting.push(notification);
    }

    /// Takes what is due.
    pub fn take(&mut self, now: Timestamp) -> Vec<Notification> {
        let (due, later) = std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.due <= now);
        self.waiting = later;
        due
    }

    /// Says how an attempt ended: the status of the answer, or `None` without one. What was not a success is sent again after
    /// `retry_after`, at most five times in all; then it is kept for two days to be sent again by hand.
    pub fn answered(
        &mut self,
        now: Timestamp,
        mut notification: Notification,
        status: Option<u16>,
        retry_after: Duration,
    ) {
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
        notification.attempts += 1;
        notification.due = now + retry_after;
        if notification.attempts < ATTEMPTS {
            self.waiting.push(notification);
        } else {
            self.given_up.push((now + KEPT, notification));
        }
    }

    /// What was given up within the last two days (form SM502000).
    pub fn given_up(&mut self, now: Timestamp) -> Vec<&Notification> {
        self.given_up.retain(|(until, _)| now < *until);
        self.given_up.iter().map(|(_, notification)| notification).collect()
    }

    /// Sends everything that was given up again, as a user or a schedule does, but what was truncated; returns how many. That five
    /// attempts follow once more is inferred.
    pub fn resend(&mut self, now: Timestamp) -> usize {
        self.given_up.retain(|(until, _)| now < *until);
        let (cut, whole): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.given_up).into_iter().partition(|(_, notification)| notification.truncated);
        self.given_up = cut;
        let count = whole.len();
        let again = whole.into_iter().map(|(_, kept)| Notification { attempts: 0, due: now, ..kept });
        self.waiting.extend(again);
        count
    }
}
