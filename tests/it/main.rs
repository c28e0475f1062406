//! What is proven across packages, in one binary.

#[cfg(test)]
mod tidy;
