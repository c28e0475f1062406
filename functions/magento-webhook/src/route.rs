//! Which sender a request comes from, and which event it is about: said by its path alone.

use magento::webhook::Event;
use runtime::door::Request;

/// A sender, and what its path says of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The async-events module: `/magento/{link}/sales.order.created`.
    AsyncEvents(Event),
    /// Adobe Commerce webhooks: `/magento/{link}/adobe-commerce/observer.sales_order_save_commit_after`.
    AdobeCommerce(Event),
    /// Adobe I/O Events: `/magento/{link}/adobe-io`, whatever the event.
    AdobeIo,
    /// Adobe asks whether this address is ours, before it sends anything there.
    Handshake,
    /// A module whose body the merchant writes: `/magento/{link}/mageplaza/order`.
    Mageplaza(Event),
}

impl Sender {
    /// None when there is no such sender or event.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let name = request.path("event");
        match (request.is_get(), request.path("sender")) {
            (true, "") => (name == "adobe-io").then_some(Sender::Handshake),
            (true, _) => None,
            (false, "") if name == "adobe-io" => Some(Sender::AdobeIo),
            (false, "") => Event::of_async_events(name).map(Sender::AsyncEvents),
            (false, "adobe-commerce") => Event::of_observer(name).map(Sender::AdobeCommerce),
            (false, "mageplaza") => Event::of_free_form(name).map(Sender::Mageplaza),
            _ => None,
        }
    }
}
