//! Decodes a vector of the built-in model and plays it.
//!
//! The arguments are distances from the mean vector along the first axes, in standard deviations:
//!
//! ```text
//! cargo run --release --example play_vector -- 1.5 -0.5
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{env, error::Error, sync::Arc, thread, time::Duration};

use timbrespace::{
    jobs::{latent::decode::LatentDecoder, runs::demo_model},
    playback::{
        player::{DeviceStatus, Player},
        stream::CpalBackend,
    },
};

const ITERATIONS: usize = 32;
const SEED: u64 = 1;
/// How long opening a sound device may take.
const PATIENCE: Duration = Duration::from_secs(3);

fn main() -> Result<(), Box<dyn Error>> {
    let moves: Vec<f32> = env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let bundle = Arc::new(demo_model::open()?);
    let latent = &bundle.config.latent;
    let mut vector = latent.mean.clone();
    for ((value, std), distance) in vector.iter_mut().zip(&latent.std).zip(moves) {
        *value += distance * std;
    }

    let min_max = bundle.config.dataset.median_min_max;
    let sound = LatentDecoder::new(Arc::clone(&bundle))?.decode(&vector, min_max, ITERATIONS, SEED)?.sound;
    let clip = sound.clip;
    println!("{:.2} s at {} Hz", clip.duration_secs(), clip.sample_rate_hz());

    let mut player = Player::new(Box::new(CpalBackend::new()));
    player.play(0, &clip, false);
    for _ in 0..30 {
        thread::sleep(PATIENCE / 30);
        player.poll();
        if let DeviceStatus::Ready { name, .. } = player.status() {
            println!("playing on {name}");
            thread::sleep(Duration::from_secs_f64(clip.duration_secs() + 0.2));
            return Ok(());
        }
    }
    if let DeviceStatus::Unavailable { error } = player.status() {
        println!("nothing can be heard: {error}");
    }
    Ok(())
}
