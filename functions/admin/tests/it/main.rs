//! Every operation as an operator meets it: the real door over tables and queue in memory, and simulators of both platforms.

#[cfg(test)]
mod activation;
#[cfg(test)]
mod asking;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod customer_plan;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod door;
#[cfg(test)]
mod log;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod parked;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod redrive;
#[cfg(test)]
mod retry;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod stand_ins;
