//! A company → Acumatica's customer, once: when the first of its people is synced and no customer has its e-mail.

use acumatica::Put;
use acumatica::model::customer::{Contact, Customer};
use acumatica::model::sales_order::Address as ErpAddress;
use acumatica::model::value::set;
use magento::model::customer::Company;

use super::super::super::facts::Facts;
use super::super::{groups, one_way, to_acumatica};
use crate::address::{self, Place, text};
use crate::plan::{Finding, Step, StepKey};
use crate::settings::CustomerDirection;

/// The country whose regions must be asked for: a company has the number of its region and the name, and not the code.
#[must_use]
pub fn country(company: &Company) -> Option<String> {
    company.region_id.filter(|id| id.0 > 0)?;
    text(company.country_id.as_deref())
}

/// The request that makes the company's customer; `facts` are those of one of its people, by whose store view it is made.
///
/// # Errors
/// What the company lacks, what the settings do not map, or what is too long.
pub fn customer(facts: &Facts<'_>, company: &Company) -> Result<Step, Finding> {
    one_way(facts, CustomerDirection::AcumaticaToMagento)?;
    let name = text(company.company_name.as_deref()).ok_or_else(|| {
        let message = format!("Company {} of Magento has no name.", company.id.0);
        Finding::new("customers.rejected.name_missing", message)
    })?;
    let group = company.customer_group_id.filter(|_| groups::is_synced(facts));
    let row = group.map(|group| groups::row_of_group(facts, group.0)).transpose()?;
    let of_orders =
        || facts.store().and_then(|store| facts.settings.orders_of(store).first(|it| it.customer_class.clone()));
    let new = Customer {
        customer_name: set(name.clone()),
        customer_class: row.map(|row| row.customer_class.clone()).or_else(of_orders).and_then(set),
        price_class_id: row.and_then(|row| row.price_class.clone()).and_then(set),
        tax_registration_id: text(company.vat_tax_id.as_deref()).and_then(set),
        main_contact: Some(Contact {
            company_name: set(name),
            email: text(company.company_email.as_deref()).and_then(set),
            phone1: text(company.telephone.as_deref()).and_then(set),
            address: Some(address_of(facts, company)),
            ..Contact::default()
        }),
        ..Customer::default()
    };
    let put = Put::new_customer(&new);
    to_acumatica::within_limits(&format!("company {} of Magento", company.id.0), "Customer", &put.body)?;
    Ok(Step::new(StepKey::CustomerCreate, put))
}

/// The company's address, which is where bills go: the main one of a customer that has no other.
fn address_of(facts: &Facts<'_>, company: &Company) -> ErpAddress {
    let scope = facts
        .store()
        .map(|store| facts.settings.orders_of(store))
        .unwrap_or_else(|| facts.settings.orders_by_default());
    let country = text(company.country_id.as_deref());
    let known = country.as_ref().and_then(|country| facts.regions.get(country)).into_iter().flatten();
    let region = company.region_id.and_then(|id| known.into_iter().find(|region| region.id == id));
    let region_code = region.map(|region| region.code.as_str());
    let name = region.map(|region| region.name.as_str()).or(company.region.as_deref());
    let state =
        country.as_deref().and_then(|country| address::state(&scope, Place { country, region_code, region: name }));
    let (line1, line2) = address::street(&company.street);
    ErpAddress {
        address_line1: line1.and_then(set),
        address_line2: line2.and_then(set),
        city: text(company.city.as_deref()).and_then(set),
        state: state.and_then(set),
        postal_code: text(company.postcode.as_deref()).and_then(set),
        country: country.and_then(|country| set(address::country(&scope, &country))),
    }
}
