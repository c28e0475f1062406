//! Credentials of real instances, from the environment: the only reader of it here. They go into Secrets Manager of the emulator, which
//! is this machine's memory, and nowhere else.
//!
//! | variable | for |
//! |---|---|
//! | `MAGENTO_CONSUMER_KEY`, `MAGENTO_CONSUMER_SECRET`, `MAGENTO_TOKEN`, `MAGENTO_TOKEN_SECRET` | an integration's four values |
//! | `MAGENTO_BEARER` | instead of the four, where the settings say `bearer` |
//! | `MAGENTO_WEBHOOK_SECRET` | the verification token of the shop's events |
//! | `ACUMATICA_CLIENT_ID`, `ACUMATICA_CLIENT_SECRET` | the connected application |
//! | `ACUMATICA_USERNAME`, `ACUMATICA_PASSWORD` | the user it acts for |

use serde_json::{Map, Value, json};

use crate::Problem;

/// The Magento secret of a link.
///
/// # Errors
/// The names of all variables that are missing.
pub(crate) fn magento() -> Result<Value, Problem> {
    let bearer = [("bearer", "MAGENTO_BEARER")];
    let integration = [
        ("consumer_key", "MAGENTO_CONSUMER_KEY"),
        ("consumer_secret", "MAGENTO_CONSUMER_SECRET"),
        ("token", "MAGENTO_TOKEN"),
        ("token_secret", "MAGENTO_TOKEN_SECRET"),
    ];
    let wanted = if value("MAGENTO_BEARER").is_some() { bearer.as_slice() } else { integration.as_slice() };
    let mut secret = read(&[wanted, &[("webhook_secrets", "MAGENTO_WEBHOOK_SECRET")]].concat())?;
    // Two secrets may be live at once; here there is one.
    secret.entry("webhook_secrets").and_modify(|one| *one = json!([one.take()]));
    Ok(Value::Object(secret))
}

/// The Acumatica secret of a link.
///
/// # Errors
/// The names of all variables that are missing.
pub(crate) fn acumatica() -> Result<Value, Problem> {
    let secret = read(&[
        ("client_id", "ACUMATICA_CLIENT_ID"),
        ("client_secret", "ACUMATICA_CLIENT_SECRET"),
        ("username", "ACUMATICA_USERNAME"),
        ("password", "ACUMATICA_PASSWORD"),
    ])?;
    Ok(Value::Object(secret))
}

fn read(names: &[(&str, &str)]) -> Result<Map<String, Value>, Problem> {
    let mut found = Map::new();
    let mut missing = Vec::new();
    for (field, variable) in names {
        match value(variable) {
            Some(text) => {
                found.insert((*field).to_owned(), Value::from(text));
            }
            None => missing.push(*variable),
        }
    }
    if missing.is_empty() {
        Ok(found)
    } else {
        Err(Problem::new(format!(
            "a real instance needs its credentials in the environment: set {}",
            missing.join(", ")
        )))
    }
}

#[expect(clippy::disallowed_methods, reason = "a person's shell is where this run's credentials come from")]
fn value(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named() {
        let names = [("a", "CAUSEWAY_TEST_UNSET_A"), ("path", "PATH"), ("b", "CAUSEWAY_TEST_UNSET_B")];
        let problem = read(&names).unwrap_err().to_string();
        assert!(problem.ends_with("set CAUSEWAY_TEST_UNSET_A, CAUSEWAY_TEST_UNSET_B"), "{problem}");
    }
}
