//! Logarithms of many values, in operations that vectorise.

use std::f32::consts::{LN_2, LOG2_E};

use multiversion::multiversion;

/// Replaces each value by its natural logarithm; values below `smallest`, a normal number, count as that.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub fn natural_logarithms(values: &mut [f32], smallest: f32) {
    for value in values {
        *value = LN_2 * log2(value.max(smallest));
    }
}

/// Base-2 logarithm of a normal positive number, to about 2e-7, in operations that vectorise: the exponent
/// bits, plus the series of `2 atanh(s) / ln 2` with `s = (m − 1) / (m + 1)` for the mantissa m between √½
/// and √2.
#[inline(always)]
pub(super) fn log2(value: f32) -> f32 {
    /// Bit pattern of √½.
    const HALF_ROOT: u32 = 0x3f35_04f3;
    let bits = value.to_bits().wrapping_sub(HALF_ROOT);
    let exponent = (bits as i32) >> 23;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) + HALF_ROOT);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let series = [2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0];
    let series = series.into_iter().fold(0.0, |sum, factor| sum * square + factor);
    exponent as f32 + (2.0 * s + s * square * series) * LOG2_E
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_logarithms_are_the_standard_librarys() {
        let numbers: Vec<f32> = (0..200_000).map(|step| 1e-6 * 1.000_13_f32.powi(step)).collect();
        let mut values = numbers.clone();
        natural_logarithms(&mut values, 1e-5);
        for (number, value) in numbers.iter().zip(&values) {
            let exact = f64::from(number.max(1e-5)).ln();
            assert!((f64::from(*value) - exact).abs() < 2e-6, "{number}: {value}, not {exact}");
        }
    }
}
