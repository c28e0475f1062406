//! The positions of the switches.

/// What a repeated customer order number leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    /// Nothing.
    Allow,
    /// A warning, which a REST answer does not show.
    Warn,
    /// An error on `CustomerOrder`.
    Forbid,
}

/// How the database compares strings. Trailing blanks never count (SQL Server).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collation {
    /// `SQL_Latin1_General_CP1_CI_AS` and its like.
    CaseInsensitive,
    /// A case-sensitive collation.
    CaseSensitive,
}

impl Collation {
    /// The form of `text` under which equal strings are equal.
    pub(crate) fn fold(self, text: &str) -> String {
        let text = text.trim_end_matches(' ');
        match self {
            Collation::CaseInsensitive => text.to_lowercase(),
            Collation::CaseSensitive => text.to_owned(),
        }
    }

    pub(crate) fn equal(self, left: &str, right: &str) -> bool {
        self.fold(left) == self.fold(right)
    }
}

/// What happens to a value that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is left out silently, and the order saved without it.
    Ignored,
    /// An error on its field.
    Refused,
}

/// What an alternate id means that several items have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlternateId {
    /// The first item found.
    First,
    /// An error on the line.
    Refused,
}

/// Where calculated taxes are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxRounding {
    /// Once for each tax of the document.
    Document,
    /// For each tax on each line, and on freight.
    Line,
}

/// What a failed credit check does to an order that the order type does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditFailure {
    /// A warning, which a REST answer does not show: the order is saved as if nothing were.
    Warning,
    /// An error on `CustomerID`.
    Refused,
}

/// A date or period that must be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodField {
    /// `ApplicationDate` of payments, nested or not.
    ApplicationDate,
    /// `FinancialSettings.PostPeriod` of orders, where it is sent.
    PostPeriod,
    /// `Date` of orders.
    Date,
}

/// How a refused save is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorForm {
    /// 422 with the entity and errors in it.
    Entity,
    /// 500 with an error object whose inner exception lists the fields.
    ErrorObject,
}

/// Why a document cannot be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberingError {
    /// The sequence has come to its end.
    Exhausted,
    /// The sequence's dates are over.
    Expired,
    /// No sequence is assigned.
    Unassigned,
}
