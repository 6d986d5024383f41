//! One image after the other by the fast way: what a thread that makes images needs, and nothing that only a view of the
//! stages would.

use std::path::Path;

use ndarray::Array2;

use super::{
    extractor::Extractor,
    preprocessing::{PipelineError, PreprocessingPipeline},
};

/// A thread's own buffers on a pipeline that all threads share.
pub struct ImageWorker<'a> {
    pipeline: &'a PreprocessingPipeline,
    extractor: Box<dyn Extractor>,
}

impl<'a> ImageWorker<'a> {
    /// A worker of `pipeline`.
    pub fn new(pipeline: &'a PreprocessingPipeline) -> Self {
        Self { pipeline, extractor: pipeline.extractor() }
    }

    /// The normalised image of a recording, `[bins, frames]`; whole files are as long as they are.
    ///
    /// # Errors
    /// When the file cannot be decoded.
    pub fn image(&mut self, path: &Path) -> Result<Array2<f32>, PipelineError> {
        let Some(len) = self.pipeline.config().padded_len() else {
            return Ok(self.pipeline.stages(path)?.normalised);
        };
        Ok(self.pipeline.process(self.extractor.as_mut(), path, len, false)?.image)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        pipeline::config::{ClipDuration, PreprocessingConfig},
    };

    use super::*;

    #[test]
    fn the_fast_way_gives_the_bits_of_the_stages() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("x.wav");
        let samples = (0..9000_u16).map(|n| 0.3 * (f32::from(n) * 0.05).sin()).collect();
        write_wav(&path, &Clip::mono(samples, 22_050), BitDepth::Float32).unwrap();
        for duration in [ClipDuration::Seconds(0.74), ClipDuration::Full] {
            let config = PreprocessingConfig { duration, ..PreprocessingConfig::default() };
            let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
            let mut worker = ImageWorker::new(&pipeline);
            let image = worker.image(&path).unwrap();
            assert_eq!(image, pipeline.stages(&path).unwrap().normalised, "{duration:?}");
            assert_eq!(image, worker.image(&path).unwrap(), "buffers keep nothing");
        }
    }
}
