//! What is proven across packages, in one binary.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod tidy;
