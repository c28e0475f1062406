//! Corrections: which customer an account is, or that it is none, as lines of CSV. All lines hold, or none does.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::TableError;
use store::table::Key;

use super::super::{Answer, Desk, Refusal};
use super::judge::{Chosen, Corrections};
use super::people::{Keys, Place, decode, encode, put};
use super::progress::{Phase, Progress, partition};
use super::{none_yet, read, stored_customers};

/// Where corrections stand, below the run.
pub(super) const CORRECTIONS: &str = "corrections";
/// Most lines of a file.
const MOST: usize = 10_000;
/// Lines of an item: a tenth of what an item can hold.
const CHUNK: usize = 500;
/// Bad lines that are named at most.
const NAMED: usize = 100;
/// Keys that are looked up at once.
const AT_ONCE: usize = 100;
/// The first line, where the file has one with names.
const HEADER: &str = "magento_id,customer_id";
/// Instead of a customer: there is none.
const NONE: &str = "-";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    account: u64,
    chosen: Option<Chosen>,
}

#[derive(Serialize, Deserialize)]
struct Chunk {
    rows: Vec<Row>,
}

/// A line as it was read.
struct Asked {
    line: usize,
    account: u64,
    /// None where the account is nobody.
    customer: Option<String>,
}

/// A line that cannot be taken.
#[derive(Debug, Serialize)]
struct Bad {
    line: usize,
    message: String,
}

/// Takes a file of corrections in place of the one before; results are counted again then.
///
/// # Errors
/// 404 without such a link or run, 409 unless results are there, 422 with `problems: [{line, message}]`: nothing is taken then.
pub async fn correct(desk: &Desk<'_>, link: &str, raw: &[u8]) -> Result<Answer, Refusal> {
    stored_customers(desk, link).await?;
    let mut progress = Progress::load(desk, link).await?.ok_or_else(|| none_yet(link))?;
    if !matches!(progress.phase, Phase::Comparing | Phase::Compared | Phase::Bound) {
        return Err(Refusal::new(
            409,
            "Corrections are taken once both sides are read, and not while pairs are bound.",
        ));
    }
    let (asked, mut bad) = lines(&text(raw)?);
    if asked.len() + bad.len() > MOST {
        return Err(Refusal::new(400, format!("A file of corrections has {MOST} lines at most.")));
    }
    let rows = known(desk, link, asked, &mut bad).await?;
    if !bad.is_empty() {
        bad.sort_by_key(|bad| bad.line);
        let detail = format!("{} of the lines cannot be taken; nothing was.", bad.len());
        bad.truncate(NAMED);
        return Err(Refusal::with(422, detail, json!({ "problems": bad })));
    }
    // Every file has items of its own: only the run's own item, written last, says which one holds.
    let set = desk.world.clock.id();
    for (number, rows) in rows.chunks(CHUNK).enumerate() {
        put(desk, chunk(link, &set, number), encode(&Chunk { rows: rows.to_vec() })).await?;
    }
    (progress.corrections, progress.corrected) = (Some(set), u32::try_from(rows.len()).unwrap_or(u32::MAX));
    progress.begin(Phase::Comparing);
    progress.save(desk, link).await?;
    Ok(progress.answer())
}

/// The corrections that hold.
pub(super) async fn load(desk: &Desk<'_>, link: &str, progress: &Progress) -> Result<Corrections, TableError> {
    let mut corrections = Corrections::default();
    let Some(set) = &progress.corrections else { return Ok(corrections) };
    let rows = usize::try_from(progress.corrected).unwrap_or_default();
    for number in 0..rows.div_ceil(CHUNK) {
        let item = desk.world.state.get(&chunk(link, set, number)).await?;
        let item = item.ok_or_else(|| TableError::Bug(format!("corrections of link {link} are missing")))?;
        for row in decode::<Chunk>(item.body)?.rows {
            corrections.add(row.account, row.chosen);
        }
    }
    Ok(corrections)
}

fn chunk(link: &str, set: &str, number: usize) -> Key {
    Key::new(format!("{}/{CORRECTIONS}", partition(link)), format!("{set}#{number:04}"))
}

/// The file: as it is, or as a JSON text, which is how a direct invoke sends it.
fn text(raw: &[u8]) -> Result<String, Refusal> {
    if let Ok(text) = serde_json::from_slice::<String>(raw) {
        return Ok(text);
    }
    String::from_utf8(raw.to_vec()).map_err(|_bytes| Refusal::new(400, "The file is not text in UTF-8."))
}

fn lines(text: &str) -> (Vec<Asked>, Vec<Bad>) {
    let (mut asked, mut bad, mut accounts) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = at + 1;
        if line.trim().is_empty() || (at == 0 && line.replace([' ', '"'], "") == HEADER) {
            continue;
        }
        match row(number, line) {
            Ok(row) if accounts.insert(row.account) => asked.push(row),
            Ok(row) => {
                let message = format!("Account {} stands on an earlier line already.", row.account);
                bad.push(Bad { line: number, message });
            }
            Err(message) => bad.push(Bad { line: number, message }),
        }
    }
    (asked, bad)
}

fn row(line: usize, text: &str) -> Result<Asked, String> {
    let fields: Vec<&str> = text.split(',').map(|field| field.trim().trim_matches('"').trim()).collect();
    let [account, customer] = fields.as_slice() else {
        return Err("There must be two fields: the account's id and the CustomerID, or `-` for none.".to_owned());
    };
    let account = account.parse().map_err(|_text| "The first field is not an account's id.".to_owned())?;
    if customer.is_empty() {
        return Err("The second field is empty; `-` stands for none.".to_owned());
    }
    Ok(Asked { line, account, customer: Some((*customer).to_owned()).filter(|customer| customer != NONE) })
}

/// The rows of lines that name people of the run; the others are bad.
async fn known(desk: &Desk<'_>, link: &str, asked: Vec<Asked>, bad: &mut Vec<Bad>) -> Result<Vec<Row>, Refusal> {
    let emails = desk.platforms.emails().await.map_err(read::unusable)?;
    let keys = Keys { link, emails: &emails };
    let (mut rows, mut taken) = (Vec::with_capacity(asked.len()), BTreeMap::new());
    for lines in asked.chunks(AT_ONCE / 2) {
        let of_line = |line: &Asked| {
            let customer = line.customer.as_deref().map(|number| keys.place_of_customer(number));
            [Some(keys.place_of_account(line.account)), customer]
        };
        let wanted: BTreeSet<Key> = lines.iter().flat_map(of_line).flatten().collect();
        let found = desk.world.state.batch_get(&wanted.into_iter().collect::<Vec<_>>()).await?;
        let found: BTreeMap<Key, serde_json::Value> = found.into_iter().map(|item| (item.key, item.body)).collect();
        for line in lines {
            let mut refuse = |message: String| bad.push(Bad { line: line.line, message });
            if !found.contains_key(&keys.place_of_account(line.account)) {
                refuse(format!("Magento has no account {}.", line.account));
                continue;
            }
            let Some(number) = &line.customer else {
                rows.push(Row { account: line.account, chosen: None });
                continue;
            };
            let Some(place) = found.get(&keys.place_of_customer(number)) else {
                refuse("Acumatica has no customer with the second field's CustomerID.".to_owned());
                continue;
            };
            if let Some(earlier) = taken.insert(number.clone(), line.line) {
                refuse(format!("The customer stands on line {earlier} already."));
                continue;
            }
            let place: Place = decode(place.clone())?;
            let note = place.sort.rsplit('#').next().unwrap_or_default().to_owned();
            rows.push(Row { account: line.account, chosen: Some(Chosen { number: number.clone(), note }) });
        }
    }
    Ok(rows)
}
