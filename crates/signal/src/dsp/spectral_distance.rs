//! Two distances between magnitude spectrograms.
//!
//! Spectral convergence compares amplitudes and is dominated by loud partials. Log-spectral distance compares
//! levels and weights quiet partials and noise as much as loud ones. Sounds can be close in one and far in
//! the other, so both are shown. Neither considers phase; both depend on loudness, so they are measured
//! before sounds are made equally loud.

use ndarray::{Array2, ArrayRef2, Zip};

use super::decibel::db_from_amplitude;

/// `norm(S - Y) / norm(S)` (Frobenius norms; Sturmel and Daudet 2011, "Signal reconstruction from STFT
/// magnitude: a state of the art"): 0 is perfect, 1 is as far as silence. 0 if `wanted` is silent.
///
/// # Shapes
/// `wanted` (S) and `heard` (Y): `[bins, frames]`; missing cells count as silent.
///
/// ```
/// use ndarray::array;
/// use timbrespace_signal::dsp::spectral_distance::spectral_convergence;
/// let wanted = array![[3.0, 4.0]];
/// assert_eq!(spectral_convergence(&wanted, &array![[3.0, 4.0]]), 0.0);
/// assert_eq!(spectral_convergence(&wanted, &array![[0.0, 0.0]]), 1.0);
/// assert_eq!(spectral_convergence(&wanted, &array![[3.0, 0.0]]), 0.8);
/// ```
pub fn spectral_convergence(wanted: &ArrayRef2<f32>, heard: &ArrayRef2<f32>) -> f64 {
    let heard = resized(heard, wanted.dim());
    let square = |value: f32| f64::from(value).powi(2);
    let norm: f64 = wanted.iter().map(|&value| square(value)).sum();
    let error: f64 = wanted
        .iter()
        .zip(&heard)
        .map(|(&wanted, &heard)| (f64::from(wanted) - f64::from(heard)).powi(2))
        .sum();
    if norm > 0.0 { (error / norm).sqrt() } else { 0.0 }
}

/// Root mean square level difference over bins in dB, mean over frames (Gray and Markel 1976, "Distance
/// measures for speech processing").
///
/// Levels are `20 log10(max(1e-5, amplitude))`, clipped in both spectrograms at `top_db` below the loudest
/// cell of `wanted`: differences below the floor of the original image do not count.
///
/// # Shapes
/// `wanted` and `heard`: `[bins, frames]`; missing cells count as silent.
///
/// ```
/// use ndarray::array;
/// use timbrespace_signal::dsp::spectral_distance::log_spectral_distance;
/// let (wanted, heard) = (array![[1.0, 1.0], [1.0, 0.1]], array![[0.1, 1.0], [0.1, 0.1]]);
/// assert!((log_spectral_distance(&wanted, &heard, 80.0) - 10.0).abs() < 1e-5);
/// ```
pub fn log_spectral_distance(wanted: &ArrayRef2<f32>, heard: &ArrayRef2<f32>, top_db: f32) -> f64 {
    let (bins, frames) = wanted.dim();
    if bins == 0 || frames == 0 {
        return 0.0;
    }
    let loudest = wanted.iter().fold(0.0_f32, |loudest, &amplitude| loudest.max(amplitude));
    let floor_db = db_from_amplitude(loudest) - top_db;
    let level = |amplitude: f32| f64::from(db_from_amplitude(amplitude).max(floor_db));
    let mut squares = vec![0.0_f64; frames];
    let heard = resized(heard, wanted.dim());
    for (wanted, heard) in wanted.rows().into_iter().zip(heard.rows()) {
        Zip::from(&mut squares[..]).and(wanted).and(heard).for_each(|sum, &wanted, &heard| {
            *sum += (level(wanted) - level(heard)).powi(2);
        });
    }
    squares.iter().map(|sum| (sum / bins as f64).sqrt()).sum::<f64>() / frames as f64
}

/// `values` cropped or padded with silence to `shape`.
fn resized(values: &ArrayRef2<f32>, shape: (usize, usize)) -> Array2<f32> {
    Array2::from_shape_fn(shape, |place| values.get(place).copied().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn frames_count_alike_however_loud_they_are() {
        // Half the level in one frame of two: 6.02 dB there, nothing in the other.
        let wanted = array![[8.0_f32, 0.02], [8.0, 0.02]];
        for heard in [array![[4.0_f32, 0.02], [4.0, 0.02]], array![[8.0, 0.01], [8.0, 0.01]]] {
            let distance = log_spectral_distance(&wanted, &heard, 80.0);
            assert!((distance - 3.0103).abs() < 1e-3, "{distance}");
        }
        assert!(spectral_convergence(&wanted, &array![[8.0, 0.01], [8.0, 0.01]]) < 2e-3);
    }

    #[test]
    fn what_lies_below_the_floor_of_the_original_makes_no_difference() {
        let wanted = array![[1.0_f32, 1e-3]];
        let distance = |heard: f32, top_db| log_spectral_distance(&wanted, &array![[1.0, heard]], top_db);
        assert_eq!(distance(1e-5, 60.0), 0.0, "-60 dB is the floor, and what is quieter stands on it");
        assert!((distance(1e-5, 80.0) - 10.0).abs() < 1e-4, "20 dB in one frame of two");
        assert!((distance(0.0, 200.0) - 20.0).abs() < 1e-4, "no level is below -100 dB");
    }

    #[test]
    fn silence_and_other_sizes_are_no_accident() {
        let silence = Array2::<f32>::zeros((2, 3));
        assert_eq!(spectral_convergence(&silence, &silence), 0.0);
        assert_eq!(log_spectral_distance(&silence, &silence, 80.0), 0.0);
        let wanted = array![[1.0_f32, 1.0]];
        assert!((spectral_convergence(&wanted, &array![[1.0]]) - 0.5_f64.sqrt()).abs() < 1e-9);
        assert_eq!(log_spectral_distance(&Array2::zeros((0, 3)), &silence, 80.0), 0.0);
    }
}
