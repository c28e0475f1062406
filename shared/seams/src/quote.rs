//! What of a platform's own words may be kept: error texts are shown to the merchant and logged, so they are short and name nobody.

/// The longest quotation, in characters. Platform messages are one or two sentences; what is longer is a dump.
pub const LONGEST: usize = 300;

/// Makes a platform's message fit to be logged and shown: one line, no e-mail addresses, at most [`LONGEST`] characters.
#[must_use]
pub fn quote(message: &str) -> String {
    let mut words = String::new();
    for word in message.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        if looks_like_email(word) {
            words.push_str("(e-mail hidden)");
        } else {
            words.push_str(word);
        }
    }
    if words.chars().count() <= LONGEST {
        return words;
    }
    let mut cut: String = words.chars().take(LONGEST - 1).collect();
    cut.push('…');
    cut
}

/// A text with every occurrence of a value hidden, in whichever case (of ASCII letters) it is repeated.
#[must_use]
pub fn conceal(text: &str, value: &str) -> String {
    let (mut rest, sought) = (text, value.trim().to_ascii_lowercase());
    let mut hidden = String::new();
    while !sought.is_empty()
        && let Some(at) = rest.to_ascii_lowercase().find(&sought)
    {
        hidden.push_str(&rest[..at]);
        hidden.push('…');
        rest = &rest[at + sought.len()..];
    }
    hidden + rest
}

/// Whether a body is a web page: maintenance pages, proxies and sign-in forms answer with one where JSON is due.
#[must_use]
pub fn is_html(content_type: Option<&str>, body: &[u8]) -> bool {
    if content_type.is_some_and(|value| value.to_ascii_lowercase().contains("html")) {
        return true;
    }
    let start = body.trim_ascii_start();
    let starts_with = |tag: &[u8]| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    starts_with(b"<!doctype") || starts_with(b"<html") || starts_with(b"<head") || starts_with(b"<body")
}

/// An at sign with something before it and a dot somewhere after it; quotes and brackets around it do not matter.
fn looks_like_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, conceal, is_html, quote};

    #[test]
    fn a_value_is_hidden_in_whichever_case() {
        for (text, value, expected) in [
            ("Ada BYRON, ada byron", "Ada Byron", "…, …"),
            ("Köln und KÖLN", " Köln ", "… und KÖLN"),
            ("nothing of it", "Ada", "nothing of it"),
            ("an empty value hides nothing", " ", "an empty value hides nothing"),
        ] {
            assert_eq!(conceal(text, value), expected);
        }
    }

    #[test]
    fn quotations_are_one_short_line_without_addresses() {
        for (message, expected) in [
            ("  No such entity\r\n with id = 9 ", "No such entity with id = 9"),
            ("customer 'ann@example.com' exists", "customer (e-mail hidden) exists"),
            ("email=ann@example.com,", "(e-mail hidden)"),
            ("10 @ 5.00", "10 @ 5.00"),
            ("", ""),
        ] {
            assert_eq!(quote(message), expected);
        }
        let long = quote(&"ä ".repeat(400));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn pages_are_recognised_by_type_or_by_their_first_tag() {
        for (content_type, body, expected) in [
            (Some("text/html; charset=utf-8"), "", true),
            (None, "\r\n <!DOCTYPE html><html>", true),
            (Some("application/json"), "<HTML>", true),
            (Some("application/json"), "{\"message\":\"<html>\"}", false),
            (None, "", false),
        ] {
            assert_eq!(is_html(content_type, body.as_bytes()), expected, "{body}");
        }
    }
}
