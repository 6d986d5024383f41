//! What commands export: numbers of stages, parts of sounds, figures, each as a file that others can read.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::{Array1, Array2, Array3, s};
use ndarray_npy::read_npy;
use timbrespace::{
    audio::{
        clip::Clip,
        decode,
        encode::{BitDepth, write_wav},
    },
    jobs::export::figures::{Figure, FigureFormat, StageArray},
    pipeline::stages::Stages,
    session::{
        Command, InspectionCommand, LibraryCommand, Session, SessionOptions, State, export::ExportCommand,
        state::Severity,
    },
};

use timbrespace_base::differences::largest_difference;

use crate::waiting::wait_until;

const RATE_HZ: u32 = 22_050;
/// A session that shows half a second of a tone.
struct Place {
    session: Session,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sample = |n: u16| 0.5 * (std::f32::consts::TAU * 440.0 * f32::from(n) / RATE_HZ as f32).sin();
        let clip = Clip::mono((0..11_025).map(sample).collect(), RATE_HZ);
        let sound = folder.path().join("tone.wav");
        write_wav(&sound, &clip, BitDepth::Float32).unwrap();
        let session = Session::new(SessionOptions::without_devices(&folder.path().join("data")));
        let mut place = Self { session: session.unwrap(), folder };
        place.session.apply(LibraryCommand::Open(sound));
        place.wait("stages", |state| state.inspection.stages.is_some());
        place
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn stages(&self) -> Arc<Stages> {
        self.session.state().inspection.stages.clone().unwrap().1
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Exports to `name` and waits until it is there.
    fn export(&mut self, name: &str, command: impl FnOnce(PathBuf) -> ExportCommand) -> PathBuf {
        let path = self.path(name);
        self.session.apply(Command::Export(command(path.clone())));
        let saved = format!("Saved {}", path.display());
        // A picture's notice tells its size, too.
        let is_told = |text: &str| {
            text.strip_prefix(&saved).is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
        };
        self.wait(&saved, |state| state.notices.iter().any(|notice| is_told(&notice.text())));
        path
    }
}

#[test]
fn every_stage_is_written_as_the_numbers_that_are_shown() {
    let mut place = Place::new();
    let stages = place.stages();
    let mut save = |stage: StageArray| {
        place.export(&format!("{}.npy", stage.word()), |path| ExportCommand::Stage(path, stage))
    };
    let one = |path: &Path| read_npy::<_, Array1<f32>>(path).unwrap().to_vec();
    let two = |path: &Path| read_npy::<_, Array2<f32>>(path).unwrap();
    assert_eq!(one(&save(StageArray::Loaded)), stages.signal);
    assert_eq!(one(&save(StageArray::Padded)), stages.padded);
    assert_eq!(two(&save(StageArray::Magnitude)), stages.magnitude);
    assert_eq!(two(&save(StageArray::Feature)), stages.feature);
    assert_eq!(two(&save(StageArray::Normalised)), stages.normalised);
    let stft: Array3<f32> = read_npy(save(StageArray::Stft)).unwrap();
    assert_eq!(stft.slice(s![0, .., ..]), stages.stft.mapv(|value| value.re));
    assert_eq!(stft.slice(s![1, .., ..]), stages.stft.mapv(|value| value.im));
}

#[test]
fn the_selection_is_written_as_sound_and_all_of_it_without_one() {
    let mut place = Place::new();
    let padded = place.stages().padded.clone();
    place.session.apply(InspectionCommand::SetSelection(Some((0.1, 0.3))));
    let clip = decode::decode(&place.export("part.wav", ExportCommand::Selection)).unwrap();
    let (from, to) = (2205, 6615);
    assert_eq!((clip.sample_rate_hz(), clip.channels()[0].len()), (RATE_HZ, to - from));
    let largest = largest_difference(&clip.channels()[0], &padded[from..to]);
    assert!(largest < 2.0 / (1 << 23) as f32, "24 bits: {largest}");
    place.session.apply(InspectionCommand::SetSelection(None));
    let clip = decode::decode(&place.export("all.wav", ExportCommand::Selection)).unwrap();
    assert_eq!(clip.channels()[0].len(), padded.len());
}

#[test]
fn several_exports_in_a_row_are_all_written_and_a_bad_folder_is_reported() {
    let mut place = Place::new();
    let svg: Arc<str> = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='4'/>".into();
    let figure = |format| Figure { svg: svg.clone(), format, scale: 2 };
    let paths = ["a.svg", "b.svg", "c.svg"].map(|name| place.path(name));
    for path in &paths {
        let command = ExportCommand::Figure(path.clone(), figure(FigureFormat::Svg));
        place.session.apply(Command::Export(command));
    }
    place.wait("three files", |_| paths.iter().all(|path| path.exists()));
    let picture = place.export("d.png", |path| ExportCommand::Figure(path, figure(FigureFormat::Png)));
    assert_eq!(image::open(picture).unwrap().to_rgb8().dimensions(), (16, 8));
    let notices = &place.session.state().notices;
    assert!(notices.iter().any(|notice| notice.text().ends_with("d.png: 16 × 8 pixels")), "{notices:?}");
    let bad = PathBuf::from("/dev/null/x.npy");
    let command = ExportCommand::Stage(bad.clone(), StageArray::Normalised);
    place.session.apply(Command::Export(command));
    let bad = bad.display().to_string();
    let is_told = |state: &State| {
        state.notices.iter().any(|notice| notice.severity == Severity::Error && notice.text().contains(&bad))
    };
    place.wait("an error that names the file", is_told);
}

/// `/sys` refuses files to everyone.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_reported_once_with_the_file_that_was_asked_for() {
    let mut place = Place::new();
    let bad = PathBuf::from("/sys/kernel/x.npy");
    place.session.apply(Command::Export(ExportCommand::Stage(bad, StageArray::Normalised)));
    place.wait("an error", |state| state.notices.iter().any(|notice| notice.severity == Severity::Error));
    let words = place.session.state().notices.last().unwrap().text();
    assert!(words.contains("/sys/kernel/x.npy") && !words.contains(".timbrespace-"), "{words}");
    assert_eq!(words.matches("permissions").count(), 1, "{words}");
    assert_eq!(words.matches("another").count(), 1, "{words}");
}

#[test]
fn saving_without_a_recording_asks_for_a_selection() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(SessionOptions::without_devices(&folder.path().join("data"))).unwrap();
    session.apply(Command::Export(ExportCommand::Selection(folder.path().join("x.wav"))));
    assert!(session.state().notices.iter().any(|notice| notice.text().contains("Select a recording first")));
    assert!(!folder.path().join("x.wav").exists());
}
