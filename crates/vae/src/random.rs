//! Random draws that depend on nothing but the seed and what they are for.
//!
//! Every use gets a generator of its own from (seed, purpose, epoch, step). Resuming a run then needs no generator
//! state, and one more preview never changes what the training draws.

use rand::{SeedableRng as _, rngs::StdRng};

/// What numbers are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Weights,
    /// Which images validate.
    Split,
    /// The order of an epoch.
    Shuffle,
    /// Latent noise of a training step.
    Noise,
    /// Batches and noise of precise batch norm.
    PreciseBatchNorm,
    /// Variations of training images.
    Augmentation,
    /// Which images of a class are repeated in an epoch.
    Balance,
    /// Vectors that a replay follows.
    Replay,
}

/// The generator of one use.
pub fn generator(seed: u64, purpose: Purpose, epoch: usize, step: usize) -> StdRng {
    let mut bytes = [0; 32];
    let words = [seed, purpose as u64, epoch as u64, step as u64];
    for (bytes, word) in bytes.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    StdRng::from_seed(bytes)
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;

    #[test]
    fn every_use_draws_its_own_numbers_and_the_same_ones_again() {
        let draw = |seed, purpose, epoch, step| generator(seed, purpose, epoch, step).random::<u64>();
        let first = draw(1, Purpose::Noise, 2, 3);
        assert_eq!(first, draw(1, Purpose::Noise, 2, 3));
        for other in [
            draw(2, Purpose::Noise, 2, 3),
            draw(1, Purpose::Shuffle, 2, 3),
            draw(1, Purpose::Noise, 3, 3),
            draw(1, Purpose::Noise, 2, 4),
        ] {
            assert_ne!(first, other);
        }
    }
}
