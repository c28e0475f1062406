//! The fields that both sides have, each as its side has it and as the other side would have the same.

use acumatica::model::customer::{Contact, Customer};
use acumatica::model::sales_order::Address as ErpAddress;
use acumatica::model::value::Value;
use magento::model::customer::{Address, Customer as Account};

use super::super::facts::Facts;
use super::{attributes, companies, gone, groups, locations, names};
use crate::address::{self, Place, text};
use crate::merge::{Cell, Cells, Field};
use crate::settings::{Resolved, StateForm};

/// Between the parts of one value, none of which holds it.
pub(super) const BETWEEN: char = '\u{1f}';

/// The address for mail.
pub const EMAIL: &str = "email";
/// Who it is: five parts in Magento, one text in Acumatica.
pub const NAME: &str = "name";
/// The company, where it is one.
pub const COMPANY: &str = "company";
/// The VAT number.
pub const VAT: &str = "vat_number";
/// Customer group ↔ customer class and price class.
pub const GROUP: &str = "group";
/// Whether the customer may buy: watched where the settings want to be told, and never written.
pub const STATUS: &str = "status";
/// The telephone of the billing address ↔ of the main contact.
pub const PHONE: &str = "phone";
/// The billing address: one field, because the street of one address and the city of another are none.
pub const BILLING: &str = "billing.address";
/// The shipping address.
pub const SHIPPING: &str = "shipping.address";
/// Who receives parcels.
pub const SHIPPING_NAME: &str = "shipping.name";
/// The telephone of the shipping address.
pub const SHIPPING_PHONE: &str = "shipping.phone";

/// Every field that is not an attribute: owners may be named for them.
pub const FIELDS: [&str; 13] = [
    EMAIL,
    NAME,
    COMPANY,
    VAT,
    GROUP,
    PHONE,
    companies::JOB_TITLE,
    BILLING,
    SHIPPING,
    SHIPPING_NAME,
    SHIPPING_PHONE,
    locations::LOCATION,
    attributes::NEWSLETTER,
];

/// The account's fields.
#[must_use]
pub fn of_account(facts: &Facts<'_>, account: &Account) -> Cells {
    let (billing, shipping) = (billing(account), shipping(account));
    let email = text(account.email.as_deref()).map(|email| email.to_lowercase());
    let name = names::of_account(account);
    let receiver = shipping.map(names::of_address).unwrap_or_default();
    let fixed = [
        (EMAIL, Cell::same(email)),
        (NAME, names::in_parts(&name)),
        (COMPANY, Cell::same(billing.and_then(|billing| company_of(&name, billing)))),
        (VAT, Cell::same(text(account.taxvat.as_deref()))),
        (PHONE, Cell::same(billing.and_then(|billing| text(billing.telephone.as_deref())))),
        (BILLING, of_address(facts, billing)),
        (SHIPPING, of_address(facts, shipping)),
        (SHIPPING_NAME, names::in_parts(&receiver)),
        (SHIPPING_PHONE, Cell::same(shipping.and_then(|shipping| text(shipping.telephone.as_deref())))),
    ];
    let fixed = fixed.into_iter().map(|(name, cell)| (Field::new(name), cell));
    let group = groups::of_account(facts, account).map(|cell| (Field::new(GROUP), cell));
    let status = gone::no_status(facts).map(|cell| (Field::new(STATUS), cell));
    let further = locations::of_account(facts);
    fixed.chain(group).chain(status).chain(attributes::of_account(facts, account)).chain(further).collect()
}

/// The customer's fields.
#[must_use]
pub fn of_customer(facts: &Facts<'_>, customer: &Customer) -> Cells {
    let main = customer.main_contact.as_ref();
    let receiver = shipping_contact(customer);
    let receives = receiver.and_then(|contact| plain(contact.attention.as_ref()));
    let known = facts.account;
    let (billed, to) = (known.and_then(billing), known.and_then(shipping));
    let email = main.and_then(|contact| plain(contact.email.as_ref())).map(|email| email.to_lowercase());
    let fixed = [
        (EMAIL, Cell::same(email)),
        (NAME, names::whole(person(customer).as_deref(), &known.map(names::of_account).unwrap_or_default())),
        (COMPANY, Cell::same(company(customer))),
        (VAT, Cell::same(plain(customer.tax_registration_id.as_ref()))),
        (PHONE, Cell::same(main.and_then(|contact| plain(contact.phone1.as_ref())))),
        (BILLING, of_erp_address(facts, billing_address(customer), billed)),
        (SHIPPING, of_erp_address(facts, shipping_address(customer), to)),
        (SHIPPING_NAME, names::whole(receives.as_deref(), &to.map(names::of_address).unwrap_or_default())),
        (SHIPPING_PHONE, Cell::same(receiver.and_then(|contact| plain(contact.phone1.as_ref())))),
    ];
    let fixed = fixed.into_iter().map(|(name, cell)| (Field::new(name), cell));
    let group = groups::of_customer(facts, customer).map(|cell| (Field::new(GROUP), cell));
    let status = gone::status(facts, customer).map(|cell| (Field::new(STATUS), cell));
    let further = locations::of_customer(facts, customer);
    fixed.chain(group).chain(status).chain(attributes::of_customer(facts, customer)).chain(further).collect()
}

/// The account's default billing address.
#[must_use]
pub fn billing(account: &Account) -> Option<&Address> {
    account
        .default_billing
        .and_then(|id| account.address(id))
        .or_else(|| account.addresses.iter().find(|own| own.default_billing.0))
}

/// The account's default shipping address.
#[must_use]
pub fn shipping(account: &Account) -> Option<&Address> {
    account
        .default_shipping
        .and_then(|id| account.address(id))
        .or_else(|| account.addresses.iter().find(|own| own.default_shipping.0))
}

/// Where bills go in Acumatica: the main address unless the customer has another for them.
#[must_use]
pub fn billing_address(customer: &Customer) -> Option<&ErpAddress> {
    let own = customer.billing_address_override.as_ref().is_some_and(|own| own.0);
    let contact = if own { customer.billing_contact.as_ref() } else { customer.main_contact.as_ref() };
    contact.and_then(|contact| contact.address.as_ref())
}

/// Where parcels go in Acumatica: the main address unless the customer has another for them.
#[must_use]
pub fn shipping_address(customer: &Customer) -> Option<&ErpAddress> {
    let own = customer.shipping_address_override.as_ref().is_some_and(|own| own.0);
    let contact = if own { customer.shipping_contact.as_ref() } else { customer.main_contact.as_ref() };
    contact.and_then(|contact| contact.address.as_ref())
}

fn shipping_contact(customer: &Customer) -> Option<&Contact> {
    let own = customer.shipping_contact_override.as_ref().is_some_and(|own| own.0);
    if own { customer.shipping_contact.as_ref() } else { customer.main_contact.as_ref() }
}

/// Who the customer is: the person addressed, else the name shown.
#[must_use]
pub fn person(customer: &Customer) -> Option<String> {
    let addressed = customer.main_contact.as_ref().and_then(|contact| plain(contact.attention.as_ref()));
    addressed.or_else(|| plain(customer.customer_name.as_ref()))
}

/// The company: the name shown, where that is not the person's.
#[must_use]
pub fn company(customer: &Customer) -> Option<String> {
    plain(customer.customer_name.as_ref())
        .filter(|shown| person(customer).is_none_or(|person| !address::same(&person, shown)))
}

/// The company of an address; in Acumatica a company that is called as its person is none.
fn company_of(name: &names::Name, billing: &Address) -> Option<String> {
    let whole = address::name(&name.each_ref());
    let company = text(billing.company.as_deref())?;
    whole.is_none_or(|whole| !address::same(&whole, &company)).then_some(company)
}

/// A Magento address, and the same in Acumatica's form.
pub(super) fn of_address(facts: &Facts<'_>, from: Option<&Address>) -> Cell {
    let Some(from) = from else { return Cell::same(None) };
    let country = text(from.country_id.as_deref());
    let street = Some(lines_of(from).join("\n"));
    let is = [street, text(from.city.as_deref()), region_of(from), text(from.postcode.as_deref()), country];
    Cell::mapped(Some(whole(&is)), Ok(form(&to_erp(facts, from))))
}

/// A Magento address as Acumatica's.
#[must_use]
pub fn to_erp(facts: &Facts<'_>, from: &Address) -> ErpAddress {
    let wrapped = |text: Option<String>| text.map(Value);
    let (line1, line2) = address::street(&from.street);
    let country = text(from.country_id.as_deref());
    let scope = scope(facts);
    let state = country.as_deref().and_then(|country| {
        let region = from.region.as_ref();
        let region_code = region.and_then(|region| region.region_code.as_deref());
        address::state(
            &scope,
            Place { country, region_code, region: region.and_then(|region| region.region.as_deref()) },
        )
    });
    ErpAddress {
        address_line1: wrapped(line1),
        address_line2: wrapped(line2),
        city: wrapped(text(from.city.as_deref())),
        state: wrapped(state),
        postal_code: wrapped(text(from.postcode.as_deref())),
        country: wrapped(country.map(|country| address::country(&scope, &country))),
    }
}

/// An address of Acumatica, and the same in Magento's form.
pub(super) fn of_erp_address(facts: &Facts<'_>, from: Option<&ErpAddress>, like: Option<&Address>) -> Cell {
    let Some(from) = from else { return Cell::same(None) };
    let Some(is) = form(from) else { return Cell::same(None) };
    let to = to_shop(facts, from, like);
    let means = [Some(to.street.join("\n")), to.city, to.region, to.postcode, to.country];
    Cell::mapped(Some(is), Ok(Some(whole(&means))))
}

/// An address of Acumatica in Magento's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopAddress {
    /// One or two lines.
    pub street: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// Code or name of the region.
    pub region: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
}

/// An address of Acumatica as Magento's. What Acumatica's form cannot say stays as the address that is there has it: lines of a street that
/// are one there, and the region of a country that has no states there.
#[must_use]
pub fn to_shop(facts: &Facts<'_>, from: &ErpAddress, like: Option<&Address>) -> ShopAddress {
    let scope = scope(facts);
    let country = plain(from.country.as_ref()).map(|country| address::country_back(&scope, &country));
    let region = match (plain(from.state.as_ref()), &country) {
        (Some(state), Some(country)) => Some(address::region_back(&scope, country, &state).to_owned()),
        (Some(state), None) => Some(state),
        (None, country) => like.filter(|like| is_stateless(&scope, country.as_deref(), like)).and_then(region_of),
    };
    let lines = [plain(from.address_line1.as_ref()), plain(from.address_line2.as_ref())];
    let kept = like.filter(|like| lines == <[_; 2]>::from(address::street(&like.street))).map(lines_of);
    ShopAddress {
        street: kept.unwrap_or_else(|| lines.into_iter().flatten().collect()),
        city: plain(from.city.as_ref()),
        region,
        postcode: plain(from.postal_code.as_ref()),
        country,
    }
}

/// Whether the address is in the same country, which has no states in Acumatica.
fn is_stateless(scope: &Resolved<'_>, country: Option<&str>, like: &Address) -> bool {
    let row = country.and_then(|country| scope.row(|scope| &scope.countries, |row| row.country == country));
    row.is_some_and(|row| row.state == StateForm::None) && text(like.country_id.as_deref()).as_deref() == country
}

/// What maps countries and regions: the settings of the store view's orders.
fn scope<'a>(facts: &Facts<'a>) -> Resolved<'a> {
    facts.store().map_or_else(|| facts.settings.orders_by_default(), |store| facts.settings.orders_of(store))
}

fn lines_of(address: &Address) -> Vec<String> {
    address.street.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The region's code, or its name where it has none.
fn region_of(address: &Address) -> Option<String> {
    let region = address.region.as_ref()?;
    text(region.region_code.as_deref()).or_else(|| text(region.region.as_deref()))
}

/// Acumatica's form in one text; none of an address that has nothing but a country, which a class gives to customers without any.
fn form(address: &ErpAddress) -> Option<String> {
    let parts = [
        plain(address.address_line1.as_ref()),
        plain(address.address_line2.as_ref()),
        plain(address.city.as_ref()),
        plain(address.state.as_ref()),
        plain(address.postal_code.as_ref()),
        plain(address.country.as_ref()),
    ];
    parts[..5].iter().any(Option::is_some).then(|| whole(&parts))
}

/// Several parts as one value.
pub(super) fn whole(parts: &[Option<String>]) -> String {
    parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(&BETWEEN.to_string())
}

/// A wrapped text without the blanks that Acumatica pads keys with; none where it is empty.
#[must_use]
pub fn plain(value: Option<&Value<String>>) -> Option<String> {
    value.and_then(|value| text(Some(&value.0)))
}
