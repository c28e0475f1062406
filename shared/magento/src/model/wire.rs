//! How Magento spells scalars: flags as 0/1, "0"/"1" or booleans, ids as numbers or strings.

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Reads null as the empty value: to Magento, *null* and *missing* are the same.
///
/// # Errors
/// When what is there is of another type.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A flag. Magento 2.4 prints `0`, `1`, `"1"`, `true` and `false` for the same thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(flag) => Ok(Flag(flag)),
            Value::Null => Ok(Flag(false)),
            Value::Number(number) if number.as_u64() == Some(0) => Ok(Flag(false)),
            Value::Number(number) if number.as_u64() == Some(1) => Ok(Flag(true)),
            Value::String(text) if text == "0" || text.is_empty() => Ok(Flag(false)),
            Value::String(text) if text == "1" => Ok(Flag(true)),
            _ => Err(D::Error::custom("expected a flag: 0, 1 or a boolean")),
        }
    }
}

/// A non-negative id. Magento prints most as numbers and some as strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Id(pub u64);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = u64;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a non-negative whole number, possibly as a string")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<u64, E> {
                Ok(value)
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<u64, E> {
                u64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<u64, E> {
                value.parse().map_err(|_| E::custom("not a whole number"))
            }
        }
        deserializer.deserialize_any(Digits).map(Id)
    }
}
