//! Push notifications as a tenant sets them up (form SM302000; Integration Development Guide, "Push Notifications").

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::Offset;

/// What is sent, and how it may go wrong.
#[derive(Clone, Debug)]
pub struct Push {
    /// The definitions; none until somebody sets them up.
    pub definitions: Vec<Definition>,
    /// The one header of the destination, name and value.
    pub header: (String, String),
    /// Whether the rows of an update travel apart.
    pub split: Split,
    /// How long after a refused attempt the next one follows. Not established.
    pub retry_after: Duration,
    /// How far the moments of rows are from UTC. They bear no offset; in the documented sample they are three hours ahead of the
    /// `TimeStamp`, which is the tenant's own time, as it seems.
    pub offset: Offset,
    /// How many bytes of a body are kept; the rest is cut off and the notification marked. The size is not established: `None` cuts none.
    pub truncate_over: Option<usize>,
}

impl Default for Push {
    fn default() -> Self {
        Self {
            definitions: Vec::new(),
            header: ("X-Push-Secret".to_owned(), "push-header-secret".to_owned()),
            split: Split::Never,
            retry_after: Duration::ZERO,
            offset: Offset::UTC,
            truncate_over: None,
        }
    }
}

/// Whether the rows of an update travel in one request, as documented, or apart, first `Deleted`, then `Inserted`, as users report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// In one request.
    Never,
    /// In two requests with the transaction's `Id`; whether they share it is not established.
    SameId,
    /// In two requests with an `Id` each.
    OwnIds,
}

/// One definition: a generic inquiry over one entity, and the fields whose changes are told.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The inquiry's title, the `Query` of its notifications.
    pub query: String,
    /// The entity the inquiry reads: `Customer`, `CustomerLocation` or `Contact`.
    pub entity: String,
    /// A detail list of the entity that is joined: one row for each of its rows, for example `Attributes`; `None` gives one row a record.
    pub each: Option<String>,
    /// The columns: name in the notification, and path of the field in the entity, for example `MainContact/Email` or, in a joined list,
    /// `Attributes/Value`. `Customer/NoteID` of a location is that of its customer, joined to the left; `Attributes/COLOR`, where that list
    /// is not joined, is the value of the attribute, which has a column of its own.
    pub columns: Vec<(String, String)>,
    /// The tracked fields, by path; they need not be columns here. `None` tracks every column.
    pub tracked: Option<BTreeSet<String>>,
}

/// The fields of every address.
const ADDRESS: [&str; 6] = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"];

impl Definition {
    /// Customers, as `infra/acumatica/push-notifications.md` documents them, with every field that an integrator may leave out. Attributes
    /// are the tenant's own: [`tracking`](Self::tracking) adds them.
    #[must_use]
    pub fn customers() -> Self {
        let header = ["CustomerID", "CustomerName", "CustomerClass", "Status", "IsGuestCustomer", "TaxRegistrationID"];
        let optional = ["PriceClassID", "Terms", "TaxZone", "TaxExemptionNumber", "AccountRef"];
        let overrides = ["BillingAddressOverride", "ShippingAddressOverride", "ShippingContactOverride"];
        let definition = Self::of("Causeway Customers", "Customer", &["NoteID", "CustomerID"]);
        ["MainContact/Address", "BillingContact/Address", "ShippingContact/Address"]
            .into_iter()
            .fold(definition, |definition, address| definition.tracking_of(address, &ADDRESS))
            .tracking_of("MainContact", &["Attention", "Email", "Phone1"])
            .tracking_of("ShippingContact", &["Attention", "Phone1"])
            .tracking(&[&header[..], &optional, &overrides].concat())
    }

    /// Further addresses, documented there, too: their rows name the customer, by a join.
    #[must_use]
    pub fn locations() -> Self {
        let mut definition = Self::of("Causeway Locations", "CustomerLocation", &["LocationID"]);
        definition.columns.push(("NoteID".to_owned(), "Customer/NoteID".to_owned()));
        definition
            .tracking(&["LocationID", "Active", "Default", "AddressOverride", "ExtRefNbr"])
            .tracking_of("LocationContact", &["Attention", "CompanyName", "Phone1"])
            .tracking_of("LocationContact/Address", &ADDRESS)
    }

    /// People of companies, documented there, too.
    #[must_use]
    pub fn company_contacts() -> Self {
        Self::of("Causeway Company Contacts", "Contact", &["NoteID"]).tracking(&[
            "BusinessAccount",
            "FirstName",
            "LastName",
            "Email",
            "Phone1",
            "JobTitle",
            "Active",
        ])
    }

    /// An inquiry over `entity` whose columns bear the names of its fields, all of them tracked.
    #[must_use]
    pub fn of(query: &str, entity: &str, columns: &[&str]) -> Self {
        Self {
            query: query.to_owned(),
            entity: entity.to_owned(),
            each: None,
            columns: columns.iter().map(|column| ((*column).to_owned(), (*column).to_owned())).collect(),
            tracked: None,
        }
    }

    /// The same, with these fields tracked besides those that were named before; columns that are not named are not tracked.
    #[must_use]
    pub fn tracking(mut self, paths: &[&str]) -> Self {
        self.tracked.get_or_insert_default().extend(paths.iter().map(|path| (*path).to_owned()));
        self
    }

    fn tracking_of(self, part: &str, fields: &[&str]) -> Self {
        let paths: Vec<String> = fields.iter().map(|field| format!("{part}/{field}")).collect();
        self.tracking(&paths.iter().map(String::as_str).collect::<Vec<_>>())
    }
}
