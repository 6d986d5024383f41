//! `min_max_values.pkl`: the extremes of every image, as the tutorial's Python keeps them.

mod python;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde_pickle::SerOptions;

use super::{
    error::PipelineError,
    npy,
    pickle::{self, Id, Pickle, Value},
    saver::FEATURES,
    stages::MinMax,
};
use python::Python;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::{self, shown},
    regular_file, sentence,
    sentence::Sentence,
};

/// The file's name in a preprocessed folder.
pub(super) const FILE_NAME: &str = "min_max_values.pkl";

/// Folder in which some programs put the file, beside the images.
pub(super) const FOLDER: &str = "min_max_values";
/// Entries without use that are named one by one.
const MOST_NAMED: usize = 5;
/// Fields of one entry; two are needed.
const MOST_FIELDS: usize = 16;
/// Bytes of all keys together. Keys may share their parts, so the file's own length does not bound them.
const MOST_KEY_BYTES: usize = pickle::MOST_BYTES as usize;
/// Folders called `spectrograms` that one key may have.
const MOST_FEATURE_FOLDERS: usize = 8;

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

/// The pickle of the preprocessed `folder`: in it, in a folder in it, or among the images.
pub(super) fn find(folder: &Path) -> PathBuf {
    let here = folder.join(FILE_NAME);
    if here.exists() {
        return here;
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join(FILE_NAME).is_file())
        .collect();
    folders.sort_by_key(|path| (!path.ends_with(FOLDER), !path.ends_with(FEATURES), path.clone()));
    folders.first().map_or(here, |folder| folder.join(FILE_NAME))
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
    /// Entries that could not be used, in words.
    pub notes: Vec<Sentence>,
}

impl MinMaxValues {
    /// Reads a pickle that Timbrespace or Python wrote; `None` when there is no such file. An entry without use is noted
    /// and left out.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, PipelineError> {
        Self::open(path).map_err(|cause| PipelineError::refused(path, cause))
    }

    /// [`Self::read`], whose error does not name the file.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, Sentence> {
        let Some(bytes) = read_bytes(path)? else {
            return Ok(None);
        };
        let pickle = Pickle::read(&bytes).map_err(|error| {
            sentence!("pickle-unreadable", "it is no pickle that can be read: {cause}", cause = error)
        })?;
        let python = Python(&pickle);
        let Some(entries) = python.entries(pickle.root()) else {
            return Err(sentence!("pickle-no-dictionary", "it holds no dictionary of file names"));
        };
        let mut values = Self::default();
        let (mut unused, mut named, mut key_bytes) = (0, Vec::new(), 0);
        for &(key, entry) in entries.iter() {
            match values.take(&python, key, entry) {
                Ok(bytes) => key_bytes += bytes,
                Err(cause) => {
                    unused += 1;
                    if unused <= MOST_NAMED {
                        named.push((python.describe(key), cause));
                    }
                }
            }
            if key_bytes > MOST_KEY_BYTES {
                return Err(sentence!(
                    "pickle-long-keys",
                    "its keys take more than {limit} together",
                    limit = regular_file::format_size(MOST_KEY_BYTES as u64)
                ));
            }
        }
        values.index();
        values.notes = notes(path, named, unused);
        Ok(Some(values))
    }

    /// Keeps one entry and returns the bytes of its key; the last one under a key counts, as in Python.
    fn take(&mut self, python: &Python<'_>, key: Id, entry: Id) -> Result<usize, Sentence> {
        let min_max = min_max(python, entry)?;
        if python.0.get(key) == &Value::None {
            self.nameless = Some(min_max);
            return Ok(0);
        }
        let key =
            python.text(key).ok_or_else(|| sentence!("pickle-entry-key", "its key is no path of a file"))?;
        let bytes = key.len();
        self.exact.insert(key, min_max);
        Ok(bytes)
    }

    /// Makes every entry known by its path below `spectrograms/` and by its name.
    fn index(&mut self) {
        let mut keys: Vec<(&String, MinMax)> = self.exact.iter().map(|(key, value)| (key, *value)).collect();
        keys.sort_by(|one, other| one.0.cmp(other.0));
        for (key, min_max) in keys {
            let slashed = key.replace('\\', "/");
            for (start, folder) in slashed.rmatch_indices("spectrograms/").take(MOST_FEATURE_FOLDERS) {
                let below = slashed.get(start + folder.len()..).unwrap_or_default();
                self.below.insert(below.to_owned(), min_max);
            }
            let name = slashed.rsplit('/').next().unwrap_or(&slashed).to_owned();
            self.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(min_max));
        }
    }

    /// The entry for the image at `path`, which lies at `below` under `spectrograms/`.
    pub(super) fn get(&self, path: &Path, below: &str) -> Option<MinMax> {
        let name = below.rsplit('/').next().unwrap_or(below);
        self.exact
            .get(names::text_of(path.as_os_str()).as_ref())
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

/// The bytes of a file of bounded length; `None` when there is none.
fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, Sentence> {
    match regular_file::read(path, pickle::MOST_BYTES) {
        Ok(bytes) if bytes.starts_with(npy::LFS_POINTER) => Err(sentence!(
            "pickle-lfs-pointer",
            "it is a git-lfs pointer, not the pickle itself; run `git lfs pull` where it came from"
        )),
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string().into()),
    }
}

/// Names the first entries without use and counts the others of all `unused`.
fn notes(path: &Path, named: Vec<(String, Sentence)>, unused: usize) -> Vec<Sentence> {
    let others = unused - named.len();
    let of_entry = |(entry, cause): (String, Sentence)| {
        let note = sentence!(
            "pickle-note-entry",
            "{path}: the entry {entry}: {cause}; it is left out",
            path = shown(&path),
            entry = entry,
            cause = cause
        );
        note.nesting("cause", cause)
    };
    let mut notes: Vec<Sentence> = named.into_iter().map(of_entry).collect();
    if others > 0 {
        notes.push(sentence!(
            "pickle-note-entries",
            "{path}: {count} more entries are left out for similar reasons",
            path = shown(&path),
            count = others
        ));
    }
    notes
}

/// The extremes of one entry, or what is wrong with it.
fn min_max(python: &Python<'_>, entry: Id) -> Result<MinMax, Sentence> {
    if python.len(entry) > MOST_FIELDS {
        return Err(sentence!("pickle-entry-large", "it holds far more than a min and a max"));
    }
    let fields = python
        .entries(entry)
        .ok_or_else(|| sentence!("pickle-entry-no-dictionary", "it is no dictionary of a min and a max"))?;
    let field = |name: &str| {
        let found = fields.iter().rev().find(|(key, _)| python.is_named(*key, name));
        let (_, value) =
            found.ok_or_else(|| sentence!("pickle-entry-without", "it has no {name}", name = name))?;
        python.number(*value).ok_or_else(|| {
            sentence!(
                "pickle-entry-no-number",
                "its {name} is {value}, not a number",
                name = name,
                value = python.describe(*value)
            )
        })
    };
    let (min, max) = (field("min")? as f32, field("max")? as f32);
    if !min.is_finite() || !max.is_finite() {
        return Err(sentence!(
            "pickle-entry-not-finite",
            "its minimum and maximum ({min}, {max}) are not finite",
            min = min,
            max = max
        ));
    }
    if min > max {
        return Err(sentence!(
            "pickle-entry-reversed",
            "its minimum ({min}) is above its maximum ({max})",
            min = min,
            max = max
        ));
    }
    Ok(MinMax { min, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: MinMax = MinMax { min: -55.0, max: 25.0 };

    /// The notes of `values` in English.
    fn english(values: MinMaxValues) -> Vec<String> {
        values.notes.into_iter().map(|note| note.to_string()).collect()
    }

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
        let bytes = include_bytes!("../../../../tests/vectors/numpy_scalars.pkl");
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

    /// What a pickle of `tests/vectors/pickles` says.
    fn vector(name: &str) -> MinMaxValues {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pickles");
        MinMaxValues::read(&folder.join(name)).unwrap().unwrap()
    }

    fn found(values: &MinMaxValues, name: &str) -> Option<MinMax> {
        values.get(&Path::new("here/spectrograms").join(name), name)
    }

    #[test]
    fn every_form_that_python_writes_is_read_in_every_protocol() {
        let plain = [MinMax { min: -50.0, max: 10.0 }, MinMax { min: -51.5, max: 11.25 }];
        let whole = [MinMax { min: -200.0, max: 40.0 }, MinMax { min: -206.0, max: 45.0 }];
        let forms = [
            ("plain", plain),
            ("whole_numbers", whole),
            ("float16", plain),
            ("float32", plain),
            ("float64", plain),
            ("big_endian", plain),
            ("array_of_one", plain),
            ("posix_paths", plain),
            ("windows_paths", plain),
            ("numpy_texts", plain),
            ("numpy_bytes", plain),
            ("bytes", plain),
            ("ordered_dict", plain),
            ("default_dict", plain),
            ("shared_entry", [plain[0]; 2]),
        ];
        for (form, expected) in forms {
            for protocol in 0..=5 {
                let values = vector(&format!("{form}.{protocol}.pkl"));
                let both = ["a.wav.npy", "b.wav.npy"].map(|name| found(&values, name));
                assert_eq!(both, expected.map(Some), "{form} in protocol {protocol}");
                assert!(values.notes.is_empty() && values.slip().is_none(), "{:?}", values.notes);
            }
        }
    }

    #[test]
    fn an_entry_without_use_costs_only_itself_and_is_named() {
        let b = MinMax { min: -50.0, max: 10.0 };
        for protocol in 0..=5 {
            for (form, cause) in [
                ("number_keys", "the entry 0: its key is no path"),
                ("one_nan", "a.wav.npy: its minimum and maximum (NaN, 1) are not finite"),
                ("one_complex", "a.wav.npy: its min is an object of"),
            ] {
                let values = vector(&format!("{form}.{protocol}.pkl"));
                assert_eq!((found(&values, "a.wav.npy"), found(&values, "b.wav.npy")), (None, Some(b)));
                assert_eq!(values.notes.len(), 1, "{:?}", values.notes);
                assert!(values.notes[0].to_string().contains(cause), "{form}: {}", values.notes[0]);
            }
        }
    }

    #[test]
    fn many_entries_without_use_are_counted() {
        let entry = |key: usize| format!("I{key}\n}}s");
        let pickle: String = std::iter::once("}".to_owned()).chain((2..22).map(entry)).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, pickle + ".").unwrap();
        let notes = english(MinMaxValues::read(&path).unwrap().unwrap());
        assert_eq!(notes.len(), 6, "{notes:?}");
        assert!(notes[0].contains("the entry 2: it has no min") && notes[5].contains("15 more"), "{notes:?}");
    }

    #[test]
    fn a_pickle_in_a_folder_beside_the_images_is_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(find(folder.path()), folder.path().join(FILE_NAME));
        for place in ["spectrograms", "min_max_values", "."] {
            std::fs::create_dir_all(folder.path().join(place)).unwrap();
            let path = folder.path().join(place).join(FILE_NAME);
            std::fs::write(&path, b"}.").unwrap();
            assert!(
                std::fs::canonicalize(find(folder.path())).unwrap() == std::fs::canonicalize(path).unwrap()
            );
        }
    }

    #[test]
    fn a_git_lfs_pointer_and_a_folder_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, "version https://git-lfs.github.com/spec/v1\n").unwrap();
        assert!(MinMaxValues::read(&path).unwrap_err().to_string().contains("git lfs pull"));
        assert!(MinMaxValues::read(folder.path()).unwrap_err().to_string().contains("a folder"));
    }

    /// What reading these bytes says, and how many seconds it takes.
    fn read(bytes: &[u8]) -> Result<MinMaxValues, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, bytes).unwrap();
        MinMaxValues::read(&path).map(Option::unwrap).map_err(|error| error.to_string())
    }

    /// `BINUNICODE` with its length.
    fn text(text: &str) -> Vec<u8> {
        [b"X".as_slice(), &u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
    }

    #[test]
    fn a_path_of_shared_parts_is_not_joined_beyond_its_limit() {
        // {PurePosixPath(part, part, ...): {"min": 1, "max": 2}} with one part of 60,000 letters, 1,000 times.
        let mut pickle = b"}cpathlib\nPurePosixPath\n(".to_vec();
        let entry = [text("min"), b"K\x01".to_vec(), text("max"), b"K\x02".to_vec()].concat();
        pickle.extend([text(&"a".repeat(60_000)), b"q\0".to_vec(), b"h\0".repeat(999)].concat());
        pickle.extend([b"tR}(".to_vec(), entry, b"us.".to_vec()].concat());
        let notes = english(read(&pickle).unwrap());
        assert!(notes[0].contains("its key is no path of a file"), "{notes:?}");
    }

    #[test]
    fn shared_entries_and_arguments_are_not_copied_for_each_of_their_uses() {
        // One dictionary of 200,000 fields, used as the entry of 200,000 keys.
        let mut pickle = b"}}q\0(".to_vec();
        pickle.extend(
            (0..200_000_u32).flat_map(|key| [b"J".as_slice(), &key.to_le_bytes(), b"K\x01"].concat()),
        );
        pickle.extend(b"u0(");
        pickle
            .extend((0..200_000_u32).flat_map(|key| [b"J".as_slice(), &key.to_le_bytes(), b"h\0"].concat()));
        pickle.extend(b"u.");
        let notes = english(read(&pickle).unwrap());
        assert!(notes[0].contains("far more than a min and a max"), "{notes:?}");
        assert_eq!(notes.len(), MOST_NAMED + 1);
        // OrderedDict(pairs, pairs, ...): only the last argument holds entries.
        let mut pickle = b"ccollections\nOrderedDict\n(](".to_vec();
        pickle.extend(b"K\x01K\x02\x86".repeat(10_000));
        pickle.extend(b"eq\0");
        pickle.extend(b"h\0".repeat(100_000));
        pickle.extend(b"tR.");
        assert_eq!(read(&pickle).unwrap().notes.len(), MOST_NAMED + 1);
    }

    #[test]
    fn more_classes_than_a_table_needs_are_refused() {
        let pickle = [b"}".to_vec(), b"cbuiltins\ndict\n0".repeat(10_001), b".".to_vec()].concat();
        assert!(read(&pickle).unwrap_err().contains("names of classes"));
    }
}
