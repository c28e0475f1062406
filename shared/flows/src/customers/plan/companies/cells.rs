//! The fields that an account of a company and a contact both have. All of them are written alike on both sides.

use acumatica::model::contact::Contact;
use magento::model::customer::Customer as Account;

use super::super::cells::{EMAIL, NAME, PHONE, plain, whole};
use super::{JOB_TITLE, membership};
use crate::address::text;
use crate::merge::{Cell, Cells, Field};

/// The account's fields.
#[must_use]
pub fn of_account(account: &Account) -> Cells {
    let member = membership(account).map(|(_, member)| member);
    cells(
        [&account.firstname, &account.lastname].map(|part| text(part.as_deref())),
        text(account.email.as_deref()),
        member.and_then(|member| text(member.telephone.as_deref())),
        member.and_then(|member| text(member.job_title.as_deref())),
    )
}

/// The contact's fields.
#[must_use]
pub fn of_contact(contact: &Contact) -> Cells {
    cells(
        [&contact.first_name, &contact.last_name].map(|part| plain(part.as_ref())),
        plain(contact.email.as_ref()),
        plain(contact.phone1.as_ref()),
        plain(contact.job_title.as_ref()),
    )
}

fn cells(name: [Option<String>; 2], email: Option<String>, phone: Option<String>, job_title: Option<String>) -> Cells {
    let name = name.iter().any(Option::is_some).then(|| whole(&name));
    let email = email.map(|email| email.to_lowercase());
    [(EMAIL, email), (NAME, name), (PHONE, phone), (JOB_TITLE, job_title)]
        .map(|(field, value)| (Field::new(field), Cell::same(value)))
        .into()
}
