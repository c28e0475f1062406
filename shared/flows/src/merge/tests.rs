use proptest::prelude::*;
use seams::Secret;

use super::*;
use crate::link::EmailKey;

const BOTH: Rule = Rule { owner: Owner::Magento, to_magento: true, to_acumatica: true };

fn key() -> EmailKey {
    EmailKey::new(Secret::new("a key of tests"))
}

fn cells(values: &[(&str, &str)]) -> Cells {
    values.iter().map(|(name, value)| (Field::new(*name), Cell::same(Some((*value).to_owned())))).collect()
}

/// One field: what both sides had when they were last in step, what they have, and what is written where.
#[test]
fn a_field_goes_where_it_has_not_changed() {
    use Owner::{Acumatica, Magento, Never, Newest};
    let key = key();
    let hashes = Hashes::new(&key, "link/customer/12");
    for (name, base, here, there, owner, newer, to) in [
        ("nothing changed", Some("a"), "a", "a", Magento, Side::Magento, ""),
        ("the shop's", Some("a"), "b", "a", Acumatica, Side::Acumatica, ">"),
        ("the ERP's", Some("a"), "a", "b", Magento, Side::Magento, "<"),
        ("both, to the same", Some("a"), "b", "b", Magento, Side::Magento, ""),
        ("both, the shop owns", Some("a"), "b", "c", Magento, Side::Acumatica, ">!"),
        ("both, the ERP owns", Some("a"), "b", "c", Acumatica, Side::Magento, "<!"),
        ("both, the newer one wins", Some("a"), "b", "c", Newest, Side::Magento, ">!"),
        ("both, the newer one wins", Some("a"), "b", "c", Newest, Side::Acumatica, "<!"),
        ("never", Some("a"), "b", "a", Never, Side::Magento, ""),
        ("emptied in the shop", Some("a"), "", "a", Acumatica, Side::Acumatica, ">"),
        ("emptied in the ERP", Some("a"), "a", "", Magento, Side::Magento, "<"),
        ("just met, in step", None, "a", "a", Magento, Side::Magento, ""),
        ("just met, only the shop has it", None, "a", "", Acumatica, Side::Acumatica, ">"),
        ("just met, only the ERP has it", None, "", "a", Magento, Side::Magento, "<"),
        ("just met, and they differ", None, "a", "b", Acumatica, Side::Magento, "<!"),
    ] {
        let base = base.map(|was| Base::of(&cells(&[("f", was)]), &cells(&[("f", was)]), &hashes));
        let rule = Rule { owner, ..BOTH };
        let merged = merge(|_| rule, base.as_ref(), &cells(&[("f", here)]), &cells(&[("f", there)]), newer, &hashes);
        assert_eq!(signs(&merged), to, "{name}: {here:?} {there:?}");
    }
}

/// `>` to the ERP, `<` to the shop, `!` a conflict.
fn signs(merged: &Merged) -> String {
    let mut signs = String::new();
    signs.push_str(&">".repeat(merged.to_acumatica.len()));
    signs.push_str(&"<".repeat(merged.to_magento.len()));
    signs.push_str(&"!".repeat(merged.conflicts.len()));
    signs
}

#[test]
fn a_field_of_one_direction_goes_no_other_way() {
    let key = key();
    let hashes = Hashes::new(&key, "link/customer/12");
    let base = Base::of(&cells(&[("f", "a")]), &cells(&[("f", "a")]), &hashes);
    let to_acumatica = Rule { to_magento: false, ..BOTH };
    let to_magento = Rule { to_acumatica: false, ..BOTH };
    let nowhere = Rule { to_magento: false, to_acumatica: false, ..BOTH };
    let of = |owner, rule| Rule { owner, ..rule };
    for (base, rule, here, there, expected) in [
        (Some(&base), to_acumatica, "b", "a", ">"),
        (Some(&base), to_acumatica, "a", "b", ""),
        (Some(&base), to_acumatica, "b", "c", ">!"),
        // Only one side may speak: what both have changed is that side's, whoever owns the field.
        (Some(&base), of(Owner::Acumatica, to_acumatica), "b", "c", ">!"),
        (Some(&base), of(Owner::Newest, to_acumatica), "b", "c", ">!"),
        (Some(&base), of(Owner::Never, to_acumatica), "b", "c", ""),
        (Some(&base), to_magento, "a", "b", "<"),
        (Some(&base), to_magento, "b", "a", ""),
        (Some(&base), of(Owner::Magento, to_magento), "b", "c", "<!"),
        (Some(&base), of(Owner::Newest, to_magento), "b", "c", "<!"),
        (Some(&base), nowhere, "b", "c", "!"),
        // Two that have just met.
        (None, of(Owner::Acumatica, to_acumatica), "b", "c", ">!"),
        (None, of(Owner::Acumatica, to_acumatica), "", "c", ""),
        (None, of(Owner::Acumatica, to_acumatica), "b", "", ">"),
        (None, of(Owner::Magento, to_magento), "b", "c", "<!"),
        (None, of(Owner::Magento, to_magento), "b", "", ""),
    ] {
        for newer in [Side::Magento, Side::Acumatica] {
            let (here, there) = (cells(&[("f", here)]), cells(&[("f", there)]));
            let merged = merge(|_| rule, base, &here, &there, newer, &hashes);
            assert_eq!(signs(&merged), expected, "{rule:?}: {here:?} {there:?}");
            let spoken = match expected {
                ">!" => Some(Side::Magento),
                "<!" => Some(Side::Acumatica),
                _ => None,
            };
            assert_eq!(merged.conflicts.first().and_then(|conflict| conflict.winner), spoken, "{rule:?}");
        }
    }
}

#[test]
fn sides_with_forms_of_their_own_are_in_step_where_either_means_the_other() {
    let key = key();
    let hashes = Hashes::new(&key, "link/customer/12");
    let cell = |is: &str, means: &str| -> Cells {
        [(Field::new("f"), Cell::mapped(Some(is.to_owned()), Ok(Some(means.to_owned()))))].into()
    };
    for (here, there, expected) in [
        (cell("Texas", "TX"), cell("TX", "Texas"), ""),
        // The ERP's form cannot be read back, but it is what the shop's means.
        (cell("1 Road\nFloor 2\nDoor 3", "1 Road\nFloor 2, Door 3"), cell("1 Road\nFloor 2, Door 3", "other"), ""),
        (cell("Texas", "TX"), cell("MI", "Michigan"), ">!"),
    ] {
        assert_eq!(signs(&merge(|_| BOTH, None, &here, &there, Side::Magento, &hashes)), expected);
    }
    let unmapped: Cells =
        [(Field::new("f"), Cell::mapped(Some("5".to_owned()), Err(Finding::new("x", "not mapped"))))].into();
    let base = Base::of(&unmapped, &cells(&[("f", "WEB")]), &hashes);
    let merged = merge(|_| BOTH, Some(&base), &unmapped, &cells(&[("f", "WEB")]), Side::Magento, &hashes);
    assert_eq!(signs(&merged), "", "what cannot be said on the other side is no change");
}

#[test]
fn a_base_holds_no_value_and_is_its_records_own() {
    let key = key();
    let (here, there) = (cells(&[("email", "ada@example.com")]), cells(&[("email", "ada@example.com")]));
    let of = |record| Base::of(&here, &there, &Hashes::new(&key, record)).fingerprint().0;
    let one = of("link/customer/12");
    assert!(!one.contains("ada") && !one.contains("example"), "{one}");
    assert_ne!(one, of("link/customer/13"), "equal values of two people do not show");
    let base = Base::parse(&store::record::Fingerprint(one)).expect("a base");
    let hashes = Hashes::new(&key, "link/customer/12");
    assert!(!base.differs(Side::Magento, &here, &hashes) && !base.differs(Side::Acumatica, &there, &hashes));
    assert!(base.differs(Side::Magento, &cells(&[("email", "ada@example.org")]), &hashes));
    assert!(base.differs(Side::Magento, &cells(&[]), &hashes), "a field that is gone is a change");
    assert_eq!(Base::parse(&store::record::Fingerprint("money.parties.progress".to_owned())), None);
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// What a later step is to write is awaited by both sides: whichever is looked at first, the work is not taken for done.
#[test]
fn a_field_that_is_awaited_differs_on_both_sides_and_is_not_known() {
    let key = key();
    let hashes = Hashes::new(&key, "link/customer/12");
    let both = cells(&[("f", "a")]);
    let field = Field::new("g");
    let base = Base::of(&both, &both, &hashes).awaiting([&field, &Field::new("f")]);
    assert!(base.knows(&Field::new("f")), "what is known stays known");
    assert!(!base.knows(&field));
    for side in [Side::Magento, Side::Acumatica] {
        assert!(base.differs(side, &both, &hashes));
        assert!(base.differs(side, &cells(&[("f", "a"), ("g", "")]), &hashes));
    }
    let kept = Base::parse(&base.fingerprint()).expect("a base");
    assert_eq!(kept, base);
    let (here, there) = (cells(&[("f", "a"), ("g", "b")]), cells(&[("f", "a"), ("g", "")]));
    let merged = merge(|_| BOTH, Some(&base), &here, &there, Side::Acumatica, &hashes);
    assert_eq!((merged.to_acumatica.into_iter().collect(), merged.conflicts), (vec![field], Vec::new()), "no conflict");
}

fn values() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[xyz]?", NAMES.len())
}

fn side(values: &[String]) -> Cells {
    NAMES.iter().zip(values).map(|(name, value)| (Field::new(*name), Cell::same(Some(value.clone())))).collect()
}

fn owner() -> impl Strategy<Value = Owner> {
    prop::sample::select(vec![Owner::Magento, Owner::Acumatica, Owner::Newest])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_survive_and_sides_come_into_step(was in values(), here in values(), there in values(), owner in owner(), magento_newer: bool) {
        let key = key();
        let hashes = Hashes::new(&key, "link/customer/12");
        let newer = if magento_newer { Side::Magento } else { Side::Acumatica };
        let rule = Rule { owner, ..BOTH };
        let (mut here, mut there) = (side(&here), side(&there));
        let base = Base::of(&side(&was), &side(&was), &hashes);
        let merged = merge(|_| rule, Some(&base), &here, &there, newer, &hashes);
        let was = side(&was);
        for name in NAMES {
            let field = Field::new(name);
            let (before, magento, acumatica) = (&was[&field], here[&field].clone(), there[&field].clone());
            let conflict = *before != magento && *before != acumatica && magento != acumatica;
            prop_assert_eq!(merged.conflicts.iter().any(|conflict| conflict.field == field), conflict);
            let expected = match (*before != magento, *before != acumatica, owner, newer) {
                (true, true, Owner::Magento, _) | (true, true, Owner::Newest, Side::Magento) | (true, false, ..) => magento,
                (true, true, ..) | (false, true, ..) => acumatica,
                (false, false, ..) => before.clone(),
            };
            if merged.to_acumatica.contains(&field) {
                there.insert(field.clone(), here[&field].clone());
            }
            if merged.to_magento.contains(&field) {
                here.insert(field.clone(), there[&field].clone());
            }
            prop_assert_eq!(&here[&field], &expected);
            prop_assert_eq!(&there[&field], &expected);
        }
        let base = Base::of(&here, &there, &hashes);
        prop_assert!(merge(|_| rule, Some(&base), &here, &there, newer, &hashes).is_nothing());
        prop_assert!(!base.differs(Side::Magento, &here, &hashes), "an echo ends at once");
    }

    #[test]
    fn sides_that_are_equal_are_left_alone(was in values(), now in values(), owner in owner()) {
        let key = key();
        let hashes = Hashes::new(&key, "link/customer/12");
        let rule = Rule { owner, ..BOTH };
        let base = Base::of(&side(&was), &side(&was), &hashes);
        let merged = merge(|_| rule, Some(&base), &side(&now), &side(&now), Side::Magento, &hashes);
        prop_assert_eq!(merged, Merged::default());
    }
}
