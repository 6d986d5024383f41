//! Recordings through the model and back to sound.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Serialize;

use crate::{
    JobContext, JobError, JobEvent,
    data::source,
    files::{UniqueStems, file_in, write_array},
    latent::{
        decode::{DecodedSound, LatentDecoder},
        recording_image::RecordingImage,
    },
    runs::{
        bundle::Bundle,
        detail::{InUse, Used},
        reads,
    },
};
use timbrespace_analysis::explore::detail::{ExactMatch, Mix};
use timbrespace_base::{
    names,
    outputs::{Outputs, Replace},
    sentence,
};
use timbrespace_signal::{
    audio::encode::{BitDepth, write_generated},
    pipeline::{preprocessing::PreprocessingPipeline, sound_generator::DEFAULT_ITERATIONS},
};
use timbrespace_vae::loss::reconstruction_errors;

/// What to reconstruct.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// Recordings.
    pub files: Vec<PathBuf>,
    /// Folder for `<name>.wav` and `<name>.npy`.
    pub out: PathBuf,
    /// Detail to add to each decoded image, from other recordings than the one itself.
    pub detail: Mix,
    /// How samples are stored.
    pub bits: BitDepth,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// One recording's figures.
#[derive(Clone, Debug, Serialize)]
pub struct Reconstruction {
    /// The recording.
    #[serde(serialize_with = "names::serialize")]
    pub file: PathBuf,
    /// The sound.
    #[serde(serialize_with = "names::serialize")]
    pub wav: PathBuf,
    /// The decoded image, in the normalised range.
    #[serde(serialize_with = "names::serialize")]
    pub npy: PathBuf,
    /// Mean squared error of the image, 0..1.
    pub reconstruction: f64,
    /// Spectral convergence of the phase recovery.
    pub spectral_convergence: f32,
    /// Factor that brought the peak down to 0.99, or 1.
    pub gain: f32,
}

/// What was reconstructed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One entry a recording.
    pub reconstructions: Vec<Reconstruction>,
    /// Detail that was added to the decoded images; absent for the model alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Used>,
    /// Files left out, with causes.
    #[serde(serialize_with = "names::serialize")]
    pub skipped: Vec<(PathBuf, String)>,
}

/// Reconstructs.
///
/// # Errors
/// When no recording can be used or the disk refuses.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let mut reconstructor = Reconstructor::open(request)?;
    let mut report =
        Report { reconstructions: Vec::new(), detail: reconstructor.detail, skipped: Vec::new() };
    for (index, (file, name)) in request.files.iter().zip(names_of(&request.files)).enumerate() {
        context.check_stopped()?;
        match RecordingImage::open(
            file,
            &reconstructor.pipeline,
            reconstructor.decoder.bundle(),
            context.sink,
        ) {
            Ok(image) => report.reconstructions.push(reconstructor.reconstruct(file, &name, &image)?),
            Err(error) => {
                report.skipped.push((file.clone(), error.to_string()));
                context.event(JobEvent::Skipped { path: file.clone(), cause: error.into() });
            }
        }
        context.progress("reconstructing", index + 1, request.files.len());
    }
    if report.reconstructions.is_empty() {
        return Err(sentence!(
            "error-none-reconstructed",
            "none of the recordings could be used; the causes are named above"
        )
        .into());
    }
    Ok(report)
}

/// One name a recording, whether it can be used or not.
fn names_of(files: &[PathBuf]) -> Vec<OsString> {
    let mut stems = UniqueStems::default();
    files.iter().map(|file| stems.of(file)).collect()
}

struct Reconstructor<'a> {
    request: &'a Request,
    outputs: Outputs,
    pipeline: PreprocessingPipeline,
    decoder: LatentDecoder,
    detail: Option<Used>,
}

impl<'a> Reconstructor<'a> {
    fn open(request: &'a Request) -> Result<Self, JobError> {
        let mut outputs = reads::outputs(request.replace, &request.bundle, request.files.clone());
        let planned: Vec<PathBuf> = names_of(&request.files)
            .iter()
            .flat_map(|name| ["wav", "npy"].map(|extension| file_in(&request.out, name, extension)))
            .collect();
        outputs.check(&planned)?;
        let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
        let detail = InUse::open(request.detail, ExactMatch::Excluded, &request.bundle, &bundle)?;
        Ok(Self {
            request,
            outputs,
            pipeline: PreprocessingPipeline::from_config(&bundle.config.preprocessing)?,
            detail: detail.as_ref().map(InUse::used),
            decoder: LatentDecoder::new(Arc::new(bundle))?.with_detail(detail),
        })
    }

    fn reconstruct(
        &mut self,
        file: &Path,
        name: &OsStr,
        image: &RecordingImage,
    ) -> Result<Reconstruction, JobError> {
        let bundle = self.decoder.bundle();
        let (mu, seed) = (bundle.snapshot.encode(&image.unit)?.mu, bundle.config.training.seed);
        let preprocessing = bundle.config.preprocessing.clone();
        let DecodedSound { image: decoded, sound, .. } =
            self.decoder.decode(&mu.row(0).to_vec(), image.min_max, DEFAULT_ITERATIONS, seed)?;
        let unit = source::unit_image(&preprocessing, &decoded);
        let reconstruction = reconstruction_errors(&image.unit, &unit).iter().sum();
        let wav = file_in(&self.request.out, name, "wav");
        let npy = file_in(&self.request.out, name, "npy");
        let bits = self.request.bits;
        self.outputs.write(&wav, |wav| Ok::<_, JobError>(write_generated(wav, &sound.clip, bits)?))?;
        self.outputs.write(&npy, |npy| write_array(npy, &decoded))?;
        Ok(Reconstruction {
            file: file.to_owned(),
            wav,
            npy,
            reconstruction,
            spectral_convergence: sound.spectral_convergence,
            gain: sound.gain,
        })
    }
}
