//! Going over what was read, in stretches of whole e-mails, in constant memory.

use store::table::{Item, Limit, Partition, Range};

use super::super::{Desk, Refusal};
use super::people::{Accounts, BUCKETS, Here, There, bucket, decode, hash_of, holds_accounts};
use super::progress::Walk;

/// Items of a stretch.
const PAGE: usize = 100;
/// Behind the sort key of the last one of a crowd that was walked over: less than anything that may follow there.
const GOES_ON: char = ' ';

/// Everybody of one e-mail.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// They are so many that they are seen in parts: nobody can be chosen among them.
    pub(super) is_crowd: bool,
    pub(super) accounts: Vec<Here>,
    pub(super) customers: Vec<There>,
}

/// Some groups, and where to go on.
pub(super) struct Stretch {
    pub(super) groups: Vec<Group>,
    /// None behind the last bucket.
    pub(super) next: Option<Walk>,
}

/// The next stretch.
pub(super) async fn stretch(desk: &Desk<'_>, link: &str, walk: &Walk) -> Result<Stretch, Refusal> {
    let range = Range { from: walk.from.clone(), ..Range::default() };
    let limit = Limit { items: PAGE, after: None };
    let page = desk.world.state.query(&Partition::Table(bucket(link, walk.bucket)), &range, &limit).await?;
    let mut items = page.items;
    let crowd = walk.from.as_deref().filter(|from| from.ends_with(GOES_ON)).map(|from| hash_of(from).to_owned());
    let (next, cut) = match page.next {
        None => (next_bucket(walk), None),
        Some(_) => cut(&mut items, walk),
    };
    let is_crowd = |hash: &str| crowd.as_deref() == Some(hash) || cut.as_deref() == Some(hash);
    let mut groups: Vec<(String, Group)> = Vec::new();
    for item in items {
        let hash = hash_of(&item.key.sort).to_owned();
        if groups.last().is_none_or(|(last, _)| *last != hash) {
            let group = Group { is_crowd: is_crowd(&hash), ..Group::default() };
            groups.push((hash, group));
        }
        let Some((_, group)) = groups.last_mut() else { continue };
        if holds_accounts(&item.key.sort) {
            group.accounts = decode::<Accounts>(item.body)?.accounts;
        } else {
            group.customers.push(decode(item.body)?);
        }
    }
    Ok(Stretch { groups: groups.into_iter().map(|(_, group)| group).collect(), next })
}

/// The last e-mail of a full page may go on behind it: it is left to the next stretch, or, where the page has nobody else, seen in parts; its
/// hash then.
fn cut(items: &mut Vec<Item>, walk: &Walk) -> (Option<Walk>, Option<String>) {
    let Some(last) = items.last().map(|item| item.key.sort.clone()) else { return (next_bucket(walk), None) };
    let hash = hash_of(&last).to_owned();
    let first = items.iter().position(|item| hash_of(&item.key.sort) == hash).unwrap_or_default();
    if first == 0 {
        let from = Some(format!("{last}{GOES_ON}"));
        return (Some(Walk { bucket: walk.bucket, from }), Some(hash));
    }
    let from = Some(items[first].key.sort.clone());
    items.truncate(first);
    (Some(Walk { bucket: walk.bucket, from }), None)
}

fn next_bucket(walk: &Walk) -> Option<Walk> {
    let bucket = walk.bucket + 1;
    (bucket < BUCKETS).then_some(Walk { bucket, from: None })
}
