//! Names: five parts in Magento, one text in Acumatica.

use magento::model::customer::{Address, Customer as Account};

use super::cells::BETWEEN;
use crate::address::{self, text};
use crate::merge::Cell;

/// The parts of a name in Magento's order: prefix, first, middle and last name, suffix.
pub(super) type Name = [Option<String>; 5];

/// The parts of an account's name.
pub(super) fn of_account(account: &Account) -> Name {
    [&account.prefix, &account.firstname, &account.middlename, &account.lastname, &account.suffix]
        .map(|part| text(part.as_deref()))
}

/// The parts of an address' name.
pub(super) fn of_address(to: &Address) -> Name {
    [&to.prefix, &to.firstname, &to.middlename, &to.lastname, &to.suffix].map(|part| text(part.as_deref()))
}

/// A name of Magento, and the same in Acumatica's form.
pub(super) fn in_parts(parts: &Name) -> Cell {
    let whole = address::name(&parts.each_ref());
    Cell::mapped(whole.as_ref().map(|_| joined(parts)), Ok(whole))
}

/// A name of Acumatica, and the same in the parts that it has in Magento, as far as those are known.
pub(super) fn whole(whole: Option<&str>, like: &Name) -> Cell {
    Cell::mapped(whole.map(str::to_owned), Ok(whole.map(|whole| joined(&split(whole, like)))))
}

/// The parts that a cell's text holds.
pub(super) fn unjoined(joined: &str) -> Name {
    let mut parts = joined.split(BETWEEN).map(|part| text(Some(part)));
    std::array::from_fn(|_| parts.next().flatten())
}

fn joined(parts: &Name) -> String {
    parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(&BETWEEN.to_string())
}

/// One text in parts: those that stand at its ends already stay what they are. Of what is left the last word is the last name, and with only
/// one word there is none.
fn split(whole: &str, like: &Name) -> Name {
    let [prefix, first, middle, last, suffix] = like;
    let words: Vec<&str> = whole.split_whitespace().collect();
    let mut rest = words.as_slice();
    let prefix = prefix.clone().filter(|known| take_front(&mut rest, known));
    let suffix = suffix.clone().filter(|known| take_back(&mut rest, known));
    let last = last.clone().filter(|known| take_back(&mut rest, known)).or_else(|| {
        let (word, before) = rest.split_last().filter(|(_, before)| !before.is_empty())?;
        rest = before;
        Some((*word).to_owned())
    });
    let before = rest;
    let first_known = first.as_ref().is_some_and(|known| take_front(&mut rest, known));
    let middle_known = middle.as_deref().is_some_and(|middle| address::same(middle, &rest.join(" ")));
    if first_known && middle_known {
        return [prefix, first.clone(), middle.clone(), last, suffix];
    }
    rest = before;
    // A middle name that is still there stays one, whatever the first name has become.
    let middle = middle.clone().filter(|known| take_back(&mut rest, known));
    [prefix, text(Some(&rest.join(" "))), middle, last, suffix]
}

/// Takes the words of `known` from the beginning, as long as something is left behind them.
fn take_front(words: &mut &[&str], known: &str) -> bool {
    let count = known.split_whitespace().count();
    let fits = count < words.len() && address::same(&words[..count].join(" "), &normal(known));
    if fits {
        *words = &words[count..];
    }
    fits
}

/// The same from the end.
fn take_back(words: &mut &[&str], known: &str) -> bool {
    let count = known.split_whitespace().count();
    let fits = count < words.len() && address::same(&words[words.len() - count..].join(" "), &normal(known));
    if fits {
        *words = &words[..words.len() - count];
    }
    fits
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(parts: &str) -> Name {
        unjoined(&parts.replace('|', &BETWEEN.to_string()))
    }

    fn shown(parts: &Name) -> String {
        joined(parts).replace(BETWEEN, "|")
    }

    #[test]
    fn parts_become_one_text() {
        for (parts, whole) in [
            ("|Ada||Byron|", Some("Ada Byron")),
            ("Dr.|Ada|K.|Byron|Jr.", Some("Dr. Ada K. Byron Jr.")),
            ("|||Byron|", Some("Byron")),
            ("||||", None),
        ] {
            let cell = in_parts(&name(parts));
            assert_eq!(cell.means, Ok(whole.map(str::to_owned)), "{parts}");
            assert_eq!(cell.is.is_some(), whole.is_some(), "{parts}");
        }
    }

    #[test]
    fn one_text_becomes_the_parts_that_are_known() {
        for (whole, like, expected) in [
            ("Ada Byron", "||||", "|Ada||Byron|"),
            ("Ada King Byron", "||||", "|Ada King||Byron|"),
            ("Ada", "||||", "|Ada|||"),
            // Nothing of a name that is the same moves.
            ("Dr. Ada K. Byron Jr.", "Dr.|Ada|K.|Byron|Jr.", "Dr.|Ada|K.|Byron|Jr."),
            ("Vincent van Gogh", "|Vincent||van Gogh|", "|Vincent||van Gogh|"),
            ("Mary Ann Evans", "|Mary Ann||Evans|", "|Mary Ann||Evans|"),
            // One part is new.
            ("Dr. Ada K. Lovelace Jr.", "Dr.|Ada|K.|Byron|Jr.", "Dr.|Ada|K.|Lovelace|Jr."),
            ("Ada K. Byron", "Dr.|Ada|K.|Byron|", "|Ada|K.|Byron|"),
            ("Augusta K. Byron", "|Ada|K.|Byron|", "|Augusta|K.|Byron|"),
            ("Ada Byron", "|Ada|K.|Byron|", "|Ada||Byron|"),
            ("Theo van Gogh", "|Vincent||van Gogh|", "|Theo||van Gogh|"),
            // The person is another one.
            ("Grace Hopper", "Dr.|Ada|K.|Byron|Jr.", "|Grace||Hopper|"),
            // A first name that is the same as the last name known is no last name.
            ("Byron", "|Ada||Byron|", "|Byron|||"),
            ("ada  BYRON", "|Ada||Byron|", "|ada||Byron|"),
        ] {
            assert_eq!(shown(&split(whole, &name(like))), expected, "{whole} {like}");
        }
    }
}
