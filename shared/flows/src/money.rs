//! Money: decimals of one currency, and the one way in which an amount is spread over lines.

use rust_decimal::{Decimal, RoundingStrategy};

/// A currency by its ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency(String);

/// Codes whose minor unit is not two decimals. Source: ISO 4217.
const DECIMALS: [(&str, u32); 24] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

impl Currency {
    /// A three-letter code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| Self(code.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// How many decimals an amount has.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        DECIMALS.iter().find(|(code, _)| *code == self.0).map_or(2, |(_, decimals)| *decimals)
    }

    /// The amount as it is written in this currency: `123.40`. Never rounds: an amount with more decimals keeps them, so that a
    /// difference stays visible.
    #[must_use]
    pub fn text(&self, amount: Decimal) -> String {
        self.exact(amount).to_string()
    }

    /// The same amount, with this currency's decimals where it fits them.
    #[must_use]
    pub fn exact(&self, amount: Decimal) -> Decimal {
        let mut amount = amount.normalize();
        if amount.scale() < self.decimals() {
            amount.rescale(self.decimals());
        }
        if amount.is_zero() { Decimal::new(0, self.decimals()) } else { amount }
    }

    /// Rounded half away from zero to this currency's decimals, as Magento rounds prices (`PriceCurrency::round`).
    #[must_use]
    pub fn round(&self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.decimals(), RoundingStrategy::MidpointAwayFromZero)
    }
}

/// Spreads `total` over `weights` in proportion, in units of the currency's smallest coin, so that the shares add up exactly and none
/// exceeds its cap. What rounding down leaves goes to the largest remainders, of equal ones to the earlier line. `None` when the caps
/// hold less than `total`, or `total` is negative.
#[must_use]
pub fn spread(total: Decimal, weights: &[Decimal], caps: &[Decimal], currency: &Currency) -> Option<Vec<Decimal>> {
    if total < Decimal::ZERO {
        return None;
    }
    let mut shares = vec![Decimal::ZERO; weights.len()];
    let mut left = total;
    let mut open: Vec<usize> =
        (0..weights.len()).filter(|&n| caps[n] > Decimal::ZERO && weights[n] > Decimal::ZERO).collect();
    // A line whose part is more than its cap takes its cap; the others share the rest anew.
    let parts = loop {
        let weight: Decimal = open.iter().map(|&n| weights[n]).sum();
        let parts: Vec<(usize, Decimal)> = open.iter().map(|&n| (n, left * weights[n] / weight)).collect();
        let full: Vec<usize> = parts.iter().filter(|(n, part)| *part > caps[*n]).map(|(n, _)| *n).collect();
        if full.is_empty() {
            break parts;
        }
        for &n in &full {
            shares[n] = caps[n];
            left -= caps[n];
        }
        open.retain(|n| !full.contains(n));
    };
    let mut remainders = Vec::new();
    for (n, part) in parts {
        shares[n] = part.round_dp_with_strategy(currency.decimals(), RoundingStrategy::ToZero);
        left -= shares[n];
        remainders.push((n, part - shares[n]));
    }
    remainders.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
    let coin = Decimal::new(1, currency.decimals());
    while left > Decimal::ZERO {
        let before = left;
        for &(n, _) in &remainders {
            let share = coin.min(left).min(caps[n] - shares[n]);
            shares[n] += share;
            left -= share;
        }
        if left == before {
            return None;
        }
    }
    left.is_zero().then_some(shares)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimals(texts: &str) -> Vec<Decimal> {
        texts.split_whitespace().map(|text| text.parse().expect(text)).collect()
    }

    #[test]
    fn shares_add_up_and_stay_under_their_caps() {
        for (total, weights, caps, code, expected) in [
            ("10.00", "1 1 1", "100 100 100", "USD", Some("3.34 3.33 3.33")),
            ("0.01", "5 5", "5 5", "USD", Some("0.01 0")),
            // Parts 0.035, 0.01, 0.005: of the two equal remainders the earlier line takes the coin.
            ("0.05", "70 20 10", "70 20 10", "USD", Some("0.04 0.01 0")),
            // Parts 0.033 and 0.017: the larger remainder is the second line's.
            ("0.05", "66 34", "66 34", "USD", Some("0.03 0.02")),
            // The first part, 25, is more than its cap; the other two share 99 as one to two.
            ("100", "1 1 2", "1 99 99", "USD", Some("1 33 66")),
            // A coin never goes beyond a cap that is no whole coin: parts 0.0125 each, the first holds 0.0125.
            ("0.025", "1 1", "0.0125 1", "USD", Some("0.0125 0.0125")),
            ("5", "-1 1", "-1 9", "USD", Some("0 5")),
            ("-1", "1 1", "9 9", "USD", None),
            ("1", "", "", "USD", None),
            ("100", "50 50", "10 90", "USD", Some("10 90")),
            ("100", "50 50", "10 80", "USD", None),
            ("7", "1 1 1", "9 9 9", "JPY", Some("3 2 2")),
            ("0.010", "1 2", "9 9", "KWD", Some("0.003 0.007")),
            ("0", "1 2", "9 9", "USD", Some("0 0")),
            ("1", "0 0", "9 9", "USD", None),
        ] {
            let currency = Currency::parse(code).expect(code);
            let shares = spread(total.parse().expect(total), &decimals(weights), &decimals(caps), &currency);
            assert_eq!(shares, expected.map(decimals), "{total} over {weights}");
        }
    }

    proptest! {
        /// Every share is whole coins within a coin of its proportion, unless caps moved it, and all of them are the total.
        #[test]
        fn shares_are_fair(total in 0i64..100_000, weights in prop::collection::vec(1i64..50_000, 1..12)) {
            let currency = Currency::parse("USD").expect("a currency");
            let cents = |amount: i64| Decimal::new(amount, 2);
            let weights: Vec<Decimal> = weights.into_iter().map(cents).collect();
            let sum: Decimal = weights.iter().sum();
            let shares = spread(cents(total), &weights, &weights, &currency);
            prop_assert_eq!(shares.is_some(), cents(total) <= sum);
            for (share, weight) in shares.iter().flatten().zip(&weights) {
                prop_assert!(share.scale() <= 2 && share <= weight);
                prop_assert!((cents(total) * weight / sum - share).abs() < Decimal::new(1, 2));
            }
            if let Some(shares) = shares {
                prop_assert_eq!(shares.iter().sum::<Decimal>(), cents(total));
            }
        }
    }

    #[test]
    fn an_amount_is_written_in_its_currency_and_never_rounded() {
        for (amount, code, text) in [
            ("5", "USD", "5.00"),
            ("5.0000", "USD", "5.00"),
            ("5.125", "USD", "5.125"),
            ("0.000", "JPY", "0"),
            ("-0.00", "USD", "0.00"),
            ("1.5", "KWD", "1.500"),
        ] {
            let currency = Currency::parse(code).expect(code);
            assert_eq!(currency.text(amount.parse().expect(amount)), text, "{amount} {code}");
        }
        assert_eq!(Currency::parse("usd"), None);
        assert_eq!(Currency::parse("USDX"), None);
    }
}
