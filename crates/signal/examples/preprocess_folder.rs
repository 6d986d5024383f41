//! Preprocesses a folder of recordings to normalised images, as `timbrespace preprocess` does with its defaults.
//!
//! ```text
//! cargo run -p timbrespace-signal --example preprocess_folder -- FOLDER OUT
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{env, error::Error, path::Path};

use timbrespace_base::interrupt::Interrupt;
use timbrespace_signal::{
    audio::folder,
    pipeline::{
        config::PreprocessingConfig,
        preprocessing::{PipelineEvent, PreprocessingPipeline, Target},
    },
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [recordings, out] = arguments.as_slice() else {
        return Err("usage: preprocess_folder FOLDER OUT".into());
    };
    let interrupt = Interrupt::new();
    let scan = folder::scan(Path::new(recordings), &interrupt, &mut |_| {})?;

    // 22,050 Hz, 0.74 s, frames of 512 samples every 256: images of [256 bins, 64 frames].
    let config = PreprocessingConfig::default();
    let pipeline = PreprocessingPipeline::from_config(&config)?;
    let print = |event| {
        if let PipelineEvent::Skipped { path, cause } = event {
            println!("skipped {}: {cause}", path.display());
        }
    };
    let report = pipeline.save(&scan, Target::whole(Path::new(out)), &print, &interrupt)?;
    println!("{} images in {out}, {} recordings skipped", report.saved, report.skipped.len());
    Ok(())
}
