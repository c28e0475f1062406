//! How customers, locations and contacts keep up with each other within one transaction.

use super::super::Acumatica;
use super::super::config::CustomerStamp;
use super::super::push::Transaction;
use super::super::record::Record;
use super::{contact, location};
use jiff::Timestamp;

/// The customer's fields that are those of its default location, and how the location calls them: the endpoint's own models name the
/// location's table (`PX.Objects.CR.Standalone.Location`) for each of them.
const SHARED: [(&str, &str); 19] = [
    ("EntityUsageType", "EntityUsageType"),
    ("FOBPoint", "FOBPoint"),
    ("LeadTimedays", "LeadTimeDays"),
    ("LocationName", "LocationName"),
    ("OrderPriority", "OrderPriority"),
    ("PriceClassID", "PriceClass"),
    ("ResidentialDelivery", "ResidentialDelivery"),
    ("SaturdayDelivery", "SaturdayDelivery"),
    ("ShipVia", "ShipVia"),
    ("ShippingAddressOverride", "AddressOverride"),
    ("ShippingBranch", "ShippingBranch"),
    ("ShippingContactOverride", "ContactOverride"),
    ("ShippingRule", "ShippingRule"),
    ("ShippingTerms", "ShippingTerms"),
    ("ShippingZoneID", "ShippingZone"),
    ("TaxExemptionNumber", "TaxExemptionNbr"),
    ("TaxRegistrationID", "TaxRegistrationID"),
    ("TaxZone", "TaxZone"),
    ("WarehouseID", "Warehouse"),
];

/// The location that every customer has from the beginning.
pub(crate) fn default_location(serial: u64, customer: &Record) -> Record {
    let mut main = location::blank(serial);
    main.set("Customer", customer.text("CustomerID").unwrap_or_default());
    main.set("LocationID", location::MAIN);
    main.set("Default", true);
    to_location(customer, &mut main);
    for stamp in ["CreatedDateTime", "LastModifiedDateTime"] {
        main.set_or_clear(stamp, customer.fields.get(stamp).cloned());
    }
    main
}

/// Gives a location what its customer says: the default one all that they share, another one the main contact and address where it has
/// none of its own.
fn to_location(customer: &Record, location: &mut Record) {
    if location.flag("Default") {
        for (ours, theirs) in SHARED {
            location.set_or_clear(theirs, customer.fields.get(ours).cloned());
        }
        if let Some(contact) = customer.linked.get("ShippingContact") {
            location.linked.insert("LocationContact".to_owned(), contact.clone());
        }
        return;
    }
    let Some(main) = customer.linked.get("MainContact") else { return };
    let (contact_own, address_own) = (location.flag("ContactOverride"), location.flag("AddressOverride"));
    let contact = location.link("LocationContact", "Contact");
    if !contact_own {
        contact.fields.clone_from(&main.fields);
    }
    if let Some(address) = main.linked.get("Address").filter(|_| !address_own) {
        contact.link("Address", "Address").fields.clone_from(&address.fields);
    }
}

/// Gives a customer what its default location says.
fn to_customer(location: &Record, customer: &mut Record) {
    for (ours, theirs) in SHARED {
        customer.set_or_clear(ours, location.fields.get(theirs).cloned());
    }
    if let Some(contact) = location.linked.get("LocationContact") {
        customer.linked.insert("ShippingContact".to_owned(), contact.clone());
    }
}

/// Whether a change of a customer moves its stamp.
pub(crate) fn moves_stamp(rule: CustomerStamp, before: &Record, after: &Record) -> bool {
    match rule {
        CustomerStamp::AnyChange => before != after,
        CustomerStamp::OwnFields => before.fields != after.fields,
        CustomerStamp::DefaultLocation => {
            SHARED.iter().any(|(field, _)| before.fields.get(*field) != after.fields.get(*field))
        }
    }
}

fn is(record: &Record, field: &str, id: &str) -> bool {
    record.text(field) == Some(id)
}

impl Acumatica {
    /// After a customer was saved: its locations, the addresses of its contacts, and its primary contact.
    pub(crate) fn parts_of_customer(&mut self, customer: &Record, stamp: Timestamp, transaction: &mut Transaction) {
        let id = customer.text("CustomerID").unwrap_or_default();
        let mut known = false;
        for location in self.locations.iter_mut().filter(|location| is(location, "Customer", id)) {
            known = true;
            let before = location.clone();
            to_location(customer, location);
            // Copies of the main contact are no fields of the location.
            if location.fields != before.fields {
                location.set("LastModifiedDateTime", stamp);
            }
            if *location != before {
                transaction.note(Some(before), Some(location.clone()));
            }
        }
        if !known {
            let main = default_location(self.numbers.serial(), customer);
            transaction.note(None, Some(main.clone()));
            self.locations.push(main);
        }
        self.written_primary_contact(customer, stamp, transaction);
        self.addresses_of_contacts(customer, transaction);
    }

    /// Contacts without an address of their own bear the main one.
    fn addresses_of_contacts(&mut self, customer: &Record, transaction: &mut Transaction) {
        let id = customer.text("CustomerID").unwrap_or_default();
        let Some(main) = customer.linked.get("MainContact").and_then(|main| main.linked.get("Address")) else { return };
        let own = |contact: &Record| contact.flag("OverrideAccountAddress");
        let mut changed = Vec::new();
        for contact in self.contacts.iter_mut().filter(|contact| is(contact, "BusinessAccount", id) && !own(contact)) {
            let before = contact.clone();
            contact.link("Address", "Address").fields.clone_from(&main.fields);
            if *contact != before {
                transaction.note(Some(before), Some(contact.clone()));
                changed.push(contact.clone());
            }
        }
        changed.iter().for_each(|contact| self.show_contact(None, contact, transaction));
    }

    /// What a PUT of the customer says of its primary contact becomes the contact's; a customer without one gets it.
    fn written_primary_contact(&mut self, customer: &Record, stamp: Timestamp, transaction: &mut Transaction) {
        let Some(sent) = customer.linked.get("PrimaryContact") else { return };
        let number = customer.fields.get("PrimaryContactID").cloned();
        let held = self.contacts.iter_mut().find(|contact| contact.fields.get("ContactID") == number.as_ref());
        let (before, after) = match held.filter(|_| number.is_some()) {
            Some(held) if held.fields == sent.fields => return,
            Some(held) => {
                let before = held.clone();
                held.fields.clone_from(&sent.fields);
                contact::name(held);
                held.set("LastModifiedDateTime", stamp);
                (Some(before), held.clone())
            }
            None => {
                let mut new = contact::blank(self.numbers.serial());
                new.fields.extend(sent.fields.clone());
                new.set("ContactID", self.numbers.contact());
                new.set("BusinessAccount", customer.text("CustomerID").unwrap_or_default());
                contact::name(&mut new);
                new.set("LastModifiedDateTime", stamp);
                self.contacts.push(new.clone());
                (None, new)
            }
        };
        if let Some(customer) = self.customers.iter_mut().find(|held| held.serial == customer.serial) {
            customer.set_or_clear("PrimaryContactID", after.fields.get("ContactID").cloned());
        }
        transaction.note(before, Some(after.clone()));
        self.show_contact(None, &after, transaction);
    }

    /// After a location was saved: the customer, if it is the default one. Whether another location's change moves the customer's stamp
    /// is not established: it does not.
    pub(crate) fn customer_of_location(&mut self, location: &Record, stamp: Timestamp, transaction: &mut Transaction) {
        let id = location.text("Customer").unwrap_or_default();
        let rule = self.config.customers.stamp;
        let found = self.customers.iter_mut().find(|customer| is(customer, "CustomerID", id));
        let Some(customer) = found.filter(|_| location.flag("Default")) else { return };
        let before = customer.clone();
        to_customer(location, customer);
        if moves_stamp(rule, &before, customer) {
            customer.set("LastModifiedDateTime", stamp);
        }
        if *customer != before {
            transaction.note(Some(before), Some(customer.clone()));
        }
    }

    /// Shows a contact among its customer's contacts, and no longer where it was before. The customer's stamp stays: its record is not
    /// written.
    pub(crate) fn show_contact(&mut self, before: Option<&Record>, contact: &Record, transaction: &mut Transaction) {
        let account = contact.text("BusinessAccount");
        let left = before.and_then(|before| before.text("BusinessAccount")).filter(|left| account != Some(left));
        if let Some(left) = left {
            self.change_shown(left, transaction, |customer| {
                customer.rows_mut("Contacts").retain(|row| row.serial != contact.serial);
                if customer.fields.get("PrimaryContactID") == contact.fields.get("ContactID") {
                    customer.fields.remove("PrimaryContactID");
                    customer.linked.remove("PrimaryContact");
                }
            });
        }
        let Some(account) = account else { return };
        self.change_shown(account, transaction, |customer| {
            let mut row = Record::new("CustomerContact", contact.serial);
            for field in ["ContactID", "LastModifiedDateTime"] {
                row.set_or_clear(field, contact.fields.get(field).cloned());
            }
            row.linked.insert("Contact".to_owned(), contact.clone());
            let rows = customer.rows_mut("Contacts");
            match rows.iter_mut().find(|held| held.serial == row.serial) {
                Some(held) => *held = row,
                None => rows.push(row),
            }
            if customer.fields.get("PrimaryContactID") == contact.fields.get("ContactID") {
                customer.linked.insert("PrimaryContact".to_owned(), contact.clone());
            }
        });
    }

    fn change_shown(&mut self, id: &str, transaction: &mut Transaction, change: impl FnOnce(&mut Record)) {
        if let Some(customer) = self.customers.iter_mut().find(|customer| is(customer, "CustomerID", id)) {
            let before = customer.clone();
            change(customer);
            transaction.note(Some(before), Some(customer.clone()));
        }
    }
}
