//! `detail.safetensors`: residuals of training images as half floats, with the vectors of their recordings.
//!
//! | tensor | type | shape | |
//! |---|---|---|---|
//! | `mu` | F32 | `[recordings, latent]` | where each recording lies |
//! | `residual` | F16 | `[recordings, bins, frames]` | its image (0..1) minus the model's own reconstruction of it |
//!
//! Its metadata says of which weights it is (`weights_sha256`, of the tensors as `model.safetensors` holds them), from how
//! many training recordings the kept ones were chosen (`of`), and what they are called (`names`, a JSON array). The file has
//! at most [`LIMIT`] bytes. It is read as a whole and stays in memory as it is: the residuals are never copied or widened.

use std::{borrow::Cow, collections::BTreeMap};

use ndarray::{Array2, ArrayRef2, ArrayRef3};
use safetensors::{Dtype, SafeTensors, tensor::TensorInfo};
use serde_json::json;

use timbrespace_analysis::explore::{
    detail::{HALF_BYTES, HalfImages, Residuals},
    neighbours::Neighbours,
};
use timbrespace_vae::config::VaeConfig;

/// Most bytes of the file.
pub const LIMIT: u64 = 256 << 20;
/// Most recordings: more would take longer to search than a slider may take.
const MOST_RECORDINGS: usize = 100_000;
/// Bytes of the length that a safetensors file begins with; the header is padded to as many.
const LENGTH_BYTES: usize = 8;
const SINGLE_BYTES: usize = size_of::<f32>();

const MU: &str = "mu";
const RESIDUAL: &str = "residual";
const FORMAT: &str = "format";
/// The format's name and version; another version is refused.
const FORMAT_1: &str = "timbrespace detail 1";
const WEIGHTS: &str = "weights_sha256";
const OF: &str = "of";
const NAMES: &str = "names";

/// Sizes that a model gives to its detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub latent: usize,
    pub bins: usize,
    pub frames: usize,
}

impl Shape {
    pub const fn of(model: &VaeConfig) -> Self {
        Self { latent: model.latent_size, bins: model.bins, frames: model.frames }
    }

    pub const fn pixels(self) -> usize {
        self.bins * self.frames
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// SHA-256 of the weights that the residuals are of.
    pub weights: String,
    /// Training recordings that the kept ones were chosen from.
    pub of: usize,
    /// Names of the kept ones.
    pub names: Vec<String>,
}

/// The bytes of a file under construction.
pub(super) struct Builder {
    bytes: Vec<u8>,
    shape: Shape,
    /// Where the vectors and the residuals of the next recording go.
    next: [usize; 2],
}

/// How many recordings fit into `limit` bytes.
pub(super) fn most_recordings(shape: Shape, limit: u64) -> usize {
    // Names and header: generous, so that the limit holds whatever they are.
    const NAME_BYTES: usize = 256;
    let bytes = shape.latent * SINGLE_BYTES + shape.pixels() * HALF_BYTES + NAME_BYTES;
    ((limit / bytes as u64) as usize).min(MOST_RECORDINGS)
}

impl Builder {
    /// A file for the recordings that `header` names.
    ///
    /// # Errors
    /// When they do not fit the limit, or memory is short.
    pub fn new(header: &Header, shape: Shape) -> Result<Self, String> {
        let count = header.names.len();
        let (vectors, images) = (count * shape.latent * SINGLE_BYTES, count * shape.pixels() * HALF_BYTES);
        let names = json!(header.names).to_string();
        let text = json!({
            "__metadata__": {
                FORMAT: FORMAT_1,
                WEIGHTS: header.weights,
                OF: header.of.to_string(),
                NAMES: names,
            },
            MU: {
                "dtype": "F32",
                "shape": [count, shape.latent],
                "data_offsets": [0, vectors],
            },
            RESIDUAL: {
                "dtype": "F16",
                "shape": [count, shape.bins, shape.frames],
                "data_offsets": [vectors, vectors + images],
            },
        });
        let mut text = text.to_string().into_bytes();
        text.resize(text.len().next_multiple_of(LENGTH_BYTES), b' ');
        let start = LENGTH_BYTES + text.len();
        let length = start + vectors + images;
        if length as u64 > LIMIT {
            return Err(format!(
                "detail of {count} recordings would take {length} bytes, of at most {LIMIT}"
            ));
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).map_err(|error| format!("no memory for {length} bytes: {error}"))?;
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text);
        bytes.resize(length, 0);
        Ok(Self { bytes, shape, next: [start, start + vectors] })
    }

    /// Adds recordings: their vectors `[recordings, latent]` and residuals `[recordings, bins, frames]`.
    ///
    /// # Errors
    /// When a value is not finite.
    pub fn add(&mut self, mu: &ArrayRef2<f32>, residuals: &ArrayRef3<f32>) -> Result<(), String> {
        if !mu.iter().chain(residuals.iter()).all(|value| value.is_finite()) {
            return Err("the model gives values that are not finite".to_owned());
        }
        let [vectors, images] = self.next;
        let singles = mu.iter().map(|value| value.to_le_bytes());
        write_at(&mut self.bytes, vectors, singles);
        let halves = residuals.iter().map(|value| half::f16::from_f32(*value).to_le_bytes());
        write_at(&mut self.bytes, images, halves);
        let count = mu.nrows();
        self.next = [
            vectors + count * self.shape.latent * SINGLE_BYTES,
            images + count * self.shape.pixels() * HALF_BYTES,
        ];
        Ok(())
    }

    /// The finished file.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Writes `values` one after the other from byte `start` on, as far as there is room.
fn write_at<const N: usize>(bytes: &mut [u8], start: usize, values: impl Iterator<Item = [u8; N]>) {
    let (room, _) = bytes.get_mut(start..).unwrap_or_default().as_chunks_mut::<N>();
    for (place, value) in room.iter_mut().zip(values) {
        *place = value;
    }
}

/// Reads a file.
///
/// # Errors
/// In words, when it is damaged, of another version, or of another model's shape; both sides are named.
pub(super) fn parse(bytes: Cow<'static, [u8]>, shape: Shape) -> Result<(Header, Residuals), String> {
    let damaged = |cause: &dyn std::fmt::Display| format!("the file is damaged ({cause})");
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| damaged(&error))?;
    let (length, metadata) = SafeTensors::read_metadata(&bytes).map_err(|error| damaged(&error))?;
    let header = header_of(metadata.metadata().as_ref().into_iter().flatten())?;
    let count = header.names.len();
    if count > MOST_RECORDINGS || header.of < count {
        return Err(damaged(&format!("{count} of {} recordings", header.of)));
    }
    let place = |name: &str, dtype: Dtype, expected: &[usize]| {
        let info = metadata.info(name).ok_or_else(|| damaged(&format!("it has no tensor `{name}`")))?;
        if info.dtype != dtype || info.shape != expected {
            let TensorInfo { dtype: found, shape, .. } = info;
            return Err(format!(
                "`{name}` is {found:?} {shape:?}, but this model needs {dtype:?} {expected:?}"
            ));
        }
        Ok(LENGTH_BYTES + length + info.data_offsets.0)
    };
    place(MU, Dtype::F32, &[count, shape.latent])?;
    let start = place(RESIDUAL, Dtype::F16, &[count, shape.bins, shape.frames])?;
    let mu = tensors.tensor(MU).map_err(|error| damaged(&error))?;
    let (words, _) = mu.data().as_chunks::<SINGLE_BYTES>();
    let mu: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
    if !mu.iter().all(|value| value.is_finite()) {
        return Err(damaged(&"`mu` holds values that are not finite"));
    }
    let mu = Array2::from_shape_vec((count, shape.latent), mu).map_err(|error| damaged(&error))?;
    drop(tensors);
    let images = HalfImages::new(bytes, start, count, shape.pixels())
        .ok_or_else(|| damaged(&"`residual` holds values that are not finite"))?;
    let residuals = Residuals::new(Neighbours::from(mu), images).ok_or_else(|| damaged(&"counts differ"))?;
    Ok((header, residuals))
}

/// Whether these bytes begin as such a file does, whatever model it is of.
pub(super) fn is_detail(bytes: &[u8]) -> bool {
    SafeTensors::read_metadata(bytes)
        .is_ok_and(|(_, metadata)| header_of(metadata.metadata().as_ref().into_iter().flatten()).is_ok())
}

fn header_of<'a>(entries: impl Iterator<Item = (&'a String, &'a String)>) -> Result<Header, String> {
    let entries: BTreeMap<&str, &str> = entries.map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let entry = |key: &str| {
        entries
            .get(key)
            .copied()
            .ok_or_else(|| format!("the file is not detail of a model (no `{key}` in it)"))
    };
    if entry(FORMAT)? != FORMAT_1 {
        return Err(format!(
            "its format is `{}`, but this version of the program reads `{FORMAT_1}`",
            entry(FORMAT)?
        ));
    }
    let no_sense =
        |key: &str, error: &dyn std::fmt::Display| format!("the file is damaged (`{key}`: {error})");
    Ok(Header {
        weights: entry(WEIGHTS)?.to_owned(),
        of: entry(OF)?.parse().map_err(|error: std::num::ParseIntError| no_sense(OF, &error))?,
        names: serde_json::from_str(entry(NAMES)?).map_err(|error| no_sense(NAMES, &error))?,
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, array};

    use super::*;
    use timbrespace_analysis::explore::detail::{ExactMatch, Mix};

    const SHAPE: Shape = Shape { latent: 2, bins: 2, frames: 1 };

    fn header() -> Header {
        Header {
            weights: "abc".to_owned(),
            of: 7,
            names: vec!["a/b.wav".to_owned(), "\"ü\n\".wav".to_owned()],
        }
    }

    fn file(residual: f32) -> Vec<u8> {
        let mut builder = Builder::new(&header(), SHAPE).unwrap();
        for (mu, residual) in [(array![[1.0, 2.0]], residual), (array![[3.0, -4.0]], 0.25)] {
            builder.add(&mu, &Array3::from_elem((1, 2, 1), residual)).unwrap();
        }
        builder.finish()
    }

    fn error_of(bytes: Vec<u8>, shape: Shape) -> String {
        parse(Cow::Owned(bytes), shape).unwrap_err()
    }

    #[test]
    fn what_was_written_is_read_and_other_programs_read_it_too() {
        let bytes = file(-0.125);
        let (read, residuals) = parse(Cow::Owned(bytes.clone()), SHAPE).unwrap();
        assert_eq!((read, residuals.len()), (header(), 2));
        assert_eq!(residuals.places().vectors(), array![[1.0, 2.0], [3.0, -4.0]]);
        let mut image = [0.5; 2];
        let mix = Mix { amount: 1.0, recordings: 1 };
        residuals.add_to(&mut image, &array![1.0, 1.5], mix, ExactMatch::Included);
        assert_eq!(image, [0.375; 2]);
        assert!(is_detail(&bytes) && bytes.len().is_multiple_of(8));
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(tensors.tensor(RESIDUAL).unwrap().shape(), [2, 2, 1]);
        assert_eq!(tensors.tensor(RESIDUAL).unwrap().dtype(), Dtype::F16);
    }

    #[test]
    fn damage_and_other_shapes_are_refused_in_words() {
        let bytes = file(0.5);
        for length in 0..bytes.len() {
            let message = error_of(bytes[..length].to_vec(), SHAPE);
            assert!(message.contains("damaged"), "{length}: {message}");
        }
        let message = error_of(bytes.clone(), Shape { frames: 3, ..SHAPE });
        assert!(message.contains("[2, 2, 1]") && message.contains("[2, 2, 3]"), "{message}");
        let message = error_of(bytes.clone(), Shape { latent: 5, ..SHAPE });
        assert!(message.contains("[2, 2]") && message.contains("[2, 5]"), "{message}");
        let mut infinite = bytes.clone();
        let last = infinite.len() - 2;
        infinite[last..].copy_from_slice(&half::f16::INFINITY.to_le_bytes());
        assert!(error_of(infinite, SHAPE).contains("not finite"));
        let text = String::from_utf8_lossy(&bytes).replace("detail 1", "detail 2");
        // The header's length is unchanged, but not what is no text behind it.
        let mut other = bytes;
        let header = text.find("__metadata__").unwrap();
        other[..header + 200].copy_from_slice(&text.as_bytes()[..header + 200]);
        assert!(error_of(other, SHAPE).contains("`timbrespace detail 2`"));
    }

    #[test]
    fn a_models_weights_are_no_detail() {
        let bytes = crate::runs::demo_model::open().unwrap().snapshot.to_safetensors().unwrap();
        assert!(!is_detail(&bytes));
        assert!(error_of(bytes, SHAPE).contains("no `format` in it"));
    }

    #[test]
    fn values_that_are_not_finite_are_never_written() {
        let mut builder = Builder::new(&header(), SHAPE).unwrap();
        let nan = Array3::from_elem((1, 2, 1), f32::NAN);
        assert!(builder.add(&array![[1.0, 2.0]], &nan).unwrap_err().contains("not finite"));
    }

    #[test]
    fn as_many_recordings_as_fit_keep_to_the_limit() {
        let shape = Shape { latent: 64, bins: 256, frames: 64 };
        let most = most_recordings(shape, LIMIT);
        assert_eq!(most, 8065);
        let of = most + 1;
        let names = |count| vec!["a name of some length.wav".to_owned(); count];
        let header = Header { weights: "0".repeat(64), of, names: names(most) };
        assert!(Builder::new(&header, shape).unwrap().finish().len() as u64 <= LIMIT);
        let more = Header { names: names(2 * most), ..header };
        assert!(Builder::new(&more, shape).is_err_and(|error| error.contains("at most 268435456")));
        assert_eq!(most_recordings(Shape { latent: 1, bins: 1, frames: 1 }, LIMIT), MOST_RECORDINGS);
    }
}
