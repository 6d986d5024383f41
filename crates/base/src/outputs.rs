//! Which files may be written: never over an input, and over nothing that this program did not write.
//!
//! A command or job makes one [`Outputs`] from what it reads and from whether `--overwrite` was given, [checks](Outputs::check)
//! the files that it plans before it begins, and writes each through [`Outputs::write`]. What it wrote is kept in a hidden
//! list in the output's folder (`provenance`), so that the same command can be given again, and a file that a person has
//! changed since is the person's.

mod provenance;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

pub use provenance::FILE as LIST;
use provenance::Provenance;

use crate::names::shown;

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// It would be written over something that is read.
    #[error("{}: is {what} and would be replaced; choose another {}", shown(path), asker.target())]
    Input {
        /// The output.
        path: PathBuf,
        /// What it is, with its article.
        what: &'static str,
        /// Who can choose another.
        asker: Asker,
    },
    /// Something else wrote it.
    #[error(
        "{}: is there already and was not written by Timbrespace, or was changed since; choose another {}{}",
        shown(path),
        asker.target(),
        asker.or_overwrite()
    )]
    Foreign {
        /// The output.
        path: PathBuf,
        /// Who can choose another.
        asker: Asker,
    },
    /// There is a folder of that name.
    #[error("{}: is a folder; choose another name", shown(path))]
    Folder {
        /// The output.
        path: PathBuf,
    },
}

/// Which existing files may be replaced; inputs never are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// Those that this program wrote and nobody changed since.
    #[default]
    Own,
    /// All: the person said so for this very command or file.
    All,
}

impl Replace {
    /// `All` where `--overwrite` was given.
    pub fn by_flag(overwrite: bool) -> Self {
        if overwrite { Self::All } else { Self::Own }
    }
}

/// Who chose the output, for what a message advises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asker {
    /// A command line with `--out`.
    #[default]
    CommandLine,
    /// A command line with this flag instead.
    Flag(&'static str),
    /// The window.
    Window,
}

impl Asker {
    fn target(self) -> &'static str {
        match self {
            Self::CommandLine => "--out",
            Self::Flag(flag) => flag,
            Self::Window => "name or folder",
        }
    }

    fn or_overwrite(self) -> &'static str {
        match self {
            Self::CommandLine | Self::Flag(_) => ", or give --overwrite to replace it",
            Self::Window => "",
        }
    }
}

/// Files of one kind that are read.
#[derive(Debug)]
struct Inputs {
    what: &'static str,
    files: Vec<PathBuf>,
}

/// What one command or job may write.
#[derive(Debug, Default)]
pub struct Outputs {
    replace: Replace,
    asker: Asker,
    inputs: Vec<Inputs>,
    /// Of all inputs; made when the first output is there already.
    identities: Option<HashMap<Identity, &'static str>>,
    /// What is known of each folder of outputs.
    folders: BTreeMap<PathBuf, Provenance>,
    keeps_no_list: bool,
}

impl Outputs {
    /// Outputs of something that reads nothing.
    pub fn new(replace: Replace) -> Self {
        Self { replace, ..Self::default() }
    }

    /// One file that a person has just chosen to write, in a dialog that asks before it replaces one.
    pub fn chosen() -> Self {
        Self { replace: Replace::All, asker: Asker::Window, keeps_no_list: true, ..Self::default() }
    }

    /// Several files in a folder that a person has chosen in the window: existing files are replaced only where they are ours.
    pub fn in_chosen_folder() -> Self {
        Self { asker: Asker::Window, ..Self::default() }
    }

    /// The same outputs, named by `flag` and not by `--out`.
    #[must_use]
    pub fn named_by(mut self, flag: &'static str) -> Self {
        self.asker = Asker::Flag(flag);
        self
    }

    /// Adds files that are read; `what` names one of them, for example `one of the recordings that are read`. Folders stand
    /// for all files below them.
    #[must_use]
    pub fn reading(mut self, what: &'static str, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.identities = None;
        self.inputs.push(Inputs { what, files: files.into_iter().collect() });
        self
    }

    /// Looks at all `planned` files before the first one is written.
    ///
    /// # Errors
    /// Names the first file that must not be written.
    pub fn check(&mut self, planned: &[impl AsRef<Path>]) -> Result<(), OutputError> {
        let there: Vec<(&Path, Identity)> =
            planned.iter().map(AsRef::as_ref).filter_map(|path| Some((path, Identity::of(path)?))).collect();
        self.refuse_inputs(&there)?;
        for (path, _) in there {
            let metadata = fs::metadata(path);
            if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
                return Err(OutputError::Folder { path: path.to_owned() });
            }
            // A device or pipe holds nothing that could be lost.
            let holds_data = metadata.is_ok_and(|metadata| metadata.is_file());
            if holds_data && self.replace == Replace::Own && !self.is_own(path) {
                return Err(OutputError::Foreign { path: path.to_owned(), asker: self.asker });
            }
        }
        Ok(())
    }

    /// Checks `path`, has `write` write it, and keeps that it is ours.
    ///
    /// # Errors
    /// When `path` must not be written, or `write` fails.
    pub fn write<T, E: From<OutputError>>(
        &mut self,
        path: &Path,
        write: impl FnOnce(&Path) -> Result<T, E>,
    ) -> Result<T, E> {
        self.check(&[path])?;
        let written = write(path)?;
        if !self.keeps_no_list && path.metadata().is_ok_and(|metadata| metadata.is_file()) {
            let (folder, name) = provenance::split(path);
            self.folder(folder).add(name);
        }
        Ok(written)
    }

    /// Whether the file at `path` is one that this program wrote and nobody changed since.
    fn is_own(&mut self, path: &Path) -> bool {
        let (folder, name) = provenance::split(path);
        self.folder(folder).holds(name)
    }

    fn folder(&mut self, folder: &Path) -> &mut Provenance {
        self.folders.entry(folder.to_owned()).or_insert_with(|| Provenance::read(folder))
    }

    /// Compares the outputs that are `there` with everything that is read.
    fn refuse_inputs(&mut self, there: &[(&Path, Identity)]) -> Result<(), OutputError> {
        if there.is_empty() {
            return Ok(());
        }
        let inputs = self.identities.get_or_insert_with(|| identities(&self.inputs));
        for (path, identity) in there {
            if let Some(&what) = inputs.get(identity) {
                return Err(OutputError::Input { path: path.to_path_buf(), what, asker: self.asker });
            }
        }
        Ok(())
    }
}

/// Every input that is there, with what it is called.
fn identities(inputs: &[Inputs]) -> HashMap<Identity, &'static str> {
    let files = inputs.iter().flat_map(|inputs| inputs.files.iter().map(move |file| (file, inputs.what)));
    let files = files.flat_map(|(file, what)| files_of(file).into_iter().map(move |file| (file, what)));
    files.filter_map(|(file, what)| Some((Identity::of(&file)?, what))).collect()
}

/// A file, or all files below a folder.
fn files_of(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let files = walkdir::WalkDir::new(path).follow_links(true).into_iter().flatten();
    files.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

/// Two paths of one identity are one file, through symbolic links and, on Unix, hard links.
#[derive(Debug, PartialEq, Eq, Hash)]
#[cfg(unix)]
struct Identity(u64, u64);

#[cfg(unix)]
impl Identity {
    /// Of what is at `path`, or `None` where nothing is.
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).ok().map(|metadata| Self(metadata.dev(), metadata.ino()))
    }
}

/// Two paths of one identity are one file, through symbolic links.
#[derive(Debug, PartialEq, Eq, Hash)]
#[cfg(not(unix))]
struct Identity(PathBuf);

#[cfg(not(unix))]
impl Identity {
    /// Of what is at `path`, or `None` where nothing is.
    fn of(path: &Path) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self)
    }
}

#[cfg(test)]
mod tests;
