//! Addresses and names of people on both sides: what orders and customers map in the same way.

use crate::settings::{Resolved, StateForm};

/// A region as Magento writes it, within its country.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Magento's country, ISO 3166 alpha-2.
    pub country: &'a str,
    /// The region's code; Magento has codes for some countries only, and puts the name in their place or nothing.
    pub region_code: Option<&'a str>,
    /// The region's name, or what was typed.
    pub region: Option<&'a str>,
}

/// Acumatica's country.
#[must_use]
pub fn country(scope: &Resolved<'_>, country: &str) -> String {
    let row = scope.row(|scope| &scope.countries, |row| row.country == country);
    row.and_then(|row| row.acumatica.clone()).unwrap_or_else(|| country.to_owned())
}

/// The region as Acumatica knows it: an exception of the settings, else in the form that the country has there.
#[must_use]
pub fn state(scope: &Resolved<'_>, place: Place<'_>) -> Option<String> {
    let form = scope.row(|scope| &scope.countries, |row| row.country == place.country);
    let (code, name) = (text(place.region_code), text(place.region));
    let called = |region: &str| [&code, &name].into_iter().flatten().any(|known| same(known, region));
    let exception = scope.row(|scope| &scope.regions, |row| row.country == place.country && called(&row.region));
    match (exception, form.map(|row| row.state).unwrap_or_default()) {
        (Some(row), _) => Some(row.state.clone()),
        (None, StateForm::Code) => code.or(name),
        (None, StateForm::Name) => name.or(code),
        (None, StateForm::None) => None,
    }
}

/// Magento's country of an address in Acumatica.
#[must_use]
pub fn country_back(scope: &Resolved<'_>, country: &str) -> String {
    let row = scope.row(|scope| &scope.countries, |row| row.acumatica.as_deref() == Some(country));
    row.map_or_else(|| country.to_owned(), |row| row.country.clone())
}

/// Magento's region of a state in Acumatica, by code or name; `country` is Magento's.
#[must_use]
pub fn region_back<'a>(scope: &Resolved<'a>, country: &str, state: &'a str) -> &'a str {
    let row = scope.row(|scope| &scope.regions, |row| row.country == country && same(&row.state, state));
    row.map_or(state, |row| &row.region)
}

/// One to four lines become two: the first, and the others in one. How long a line may be is stated nowhere, so nothing is cut here and
/// the ERP's echo decides.
#[must_use]
pub fn street<'a>(lines: impl IntoIterator<Item = &'a String>) -> (Option<String>, Option<String>) {
    let mut lines = lines.into_iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let first = lines.next().map(str::to_owned);
    let rest: Vec<&str> = lines.collect();
    (first, (!rest.is_empty()).then(|| rest.join(", ")))
}

/// The parts of a name that there are, with one blank between them.
#[must_use]
pub fn name(parts: &[&Option<String>]) -> Option<String> {
    let parts: Vec<String> = parts.iter().filter_map(|part| text(part.as_deref())).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What was entered, without the blanks around it; none where that is nothing.
#[must_use]
pub fn text(value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Equal as people write it.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
