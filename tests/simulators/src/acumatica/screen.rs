//! The forms that are written: their logic, their tables, and what else a save of one changes.

use jiff::Timestamp;

use super::answer::Refusal;
use super::context::Context;
use super::customer::{contact, location, reflect};
use super::decode::Patch;
use super::merge::Numbers;
use super::push::Transaction;
use super::record::Record;
use super::{Acumatica, customer, order, payment};

/// A screen's logic.
type Build = fn(&Context<'_>, &mut Numbers, Option<&Record>, &Patch) -> Result<Record, Refusal>;

/// One screen that is written: its logic, and the field that says when a record changed last.
pub(crate) struct Screen {
    pub(crate) entity: &'static str,
    pub(crate) build: Build,
    stamp: &'static str,
    /// The type of a document whose type is not sent, where the type is part of the key.
    pub(crate) default_type: Option<&'static str>,
}

/// The date of the last change, on every form but sales orders.
const STAMP: &str = "LastModifiedDateTime";

const SCREENS: [Screen; 5] = [
    Screen {
        entity: "SalesOrder",
        build: order::build,
        stamp: "LastModified",
        default_type: Some(order::DEFAULT_TYPE),
    },
    Screen { entity: "Customer", build: customer::build, stamp: STAMP, default_type: None },
    Screen { entity: "CustomerLocation", build: location::build, stamp: STAMP, default_type: None },
    Screen { entity: "Contact", build: contact::build, stamp: STAMP, default_type: None },
    Screen { entity: "Payment", build: payment::build, stamp: STAMP, default_type: Some(payment::DEFAULT_TYPE) },
];

impl Screen {
    pub(crate) fn of(entity: &str) -> Option<&'static Self> {
        const { &SCREENS }.iter().find(|screen| screen.entity == entity)
    }
}

/// The session of users at their screens; those of the API count from one.
pub(crate) const USER: u64 = 0;

/// Who saves, and when.
pub(crate) struct Actor {
    pub(crate) session: u64,
    pub(crate) now: Timestamp,
    /// Midnight of the business date.
    pub(crate) business_date: Timestamp,
    pub(crate) branch: Option<String>,
}

impl Acumatica {
    /// The records of an entity that can be written.
    pub(super) fn table(&self, entity: &str) -> Option<&Vec<Record>> {
        match entity {
            "SalesOrder" => Some(&self.orders),
            "Customer" => Some(&self.customers),
            "CustomerLocation" => Some(&self.locations),
            "Contact" => Some(&self.contacts),
            "Payment" => Some(&self.payments),
            _ => None,
        }
    }

    fn table_mut(&mut self, entity: &str) -> &mut Vec<Record> {
        match entity {
            "SalesOrder" => &mut self.orders,
            "Customer" => &mut self.customers,
            "CustomerLocation" => &mut self.locations,
            "Contact" => &mut self.contacts,
            _ => &mut self.payments,
        }
    }

    /// The record as it would be saved, or with its errors: a new one, or the one that stands at `target`.
    pub(super) fn draft(
        &mut self,
        actor: &Actor,
        screen: &Screen,
        target: Option<usize>,
        patch: &Patch,
    ) -> Result<Record, Refusal> {
        let prior = match (target, self.table(screen.entity)) {
            (Some(at), Some(table)) => table.get(at).cloned(),
            _ => None,
        };
        let context = Context {
            config: &self.config,
            master: &self.master,
            facts: &self.facts,
            customers: &self.customers,
            locations: &self.locations,
            orders: &self.orders,
            session: actor.session,
            now: actor.now,
            business_date: actor.business_date,
            branch: actor.branch.clone(),
        };
        (screen.build)(&context, &mut self.numbers, prior.as_ref(), patch)
    }

    /// Writes the draft and what follows from it, unless it equals what is stored: equal values are skipped, so nothing is saved and no
    /// stamp moves. Returns the record and whether anything was saved.
    pub(super) fn store(
        &mut self,
        now: Timestamp,
        screen: &Screen,
        target: Option<usize>,
        mut draft: Record,
        transaction: &mut Transaction,
    ) -> (Record, bool) {
        draft.settle();
        let rule = self.config.customers.stamp;
        let stamp = now - self.config.customers.stamp_lag;
        let records = self.table_mut(screen.entity);
        let before = target.and_then(|at| records.get(at)).cloned();
        if before.as_ref() == Some(&draft) {
            return (draft, false);
        }
        let moves = match (screen.entity, &before) {
            ("Customer", Some(before)) => reflect::moves_stamp(rule, before, &draft),
            _ => true,
        };
        if moves {
            draft.set(screen.stamp, stamp);
        }
        match target {
            None => records.push(draft.clone()),
            Some(at) => records[at] = draft.clone(),
        }
        let serial = draft.serial;
        if transaction.listens {
            transaction.note(before.clone(), Some(draft.clone()));
        }
        match screen.entity {
            "SalesOrder" => self.payments_of_order(&draft, now),
            "Payment" => self.orders_of_payment(&draft, now),
            "Customer" => self.parts_of_customer(&draft, stamp, transaction),
            "CustomerLocation" => self.customer_of_location(&draft, stamp, transaction),
            "Contact" => self.show_contact(before.as_ref(), &draft, transaction),
            _ => {}
        }
        let at = target.unwrap_or(self.table_mut(screen.entity).len() - 1);
        let stored = self.table_mut(screen.entity).get(at).filter(|stored| stored.serial == serial);
        (stored.cloned().unwrap_or(draft), true)
    }
}
