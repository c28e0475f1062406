//! What was saved against what was sent: a platform that takes a field over without a word of having dropped it is found out here.

use std::collections::BTreeSet;

use super::{Both, shown};
use crate::address::same;
use crate::customers::facts::Facts;
use crate::merge::{Cells, Field, Side};
use crate::plan::Finding;

/// The fields of `asked` that the side did not take over; none where all are as they were sent, but for case and blanks.
#[must_use]
pub fn not_taken(facts: &Facts<'_>, side: Side, asked: &BTreeSet<Field>, sent: &Both, saved: &Both) -> Option<Finding> {
    let (from, to): (&Cells, &Cells) = match side {
        Side::Acumatica => (&sent.account, &saved.customer),
        Side::Magento => (&sent.customer, &saved.account),
    };
    let lost = |field: &&Field| {
        let wanted = from.get(*field).and_then(|cell| cell.means.clone().ok()).flatten();
        let now = to.get(*field).and_then(|cell| cell.is.clone());
        !alike(wanted.as_deref().unwrap_or_default(), now.as_deref().unwrap_or_default())
    };
    let lost: Vec<String> = asked.iter().filter(lost).map(|field| format!("`{}`", field.name())).collect();
    (!lost.is_empty()).then(|| {
        let platform = if side == Side::Acumatica { "Acumatica" } else { "Magento" };
        let message = format!("{platform} saved {} without what was sent for {}.", shown(facts), lost.join(", "));
        Finding::new("customers.resolved.not_taken", message)
    })
}

/// Equal but for case, blanks and the marks that telephone numbers and postal codes are written with.
fn alike(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|mark| mark.is_alphanumeric()).collect::<String>();
    same(&plain(one), &plain(other))
}
