//! Two customers of the ERP with one e-mail, seen from the one that the guard does not lead to.

use store::{Records, TableError};

use super::super::facts::Facts;
use super::super::plan::{self, cells};
use super::Guard;
use super::search::number;
use crate::delivery::Outcome;
use crate::failure;
use crate::plan::Finding;
use crate::step::Found;
use crate::turn::{End, Turn};

impl Guard<'_> {
    /// Whether the e-mail may lead to the customer of `facts`, which no account belongs to yet. No call where no other customer is known by it;
    /// otherwise the ERP is asked, and the settings choose. One that is chosen has the guard from then on. Not where no account would be made of it.
    ///
    /// # Errors
    /// Another one is chosen, or a person must choose; a platform or the table away.
    pub async fn is_for(&self, turn: &Turn<'_>, facts: &Facts<'_>) -> Result<bool, End> {
        let Some(own) = number_of(facts) else { return Ok(true) };
        let Some(other) = self.other_than(&turn.records, &own).await? else { return Ok(true) };
        if plan::stays_alone(facts).is_some() {
            return Ok(false);
        }
        let chosen = self.chooses(&turn.link.acumatica, &own).await;
        let chosen =
            chosen.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))?;
        chosen.map_err(not_chosen)?;
        self.hold_for(turn, &own, Some(&other)).await?;
        Ok(true)
    }

    /// The same without a claim: nothing is adopted.
    ///
    /// # Errors
    /// The table's or the ERP's; why another one is, or none can be chosen.
    pub async fn would_be_for(
        &self,
        records: &Records,
        erp: &acumatica::Client,
        facts: &Facts<'_>,
    ) -> Result<Result<bool, Finding>, super::Unseen> {
        let Some(own) = number_of(facts) else { return Ok(Ok(true)) };
        if self.other_than(records, &own).await?.is_none() {
            return Ok(Ok(true));
        }
        if plan::stays_alone(facts).is_some() {
            return Ok(Ok(false));
        }
        Ok(self.chooses(erp, &own).await?.map(|()| true))
    }

    /// The customer that the guard leads to, where that is another one than this.
    async fn other_than(&self, records: &Records, own: &str) -> Result<Option<String>, TableError> {
        let bound = records.load(&self.key).await?.bound;
        Ok(bound.map(|bound| bound.target).filter(|target| target != own))
    }

    /// Whether the settings choose this one of the ERP's customers with the e-mail: one call.
    async fn chooses(&self, erp: &acumatica::Client, own: &str) -> Result<Result<(), Finding>, acumatica::Error> {
        let hit = match self.search(erp).await? {
            Found::Several(finding) | Found::Foreign(finding) => return Ok(Err(finding)),
            Found::Ours(hit) => number(&hit).map(str::to_owned),
            Found::Missing => None,
        };
        Ok(match hit {
            Some(hit) if hit == own => Ok(()),
            Some(hit) => {
                let message =
                    format!("Customer {hit} in Acumatica has the e-mail of {} and is the one synced.", self.shown);
                Err(Finding::new("customers.skipped.ambiguous_email", message))
            }
            None => {
                let message = format!("{} was given another e-mail meanwhile; it is read again.", self.shown);
                Err(Finding::new("customers.not_ready.changed_meanwhile", message))
            }
        })
    }
}

fn number_of(facts: &Facts<'_>) -> Option<String> {
    facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()))
}

fn not_chosen(finding: Finding) -> End {
    match finding.code.split('.').nth(1) {
        Some("skipped") => End::finished(Outcome::Skipped, Some(finding)),
        Some("not_ready") => End::Returned { finding, counted: false, after: Some(5), disprove: None },
        _ => End::parked(finding),
    }
}
