//! The image files of a data set: found, measured, read and checked, each for itself.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use ndarray::{Array2, Array3, ArrayView2, Axis, Ix2};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::{
    audio::folder::Skipped,
    pipeline::{error::PipelineError, memory::check_size, npy, stages::MinMax},
};
use timbrespace_base::{sentence, sentence::Sentence};

/// How far values may lie outside the normalised range, as a part of its span: rounding in half precision is less.
const RANGE_TOLERANCE: f32 = 1e-3;

/// How much of the images is read when a data set is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The sizes in the files' headers.
    Sizes,
    /// Reads and checks every value, keeps none.
    Checked,
    /// All values are kept.
    Kept,
}

/// What became of the files of a data set.
#[derive(Default)]
pub(super) struct Found {
    /// Files that can be used, relative to the features' folder.
    pub files: Vec<PathBuf>,
    /// The others, with their causes.
    pub unreadable: Vec<Skipped>,
    /// `[files, bins, frames]`, or `[0, bins, frames]` where images are not kept.
    pub images: Array3<f32>,
}

/// What is wrong with one image.
struct Fault {
    cause: Sentence,
    /// Smallest and largest value, where these are the fault.
    range: Option<MinMax>,
}

impl Fault {
    fn new(cause: impl Into<Sentence>) -> Self {
        Self { cause: cause.into(), range: None }
    }
}

/// The size of the images of a data set, with the files that have it.
pub(super) struct Sized {
    pub shape: (usize, usize),
    files: Vec<PathBuf>,
    unreadable: Vec<Skipped>,
}

/// Reads the headers of `files`. The data set's size is `expected`, or the most frequent one.
///
/// # Errors
/// When no file has that size; the first one's cause is named.
pub(super) fn sized(
    features: &Path,
    files: Vec<PathBuf>,
    expected: Option<(usize, usize)>,
) -> Result<Sized, PipelineError> {
    if files.is_empty() {
        let cause = sentence!("images-none", "there is no .npy file in it; preprocess the recordings first");
        return Err(PipelineError::refused(features, cause));
    }
    let sizes: Vec<Result<(usize, usize), Sentence>> =
        files.par_iter().map(|file| size_of_image(&features.join(file))).collect();
    let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
    for size in sizes.iter().flatten() {
        *counts.entry(*size).or_default() += 1;
    }
    // Of equally frequent sizes the first one's.
    let known = || sizes.iter().flatten().copied();
    let shape = expected.or_else(|| known().rev().max_by_key(|size| counts.get(size)));
    let mut sized = Sized { shape: shape.unwrap_or_default(), files: Vec::new(), unreadable: Vec::new() };
    for (file, size) in files.into_iter().zip(sizes) {
        match size {
            Ok(size) if size == sized.shape => sized.files.push(file),
            Ok(size) => {
                let cause = other_size(size, sized.shape);
                sized.unreadable.push(Skipped { path: features.join(file), cause: cause.into() });
            }
            Err(cause) => {
                sized.unreadable.push(Skipped { path: features.join(file), cause: cause.into() });
            }
        }
    }
    match sized.unreadable.first() {
        Some(first) if sized.files.is_empty() => Err(PipelineError::unusable(first)),
        _ => Ok(sized),
    }
}

/// Reads the images as far as `reading` says; those with a fault are left out.
///
/// # Errors
/// When no image can be used, most lie outside `range`, or they do not fit into memory.
pub(super) fn read(
    features: &Path,
    sized: Sized,
    range: MinMax,
    reading: Reading,
) -> Result<Found, PipelineError> {
    let Sized { shape: (bins, frames), files, unreadable } = sized;
    let mut found = Found { files, unreadable, images: Array3::zeros((0, bins, frames)) };
    let faults: Vec<Option<Fault>> = match reading {
        Reading::Sizes => return Ok(found),
        Reading::Checked => {
            let check = |file: &PathBuf| checked((bins, frames), range, &features.join(file)).err();
            found.files.par_iter().map(check).collect()
        }
        Reading::Kept => {
            check_size(found.files.len(), bins, frames)?;
            found.images = Array3::zeros((found.files.len(), bins, frames));
            let rows: Vec<_> = found.images.outer_iter_mut().collect();
            let keep = |(mut row, file): (ndarray::ArrayViewMut2<'_, f32>, &PathBuf)| {
                checked((bins, frames), range, &features.join(file)).map(|image| row.assign(&image)).err()
            };
            rows.into_par_iter().zip(&found.files).map(keep).collect()
        }
    };
    refuse_other_range(features, &faults, range)?;
    leave_out(features, &mut found, faults);
    match found.unreadable.first() {
        Some(first) if found.files.is_empty() => Err(PipelineError::unusable(first)),
        _ => Ok(found),
    }
}

/// Takes away the images with a fault; images and files stay aligned.
fn leave_out(features: &Path, found: &mut Found, faults: Vec<Option<Fault>>) {
    let good: Vec<usize> =
        faults.iter().enumerate().filter(|(_, fault)| fault.is_none()).map(|(index, _)| index).collect();
    if good.len() == faults.len() {
        return;
    }
    keep_images(&mut found.images, &good);
    let files = std::mem::take(&mut found.files);
    for (file, fault) in files.into_iter().zip(faults) {
        match fault {
            None => found.files.push(file),
            Some(fault) => {
                found.unreadable.push(Skipped { path: features.join(file), cause: fault.cause.into() });
            }
        }
    }
}

/// Keeps the images `good`, which are sorted, in the memory of all.
fn keep_images(images: &mut Array3<f32>, good: &[usize]) {
    if images.is_empty() {
        return;
    }
    let (_, bins, frames) = images.dim();
    let pixels = bins * frames;
    let (mut values, _) = std::mem::take(images).into_raw_vec_and_offset();
    for (to, from) in good.iter().enumerate() {
        values.copy_within(from * pixels..(from + 1) * pixels, to * pixels);
    }
    values.truncate(good.len() * pixels);
    *images = Array3::from_shape_vec((good.len(), bins, frames), values).unwrap_or_default();
}

/// Most images outside the range are no damage: they were never normalised, or to another range.
fn refuse_other_range(features: &Path, faults: &[Option<Fault>], range: MinMax) -> Result<(), PipelineError> {
    let outside: Vec<MinMax> = faults.iter().flatten().filter_map(|fault| fault.range).collect();
    if outside.len() * 2 <= faults.len() {
        return Ok(());
    }
    let min = outside.iter().map(|range| range.min).fold(f32::INFINITY, f32::min);
    let max = outside.iter().map(|range| range.max).fold(f32::NEG_INFINITY, f32::max);
    let cause = sentence!(
        "images-other-range",
        "{count} of {all} images hold values outside {low} to {high}, from {min} to {max}: they are not normalised, or to \
         another range. Normalise each image, (x - min) / (max - min), as the tutorial's Python does, preprocess the \
         recordings again, or train with the range that they have (--min and --max)",
        count = outside.len(),
        all = faults.len(),
        low = range.min,
        high = range.max,
        min = min,
        max = max
    );
    Err(PipelineError::refused(features, cause))
}

/// One image whose size and values are those of its data set.
fn checked(shape: (usize, usize), range: MinMax, path: &Path) -> Result<Array2<f32>, Fault> {
    let image = image_of(path).map_err(Fault::new)?;
    fits(shape, &image.view()).map_err(Fault::new)?;
    let min = image.iter().copied().fold(f32::INFINITY, f32::min);
    let max = image.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let tolerance = (range.max - range.min) * RANGE_TOLERANCE;
    if min < range.min - tolerance || max > range.max + tolerance {
        let cause = sentence!(
            "image-other-range",
            "its values lie between {min} and {max}, not between {low} and {high}; normalise it, or preprocess this \
             recording again",
            min = min,
            max = max,
            low = range.min,
            high = range.max
        );
        return Err(Fault { cause, range: Some(MinMax { min, max }) });
    }
    Ok(image)
}

/// Refuses an image of another size, or with values that are no numbers.
fn fits(shape: (usize, usize), image: &ArrayView2<'_, f32>) -> Result<(), Sentence> {
    if image.dim() != shape {
        return Err(other_size(image.dim(), shape));
    }
    if image.iter().any(|value| !value.is_finite()) {
        return Err(sentence!(
            "image-not-finite",
            "it holds NaN or infinity; preprocess this recording again"
        ));
    }
    Ok(())
}

fn other_size((other_bins, other_frames): (usize, usize), (bins, frames): (usize, usize)) -> Sentence {
    sentence!(
        "image-other-size",
        "it is {size}, but others are {sizes}; preprocess all recordings with the same settings",
        size = format!("{other_bins} x {other_frames}"),
        sizes = format!("{bins} x {frames}")
    )
}

/// The `.npy` files below `features`, relative to it, sorted.
pub(in crate::pipeline) fn feature_files(features: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(features) {
        let entry = entry.map_err(|error| PipelineError::read(features, error))?;
        let hidden = entry.file_name().as_encoded_bytes().first() == Some(&b'.');
        if entry.file_type().is_file() && !hidden && entry.path().extension().is_some_and(|e| e == "npy") {
            files.push(entry.path().strip_prefix(features).unwrap_or(entry.path()).to_path_buf());
        }
    }
    // The order of the recordings, whose names lack `.npy`.
    files.sort_by_cached_key(|file| file.with_extension(""));
    Ok(files)
}

/// [`read_image`] of a data set whose images are `bins` × `frames`.
///
/// # Errors
/// When the file cannot be read, or holds an image of another size or values that are no numbers.
pub fn read_image_of(shape: (usize, usize), path: &Path) -> Result<Array2<f32>, PipelineError> {
    let image = read_image(path)?;
    fits(shape, &image.view()).map_err(|cause| PipelineError::refused(path, cause))?;
    Ok(image)
}

/// Reads one image, `[bins, frames]`: float16, float32 or float64, in either memory order, with or without an axis for
/// one channel, as Timbrespace and Python write them.
///
/// # Errors
/// When the file cannot be read or holds no image.
pub fn read_image(path: &Path) -> Result<Array2<f32>, PipelineError> {
    image_of(path).map_err(|cause| PipelineError::refused(path, cause))
}

fn image_of(path: &Path) -> Result<Array2<f32>, Sentence> {
    let array = npy::read(path)?;
    size_of_shape(array.shape())?;
    let array = match *array.shape() {
        [_, _, 1] => array.index_axis_move(Axis(2), 0),
        [1, _, _] => array.index_axis_move(Axis(0), 0),
        _ => array,
    };
    array.into_dimensionality::<Ix2>().map_err(|error| error.to_string().into())
}

/// `(bins, frames)` by the header of a file.
fn size_of_image(path: &Path) -> Result<(usize, usize), Sentence> {
    size_of_shape(&npy::shape(path)?)
}

/// `(bins, frames)` of an array that is an image, with or without an axis for one channel.
fn size_of_shape(shape: &[usize]) -> Result<(usize, usize), Sentence> {
    match *shape {
        [bins, frames] | [bins, frames, 1] | [1, bins, frames] if bins * frames > 0 => Ok((bins, frames)),
        _ => Err(sentence!(
            "image-no-image",
            "its shape is {shape}, but an image has [bins, frames]",
            shape = format!("{shape:?}")
        )),
    }
}
