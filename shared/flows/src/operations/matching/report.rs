//! The report: a line for each pair and for everybody without one, as CSV, a stretch at a time.

use serde_json::json;

use super::super::{Answer, Desk, Refusal};
use super::judge::{Line, Verdict, judge};
use super::progress::{Phase, Progress, Walk};
use super::walk::stretch;
use super::{corrections, none_yet, rules, same_settings, stored_customers};

/// The columns.
const HEADER: &str = "result,magento_id,customer_id,note_id,website,class,why\n";

/// A page of lines: `{csv, next}`. The first page begins with the names of the columns.
///
/// # Errors
/// 400 for a cursor of another list, 404 without such a link or run, 409 while people are still read, or where the settings have changed
/// since.
pub async fn report(desk: &Desk<'_>, link: &str, cursor: Option<&str>) -> Result<Answer, Refusal> {
    let (version, settings) = stored_customers(desk, link).await?;
    let progress = Progress::load(desk, link).await?.ok_or_else(|| none_yet(link))?;
    same_settings(&progress, version)?;
    if !matches!(progress.phase, Phase::Comparing | Phase::Compared | Phase::Binding | Phase::Bound) {
        return Err(Refusal::new(409, "People are still read: go on with the run first."));
    }
    let walk = cursor.map(walk_of).transpose()?.unwrap_or_default();
    let corrections = corrections::load(desk, link, &progress).await?;
    let stretch = stretch(desk, link, &walk).await?;
    let mut csv = if cursor.is_none() { HEADER.to_owned() } else { String::new() };
    for group in &stretch.groups {
        for line in judge(group, rules(&settings, &corrections)) {
            csv.push_str(&text(&line));
        }
    }
    let next = stretch.next.map(|walk| format!("{}:{}", walk.bucket, walk.from.unwrap_or_default()));
    Ok(Answer::ok(json!({ "csv": csv, "next": next })))
}

fn walk_of(cursor: &str) -> Result<Walk, Refusal> {
    let walk = cursor.split_once(':').and_then(|(bucket, from)| {
        let bucket = bucket.parse().ok().filter(|bucket| *bucket < super::people::BUCKETS)?;
        Some(Walk { bucket, from: Some(from.to_owned()).filter(|from| !from.is_empty()) })
    });
    walk.ok_or_else(|| Refusal::new(400, "`cursor` is not one of this report."))
}

fn text(line: &Line<'_>) -> String {
    let (account, customer) = (line.account, line.customer.as_ref());
    let not_bound = account.and_then(|account| account.not_bound.as_deref());
    let not_bound = not_bound.filter(|_| line.verdict == Verdict::Matched);
    let fields = [
        not_bound.map_or(line.verdict.as_str(), |_| "not_bound").to_owned(),
        account.map(|account| account.id.to_string()).unwrap_or_default(),
        customer.map(|customer| customer.number().to_owned()).unwrap_or_default(),
        customer.map(|customer| customer.note().to_owned()).unwrap_or_default(),
        account.and_then(|account| account.website).map(|website| website.to_string()).unwrap_or_default(),
        customer.map(|customer| customer.class().to_owned()).unwrap_or_default(),
        not_bound.unwrap_or(line.why).to_owned(),
    ];
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\n", fields.join(","))
}

/// A field as RFC 4180 wants it. One that a spreadsheet would take for a formula gets a blank in front.
fn quoted(field: &str) -> String {
    let risky = field.starts_with(['=', '+', '-', '@']);
    let field = if risky { format!(" {field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}
