//! A model that the tutorial's Python saved, as a bundle of this program.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    JobContext, JobError,
    data::{chosen::Chosen, source, streamed_source::StreamedSource},
    files::refuse_unless_empty,
    runs::{
        bundle::Bundle,
        density::{
            MOST_VECTORS,
            fit::{self, Recordings},
        },
        statistics::{DatasetStatistics, LatentStatistics},
    },
};
use timbrespace_base::{folder_lock::FolderLock, names};
use timbrespace_signal::{audio::left_out::LeftOut, pipeline::config::PreprocessingConfig};
use timbrespace_vae::trainer::BatchSource as _;

/// What to import.
#[derive(Clone, Debug)]
pub struct Request {
    /// A folder or `.keras` file.
    pub model: PathBuf,
    /// The bundle to write: a folder that does not exist yet, or an empty one.
    pub out: PathBuf,
    /// How the recordings that it was trained on became images.
    pub preprocessing: PreprocessingConfig,
    /// Recordings or a preprocessed folder: what the model was trained on.
    pub images: Option<PathBuf>,
}

/// What was imported.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The bundle.
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Rows and columns of its images.
    pub image_shape: (usize, usize),
    /// Dimensions of its latent space.
    pub latent_size: usize,
    /// Images that its statistics were measured on; with none they are assumed.
    pub images: usize,
}

/// Writes a bundle of the model at `request.model`.
///
/// With images, the statistics of its batch norms are estimated from them as for a model that was trained here, and where the data
/// lies in the latent space is measured; without, batch norms keep Keras's moving statistics.
///
/// # Errors
/// When the model cannot be read, the folder holds something, or the images do not fit.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let mut bundle = Bundle::of_keras(&request.model, Some(request.preprocessing.clone()))?;
    let _one_writer = FolderLock::whole(&request.out, "import")?;
    refuse_unless_empty(&request.out)?;
    let mut images = 0;
    if let Some(folder) = &request.images {
        let nothing = LeftOut::default();
        let chosen = Chosen::new(folder, &nothing);
        let of_images = StreamedSource::of(chosen, &bundle.config.preprocessing, context)?;
        let dataset = of_images.dataset();
        source::check_fits(&dataset.config, &bundle.config.preprocessing)?;
        let all: Vec<usize> = (0..of_images.len()).collect();
        bundle.snapshot = bundle.snapshot.re_estimated(&of_images, &all, &bundle.config.training)?;
        bundle.config.latent = LatentStatistics::measure(&bundle.snapshot, &of_images, MOST_VECTORS)?;
        bundle.config.dataset = DatasetStatistics::of(dataset);
        let recordings = Recordings { source: &of_images, items: &dataset.items, indices: &all };
        bundle.density = fit::training_density(&bundle.snapshot, &recordings, MOST_VECTORS)?;
        images = all.len();
    }
    context.check_stopped()?;
    bundle.save(&request.out)?;
    let model = &bundle.config.model;
    Ok(Report {
        out: request.out.clone(),
        image_shape: (model.bins, model.frames),
        latent_size: model.latent_size,
        images,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::runs::keras;
    use timbrespace_base::interrupt::Interrupt;

    /// Written by `scripts/keras-vectors.py`: a small model of the tutorial's class.
    fn model() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keras/keras2")
    }

    #[test]
    fn an_imported_model_is_a_bundle_with_the_settings_that_were_given() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("B");
        let model = model();
        let preprocessing = keras::assumed_preprocessing(keras::read(&model).unwrap().config());
        let request = Request { model, out: out.clone(), preprocessing: preprocessing.clone(), images: None };
        let report = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!((report.image_shape, report.images), ((16, 8), 0));
        let bundle = Bundle::open(&out).unwrap();
        assert_eq!(bundle.config.preprocessing, preprocessing);
        let wrong = PreprocessingConfig { frame_size: 64, ..preprocessing };
        let request = Request { out: dir.path().join("C"), preprocessing: wrong, ..request };
        let error = run(&request, &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
        assert!(error.contains("the model takes 16 × 8") && error.contains("--frame-size 32"), "{error}");
    }
}
