//! `$filter` of a list: OData v3 comparisons, as far as look-ups need them.
//!
//! Filters compare e-mails and order numbers, so their values never show: `Debug` and [`Filter::fields`] give the field names only.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A condition on a list. Filters on detail lines are unsupported by Acumatica, with unpredictable results, so only fields of the record
/// itself and of its linked records can be named (`MainContact/Email`).
#[derive(Clone, PartialEq, Eq)]
pub struct Filter {
    fields: Vec<&'static str>,
    values: Vec<String>,
    text: String,
}

impl Filter {
    /// The text field `field` equals `value`; whether upper and lower case differ depends on the collation of the database behind.
    #[must_use]
    pub fn eq(field: &'static str, value: &str) -> Self {
        Self {
            fields: vec![field],
            values: vec![value.to_owned()],
            text: format!("{field} eq '{}'", value.replace('\'', "''")),
        }
    }

    /// The instant in `field` is later than `instant`.
    #[must_use]
    pub fn after(field: &'static str, instant: Timestamp) -> Self {
        Self::compared(field, "gt", instant)
    }

    /// The instant in `field` is `instant` or later.
    #[must_use]
    pub fn since(field: &'static str, instant: Timestamp) -> Self {
        Self::compared(field, "ge", instant)
    }

    /// The instant in `field` is earlier than `instant`.
    #[must_use]
    pub fn before(field: &'static str, instant: Timestamp) -> Self {
        Self::compared(field, "lt", instant)
    }

    /// To the millisecond and with an offset, as Acumatica writes its own stamps.
    fn compared(field: &'static str, operator: &str, instant: Timestamp) -> Self {
        let instant = instant.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z");
        let text = format!("{field} {operator} datetimeoffset'{instant}'");
        Self { fields: vec![field], values: Vec::new(), text }
    }

    /// Both conditions hold.
    #[must_use]
    pub fn and(mut self, other: Filter) -> Self {
        self.fields.extend(other.fields);
        self.values.extend(other.values);
        self.text = format!("{} and {}", self.text, other.text);
        self
    }

    /// One of the conditions holds, or both.
    #[must_use]
    pub fn or(mut self, other: Filter) -> Self {
        self.fields.extend(other.fields);
        self.values.extend(other.values);
        self.text = format!("{} or {}", self.text, other.text);
        self
    }

    /// The fields that are compared, in order, for saying what was looked up without saying whose it was.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    /// What the fields are compared with: nothing that may be shown.
    pub(crate) fn values(&self) -> &[String] {
        &self.values
    }

    /// The value of the `$filter` option before URL encoding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({})", self.fields.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn quotes_are_doubled_and_values_stay_hidden() {
        let filter = Filter::eq("MainContact/Email", "o'hara@example.com").and(Filter::eq("Status", "Active"));
        assert_eq!(filter.as_str(), "MainContact/Email eq 'o''hara@example.com' and Status eq 'Active'");
        assert_eq!(format!("{filter:?}"), "Filter(MainContact/Email, Status)");
        assert_eq!(filter.fields(), ["MainContact/Email", "Status"]);
        let either = Filter::eq("ExternalRef", "a").or(Filter::eq("ExternalRef", "b"));
        assert_eq!(either.as_str(), "ExternalRef eq 'a' or ExternalRef eq 'b'");
        assert_eq!(either.values(), ["a", "b"], "both are hidden");
    }

    #[test]
    fn instants_are_compared_to_the_millisecond_in_utc() {
        let at = |text: &str| text.parse().expect("an instant");
        for (filter, expected) in [
            (
                Filter::after("A", at("2024-08-18T23:59:59.999+04:00")),
                "A gt datetimeoffset'2024-08-18T19:59:59.999+00:00'",
            ),
            (Filter::since("A", at("2024-08-18T00:00:00Z")), "A ge datetimeoffset'2024-08-18T00:00:00.000+00:00'"),
            (
                Filter::before("A", at("2024-08-18T00:00:00.1234Z")),
                "A lt datetimeoffset'2024-08-18T00:00:00.123+00:00'",
            ),
        ] {
            assert_eq!(filter.as_str(), expected);
            assert_eq!(filter.fields(), ["A"]);
        }
    }
}
