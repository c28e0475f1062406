//! What is proven across packages, in one binary.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod people;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod scenario;
#[cfg(test)]
mod tidy;
