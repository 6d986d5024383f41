//! The window's handle on playback: what to play, how loud, and where the playhead is.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    backend::{Backend, BackendEvent, OutputDevice, PlaybackError, SilentBackend, StreamFormat, StreamInfo},
    level::Level,
    mixer::{self, GENERATION_MASK, Mixer, MixerLink, Playhead, Request, Shared},
    prepared::{Converter, Prepared},
    streamed::FeedRequest,
    streamer::Streamer,
    tap::Tap,
    voice::Voice,
};
use timbrespace_signal::audio::clip::Clip;

/// Wait before the first attempt to reopen a lost device; doubles with every failure.
const FIRST_RETRY: Duration = Duration::from_millis(500);

/// Longest wait between two attempts.
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// How old a request may be when a device finally opens; a loop is never too old.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether sound can be heard.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceStatus {
    /// A device is open.
    Ready {
        /// Its name.
        name: String,
        /// Its rate in Hz.
        sample_rate_hz: u32,
        /// Its channels.
        channels: usize,
    },
    /// No sound; everything else works.
    Unavailable {
        /// Why, and what to do about it, for a person.
        reason: String,
    },
}

/// Where the device is between closed and open.
enum Device {
    /// The backend has been asked.
    Opening(MixerLink),
    /// The mixer is being called.
    Open(MixerLink, StreamInfo),
    /// Not there; the next attempt is due at this time.
    Lost(PlaybackError, Instant),
}

/// What was last asked for and has not ended since.
struct Current {
    id: u64,
    prepared: Prepared,
    looping: bool,
    asked_at: Instant,
    /// Whether the mixer was told.
    sent: bool,
    /// Whether it began anew, rather than where another sound was.
    from_start: bool,
}

/// Plays one clip at a time.
///
/// Nothing here waits for a device: a request that comes while one is being opened is carried out when it
/// is, and a lost device is reopened by [`Self::poll`], at once when something is played.
pub struct Player {
    backend: Box<dyn Backend>,
    device: Device,
    shared: Arc<Shared>,
    converter: Converter,
    /// Converts long sounds while they play; there from the first of them on.
    streamer: Option<Streamer>,
    current: Option<Current>,
    /// Number of the newest request, modulo 2^24.
    generation: u32,
    /// A request that found the queue full; a newer one takes its place.
    waiting: Option<Request>,
    next_wait: Duration,
    /// Devices that were found last.
    devices: Vec<OutputDevice>,
    /// A chosen device that was not there.
    missing: Option<String>,
}

impl Player {
    /// A player on the given backend; never fails, see [`Self::status`].
    pub fn new(backend: Box<dyn Backend>) -> Self {
        let mut player = Self {
            backend,
            device: Device::Lost(PlaybackError::Off("not opened yet".to_owned()), Instant::now()),
            shared: Arc::new(Shared::new()),
            converter: Converter::new(),
            streamer: None,
            current: None,
            generation: 0,
            waiting: None,
            next_wait: FIRST_RETRY,
            devices: Vec::new(),
            missing: None,
        };
        player.open();
        player.poll();
        player
    }

    /// A player that is never heard, for this reason.
    pub fn silent(reason: impl Into<String>) -> Self {
        Self::new(Box::new(SilentBackend::new(reason)))
    }

    /// Whether sound can be heard.
    pub fn status(&self) -> DeviceStatus {
        match &self.device {
            Device::Open(_, info) => DeviceStatus::Ready {
                name: info.name.clone(),
                sample_rate_hz: info.format.sample_rate_hz,
                channels: info.format.channels,
            },
            Device::Opening(_) => {
                DeviceStatus::Unavailable { reason: "the sound device is being opened".to_owned() }
            }
            Device::Lost(error, _) => DeviceStatus::Unavailable { reason: error.to_string() },
        }
    }

    /// Converts clips to the device's format, on any thread; see [`Self::play_prepared`].
    pub fn converter(&self) -> Converter {
        self.converter.clone()
    }

    /// Starts a clip from its beginning; a clip that was playing fades out without a click.
    ///
    /// `id` names the clip towards [`Self::position`]. The clip is resampled before this returns: a long one
    /// is better prepared on a worker and given to [`Self::play_prepared`].
    pub fn play(&mut self, id: u64, clip: &Clip, looping: bool) {
        let prepared = self.converter.prepare(clip);
        self.play_prepared(id, &prepared, looping);
    }

    /// [`Self::play`] for a sound that a [`Converter`] has prepared, or made ready to stream.
    pub fn play_prepared(&mut self, id: u64, prepared: &Prepared, looping: bool) {
        self.set_current(id, prepared, looping, true);
        if matches!(self.device, Device::Lost(..)) {
            self.open();
        }
        self.send_current(|generation, voice| Request::Play { generation, voice });
    }

    /// Replaces the sound of a running loop at once and without a click, keeping the position.
    pub fn replace(&mut self, id: u64, clip: &Clip, looping: bool) {
        let prepared = self.converter.prepare(clip);
        self.replace_prepared(id, &prepared, looping);
    }

    /// [`Self::replace`] for a sound that a [`Converter`] has prepared; one that is streamed starts from its beginning.
    pub fn replace_prepared(&mut self, id: u64, prepared: &Prepared, looping: bool) {
        self.set_current(id, prepared, looping, false);
        self.send_current(|generation, voice| Request::Replace { generation, voice });
    }

    /// Fades the sound out and stops.
    pub fn stop(&mut self) {
        if self.current.take().is_some() {
            let generation = self.next_generation();
            self.send(Request::Stop { generation });
        }
    }

    /// Loudness, 0 to 1, as a factor on the amplitude.
    pub fn set_volume(&mut self, amplitude: f32) {
        if amplitude.is_finite() {
            self.shared.set_volume(amplitude.clamp(0.0, 1.0));
        }
    }

    /// Silences without changing the volume.
    pub fn set_muted(&mut self, muted: bool) {
        self.shared.set_muted(muted);
    }

    /// The clip that is playing and the seconds into it, or `None` when silent.
    pub fn position(&self) -> Option<(u64, f64)> {
        let Device::Open(_, info) = &self.device else {
            return None;
        };
        let current = self.current.as_ref()?;
        let playhead = self.shared.playhead();
        let is_awaited = playhead.generation != self.generation;
        let frame = match playhead.frame {
            Some(frame) if !(is_awaited && current.from_start) => frame,
            // The mixer has not seen the newest request yet: it is about to begin.
            _ if is_awaited => 0,
            _ => return None,
        };
        Some((current.id, frame as f64 / f64::from(info.format.sample_rate_hz)))
    }

    /// How loud it has been since the last call.
    pub fn level(&self) -> Level {
        self.shared.meter.take()
    }

    /// What is heard, to record it; `None` while no device is open. It ends with the device.
    pub fn tap(&self) -> Option<Tap> {
        match &self.device {
            Device::Open(link, info) => Some(link.tap.clone().of(info.format)),
            Device::Opening(_) | Device::Lost(..) => None,
        }
    }

    /// Has the backend tell which devices there are; the answer arrives with a later [`Self::poll`].
    pub fn ask_devices(&mut self) {
        self.backend.ask_devices();
    }

    /// The devices that were found when it was asked last.
    pub fn devices(&self) -> &[OutputDevice] {
        &self.devices
    }

    /// Plays on the device of this name from now on, or on the system's default one; falls back to that where it is missing.
    pub fn choose_device(&mut self, name: Option<String>) {
        self.backend.choose(name);
        self.reopen();
    }

    /// The chosen device that was missing when another was opened in its place; told once.
    pub fn take_missing(&mut self) -> Option<String> {
        self.missing.take()
    }

    /// Call about once a frame: frees what the audio thread has done with, notices a lost device.
    pub fn poll(&mut self) {
        while let Some(event) = self.backend.poll() {
            match event {
                BackendEvent::Opened(info) => self.opened(info),
                BackendEvent::Failed(error) => self.lost(error),
                BackendEvent::Devices(devices) => self.devices = devices,
            }
        }
        if let Device::Open(link, _) | Device::Opening(link) = &mut self.device {
            while link.used.pop().is_ok() {}
        }
        if let Some(request) = self.waiting.take() {
            self.send(request);
        }
        if matches!(&self.device, Device::Lost(_, due) if *due <= Instant::now()) {
            self.open();
        }
        self.forget_finished();
    }

    /// Tries to open the device now, for a person who has just plugged one in.
    pub fn reopen(&mut self) {
        self.next_wait = FIRST_RETRY;
        self.open();
        self.poll();
    }

    fn open(&mut self) {
        self.shared.set_playhead(Playhead { generation: self.generation, frame: None });
        self.waiting = None;
        let (link, parts) = mixer::connect(self.shared.clone());
        self.device = Device::Opening(link);
        self.backend.open(Box::new(move |format| Mixer::new(parts, format)));
    }

    fn opened(&mut self, info: StreamInfo) {
        log::info!("sound device: {} at {:?}", info.name, info.format);
        self.next_wait = FIRST_RETRY;
        self.missing.clone_from(&info.instead_of);
        self.converter.set_format(info.format);
        let closed = Device::Lost(PlaybackError::Off("not opened yet".to_owned()), Instant::now());
        self.device = match std::mem::replace(&mut self.device, closed) {
            Device::Opening(link) | Device::Open(link, _) => Device::Open(link, info),
            lost @ Device::Lost(..) => lost,
        };
        self.current =
            self.current.take().filter(|current| current.looping || current.asked_at.elapsed() < PATIENCE);
        self.send_current(|generation, voice| Request::Play { generation, voice });
    }

    fn lost(&mut self, error: PlaybackError) {
        log::warn!("{error}");
        self.backend.close();
        self.device = Device::Lost(error, Instant::now() + self.next_wait);
        self.next_wait = (self.next_wait * 2).min(LONGEST_RETRY);
        // A loop starts again on the next device, and so does what no device has heard yet.
        self.current = self.current.take().filter(|current| current.looping || !current.sent);
        if let Some(current) = &mut self.current {
            current.sent = false;
        }
    }

    fn set_current(&mut self, id: u64, prepared: &Prepared, looping: bool, from_start: bool) {
        self.current = Some(Current {
            id,
            prepared: prepared.clone(),
            looping,
            asked_at: Instant::now(),
            sent: false,
            from_start,
        });
    }

    /// Tells the mixer about the current clip, unless no device is open yet.
    fn send_current(&mut self, request: impl FnOnce(u32, Voice) -> Request) {
        let Some(format) = self.format() else { return };
        let Some(current) = &mut self.current else { return };
        current.prepared = current.prepared.for_format(format);
        let (voice, feed) = current.prepared.voice(current.looping);
        if let Some(Err(error)) = feed.map(|feed| self.stream(feed)) {
            self.lost(PlaybackError::Failed { cause: format!("could not start a worker thread: {error}") });
            return;
        }
        if let Some(current) = &mut self.current {
            current.sent = true;
        }
        let generation = self.next_generation();
        self.send(request(generation, voice));
    }

    /// Has a long sound converted while it plays.
    fn stream(&mut self, request: FeedRequest) -> io::Result<()> {
        let streamer = match self.streamer.take() {
            Some(streamer) => streamer,
            None => Streamer::spawn(self.converter.clone())?,
        };
        self.streamer.insert(streamer).feed(request);
        Ok(())
    }

    fn send(&mut self, request: Request) {
        if let Device::Open(link, _) = &mut self.device {
            while link.used.pop().is_ok() {}
            self.waiting = link.requests.push(request).err().map(|rtrb::PushError::Full(request)| request);
        }
    }

    fn next_generation(&mut self) -> u32 {
        self.generation = self.generation.wrapping_add(1) & GENERATION_MASK;
        self.generation
    }

    fn format(&self) -> Option<StreamFormat> {
        match &self.device {
            Device::Open(_, info) => Some(info.format),
            Device::Opening(_) | Device::Lost(..) => None,
        }
    }

    /// Lets go of a clip that has played to its end.
    fn forget_finished(&mut self) {
        let ended = Playhead { generation: self.generation, frame: None };
        let sent = self.current.as_ref().is_some_and(|current| current.sent);
        if sent && self.shared.playhead() == ended {
            self.current = None;
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.backend.close();
    }
}
