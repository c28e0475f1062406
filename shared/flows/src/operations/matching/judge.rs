//! Who is who: pure. Everybody of one e-mail becomes the lines of the report, by the settings and the corrections.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::people::{Here, There};
use super::walk::Group;
use crate::merge::Base;
use crate::settings::{AmbiguousEmail, SharedEmail};

/// Customers of one e-mail among which none is chosen any more, as where an order looks for its customer.
const MANY: usize = 20;
/// Several customers have the e-mail, and no setting chooses one.
const SEVERAL_CUSTOMERS: &str = "customers.rejected.ambiguous_email";
/// Several accounts have the e-mail.
const SEVERAL_ACCOUNTS: &str = "customers.rejected.shared_email";
/// The settings chose another account of the e-mail.
const OTHER_ACCOUNT: &str = "customers.skipped.shared_email";

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// An account and a customer are one.
    Matched,
    /// A person must say who is who.
    Ambiguous,
    /// The account has no customer.
    OnlyMagento,
    /// The customer has no account.
    OnlyAcumatica,
    /// It takes no part, by the settings or because nobody can be found by its e-mail.
    LeftOut,
}

impl Verdict {
    /// As it stands in the report.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Verdict::Matched => "matched",
            Verdict::Ambiguous => "ambiguous",
            Verdict::OnlyMagento => "only_magento",
            Verdict::OnlyAcumatica => "only_acumatica",
            Verdict::LeftOut => "left_out",
        }
    }
}

/// How many lines of each kind there are: one for a pair, one for everybody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) matched: u64,
    pub(super) ambiguous: u64,
    pub(super) only_magento: u64,
    pub(super) only_acumatica: u64,
    pub(super) left_out: u64,
}

impl Counts {
    pub(super) fn add(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Matched => &mut self.matched,
            Verdict::Ambiguous => &mut self.ambiguous,
            Verdict::OnlyMagento => &mut self.only_magento,
            Verdict::OnlyAcumatica => &mut self.only_acumatica,
            Verdict::LeftOut => &mut self.left_out,
        };
        *count += 1;
    }
}

/// A customer as an operator chose it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chosen {
    pub(super) number: String,
    pub(super) note: String,
}

/// What operators said: of each account which customer it is, or that it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Corrections {
    by_account: BTreeMap<u64, Option<Chosen>>,
    /// Which account has a customer, by `NoteID`.
    taken: BTreeMap<String, u64>,
}

impl Corrections {
    pub(super) fn add(&mut self, account: u64, chosen: Option<Chosen>) {
        if let Some(chosen) = &chosen {
            self.taken.insert(chosen.note.clone(), account);
        }
        self.by_account.insert(account, chosen);
    }
}

/// What decides between several of one e-mail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) ambiguous: AmbiguousEmail,
    pub(super) shared: SharedEmail,
    pub(super) corrections: &'a Corrections,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) verdict: Verdict,
    pub(super) account: Option<&'a Here>,
    pub(super) customer: Option<Who<'a>>,
    pub(super) why: &'a str,
}

/// A customer of a line: one that has the line's e-mail, or one that an operator chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who<'a> {
    /// Has the e-mail.
    Same(&'a There),
    /// Has another one.
    Other(&'a Chosen),
}

impl Who<'_> {
    pub(super) fn number(&self) -> &str {
        match self {
            Who::Same(customer) => &customer.number,
            Who::Other(chosen) => &chosen.number,
        }
    }

    pub(super) fn note(&self) -> &str {
        match self {
            Who::Same(customer) => &customer.note,
            Who::Other(chosen) => &chosen.note,
        }
    }

    pub(super) fn class(&self) -> &str {
        match self {
            Who::Same(customer) => customer.class.as_deref().unwrap_or_default(),
            Who::Other(_) => "",
        }
    }

    /// When it was saved last, as far as that is known.
    pub(super) fn modified(&self) -> &str {
        match self {
            Who::Same(customer) => customer.modified.as_deref().unwrap_or("-"),
            Who::Other(_) => "-",
        }
    }

    /// What it agrees in with the account; nothing of one that was never compared.
    pub(super) fn base(&self, account: u64) -> Base {
        match self {
            Who::Same(customer) => customer.bases.get(&account).cloned().unwrap_or_default(),
            Who::Other(_) => Base::default(),
        }
    }
}

/// The lines of a group.
pub(super) fn judge<'a>(group: &'a Group, rules: Rules<'a>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let accounts = corrected(group, rules, &mut lines);
    let free = |customer: &&There| !rules.corrections.taken.contains_key(&customer.note);
    let customers: Vec<&There> = group.customers.iter().filter(free).collect();
    if let Some(no_key) = accounts.iter().find_map(|account| account.no_key.as_deref()) {
        lines.extend(accounts.into_iter().map(|account| of_account(Verdict::LeftOut, account, no_key)));
        return lines;
    }
    if let Some(no_key) = customers.iter().find_map(|customer| customer.no_key.as_deref()) {
        lines.extend(customers.into_iter().map(|customer| of_customer(Verdict::LeftOut, customer, no_key)));
        return lines;
    }
    let chosen_account = one_account(&accounts, rules.shared);
    let chosen_customer = if group.is_crowd { None } else { one_customer(&customers, rules.ambiguous) };
    match (chosen_account, chosen_customer) {
        (Some(account), Some(customer)) => {
            let single = accounts.len() == 1 && customers.len() == 1;
            let why = if single { "one_email" } else { "chosen" };
            let who = Some(Who::Same(customer));
            lines.push(Line { verdict: Verdict::Matched, account: Some(account), customer: who, why });
            not_chosen(&accounts, account, &customers, customer, &mut lines);
        }
        (Some(account), None) if customers.is_empty() && !group.is_crowd => {
            lines.push(alone_account(account));
            let others = accounts.iter().filter(|other| other.id != account.id);
            lines.extend(others.map(|other| of_account(Verdict::LeftOut, other, OTHER_ACCOUNT)));
        }
        (None, Some(customer)) if !group.accounts.is_empty() && accounts.is_empty() && customers.len() == 1 => {
            lines.push(of_customer(Verdict::OnlyAcumatica, customer, "corrected"));
        }
        (None, Some(customer)) if accounts.is_empty() && customers.len() == 1 => lines.push(alone_customer(customer)),
        _ => {
            let several = customers.len() > 1 || group.is_crowd;
            let why = if several { SEVERAL_CUSTOMERS } else { SEVERAL_ACCOUNTS };
            lines.extend(accounts.iter().map(|account| of_account(Verdict::Ambiguous, account, why)));
            lines.extend(customers.iter().map(|customer| of_customer(Verdict::Ambiguous, customer, why)));
        }
    }
    lines
}

/// The lines of accounts that operators have spoken about; the other accounts.
fn corrected<'a>(group: &'a Group, rules: Rules<'a>, lines: &mut Vec<Line<'a>>) -> Vec<&'a Here> {
    let mut others = Vec::new();
    for account in &group.accounts {
        match rules.corrections.by_account.get(&account.id) {
            None => others.push(account),
            Some(None) => lines.push(of_account(Verdict::OnlyMagento, account, "corrected")),
            Some(Some(chosen)) => {
                let same = group.customers.iter().find(|customer| customer.note == chosen.note);
                let who = Some(same.map_or(Who::Other(chosen), Who::Same));
                let account = Some(account);
                lines.push(Line { verdict: Verdict::Matched, account, customer: who, why: "corrected" });
            }
        }
    }
    others
}

/// The account that stands for the e-mail: the only one, or the first by the settings.
fn one_account<'a>(accounts: &[&'a Here], shared: SharedEmail) -> Option<&'a Here> {
    match (accounts, shared) {
        ([only], _) => Some(only),
        (several, SharedEmail::First) => several.first().copied(),
        (_, SharedEmail::Park) => None,
    }
}

/// The customer that stands for the e-mail: the only one, or the one that the settings choose.
fn one_customer<'a>(customers: &[&'a There], ambiguous: AmbiguousEmail) -> Option<&'a There> {
    let mut active = customers.iter().filter(|customer| customer.active).copied();
    match (customers, ambiguous) {
        ([only], _) => Some(only),
        (several, _) if several.len() >= MANY => None,
        (_, AmbiguousEmail::Park) => None,
        (_, AmbiguousEmail::OnlyActive) => active.next().filter(|_| active.next().is_none()),
        (_, AmbiguousEmail::FirstActive) => active.min_by(|one, other| one.number.cmp(&other.number)),
    }
}

fn not_chosen<'a>(
    accounts: &[&'a Here],
    account: &Here,
    customers: &[&'a There],
    customer: &There,
    lines: &mut Vec<Line<'a>>,
) {
    let accounts = accounts.iter().filter(|other| other.id != account.id);
    lines.extend(accounts.map(|other| of_account(Verdict::LeftOut, other, OTHER_ACCOUNT)));
    let customers = customers.iter().filter(|other| other.note != customer.note);
    lines.extend(customers.map(|other| of_customer(Verdict::LeftOut, other, "not_chosen")));
}

fn alone_account(account: &Here) -> Line<'_> {
    of_account(Verdict::OnlyMagento, account, account.alone.as_deref().unwrap_or("will_be_made"))
}

fn alone_customer(customer: &There) -> Line<'_> {
    of_customer(Verdict::OnlyAcumatica, customer, customer.alone.as_deref().unwrap_or("will_be_made"))
}

fn of_account<'a>(verdict: Verdict, account: &'a Here, why: &'a str) -> Line<'a> {
    Line { verdict, account: Some(account), customer: None, why }
}

fn of_customer<'a>(verdict: Verdict, customer: &'a There, why: &'a str) -> Line<'a> {
    Line { verdict, account: None, customer: Some(Who::Same(customer)), why }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
