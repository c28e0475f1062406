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
    /// `Attributes/Value`.
    pub columns: Vec<(String, String)>,
    /// The tracked fields, by path; they need not be columns here. `None` tracks every column.
    pub tracked: Option<BTreeSet<String>>,
}

impl Definition {
    /// Customers with what a receiver needs to read them again, told when the stamp, a field of the header, or one of its contacts and
    /// addresses changes.
    #[must_use]
    pub fn customers() -> Self {
        let columns = ["NoteID", "CustomerID", "CustomerClass", "Status", "LastModifiedDateTime"];
        let header = ["CustomerName", "PriceClassID", "TaxRegistrationID", "Terms"];
        let mut tracked: BTreeSet<String> = columns.iter().chain(&header).map(|path| (*path).to_owned()).collect();
        for contact in ["MainContact", "BillingContact", "ShippingContact"] {
            let own = ["Attention", "CompanyName", "Email", "Phone1", "Phone2"];
            let address = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"];
            tracked.extend(own.iter().map(|field| format!("{contact}/{field}")));
            tracked.extend(address.iter().map(|field| format!("{contact}/Address/{field}")));
        }
        Self { tracked: Some(tracked), ..Self::of("Causeway Customers", "Customer", &columns) }
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
}
