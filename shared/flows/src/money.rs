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
/// exceeds its cap. Largest remainder first; of equal remainders the earlier line. `None` when the caps hold less than `total`.
#[must_use]
pub fn spread(total: Decimal, weights: &[Decimal], caps: &[Decimal], currency: &Currency) -> Option<Vec<Decimal>> {
    let coin = Decimal::new(1, currency.decimals());
    let mut shares = vec![Decimal::ZERO; weights.len()];
    let mut left = total;
    while !left.is_zero() {
        let open: Vec<usize> = (0..weights.len()).filter(|&n| shares[n] < caps[n] && !weights[n].is_zero()).collect();
        let weight: Decimal = open.iter().map(|&n| weights[n]).sum();
        if open.is_empty() || weight.is_zero() {
            return None;
        }
        let wanted: Vec<(usize, Decimal)> = open.iter().map(|&n| (n, left * weights[n] / weight)).collect();
        let mut given = Decimal::ZERO;
        for &(n, want) in &wanted {
            let share =
                want.round_dp_with_strategy(currency.decimals(), RoundingStrategy::ToZero).min(caps[n] - shares[n]);
            shares[n] += share;
            given += share;
        }
        left -= given;
        // Less than one coin a line is left, or lines have reached their caps and the next round spreads the rest over the others.
        if given.is_zero() {
            let mut by_remainder = wanted;
            by_remainder.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
            for (n, _) in by_remainder {
                let share = coin.min(left).min(caps[n] - shares[n]);
                shares[n] += share;
                left -= share;
            }
        }
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimals(texts: &str) -> Vec<Decimal> {
        texts.split_whitespace().map(|text| text.parse().expect(text)).collect()
    }

    #[test]
    fn shares_add_up_and_stay_under_their_caps() {
        for (total, weights, caps, code, expected) in [
            ("10.00", "1 1 1", "100 100 100", "USD", Some("3.34 3.33 3.33")),
            ("0.01", "5 5", "5 5", "USD", Some("0.01 0")),
            ("0.05", "70 20 10", "70 20 10", "USD", Some("0.03 0.01 0.01")),
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
