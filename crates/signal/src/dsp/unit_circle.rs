//! Vectorisable sine and cosine.

use std::f32::consts::{FRAC_1_PI, TAU};

use rustfft::num_complex::Complex32;

/// `cos(angle) + i sin(angle)` for an angle in radians, to 1e-6 within two turns.
///
/// ```
/// let point = timbrespace_signal::dsp::unit_circle::at(2.0);
/// assert!((point.re - 2.0_f32.cos()).abs() < 1e-6 && (point.im - 2.0_f32.sin()).abs() < 1e-6);
/// ```
#[expect(clippy::inline_always, reason = "part of loops that are compiled for several instruction sets")]
#[inline(always)]
pub fn at(angle: f32) -> Complex32 {
    let turns = angle * (0.5 * FRAC_1_PI);
    // The cast truncates, leaving a remainder of -1 to 1; adding or subtracting a turn brings it to -0.5 to
    // 0.5.
    let part = turns - (turns as i32) as f32;
    let part = part - if part > 0.5 { 1.0 } else { 0.0 } + if part < -0.5 { 1.0 } else { 0.0 };
    let away = part.abs();
    let sine = quarter_sine(0.25 - (away - 0.25).abs());
    Complex32 { re: quarter_sine(0.25 - away), im: if part < 0.0 { -sine } else { sine } }
}

/// Sine of `turns` from -0.25 to 0.25, by its Taylor series up to x¹¹: accurate to 6e-8.
#[expect(clippy::inline_always, reason = "part of loops that are compiled for several instruction sets")]
#[inline(always)]
fn quarter_sine(turns: f32) -> f32 {
    let x = turns * TAU;
    let square = x * x;
    let series = [-1.0 / 39_916_800.0, 1.0 / 362_880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0];
    x * series.into_iter().fold(0.0, |sum, factor| sum * square + factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_circle_agrees_with_the_standard_library() {
        for step in -25_000_i32..25_000 {
            let angle = step as f32 * 5e-4;
            let (point, exact) = (at(angle), f64::from(angle).sin_cos());
            assert!((f64::from(point.im) - exact.0).abs() < 1e-6, "sine of {angle}: {}", point.im);
            assert!((f64::from(point.re) - exact.1).abs() < 1e-6, "cosine of {angle}: {}", point.re);
        }
    }
}
