//! Preprocessing with a stage of one's own: an extractor whose rows are the energies of eight equal bands, in dB.
//!
//! ```text
//! cargo run -p timbrespace-signal --example own_stage
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use ndarray::{Array2, Axis};
use timbrespace_signal::{
    audio::demo,
    pipeline::{
        config::PreprocessingConfig,
        extractor::{Extracted, Extractor},
        feature::log_spectrogram::LogSpectrogramExtractor,
        preprocessing::{PipelineStages, PreprocessingPipeline},
    },
};

const BANDS: usize = 8;

/// Averages the bins of a log spectrogram in eight bands.
#[derive(Clone)]
struct EightBands {
    spectrogram: LogSpectrogramExtractor,
}

impl EightBands {
    /// `[bins, frames]` to `[8, frames]`.
    fn averaged(spectrogram: &Array2<f32>) -> Array2<f32> {
        let bins = spectrogram.nrows() / BANDS;
        let mut bands = Array2::zeros((BANDS, spectrogram.ncols()));
        for (mut band, rows) in bands.outer_iter_mut().zip(spectrogram.axis_chunks_iter(Axis(0), bins)) {
            band += &(rows.sum_axis(Axis(0)) / bins as f32);
        }
        bands
    }
}

impl Extractor for EightBands {
    fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
        Self::averaged(&self.spectrogram.extract(padded))
    }

    fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
        let stages = self.spectrogram.extract_stages(padded);
        Extracted { feature: Self::averaged(&stages.feature), ..stages }
    }

    fn image_shape(&self, padded_len: usize) -> (usize, usize) {
        (BANDS, self.spectrogram.image_shape(padded_len).1)
    }

    fn worker(&self) -> Box<dyn Extractor> {
        Box::new(self.clone())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = PreprocessingConfig::default();
    let extractor = EightBands { spectrogram: LogSpectrogramExtractor::new(&config) };
    let stages = PipelineStages { extractor: Box::new(extractor), ..PipelineStages::standard(&config) };
    let pipeline = PreprocessingPipeline::with_stages(&config, stages)?;

    let sound = demo::sounds().next().ok_or("there are no demo sounds")?;
    let stages = pipeline.stages_of_clip(&sound.clip)?;
    println!("{}: an image of {:?}", sound.file_name, stages.normalised.dim());
    for (band, row) in stages.normalised.outer_iter().enumerate() {
        println!("band {band}: {:.3}", row.mean().unwrap_or_default());
    }
    Ok(())
}
