//! Phase recovery, beside librosa's figures for the same magnitudes.

use std::collections::BTreeMap;

use ndarray::Array2;
use rustfft::num_complex::Complex32;
use timbrespace::dsp::{
    griffin_lim::{DEFAULT_MOMENTUM, GriffinLim, PhaseStart},
    spectral_distance::spectral_convergence,
    stft::{Framing, Stft},
};

use super::vectors::{self, Vectors};

/// How much worse than librosa's the median over seeds may be.
const TOLERANCE: f32 = 1.05;

fn librosas_figures(set: &str) -> BTreeMap<String, Option<f32>> {
    let text = std::fs::read_to_string(Vectors::own().root.join("griffin_lim.json")).unwrap();
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(all[set].clone()).unwrap()
}

fn check(vectors: &Vectors) {
    let figures = librosas_figures(vectors.name);
    let mut recovery = GriffinLim::new(Stft::new(512, 256, Framing::Centred), DEFAULT_MOMENTUM);
    for folder in vectors.recordings("log_spectrogram") {
        let name = vectors::stem(&folder);
        let magnitude = vectors::image(&folder, "magnitude");
        let mut ours: Vec<f32> =
            (0..10).map(|seed| recovery.recover(&magnitude, 32, None, seed).spectral_convergence).collect();
        ours.sort_by(f32::total_cmp);
        let median = f32::midpoint(ours[4], ours[5]);
        let Some(librosas) = figures[&name] else {
            assert_eq!(median, 0.0, "{name} is silent");
            continue;
        };
        println!("{}, Griffin-Lim: {name:24} {median:.4}, librosa {librosas:.4}", vectors.name);
        assert!(median <= librosas * TOLERANCE, "{name}: {median} against librosa's {librosas}");
    }
}

#[test]
fn own_griffin_lim_converges_as_librosas() {
    check(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_griffin_lim_converges_as_librosas() {
    check(&Vectors::shared());
}

/// Frame sizes and hop lengths of transforms that the algorithm never sees.
const UNSEEN: [(usize, usize); 2] = [(1024, 128), (256, 32)];

/// The magnitude of `signal` in another transform.
fn magnitude(signal: &[f32], (frame_size, hop_length): (usize, usize)) -> Array2<f32> {
    Stft::new(frame_size, hop_length, Framing::Centred).forward(signal).mapv(Complex32::norm)
}

/// Prints the errors of both starts in transforms that the algorithm never sees; their geometric mean over the recordings
/// that sound has to be lower from the gradient.
fn check_unseen(vectors: &Vectors) {
    let mut recovery = GriffinLim::new(Stft::new(512, 256, Framing::Centred), DEFAULT_MOMENTUM);
    let mut logarithms = [[0.0; 2]; 2];
    for folder in vectors.recordings("log_spectrogram") {
        let signal = vectors::signal(&folder, "padded");
        if signal.iter().all(|sample| *sample == 0.0) {
            continue;
        }
        let image = vectors::image(&folder, "magnitude");
        let starts = [PhaseStart::SinglePass, PhaseStart::Gradient];
        let errors = starts.map(|start| {
            let found = recovery.recover_from(start, &image, 32, Some(signal.len()), 0).signal;
            UNSEEN.map(|unseen| spectral_convergence(&magnitude(&signal, unseen), &magnitude(&found, unseen)))
        });
        println!("{}, unseen errors: {:24} {errors:.4?}", vectors.name, vectors::stem(&folder));
        for (sums, errors) in logarithms.iter_mut().zip(errors) {
            sums.iter_mut().zip(errors).for_each(|(sum, error)| *sum += error.ln());
        }
    }
    let [single_pass, gradient] = logarithms;
    for (single_pass, gradient) in single_pass.into_iter().zip(gradient) {
        assert!(gradient < single_pass, "{gradient} against {single_pass}, sums of logarithms");
    }
}

#[test]
fn own_phases_are_nearer_to_the_sound_from_the_gradient() {
    check_unseen(&Vectors::own());
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/reference")]
fn shared_phases_are_nearer_to_the_sound_from_the_gradient() {
    check_unseen(&Vectors::shared());
}
