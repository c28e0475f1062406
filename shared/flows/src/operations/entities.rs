//! Lists of records of one entity after another: a listing has one page at a time, and its cursor says which entity it has come to.

use queue::Name;
use store::table::Limit;
use store::{Record, Records, TableError};

use super::Refusal;

/// Where a listing is.
pub(super) struct Place {
    queue: Name,
    /// Where it goes on among the records of the entity.
    after: Option<String>,
    /// Whether other entities follow.
    is_alone: bool,
}

impl Place {
    /// Where a cursor leads, or where a listing of all entities or of one begins.
    ///
    /// # Errors
    /// 400 for a cursor that is of another listing, or an entity that we do not sync.
    pub(super) fn of(entity: Option<&str>, cursor: Option<&str>) -> Result<Self, Refusal> {
        let known = |entity: &str| {
            Name::of(entity).ok_or_else(|| {
                let known: Vec<String> = Name::ALL.iter().map(|queue| format!("`{}`", queue.entity())).collect();
                Refusal::new(400, format!("`entity` is {}; not `{entity}`.", known.join(" or ")))
            })
        };
        let alone = entity.map(known).transpose()?;
        let begin = Self { queue: alone.unwrap_or(Name::ALL[0]), after: None, is_alone: alone.is_some() };
        let Some(cursor) = cursor else { return Ok(begin) };
        let place = cursor.split_once('.').and_then(|(entity, after)| {
            let after = Some(after).filter(|after| !after.is_empty()).map(str::to_owned);
            Some(Self { queue: Name::of(entity)?, after, ..begin })
        });
        place.filter(|place| alone.is_none_or(|alone| alone == place.queue)).ok_or_else(|| {
            Refusal::new(
                400,
                "`cursor` is not one of this query: a listing goes on with the `next` of its last answer.",
            )
        })
    }

    /// The text by which a listing goes on here.
    pub(super) fn cursor(&self) -> String {
        format!("{}.{}", self.queue.entity(), self.after.as_deref().unwrap_or_default())
    }

    /// Parked records of a link from here, of one entity, `most` at most and possibly none, and where to go on.
    ///
    /// # Errors
    /// The table's.
    async fn parked(
        &self,
        records: &Records,
        link: &str,
        most: usize,
    ) -> Result<(Vec<Record>, Option<Self>), TableError> {
        let limit = Limit { items: most, after: self.after.clone() };
        let (parked, after) = records.parked(link, self.queue.entity(), limit).await?;
        let following = || Name::ALL.into_iter().skip_while(|queue| *queue != self.queue).nth(1);
        let next = match after {
            Some(after) => Some((self.queue, Some(after))),
            None if self.is_alone => None,
            None => following().map(|queue| (queue, None)),
        };
        Ok((parked, next.map(|(queue, after)| Self { queue, after, is_alone: self.is_alone })))
    }
}

/// A page of the parked records of a link, with the queue of each, and where it goes on.
///
/// # Errors
/// The table's.
pub(super) async fn parked(
    records: &Records,
    link: &str,
    from: Place,
    most: usize,
) -> Result<(Vec<(Name, Record)>, Option<Place>), TableError> {
    let (mut found, mut place) = (Vec::new(), Some(from));
    while let Some(here) = place.take_if(|_| found.len() < most) {
        let (parked, next) = here.parked(records, link, most - found.len()).await?;
        found.extend(parked.into_iter().map(|record| (here.queue, record)));
        place = next;
    }
    Ok((found, place))
}
