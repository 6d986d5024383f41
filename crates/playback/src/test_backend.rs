//! A sound device for tests: it advances on demand and keeps every sample.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    backend::{Backend, BackendEvent, MixerFactory, OutputDevice, PlaybackError, StreamFormat, StreamInfo},
    mixer::Mixer,
};

/// Name of the initial device.
pub const TEST_DEVICE: &str = "test device";

/// State shared by backend and handle.
struct Inner {
    format: StreamFormat,
    mixer: Option<Mixer>,
    events: Vec<BackendEvent>,
    /// If set, opening fails with this cause.
    refusal: Option<String>,
    played: Vec<f32>,
    times_opened: usize,
    chosen: Option<String>,
    /// Names of the available devices, the default one first.
    names: Vec<String>,
}

/// The test's handle to the device; clones share the device.
#[derive(Clone)]
pub struct TestDevice {
    inner: Arc<Mutex<Inner>>,
}

/// The player's handle to the device.
pub struct TestBackend {
    device: TestDevice,
}

impl TestBackend {
    /// A device with this rate and number of channels.
    pub fn new(sample_rate_hz: u32, channels: usize) -> Self {
        let inner = Inner {
            format: StreamFormat { sample_rate_hz, channels },
            mixer: None,
            events: Vec::new(),
            refusal: None,
            played: Vec::new(),
            times_opened: 0,
            chosen: None,
            names: vec![TEST_DEVICE.to_owned()],
        };
        let device = TestDevice { inner: Arc::new(Mutex::new(inner)) };
        Self { device }
    }

    /// The test's handle; to be taken before the backend moves into the player.
    pub fn device(&self) -> TestDevice {
        self.device.clone()
    }
}

impl TestDevice {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays `frames` frames and returns them, interleaved; silence if no device is open.
    pub fn pull(&self, frames: usize) -> Vec<f32> {
        let mut inner = self.inner();
        let mut out = vec![0.0; frames * inner.format.channels];
        if let Some(mixer) = &mut inner.mixer {
            mixer.fill(&mut out);
        }
        inner.played.extend_from_slice(&out);
        out
    }

    /// As [`Self::pull`], for a duration.
    pub fn pull_secs(&self, seconds: f64) -> Vec<f32> {
        let rate = f64::from(self.inner().format.sample_rate_hz);
        self.pull((seconds * rate).round() as usize)
    }

    /// All samples played so far, interleaved.
    pub fn played(&self) -> Vec<f32> {
        self.inner().played.clone()
    }

    /// Clears the record of played samples.
    pub fn clear(&self) {
        self.inner().played.clear();
    }

    /// Disconnects the device: the player's next poll reports it, and opening fails until [`Self::connect`].
    pub fn disconnect(&self, cause: &str) {
        let mut inner = self.inner();
        inner.mixer = None;
        inner.refusal = Some(cause.to_owned());
        let error = PlaybackError::NoDevice { cause: cause.to_owned() };
        inner.events.push(BackendEvent::Failed(error));
    }

    /// Connects a device with this rate and number of channels.
    pub fn connect(&self, sample_rate_hz: u32, channels: usize) {
        let mut inner = self.inner();
        inner.refusal = None;
        inner.format = StreamFormat { sample_rate_hz, channels };
    }

    /// Sets the available devices, the default one first.
    pub fn offer(&self, names: &[&str]) {
        self.inner().names = names.iter().map(|&name| name.to_owned()).collect();
    }

    /// Number of times a device was opened.
    pub fn times_opened(&self) -> usize {
        self.inner().times_opened
    }
}

impl Backend for TestBackend {
    fn open(&mut self, make_mixer: MixerFactory) {
        let mut inner = self.device.inner();
        let event = if let Some(cause) = inner.refusal.clone() {
            BackendEvent::Failed(PlaybackError::NoDevice { cause })
        } else {
            inner.mixer = Some(make_mixer(inner.format));
            inner.times_opened += 1;
            let wanted = inner.chosen.clone();
            let found = wanted.clone().filter(|wanted| inner.names.contains(wanted));
            let name = found.clone().or_else(|| inner.names.first().cloned()).unwrap_or_default();
            let instead_of = wanted.filter(|_| found.is_none());
            BackendEvent::Opened(StreamInfo { name, format: inner.format, instead_of })
        };
        inner.events.push(event);
    }

    fn poll(&mut self) -> Option<BackendEvent> {
        let mut inner = self.device.inner();
        (!inner.events.is_empty()).then(|| inner.events.remove(0))
    }

    fn close(&mut self) {
        self.device.inner().mixer = None;
    }

    fn choose(&mut self, device: Option<String>) {
        self.device.inner().chosen = device;
    }

    fn request_devices(&mut self) {
        let mut inner = self.device.inner();
        let devices = inner.names.iter().enumerate();
        let devices = devices
            .map(|(index, name)| OutputDevice { name: name.clone(), is_default: index == 0 })
            .collect();
        inner.events.push(BackendEvent::Devices(devices));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::{DeviceStatus, Player};
    use timbrespace_signal::audio::clip::Clip;

    const RATE: u32 = 48_000;

    fn player(channels: usize) -> (Player, TestDevice) {
        let backend = TestBackend::new(RATE, channels);
        let device = backend.device();
        (Player::new(Box::new(backend)), device)
    }

    fn tone(hz: f32, seconds: f32) -> Clip {
        let len = (seconds * RATE as f32) as usize;
        let step = hz * std::f32::consts::TAU / RATE as f32;
        Clip::mono((0..len).map(|i| 0.5 * (i as f32 * step).sin()).collect(), RATE)
    }

    fn largest_jump(samples: &[f32]) -> f32 {
        timbrespace_base::differences::largest_difference(&samples[1..], &samples[..samples.len() - 1])
    }

    #[test]
    fn a_clip_arrives_sample_for_sample_and_ends_in_silence() {
        let (mut player, device) = player(2);
        let clip = tone(440.0, 0.5);
        player.play(7, &clip, false);
        let out = device.pull_secs(0.6);
        for channel in 0..2 {
            let heard: Vec<f32> = out.iter().skip(channel).step_by(2).copied().collect();
            assert_eq!(heard[48..23_760], clip.channels()[0][48..23_760]);
            assert!(heard[24_000..].iter().all(|&sample| sample == 0.0));
        }
        player.poll();
        assert_eq!(player.position(), None);
    }

    #[test]
    fn the_position_counts_the_frames_that_were_played() {
        let (mut player, device) = player(1);
        assert_eq!(player.position(), None);
        player.play(7, &tone(440.0, 1.0), false);
        assert_eq!(player.position(), Some((7, 0.0)), "asked for, not yet heard");
        device.pull(12_000);
        player.poll();
        assert_eq!(player.position(), Some((7, 0.25)));
        player.stop();
        assert_eq!(player.position(), None);
    }

    #[test]
    fn a_loop_that_is_replaced_while_it_plays_never_clicks_or_pauses() {
        let (mut player, device) = player(1);
        player.play(1, &tone(440.0, 0.74), true);
        for drag in 0..200 {
            device.pull(800);
            player.poll();
            player.replace(1, &tone(440.0 + drag as f32, 0.74), true);
        }
        let out = device.played();
        // 640 Hz at 0.5 climbs by at most 0.042 a sample; two of them cross with at most sqrt(2), and a fade adds its slope.
        assert!(largest_jump(&out) < 0.042 * 1.42 + 0.01, "{}", largest_jump(&out));
        let quietest = out[480..]
            .chunks(120)
            .map(|part| timbrespace_base::differences::largest(part.iter().map(|s| s.abs())));
        assert!(quietest.fold(1.0, f32::min) > 0.1, "no gap");
        let position = player.position().unwrap().1;
        assert!(position < 0.74, "{position}");
    }

    #[test]
    fn a_replacement_keeps_the_position() {
        let (mut player, device) = player(1);
        player.play(1, &tone(440.0, 1.0), true);
        device.pull(24_000);
        player.replace(2, &tone(880.0, 1.0), true);
        device.pull(4800);
        assert_eq!(player.position(), Some((2, 0.6)));
    }

    #[test]
    fn stopping_fades_out_within_milliseconds() {
        let (mut player, device) = player(1);
        player.play(1, &tone(440.0, 1.0), true);
        device.pull(10_000);
        player.stop();
        let out = device.pull(1000);
        assert!(largest_jump(&device.played()) < 0.035);
        assert!(out[250..].iter().all(|&sample| sample == 0.0));
    }

    #[test]
    fn muting_is_silence_and_unmuting_brings_the_volume_back() {
        let (mut player, device) = player(1);
        player.set_volume(0.5);
        player.play(1, &Clip::mono(vec![0.5; 480_000], RATE), true);
        assert_eq!(device.pull(5000)[4999], 0.25);
        player.set_muted(true);
        assert_eq!(device.pull(5000)[4999], 0.0);
        player.set_muted(false);
        assert_eq!(device.pull(5000)[4999], 0.25);
        player.set_volume(f32::NAN);
        assert_eq!(device.pull(5000)[4999], 0.25);
    }

    #[test]
    fn a_lost_device_is_reported_and_a_loop_goes_on_with_the_next_one() {
        let (mut player, device) = player(2);
        player.play(3, &tone(440.0, 0.5), true);
        device.pull(1000);
        device.disconnect("unplugged");
        player.poll();
        let DeviceStatus::Unavailable { error } = player.status() else {
            panic!("still ready");
        };
        let reason = error.to_string();
        assert!(reason.contains("unplugged") && reason.contains("connect loudspeakers"), "{reason}");
        assert_eq!(player.position(), None);
        device.connect(44_100, 1);
        player.reopen();
        assert!(matches!(player.status(), DeviceStatus::Ready { sample_rate_hz: 44_100, channels: 1, .. }));
        device.clear();
        device.pull(4410);
        assert_eq!(player.position(), Some((3, 0.1)));
        assert!(device.played().iter().any(|&sample| sample > 0.4));
    }

    #[test]
    fn a_chosen_device_is_opened_and_a_missing_one_is_told_once() {
        let (mut player, device) = player(1);
        device.offer(&["built-in", "headphones"]);
        player.request_devices();
        player.poll();
        let names: Vec<&str> = player.devices().iter().map(|device| device.name.as_str()).collect();
        assert_eq!(names, ["built-in", "headphones"]);
        assert!(player.devices()[0].is_default);
        player.play(1, &tone(440.0, 0.5), true);
        device.pull(1000);
        player.choose_device(Some("headphones".to_owned()));
        assert!(matches!(player.status(), DeviceStatus::Ready { name, .. } if name == "headphones"));
        assert!(device.pull(1000).iter().any(|sample| sample.abs() > 0.4), "the loop goes on there");
        assert_eq!(player.take_missing(), None);
        // Unplugged during a sound: the default device takes over and the fallback is reported.
        device.offer(&["built-in"]);
        device.disconnect("unplugged");
        player.poll();
        device.connect(RATE, 1);
        player.reopen();
        assert!(matches!(player.status(), DeviceStatus::Ready { name, .. } if name == "built-in"));
        assert_eq!(player.take_missing().as_deref(), Some("headphones"));
        assert_eq!(player.take_missing(), None);
        assert!(device.pull(1000).iter().any(|sample| sample.abs() > 0.4));
    }

    #[test]
    fn the_level_is_that_of_what_is_heard_and_limiting_is_counted() {
        let (mut player, device) = player(2);
        player.play(1, &Clip::mono(vec![0.5; 48_000], RATE), true);
        device.pull(1000);
        player.set_volume(0.5);
        device.pull(2000);
        player.level();
        device.pull(100);
        let level = player.level();
        assert_eq!((level.peak, level.clipped), (0.25, 0));
        player.set_volume(1.0);
        player.play(2, &Clip::mono(vec![1.5; 48_000], RATE), true);
        device.pull(3000);
        player.level();
        device.pull(100);
        let level = player.level();
        assert_eq!((level.peak, level.clipped), (1.5, 200));
    }

    #[test]
    fn rapid_changes_of_gain_and_sound_never_click() {
        let (mut player, device) = player(1);
        let converter = player.converter();
        for step in 0..120_u64 {
            let gain = [0.2, 1.0, 0.6][step as usize % 3];
            let prepared = converter.prepare(&tone(200.0 + 7.0 * step as f32, 0.3)).with_gain(gain);
            match step % 4 {
                0 => player.play_prepared(step, &prepared, false),
                1 => player.play_prepared(step, &prepared, true),
                2 => player.replace_prepared(step, &prepared, true),
                _ => player.stop(),
            }
            device.pull(300 + 97 * (step as usize % 5));
            player.poll();
        }
        // 1040 Hz at 0.5 climbs by at most 0.068 a sample; a start within a millisecond adds 0.5 * pi / 96, and more
        // than one sound may fade at once.
        let largest = largest_jump(&device.played());
        assert!(largest < 0.12, "{largest}");
    }

    #[test]
    fn playing_tries_a_lost_device_at_once() {
        let (mut player, device) = player(1);
        device.disconnect("unplugged");
        player.poll();
        device.connect(RATE, 1);
        player.play(1, &tone(440.0, 0.5), false);
        player.poll();
        assert!(device.pull(1000).iter().any(|&sample| sample.abs() > 0.4));
        assert_eq!(device.times_opened(), 2);
    }

    #[test]
    fn a_silent_player_says_why_and_does_no_harm() {
        let mut player = Player::silent("headless run");
        player.play(1, &tone(440.0, 0.1), true);
        player.poll();
        player.replace(2, &tone(440.0, 0.1), true);
        player.stop();
        assert_eq!(player.position(), None);
        assert_eq!(
            player.status(),
            DeviceStatus::Unavailable { error: PlaybackError::Off("headless run".to_owned()) }
        );
    }

    #[test]
    fn a_worker_prepares_a_clip_for_the_open_device() {
        let (mut player, device) = player(2);
        let converter = player.converter();
        let prepared = std::thread::scope(|scope| {
            let work = scope.spawn(|| converter.prepare(&Clip::mono(vec![0.25; 22_050], 22_050)));
            work.join().unwrap()
        });
        assert!((96_000..=96_002).contains(&prepared.samples().len()), "{}", prepared.samples().len());
        player.play_prepared(1, &prepared, false);
        assert!((device.pull(10_000)[9999] - 0.25).abs() < 1e-3);
    }
}
