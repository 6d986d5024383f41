//! Exports of the latent view: sounds and vectors.
//!
//! The command line's `morph`, `generate` and `encode` start from files; here everything is in memory already: the model in
//! use, the vectors that a person has found, the recordings that are encoded.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::Array2;

use crate::{
    JobContext, JobError,
    export::vector_files::{self, Labels, Map},
    files::write_array,
    latent::{decode::LatentDecoder, encoded_set::EncodedSet, path::LatentPath},
    morph::{self, Rendering},
};
use timbrespace_analysis::explore::layout::Layout;
use timbrespace_base::outputs::Outputs;
use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_generated},
    },
    dsp::resample::Resampler,
};

/// The name of the work in progress news.
pub const EXPORTING: &str = "exporting";

/// How sounds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WavFormat {
    /// How samples are stored.
    pub bits: BitDepth,
    /// Rate in Hz; `None` for the sound's own.
    pub rate_hz: Option<u32>,
}

impl WavFormat {
    /// Writes `clip`, which a model made, in this format.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(self, path: &Path, clip: &Clip) -> Result<(), JobError> {
        let own = clip.sample_rate_hz();
        match self.rate_hz.filter(|&rate| rate != own && rate > 0 && own > 0) {
            None => Ok(write_generated(path, clip, self.bits)?),
            Some(rate) => {
                let resampler = Resampler::new(own, rate);
                let channels = clip.channels().iter().map(|channel| resampler.resample(channel)).collect();
                Ok(write_generated(path, &Clip::from_channels(channels, rate), self.bits)?)
            }
        }
    }
}

/// Vectors to export as sounds.
#[derive(Clone, Debug)]
pub struct SoundsRequest {
    /// The vectors.
    pub latent_path: LatentPath,
    /// Folder for the sounds.
    pub folder: PathBuf,
    /// How sounds are written.
    pub format: WavFormat,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Seed of Griffin-Lim.
    pub seed: u64,
}

/// Sounds of the vectors as `000.wav` and so on, with `vectors.npy` and `vectors.csv`; how many.
///
/// # Errors
/// When the vectors are not the model's, the disk refuses, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn sounds(
    request: &SoundsRequest,
    decoder: &mut LatentDecoder,
    outputs: &mut Outputs,
    context: &JobContext<'_>,
) -> Result<usize, JobError> {
    let SoundsRequest { latent_path, folder, format, iterations, seed } = request;
    let total = latent_path.vectors.nrows();
    let names: Vec<String> = (0..total).map(|index| format!("{index:03}.wav")).collect();
    let [array, table] = ["vectors.npy", "vectors.csv"].map(|name| folder.join(name));
    let mut planned: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    planned.extend([array.clone(), table.clone()]);
    outputs.check(&planned)?;
    for (index, (vector, &range)) in latent_path.vectors.outer_iter().zip(&latent_path.ranges).enumerate() {
        context.check_stopped()?;
        let sound = decoder.decode(&vector.to_vec(), range, *iterations, *seed)?.sound;
        outputs.write(&planned[index], |path| format.write(path, &sound.clip))?;
        context.progress(EXPORTING, index + 1, total);
    }
    let rows = names.into_iter().map(|name| vec![name]).collect();
    let labels = Labels { columns: vec!["file".to_owned()], rows };
    outputs.write(&array, |path| write_array(path, &latent_path.vectors))?;
    outputs.write(&table, |path| vector_files::write_csv(path, &labels, &latent_path.vectors))?;
    Ok(total)
}

/// Vectors to export as one continuous sound.
#[derive(Clone, Debug)]
pub struct MorphRequest {
    /// The vectors.
    pub latent_path: LatentPath,
    /// The file.
    pub file: PathBuf,
    /// How the sound is written.
    pub format: WavFormat,
    /// How the vectors become one sound.
    pub rendering: Rendering,
}

/// The vectors as one continuous sound.
///
/// # Errors
/// As [`morph::render`], and when the disk refuses.
pub fn morph(
    request: &MorphRequest,
    decoder: &mut LatentDecoder,
    outputs: &mut Outputs,
    context: &JobContext<'_>,
) -> Result<(), JobError> {
    let MorphRequest { latent_path, file, format, rendering } = request;
    outputs.write(file, |file| {
        let morph = morph::render(decoder, latent_path, *rendering, context)?;
        format.write(file, &morph.sound.clip)
    })
}

/// The encoded recordings below `folder`: `vectors.npy` and `vectors.csv`, the map on show as `map.npy` and `map.csv`,
/// their two principal components as `projection.npy` and `projection.csv`, and the Embedding Projector's three files.
///
/// # Errors
/// When the disk refuses.
pub fn vectors(
    set: &EncodedSet,
    layout: &Layout,
    folder: &Path,
    outputs: &mut Outputs,
) -> Result<Vec<PathBuf>, JobError> {
    let row = |listed: &crate::latent::encoded_set::Listed| vec![listed.name.clone(), listed.class.clone()];
    let labels = Labels {
        columns: vec!["name".to_owned(), "class".to_owned()],
        rows: set.recordings.iter().map(row).collect(),
    };
    let vectors = set.vectors().vectors();
    let [arrays, table, map, list_file] =
        ["vectors.npy", "vectors.csv", "map.npy", "map.csv"].map(|name| folder.join(name));
    let mut planned = vec![arrays.clone(), table.clone(), map.clone(), list_file.clone()];
    planned.extend(vector_files::map_files(folder));
    planned.extend(vector_files::projector_files(folder));
    outputs.check(&planned)?;
    outputs.write(&arrays, |path| write_array(path, &vectors.to_owned()))?;
    outputs.write(&table, |path| vector_files::write_csv(path, &labels, vectors))?;
    let mut written = vec![arrays, table];
    written.extend(vector_files::write_map(folder, &labels, &Map::of(vectors), outputs)?);
    let places = Array2::from_shape_fn((layout.len(), 2), |(row, column)| layout.place(row)[column]);
    outputs.write(&map, |path| write_array(path, &places))?;
    written.push(map);
    let rows = (0..layout.len()).collect();
    let list =
        crate::export::map_list::List { set: Arc::new(set.clone()), layout: Arc::new(layout.clone()), rows };
    outputs.write(&list_file, |path| list.save(path))?;
    written.push(list_file);
    written.extend(vector_files::write_projector(folder, &labels, vectors, outputs)?);
    Ok(written)
}

#[cfg(test)]
mod tests {
    use ndarray_npy::ReadNpyExt as _;

    use super::*;
    use crate::{
        latent::encoded_set::Listed,
        runs::{bundle::Bundle, demo_model},
    };
    use timbrespace_analysis::explore::travel;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::{audio::decode, pipeline::stages::MinMax};

    fn straight_path(bundle: &Bundle, steps: usize) -> LatentPath {
        let size = bundle.config.model.latent_size;
        let (a, b) = (ndarray::Array1::zeros(size), ndarray::Array1::ones(size));
        let vectors = travel::rows(&travel::steps(&a, &b, steps, travel::Path::Linear)).unwrap();
        LatentPath { vectors, ranges: vec![bundle.config.dataset.median_min_max; steps] }
    }

    #[test]
    fn a_sequence_is_a_folder_of_sounds_with_its_vectors() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = Arc::new(demo_model::open().unwrap());
        let latent_path = straight_path(&bundle, 3);
        let format = WavFormat { bits: BitDepth::Int24, rate_hz: Some(44_100) };
        let interrupt = Interrupt::new();
        let context = JobContext::silent(&interrupt);
        let mut decoder = LatentDecoder::new(Arc::clone(&bundle)).unwrap();
        let request = SoundsRequest {
            latent_path: latent_path.clone(),
            folder: folder.path().to_owned(),
            format,
            iterations: 4,
            seed: 0,
        };
        let count = sounds(&request, &mut decoder, &mut Outputs::default(), &context).unwrap();
        assert_eq!(count, 3);
        let clip = decode::decode(&folder.path().join("002.wav")).unwrap();
        assert_eq!((clip.sample_rate_hz(), clip.len()), (44_100, 32_634));
        let kept =
            Array2::<f32>::read_npy(std::fs::File::open(folder.path().join("vectors.npy")).unwrap()).unwrap();
        assert_eq!(kept, latent_path.vectors);
        let table = std::fs::read_to_string(folder.path().join("vectors.csv")).unwrap();
        assert!(table.starts_with("file,z0,z1,") && table.lines().count() == 4, "{table}");
        let whole = folder.path().join("morph.wav");
        let rendering = Rendering { secs: Some(2.0), iterations: 4, seed: 0 };
        let own = WavFormat { bits: BitDepth::Float32, rate_hz: None };
        let request = MorphRequest { latent_path, file: whole.clone(), format: own, rendering };
        morph(&request, &mut decoder, &mut Outputs::default(), &context).unwrap();
        assert_eq!(decode::decode(&whole).unwrap().len(), 44_100, "two seconds at the model's own rate");
    }

    #[test]
    fn vectors_map_and_projector_files_have_one_row_a_recording() {
        let folder = tempfile::tempdir().unwrap();
        let vectors = Array2::from_shape_fn((5, 4), |(row, column)| (row * column) as f32);
        let listed = |index: usize| Listed {
            index,
            path: format!("{index}.wav").into(),
            name: format!("{index}.wav"),
            class: "bell".to_owned(),
        };
        let range = vec![MinMax { min: 0.0, max: 1.0 }; 5];
        let set = EncodedSet::of((0..5).map(listed).collect(), &vectors, range);
        let layout = Layout::by_pca(&set.principal, set.vectors());
        let written = super::vectors(&set, &layout, folder.path(), &mut Outputs::default()).unwrap();
        assert!(written.iter().all(|path| path.is_file()), "{written:?}");
        let lines = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap().lines().count();
        assert_eq!((lines("vectors.csv"), lines("map.csv")), (6, 6));
        assert_eq!((lines("vectors.tsv"), lines("metadata.tsv")), (5, 6));
    }
}
