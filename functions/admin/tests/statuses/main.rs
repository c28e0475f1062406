//! Every operation with every status that `infra/admin-api.md` names, through the door that an operator uses.

#[cfg(test)]
mod operations;
#[cfg(test)]
mod queues_and_log;
#[cfg(test)]
mod surroundings;
