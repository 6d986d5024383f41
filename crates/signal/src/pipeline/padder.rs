//! Second stage: every signal gets the same length.

use super::config::{PadMode, PadSide, PreprocessingConfig};
use crate::dsp::pad::pad;

/// A signal of its full length.
#[derive(Clone, Debug, PartialEq)]
pub struct Padded {
    /// The samples.
    pub samples: Vec<f32>,
    /// Where in them the signal starts.
    pub signal_start: usize,
}

/// Fills a short signal; shared by all threads.
pub trait Padder: Send + Sync {
    /// Fills `signal` to `len` samples; a longer one is cut at its end.
    fn pad(&self, signal: Vec<f32>, len: usize) -> Padded;
}

/// NumPy's `pad` at one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardPadder {
    side: PadSide,
    mode: PadMode,
}

impl StandardPadder {
    /// A padder with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { side: config.pad_side, mode: config.pad_mode }
    }
}

impl Padder for StandardPadder {
    fn pad(&self, mut signal: Vec<f32>, len: usize) -> Padded {
        let missing = len.saturating_sub(signal.len());
        if missing == 0 {
            signal.truncate(len);
            return Padded { samples: signal, signal_start: 0 };
        }
        if (self.side, self.mode) == (PadSide::Right, PadMode::Constant) {
            signal.resize(len, 0.0);
            return Padded { samples: signal, signal_start: 0 };
        }
        let (before, after) = match self.side {
            PadSide::Left => (missing, 0),
            PadSide::Right => (0, missing),
        };
        Padded { samples: pad(&signal, before, after, self.mode.into()), signal_start: before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MODES: [PadMode; 4] = [PadMode::Constant, PadMode::Reflect, PadMode::Edge, PadMode::Wrap];

    #[test]
    fn the_side_that_was_asked_for_is_filled() {
        let left = StandardPadder { side: PadSide::Left, mode: PadMode::Edge };
        assert_eq!(
            left.pad(vec![3.0, 4.0], 5),
            Padded { samples: vec![3.0, 3.0, 3.0, 3.0, 4.0], signal_start: 3 }
        );
        let right = StandardPadder { side: PadSide::Right, mode: PadMode::Constant };
        assert_eq!(right.pad(vec![3.0, 4.0], 3), Padded { samples: vec![3.0, 4.0, 0.0], signal_start: 0 });
        assert_eq!(right.pad(vec![3.0, 4.0], 1).samples, [3.0]);
    }

    /// `numpy.pad` by its definition: reflecting and wrapping one whole period after the other.
    fn numpy_pad_right(signal: &[f32], len: usize, mode: PadMode) -> Vec<f32> {
        let mut out = signal.to_vec();
        while out.len() < len {
            match mode {
                PadMode::Constant => out.push(0.0),
                PadMode::Edge => out.push(signal[signal.len() - 1]),
                PadMode::Wrap => out.extend_from_slice(signal),
                PadMode::Reflect if signal.len() == 1 => out.push(signal[0]),
                PadMode::Reflect => {
                    let mirrored: Vec<f32> =
                        out.iter().rev().skip(1).take(signal.len() - 1).copied().collect();
                    out.extend(mirrored);
                }
            }
        }
        out.truncate(len);
        out
    }

    proptest! {
        #[test]
        fn both_sides_fill_as_numpy_does(
            signal in prop::collection::vec(-1.0_f32..1.0, 1..40),
            extra in 0_usize..150,
            mode in prop::sample::select(MODES.to_vec()),
        ) {
            let len = signal.len() + extra;
            let right = StandardPadder { side: PadSide::Right, mode }.pad(signal.clone(), len);
            prop_assert_eq!(right.samples, numpy_pad_right(&signal, len, mode));
            // The left side is the right side of the reversed signal, reversed.
            let mirrored: Vec<f32> = signal.iter().rev().copied().collect();
            let mut expected = numpy_pad_right(&mirrored, len, mode);
            expected.reverse();
            let left = StandardPadder { side: PadSide::Left, mode }.pad(signal, len);
            prop_assert_eq!(left.samples, expected);
            prop_assert_eq!(left.signal_start, extra);
        }
    }
}
