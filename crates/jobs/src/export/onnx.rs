//! A model as two ONNX files that say what their images mean.
//!
//! `metadata_props` of both files have the keys of [`metadata`], so that a program which knows nothing of this one can make the
//! images that the encoder takes, and sounds of those that the decoder gives.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    JobContext, JobError,
    export::STAGE,
    files::named,
    runs::{bundle::Bundle, bundle_config::BundleConfig, reads},
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    names,
    outputs::Replace,
};
use timbrespace_vae::onnx::{self, Statistics};

/// Files that are written.
pub const FILES: [&str; 2] = ["encoder.onnx", "decoder.onnx"];

/// What to write.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Folder for `encoder.onnx` and `decoder.onnx`.
    pub out: PathBuf,
    /// The statistics of batch norms.
    pub statistics: Statistics,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `encoder.onnx`.
    #[serde(serialize_with = "names::serialize")]
    pub encoder: PathBuf,
    /// `decoder.onnx`.
    #[serde(serialize_with = "names::serialize")]
    pub decoder: PathBuf,
    /// Rows of an image.
    pub bins: usize,
    /// Columns of an image.
    pub frames: usize,
    /// Length of a latent vector.
    pub latent_size: usize,
}

/// Writes both files.
///
/// # Errors
/// When the bundle cannot be opened, a file must not be replaced, the disk refuses, or on
/// [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    context.check_stopped()?;
    let paths = FILES.map(|name| request.out.join(name));
    let mut outputs = reads::outputs(request.replace, &request.bundle, []).named_by("--onnx");
    outputs.check(&paths)?;
    let Bundle { config, snapshot, .. } = Bundle::open(&request.bundle)?;
    let metadata = metadata(&config, request.statistics)?;
    // Both are made before the first one is written, and then both are written: half of a model is of no use.
    context.wait_while_paused()?;
    let encoder = onnx::encoder(&snapshot, request.statistics, &metadata)?;
    context.wait_while_paused()?;
    let decoder = onnx::decoder(&snapshot, request.statistics, &metadata)?;
    context.wait_while_paused()?;
    for (done, (path, bytes)) in paths.iter().zip([encoder, decoder]).enumerate() {
        outputs
            .write(path, |path| named(path, atomic_file::write_bytes(path, Durability::Renamed, &bytes)))?;
        context.progress(STAGE, done + 1, FILES.len());
    }
    let [encoder, decoder] = paths;
    let (bins, frames, latent_size) = (config.model.bins, config.model.frames, config.model.latent_size);
    Ok(Report { encoder, decoder, bins, frames, latent_size })
}

/// What the files say of a model: pairs of a key and a text.
///
/// `feature`, `feature_formula`, the feature's own settings (`top_db` for log spectrograms, `mel_bands` and `mel_max_hz` for
/// log-mel, `log_bands`, `bands_per_octave`, `log_min_hz` and `top_db` for log-frequency), `sample_rate_hz`, `frame_size`,
/// `hop_length`, `bins`, `frames`, `latent_size`, `axes`, `value_range`, `normalisation`, `median_min` and `median_max` (of the training
/// recordings, in the feature's unit), `output_limit`, `batch_norm`, `preprocessing` (all settings as JSON) and `program_version`.
///
/// # Errors
/// When the settings cannot be written as JSON.
pub fn metadata(config: &BundleConfig, statistics: Statistics) -> Result<Vec<(String, String)>, JobError> {
    let BundleConfig { model, preprocessing, dataset, .. } = config;
    let settings =
        serde_json::to_string(preprocessing).map_err(|error| JobError::Other(error.to_string()))?;
    let mut pairs = feature(config);
    let mut add = |key: &str, value: String| pairs.push((key.to_owned(), value));
    add("sample_rate_hz", preprocessing.sample_rate_hz.to_string());
    add("frame_size", preprocessing.frame_size.to_string());
    add("hop_length", preprocessing.hop_length.to_string());
    add("bins", model.bins.to_string());
    add("frames", model.frames.to_string());
    add("latent_size", model.latent_size.to_string());
    add("axes", "batch, channel (1), bins (0 is the lowest frequency), frames (0 is the first)".to_owned());
    add("value_range", "0..1".to_owned());
    add(
        "normalisation",
        "(x - min) / (max - min), with minimum and maximum of each recording's feature".to_owned(),
    );
    add("median_min", dataset.median_min_max.min.to_string());
    add("median_max", dataset.median_min_max.max.to_string());
    let limit = if model.linear_path { "clamp to 0..1" } else { "sigmoid" };
    add("output_limit", limit.to_owned());
    let norm = match statistics {
        Statistics::Precise => "statistics re-estimated from training batches",
        Statistics::Running => "moving averages of training",
    };
    add("batch_norm", if config.model.is_flat() { "none" } else { norm }.to_owned());
    add("preprocessing", settings);
    add("program_version", env!("CARGO_PKG_VERSION").to_owned());
    Ok(pairs)
}

/// What the pixels of an image are before they are normalised.
fn feature(config: &BundleConfig) -> Vec<(String, String)> {
    let settings = &config.preprocessing;
    let feature = settings.feature;
    let named = [("feature", feature.name().to_owned()), ("feature_formula", feature.formula())];
    let pairs = named.into_iter().chain(feature.own_settings(settings));
    pairs.map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::JobEvent;
    use crate::runs::demo_model;
    use timbrespace_base::{interrupt::Interrupt, protobuf::reader::Fields};

    fn request(folder: &std::path::Path) -> Request {
        let bundle = folder.join("B");
        demo_model::open().unwrap().save(&bundle).unwrap();
        let (out, statistics) = (folder.join("onnx"), Statistics::Precise);
        Request { bundle, out, statistics, replace: Replace::Own }
    }

    fn run_silently(request: &Request) -> Result<Report, JobError> {
        run(request, &JobContext::silent(&Interrupt::new()))
    }

    #[test]
    fn progress_counts_both_files_and_a_stop_leaves_none() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(folder.path());
        let interrupt = Interrupt::new();
        let told = std::sync::Mutex::new(Vec::new());
        let sink = |event: JobEvent| {
            if let JobEvent::Progress { stage, done, total } = event {
                told.lock().unwrap().push((stage, done, total));
            }
        };
        run(&request, &JobContext::new(&sink, &interrupt)).unwrap();
        assert_eq!(*told.lock().unwrap(), [(STAGE, 1, 2), (STAGE, 2, 2)]);
        fs::remove_dir_all(&request.out).unwrap();
        interrupt.stop();
        assert!(run(&request, &JobContext::new(&sink, &interrupt)).unwrap_err().is_stopped());
        assert!(!request.out.exists());
    }

    #[test]
    fn both_files_say_how_their_images_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(folder.path());
        let report = run_silently(&request).unwrap();
        let config = BundleConfig::read(&request.bundle).unwrap();
        assert_eq!((report.bins, report.latent_size), (config.model.bins, config.model.latent_size));
        for path in [&report.encoder, &report.decoder] {
            let pairs = Fields::read(&fs::read(path).unwrap()).messages(14).into_iter();
            let pairs: Vec<(String, String)> =
                pairs.map(|pair| (pair.texts(1).remove(0), pair.texts(2).remove(0))).collect();
            assert_eq!(pairs, metadata(&config, Statistics::Precise).unwrap());
            for (key, value) in [
                ("feature", "log-spectrogram"),
                ("sample_rate_hz", "22050"),
                ("hop_length", "256"),
                ("top_db", "80"),
                ("value_range", "0..1"),
                ("program_version", env!("CARGO_PKG_VERSION")),
            ] {
                assert!(pairs.contains(&(key.to_owned(), value.to_owned())), "{key} in {pairs:?}");
            }
        }
    }

    #[test]
    fn the_same_model_is_the_same_bytes_and_a_person_s_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let request = request(folder.path());
        let first = fs::read(&run_silently(&request).unwrap().decoder).unwrap();
        let again = run_silently(&request).unwrap();
        assert!(fs::read(&again.decoder).unwrap() == first, "ours is replaced, by the same bytes");
        fs::write(&again.decoder, "a person's").unwrap();
        fs::remove_file(&again.encoder).unwrap();
        let error = run_silently(&request).unwrap_err().to_string();
        assert!(error.contains("decoder.onnx") && error.contains("another --onnx"), "{error}");
        assert!(!again.encoder.exists(), "nothing is written where one of both must not be");
        run_silently(&Request { replace: Replace::All, ..request }).unwrap();
        assert!(fs::read(&again.decoder).unwrap() == first);
    }
}
