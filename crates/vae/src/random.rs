//! Seeded random generators that depend only on their purpose and position in the run.
//!
//! Each use has a generator of its own, seeded by (seed, purpose, epoch, step). Resuming a run needs no
//! generator state, and an additional preview never changes the training.

use rand::{SeedableRng as _, rngs::StdRng};

/// Purposes of random numbers. The discriminants are part of the seed: append new ones at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Weights,
    /// Validation split.
    Split,
    /// Order of the images in an epoch.
    Shuffle,
    /// Latent noise of a training step.
    Noise,
    /// Batches and latent noise of precise batch norm.
    PreciseBatchNorm,
    /// Augmentation of training images.
    Augmentation,
    /// Repeated images of a class in a balanced epoch.
    Balance,
    /// Latent vectors that a replay follows.
    Replay,
}

/// The generator for one purpose at one epoch and step.
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
