//! Reads NumPy's `.npy` files: floating point in half, single and double precision, and the 16-bit images of a replay.
//!
//! A header is only a claim. It is checked against the file's length, with checked arithmetic, before anything of its
//! size is allocated, so a file never takes more memory than a small multiple of its own length.

mod header;

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use ndarray::{ArrayD, IxDyn, ShapeBuilder as _};

use header::{Header, HeaderError};
use timbrespace_base::{regular_file, sentence, sentence::Sentence};

/// Axes that an array may have, as many as in NumPy.
const MOST_AXES: usize = 32;
/// Bytes that a header may have; NumPy's own limit is 10,000 characters.
const MOST_HEADER_BYTES: u64 = 1 << 16;
/// Bytes of values that are read at a time.
const CHUNK_BYTES: usize = 1 << 13;
const MAGIC: &[u8] = b"\x93NUMPY";
/// How the small text begins that git-lfs leaves in place of a file.
pub(super) const LFS_POINTER: &[u8] = b"version https://git-lfs";

/// Why a file is no array that can be read.
#[derive(Debug, thiserror::Error)]
pub enum NpyError {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What git-lfs leaves where a file was not fetched.
    #[error("it is a git-lfs pointer, not the array itself; run `git lfs pull` where it came from")]
    LfsPointer,
    /// Not an array at all.
    #[error("it is no .npy file (these begin with \\x93NUMPY); write it with numpy.save")]
    NoArray,
    /// A header that makes no sense.
    #[error("its header is damaged ({0}); write it anew with numpy.save")]
    Header(#[from] HeaderError),
    /// Values of another kind.
    #[error("its values are of the kind {found}, but must be {expected}; convert it with NumPy's astype")]
    Kind {
        /// NumPy's name of the kind.
        found: String,
        /// What can be read.
        expected: &'static str,
    },
    /// More axes than NumPy allows.
    #[error("its header claims {0} axes, more than the {MOST_AXES} of NumPy; the file is damaged")]
    Axes(usize),
    /// More values than can be counted.
    #[error("its header claims the shape {0}, more values than any memory holds; the file is damaged")]
    TooLarge(String),
    /// The file's length and its header disagree.
    #[error(
        "its header claims the shape {shape}, which takes {claimed} bytes, but {actual} follow; it was cut short or damaged"
    )]
    Length {
        /// The shape as Python writes it.
        shape: String,
        /// Bytes that the shape takes.
        claimed: u64,
        /// Bytes behind the header.
        actual: u64,
    },
}

impl From<NpyError> for Sentence {
    fn from(error: NpyError) -> Self {
        let english = error.to_string();
        let parts = match error {
            NpyError::Io(_) => return english.into(),
            NpyError::LfsPointer => sentence!("npy-lfs-pointer", ""),
            NpyError::NoArray => sentence!("npy-no-array", ""),
            NpyError::Header(cause) => sentence!("npy-header", "", cause = cause),
            NpyError::Kind { found, expected } => {
                sentence!("npy-kind", "", found = found, expected = expected)
            }
            NpyError::Axes(axes) => sentence!("npy-axes", "", axes = axes, most = MOST_AXES),
            NpyError::TooLarge(shape) => sentence!("npy-too-large", "", shape = shape),
            NpyError::Length { shape, claimed, actual } => {
                sentence!("npy-length", "", shape = shape, claimed = claimed, actual = actual)
            }
        };
        parts.in_english(english)
    }
}

/// How a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Half,
    Single,
    Double,
    Unsigned16,
}

impl Kind {
    fn bytes(self) -> usize {
        match self {
            Self::Half | Self::Unsigned16 => 2,
            Self::Single => 4,
            Self::Double => 8,
        }
    }

    /// One little-endian value of [`Self::bytes`] bytes.
    fn value(self, bytes: &[u8]) -> f32 {
        match (self, bytes) {
            (Self::Half, &[a, b]) => half_to_single(u16::from_le_bytes([a, b])),
            (Self::Unsigned16, &[a, b]) => f32::from(u16::from_le_bytes([a, b])),
            (Self::Single, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Self::Double, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32,
            _ => f32::NAN,
        }
    }
}

/// The kinds that hold images, with their names in a header.
const FLOATS: &[(&str, Kind)] = &[("f2", Kind::Half), ("f4", Kind::Single), ("f8", Kind::Double)];

/// A half-precision number (IEEE 754 binary16) in single precision, exactly.
pub(super) fn half_to_single(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2.0_f32.powi(exponent - 25),
    }
}

/// Reads an array of floating-point numbers, in single precision whatever the file's is.
///
/// # Errors
/// When the file is no such array, or its header and its length disagree.
pub fn read(path: &Path) -> Result<ArrayD<f32>, NpyError> {
    read_kinds(path, FLOATS, "float16, float32 or float64")
}

/// Reads an array of 16-bit whole numbers.
///
/// # Errors
/// As [`read`].
pub fn read_u16(path: &Path) -> Result<ArrayD<u16>, NpyError> {
    let values = read_kinds(path, &[("u2", Kind::Unsigned16)], "uint16")?;
    Ok(values.mapv(|value| value as u16))
}

/// The shape of an array of floating-point numbers, without its values; the header is checked as in [`read`].
///
/// # Errors
/// As [`read`].
pub fn shape(path: &Path) -> Result<Vec<usize>, NpyError> {
    Ok(open(path, FLOATS, "float16, float32 or float64")?.1.header.shape)
}

/// A checked header.
struct Plan {
    header: Header,
    kind: Kind,
    count: usize,
}

fn read_kinds(path: &Path, kinds: &[(&str, Kind)], expected: &'static str) -> Result<ArrayD<f32>, NpyError> {
    let (mut file, Plan { header, kind, count }) = open(path, kinds, expected)?;
    let mut values = Vec::with_capacity(count);
    let mut chunk = [0_u8; CHUNK_BYTES];
    let mut left = count * kind.bytes();
    while left > 0 {
        let chunk = &mut chunk[..left.min(CHUNK_BYTES)];
        file.read_exact(chunk)?;
        left -= chunk.len();
        for value in chunk.chunks_exact_mut(kind.bytes()) {
            if header.big_endian {
                value.reverse();
            }
            values.push(kind.value(value));
        }
    }
    let text = header.shape_text();
    let shape = IxDyn(&header.shape).set_f(header.fortran_order);
    let array = ArrayD::from_shape_vec(shape, values);
    array.map_err(|error| HeaderError::new(format!("shape {text}: {error}")).into())
}

/// Opens a file whose values are of one of `kinds`, and reads it up to its values.
fn open(
    path: &Path,
    kinds: &[(&str, Kind)],
    expected: &'static str,
) -> Result<(BufReader<File>, Plan), NpyError> {
    let mut file = BufReader::new(regular_file::open_within(path, regular_file::ARRAY_LIMIT)?);
    let length = file.get_ref().metadata()?.len();
    let header = read_header(&mut file, length)?;
    let Some(&(_, kind)) = kinds.iter().find(|(name, _)| *name == header.kind) else {
        return Err(NpyError::Kind { found: header.kind, expected });
    };
    if header.shape.len() > MOST_AXES {
        return Err(NpyError::Axes(header.shape.len()));
    }
    let too_large = || NpyError::TooLarge(header.shape_text());
    let size = header.shape.iter().try_fold(kind.bytes(), |size, &axis| size.checked_mul(axis));
    // An axis of no elements hides how long the others are.
    let nonzero = header.shape.iter().filter(|axis| **axis > 0);
    let fits = nonzero.into_iter().try_fold(kind.bytes(), |size, &axis| size.checked_mul(axis));
    let claimed = size.zip(fits.filter(|size| isize::try_from(*size).is_ok())).ok_or_else(too_large)?.0;
    let actual = length.saturating_sub(file.stream_position()?);
    if actual != claimed as u64 {
        return Err(NpyError::Length { shape: header.shape_text(), claimed: claimed as u64, actual });
    }
    Ok((file, Plan { kind, count: claimed / kind.bytes(), header }))
}

fn read_header(file: &mut BufReader<File>, length: u64) -> Result<Header, NpyError> {
    let mut beginning = Vec::new();
    file.by_ref().take(LFS_POINTER.len() as u64).read_to_end(&mut beginning)?;
    if beginning == LFS_POINTER {
        return Err(NpyError::LfsPointer);
    }
    if !beginning.starts_with(MAGIC) {
        return Err(NpyError::NoArray);
    }
    let (major, short) = match beginning.get(MAGIC.len()..MAGIC.len() + 6) {
        Some(&[major, _minor, a, b, c, d]) => (major, [a, b, c, d]),
        _ => return Err(HeaderError::new("it ends before its length").into()),
    };
    let (start, claimed) = match (major, short) {
        (1, [a, b, ..]) => (MAGIC.len() as u64 + 4, u64::from(u16::from_le_bytes([a, b]))),
        (2 | 3, bytes) => (MAGIC.len() as u64 + 6, u64::from(u32::from_le_bytes(bytes))),
        _ => return Err(HeaderError::new(format!("version {major} is unknown")).into()),
    };
    if claimed > MOST_HEADER_BYTES || claimed > length.saturating_sub(start) {
        return Err(HeaderError::new(format!("it claims to be {claimed} bytes long")).into());
    }
    file.seek(SeekFrom::Start(start))?;
    let mut text = Vec::new();
    file.by_ref().take(claimed).read_to_end(&mut text)?;
    Ok(Header::parse(&String::from_utf8_lossy(&text))?)
}

#[cfg(test)]
mod tests;
