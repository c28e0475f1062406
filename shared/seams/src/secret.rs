//! A text that must not be seen: passwords, tokens, signing keys.

use std::fmt;

use serde::Deserialize;

/// A credential. It has no `Display`, no `Serialize` and no `==`, and its `Debug` hides the text, so that printing, logging or
/// storing one by accident does not compile or shows nothing. Reading it takes a call of [`Secret::expose`], which can be searched for.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text as it came from the secret store.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Only for putting it into a request or a comparison in constant time.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all: an empty secret protects nothing and is refused wherever one is configured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_hides_the_text_also_inside_other_types() {
        let secret: Secret = serde_json::from_str(r#""hunter2""#).unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret(hidden))");
        assert!(Secret::new("").is_empty());
    }
}
