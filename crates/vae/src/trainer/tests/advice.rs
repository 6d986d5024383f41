//! Real runs, each made to fail in one way, and one that succeeds.

use super::*;
use crate::advice::{AdviceKind, advise};

/// Noise images, which can only be memorised.
struct Noise;

impl BatchSource for Noise {
    fn len(&self) -> usize {
        16
    }

    fn image_shape(&self) -> (usize, usize) {
        (8, 8)
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (place, value) in out.iter_mut().enumerate() {
            let mixed = (index * 64 + place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *value = (mixed >> 40) as f32 / (1 << 24) as f32;
        }
        Ok(())
    }
}

fn found(config: VaeConfig, settings: TrainingConfig, source: Arc<dyn BatchSource>) -> Vec<AdviceKind> {
    let mut trainer = Trainer::new(config, settings, source).unwrap();
    let mean = mean_image_error(&trainer);
    let (_, events) = run(&mut trainer, None);
    let reports: Vec<EpochReport> = reports(&events).into_iter().cloned().collect();
    for report in &reports {
        println!(
            "{}: training {:?}, validation {:?}, mean image {mean:.5}",
            report.epoch, report.training, report.validation
        );
    }
    let mut kinds: Vec<AdviceKind> = Vec::new();
    for count in 1..=reports.len() {
        let new = advise(&reports[..count], Some(mean)).into_iter().map(|advice| advice.kind);
        kinds.extend(new.filter(|kind| !kinds.contains(kind)).collect::<Vec<_>>());
    }
    kinds
}

/// The preset's reconstruction weight of a million for 16,384 pixels, scaled to the 192 of the test's images.
fn weighted() -> VaeConfig {
    VaeConfig { reconstruction_weight: 12_000.0, ..tiny((16, 12)) }
}

fn bands() -> Arc<dyn BatchSource> {
    source(60, (16, 12))
}

#[test]
fn a_healthy_run_gets_no_advice() {
    assert_eq!(found(weighted(), TrainingConfig { learning_rate: 1e-3, ..settings(20) }, bands()), []);
}

#[test]
fn a_weight_that_is_far_too_low_collapses_the_posterior() {
    let config = VaeConfig { reconstruction_weight: 1.0, ..tiny((16, 12)) };
    let settings = TrainingConfig { learning_rate: 1e-2, ..settings(30) };
    assert_eq!(found(config, settings, bands()), [AdviceKind::PosteriorCollapse]);
}

#[test]
fn a_kl_weight_of_next_to_nothing_is_negligible() {
    let settings = TrainingConfig { learning_rate: 3e-3, beta: 1e-5, ..settings(12) };
    assert_eq!(found(weighted(), settings, bands()), [AdviceKind::NegligibleKl]);
}

#[test]
fn steps_that_are_far_too_long_are_a_learning_rate_too_high() {
    let settings = TrainingConfig { learning_rate: 0.1, ..settings(12) };
    assert_eq!(found(weighted(), settings, bands()), [AdviceKind::LearningRateTooHigh]);
}

#[test]
fn noise_can_only_be_learnt_by_heart() {
    let config = VaeConfig {
        hidden: vec![64],
        filters: Vec::new(),
        strides: Vec::new(),
        latent_size: 8,
        reconstruction_weight: 4_000.0,
        ..VaeConfig::preset(Preset::Flat, 8, 8)
    };
    let settings = TrainingConfig { learning_rate: 3e-3, validation_fraction: 0.25, ..settings(60) };
    assert_eq!(found(config, settings, Arc::new(Noise)), [AdviceKind::Overfitting]);
}
