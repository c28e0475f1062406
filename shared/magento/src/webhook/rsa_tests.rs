use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

const ONE: &str = include_str!("../../tests/keys/test-only-one.public.pem");
const TWO: &str = include_str!("../../tests/keys/test-only-two.public.pem");
const SHORT: &str = include_str!("../../tests/keys/test-only-short.public.pem");
const ELLIPTIC: &str = include_str!("../../tests/keys/test-only-elliptic.public.pem");
const PRIVATE: &str = include_str!("../../tests/keys/test-only-one.private.pem");

#[test]
fn only_rsa_public_keys_of_a_decent_length_are_keys() {
    assert_eq!(format!("{:?}", PublicKey::from_pem(ONE).expect("a key")), "PublicKey(2048 bits)");
    let crlf = TWO.replace('\n', "\r\n");
    let with_comment = format!("The shop's key:\n{TWO}\n");
    for text in [crlf.as_str(), with_comment.as_str()] {
        assert_eq!(PublicKey::from_pem(text), PublicKey::from_pem(TWO), "{text}");
    }
    let without_lines: String = TWO.lines().filter(|line| !line.starts_with('-')).collect();
    let cut = TWO.replacen("MIIBI", "MIIBJ", 1);
    for (name, text, expected) in [
        ("private", PRIVATE, BadKey::Private),
        ("1024 bits", SHORT, BadKey::NotRsa),
        ("elliptic", ELLIPTIC, BadKey::NotRsa),
        ("without its first and last line", &without_lines, BadKey::NotPem),
        ("of another length than it says", &cut, BadKey::NotPem),
        ("another kind of PEM", &TWO.replace("PUBLIC KEY", "CERTIFICATE"), BadKey::NotPem),
        ("nothing", "", BadKey::NotPem),
    ] {
        assert_eq!(PublicKey::from_pem(text), Err(expected), "{name}");
    }
}

#[test]
fn a_signature_of_openssl_fits() {
    // openssl dgst -sha256 -sign test-only-two.private.pem, over these bytes.
    const BODY: &[u8] = br#"{"order":{"entity_id":"12"}}"#;
    const SIGNATURE: &str = "bOs7QM0C14dbtORuqzjDsdL+xmen3X4xf8SktQLHlMS3iTyGP3zemhdUzY3gN3G0rIqKytmXq3ogCZ2jEkgbMxfDnTpMn9nRYOt/fc60Qyv1cJ8B7nCkVRwMrDFaWkCS0xdpi+yDIBklydOxeE+PdJRM/C73g5y+SCapWPJ6Gh+7Ey2szgJFZAmP8PbNOLURWiclY0i0BF7H/ERJvIc1aNWmuRw7EKSW0GCJvtjeATFtc8fYK7rV25bFY7e4OM3BLoTjQ1fW8zu2OkERLjbfF8vU9F5THbXnFlmv3UM9DITyxfOMEiDfsp6uuYJaRb/uKTQ1eBgJ7PCJ44N85H7qPQ==";
    let signature = STANDARD.decode(SIGNATURE).expect("base64");
    let (one, two) = (PublicKey::from_pem(ONE).expect("a key"), PublicKey::from_pem(TWO).expect("a key"));
    assert!(two.fits(BODY, &signature));
    assert!(!one.fits(BODY, &signature));
    assert!(!two.fits(br#"{"order":{"entity_id":"13"}}"#, &signature));
    assert!(!two.fits(BODY, &signature[1..]));
    assert!(!two.fits(BODY, b""));
}
