//! A query string as PHP reads it: `a[b][0]=x` is an array in an array.

use percent_encoding::percent_decode_str;

/// A value of `$_GET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    /// A scalar; PHP knows only strings here.
    Text(String),
    /// An array, in order of first appearance.
    Map(Vec<(String, Param)>),
}

impl Param {
    /// Reads a query string. `+` is a blank, as in PHP's `parse_str`; a later scalar replaces an earlier one.
    pub(crate) fn parse(query: &str) -> Vec<(String, Param)> {
        let mut root = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            let path = path_of(&name);
            put(&mut root, &path, value);
        }
        root
    }

    /// The entries of an array; a scalar has none.
    pub(crate) fn entries(&self) -> &[(String, Param)] {
        match self {
            Param::Map(entries) => entries,
            Param::Text(_) => &[],
        }
    }

    /// The scalar; an array has none.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Param::Text(text) => Some(text),
            Param::Map(_) => None,
        }
    }
}

/// `a[b][]` is `a`, `b` and a next index.
fn path_of(name: &str) -> Vec<String> {
    let Some((head, rest)) = name.split_once('[') else { return vec![name.to_owned()] };
    let mut path = vec![head.to_owned()];
    path.extend(rest.trim_end_matches(']').split("][").map(str::to_owned));
    path
}

fn put(entries: &mut Vec<(String, Param)>, path: &[String], value: String) {
    let [key, rest @ ..] = path else { return };
    let key = if key.is_empty() { entries.len().to_string() } else { key.clone() };
    let at = entries.iter().position(|(existing, _)| *existing == key).unwrap_or_else(|| {
        entries.push((key, Param::Map(Vec::new())));
        entries.len() - 1
    });
    let slot = &mut entries[at].1;
    if rest.is_empty() {
        *slot = Param::Text(value);
        return;
    }
    if matches!(slot, Param::Text(_)) {
        *slot = Param::Map(Vec::new());
    }
    if let Param::Map(inner) = slot {
        put(inner, rest, value);
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `pageSize` and `page_size` name the same property (framework Api/SimpleDataObjectConverter).
pub(crate) fn snake(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}
