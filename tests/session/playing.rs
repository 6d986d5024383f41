//! The latent space as an instrument, without a window: modes, MIDI, microphone, what is recorded.

use std::{path::PathBuf, sync::Arc};

use timbrespace::{
    audio::{
        clip::Clip,
        decode, demo,
        encode::{BitDepth, write_wav},
    },
    playback::{
        microphone::ScriptedMicrophone,
        midi::{SCRIPTED_PORT, ScriptedMidi},
        test_backend::{TestBackend, TestDevice},
    },
    session::{
        Command, Instruments, LatentCommand, Session, SessionOptions, State,
        playing::{PlayMode, PlayingCommand, PlayingSettings},
        space::SpaceCommand,
        state::{Settings, Source, View},
    },
};

use timbrespace_base::differences::{largest, largest_difference};

use crate::waiting::wait_until;

const RATE_HZ: u32 = 22_050;

struct Stage {
    session: Session,
    device: TestDevice,
    midi: ScriptedMidi,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let sound = demo::sounds().find(|sound| sound.class == "bell").unwrap();
        Self::with(
            Settings { volume: 1.0, ..Settings::default() },
            Ok(sound.clip),
            tempfile::tempdir().unwrap(),
        )
    }

    fn with(settings: Settings, heard: Result<Clip, String>, folder: tempfile::TempDir) -> Self {
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        device.offer(&["built-in", "headphones"]);
        let midi = ScriptedMidi::default();
        let instruments =
            Instruments { midi: Box::new(midi.clone()), microphone: Box::new(ScriptedMicrophone { heard }) };
        let session = Session::new(SessionOptions {
            backend: Box::new(backend),
            instruments,
            settings,
            ..SessionOptions::without_devices(&folder.path().join("data"))
        });
        let mut stage = Self { session: session.unwrap(), device, midi, folder };
        stage.session.apply(Command::Show(View::Latent));
        stage.wait("decoded sound", |state| state.latent.decoded.is_some());
        stage
    }

    fn play(&mut self, command: PlayingCommand) {
        self.session.apply(Command::Playing(command));
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn loudest(&self, frames: usize) -> f32 {
        largest(self.device.pull(frames).iter().map(|sample| sample.abs()))
    }

    fn recordings(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("data/recordings");
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[test]
fn hold_sounds_while_it_is_held_one_shot_once_and_loop_for_ever() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::SetMode(PlayMode::Hold));
    stage.play(PlayingCommand::Press);
    stage.device.pull(60_000);
    assert!(stage.loudest(16_000) > 1e-3, "three times its length, and still there");
    stage.play(PlayingCommand::Release);
    stage.device.pull(1000);
    assert_eq!(stage.loudest(16_000), 0.0);
    // A new vector makes no sound while nothing is held.
    stage.session.apply(SpaceCommand::Sample);
    let generation = stage.state().latent.generation;
    stage.wait("sound", |state| state.latent.generation > generation);
    assert_eq!(stage.loudest(16_000), 0.0);
    stage.play(PlayingCommand::SetMode(PlayMode::OneShot));
    stage.play(PlayingCommand::Press);
    assert!(stage.loudest(16_000) > 1e-3);
    stage.device.pull(16_000);
    assert_eq!(stage.loudest(16_000), 0.0);
    stage.play(PlayingCommand::SetMode(PlayMode::Loop));
    assert!(stage.state().latent.looping);
    stage.device.pull(40_000);
    assert!(stage.loudest(16_000) > 1e-3);
    stage.session.apply(LatentCommand::SetLooping(false));
    assert_eq!(stage.state().settings.playing.mode, PlayMode::OneShot);
}

#[test]
fn a_midi_key_plays_as_hard_as_it_is_struck_and_ends_in_hold_mode() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::AskMidi);
    assert_eq!(stage.state().playing.midi_ports, [SCRIPTED_PORT]);
    stage.play(PlayingCommand::ConnectMidi(Some(SCRIPTED_PORT.to_owned())));
    assert_eq!(stage.midi.listeners(), 1);
    stage.play(PlayingCommand::SetMode(PlayMode::Hold));
    stage.midi.say(&[0x90, 60, 127]);
    let hard = stage.loudest(16_000);
    stage.midi.say(&[0x80, 60, 0]);
    stage.device.pull(1000);
    assert_eq!(stage.loudest(8000), 0.0);
    stage.midi.say(&[0x90, 62, 32]);
    let soft = stage.loudest(16_000);
    assert!((soft / hard - 32.0 / 127.0).abs() < 0.01, "{soft} {hard}");
    // The first key's end does not end the second's sound.
    stage.midi.say(&[0x80, 60, 0]);
    assert!(stage.loudest(16_000) > 1e-3);
    stage.session.poll();
    assert_eq!(stage.state().playing.midi_said, Some("note 60 off".into()));
    stage.play(PlayingCommand::ConnectMidi(None));
    assert_eq!(stage.midi.listeners(), 0);
    stage.play(PlayingCommand::ConnectMidi(Some("gone".to_owned())));
    assert!(stage.state().notices.last().unwrap().text().contains("gone"));
}

#[test]
fn a_knob_moves_the_axis_it_was_taught_through_its_whole_range() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::ConnectMidi(Some(SCRIPTED_PORT.to_owned())));
    stage.midi.say(&[0xb0, 20, 64]);
    stage.session.poll();
    let before = stage.state().latent.vector.clone();
    stage.play(PlayingCommand::Learn(Some(2)));
    stage.midi.say(&[0xb0, 20, 0]);
    stage.session.poll();
    assert_eq!(stage.state().playing.learning, None);
    let axis = stage.state().latent.axes[2].clone();
    let (low, high) = axis.range();
    let at = |stage: &Stage| axis.coordinate(&stage.state().latent.vector);
    assert!((at(&stage) - low).abs() < 1e-3);
    stage.midi.say(&[0xb0, 20, 127]);
    stage.session.poll();
    assert!((at(&stage) - high).abs() < 1e-3);
    // One gesture is one step to undo.
    stage.session.apply(Command::Undo);
    assert_eq!(stage.state().latent.vector, before);
    stage.play(PlayingCommand::ForgetControls(2));
    stage.midi.say(&[0xb0, 20, 0]);
    stage.session.poll();
    assert_eq!(stage.state().latent.vector, before);
}

#[test]
fn keys_nudge_the_first_axes_or_those_they_were_given() {
    let mut stage = Stage::new();
    let axes = Arc::clone(&stage.state().latent.axes);
    let before = stage.state().latent.vector.clone();
    stage.play(PlayingCommand::Nudge(0, 0.1));
    let (low, high) = axes[0].range();
    let moved = axes[0].coordinate(&stage.state().latent.vector) - axes[0].coordinate(&before);
    assert!((moved - 0.1 * (high - low)).abs() < 1e-3);
    stage.play(PlayingCommand::SetKeys(0, 5));
    let now = stage.state().latent.vector.clone();
    stage.play(PlayingCommand::Nudge(0, -0.1));
    assert!(axes[5].coordinate(&stage.state().latent.vector) < axes[5].coordinate(&now));
    assert_eq!(axes[0].coordinate(&stage.state().latent.vector), axes[0].coordinate(&now));
}

#[test]
fn the_output_is_recorded_as_it_is_heard() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::SetRecording(true));
    assert_eq!(stage.state().playing.recording_secs, Some(0.0));
    stage.play(PlayingCommand::Press);
    let heard = stage.device.pull(20_000);
    stage.play(PlayingCommand::SetRecording(false));
    stage.wait("file", |state| state.playing.recording_secs.is_none());
    let files = stage.recordings();
    assert_eq!(files.len(), 1);
    let clip = decode::decode(&files[0]).unwrap();
    assert_eq!(clip.len(), 20_000);
    let difference = largest_difference(&clip.channels()[0], &heard);
    assert!(difference < 1e-6, "{difference}");
    assert!(stage.state().notices.last().unwrap().text().contains("session 001.wav"));
    // The device goes away in the middle: what there was is kept, and that is said.
    stage.play(PlayingCommand::SetRecording(true));
    stage.play(PlayingCommand::Press);
    stage.device.pull(5000);
    stage.device.disconnect("unplugged");
    stage.wait("file", |state| state.playing.recording_secs.is_none());
    assert_eq!(decode::decode(&stage.recordings()[1]).unwrap().len(), 5000);
    assert!(stage.state().notices.last().unwrap().text().contains("ended with the sound device"));
}

#[test]
fn a_recording_that_was_cut_off_is_repaired_and_kept_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let recordings = folder.path().join("data/recordings");
    let whole = recordings.join("whole.wav");
    let clip = Clip::mono(vec![0.25; 2 * RATE_HZ as usize], RATE_HZ);
    write_wav(&whole, &clip, BitDepth::Int24).unwrap();
    // As kill -9 leaves it: a hidden name, and no sizes in the header.
    let mut bytes = std::fs::read(&whole).unwrap();
    bytes[4..8].fill(0);
    bytes[64..68].fill(0);
    std::fs::remove_file(&whole).unwrap();
    std::fs::write(recordings.join(".timbrespace-3Rl60I"), &bytes).unwrap();
    std::fs::write(recordings.join(".timbrespace-nosnd0"), "").unwrap();
    let mut stage = Stage::with(Settings::default(), Err("none".to_owned()), folder);
    stage.wait("recording", |state| state.notices.iter().any(|notice| notice.text().contains("cut off")));
    let notice = stage.state().notices.iter().find(|notice| notice.text().contains("cut off")).unwrap();
    assert!(notice.text().contains("2.0 s") && notice.file.is_some(), "{notice:?}");
    let files = stage.recordings();
    assert_eq!(files.len(), 1, "what holds no sound is removed: {files:?}");
    assert!(files[0].ends_with("session 001.wav"));
    assert_eq!(hound::WavReader::open(&files[0]).unwrap().duration(), 2 * RATE_HZ);
}

#[test]
fn a_folder_that_takes_no_recording_can_be_left_for_another() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/recordings"), "a file").unwrap();
    let heard = Ok(Clip::mono(vec![0.25; RATE_HZ as usize], RATE_HZ));
    let mut stage = Stage::with(Settings::default(), heard, folder);
    stage.play(PlayingCommand::SetTake(true));
    stage.play(PlayingCommand::SetTake(false));
    stage.wait("refusal", |state| state.playing.is_folder_refused);
    let other = stage.folder.path().join("elsewhere");
    stage.play(PlayingCommand::ChooseFolder(other.clone()));
    assert!(!stage.state().playing.is_folder_refused);
    stage.wait("take", |state| state.latent.original.is_some());
    assert_eq!(decode::decode(&other.join("own 001.wav")).unwrap().len(), RATE_HZ as usize);
    stage.play(PlayingCommand::SetRecording(true));
    stage.device.pull(4000);
    stage.play(PlayingCommand::SetRecording(false));
    stage.wait("file", |state| state.playing.recording_secs.is_none());
    assert!(other.join("session 001.wav").is_file());
}

#[test]
fn a_take_of_the_microphone_is_kept_encoded_and_stands_on_the_map() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::SetTake(true));
    assert!(stage.state().playing.take.is_some());
    stage.play(PlayingCommand::SetTake(false));
    stage.wait("original", |state| state.latent.original.is_some());
    assert_eq!(stage.state().latent.origin.words(), "own 001.wav");
    assert_eq!(stage.state().space.guests.len(), 1);
    assert_eq!(stage.recordings().len(), 1);
    // Thrown away: nothing is written.
    stage.play(PlayingCommand::SetTake(true));
    stage.play(PlayingCommand::CancelTake);
    assert_eq!(stage.state().playing.take, None);
    assert_eq!(stage.recordings().len(), 1);
}

#[test]
fn a_take_is_written_while_the_window_closes() {
    let length = 60 * RATE_HZ as usize;
    let samples = (0..length).map(|n| (n as f32 * 0.05).sin() * 0.3).collect();
    let heard = Ok(Clip::mono(samples, RATE_HZ));
    let mut stage = Stage::with(Settings::default(), heard, tempfile::tempdir().unwrap());
    stage.play(PlayingCommand::SetTake(true));
    stage.play(PlayingCommand::SetTake(false));
    let Stage { session, folder, .. } = stage;
    drop(session);
    let written = folder.path().join("data/recordings/own 001.wav");
    assert_eq!(decode::decode(&written).unwrap().len(), length);
}

#[test]
fn a_microphone_that_fails_says_why() {
    let heard = Err("No microphone was found: connect one".to_owned());
    let mut stage = Stage::with(Settings::default(), heard, tempfile::tempdir().unwrap());
    stage.play(PlayingCommand::SetTake(true));
    stage.wait("error", |state| state.notices.iter().any(|notice| notice.text().contains("connect one")));
    assert_eq!(stage.state().playing.take, None);
}

#[test]
fn matched_sounds_are_equally_loud_and_devices_are_remembered() {
    let mut stage = Stage::new();
    stage.play(PlayingCommand::AskDevices);
    stage.session.poll();
    assert_eq!(stage.state().playing.devices.len(), 2);
    stage.play(PlayingCommand::ChooseDevice(Some("headphones".to_owned())));
    stage.play(PlayingCommand::SetMatched(true));
    stage.play(PlayingCommand::Press);
    assert!(matches!(stage.state().playback.playing, Some((Source::Decoded, _))));
    let decoded = stage.state().latent.decoded.clone().unwrap();
    let samples = &decoded.clip.channels()[0];
    let peak = largest(samples.iter().map(|sample| sample.abs()));
    let heard: Vec<f32> = stage.device.pull(samples.len());
    let (mut before, mut after, mut count) = (0.0, 0.0, 0);
    for (&sample, &original) in heard.iter().zip(samples) {
        if original.abs() > peak * 1e-3 {
            before += original * original;
            after += sample * sample;
            count += 1;
        }
    }
    let [before, after] = [before, after].map(|sum| (sum / count as f32).sqrt());
    // An RMS of 0.1, as far as the peak stays below 0.99 and nothing is lifted more than 16 times.
    let gain = (0.1 / before).min(0.99 / peak).min(16.0);
    assert!(gain > 1.5, "matching must change something to be seen: {gain}");
    assert!((after / (before * gain) - 1.0).abs() < 0.05, "{before} to {after}, not by {gain}");
    // The next start remembers the devices and reports one that is gone.
    let settings = stage.state().settings.clone();
    let expected = PlayingSettings {
        device: Some("headphones".to_owned()),
        matched: true,
        ..PlayingSettings::default()
    };
    assert_eq!(settings.playing, expected);
    let mut gone = settings;
    gone.playing.device = Some("stage box".to_owned());
    let mut stage = Stage::with(gone, Err(String::new()), tempfile::tempdir().unwrap());
    stage.wait("notice", |state| state.notices.iter().any(|notice| notice.text().contains("stage box")));
}
