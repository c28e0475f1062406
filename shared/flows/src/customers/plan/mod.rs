//! A pair of customers: what of the account goes to Acumatica, and what of the customer to Magento.
//!
//! [`cells`] the fields that both have, with `groups` and [`attributes`] by the settings' rows; [`to_acumatica`] and `to_magento` make requests
//! of what [`crate::merge`] decides; [`addresses`] an account's list of them; [`check`] judges what was saved.

pub mod addresses;
pub mod attributes;
pub mod cells;
pub mod check;
pub mod companies;
mod gone;
mod groups;
pub mod locations;
mod main;
mod names;
mod rules;
pub mod to_acumatica;
mod to_magento;

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use magento::model::customer::Customer as Account;

use super::facts::Facts;
use crate::address::text;
use crate::merge::{Base, Cells, Conflict, Field, Merged, Owner, Rule, Side, merge};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
use crate::settings::CustomerDirection;

/// What shall be done about a pair, and how that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// What is written.
    pub plan: Plan,
    /// Which fields go where; empty where one side is yet to be made.
    pub merged: Merged,
    /// Both sides' fields.
    pub cells: Both,
}

/// The fields of both sides; empty where there is no such side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Both {
    /// The account's.
    pub account: Cells,
    /// The customer's.
    pub customer: Cells,
}

impl Both {
    /// Both sides' fields. A field that one side alone has is empty on the other.
    #[must_use]
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut account = facts.account.map(|account| cells::of_account(facts, account)).unwrap_or_default();
        let mut customer = facts.customer.map(|customer| cells::of_customer(facts, customer)).unwrap_or_default();
        if facts.account.is_some() && facts.customer.is_some() {
            fill(&mut account, &customer);
            fill(&mut customer, &account);
        }
        Self { account, customer }
    }

    /// Both sides after a save of `fields` on `side`, as far as the save was ours: whatever else its answer shows to be new was changed by somebody
    /// since it was read, and is news yet. `self` is how they were read. Further addresses are taken as they are saved, under their new names.
    #[must_use]
    pub fn after(&self, saved: &Self, side: Side, fields: &BTreeSet<Field>) -> Self {
        let mut known = saved.clone();
        for (own, read, cells) in
            [(Side::Magento, &self.account, &mut known.account), (Side::Acumatica, &self.customer, &mut known.customer)]
        {
            for (field, cell) in cells.iter_mut() {
                let is_ours = own == side && fields.contains(field) || locations::concerns(field);
                if let Some(read) = read.get(field).filter(|_| !is_ours) {
                    cell.clone_from(read);
                }
            }
        }
        known
    }
}

fn fill(these: &mut Cells, others: &Cells) {
    for field in others.keys() {
        these.entry(field.clone()).or_insert_with(|| crate::merge::Cell::same(None));
    }
}

/// What shall be done about the pair.
#[must_use]
pub fn plan(facts: &Facts<'_>) -> Decided {
    let cells = Both::of(facts);
    let mut merged = Merged::default();
    let plan = match rules::skipped(facts) {
        Some(finding) => Plan::Skipped(finding),
        None => decide(facts, &cells, &mut merged).unwrap_or_else(not_written),
    };
    Decided { plan, merged, cells }
}

fn decide(facts: &Facts<'_>, cells: &Both, merged: &mut Merged) -> Result<Plan, Finding> {
    match (facts.account, facts.customer) {
        _ if facts.paired && (facts.account.is_none() || facts.customer.is_none()) => gone::decide(facts),
        (Some(account), Some(customer)) => {
            rules::usable_email(facts)?;
            *merged = merged_by_rule(facts, cells);
            both(facts, account, customer, cells, merged)
        }
        (Some(account), None) => {
            rules::usable_email(facts)?;
            one_way(facts, CustomerDirection::AcumaticaToMagento)?;
            let put = to_acumatica::create(facts, account, &rules::given(facts, cells, Side::Magento))?;
            Ok(create(Step::new(StepKey::CustomerCreate, put)))
        }
        (None, Some(customer)) => {
            rules::becomes_an_account(facts, customer)?;
            rules::usable_email(facts)?;
            one_way(facts, CustomerDirection::MagentoToAcumatica)?;
            let write = to_magento::create(facts, customer, &rules::given(facts, cells, Side::Acumatica))?;
            Ok(create(Step::new(StepKey::AccountCreate, write)))
        }
        (None, None) => Err(Finding::new("customers.skipped.gone", "The customer is on neither side any more.")),
    }
}

/// Nothing is made on a side that gets no changes.
fn one_way(facts: &Facts<'_>, against: CustomerDirection) -> Result<(), Finding> {
    if facts.settings.customers.direction == against {
        let message =
            format!("{} is not made on the other side: the settings sync customers the other way.", shown(facts));
        return Err(Finding::new("customers.skipped.direction", message));
    }
    Ok(())
}

fn create(step: Step) -> Plan {
    Plan::Create(Box::new(Work { steps: vec![step], amounts: None }))
}

fn both(
    facts: &Facts<'_>,
    account: &Account,
    customer: &Customer,
    cells: &Both,
    merged: &Merged,
) -> Result<Plan, Finding> {
    if merged.is_nothing() {
        return Ok(Plan::Unchanged);
    }
    let mut steps = Vec::new();
    if merged.to_acumatica.iter().any(|field| !locations::concerns(field)) {
        let put = to_acumatica::update(facts, account, customer, &cells.account, merged)?;
        steps.push(Step::new(StepKey::CustomerUpdate, put));
    }
    steps.extend(locations::steps(facts, &merged.to_acumatica)?);
    if !merged.to_magento.is_empty() {
        let write = to_magento::update(facts, account, customer, &cells.customer, &merged.to_magento)?;
        steps.push(Step::new(StepKey::AccountUpdate, write));
    }
    Ok(Plan::Update(Box::new(Work { steps, amounts: None })))
}

fn merged_by_rule(facts: &Facts<'_>, cells: &Both) -> Merged {
    let mut merged = merge(
        |field| rule(facts, cells, field),
        facts.base,
        &cells.account,
        &cells.customer,
        facts.newer,
        &facts.hashes,
    );
    main::follow(facts, cells, &mut merged);
    if rules::is_of_a_guest(facts) {
        // An order's data against the account's is nothing that both sides have changed.
        merged.conflicts.clear();
    }
    merged
}

/// What holds for a field of the pair.
#[must_use]
pub fn rule(facts: &Facts<'_>, cells: &Both, field: &Field) -> Rule {
    let rule = locations::rule(facts, cells, field);
    let is_accounts = rule.owner != Owner::Never && rules::is_of_a_guest(facts);
    if is_accounts { Rule { owner: Owner::Magento, ..rule } } else { rule }
}

/// The plan by which nothing is written, for its reason.
pub(super) fn not_written(finding: Finding) -> Plan {
    if matches!(finding.code.split('.').nth(1), Some("skipped" | "resolved")) {
        Plan::Skipped(finding)
    } else {
        Plan::Rejected(finding)
    }
}

/// The state after what is written so far: fields that are still on their way stay as they were.
#[must_use]
pub fn base(facts: &Facts<'_>, cells: &Both, pending: &BTreeSet<Field>) -> Base {
    let base = Base::of(&cells.account, &cells.customer, &facts.hashes).without(pending, facts.base);
    let further = pending.iter().filter(|field| locations::concerns(field));
    base.without(&locations::formerly(facts.base, pending), facts.base).awaiting(further)
}

/// Which side a step writes to, and what it brings into step there.
#[must_use]
pub fn fields_of(decided: &Decided, step: &Step) -> (Side, BTreeSet<Field>) {
    let to_acumatica = decided.merged.to_acumatica.iter();
    match step.key {
        StepKey::CustomerUpdate | StepKey::ContactSave => {
            (Side::Acumatica, to_acumatica.filter(|field| !locations::concerns(field)).cloned().collect())
        }
        StepKey::LocationSave => {
            let own = |field: &&Field| step.part.as_deref() == Some(field.name());
            (Side::Acumatica, to_acumatica.filter(own).cloned().collect())
        }
        _ => (Side::Magento, decided.merged.to_magento.clone()),
    }
}

/// Both sides as they are to be once `fields` of a side are written; `now` is how they are before it, after the steps before.
#[must_use]
pub fn predicted(decided: &Decided, now: &Both, side: Side, fields: &BTreeSet<Field>) -> Both {
    let mut cells = now.clone();
    let (from, to) = match side {
        Side::Acumatica => (&decided.cells.account, &mut cells.customer),
        Side::Magento => (&decided.cells.customer, &mut cells.account),
    };
    for field in fields {
        if let (Some(from), Some(to)) = (from.get(field), to.get_mut(field)) {
            to.is = from.means.clone().unwrap_or_default();
        }
    }
    cells
}

/// What a person should know although all is in step: what both sides had changed, or that the customer may not buy any more.
#[must_use]
pub fn told(facts: &Facts<'_>, decided: &Decided) -> Option<Finding> {
    let conflicts = conflicts(facts, &decided.merged.conflicts);
    Finding::and(conflicts, gone::turned_inactive(facts, &decided.cells.customer))
}

/// The conflicts in words: which field, and whose value stays. Never the values.
fn conflicts(facts: &Facts<'_>, conflicts: &[Conflict]) -> Option<Finding> {
    if conflicts.is_empty() {
        return None;
    }
    let told: Vec<String> = conflicts
        .iter()
        .map(|conflict| {
            let stays = match conflict.winner {
                Some(Side::Magento) => "Magento's stays",
                Some(Side::Acumatica) => "Acumatica's stays",
                None => "each side keeps its own",
            };
            format!("`{}` ({stays})", conflict.field.name())
        })
        .collect();
    let message = format!("{} was changed on both sides, and differently, in {}.", shown(facts), told.join(", "));
    Some(Finding::new("customers.resolved.conflict", message))
}

/// What people call the pair, without naming the person: Acumatica's number, else Magento's.
#[must_use]
pub fn shown(facts: &Facts<'_>) -> String {
    let number = facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()));
    match (number, facts.account) {
        (Some(number), _) => format!("Customer {number} of Acumatica"),
        (None, Some(account)) => format!("Customer {} of Magento", account.id),
        (None, None) => "The customer".to_owned(),
    }
}

/// The e-mail by which the pair is known: the account's, else the customer's.
#[must_use]
pub fn email<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    let of_account = facts.account.and_then(|account| account.email.as_deref());
    let main = facts.customer.and_then(|customer| customer.main_contact.as_ref());
    let of_customer = main.and_then(|contact| contact.email.as_ref()).map(|email| email.0.as_str());
    of_account.or(of_customer).map(str::trim).filter(|email| !email.is_empty())
}

/// The e-mail that the other side is about to get.
#[must_use]
pub fn next_email<'a>(facts: &Facts<'a>, to_acumatica: bool) -> Option<&'a str> {
    let of_account = facts.account.and_then(|account| account.email.as_deref());
    let main = facts.customer.and_then(|customer| customer.main_contact.as_ref());
    let of_customer = main.and_then(|contact| contact.email.as_ref()).map(|email| email.0.as_str());
    if to_acumatica { of_account } else { of_customer }
}

/// That customers are switched off.
#[must_use]
pub fn disabled() -> Finding {
    Finding::new("customers.skipped.disabled", "Customers are switched off in the settings.")
}

/// Whether the settings say that the pair is not synced.
#[must_use]
pub fn is_skipped(facts: &Facts<'_>) -> bool {
    rules::skipped(facts).is_some()
}

/// Why nobody can be found by the e-mail of this customer; none where somebody can.
#[must_use]
pub fn no_key(facts: &Facts<'_>) -> Option<Finding> {
    rules::no_key(facts)
}

/// Why a customer of one side is not made on the other; none where it is.
#[must_use]
pub fn stays_alone(facts: &Facts<'_>) -> Option<Finding> {
    let of_customer = |customer| {
        rules::becomes_an_account(facts, customer)?;
        one_way(facts, CustomerDirection::MagentoToAcumatica)
    };
    let made = match facts.customer {
        Some(customer) => of_customer(customer),
        None => one_way(facts, CustomerDirection::AcumaticaToMagento),
    };
    rules::skipped(facts).or_else(|| made.err())
}

/// Countries in which an address of the account may be written: their regions are asked for.
#[must_use]
pub fn countries(facts: &Facts<'_>) -> BTreeSet<String> {
    let Some(customer) = facts.customer else { return BTreeSet::new() };
    if facts.account.is_none() && (facts.paired || rules::becomes_an_account(facts, customer).is_err()) {
        return BTreeSet::new();
    }
    let cells = Both::of(facts);
    let merged = if facts.account.is_some() { merged_by_rule(facts, &cells) } else { Merged::default() };
    let wanted = |name: &str| {
        facts.account.is_none()
            || merged.to_magento.iter().any(|field| addresses::concerns(field) && field.name().starts_with(name))
    };
    let mut countries = BTreeSet::new();
    let bills = (cells::billing_address(customer), facts.account.and_then(cells::billing));
    let parcels = (cells::shipping_address(customer), facts.account.and_then(cells::shipping));
    for (name, (address, like)) in [("", bills), ("shipping", parcels)] {
        let Some(address) = address.filter(|_| wanted(name)) else { continue };
        let shop = cells::to_shop(facts, address, like);
        countries.extend(shop.country.filter(|_| text(shop.region.as_deref()).is_some()));
    }
    countries.extend(locations::countries(facts, &merged));
    countries
}
