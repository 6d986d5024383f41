//! Recordings in pieces in the window: the list follows the settings, and pieces are recordings.

use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    pipeline::{config::PreprocessingConfig, pieces::Cutting},
    session::{
        InspectionCommand, LibraryCommand, Session, SessionOptions, State,
        pieces::{NotCut, PiecesCommand},
        state::Source,
    },
};

use crate::waiting::wait_until;

/// A session on a folder of two recordings: of five tones, and of three.
struct Place {
    session: Session,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, count) in [("a.wav", 5), ("b.wav", 3)] {
            let tone =
                |_| (0..4096).map(|n| 0.4 * (n as f32 * 0.2).sin()).chain(std::iter::repeat_n(0.0, 8192));
            let clip = Clip::mono((0..count).flat_map(tone).collect(), 8000);
            std::fs::create_dir_all(folder.path().join("sounds")).unwrap();
            write_wav(&folder.path().join("sounds").join(name), &clip, BitDepth::Int16).unwrap();
        }
        let options = SessionOptions::without_devices(&folder.path().join("data"));
        let sounds = folder.path().join("sounds");
        let mut place = Self { session: Session::new(options).unwrap(), _folder: folder };
        place.session.apply(LibraryCommand::Open(sounds));
        place.until("the folder is open", |state| {
            state.library.recordings.len() == 2 && state.inspection.stages.is_some()
        });
        place
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    #[track_caller]
    fn until(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn cut(&mut self, at: Cutting) {
        let mut config: PreprocessingConfig = self.state().settings.preprocessing.clone();
        config.pieces.at = at;
        self.session.apply(InspectionCommand::SetPreprocessing(config));
    }
}

#[test]
fn the_list_follows_the_settings_there_and_back() {
    let mut place = Place::new();
    place.session.apply(LibraryCommand::Select(1));
    place.cut(Cutting::Silences);
    place.until("pieces are there", |state| state.library.recordings.len() == 8);
    let library = &place.state().library;
    assert_eq!(library.pieces.files.len(), 2);
    assert_eq!(library.pieces.files[0].recordings, 0..5);
    assert_eq!(library.recordings[5].name, "b.wav@0.000");
    // The file that was selected is shown with its pieces, and its first piece is selected.
    assert_eq!((library.pieces.shown, library.selected), (Some(1), Some(5)));
    assert!(library.pieces.files[0].is_folded && !library.pieces.files[1].is_folded);
    assert!(library.pieces.summary.starts_with("8 pieces of 2 files"), "{}", library.pieces.summary);
    place.until("the piece's stages", |state| state.inspection.stages.as_ref().is_some_and(|(n, _)| *n == 5));
    assert!((place.state().inspection.stages.as_ref().unwrap().1.native_duration_secs - 4.608).abs() < 1e-6);
    place.session.apply(LibraryCommand::Select(2));
    assert!(place.state().library.pieces.shown.is_none() && !place.state().library.pieces.files[0].is_folded);
    place.cut(Cutting::Length);
    place.until("other pieces", |state| state.library.recordings.iter().any(|one| one.name == "a.wav@1.480"));
    assert_eq!(place.state().library.pieces.shown, Some(0));
    place.cut(Cutting::Off);
    let library = &place.state().library;
    let names: Vec<&str> = library.recordings.iter().map(|recording| recording.name.as_str()).collect();
    assert_eq!((names, library.selected), (vec!["a.wav", "b.wav"], Some(0)));
    assert!(library.pieces.files.is_empty());
}

#[test]
fn cutting_that_was_cancelled_begins_again() {
    let mut place = Place::new();
    place.cut(Cutting::Silences);
    place.session.apply(LibraryCommand::Pieces(PiecesCommand::Cancel));
    let pieces = &place.state().library.pieces;
    assert_eq!((pieces.cutting, pieces.not_cut), (None, Some(NotCut::Cancelled)));
    place.session.apply(LibraryCommand::Pieces(PiecesCommand::Cut));
    place.until("pieces are there", |state| state.library.recordings.len() == 8);
    assert_eq!(place.state().library.pieces.not_cut, None);
}

#[test]
fn a_piece_is_heard_while_the_cut_stays_in_sight() {
    let mut place = Place::new();
    place.cut(Cutting::Silences);
    place.until("pieces are there", |state| state.library.recordings.len() == 8);
    place.session.apply(LibraryCommand::Pieces(PiecesCommand::Play(3, 0.0)));
    place.until("it sounds", |state| matches!(state.playback.playing, Some((Source::Recording(3), _))));
    let library = &place.state().library;
    assert_eq!((library.pieces.shown, library.selected), (Some(0), Some(3)));
    place.session.apply(LibraryCommand::Pieces(PiecesCommand::ShowFile(1)));
    place.session.apply(LibraryCommand::Pieces(PiecesCommand::Fold(1, true)));
    let library = &place.state().library;
    assert!(library.pieces.shown == Some(1) && library.pieces.files[1].is_folded);
}

#[test]
fn leaving_out_a_piece_or_its_whole_file_counts_in_pieces() {
    let mut place = Place::new();
    place.cut(Cutting::Silences);
    place.until("pieces are there", |state| state.library.recordings.len() == 8);
    place.session.apply(LibraryCommand::LeaveOut(vec!["a.wav@1.472".to_owned()]));
    assert_eq!(place.state().library.used(), 7);
    place.session.apply(LibraryCommand::LeaveOut(vec!["b.wav".to_owned()]));
    assert_eq!(place.state().library.used(), 4);
}
