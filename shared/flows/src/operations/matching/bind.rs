//! Binding: every pair of the report gets its record, its two aliases and the guard of its e-mail. Nothing is written to either system.
//!
//! The record is that of the account, bound to the customer with what both sides agree in. Whatever is bound already stays as it is. What has waited
//! for the link to be active goes on waiting, so that nothing which happened meanwhile is lost.

use jiff::SignedDuration;
use store::record::{Bound, Revision, Seen, State};
use store::records::{GUARD_OF_CUSTOMERS, WriteError};
use store::settings::activation;
use store::{Record, Records};

use super::super::{Answer, Desk, Refusal};
use super::judge::{Line, Verdict, Who, judge};
use super::people::{Accounts, Here, Keys, decode, encode, put};
use super::progress::{Phase, Progress};
use super::walk::stretch;
use super::{Run, corrections, none_yet, rules, same_settings, stored_customers};
use crate::customers::ENTITY;
use crate::link::{Activation, EmailKey};

/// How long workers may still be at it after a link was paused: longer than an invocation may take.
const AT_REST_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// One of the two has another partner.
const TAKEN: &str = "flows.rejected.reference_taken";
/// The e-mail is another customer's.
const EMAIL_TAKEN: &str = "customers.rejected.email_taken";
/// A write to one of the two is open, or somebody is at work on it.
const BUSY: &str = "busy";

/// Starts or continues to bind the pairs of the report, as long as there is time.
///
/// # Errors
/// 404 without such a link or run, 409 unless results are there and the link is at rest.
pub async fn bind(desk: &Desk<'_>, link: &str) -> Result<Answer, Refusal> {
    let run = Run::begin(desk);
    let (version, settings) = stored_customers(desk, link).await?;
    let mut progress = Progress::load(desk, link).await?.ok_or_else(|| none_yet(link))?;
    same_settings(&progress, version)?;
    match progress.phase {
        Phase::Bound => return Ok(progress.answer()),
        Phase::Binding => {}
        Phase::Compared => progress.begin(Phase::Binding),
        _ => return Err(Refusal::new(409, "There is nothing to bind yet: go on with the run first.")),
    }
    let emails = desk.platforms.emails().await.map_err(super::read::unusable)?;
    let corrections = corrections::load(desk, link, &progress).await?;
    let binder = Binder {
        desk,
        link,
        version,
        emails: &emails,
        records: Records::new(desk.world.state.clone(), desk.world.clock.clone()),
    };
    while progress.phase == Phase::Binding && run.has_time() {
        binder.at_rest().await?;
        let stretch = stretch(desk, link, &progress.walk).await?;
        for group in &stretch.groups {
            for line in judge(group, rules(&settings, &corrections)) {
                binder.line(&line, &mut progress).await?;
            }
        }
        match stretch.next {
            Some(walk) => progress.walk = walk,
            None => {
                progress.phase = Phase::Bound;
                let message = format!("{} pairs are bound, {} are not.", progress.bound, progress.not_bound);
                super::tell(desk, link, &settings, &progress, "matching.bind", message).await?;
            }
        }
        progress.save(desk, link).await?;
    }
    Ok(progress.answer())
}

struct Binder<'a> {
    desk: &'a Desk<'a>,
    link: &'a str,
    version: u64,
    emails: &'a EmailKey,
    records: Records,
}

/// The items of a pair, as they are before it is bound.
struct Pair {
    own: Record,
    /// The record that events of the customer have had so far.
    of_customer: Record,
    /// That of the account's e-mail.
    guard: Option<Record>,
}

impl Binder<'_> {
    /// Nobody else is at work on customers of the link.
    async fn at_rest(&self) -> Result<(), Refusal> {
        let Some((_, activated)) = activation::<Activation>(&*self.desk.world.state, self.link).await? else {
            return Ok(());
        };
        if activated.state == Activation::Active {
            return Err(Refusal::new(409, format!("Link `{}` is active: pause it before pairs are bound.", self.link)));
        }
        let since = activated.written.map(|author| author.at);
        let rests = since.is_none_or(|at| self.desk.world.clock.now().duration_since(at) >= AT_REST_AFTER);
        if rests || activated.state == Activation::Inactive {
            return Ok(());
        }
        let detail =
            "The link was active until a moment ago, and workers may still be at it: ask again in five minutes.";
        Err(Refusal::new(409, detail))
    }

    async fn line(&self, line: &Line<'_>, progress: &mut Progress) -> Result<(), Refusal> {
        let (Verdict::Matched, Some(account), Some(customer)) = (line.verdict, line.account, &line.customer) else {
            return Ok(());
        };
        let refused = self.pair(account, customer).await?;
        match refused {
            None => progress.bound += 1,
            Some(_) => progress.not_bound += 1,
        }
        if account.not_bound.as_deref() != refused {
            self.say(account.id, refused).await?;
        }
        Ok(())
    }

    /// Binds a pair; why it is not bound, where it is not.
    async fn pair(&self, account: &Here, customer: &Who<'_>) -> Result<Option<&'static str>, Refusal> {
        let id = account.id.to_string();
        let key = format!("{}/{ENTITY}/{id}", self.link);
        let guard = self.guard(account).await?;
        let of_customer = format!("{}/{ENTITY}/{}", self.link, customer.note());
        let found = self.records.load(&of_customer).await?;
        for alias in [id.as_str(), customer.note()] {
            match self.records.owner_of(self.link, ENTITY, alias).await? {
                Some(owner) if owner == of_customer => return Ok(taken_unless(&found, &id)),
                Some(owner) if owner != key => return Ok(Some(TAKEN)),
                _ => {}
            }
        }
        if found.bound.is_some() {
            return Ok(taken_unless(&found, &id));
        }
        let pair = Pair {
            own: self.records.load(&key).await?,
            of_customer: found,
            guard: match guard {
                Some(guard) => Some(self.records.load(&guard).await?),
                None => None,
            },
        };
        let number = customer.number();
        let other = |record: &Record| record.bound.as_ref().is_some_and(|bound| bound.target != number);
        if other(&pair.own) {
            return Ok(Some(TAKEN));
        }
        if pair.guard.as_ref().is_some_and(other) {
            return Ok(Some(EMAIL_TAKEN));
        }
        if [&pair.own, &pair.of_customer].into_iter().chain(&pair.guard).any(|record| self.is_busy(record)) {
            return Ok(Some(BUSY));
        }
        self.write(pair, account, customer).await
    }

    /// The guard of the account's e-mail; none of one that is no person's.
    async fn guard(&self, account: &Here) -> Result<Option<String>, Refusal> {
        let keys = Keys { link: self.link, emails: self.emails };
        let place = self.desk.world.state.get(&keys.place_of_account(account.id)).await?;
        let place: super::people::Place = decode(place.map(|item| item.body).unwrap_or_default())?;
        let hash = Some(super::people::hash_of(&place.sort)).filter(|_| account.no_key.is_none());
        Ok(hash.map(|hash| format!("{}/{GUARD_OF_CUSTOMERS}/{hash}", self.link)))
    }

    fn is_busy(&self, record: &Record) -> bool {
        let now = self.desk.world.clock.now();
        record.intent.is_some() || matches!(&record.state, State::Working { until, .. } if *until > now)
    }

    /// The alias of the customer first: whoever has it has the pair.
    async fn write(&self, pair: Pair, account: &Here, customer: &Who<'_>) -> Result<Option<&'static str>, Refusal> {
        let own = pair.own.key.clone();
        for alias in [customer.note(), &account.id.to_string()] {
            if self.records.claim_target(self.link, ENTITY, alias, &own).await?.is_some() {
                return Ok(Some(TAKEN));
            }
        }
        let guard = pair.guard.as_ref().map(|guard| guard.key.clone());
        if let Some(guard) = pair.guard.filter(|guard| guard.bound.is_none() || guard.pair.is_none())
            && !self.hold(guard.of_pair(&own), customer.number()).await?
        {
            return Ok(Some(BUSY));
        }
        let of_customer_waits = waits(&pair.of_customer);
        // A pair that was bound before, and is not waited for, has had the customer's events itself.
        let goes_on = pair.own.bound.is_none() || waits(&pair.own);
        if pair.own.bound.is_none() && !self.adopt_pair(pair.own, account, customer, guard, of_customer_waits).await? {
            return Ok(Some(BUSY));
        }
        if of_customer_waits && goes_on && !self.finish(pair.of_customer).await? {
            return Ok(Some(BUSY));
        }
        Ok(None)
    }

    /// The guard leads to the customer, and says whose pair it is. Guards have no revision: what they bind never changes.
    async fn hold(&self, guard: Record, number: &str) -> Result<bool, Refusal> {
        let (now, owner) = (self.desk.world.clock.now(), self.desk.world.clock.id());
        let bound = Bound {
            target: number.to_owned(),
            revision: Revision(String::new()),
            fingerprint: store::record::Fingerprint(String::new()),
            unfinished: false,
        };
        let is_bound = guard.bound.is_some();
        let claimed = guard.claim(&owner, now, now, None);
        let held = claimed.and_then(|guard| if is_bound { Ok(guard) } else { guard.adopt(&owner, bound) });
        self.written(held.and_then(|guard| guard.finish(&owner, None))).await
    }

    async fn adopt_pair(
        &self,
        record: Record,
        account: &Here,
        customer: &Who<'_>,
        guard: Option<String>,
        of_customer_waits: bool,
    ) -> Result<bool, Refusal> {
        let (now, owner) = (self.desk.world.clock.now(), self.desk.world.clock.id());
        let revision = Revision(format!("{} {}", account.updated.as_deref().unwrap_or("-"), customer.modified()));
        let bound = Bound {
            target: customer.number().to_owned(),
            revision: revision.clone(),
            fingerprint: customer.base(account.id).fingerprint(),
            unfinished: false,
        };
        let is_waited_for = of_customer_waits || waits(&record);
        let claimed = record.claim(&owner, now, now, None);
        let adopted = claimed.and_then(|record| {
            let seen = Seen { revision, settings: self.version };
            let record = record.known_by(&[customer.note(), &account.id.to_string()]);
            record.note(seen, Some(customer.number())).guarded_by(guard).adopt(&owner, bound)
        });
        let ended = adopted.and_then(|record| {
            if is_waited_for { record.release(&owner, now, false) } else { record.finish(&owner, None) }
        });
        self.written(ended).await
    }

    /// The record that the customer's events have had: they lead to the pair from now on.
    async fn finish(&self, record: Record) -> Result<bool, Refusal> {
        let (now, owner) = (self.desk.world.clock.now(), self.desk.world.clock.id());
        let claimed = record.claim(&owner, now, now, None);
        self.written(claimed.and_then(|record| record.finish(&owner, None))).await
    }

    /// Whether the transition was written; not where another worker was first.
    async fn written(&self, next: Result<Record, store::record::Impossible>) -> Result<bool, Refusal> {
        let broken = |error: String| Refusal::new(500, format!("A record does not take its binding: {error}."));
        match self.records.write(next.map_err(|error| broken(error.to_string()))?).await {
            Ok(_) => Ok(true),
            Err(WriteError::Lost(_)) => Ok(false),
            Err(WriteError::Table(error)) => Err(error.into()),
            Err(error @ WriteError::Impossible(_)) => Err(broken(error.to_string())),
        }
    }

    /// Keeps for the report why a pair is not bound.
    async fn say(&self, account: u64, refused: Option<&str>) -> Result<(), Refusal> {
        let keys = Keys { link: self.link, emails: self.emails };
        let place = self.desk.world.state.get(&keys.place_of_account(account)).await?;
        let place: super::people::Place = decode(place.map(|item| item.body).unwrap_or_default())?;
        let item = self.desk.world.state.get(&place.key(self.link)).await?;
        let mut accounts: Accounts = decode(item.map(|item| item.body).unwrap_or_default())?;
        for own in accounts.accounts.iter_mut().filter(|own| own.id == account) {
            own.not_bound = refused.map(str::to_owned);
        }
        put(self.desk, place.key(self.link), encode(&accounts)).await?;
        Ok(())
    }
}

/// Nothing where the customer's own record has the account already.
fn taken_unless(of_customer: &Record, id: &str) -> Option<&'static str> {
    (of_customer.bound.as_ref().map(|bound| bound.target.as_str()) != Some(id)).then_some(TAKEN)
}

/// Whether an event about the record has not been worked on yet.
fn waits(record: &Record) -> bool {
    record.rev > 0 && record.state != State::Done
}
