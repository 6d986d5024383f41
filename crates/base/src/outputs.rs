//! Decides which files may be written: never an input, and no file that this program did not write.
//!
//! A command or job creates one [`Outputs`] from its inputs and from whether `--overwrite` was given,
//! [checks](Outputs::check) the planned files before it starts, and writes each through [`Outputs::write`].
//! Written files are recorded in a hidden list in the output folder (`provenance`), so that a command can be
//! repeated, while a file modified by the user since is protected.

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
    /// It is also an input.
    #[error("{}: is {what} and would be replaced; choose another {}", shown(path), asker.target())]
    Input {
        /// The output.
        path: PathBuf,
        /// Description of the input, with article.
        what: &'static str,
        /// Who chose the output.
        asker: Asker,
    },
    /// Another program wrote it, or it was changed.
    #[error(
        "{}: already exists and was not written by Timbrespace, or was changed since; choose another {}{}",
        shown(path),
        asker.target(),
        asker.or_overwrite()
    )]
    Foreign {
        /// The output.
        path: PathBuf,
        /// Who chose the output.
        asker: Asker,
    },
    /// A folder of that name exists.
    #[error("{}: is a folder; choose another name", shown(path))]
    Folder {
        /// The output.
        path: PathBuf,
    },
}

/// Which existing files may be replaced; inputs never are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// Those that this program wrote and that are unchanged since.
    #[default]
    Own,
    /// All, because the user asked for it.
    All,
}

impl Replace {
    /// `All` if `--overwrite` was given.
    pub fn by_flag(overwrite: bool) -> Self {
        if overwrite { Self::All } else { Self::Own }
    }
}

/// Who chose the output, for the advice in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asker {
    /// A command line with `--out`.
    #[default]
    CommandLine,
    /// A command line with this flag instead of `--out`.
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

/// Input files of one kind.
#[derive(Debug)]
struct Inputs {
    what: &'static str,
    files: Vec<PathBuf>,
}

/// The files that a command or job may write.
#[derive(Debug, Default)]
pub struct Outputs {
    replace: Replace,
    asker: Asker,
    inputs: Vec<Inputs>,
    /// Identities of all inputs; computed when the first output already exists.
    identities: Option<HashMap<Identity, &'static str>>,
    /// Lists of the output folders.
    folders: BTreeMap<PathBuf, Provenance>,
    keeps_no_list: bool,
}

impl Outputs {
    /// Outputs of work without inputs.
    pub fn new(replace: Replace) -> Self {
        Self { replace, ..Self::default() }
    }

    /// One file chosen in a dialog that confirms replacing.
    pub fn chosen() -> Self {
        Self { replace: Replace::All, asker: Asker::Window, keeps_no_list: true, ..Self::default() }
    }

    /// Several files in a folder chosen in the window; existing files are replaced only if this program wrote
    /// them.
    pub fn in_chosen_folder() -> Self {
        Self { asker: Asker::Window, ..Self::default() }
    }

    /// Names `flag` instead of `--out` in messages.
    #[must_use]
    pub fn named_by(mut self, flag: &'static str) -> Self {
        self.asker = Asker::Flag(flag);
        self
    }

    /// Adds input files or folders (with all files below); `what` describes one of them, for example `one of
    /// the recordings that are read`.
    #[must_use]
    pub fn reading(mut self, what: &'static str, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.identities = None;
        self.inputs.push(Inputs { what, files: files.into_iter().collect() });
        self
    }

    /// Checks all `planned` files before the first one is written.
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
            // Devices and pipes have no content to lose.
            let holds_data = metadata.is_ok_and(|metadata| metadata.is_file());
            if holds_data && self.replace == Replace::Own && !self.is_own(path) {
                return Err(OutputError::Foreign { path: path.to_owned(), asker: self.asker });
            }
        }
        Ok(())
    }

    /// Checks `path`, calls `write` and records the file as written by this program.
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

    /// Whether this program wrote the file at `path` and it is unchanged since.
    fn is_own(&mut self, path: &Path) -> bool {
        let (folder, name) = provenance::split(path);
        self.folder(folder).holds(name)
    }

    fn folder(&mut self, folder: &Path) -> &mut Provenance {
        self.folders.entry(folder.to_owned()).or_insert_with(|| Provenance::read(folder))
    }

    /// Fails if an existing output is also an input.
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

/// Identities of all existing inputs, with their descriptions.
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

/// Identity of a file: equal for all paths to it through symbolic links and hard links.
#[derive(Debug, PartialEq, Eq, Hash)]
#[cfg(unix)]
struct Identity(u64, u64);

#[cfg(unix)]
impl Identity {
    /// Identity of the file at `path`, or `None` if there is none.
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).ok().map(|metadata| Self(metadata.dev(), metadata.ino()))
    }
}

/// Identity of a file: equal for all paths to it through symbolic links.
#[derive(Debug, PartialEq, Eq, Hash)]
#[cfg(not(unix))]
struct Identity(PathBuf);

#[cfg(not(unix))]
impl Identity {
    /// Identity of the file at `path`, or `None` if there is none.
    fn of(path: &Path) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self)
    }
}

#[cfg(test)]
mod tests;
