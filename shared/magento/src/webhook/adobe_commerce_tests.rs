use proptest::prelude::*;

use super::*;

const ONE: &str = include_str!("../../tests/keys/test-only-one.public.pem");
const TWO: &str = include_str!("../../tests/keys/test-only-two.public.pem");
const BODY: &[u8] = br#"{"order":{"entity_id":"12"}}"#;
/// `openssl dgst -sha256 -sign test-only-one.private.pem` over `eyJvcmRlciI6eyJlbnRpdHlfaWQiOiIxMiJ9fQ==`, the base64 of [`BODY`].
const SIGNED: &str = "T2oZ8Y1qTsIwCeFFZRdvAmwdRbBcZcf8ZuMJnzI7PRztNgK96UkaY7LUtPiyy5t0GJn1zqva+KdHOTzCOEIjsf+7sbIOkAtF/GvszYL7BcBzLffciFL/EAuukvWOCQSNPinZp1ga7XRBe6cJoORG2MMpqL0z3LvwCef9LSxu2keBNUWDDSaBZhYs4l4SHhf7qq9VPdlN7QKMnUqb7xwPJUWbquRBCAV4GQZbPkxcqYZewNh4pPLaok5KuvE/atbTvgodPUtANsycoa45XTos1UD9m8cvLSJWgkM/D5RGq9E4ecNREa6KvgsCQHWe2K685i5Ks7HBgiy9oTHZE5UE2Q==";
/// `test-only-two.private.pem` over [`BODY`] itself, which is not what Magento signs.
const OF_THE_BODY_ITSELF: &str = "bOs7QM0C14dbtORuqzjDsdL+xmen3X4xf8SktQLHlMS3iTyGP3zemhdUzY3gN3G0rIqKytmXq3ogCZ2jEkgbMxfDnTpMn9nRYOt/fc60Qyv1cJ8B7nCkVRwMrDFaWkCS0xdpi+yDIBklydOxeE+PdJRM/C73g5y+SCapWPJ6Gh+7Ey2szgJFZAmP8PbNOLURWiclY0i0BF7H/ERJvIc1aNWmuRw7EKSW0GCJvtjeATFtc8fYK7rV25bFY7e4OM3BLoTjQ1fW8zu2OkERLjbfF8vU9F5THbXnFlmv3UM9DITyxfOMEiDfsp6uuYJaRb/uKTQ1eBgJ7PCJ44N85H7qPQ==";

fn keys(texts: &[&str]) -> Vec<PublicKey> {
    texts.iter().map(|text| PublicKey::from_pem(text).expect("a key")).collect()
}

#[test]
fn only_the_live_keys_open_an_event() {
    for (name, signature, body, live, expected) in [
        ("the only key", Some(SIGNED), BODY, &[ONE][..], Ok(())),
        ("one of two", Some(SIGNED), BODY, &[TWO, ONE], Ok(())),
        ("another key", Some(SIGNED), BODY, &[TWO], Err(Unverified::Mismatch)),
        ("over the body itself", Some(OF_THE_BODY_ITSELF), BODY, &[TWO], Err(Unverified::Mismatch)),
        ("another body", Some(SIGNED), br#"{"order":{"entity_id":"13"}}"#, &[ONE], Err(Unverified::Mismatch)),
        ("a space more", Some(SIGNED), br#"{"order":{"entity_id":"12"} }"#, &[ONE], Err(Unverified::Mismatch)),
        ("no base64", Some("not base64!"), BODY, &[ONE], Err(Unverified::Mismatch)),
        ("cut off", Some(&SIGNED[..340]), BODY, &[ONE], Err(Unverified::Mismatch)),
        ("empty", Some(""), BODY, &[ONE], Err(Unverified::NoSignature)),
        ("missing", None, BODY, &[ONE], Err(Unverified::NoSignature)),
        ("without keys", Some(SIGNED), BODY, &[], Err(Unverified::NoSecret)),
    ] {
        assert_eq!(verify(signature, body, &keys(live)).map(|_| ()), expected, "{name}");
    }
}

proptest! {
    #[test]
    fn every_changed_bit_is_noticed(at in 0..BODY.len() * 8, of_signature in 0..2048_usize) {
        let live = keys(&[ONE, TWO]);
        let mut body = BODY.to_vec();
        body[at / 8] ^= 1 << (at % 8);
        prop_assert_eq!(verify(Some(SIGNED), &body, &live).map(|_| ()), Err(Unverified::Mismatch));
        let mut signature = STANDARD.decode(SIGNED).expect("base64");
        signature[of_signature / 8] ^= 1 << (of_signature % 8);
        let signature = STANDARD.encode(signature);
        prop_assert_eq!(verify(Some(&signature), BODY, &live).map(|_| ()), Err(Unverified::Mismatch));
    }

    #[test]
    fn whatever_is_signed_is_judged(signature in ".{0,400}", body in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(verify(Some(&signature), &body, &keys(&[ONE])).is_err());
    }
}
