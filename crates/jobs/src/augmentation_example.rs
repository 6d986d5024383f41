//! One recording's image as training may see it.

use std::path::PathBuf;

use ndarray::Array2;

use crate::{
    JobContext, JobError,
    data::{source::unit_image, varied_source::span_db},
};
use timbrespace_signal::pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline};
use timbrespace_vae::{
    augmentation::Augmentation,
    random::{Purpose, generator},
};

/// One recording's image, `[bins, frames]` in 0..1, and one variation of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// As it is.
    pub plain: Array2<f32>,
    /// What the encoder sees.
    pub input: Array2<f32>,
    /// What the decoder is asked for.
    pub target: Array2<f32>,
}

/// Which variation to make.
pub struct Request {
    /// The recording.
    pub file: PathBuf,
    /// How it becomes an image.
    pub config: PreprocessingConfig,
    /// How images are varied.
    pub augmentation: Augmentation,
    /// Which of the random variations.
    pub number: usize,
}

/// The recording's image and the variation.
///
/// # Errors
/// When the recording cannot be decoded.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Example, JobError> {
    let Request { file, config, augmentation, number } = request;
    context.check_stopped()?;
    let stages = PreprocessingPipeline::from_config(config)?.stages(file)?;
    let plain = unit_image(config, &stages.normalised).index_axis_move(ndarray::Axis(0), 0);
    let plain = plain.as_standard_layout().into_owned();
    let (mut input, mut target) = (plain.clone(), plain.clone());
    let mut random = generator(0, Purpose::Augmentation, 0, *number);
    if let (Some(input), Some(target)) = (input.as_slice_mut(), target.as_slice_mut()) {
        let span = span_db(config, stages.min_max);
        augmentation.apply(input, target, plain.ncols(), span, &mut random);
    }
    Ok(Example { plain, input, target })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;
    use timbrespace_base::interrupt::Interrupt;

    #[test]
    fn an_example_shows_what_the_settings_do() {
        let dir = tempfile::tempdir().unwrap();
        demo::ensure(dir.path(), &JobContext::silent(&Interrupt::new())).unwrap();
        let bell = std::fs::read_dir(dir.path().join("bell")).unwrap().next().unwrap().unwrap().path();
        let config = PreprocessingConfig::default();
        let vary = |augmentation, number| {
            let request = Request { file: bell.clone(), config: config.clone(), augmentation, number };
            run(&request, &JobContext::silent(&Interrupt::new())).unwrap()
        };
        let off = vary(Augmentation::default(), 0);
        assert_eq!((&off.input, &off.target), (&off.plain, &off.plain));
        let masked = Augmentation { mask_bins: 40, ..Augmentation::default() };
        let example = vary(masked, 1);
        assert_eq!(example.target, example.plain);
        assert_ne!(example.input, example.plain);
        assert_ne!(vary(masked, 2).input, example.input, "another number, another draw");
    }
}
