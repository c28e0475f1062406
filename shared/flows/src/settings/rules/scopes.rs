//! The levels of the scope: which websites, store views and channels there are, and what of one level needs or excludes another value.

use crate::settings::parse::{Problem, escape};
use crate::settings::scope::matches;
use crate::settings::{Channel, CustomOptions, DuplicateGuard, ImportRule, PaymentRow, Scope, Settings, When};

use super::fields::filled;
use super::{fields, rows};

/// One level of the scope. The wider ones are those from which it certainly inherits.
struct Level<'s> {
    path: String,
    scope: &'s Scope,
    wider: Vec<&'s Scope>,
    /// A channel takes orders of every store view, so what all of those have it inherits too.
    of_channel: bool,
}

pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    unknown_codes(settings, problems);
    channels(&settings.orders.channels, problems);
    unused_options(settings, problems);
    for level in levels(settings) {
        guard(settings, &level, problems);
        fields::check(&level.path, level.scope, problems);
        rows::check(&level.path, level.scope, problems);
        for (at, row) in level.scope.payment_methods.iter().enumerate() {
            payment(&format!("{}/payment_methods/{at}", level.path), row, problems);
        }
    }
}

fn levels(settings: &Settings) -> Vec<Level<'_>> {
    let orders = &settings.orders;
    let level = |path: String, scope, wider| Level { path, scope, wider, of_channel: false };
    let mut levels = vec![level("/orders/default".to_owned(), &orders.default, Vec::new())];
    for (code, scope) in &orders.websites {
        levels.push(level(format!("/orders/websites/{}", escape(code)), scope, vec![&orders.default]));
    }
    for (code, scope) in &orders.store_views {
        let website = settings.stores.iter().find(|store| store.code == *code).map(|store| &store.website);
        let website = website.and_then(|website| orders.websites.get(website));
        let wider = website.into_iter().chain([&orders.default]).collect();
        levels.push(level(format!("/orders/store_views/{}", escape(code)), scope, wider));
    }
    for (at, channel) in orders.channels.iter().enumerate() {
        let path = format!("/orders/channels/{at}/settings");
        levels.push(Level { of_channel: true, ..level(path, &channel.settings, vec![&orders.default]) });
    }
    levels
}

/// Before the connection test has filled in the stores nobody knows which codes there are; the test checks again.
fn unknown_codes(settings: &Settings, problems: &mut Vec<Problem>) {
    if settings.stores.is_empty() {
        return;
    }
    for code in settings.orders.websites.keys() {
        if !settings.stores.iter().any(|store| store.website == *code) {
            let message = format!("no store view in /stores belongs to a website {code:?}");
            problems.push(Problem::new(format!("/orders/websites/{}", escape(code)), message));
        }
    }
    for code in settings.orders.store_views.keys() {
        if !settings.stores.iter().any(|store| store.code == *code) {
            let message = format!("there is no store view {code:?} in /stores");
            problems.push(Problem::new(format!("/orders/store_views/{}", escape(code)), message));
        }
    }
}

/// Each channel has a name of its own, asks for something, and is reachable: the first one that an order fits is its channel.
fn channels(channels: &[Channel], problems: &mut Vec<Problem>) {
    for (at, channel) in channels.iter().enumerate() {
        let (path, when) = (format!("/orders/channels/{at}"), &channel.when);
        filled(&format!("{path}/name"), Some(&channel.name), problems);
        if let Some(first) = channels[..at].iter().position(|earlier| earlier.name == channel.name) {
            let message = format!("channel {:?} is already at /orders/channels/{first}", channel.name);
            problems.push(Problem::new(format!("{path}/name"), message));
        }
        for (name, pattern) in [
            ("payment_method", &when.payment_method),
            ("shipping_method", &when.shipping_method),
            ("increment_id", &when.increment_id),
        ] {
            filled(&format!("{path}/when/{name}"), pattern.as_ref(), problems);
        }
        if *when == When::default() {
            let message = "asks for nothing, so every order would come through this channel; what holds for all belongs into /orders/default";
            problems.push(Problem::new(format!("{path}/when"), message));
        } else if let Some(first) = channels[..at].iter().position(|earlier| covers(&earlier.when, when)) {
            let message = format!(
                "can never match, because channel {first} ({:?}) comes first and matches all of it",
                channels[first].name
            );
            problems.push(Problem::new(path, message));
        }
    }
}

/// Whether whatever fits `b` fits `a`. A channel that asks for nothing is named for that, and not again for each one behind it.
fn covers(a: &When, b: &When) -> bool {
    let text = |a: &Option<String>, b: &Option<String>| {
        a.as_ref().is_none_or(|pattern| b.as_ref().is_some_and(|text| matches(pattern, text)))
    };
    *a != When::default()
        && text(&a.payment_method, &b.payment_method)
        && text(&a.shipping_method, &b.shipping_method)
        && text(&a.increment_id, &b.increment_id)
        && (a.customer_group.is_none() || a.customer_group == b.customer_group)
}

/// Where `CustomerOrder` carries our reference, the shopper's own number needs another place.
fn guard(settings: &Settings, level: &Level<'_>, problems: &mut Vec<Problem>) {
    let named = [level.scope].iter().chain(&level.wider).any(|scope| scope.purchase_order_field.is_some());
    let at_every_store = || {
        let mut stores = settings.stores.iter().map(|store| settings.orders_of(store));
        level.of_channel
            && !settings.stores.is_empty()
            && stores.all(|store| store.first(|scope| scope.purchase_order_field).is_some())
    };
    if level.scope.duplicate_guard == Some(DuplicateGuard::CustomerOrder) && !named && !at_every_store() {
        let message =
            "\"customer_order\" needs purchase_order_field, which says where the shopper's purchase order number goes";
        problems.push(Problem::new(format!("{}/duplicate_guard", level.path), message));
    }
}

/// What a payment method's row says twice in different ways.
fn payment(path: &str, row: &PaymentRow, problems: &mut Vec<Problem>) {
    let Some(shared) = &row.authorised else { return };
    if row.import == ImportRule::WhenPaid {
        let message = "is never used: by import \"when_paid\" an order comes only once the money is there, and then nothing is left to capture";
        problems.push(Problem::new(format!("{path}/authorised"), message));
    }
    let received = row.receive.as_ref().map(|receive| &receive.payment_method);
    if received.is_some_and(|method| method.eq_ignore_ascii_case(&shared.payment_method)) {
        let message = format!(
            "{:?} is receive's payment method too: with integrated card processing it would charge the card again for money that is there",
            shared.payment_method
        );
        problems.push(Problem::new(format!("{path}/authorised/payment_method"), message));
    }
}

/// Rows for custom options do nothing while no level turns options into lines.
fn unused_options(settings: &Settings, problems: &mut Vec<Problem>) {
    if settings.orders.scopes().any(|scope| scope.custom_options == Some(CustomOptions::Lines)) {
        return;
    }
    for level in levels(settings).into_iter().filter(|level| !level.scope.option_items.is_empty()) {
        let message = "are never used: custom_options is \"lines\" nowhere";
        problems.push(Problem::new(format!("{}/option_items", level.path), message));
    }
}
