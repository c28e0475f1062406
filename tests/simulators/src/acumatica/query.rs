//! The query string and form bodies.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::answer::Refusal;

/// `name=value` pairs, percent-decoded; a plus sign is a blank, so an unencoded one in an offset is lost, as on the real server.
pub(crate) fn pairs(text: &str) -> BTreeMap<String, String> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The options of a request on an entity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) filter: Option<String>,
    pub(crate) expand: String,
    pub(crate) select: String,
    pub(crate) custom: String,
    pub(crate) top: Option<usize>,
    pub(crate) skip: usize,
}

impl Options {
    /// Reads the options; `$orderby` is not documented for this API, so it is not simulated.
    pub(crate) fn parse(query: &str) -> Result<Self, Refusal> {
        let mut options = Options::default();
        for (name, value) in pairs(query) {
            let number = || value.parse::<usize>().map_err(|_| Refusal::malformed(&name, "Not a number."));
            match name.as_str() {
                "$filter" => options.filter = Some(value),
                "$expand" => options.expand = value,
                "$select" => options.select = value,
                "$custom" => options.custom = value,
                "$top" => options.top = Some(number()?),
                "$skip" => options.skip = number()?,
                other => return Err(Refusal::NotSimulated(format!("query option {other}"))),
            }
        }
        Ok(options)
    }
}
