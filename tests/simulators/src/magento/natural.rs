//! PHP's natural order of strings.

use std::cmp::Ordering;

/// Compares like PHP's `strnatcmp`: runs of digits by their value, everything else byte by byte. Magento sorts the parameters
/// of an OAuth 1.0a base string with it (Magento 2.4.6, framework Oauth, `toByteValueOrderedQueryString`), where RFC 5849 says byte order.
pub(crate) fn natural_cmp(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (without_leading_zeros(left.as_bytes()), without_leading_zeros(right.as_bytes()));
    loop {
        left = left.trim_ascii_start();
        right = right.trim_ascii_start();
        match (left.first(), right.first()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                let (digits_left, digits_right) = (digits(left), digits(right));
                let order = if *a == b'0' || *b == b'0' {
                    // A run that starts with zero is read as a fraction: compared from the left.
                    digits_left.cmp(digits_right)
                } else {
                    digits_left.len().cmp(&digits_right.len()).then_with(|| digits_left.cmp(digits_right))
                };
                if order != Ordering::Equal {
                    return order;
                }
                left = &left[digits_left.len()..];
                right = &right[digits_right.len()..];
            }
            (Some(a), Some(b)) if a == b => {
                left = &left[1..];
                right = &right[1..];
            }
            (Some(a), Some(b)) => return a.cmp(b),
        }
    }
}

fn digits(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

fn without_leading_zeros(mut text: &[u8]) -> &[u8] {
    while let [b'0', next, ..] = text {
        if !next.is_ascii_digit() {
            break;
        }
        text = &text[1..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_like_php() {
        // Left and right as `strnatcmp` of PHP 8 orders them.
        let table = [
            ("img2", "img10", Ordering::Less),
            ("img10", "img10", Ordering::Equal),
            ("a%5B9%5D", "a%5B10%5D", Ordering::Less),
            ("a%5B0%5D", "a%5B10%5D", Ordering::Less),
            ("a%5B09%5D", "a%5B1%5D", Ordering::Less),
            ("oauth_token", "oauth_nonce", Ordering::Greater),
            ("oauth", "oauth_nonce", Ordering::Less),
            ("Z", "a", Ordering::Less),
            ("007", "7", Ordering::Equal),
        ];
        for (left, right, expected) in table {
            assert_eq!(natural_cmp(left, right), expected, "{left} against {right}");
            assert_eq!(natural_cmp(right, left), expected.reverse(), "{right} against {left}");
        }
    }
}
