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

/// The number at the start of `text` with its thousands apart: `22050 Hz` as `22,050 Hz`, `-12345.5` as `-12,345.5`. Other texts, and
/// numbers with an exponent, stay.
pub fn grouped(text: &str) -> String {
    let sign = text.len() - text.trim_start_matches(['-', '−', '+']).len();
    let (before, unsigned) = text.split_at(sign);
    let digits = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (whole, rest) = unsigned.split_at(digits);
    let number = rest.split_once(' ').map_or(rest, |(number, _)| number);
    let decimals = number.strip_prefix('.').unwrap_or(number);
    let is_number = decimals.chars().all(|c| c.is_ascii_digit());
    match whole.parse().ok().filter(|_| is_number && !whole.starts_with('0')) {
        Some(number) => format!("{before}{}{rest}", count(number)),
        None => text.to_owned(),
    }
}

/// The number that somebody typed, with or without separators between its thousands: `22,050`, `22 050`, `−12.5`, `1e6`. Commas are
/// nothing else: `0,5` is no number.
pub fn typed(text: &str) -> Option<f64> {
    let plain = plain(text);
    let (whole, rest) = plain.split_once('.').map_or((&*plain, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default();
    let are_thousands = groups.clone().all(|group| group.len() == 3);
    let has_first = groups.next().is_none() || (1..=3).contains(&first.len()) && !first.starts_with('0');
    let is_apart = are_thousands && has_first && rest.is_none_or(|rest| !rest.contains(','));
    plain.replace(',', "").parse().ok().filter(|_| is_apart)
}

/// As [`typed`], for a whole number: separators may stand anywhere, as they do once a digit was added or deleted between them.
pub fn typed_count(text: &str) -> Option<f64> {
    plain(text).replace(',', "").parse().ok()
}

/// `text` with a hyphen for its minus sign and ASCII commas, without spaces.
fn plain(text: &str) -> String {
    let sign = |c: char| match c {
        '−' => '-',
        '，' => ',',
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(sign).collect()
}

/// Three significant digits: `0.0109`, `12,300`, `1.2e-5`; from ten millions on with an exponent, too: `1.0e35`.
pub fn significant(value: f64) -> String {
    digits(value, f64::INFINITY)
}

/// At least three significant digits, and as many as values `step` apart need.
pub fn digits(value: f64, step: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return with_minus(&format!("{value}"));
    }
    let place = |size: f64| size.log10().floor() as i32;
    let finest = if step > 0.0 && step.is_finite() { place(step * 1.000_001) } else { i32::MAX };
    let first = place(size);
    if !(1e-4..1e7).contains(&size) {
        let decimals = first.saturating_sub(finest).clamp(1, 15) as usize;
        return with_minus(&format!("{value:.decimals$e}"));
    }
    let decimals = (2 - first).max(finest.saturating_neg()).clamp(0, 15) as usize;
    let text = format!("{size:.decimals$}");
    let (whole, fraction) = text.split_once('.').map_or((&*text, None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign = if value < 0.0 { "-" } else { "" };
    with_minus(&fraction.map_or_else(|| format!("{sign}{whole}"), |rest| format!("{sign}{whole}.{rest}")))
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
    fn very_large_and_very_small_numbers_have_an_exponent() {
        let shown = [1e35, 103_975_071.7e27, 2e7, 1.234e6, 0.5, 1.2e-5, -3e12].map(significant);
        assert_eq!(shown, ["1.0e35", "1.0e35", "2.0e7", "1,234,000", "0.500", "1.2e-5", "−3.0e12"]);
        assert_eq!([f64::NAN, f64::INFINITY].map(significant), ["NaN", "inf"]);
    }

    #[test]
    fn thousands_of_a_written_number_are_apart() {
        let texts = ["22050 Hz", "-12345.5", "999", "0.12345", "1e12", "2026-11-29", "44100.wav", "none", ""];
        let expected =
            ["22,050 Hz", "-12,345.5", "999", "0.12345", "1e12", "2026-11-29", "44100.wav", "none", ""];
        assert_eq!(texts.map(grouped), expected);
    }

    #[test]
    fn typed_numbers_may_have_separators_between_their_thousands() {
        let typed = |text| (super::typed(text), typed_count(text));
        for text in ["22050", "22,050", "22 050", " 22，050 "] {
            assert_eq!(typed(text), (Some(22050.0), Some(22050.0)), "{text}");
        }
        assert_eq!(super::typed("−1,234.5"), Some(-1234.5));
        assert_eq!(super::typed("1e-3"), Some(1e-3));
        for text in ["0,5", "12,5", ",500", "1.5,0", "1,0000", "", "x"] {
            assert_eq!(super::typed(text), None, "{text}");
        }
        // A digit was deleted at the end, or added.
        assert_eq!((typed_count("22,05"), typed_count("22,0500")), (Some(2205.0), Some(220_500.0)));
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
