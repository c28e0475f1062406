//! Which events are known, what each is about, and where its body has the id. One table; a sender only chooses the column.

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An order, by its `entity_id`.
    Order,
    /// A customer, by its id.
    Customer,
}

/// An event that is known by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is about.
    pub subject: Subject,
    shape: Shape,
}

/// Where bodies have the id: in the innermost of the named members, under the first of the keys that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Members that hold the record or lead to it, at any place of the way.
    pub(super) wrappers: &'static [&'static str],
    /// The id's names, the more telling ones first.
    pub(super) keys: &'static [&'static str],
    /// Whether a merchant wrote the body's template, so that it may be broken JSON.
    free_form: bool,
}

const fn event(subject: Subject, wrappers: &'static [&'static str], keys: &'static [&'static str]) -> Event {
    Event { subject, shape: Shape { wrappers, keys, free_form: false } }
}

/// `{"data": <the order as REST prints it>}`, of async-events; tolerated without `data`.
const REST_ORDER: Event = event(Subject::Order, &["data"], &["entity_id"]);
/// Customers have their id under another name in REST than in the database.
const REST_CUSTOMER: Event = event(Subject::Customer, &["data"], &["id"]);
/// An address names its customer.
const REST_ADDRESS: Event = event(Subject::Customer, &["data"], &["customer_id"]);

/// Events of the async-events modules (mage-os/mageos-common-async-events). They send no name, so that a shop subscribes one URL each.
const ASYNC_EVENTS: [(&str, Event); 12] = [
    ("sales.order.created", REST_ORDER),
    ("sales.order.updated", REST_ORDER),
    ("sales.order.paid", REST_ORDER),
    ("sales.order.shipped", REST_ORDER),
    ("sales.order.holded", REST_ORDER),
    ("sales.order.unholded", REST_ORDER),
    ("sales.order.cancelled", REST_ORDER),
    ("customer.created", REST_CUSTOMER),
    ("customer.updated", REST_CUSTOMER),
    ("customer.login", REST_CUSTOMER),
    ("customer.address.created", REST_ADDRESS),
    ("customer.address.updated", REST_ADDRESS),
];

/// Arguments of an observer as Adobe's modules print them: `{"order": {…}}`, in some under `data`, in I/O Events under `value`; a
/// checkout to several addresses has `orders`.
const MODEL_ORDER: Event = event(Subject::Order, &["data", "value", "order", "orders"], &["entity_id"]);
/// A model's fields have `entity_id`; the data object of `customer_save_after_data_object` has `id`.
const MODEL_CUSTOMER: Event =
    event(Subject::Customer, &["data", "value", "customer", "customer_data_object"], &["entity_id", "id"]);
/// Magento 2.4.6 module-customer: the model's event object is `customer_address`, the column of its customer is `parent_id`.
const MODEL_ADDRESS: Event =
    event(Subject::Customer, &["data", "value", "customer_address"], &["customer_id", "parent_id"]);
/// Magento 2.4.6 module-newsletter: the model's event object is `subscriber`; a guest's customer is 0.
const MODEL_SUBSCRIBER: Event = event(Subject::Customer, &["data", "value", "subscriber"], &["customer_id"]);

/// Observers (Magento 2.4.6 modules sales, checkout, customer, newsletter). What ends in `_commit_after` comes after the transaction; the
/// others may come before it ends, or although it is rolled back.
const OBSERVERS: [(&str, Event); 10] = [
    ("sales_order_place_after", MODEL_ORDER),
    ("checkout_submit_all_after", MODEL_ORDER),
    ("sales_order_save_after", MODEL_ORDER),
    ("sales_order_save_commit_after", MODEL_ORDER),
    ("order_cancel_after", MODEL_ORDER),
    ("customer_save_after_data_object", MODEL_CUSTOMER),
    ("customer_register_success", MODEL_CUSTOMER),
    ("customer_delete_after", MODEL_CUSTOMER),
    ("customer_address_save_after", MODEL_ADDRESS),
    ("newsletter_subscriber_save_commit_after", MODEL_SUBSCRIBER),
];

/// Bodies that a merchant wrote. A foreign record's body names the one that is meant more tellingly than by `id`.
const FREE_FORM: [(&str, Event); 2] = [
    (
        "order",
        Event {
            subject: Subject::Order,
            shape: Shape {
                wrappers: &["data", "event", "order"],
                keys: &["order_id", "entity_id", "id"],
                free_form: true,
            },
        },
    ),
    (
        "customer",
        Event {
            subject: Subject::Customer,
            shape: Shape {
                wrappers: &["data", "event", "customer"],
                keys: &["customer_id", "entity_id", "id"],
                free_form: true,
            },
        },
    ),
];

/// What Adobe I/O Events puts before an event's name in `type`.
const TYPE_PREFIX: &str = "com.adobe.commerce.";
/// What Adobe's modules put before an observer's name.
const OBSERVER_PREFIX: &str = "observer.";

fn find(table: &[(&str, Event)], name: &str) -> Option<Event> {
    table.iter().find(|(known, _)| *known == name).map(|(_, event)| *event)
}

impl Event {
    /// The event of the async-events modules with that name: `sales.order.created`.
    #[must_use]
    pub fn of_async_events(name: &str) -> Option<Self> {
        find(&ASYNC_EVENTS, name)
    }

    /// The observer with that name, with or without the `observer.` that Adobe's modules put before it.
    #[must_use]
    pub fn of_observer(name: &str) -> Option<Self> {
        find(&OBSERVERS, name.strip_prefix(OBSERVER_PREFIX).unwrap_or(name))
    }

    /// The event of Adobe I/O Events with that `type`: `com.adobe.commerce.observer.sales_order_save_commit_after`.
    #[must_use]
    pub fn of_type(kind: &str) -> Option<Self> {
        find(&OBSERVERS, kind.strip_prefix(TYPE_PREFIX)?.strip_prefix(OBSERVER_PREFIX)?)
    }

    /// An event with a body that a merchant wrote, about an `order` or a `customer`.
    #[must_use]
    pub fn of_free_form(entity: &str) -> Option<Self> {
        find(&FREE_FORM, entity)
    }

    pub(super) fn shape(self) -> Shape {
        self.shape
    }

    pub(super) fn is_free_form(self) -> bool {
        self.shape.free_form
    }
}
