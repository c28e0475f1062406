//! RSA signatures, PKCS #1 v1.5 with SHA-256 (RFC 8017, section 8.2), and the public keys that they are checked with.
//!
//! Everything in a check is public, the signature included, so there is no time to measure that would tell anything.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject as _;
use spki::der::asn1::UintRef;
use spki::der::{Decode as _, Reader as _, SliceReader};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use thiserror::Error;

/// `rsaEncryption` (RFC 8017, appendix A.1).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Shorter keys can be broken and longer ones only cost time: 2,048 to 8,192 bits.
const BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Why a text is not a public key that signatures can be checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadKey {
    /// It holds a private key, which belongs to whoever signs and to nobody else.
    #[error("is a private key; give the public one, and replace this pair, because its secret is out")]
    Private,
    /// It is no PEM text of a public key.
    #[error("must be a public key in PEM form, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----")]
    NotPem,
    /// It is a key for something else.
    #[error("must be an RSA key of 2048 to 8192 bits")]
    NotRsa,
}

/// An RSA public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({} bits)", self.modulus.len() * 8)
    }
}

impl PublicKey {
    /// Reads a key in PEM form (RFC 7468, section 13: `PUBLIC KEY`).
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn from_pem(text: &str) -> Result<Self, BadKey> {
        if text.contains("PRIVATE KEY-----") {
            return Err(BadKey::Private);
        }
        let envelope = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).map_err(|_unread| BadKey::NotPem)?;
        let info = SubjectPublicKeyInfoRef::try_from(envelope.as_ref()).map_err(|_unread| BadKey::NotPem)?;
        if info.algorithm.oid != RSA {
            return Err(BadKey::NotRsa);
        }
        let key = info.subject_public_key.as_bytes().ok_or(BadKey::NotRsa)?;
        let (modulus, exponent) = components(key).map_err(|_unread| BadKey::NotRsa)?;
        if BYTES.contains(&modulus.len()) { Ok(Self { modulus, exponent }) } else { Err(BadKey::NotRsa) }
    }

    /// Whether `signature` over `message` was made with this key's private half.
    #[must_use]
    pub fn fits(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents { n: &self.modulus, e: &self.exponent };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017, appendix A.1.1).
fn components(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>), spki::der::Error> {
    let mut reader = SliceReader::new(der)?;
    let components = reader.sequence(|inside| {
        let (modulus, exponent) = (UintRef::decode(inside)?, UintRef::decode(inside)?);
        Ok::<_, spki::der::Error>((modulus.as_bytes().to_vec(), exponent.as_bytes().to_vec()))
    })?;
    reader.finish()?;
    Ok(components)
}

#[cfg(test)]
#[path = "rsa_tests.rs"]
mod tests;
