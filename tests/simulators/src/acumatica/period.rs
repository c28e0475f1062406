//! Financial periods that are closed: the twelve months of the year, by their dates.

use jiff::tz::TimeZone;

use super::config::PeriodField;
use super::context::Context;
use super::record::{Record, Scalar};

/// Refuses a date or a period (`MMYYYY`) of a closed month, where this field is one of those that are checked. The text's form is that of
/// a third party's record of 2026 R1, `Error: The 08-2026 financial period is inactive in the … company.`
pub(crate) fn check(context: &Context<'_>, record: &mut Record, field: &str, which: PeriodField) {
    if !context.config.period_fields.contains(&which) || !(record.fresh || record.was_changed(field)) {
        return;
    }
    let month = match record.fields.get(field) {
        Some(Scalar::Moment(moment)) => {
            let date = moment.to_zoned(TimeZone::UTC).date();
            Some((date.year(), date.month()))
        }
        Some(Scalar::Text(period)) => of_label(period),
        _ => None,
    };
    if let Some((year, month)) = month.filter(|month| context.master.closed_periods.contains(month)) {
        let company = &context.config.tenant;
        let text = format!("Error: The {month:02}-{year} financial period is inactive in the {company} company.");
        record.fail(field, text);
    }
}

/// `082026` as year and month.
fn of_label(period: &str) -> Option<(i16, i8)> {
    let (month, year) = period.split_at_checked(2)?;
    Some((year.parse().ok()?, month.parse().ok()?))
}
