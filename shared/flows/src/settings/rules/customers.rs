//! Customers: who becomes an account, whose values win, and which e-mails are nobody's. Their rows are in [`customer_rows`](super::customer_rows).

use std::collections::BTreeMap;

use super::fields::{filled, fits};
use super::{customer_rows, limits, rows};
use crate::customers::plan::cells::FIELDS;
use crate::merge::Owner;
use crate::settings::parse::{Problem, escape};
use crate::settings::scope::matches;
use crate::settings::{
    AccountDeleted, Accounts, CustomerDirection, CustomerInactive, CustomerScope, Customers, Settings,
};

/// One level of the customers' scope.
pub(super) struct Level<'s> {
    pub(super) path: String,
    pub(super) scope: &'s CustomerScope,
    /// The code of its website; none of the default.
    website: Option<&'s str>,
}

pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    let customers = &settings.customers;
    let levels = levels(customers);
    unknown_websites(settings, problems);
    masked(customers, problems);
    gone(customers, problems);
    owners(customers, &levels, problems);
    accounts(settings, &levels, problems);
    for level in &levels {
        customer_rows::check(customers.direction, level, problems);
    }
}

fn levels(customers: &Customers) -> Vec<Level<'_>> {
    let default = Level { path: "/customers/default".to_owned(), scope: &customers.default, website: None };
    let own = customers.websites.iter().map(|(code, scope)| Level {
        path: format!("/customers/websites/{}", escape(code)),
        scope,
        website: Some(code),
    });
    [default].into_iter().chain(own).collect()
}

/// As for orders: before the connection test has filled in the stores nobody knows which codes there are.
fn unknown_websites(settings: &Settings, problems: &mut Vec<Problem>) {
    for code in settings.customers.websites.keys().filter(|_| !settings.stores.is_empty()) {
        if !settings.stores.iter().any(|store| store.website == *code) {
            let message = format!("no store view in /stores belongs to a website {code:?}");
            problems.push(Problem::new(format!("/customers/websites/{}", escape(code)), message));
        }
    }
}

/// A pattern names a part of an e-mail, or every customer would be nobody.
fn masked(customers: &Customers, problems: &mut Vec<Problem>) {
    const PATH: &str = "/customers/masked_emails";
    let covers = |a: &crate::settings::MaskedRow, b: &crate::settings::MaskedRow| {
        matches(&a.email.to_lowercase(), &b.email.to_lowercase())
    };
    rows::keyed(PATH, "email", &customers.masked_emails, |row| &row.email, covers, problems);
    for (at, row) in customers.masked_emails.iter().enumerate().filter(|(_, row)| !row.email.trim().is_empty()) {
        let path = format!("{PATH}/{at}/email");
        if row.email.replace('*', "") == "@" {
            problems.push(Problem::new(path, format!("{:?} fits every e-mail", row.email)));
        } else if !row.email.contains('@') || row.email.contains(char::is_whitespace) {
            let message = format!("{:?} is no e-mail; they look like \"*@marketplace.example.com\"", row.email);
            problems.push(Problem::new(path, message));
        }
    }
}

fn gone(customers: &Customers, problems: &mut Vec<Problem>) {
    const PATH: &str = "/customers/gone";
    let never = |side: &str| {
        format!("never happens: by direction {:?} nothing is written to {side}", word(customers.direction))
    };
    if customers.gone.from_magento == AccountDeleted::Deactivate && !customers.direction.to_acumatica() {
        problems.push(Problem::new(format!("{PATH}/from_magento"), never("Acumatica")));
    }
    let CustomerInactive::Group { group_id } = customers.gone.from_acumatica else { return };
    if !customers.direction.to_magento() {
        problems.push(Problem::new(format!("{PATH}/from_acumatica"), never("Magento")));
    }
    if group_id == 0 {
        problems.push(Problem::new(format!("{PATH}/from_acumatica/group_id"), customer_rows::NOT_LOGGED_IN));
    }
}

/// Owners are named for fields that there are, and their values have a way to the other side.
fn owners(customers: &Customers, levels: &[Level<'_>], problems: &mut Vec<Problem>) {
    let own = |direction, owner| has_no_way(owner, direction);
    if let Some(message) = own(customers.direction, customers.system_of_record) {
        problems.push(Problem::new("/customers/system_of_record", message));
    }
    for (field, owner) in &customers.owners {
        let (name, path) = (field.name(), format!("/customers/owners/{}", escape(field.name())));
        let row = name.strip_prefix("attribute.").map(|code| {
            let rows = levels.iter().flat_map(|level| &level.scope.attributes);
            rows.into_iter().find(|row| row.code == code)
        });
        match row {
            Some(None) => problems.push(Problem::new(path, "no attribute of that code is mapped")),
            None if !FIELDS.contains(&name) => {
                let message = format!("there is no such field; they are {} and attribute.<code>", FIELDS.join(", "));
                problems.push(Problem::new(path, message));
            }
            row => {
                let of_row = row.flatten().and_then(|row| own(row.direction, *owner));
                problems.extend(of_row.or_else(|| own(customers.direction, *owner)).map(|it| Problem::new(path, it)));
            }
        }
    }
}

fn has_no_way(owner: Owner, direction: CustomerDirection) -> Option<String> {
    let (has_way, whose, other) = match owner {
        Owner::Magento => (direction.to_acumatica(), "magento", "Acumatica"),
        Owner::Acumatica => (direction.to_magento(), "acumatica", "Magento"),
        Owner::Newest | Owner::Never => return None,
    };
    let message = || format!("{whose:?} never wins: by direction {:?} nothing is written to {other}", word(direction));
    (!has_way).then(message)
}

/// A direction as the settings spell it.
pub(super) fn word(direction: CustomerDirection) -> &'static str {
    match direction {
        CustomerDirection::Both => "both",
        CustomerDirection::MagentoToAcumatica => "magento_to_acumatica",
        CustomerDirection::AcumaticaToMagento => "acumatica_to_magento",
    }
}

/// Nothing but its class says of which website a customer's account is.
fn accounts(settings: &Settings, levels: &[Level<'_>], problems: &mut Vec<Problem>) {
    let mut classes: BTreeMap<String, String> = BTreeMap::new();
    let mut websites: BTreeMap<&str, (String, u64)> = BTreeMap::new();
    for level in levels {
        let Some(accounts) = &level.scope.accounts else { continue };
        let path = format!("{}/accounts", level.path);
        if !settings.customers.direction.to_magento() {
            let message = format!(
                "are never made: by direction {:?} nothing is written to Magento",
                word(settings.customers.direction)
            );
            problems.push(Problem::new(path.clone(), message));
        }
        if accounts.classes.is_empty() {
            problems.push(Problem::new(
                format!("{path}/classes"),
                "must name a customer class; leave `accounts` out where none is meant",
            ));
        }
        for (at, class) in accounts.classes.iter().enumerate() {
            let path = format!("{path}/classes/{at}");
            fits(&path, Some(class), limits::CUSTOMER_CLASS, problems);
            match classes.get(&class.to_uppercase()) {
                Some(first) => {
                    let message = format!("class {class:?} is already at {first}, and a customer becomes one account");
                    problems.push(Problem::new(path, message));
                }
                None => drop(classes.insert(class.to_uppercase(), path)),
            }
        }
        place(settings, level, accounts, &path, &mut websites, problems);
    }
}

/// Where accounts are made: a store view that there is, of that website.
fn place<'s>(
    settings: &'s Settings,
    level: &Level<'_>,
    accounts: &Accounts,
    path: &str,
    websites: &mut BTreeMap<&'s str, (String, u64)>,
    problems: &mut Vec<Problem>,
) {
    let id = format!("{path}/website_id");
    filled(&format!("{path}/store_view"), Some(&accounts.store_view), problems);
    if accounts.website_id == 0 {
        problems.push(Problem::new(id.clone(), "website 0 is Magento's admin, which has no customers"));
    }
    if settings.stores.is_empty() || accounts.store_view.trim().is_empty() {
        return;
    }
    let view = &accounts.store_view;
    let Some(store) = settings.stores.iter().find(|store| store.code == *view) else {
        let message = format!("there is no store view {view:?} in /stores");
        problems.push(Problem::new(format!("{path}/store_view"), message));
        return;
    };
    if level.website.is_some_and(|website| website != store.website) {
        let message = format!("store view {view:?} is one of website {:?}", store.website);
        problems.push(Problem::new(format!("{path}/store_view"), message));
    }
    let (first, known) = websites.entry(&store.website).or_insert_with(|| (id.clone(), accounts.website_id));
    if *known != accounts.website_id {
        let message = format!("website {:?} has the id {known} at {first}", store.website);
        problems.push(Problem::new(id, message));
    }
    let scope = settings.customers.of(Some(store));
    let mut rows = scope.rows(|scope| &scope.groups).peekable();
    if rows.peek().is_none() {
        return;
    }
    let mapped: Vec<String> =
        rows.filter(|row| row.direction.to_magento()).map(|row| row.customer_class.trim().to_uppercase()).collect();
    for (at, class) in accounts.classes.iter().enumerate().filter(|(_, class)| !mapped.contains(&class.to_uppercase()))
    {
        let message = format!("class {class:?} has no row in `groups`, so its customers can be made in no group");
        problems.push(Problem::new(format!("{path}/classes/{at}"), message));
    }
}
