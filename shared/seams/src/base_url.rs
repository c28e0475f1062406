//! Where a platform is reached: the one place that decides which addresses requests with credentials may go to.

use std::fmt;
use std::net::IpAddr;

use thiserror::Error;

/// An address under which a platform's routes hang: `https`, a host, an optional port and path, nothing else; no slash at the end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

/// Why an address is refused. No variant repeats the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadUrl {
    /// Not an absolute URL with a host.
    #[error("the base URL is not an absolute URL such as https://shop.example.com")]
    Malformed,
    /// Credentials would cross the network in the clear.
    #[error("the base URL must start with https://; plain http is only for this machine")]
    NotHttps,
    /// A user name or password in the URL would end up in logs.
    #[error("the base URL must not contain a user name or password")]
    UserInfo,
    /// Routes are appended to the base, which a query or fragment would swallow.
    #[error("the base URL must not contain a query or a fragment")]
    Query,
}

impl BaseUrl {
    /// Checks an address and drops the slashes at its end. Plain `http` passes for `localhost`, 127.0.0.0/8 and `[::1]` only.
    ///
    /// # Errors
    /// A [`BadUrl`] that says what is wrong without repeating the address.
    pub fn parse(text: &str) -> Result<Self, BadUrl> {
        let text = text.trim();
        if text.contains(['?', '#']) {
            return Err(BadUrl::Query);
        }
        let uri: ::http::Uri = text.parse().map_err(|_| BadUrl::Malformed)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(BadUrl::Malformed);
        };
        if authority.as_str().contains('@') {
            return Err(BadUrl::UserInfo);
        }
        if authority.host().is_empty() {
            return Err(BadUrl::Malformed);
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            "http" => return Err(BadUrl::NotHttps),
            _ => return Err(BadUrl::Malformed),
        }
        let path = uri.path().trim_end_matches('/');
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }

    /// The address without a slash at its end, ready for a route to be appended.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{BadUrl, BaseUrl};

    #[test]
    fn only_https_or_this_machine_and_nothing_but_host_port_and_path() {
        for (text, expected) in [
            ("https://shop.example.com", Ok("https://shop.example.com")),
            (" https://shop.example.com:8443/magento// ", Ok("https://shop.example.com:8443/magento")),
            ("http://localhost:8080/", Ok("http://localhost:8080")),
            ("http://127.0.0.1:9", Ok("http://127.0.0.1:9")),
            ("http://[::1]:9/a", Ok("http://[::1]:9/a")),
            ("http://shop.example.com", Err(BadUrl::NotHttps)),
            ("http://localhost.example.com", Err(BadUrl::NotHttps)),
            ("http://128.0.0.1", Err(BadUrl::NotHttps)),
            ("https://user:secret@shop.example.com", Err(BadUrl::UserInfo)),
            ("http://localhost@shop.example.com", Err(BadUrl::UserInfo)),
            ("https://shop.example.com/?a=b", Err(BadUrl::Query)),
            ("https://shop.example.com/#a", Err(BadUrl::Query)),
            ("ftp://shop.example.com", Err(BadUrl::Malformed)),
            ("shop.example.com", Err(BadUrl::Malformed)),
            ("/rest", Err(BadUrl::Malformed)),
            ("", Err(BadUrl::Malformed)),
        ] {
            let parsed = BaseUrl::parse(text);
            assert_eq!(parsed.as_ref().map(BaseUrl::as_str).map_err(|bad| *bad), expected, "{text}");
        }
    }
}
