//! Numbers as people read them: thousands apart, a real minus sign, and no sign at a zero.

/// `2700` as `2,700`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value` with so many decimals: `−0.50`, `1.25`.
pub fn fixed(value: impl Into<f64>, decimals: usize) -> String {
    with_minus(&format!("{:.decimals$}", value.into()))
}

/// As [`fixed`], with the sign of a positive number too: `−0.50`, `+1.25`, `0.00`.
pub fn signed(value: impl Into<f64>, decimals: usize) -> String {
    let text = with_minus(&format!("{:+.decimals$}", value.into()));
    if is_zero(&text) { text.replace('+', "") } else { text }
}

/// A number that was formatted with a hyphen for its minus sign; exponents keep theirs, so that the number can be copied.
pub fn with_minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(size) if is_zero(size) => size.to_owned(),
        Some(size) => format!("−{size}"),
        None => text.to_owned(),
    }
}

/// Whether all digits that are shown are zeros.
fn is_zero(text: &str) -> bool {
    text.contains('0') && text.chars().all(|c| matches!(c, '0' | '.' | '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_thousands_separators() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(2_368_833), "2,368,833");
    }

    #[test]
    fn negative_numbers_have_a_minus_sign_and_zeros_have_none() {
        assert_eq!([fixed(-1.25, 1), fixed(-0.004, 2), fixed(3.0, 0)], ["−1.2", "0.00", "3"]);
        assert_eq!([signed(-0.5, 2), signed(0.5, 2)], ["−0.50", "+0.50"]);
        assert_eq!([signed(-0.001, 2), signed(0.001, 2)], ["0.00", "0.00"]);
        assert_eq!([fixed(f64::NAN, 1), signed(f64::NEG_INFINITY, 1)], ["NaN", "−inf"]);
        assert_eq!(with_minus("-1.2e-5"), "−1.2e-5");
    }
}
