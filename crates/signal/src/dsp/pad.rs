//! Padding of a signal.

/// Values of the padding, as in NumPy's `pad`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extension {
    /// Zeros.
    #[default]
    Zeros,
    /// The signal mirrored at its edge sample, which is not repeated.
    Reflect,
    /// The edge sample, repeated.
    Edge,
    /// The signal continued periodically.
    Wrap,
}

/// Pads `signal` with `before` samples in front and `after` samples behind, like `numpy.pad`.
///
/// The padding may be longer than the signal: reflecting and wrapping continue periodically. An empty signal,
/// for which NumPy raises, is padded with zeros.
///
/// ```
/// use timbrespace_signal::dsp::pad::{Extension, pad};
/// assert_eq!(pad(&[1.0, 2.0, 3.0], 0, 5, Extension::Reflect), [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0]);
/// ```
pub fn pad(signal: &[f32], before: usize, after: usize, extension: Extension) -> Vec<f32> {
    let mut padded = Vec::new();
    pad_into(signal, before, after, extension, &mut padded);
    padded
}

/// As [`pad`], reusing the memory of `padded`.
pub fn pad_into(signal: &[f32], before: usize, after: usize, extension: Extension, padded: &mut Vec<f32>) {
    padded.clear();
    padded.reserve(before + signal.len() + after);
    // What is near is copied: looking every sample up takes as long as transforming it.
    let len = signal.len();
    match extension {
        Extension::Zeros => {
            padded.resize(before, 0.0);
            padded.extend_from_slice(signal);
            padded.resize(before + len + after, 0.0);
        }
        Extension::Reflect if before.max(after) < len => {
            padded.extend(signal[1..=before].iter().rev());
            padded.extend_from_slice(signal);
            padded.extend(signal[len - 1 - after..len - 1].iter().rev());
        }
        _ => {
            padded.extend((0..before).map(|n| sample_at(signal, n as i64 - before as i64, extension)));
            padded.extend_from_slice(signal);
            padded.extend((0..after).map(|n| sample_at(signal, (len + n) as i64, extension)));
        }
    }
}

/// The padded signal at `position`, which may be negative or past the end.
fn sample_at(signal: &[f32], position: i64, extension: Extension) -> f32 {
    let len = signal.len() as i64;
    let index = match extension {
        _ if len == 0 => return 0.0,
        Extension::Zeros => return 0.0,
        Extension::Edge => position.clamp(0, len - 1),
        Extension::Wrap => position.rem_euclid(len),
        Extension::Reflect if len == 1 => 0,
        Extension::Reflect => {
            let period = 2 * (len - 1);
            let phase = position.rem_euclid(period);
            phase.min(period - phase)
        }
    };
    signal.get(index as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_extension_has_numpys_values_beyond_the_signals_own_length() {
        let signal = [1.0, 2.0, 3.0];
        // numpy.pad([1, 2, 3], (8, 0), "reflect") and so on, NumPy 2.4.
        assert_eq!(
            pad(&signal, 8, 0, Extension::Reflect),
            [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]
        );
        assert_eq!(pad(&signal, 4, 0, Extension::Wrap), [3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0]);
        assert_eq!(pad(&signal, 0, 4, Extension::Wrap), [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0]);
        assert_eq!(pad(&signal, 2, 2, Extension::Edge), [1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0]);
        assert_eq!(pad(&signal, 1, 1, Extension::Zeros), [0.0, 1.0, 2.0, 3.0, 0.0]);
    }

    #[test]
    fn a_short_reflection_is_the_beginning_of_a_long_one() {
        let signal: Vec<f32> = (0..7).map(|n| n as f32).collect();
        let long = pad(&signal, 20, 20, Extension::Reflect);
        for (before, after) in [(0, 0), (1, 0), (0, 1), (6, 6), (6, 2), (7, 0), (0, 7), (7, 6)] {
            let short = pad(&signal, before, after, Extension::Reflect);
            assert_eq!(short, long[20 - before..27 + after], "{before} {after}");
        }
    }

    #[test]
    fn one_sample_reflects_to_itself_and_nothing_extends_to_silence() {
        assert_eq!(pad(&[5.0], 2, 1, Extension::Reflect), [5.0; 4]);
        for extension in [Extension::Zeros, Extension::Reflect, Extension::Edge, Extension::Wrap] {
            assert_eq!(pad(&[], 1, 2, extension), [0.0; 3]);
        }
    }
}
