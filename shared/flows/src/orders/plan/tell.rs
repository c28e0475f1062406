//! What Magento is told of an order: Acumatica's number into `ext_order_id`, and the outcome as a comment that the shopper does not see.
//!
//! Decided from the order as it was read, and from what the record says was told before: Magento has no idempotency key, and a shop whose
//! modules hide or drop what is written must not be told again by each echo of the telling itself.
//!
//! What is absent: a comment without the order's status (Magento would blank it); one on an order whose state its gateway is about to
//! change, because the status sent along would overwrite the gateway's; a change of an `ext_order_id` that is not ours.

use magento::model::order::{Comment, EXT_ORDER_ID_LENGTH, Order, State, StatusHistory};
use sha2::{Digest as _, Sha256};

use super::super::facts::Told;
use super::came_through;
use crate::codes;
use crate::plan::Finding;
use crate::settings::{Settings, WriteBack};

/// With this begins every comment of ours, and nobody else's.
const OURS: &str = "Acumatica: ";

/// What the order shows of earlier tellings, and what a comment needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// `ext_order_id`.
    pub number: Option<String>,
    /// The newest comment of ours.
    pub comment: Option<String>,
    /// The status that a comment is sent with; none where no comment must be made.
    pub status: Option<String>,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News<'a> {
    /// The order is in Acumatica under this key; on hold there where a finding says why.
    Written(&'a str, Option<&'a Finding>),
    /// A person must act; the key where the order had been written before.
    Parked(Option<&'a str>, &'a Finding),
    /// Nothing new, but the number may be missing.
    Nothing(&'a str),
}

/// What is written to Magento.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// Into `ext_order_id`.
    pub number: Option<String>,
    /// As a comment.
    pub comment: Option<Comment>,
    /// What the record will say was told once both are written, or if nothing is left to tell.
    pub told: Told,
}

impl Shown {
    /// What an order shows.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        // While the shopper pays or the gateway checks, the gateway's own save may come at any moment.
        let moving = matches!(order.state, Some(State::PendingPayment | State::PaymentReview));
        let present = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Self {
            number: present(&order.ext_order_id),
            comment: newest(&order.status_histories),
            status: present(&order.status).filter(|_| !moving),
        }
    }
}

/// Entries come newest first or last, by version: their ids tell.
fn newest(histories: &[StatusHistory]) -> Option<String> {
    let ours = histories.iter().filter_map(|entry| Some((entry.entity_id.map(|id| id.0), entry.comment.as_deref()?)));
    let newest = ours.filter(|(_, text)| text.starts_with(OURS)).max_by_key(|(id, _)| *id);
    newest.map(|(_, text)| text.to_owned())
}

/// What the settings say is told of an order; its channel's, store view's, website's, or the default where its store view is not known.
#[must_use]
pub fn setting(settings: &Settings, order: &Order) -> WriteBack {
    let orders = &settings.orders;
    let channel = orders.channels.iter().find(|channel| came_through(order, &channel.when));
    let scoped = settings.store(order.store_id.0).map(|store| settings.orders_through(channel, store));
    let setting = scoped.and_then(|scope| scope.first(|scope| scope.write_back));
    setting.or(orders.default.write_back).unwrap_or_default()
}

/// What is left to tell.
#[must_use]
pub fn tell(shown: &Shown, news: News<'_>, setting: WriteBack, before: Option<&Told>) -> Telling {
    let mut telling = Telling { told: before.cloned().unwrap_or_default(), ..Telling::default() };
    if setting.number
        && let Some(target) = news.target()
        && telling.told.number.as_deref() != Some(target)
        && may_be_replaced(shown.number.as_deref(), telling.told.number.as_deref())
        && target.chars().count() <= EXT_ORDER_ID_LENGTH
    {
        telling.number = Some(target.to_owned());
    }
    if let Some(number) = shown.number.as_deref().filter(|number| news.target() == Some(number)) {
        (telling.number, telling.told.number) = (None, Some(number.to_owned()));
    }
    if let (true, Some(text), Some(status)) = (setting.comment, news.in_words(), &shown.status) {
        let hash = Some(hash(&text));
        if telling.told.outcome != hash && shown.comment.as_deref() != Some(text.as_str()) {
            telling.comment = Some(Comment { text, status: status.clone() });
        } else {
            telling.told.outcome = hash;
        }
    }
    telling
}

/// A number that is there is replaced only where it is the one we wrote: other systems keep theirs in the same field.
fn may_be_replaced(there: Option<&str>, ours: Option<&str>) -> bool {
    there.is_none_or(|there| ours == Some(there))
}

/// The hash under which a record remembers a comment.
#[must_use]
pub fn hash(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

impl Telling {
    /// Nothing is left to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.number.is_none() && self.comment.is_none()
    }
}

impl News<'_> {
    /// The order's key in Acumatica, order type and number: the same number may exist in several types, and this is how the sync log and
    /// every message name it. At most 2 + 1 + 15 characters of the 32 that `ext_order_id` holds.
    fn target(&self) -> Option<&str> {
        match self {
            News::Written(target, _) | News::Nothing(target) => Some(target),
            News::Parked(target, _) => *target,
        }
    }

    /// The comment's text. Equal outcomes have equal texts: that is how one that was told is recognised.
    fn in_words(&self) -> Option<String> {
        Some(match self {
            News::Written(target, None) => format!("{OURS}written as {target}."),
            News::Written(target, Some(held)) => format!("{OURS}written as {target}, on hold there. {}", held.message),
            News::Parked(None, why) => format!("{OURS}not written. {} {}", why.message, codes::fix(why.code)),
            News::Parked(Some(target), why) => {
                format!("{OURS}{target} was not brought up to date. {} {}", why.message, codes::fix(why.code))
            }
            News::Nothing(_) => return None,
        })
    }
}

#[cfg(test)]
#[path = "tell_tests.rs"]
mod tests;
