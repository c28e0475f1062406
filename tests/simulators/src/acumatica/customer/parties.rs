//! Main, billing and shipping contact of a customer.

use super::super::context::address;
use super::super::decode::Patch;
use super::super::master::Master;
use super::super::record::Record;

/// `Email` is the main contact's. Billing and shipping contact and address are the main ones unless their override flag is set: so the
/// endpoint's own models say of the flags. `Attention`, `Phone1` and so on of a contact that is not overridden are ignored when sent.
pub(super) fn apply(master: &Master, copies: bool, prior: Option<&Record>, patch: &Patch, draft: &mut Record) {
    main(master, prior, draft);
    let Some(main) = draft.linked.get("MainContact").cloned() else { return };
    draft.set_or_clear("Email", main.fields.get("Email").cloned());
    for part in ["Billing", "Shipping"] {
        let own = |what: &str| {
            let flag = format!("{part}{what}Override");
            Own::of(draft.flag(&flag), prior.is_some_and(|prior| prior.flag(&flag)), copies)
        };
        let (contact_own, address_own) = (own("Contact"), own("Address"));
        let name = format!("{part}Contact");
        let sent = patch.linked.get(&name);
        let contact = draft.link(&name, "Contact");
        follow(contact, &main, contact_own, sent);
        let sent = sent.and_then(|sent| sent.linked.get("Address"));
        let to = contact.link("Address", "Address");
        if let Some(from) = main.linked.get("Address") {
            follow(to, from, address_own, sent);
        }
        if address_own.is_own() {
            address(to, master);
        }
    }
}

fn main(master: &Master, prior: Option<&Record>, draft: &mut Record) {
    let name = draft.text("CustomerName").unwrap_or_default().to_owned();
    let renamed = prior.is_none_or(|prior| prior.text("CustomerName") != Some(&name));
    let header_email = draft.was_changed("Email").then(|| draft.fields.get("Email").cloned());
    let main = draft.link("MainContact", "Contact");
    if let Some(email) = header_email {
        main.set_or_clear("Email", email);
    }
    // The account's name is that of its contact until somebody writes another one.
    if renamed && !main.was_changed("CompanyName") {
        main.set("CompanyName", name.clone());
    }
    main.set("DisplayName", name);
    address(main.link("Address", "Address"), master);
}

/// Whose a contact or address is.
#[derive(Clone, Copy)]
pub(super) enum Own {
    /// The main one's.
    Main,
    /// Its own from now on: a copy of the main one, except for what is sent.
    Copy,
    /// Its own from now on: only what is sent.
    Empty,
    /// Its own, as before.
    Kept,
}

impl Own {
    /// By the override flag now and before.
    pub(super) fn of(flag: bool, before: bool, copies: bool) -> Self {
        match (flag, before, copies) {
            (false, _, _) => Own::Main,
            (true, true, _) => Own::Kept,
            (true, false, true) => Own::Copy,
            (true, false, false) => Own::Empty,
        }
    }

    pub(super) fn is_own(self) -> bool {
        !matches!(self, Own::Main)
    }
}

/// Gives a contact or address what it has of the main one.
pub(super) fn follow(to: &mut Record, from: &Record, own: Own, sent: Option<&Patch>) {
    let is_sent = |field: &String| sent.is_some_and(|sent| sent.fields.contains_key(field));
    match own {
        Own::Main => {
            to.fields.clone_from(&from.fields);
            to.errors.clear();
            to.changed.clear();
        }
        Own::Copy => {
            for (field, value) in from.fields.iter().filter(|(field, _)| !is_sent(field)) {
                to.set(field, value.clone());
            }
        }
        Own::Empty => to.fields.retain(|field, _| is_sent(field)),
        Own::Kept => {}
    }
}
