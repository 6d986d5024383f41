//! Some damaged files among sound ones, the command lines that read them, and the search for the one that is to blame.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::process::{Fault, LIMIT, Line};

/// A damaged file.
#[derive(Clone)]
pub struct Damaged {
    /// The number of the input, which is the seed of its damage.
    pub number: u64,
    /// Where it lies in the folder of the trial.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Damaged files and what is done with them.
pub struct Trial {
    /// What is damaged, for the count.
    pub kind: &'static str,
    /// Folders and files that are copied into the folder of the trial first.
    pub around: Vec<PathBuf>,
    pub damaged: Vec<Damaged>,
    /// Command lines, run one after the other in that folder.
    pub lines: Vec<Vec<&'static str>>,
}

/// What a trial found.
pub struct Finding {
    pub kind: &'static str,
    pub fault: Fault,
    /// The files that were needed for it, mostly one.
    pub damaged: Vec<Damaged>,
    pub line: Line,
    pub errors: String,
}

impl Trial {
    /// Every damaged file that brings about a fault; many that do so only together count as one.
    pub fn findings(&self, program: &Path) -> Vec<Finding> {
        self.search(program, &self.damaged)
    }

    fn search(&self, program: &Path, damaged: &[Damaged]) -> Vec<Finding> {
        let Some(finding) = self.run(program, damaged) else { return Vec::new() };
        if damaged.len() == 1 {
            return vec![finding];
        }
        let (one, other) = damaged.split_at(damaged.len() / 2);
        let mut found = self.search(program, one);
        found.extend(self.search(program, other));
        if found.is_empty() { vec![finding] } else { found }
    }

    /// The first fault of the command lines on these files.
    fn run(&self, program: &Path, damaged: &[Damaged]) -> Option<Finding> {
        let folder = tempfile::tempdir().unwrap();
        self.lay_out(folder.path(), damaged);
        // The time of one input, and more for a folder of them.
        let limit = LIMIT + Duration::from_millis(200) * (damaged.len() as u32 - 1);
        self.lines.iter().find_map(|words| {
            let line = Line::new(program, words);
            let ending = line.run(folder.path(), limit);
            let fault = ending.judged(&folder.path().join("out"))?;
            let errors = ending.errors.lines().take(40).collect::<Vec<_>>().join("\n");
            Some(Finding { kind: self.kind, fault, damaged: damaged.to_vec(), line, errors })
        })
    }

    fn lay_out(&self, folder: &Path, damaged: &[Damaged]) {
        for path in &self.around {
            copy(path, &folder.join(path.file_name().unwrap()));
        }
        for file in damaged {
            let path = folder.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // Never into a file that is linked to its seed.
            if path.exists() {
                fs::remove_file(&path).unwrap();
            }
            fs::write(&path, &file.bytes).unwrap();
        }
    }
}

impl Finding {
    /// Keeps the files, and the command line that brings it about, in a folder below `failures`.
    pub fn keep(&self, trial: &Trial, failures: &Path) {
        let name = format!("{:?}-{}-{}", self.fault, self.kind, self.damaged[0].number).to_lowercase();
        let folder = failures.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        trial.lay_out(&folder, &self.damaged);
        let paths: Vec<&str> = self.damaged.iter().map(|file| file.path.as_str()).collect();
        let text = format!(
            "cd '{}'\n{}\n\n# damaged: {}\n# {}\n",
            folder.display(),
            self.line.typed(),
            paths.join(" "),
            self.errors.replace('\n', "\n# ")
        );
        fs::write(folder.join("command"), text).unwrap();
    }
}

/// Copies a file or folder. Large files are linked: the program replaces files, and appends only to small ones.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        return;
    }
    let is_large = fs::metadata(from).unwrap().len() > 65_536;
    if !(is_large && fs::hard_link(from, to).is_ok()) {
        fs::copy(from, to).unwrap();
    }
}
