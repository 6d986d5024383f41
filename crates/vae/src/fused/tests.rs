//! The model in main memory beside the same model in candle's operations.

use candle_core::Device;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    architecture::Architecture,
    config::{Preset, VaeConfig},
    device::Compute,
    initial::Start,
    model::Vae,
    passes::Batch,
    schedule::Rates,
    state::State,
    tensors::change_elements,
    workspace::Workspace,
};

const BATCH: usize = 5;

/// Models of every kind; the sizes are no multiples of the strides.
fn configs() -> Vec<VaeConfig> {
    let preset =
        |preset, bins, frames| VaeConfig { latent_size: 4, ..VaeConfig::preset(preset, bins, frames) };
    let mut flat = preset(Preset::Flat, 11, 7);
    flat.hidden = vec![20, 12];
    let mut deep = preset(Preset::Explore, 50, 21);
    deep.filters = vec![3, 17, 20, 18, 5];
    vec![preset(Preset::Clear, 45, 30), preset(Preset::Small, 64, 32), deep, flat]
}

/// Values in 0..1 that repeat.
fn random(count: usize, seed: u64) -> Vec<f32> {
    StdRng::seed_from_u64(seed).random_iter::<f32>().take(count).collect()
}

/// One model in both implementations, with weights that no start would give: nothing is zero.
fn both(config: &VaeConfig) -> [Vae; 2] {
    let architecture = Architecture::new(config);
    let state = State::fresh(&architecture, 3, Start::Keras, &Device::Cpu).unwrap();
    for (index, (_, variable)) in state.variables.iter().enumerate() {
        let noise = random(variable.elem_count(), index as u64);
        change_elements(variable, |values| {
            values.iter_mut().zip(&noise).for_each(|(value, noise)| *value += 0.05 * (noise - 0.5));
        })
        .unwrap();
    }
    let tensors = state.tracked_tensors();
    [Compute::cpu(), Compute::portable()]
        .map(|compute| Vae::new(config, &tensors, &Workspace::unlimited(), &compute).unwrap())
}

/// The largest difference beside the largest value.
fn difference(own: &[f32], candle: &[f32]) -> f32 {
    assert_eq!(own.len(), candle.len());
    let most = |values: &mut dyn Iterator<Item = f32>| {
        values.fold(0.0_f32, |most, value| if value.is_nan() { f32::INFINITY } else { most.max(value.abs()) })
    };
    let difference = most(&mut own.iter().zip(candle).map(|(own, candle)| own - candle));
    difference / most(&mut candle.iter().copied()).max(1e-4)
}

/// What both implementations find for one batch, and how far they are apart: names and differences.
fn differences(config: &VaeConfig, models: &[Vae; 2], seed: u64) -> Vec<(String, f32)> {
    let (pixels, latent) = (config.bins * config.frames, config.latent_size);
    let (inputs, targets) = (random(BATCH * pixels, seed), random(BATCH * pixels, seed + 100));
    let noise: Vec<f32> = random(BATCH * latent, seed + 200).iter().map(|value| 4.0 * value - 2.0).collect();
    let batch = Batch { inputs: &inputs, targets: &targets, noise: &noise };
    let rates = Rates { reconstruction_weight: 300.0, beta: 0.7, ..Rates::default() };
    let [own, candle] = models.each_ref().map(|model| model.step(&batch, &rates).unwrap());
    assert_eq!(models[0].moments(&batch).unwrap(), own.moments, "moments alone");
    let losses = [&own, &candle].map(|result| {
        let losses = result.losses;
        [losses.total, losses.reconstruction, losses.kl].map(|value| value as f32)
    });
    let mut found: Vec<(String, f32)> = Vec::new();
    for (name, index) in [("total", 0), ("reconstruction", 1), ("kl", 2)] {
        found.push((name.to_owned(), difference(&losses[0][index..=index], &losses[1][index..=index])));
    }
    for (index, (own, candle)) in own.moments.iter().zip(&candle.moments).enumerate() {
        found.push((format!("means of norm {index}"), difference(&own.mean, &candle.mean)));
        found.push((format!("variances of norm {index}"), difference(&own.variance, &candle.variance)));
    }
    let parameters = Architecture::new(config).parameters();
    assert_eq!(own.gradients.len(), parameters.len());
    for ((own, candle), parameter) in own.gradients.iter().zip(&candle.gradients).zip(parameters) {
        found.push((parameter.name, difference(own, candle)));
    }
    let encoded = models.each_ref().map(|model| model.encode(&inputs, &own.moments).unwrap());
    found.push(("mu".to_owned(), difference(&encoded[0].mu, &encoded[1].mu)));
    let log_variances = encoded.each_ref().map(|gaussians| &gaussians.log_variance);
    found.push(("log-variance".to_owned(), difference(log_variances[0], log_variances[1])));
    let decoded = models.each_ref().map(|model| model.decode(&noise, &own.moments).unwrap());
    found.push(("decoded images".to_owned(), difference(&decoded[0], &decoded[1])));
    assert!(decoded[0].iter().all(|value| (0.0..=1.0).contains(value)));
    found
}

#[test]
fn loss_moments_and_all_gradients_are_candles() {
    for config in configs() {
        let models = both(&config);
        let batches: Vec<_> = (0..5).map(|seed| differences(&config, &models, seed)).collect();
        for (index, (name, _)) in batches[0].iter().enumerate() {
            // A value that rounding moves across a ReLU's zero changes the gradients of its batch by up to some per cent:
            // the middle one of five batches has none.
            let mut all: Vec<f32> = batches.iter().map(|batch| batch[index].1).collect();
            all.sort_by(f32::total_cmp);
            assert!(all[2] < 2e-4 && all[4] < 0.2, "{name} of {config:?}: {all:?}");
        }
    }
}

#[test]
fn one_vector_is_decoded_as_among_others() {
    for config in configs() {
        let [model, _] = both(&config);
        let vectors = random(3 * config.latent_size, 8);
        let images = random(BATCH * config.bins * config.frames, 1);
        let noise = random(BATCH * config.latent_size, 3);
        let moments = model.moments(&Batch { inputs: &images, targets: &images, noise: &noise }).unwrap();
        let together = model.decode(&vectors, &moments).unwrap();
        for (vector, image) in
            vectors.chunks(config.latent_size).zip(together.chunks(config.bins * config.frames))
        {
            assert!(difference(&model.decode(vector, &moments).unwrap(), image) < 1e-5);
        }
    }
}

#[test]
fn a_loss_that_is_no_number_is_told() {
    let config = VaeConfig { latent_size: 2, ..VaeConfig::preset(Preset::Clear, 32, 32) };
    for model in both(&config) {
        let inputs = vec![f32::NAN; 32 * 32];
        let batch = Batch { inputs: &inputs, targets: &inputs, noise: &[0.0; 2] };
        let result = model.step(&batch, &Rates::default()).unwrap();
        assert!(!result.losses.is_finite());
    }
}
