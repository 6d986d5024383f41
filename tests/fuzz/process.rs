//! One run of the program under a limit of time and memory, and what is wrong with how it ended.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Address space of a run: what a machine of 4 GB has.
const MEMORY_BYTES: u64 = 4 << 30;

/// Time of a run on one damaged input.
pub const LIMIT: Duration = Duration::from_secs(20);

/// What must not happen, whatever the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A panic that a person sees.
    Panic,
    /// An end by a signal, as when memory runs out or the stack overflows.
    Abort,
    /// Not done in time.
    Hang,
    /// A NaN or an infinity in a result.
    NotFinite,
    /// An exit code that the program does not have.
    ExitCode,
}

/// A command line of the program.
#[derive(Clone, Debug)]
pub struct Line {
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

impl Line {
    pub fn new(program: &Path, arguments: &[&str]) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    /// As it is typed.
    pub fn typed(&self) -> String {
        let (limit, program) = (MEMORY_BYTES / 1024, self.program.display());
        format!("(ulimit -v {limit}; {program} {})", self.arguments.join(" "))
    }

    /// Runs in `folder`; standard output is kept in `folder/stdout`, errors in `folder/stderr`.
    pub fn run(&self, folder: &Path, limit: Duration) -> Ending {
        let [out, errors] = ["stdout", "stderr"].map(|name| folder.join(name));
        let mut command = Command::new("bash");
        command
            .arg("-c")
            .arg(format!("ulimit -v {}; ulimit -c 0; exec \"$0\" \"$@\"", MEMORY_BYTES / 1024))
            .arg(&self.program)
            .args(&self.arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&errors).unwrap());
        let mut child = command.spawn().unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if start.elapsed() > limit {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            thread::sleep(Duration::from_millis(2));
        };
        let errors = text(&errors);
        let fault = match status {
            _ if errors.contains("panicked at") => Some(Fault::Panic),
            None => Some(Fault::Hang),
            Some(status) => match status.code() {
                None | Some(128..) => Some(Fault::Abort),
                Some(101) => Some(Fault::Panic),
                Some(0..=2) => None,
                Some(_) => Some(Fault::ExitCode),
            },
        };
        Ending { fault, out: text(&out), errors }
    }
}

fn text(path: &Path) -> String {
    let mut bytes = Vec::new();
    // A run that floods its output is judged by the beginning.
    File::open(path).unwrap().take(16 << 20).read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How a run ended.
pub struct Ending {
    pub fault: Option<Fault>,
    pub out: String,
    pub errors: String,
}

impl Ending {
    /// A fault of the run, or a value in its results that is no number.
    pub fn judged(&self, results: &Path) -> Option<Fault> {
        let not_finite = || !results_are_finite(results) || says_nan(&self.out);
        self.fault.or_else(|| not_finite().then_some(Fault::NotFinite))
    }
}

/// Whether a figure among the results is no number: JSON has `null` for it. (Other fields are `null` where there is nothing.)
fn says_nan(out: &str) -> bool {
    ["reconstruction", "reconstruction_running", "kl", "mean_image", "pca"]
        .iter()
        .any(|figure| out.contains(&format!("\"{figure}\":null")))
}

/// Whether every array of numbers below `folder` is finite.
fn results_are_finite(folder: &Path) -> bool {
    walkdir::WalkDir::new(folder).into_iter().flatten().all(|entry| {
        let is_array = entry.path().extension().is_some_and(|extension| extension == "npy");
        if !is_array || !entry.file_type().is_file() {
            return true;
        }
        match ndarray_npy::read_npy::<_, ndarray::ArrayD<f32>>(entry.path()) {
            Ok(values) => values.iter().all(|value| value.is_finite()),
            // A replay's images are whole numbers, which are always finite.
            Err(error) => matches!(error, ndarray_npy::ReadNpyError::WrongDescriptor(_)),
        }
    })
}
