//! The runbooks' index is made from the codes and their pages, and what a page promises is what the code's row says.

use flows::codes::{ADVICE, Advice};

use super::{files_below, nothing_wrong, read, root, wrong};

/// What the page of every code says that newer settings may mend, and only such a page.
const BY_ITSELF: &str = "once after each change of the settings";
/// Advice that names the settings although their change is not the fix: the settings themselves are broken.
const NO_FIX_BY_SETTINGS: [&str; 1] = ["flows.bug.settings"];

/// Never parked under its own record's code: what is affected waits for the link, and its page says so.
const WAITS_FOR_THE_LINK: [&str; 1] = ["flows.rejected.connection"];

/// The tables of the index, in the order of the tables of the codes: title, introduction.
const TABLES: [(&str, &str); 5] = [
    (
        "Parked",
        "A person must change something. The record is tried again when somebody retries it, when the order or the customer changes or, where the settings may be the fix, by itself after they change.",
    ),
    (
        "Waiting",
        "It passes by itself, and it is tried again by itself. Where somebody can end it sooner, the last column says where.",
    ),
    (
        "Held in Acumatica",
        "The order is in Acumatica, on hold, and a person decides there. It has not failed, and nothing is tried again.",
    ),
    ("Skipped", "Nothing is written, by rule, and nothing is to be done."),
    (
        "Resolved",
        "It was decided by a rule of the settings, and nothing has failed. The log has it as a warning, because somebody may want to know.",
    ),
];

/// A page's text without its line breaks.
fn on_one_line(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first sentence of what happened.
fn meaning(page: &str) -> String {
    let text = on_one_line(page);
    let happened = text.split_once("## What happened ").map_or("", |(_, after)| after);
    let happened = happened.split_once(" ## ").map_or(happened, |(before, _)| before);
    happened.split_once(". ").map_or_else(|| happened.to_owned(), |(first, _)| format!("{first}."))
}

/// Where the fix is made.
fn who(advice: &Advice) -> String {
    if advice.code.split('.').nth(1) == Some("bug") {
        return "the connector's makers".to_owned();
    }
    let says = |word: &str| advice.fix.contains(word);
    if advice.fix.starts_with("Nothing") && !advice.by_settings {
        return "nobody".to_owned();
    }
    let mut places = Vec::new();
    for (place, fits) in [
        ("settings", advice.by_settings),
        ("Magento", says("Magento") || says("the shop") || says("by hand")),
        ("Acumatica", says("Acumatica")),
    ] {
        if fits {
            places.push(place);
        }
    }
    if places.is_empty() { "operators".to_owned() } else { places.join(", ") }
}

/// The index as it must be.
fn index(tables: &[&[Advice]], page: impl Fn(&str) -> String) -> String {
    let mut text = "# Runbooks\n\nWhat each code of the sync log and of the list of parked records means, and who mends it. Each page says what happened, what to do\nin which screen, and whether a retry is safe.\n".to_owned();
    for ((title, introduction), table) in TABLES.iter().zip(tables) {
        text.push_str(&format!("\n## {title}\n\n{introduction}\n\n| code | meaning | who mends it |\n|---|---|---|\n"));
        for advice in *table {
            let code = advice.code;
            text.push_str(&format!("| [{code}]({code}.md) | {} | {} |\n", meaning(&page(code)), who(advice)));
        }
    }
    text
}

/// What a page and a row of the codes' tables say differently.
fn check(advice: &Advice, page: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let (code, promised) = (advice.code, on_one_line(page).contains(BY_ITSELF));
    if promised != advice.by_settings && !WAITS_FOR_THE_LINK.contains(&code) {
        problems.push(format!("infra/runbooks/{code}.md and the codes' table disagree on whether settings mend it"));
    }
    let names_settings = advice.fix.contains("ettings") || advice.fix.contains("mapping");
    if names_settings
        && !advice.by_settings
        && !NO_FIX_BY_SETTINGS.contains(&code)
        && !advice.fix.starts_with("Nothing")
    {
        problems.push(format!("{code} is mended in the settings by its fix, and no newer settings wake it"));
    }
    problems
}

#[test]
fn the_index_has_every_code_with_its_meaning() {
    let fresh = index(&ADVICE, |code| read(format!("infra/runbooks/{code}.md")));
    let path = "infra/runbooks/README.md";
    let is_there = files_below("infra/runbooks").iter().any(|file| file.ends_with("README.md"));
    if !is_there || read(path) != fresh {
        let target = root().join("target/runbooks.md");
        std::fs::write(&target, &fresh).expect("the target folder can be written");
        panic!("{path} is not what the codes and their pages say; review {} and copy it there", target.display());
    }
}

#[test]
fn a_page_promises_what_the_codes_say() {
    // Only what is parked can be woken; a wait ends by itself.
    let problems =
        ADVICE[0].iter().flat_map(|advice| check(advice, &read(format!("infra/runbooks/{}.md", advice.code))));
    nothing_wrong(&problems.collect::<Vec<_>>());
    assert!(ADVICE[1..].iter().copied().flatten().all(|advice| !advice.by_settings));
}

#[test]
fn false_promises_and_missing_rows_are_found() {
    let advice = |fix: &'static str, by_settings: bool| Advice { code: "orders.rejected.x", fix, by_settings };
    let page = "# orders.rejected.x\n\n## What happened\n\nIt has no x. Or y.\n\n## What to do\n\nMap it.\n\n## Safe to retry?\n\nYes.";
    let woken = format!(
        "{page} A record parked by this code is also tried again by itself,\nonce after each change of the\nsettings."
    );
    nothing_wrong(&check(&advice("Map x in the settings.", true), &woken));
    wrong(&check(&advice("Map x in the settings.", true), page), "disagree");
    wrong(&check(&advice("Look at x.", false), &woken), "disagree");
    wrong(&check(&advice("Map x in the settings.", false), page), "no newer settings wake it");
    let rows = [advice("Map x in the settings, or make it in Acumatica.", true)];
    let text = index(&[&rows], |_| page.to_owned());
    assert!(
        text.contains("| [orders.rejected.x](orders.rejected.x.md) | It has no x. | settings, Acumatica |\n"),
        "{text}"
    );
}
