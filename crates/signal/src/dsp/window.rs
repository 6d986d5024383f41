//! Window functions.

use std::f64::consts::PI;

/// Periodic Hann window of `len` samples, as in `scipy.signal.get_window("hann", len)`.
///
/// Periodic rather than symmetric, so that frames overlapping by half add up to a constant.
pub fn hann(len: usize) -> Vec<f32> {
    (0..len).map(|n| (0.5 - 0.5 * (2.0 * PI * n as f64 / len as f64).cos()) as f32).collect()
}

/// Kaiser window of one shape, over positions from −1 to 1.
///
/// `I0(beta sqrt(1 - position²)) / I0(beta)`: Kaiser and Schafer, 1980.
#[derive(Clone, Copy, Debug)]
pub struct Kaiser {
    beta: f64,
    /// `I0(beta)`.
    peak: f64,
}

impl Kaiser {
    /// The window with the given `beta`.
    pub fn new(beta: f64) -> Self {
        Self { beta, peak: bessel_i0(beta) }
    }

    /// Its value at `position`; zero outside of −1 to 1.
    pub fn at(&self, position: f64) -> f64 {
        let inside = 1.0 - position * position;
        if inside < 0.0 { 0.0 } else { bessel_i0(self.beta * inside.sqrt()) / self.peak }
    }
}

/// Modified Bessel function of the first kind, order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1.0;
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hann_is_periodic_and_sums_to_one_at_half_overlap() {
        let window = hann(512);
        assert_eq!(window[0], 0.0);
        assert_eq!(window[256], 1.0);
        for n in 0..256 {
            assert!((window[n] + window[n + 256] - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn kaiser_has_numpys_values() {
        // numpy.kaiser(5, 16.0)[1:3] lie at positions -0.5 and 0.
        let kaiser = Kaiser::new(16.0);
        assert!((kaiser.at(0.0) - 1.0).abs() < 1e-12);
        assert!((kaiser.at(-0.5) - 0.126_138_724).abs() < 1e-6);
        assert_eq!(kaiser.at(1.01), 0.0);
    }
}
