//! A message that is not an event, or one of a version that this release does not know: parked under the hash of its body, so that it
//! is seen, counted and never lost.

use queue::Name;
use sha2::{Digest, Sha256};
use store::Records;
use store::record::{Park, Visit};

use crate::delivery::{Calls, Outcome, Report, Verdict};
use crate::link::World;
use crate::sweep::NO_LINK;

/// The code of such a message.
const CODE: &str = "flows.rejected.undecodable_event";

/// Parks the message; `why` never repeats its body.
pub async fn park(world: &World, queue: Name, body: &str, message_id: &str, why: &str) -> Report {
    let key = format!("{NO_LINK}/{}/{}", queue.entity(), hex::encode(Sha256::digest(body.as_bytes())));
    let (records, owner, now) =
        (Records::new(world.state.clone(), world.clock.clone()), world.clock.id(), world.clock.now());
    let park = Park {
        code: CODE.to_owned(),
        message: format!("A message in the queue of {}s is {why}.", queue.entity()),
        message_id: message_id.to_owned(),
        event_id: String::new(),
        revision: None,
        settings: 0,
        at: now,
    };
    let message = park.message.clone();
    let parked = match records.load(&key).await {
        Err(error) => Err(error.to_string()),
        Ok(record)
            if record.entry(Visit { message_id, event_id: message_id, insists: false }, now)
                == store::record::Entry::FailFast =>
        {
            Ok(true)
        }
        Ok(record) => match record.claim(&owner, now, now, None).and_then(|record| record.park(&owner, park.clone())) {
            Err(impossible) => Err(impossible.to_string()),
            Ok(record) => records.write(record).await.map(|_| false).map_err(|error| error.to_string()),
        },
    };
    let (outcome, code, message, after, silent) = match parked {
        Ok(silent) => (Outcome::Parked, CODE, message, 0, silent),
        Err(error) => (Outcome::Returned, "store.transient.unavailable", error, 15, false),
    };
    Report {
        verdict: Verdict::Return { after },
        outcome,
        code: Some(code.to_owned()),
        message: Some(message),
        record: key,
        shown: None,
        target: None,
        attempt: 1,
        calls: Calls::default(),
        silent,
    }
}
