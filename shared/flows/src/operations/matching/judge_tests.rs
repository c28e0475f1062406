//! Who is who, as a table.

use super::*;

fn account(id: u64) -> Here {
    Here { id, ..Here::default() }
}

fn customer(number: u32, active: bool) -> There {
    There { number: format!("C{number}"), note: format!("note-{number}"), active, ..There::default() }
}

fn group(accounts: &[u64], customers: &[(u32, bool)]) -> Group {
    let customers = customers.iter().map(|&(number, active)| customer(number, active)).collect();
    Group { is_crowd: false, accounts: accounts.iter().copied().map(account).collect(), customers }
}

/// Each line as `result account customer why`.
fn judged(group: &Group, ambiguous: AmbiguousEmail, shared: SharedEmail, corrections: &Corrections) -> Vec<String> {
    let lines = judge(group, Rules { ambiguous, shared, corrections });
    let text = |line: &Line<'_>| {
        let account = line.account.map_or_else(|| "-".to_owned(), |account| account.id.to_string());
        let customer = line.customer.as_ref().map_or("-", Who::number);
        format!("{} {account} {customer} {}", line.verdict.as_str(), line.why)
    };
    lines.iter().map(text).collect()
}

/// Accounts, customers with whether they are active, the settings, the lines.
type Case<'a> = (&'a [u64], &'a [(u32, bool)], AmbiguousEmail, SharedEmail, &'a [&'a str]);

#[test]
fn an_email_decides_or_the_settings_do() {
    use AmbiguousEmail::{FirstActive, OnlyActive, Park};
    use SharedEmail::{First, Park as ParkShared};
    let none = Corrections::default();
    let (two, one_active, none_active) = ([(2, true), (1, true)], [(1, false), (2, true)], [(1, false), (2, false)]);
    let crowd: Vec<(u32, bool)> = (0..20).map(|number| (number, number == 0)).collect();
    let cases: [Case<'_>; 14] = [
        (&[7], &[(1, true)], Park, ParkShared, &["matched 7 C1 one_email"]),
        (&[7], &[(1, false)], Park, ParkShared, &["matched 7 C1 one_email"]),
        (&[7], &[], Park, ParkShared, &["only_magento 7 - will_be_made"]),
        (&[], &[(1, true)], Park, ParkShared, &["only_acumatica - C1 will_be_made"]),
        (
            &[7],
            &two,
            Park,
            ParkShared,
            &[
                "ambiguous 7 - customers.rejected.ambiguous_email",
                "ambiguous - C2 customers.rejected.ambiguous_email",
                "ambiguous - C1 customers.rejected.ambiguous_email",
            ],
        ),
        (
            &[7],
            &two,
            OnlyActive,
            ParkShared,
            &[
                "ambiguous 7 - customers.rejected.ambiguous_email",
                "ambiguous - C2 customers.rejected.ambiguous_email",
                "ambiguous - C1 customers.rejected.ambiguous_email",
            ],
        ),
        (&[7], &one_active, OnlyActive, ParkShared, &["matched 7 C2 chosen", "left_out - C1 not_chosen"]),
        (&[7], &two, FirstActive, ParkShared, &["matched 7 C1 chosen", "left_out - C2 not_chosen"]),
        (
            &[],
            &none_active,
            FirstActive,
            ParkShared,
            &["ambiguous - C1 customers.rejected.ambiguous_email", "ambiguous - C2 customers.rejected.ambiguous_email"],
        ),
        (
            &[],
            &one_active,
            OnlyActive,
            ParkShared,
            &["ambiguous - C1 customers.rejected.ambiguous_email", "ambiguous - C2 customers.rejected.ambiguous_email"],
        ),
        (
            &[7, 8],
            &[(1, true)],
            Park,
            ParkShared,
            &[
                "ambiguous 7 - customers.rejected.shared_email",
                "ambiguous 8 - customers.rejected.shared_email",
                "ambiguous - C1 customers.rejected.shared_email",
            ],
        ),
        (&[7, 8], &[(1, true)], Park, First, &["matched 7 C1 chosen", "left_out 8 - customers.skipped.shared_email"]),
        (&[7, 8], &[], Park, First, &["only_magento 7 - will_be_made", "left_out 8 - customers.skipped.shared_email"]),
        (
            &[7, 8],
            &[],
            Park,
            ParkShared,
            &["ambiguous 7 - customers.rejected.shared_email", "ambiguous 8 - customers.rejected.shared_email"],
        ),
    ];
    for (accounts, customers, ambiguous, shared, expected) in cases {
        let group = group(accounts, customers);
        assert_eq!(judged(&group, ambiguous, shared, &none), expected, "{group:?} {ambiguous:?} {shared:?}");
    }
    let many = judged(&group(&[7], &crowd), FirstActive, ParkShared, &none);
    assert!(many.len() == 21 && many.iter().all(|line| line.starts_with("ambiguous")), "{many:?}");
}

#[test]
fn nobody_is_chosen_from_a_crowd_that_is_seen_in_parts() {
    for (accounts, customers) in [(&[7_u64][..], &[][..]), (&[], &[(1, true)]), (&[7], &[(1, true)])] {
        let group = Group { is_crowd: true, ..group(accounts, customers) };
        let lines = judged(&group, AmbiguousEmail::FirstActive, SharedEmail::First, &Corrections::default());
        assert_eq!(lines.len(), accounts.len() + customers.len());
        assert!(lines.iter().all(|line| line.starts_with("ambiguous")), "{lines:?}");
    }
}

#[test]
fn a_correction_comes_before_the_email() {
    let chosen = |number: u32| Chosen { number: format!("C{number}"), note: format!("note-{number}") };
    let mut corrections = Corrections::default();
    corrections.add(7, Some(chosen(2)));
    corrections.add(8, None);
    corrections.add(9, Some(chosen(5)));
    let judged = |accounts: &[u64], customers: &[(u32, bool)]| {
        judged(&group(accounts, customers), AmbiguousEmail::Park, SharedEmail::Park, &corrections)
    };
    for (accounts, customers, expected) in [
        // Of two customers the other one has no account then, although one stands on its e-mail.
        (&[7_u64][..], &[(1, true), (2, true)][..], vec!["matched 7 C2 corrected", "only_acumatica - C1 corrected"]),
        (&[8], &[(1, true)], vec!["only_magento 8 - corrected", "only_acumatica - C1 corrected"]),
        (&[9], &[], vec!["matched 9 C5 corrected"]),
        // The customer of another account is nobody else's.
        (&[10], &[(5, true)], vec!["only_magento 10 - will_be_made"]),
        (&[], &[(5, true)], vec![]),
        // With one of two accounts spoken about the other one is alone with the customer.
        (&[8, 10], &[(1, true)], vec!["only_magento 8 - corrected", "matched 10 C1 one_email"]),
    ] {
        assert_eq!(judged(accounts, customers), expected, "{accounts:?} {customers:?}");
    }
}

#[test]
fn who_cannot_be_found_by_email_is_left_out() {
    let none = Corrections::default();
    let code = "customers.rejected.email_malformed";
    let lost = Here { no_key: Some(code.to_owned()), ..account(7) };
    let lines =
        |group: &Group, corrections: &Corrections| judged(group, AmbiguousEmail::Park, SharedEmail::Park, corrections);
    let of_account = Group { accounts: vec![lost], ..Group::default() };
    assert_eq!(lines(&of_account, &none), [format!("left_out 7 - {code}")]);
    let mut corrections = Corrections::default();
    corrections.add(7, Some(Chosen { number: "C9".to_owned(), note: "note-9".to_owned() }));
    assert_eq!(lines(&of_account, &corrections), ["matched 7 C9 corrected"], "unless somebody says who it is");
    let lost = There { no_key: Some(code.to_owned()), ..customer(1, true) };
    assert_eq!(lines(&Group { customers: vec![lost], ..Group::default() }, &none), [format!("left_out - C1 {code}")]);
    let alone = There { alone: Some("customers.skipped.guest".to_owned()), ..customer(1, true) };
    let group = Group { customers: vec![alone], ..Group::default() };
    assert_eq!(lines(&group, &none), ["only_acumatica - C1 customers.skipped.guest"]);
}
