//! What is read of a person of a company: the side of the event, then the other one, then the company.

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::contact::Contact;
use jiff::Timestamp;
use magento::model::customer::{Company, Customer as Account};
use queue::Cause;
use serde_json::Value;
use std::collections::BTreeSet;
use store::record::Revision;

use super::super::facts::{Facts, changed_at};
use super::super::gather::{self, Gathered};
use super::super::identity::Id;
use super::super::plan::companies::{self, Person};
use super::super::plan::{self, Both, Decided, cells};
use super::key_of;
use crate::address::same;
use crate::delivery::Outcome;
use crate::failure;
use crate::merge::{Base, Side};
use crate::plan::{Finding, Plan};
use crate::step::Planned;
use crate::turn::{End, Turn};

/// What Magento says of a route that it does not have.
const NO_ROUTE: &str = "magento.rejected.no_such_route";
/// Contacts of one e-mail that are read at most: two are too many already.
const SEVERAL: u32 = 20;

/// Both sides as they were read.
pub(super) struct Seen {
    /// The account, and the state in which both were last in step.
    pub(super) gathered: Gathered,
    /// Acumatica's contact.
    pub(super) contact: Option<Contact>,
}

impl Seen {
    pub(super) fn account(&self) -> Option<&Account> {
        self.gathered.account.as_ref()
    }

    pub(super) fn base(&self) -> Option<&Base> {
        self.gathered.base.as_ref()
    }

    pub(super) fn facts<'a>(&'a self, turn: &'a Turn<'_>) -> Facts<'a> {
        self.gathered.facts(turn)
    }

    /// What people call the account.
    pub(super) fn shown(&self) -> String {
        self.account().map_or_else(|| "The person".to_owned(), |account| format!("Customer {} of Magento", account.id))
    }

    /// The account's e-mail.
    pub(super) fn email(&self) -> &str {
        self.account().and_then(|account| account.email.as_deref()).unwrap_or_default().trim()
    }

    /// The contact's permanent id.
    pub(super) fn note(&self) -> Option<String> {
        let contact = self.contact.as_ref()?;
        let note = contact.note_id.as_ref().map(|note| note.0.as_str()).or(contact.id.as_deref());
        note.map(str::to_lowercase)
    }

    /// What the record is bound to.
    pub(super) fn target(&self, number: &str) -> Option<String> {
        let id = self.contact.as_ref()?.contact_id.as_ref()?.0;
        Some(companies::target(number, id))
    }

    pub(super) fn both(&self) -> Both {
        self.account().map(|account| companies::both(account, self.contact.as_ref())).unwrap_or_default()
    }

    pub(super) fn planned(&self, turn: &Turn<'_>, pending: &BTreeSet<crate::merge::Field>) -> Planned {
        let fingerprint = plan::base(&self.facts(turn), &self.both(), pending).fingerprint();
        Planned { revision: self.revision(turn), fingerprint }
    }

    /// Both sides' revisions, as of any other pair.
    pub(super) fn revision(&self, turn: &Turn<'_>) -> Revision {
        let account = self.account().and_then(|account| account.updated_at.as_deref()).unwrap_or("-");
        let contact = self.contact.as_ref().and_then(|contact| cells::plain(contact.last_modified_date_time.as_ref()));
        let documents = (self.account().map(|account| &account.document), &self.contact);
        let text = serde_json::to_string(&documents).expect("invariant: what was read as JSON is JSON");
        let digest = turn.link.emails.digest(&format!("{}\n{text}", turn.record.key));
        Revision(format!("{account} {} {}", contact.as_deref().unwrap_or("-"), &digest[..16]))
    }

    /// What shall be done; none without an account.
    pub(super) fn decide(&self, turn: &Turn<'_>, customer_id: &str) -> Option<Decided> {
        let (facts, account) = (self.facts(turn), self.account()?);
        let contact = self.contact.as_ref();
        Some(companies::plan(&Person { facts, account, contact, customer_id, newer: self.newer() }))
    }

    fn newer(&self) -> Side {
        let contact = self.contact.as_ref().and_then(|contact| cells::plain(contact.last_modified_date_time.as_ref()));
        let contact = contact.and_then(|at| at.parse::<Timestamp>().ok());
        match (self.account().and_then(changed_at), contact) {
            (Some(account), Some(contact)) if account > contact => Side::Magento,
            (Some(_), None) => Side::Magento,
            _ => Side::Acumatica,
        }
    }
}

/// Reads both sides: one call where nothing has changed on the side of the event, one to each side otherwise.
///
/// # Errors
/// How the turn ends instead.
pub(super) async fn read(turn: &Turn<'_>, account: Option<Account>) -> Result<Seen, End> {
    let base = turn.record.bound.as_ref().and_then(|bound| Base::parse(&bound.fingerprint));
    let mut seen = Seen { gathered: Gathered { account, base, ..Gathered::default() }, contact: None };
    let of_event = Id::parse(&turn.delivery.event.source_id);
    match of_event {
        Some(Id::Customer(note)) => {
            seen.contact = contact(turn, &note).await?;
            in_step(turn, &seen, Side::Acumatica).await?;
            seen.gathered.account = own_account(turn).await?;
        }
        _ => {
            if seen.account().is_none() {
                seen.gathered.account = own_account(turn).await?;
            }
            in_step(turn, &seen, Side::Magento).await?;
            let bound = turn.record.bound.as_ref().and_then(|bound| companies::parts_of(&bound.target));
            if let Some((_, id)) = bound {
                seen.contact = contact(turn, id).await?;
            }
        }
    }
    Ok(seen)
}

async fn own_account(turn: &Turn<'_>) -> Result<Option<Account>, End> {
    match Id::of_record(&turn.record.key) {
        Some(id) => gather::account(turn, &id).await,
        None => Ok(None),
    }
}

async fn contact(turn: &Turn<'_>, key: &str) -> Result<Option<Contact>, End> {
    let read = super::document::contact(turn.link.platforms(), key).await.map_err(|error| turn.not_now(&error))?;
    read.map(decode).transpose()
}

/// A contact as the ERP wrote it.
///
/// # Errors
/// An answer that is none.
pub(super) fn decode(document: Value) -> Result<Contact, End> {
    acumatica::error::decode(document).map_err(|undecodable| {
        let message = format!("Acumatica's answer to a contact cannot be read: {undecodable}.");
        End::parked(Finding::new("acumatica.bug.undecodable", message))
    })
}

/// The echo of our own write ends here: the side is as it was when both were last in step, and belongs where it did.
async fn in_step(turn: &Turn<'_>, seen: &Seen, side: Side) -> Result<(), End> {
    // Where something was begun or is waited for, the other side may have news, of which no further event tells.
    let asked =
        matches!(turn.delivery.event.cause, Cause::Operator | Cause::Settings | Cause::Due) || turn.record.is_resumed();
    let is_finished = turn.record.bound.as_ref().is_some_and(|bound| !bound.unfinished) && turn.record.park.is_none();
    let is_whole = is_finished && !asked;
    let bound = turn.record.bound.as_ref().and_then(|bound| companies::parts_of(&bound.target));
    let Some((base, (number, _))) = seen.base().zip(bound).filter(|_| is_whole) else { return Ok(()) };
    let (cells, belongs) = match (side, seen.account(), &seen.contact) {
        (Side::Magento, Some(account), _) => {
            let Some((company, _)) = companies::membership(account) else { return Ok(()) };
            let company = turn.records.load(&key_of(&turn.link.id, company)).await?;
            (companies::of_account(account), company.bound.is_some_and(|bound| bound.target == number))
        }
        (Side::Acumatica, _, Some(contact)) => (companies::of_contact(contact), is_of(contact, number)),
        _ => return Ok(()),
    };
    let differs = base.differs(side, &cells, &seen.facts(turn).hashes);
    if differs || !belongs { Ok(()) } else { Err(End::finished(Outcome::Unchanged, None)) }
}

fn is_of(contact: &Contact, number: &str) -> bool {
    cells::plain(contact.business_account.as_ref()).is_some_and(|own| same(&own, number))
}

/// The company: one call. In its place the plan for a person of one that nothing is written of.
///
/// # Errors
/// How the turn ends instead.
pub(super) async fn company(turn: &Turn<'_>, seen: &Seen) -> Result<Result<Company, Box<Plan>>, End> {
    let Some((id, _)) = seen.account().and_then(companies::membership) else {
        return Err(super::broken("a person of a company without a company"));
    };
    match turn.link.magento.company(id).await {
        Ok(company) => Ok(match companies::stands_still(&seen.facts(turn), &company) {
            Some(plan) => Err(Box::new(plan)),
            None => Ok(company),
        }),
        Err(error) if error.code == NO_ROUTE => {
            let message = format!(
                "{} belongs to company {}, and Magento has no companies: the module is not there.",
                seen.shown(),
                id.0
            );
            Err(End::parked(Finding::new("customers.rejected.company_module_missing", message)))
        }
        Err(error) => Err(failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code))),
    }
}

/// The only contact in use that the customer has with the account's e-mail: one call.
///
/// # Errors
/// Several such contacts; the ERP away.
pub(super) async fn contact_by_email(turn: &Turn<'_>, seen: &mut Seen, number: &str) -> Result<(), End> {
    let filter = Filter::eq("BusinessAccount", number).and(Filter::eq("Email", seen.email()));
    let found = turn.link.acumatica.list("Contact", &Query::filtered(filter, SEVERAL)).await;
    let found =
        found.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))?;
    let mut contacts = found.into_iter().map(decode).collect::<Result<Vec<Contact>, End>>()?;
    // The server compares by its database's collation; whose contact it is, is decided here.
    contacts.retain(|contact| {
        let active = contact.active.as_ref().is_none_or(|active| active.0);
        active && is_of(contact, number) && companies::email_of(contact).is_some_and(|own| same(&own, seen.email()))
    });
    if contacts.len() > 1 {
        let ids = contacts.iter().filter_map(|contact| Some(contact.contact_id.as_ref()?.0.to_string()));
        let mut ids: Vec<String> = ids.collect();
        ids.sort_unstable();
        let message = format!(
            "Contacts {} of customer {number} in Acumatica all have the e-mail of {}.",
            ids.join(" and "),
            seen.shown()
        );
        return Err(End::parked(Finding::new("customers.rejected.ambiguous_contact", message)));
    }
    seen.contact = contacts.pop();
    Ok(())
}
