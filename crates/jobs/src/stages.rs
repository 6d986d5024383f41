//! Every stage of one file, saved as arrays and pictures.

use std::path::{Path, PathBuf};

use image::RgbImage;
use ndarray::{Array2, ArrayView1, ArrayView2};
use serde::Serialize;

use crate::{
    JobContext, JobError,
    files::{file_in, write_array, write_picture},
    runs::reads::{self, RECORDING},
};
use timbrespace_analysis::inspect::{colour_map::ColourMap, picture};
use timbrespace_base::{
    names,
    outputs::{Outputs, Replace},
};
use timbrespace_signal::pipeline::{
    config::PreprocessingConfig,
    preprocessing::PreprocessingPipeline,
    stages::{Flag, MinMax, Stages},
};

/// What to save.
#[derive(Clone, Debug)]
pub struct Request {
    /// The recording.
    pub file: PathBuf,
    /// The folder for `{signal,padded,stft_real,stft_imag,magnitude,log_db,normalised}.npy` and `.png`
    /// (`log_mel` or `log_frequency` in place of `log_db` for those features).
    pub out: PathBuf,
    /// Settings.
    pub config: PreprocessingConfig,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// What was saved.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The recording.
    #[serde(serialize_with = "names::serialize")]
    pub file: PathBuf,
    /// Files written.
    #[serde(serialize_with = "names::serialize")]
    pub written: Vec<PathBuf>,
    /// Rate of the file in Hz.
    pub native_rate_hz: u32,
    /// `[bins, frames]`.
    pub image_shape: [usize; 2],
    /// Before normalisation.
    pub min_max: MinMax,
    /// Remarks.
    pub flags: Vec<Flag>,
}

/// Computes and saves the stages.
///
/// # Errors
/// When the file cannot be decoded or the folder cannot be written to.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let mut outputs = Outputs::new(request.replace).reading(RECORDING, [reads::file_of(&request.file)]);
    outputs.check(&planned(request))?;
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let stages = pipeline.stages(&request.file)?;
    let mut written = Vec::new();
    let mut save = |name: &str, extension: &str, write: &dyn Fn(&Path) -> Result<(), JobError>| {
        let path = file_in(&request.out, name, extension);
        outputs.write(&path, write)?;
        written.push(path);
        Ok::<_, JobError>(())
    };
    for (name, samples) in SIGNALS.into_iter().zip([&stages.signal, &stages.padded]) {
        save(name, "npy", &|path| write_array(path, &ArrayView1::from(samples.as_slice())))?;
        save(name, "png", &|path| write_picture(path, &picture::waveform(samples)))?;
    }
    let images = images(&stages, &request.config);
    let total = images.len();
    for (index, (name, array, picture)) in images.into_iter().enumerate() {
        context.check_stopped()?;
        save(name, "npy", &|path| write_array(path, &array))?;
        save(name, "png", &|path| write_picture(path, &picture))?;
        context.progress("exporting stages", index + 1, total);
    }
    Ok(Report {
        file: request.file.clone(),
        written,
        native_rate_hz: stages.native_rate_hz,
        image_shape: stages.normalised.dim().into(),
        min_max: stages.min_max,
        flags: stages.flags,
    })
}

/// Names of the stages with one dimension.
const SIGNALS: [&str; 2] = ["signal", "padded"];

/// Names of the stages with two dimensions.
fn image_names(config: &PreprocessingConfig) -> [&'static str; 5] {
    ["stft_real", "stft_imag", "magnitude", config.feature.words().file, "normalised"]
}

/// All files of a request.
fn planned(request: &Request) -> Vec<PathBuf> {
    let names = SIGNALS.into_iter().chain(image_names(&request.config));
    names.flat_map(|name| ["npy", "png"].map(|extension| file_in(&request.out, name, extension))).collect()
}

/// The two-dimensional stages by name, each with its picture.
fn images(stages: &Stages, config: &PreprocessingConfig) -> [(&'static str, Array2<f32>, RgbImage); 5] {
    let (real, imaginary) = (stages.stft.mapv(|value| value.re), stages.stft.mapv(|value| value.im));
    let loudest = stages.stft.iter().map(|value| value.norm()).fold(0.0, f32::max);
    let [real_name, imaginary_name, magnitude_name, feature, normalised] = image_names(config);
    let heat =
        |image: ArrayView2<'_, f32>, low, high| picture::heat_map(&image, low, high, ColourMap::default());
    let MinMax { min, max } = stages.min_max;
    let magnitude = heat(stages.magnitude.view(), 0.0, loudest);
    let of_feature = heat(stages.feature.view(), min, max);
    let of_normalised = heat(stages.normalised.view(), config.range_min, config.range_max);
    [
        (real_name, real.clone(), picture::signed_map(&real, loudest)),
        (imaginary_name, imaginary.clone(), picture::signed_map(&imaginary, loudest)),
        (magnitude_name, stages.magnitude.clone(), magnitude),
        (feature, stages.feature.clone(), of_feature),
        (normalised, stages.normalised.clone(), of_normalised),
    ]
}
