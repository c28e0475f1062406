//! Every code with what a person does about it. The sentence that names the offending value is made where the code is raised.

mod held;
mod parked;
mod resolved;
mod skipped;
mod waiting;

/// What the merchant's staff know of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The stable code, also the name of its runbook page.
    pub code: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// A change of the settings may be the fix: records parked by it are tried again once per newer version.
    pub by_settings: bool,
}

const fn person(code: &'static str, fix: &'static str) -> Advice {
    Advice { code, fix, by_settings: false }
}

const fn settings(code: &'static str, fix: &'static str) -> Advice {
    Advice { code, fix, by_settings: true }
}

const RETRY: &str = "Nothing: it is tried again by itself.";
const LOOK_IN_ERP: &str = "Open the order in Acumatica and decide there; nothing is tried again.";

/// All of them: one table for each of the ways in which a record can end with something to say.
pub const ADVICE: [&[Advice]; 5] = [parked::PARKED, waiting::WAITING, held::HELD, skipped::SKIPPED, resolved::RESOLVED];

/// What to do about a code; a code of a later release is unknown here.
#[must_use]
pub fn advice(code: &str) -> Option<&'static Advice> {
    ADVICE.into_iter().flatten().find(|advice| advice.code == code)
}

/// The fix of a code.
#[must_use]
pub fn fix(code: &str) -> &'static str {
    advice(code).map_or("Read the sync log's entry.", |advice| advice.fix)
}

/// The codes that a change of the settings may mend.
#[must_use]
pub fn may_be_mended_by_settings(code: &str) -> bool {
    advice(code).is_some_and(|advice| advice.by_settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_unique_and_of_a_known_class() {
        for table in ADVICE {
            for pair in table.windows(2) {
                assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
            }
        }
        let classes =
            ["transient", "throttled", "not_ready", "rejected", "ambiguous", "bug", "held", "skipped", "resolved"];
        for advice in ADVICE.into_iter().flatten() {
            let class = advice.code.split('.').nth(1).expect("a class");
            assert!(classes.contains(&class), "{}", advice.code);
        }
    }

    #[test]
    fn the_clients_raise_no_code_without_advice() {
        for (code, class) in acumatica::error::table::CODES {
            assert!(advice(code).is_some(), "{code}");
            assert_eq!(code.split('.').nth(1), Some(class.as_str()), "{code}");
        }
    }
}
