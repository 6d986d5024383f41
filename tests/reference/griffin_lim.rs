//! Phase recovery, beside librosa's figures for the same magnitudes.

use std::collections::BTreeMap;

use timbrespace::dsp::{
    griffin_lim::{DEFAULT_MOMENTUM, GriffinLim},
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
