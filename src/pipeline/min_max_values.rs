//! `min_max_values.pkl`: the extremes of every image, as the tutorial's Python keeps them.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use serde_pickle::{DeOptions, HashableValue, SerOptions, Value};

use super::{preprocessing::PipelineError, stages::MinMax};
use crate::atomic_file::{self, Durability};

/// The file's name in a preprocessed folder.
pub(super) const FILE_NAME: &str = "min_max_values.pkl";

/// What a pickle with the only key None is the trace of.
pub(super) const SLIP: &str = "holds one entry under the key None: the Python that wrote it returned no path from its save \
                               function, so every file overwrote the one before";

/// Plain floats, which Python prints as they are.
#[derive(serde::Serialize)]
struct PlainMinMax {
    min: f64,
    max: f64,
}

/// Writes `{key: {"min": float, "max": float}}`.
pub(super) fn write(path: &Path, values: &[(String, MinMax)]) -> Result<(), PipelineError> {
    let plain: BTreeMap<&str, PlainMinMax> = values
        .iter()
        .map(|(key, v)| (key.as_str(), PlainMinMax { min: v.min.into(), max: v.max.into() }))
        .collect();
    let bytes =
        serde_pickle::to_vec(&plain, SerOptions::new()).map_err(|error| PipelineError::write(path, error))?;
    atomic_file::write_bytes(path, Durability::Renamed, &bytes)
        .map_err(|error| PipelineError::write(path, error))
}

/// What a pickle says about images, found by exact key, by the path below `spectrograms/`, or by file name.
#[derive(Debug, Default)]
pub(super) struct MinMaxValues {
    exact: HashMap<String, MinMax>,
    below: HashMap<String, MinMax>,
    /// `None` where several keys end in one name.
    by_name: HashMap<String, Option<MinMax>>,
    /// The entry under the key `None`.
    nameless: Option<MinMax>,
}

impl MinMaxValues {
    /// Reads a pickle that Timbrespace or Python wrote; `None` when there is no such file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, PipelineError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PipelineError::read(path, error)),
        };
        // NumPy's scalars are calls of functions that only Python has: their arguments are kept instead.
        let options = DeOptions::new().replace_unresolved_globals().keep_restore_state();
        let value = serde_pickle::value_from_slice(&bytes, options).map_err(|error| {
            PipelineError::read(path, format!("it is no pickle that can be read: {error}"))
        })?;
        let Value::Dict(entries) = value else {
            return Err(PipelineError::read(path, "it holds no dictionary of file names"));
        };
        let mut values = Self::default();
        for (key, entry) in &entries {
            let min_max = min_max(entry)
                .ok_or_else(|| PipelineError::read(path, format!("the entry {key} lacks a min and a max")))?;
            values.insert(key, min_max);
        }
        Ok(Some(values))
    }

    fn insert(&mut self, key: &HashableValue, min_max: MinMax) {
        let HashableValue::String(key) = key else {
            self.nameless = Some(min_max);
            return;
        };
        let slashed = key.replace('\\', "/");
        for (start, folder) in slashed.match_indices("spectrograms/") {
            let below = slashed.get(start + folder.len()..).unwrap_or_default();
            self.below.insert(below.to_owned(), min_max);
        }
        let name = slashed.rsplit('/').next().unwrap_or(&slashed).to_owned();
        self.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(min_max));
        self.exact.insert(key.clone(), min_max);
    }

    /// The entry for the image at `path`, which lies at `below` under `spectrograms/`.
    pub(super) fn get(&self, path: &Path, below: &str) -> Option<MinMax> {
        let name = below.rsplit('/').next().unwrap_or(below);
        self.exact
            .get(path.to_string_lossy().as_ref())
            .or_else(|| self.below.get(below))
            .copied()
            .or_else(|| self.by_name.get(name).copied().flatten())
    }

    /// Every named entry, sorted by its key.
    pub(super) fn into_entries(self) -> Vec<(String, MinMax)> {
        let mut entries: Vec<_> = self.exact.into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
    }

    /// The only entry, under `None`, that a known slip in a widespread version of the tutorial's code leaves.
    pub(super) fn slip(&self) -> Option<MinMax> {
        self.nameless.filter(|_| self.exact.is_empty())
    }
}

fn min_max(entry: &Value) -> Option<MinMax> {
    let Value::Dict(fields) = entry else {
        return None;
    };
    let field = |name: &str| fields.get(&HashableValue::String(name.to_owned())).and_then(number);
    let (min, max) = (field("min")?, field("max")?);
    (min.is_finite() && max.is_finite()).then_some(MinMax { min, max })
}

/// A Python number, or the little-endian bytes among the arguments of a NumPy scalar.
fn number(value: &Value) -> Option<f32> {
    match value {
        Value::F64(number) => Some(*number as f32),
        Value::I64(number) => Some(*number as f32),
        Value::Bytes(bytes) => match bytes.as_slice() {
            [a, b, c, d] => Some(f32::from_le_bytes([*a, *b, *c, *d])),
            [a, b, c, d, e, f, g, h] => Some(f64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) as f32),
            _ => None,
        },
        Value::List(parts) | Value::Tuple(parts) => parts.iter().rev().find_map(number_in_arguments),
        _ => None,
    }
}

/// Only bytes count inside a call's arguments: its other numbers describe the type.
fn number_in_arguments(value: &Value) -> Option<f32> {
    match value {
        Value::Bytes(_) => number(value),
        Value::List(parts) | Value::Tuple(parts) => parts.iter().rev().find_map(number_in_arguments),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: MinMax = MinMax { min: -55.0, max: 25.0 };

    #[test]
    fn values_are_found_by_key_by_path_and_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let b = MinMax { min: -1.5, max: 0.25 };
        write(&path, &[("P/spectrograms/a/x.wav.npy".into(), A), ("P/spectrograms/b/x.wav.npy".into(), b)])
            .unwrap();
        let values = MinMaxValues::read(&path).unwrap().unwrap();
        assert_eq!(values.get(Path::new("P/spectrograms/b/x.wav.npy"), "b/x.wav.npy"), Some(b));
        assert_eq!(values.get(Path::new("/moved/spectrograms/a/x.wav.npy"), "a/x.wav.npy"), Some(A));
        assert_eq!(values.get(Path::new("x.wav.npy"), "x.wav.npy"), None, "two files bear this name");
        assert!(values.slip().is_none());
    }

    #[test]
    fn a_foreign_path_is_found_by_its_file_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        write(&path, &[(r"C:\data\out\x.wav.npy".into(), A)]).unwrap();
        let values = MinMaxValues::read(&path).unwrap().unwrap();
        assert_eq!(values.get(Path::new("here/spectrograms/x.wav.npy"), "x.wav.npy"), Some(A));
    }

    #[test]
    fn numpy_scalars_are_read_in_single_and_double_precision() {
        // pickle.dumps({"x.npy": {"min": numpy.float32(-55.0), "max": numpy.float64(25.0)}}, 4), NumPy 2.4.
        let bytes = include_bytes!("../../tests/vectors/numpy_scalars.pkl");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, bytes).unwrap();
        let values = MinMaxValues::read(&path).unwrap().unwrap();
        assert_eq!(values.get(Path::new("x.npy"), "x.npy"), Some(A));
    }

    #[test]
    fn the_known_slip_is_recognised_and_rubbish_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        // pickle.dumps({None: {"min": -55.0, "max": 25.0}}, 0)
        std::fs::write(&path, b"(dp0\nN(dp1\nVmin\np2\nF-55.0\nsVmax\np3\nF25.0\nss.").unwrap();
        assert_eq!(MinMaxValues::read(&path).unwrap().unwrap().slip(), Some(A));
        std::fs::write(&path, b"no pickle").unwrap();
        assert!(MinMaxValues::read(&path).unwrap_err().to_string().contains("min_max_values.pkl"));
        assert!(MinMaxValues::read(&folder.path().join("none")).unwrap().is_none());
    }
}
