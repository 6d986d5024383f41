//! The window's handle to playback: what plays, how loud, and where the playhead is.

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

/// Delay before the first attempt to reopen a lost device; doubles with every failure.
const FIRST_RETRY: Duration = Duration::from_millis(500);

/// Longest delay between two attempts.
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// Age at which a request is dropped when a device finally opens; loops are never dropped.
const MAX_REQUEST_AGE: Duration = Duration::from_secs(3);

/// State of the output device.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceStatus {
    /// A device is open.
    Ready {
        /// Name of the device.
        name: String,
        /// Sample rate in Hz.
        sample_rate_hz: u32,
        /// Number of channels.
        channels: usize,
    },
    /// The device is being opened.
    Opening,
    /// There is no sound; everything else works.
    Unavailable {
        /// The reason, which says what to do about it.
        error: PlaybackError,
    },
}

/// Lifecycle of the device.
enum Device {
    /// The backend is opening it.
    Opening(MixerLink),
    /// The device calls the mixer.
    Open(MixerLink, StreamInfo),
    /// Not available; the next attempt is at this time.
    Lost(PlaybackError, Instant),
}

/// The newest requested sound that has not ended.
struct Current {
    id: u64,
    prepared: Prepared,
    looping: bool,
    requested_at: Instant,
    /// Whether the mixer has received it.
    sent: bool,
    /// Whether it starts at its beginning rather than at the position of the sound it replaces.
    from_start: bool,
}

/// Plays one clip at a time.
///
/// No method waits for a device. A request made while the device is opening is carried out afterwards, and
/// [`Self::poll`] reopens a lost device (at once when something is played).
pub struct Player {
    backend: Box<dyn Backend>,
    device: Device,
    shared: Arc<Shared>,
    converter: Converter,
    /// Converts long sounds while they play; created when the first one is played.
    streamer: Option<Streamer>,
    current: Option<Current>,
    /// Number of the newest request, modulo 2^24.
    generation: u32,
    /// A request that did not fit into the queue; replaced by a newer one.
    waiting: Option<Request>,
    next_wait: Duration,
    /// Result of the last [`Self::request_devices`].
    devices: Vec<OutputDevice>,
    /// A chosen device that was not found.
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

    /// A player without sound, for the given reason.
    pub fn silent(reason: impl Into<String>) -> Self {
        Self::new(Box::new(SilentBackend::new(reason)))
    }

    /// State of the output device.
    pub fn status(&self) -> DeviceStatus {
        match &self.device {
            Device::Open(_, info) => DeviceStatus::Ready {
                name: info.name.clone(),
                sample_rate_hz: info.format.sample_rate_hz,
                channels: info.format.channels,
            },
            Device::Opening(_) => DeviceStatus::Opening,
            Device::Lost(error, _) => DeviceStatus::Unavailable { error: error.clone() },
        }
    }

    /// Converter to the device's format, for use on any thread; see [`Self::play_prepared`].
    pub fn converter(&self) -> Converter {
        self.converter.clone()
    }

    /// Plays a clip from its beginning; the previous clip fades out without a click.
    ///
    /// `id` identifies the clip in [`Self::position`]. The clip is resampled before this returns: prepare
    /// long clips on a worker and use [`Self::play_prepared`].
    pub fn play(&mut self, id: u64, clip: &Clip, looping: bool) {
        let prepared = self.converter.prepare(clip);
        self.play_prepared(id, &prepared, looping);
    }

    /// As [`Self::play`], for a sound prepared by a [`Converter`].
    pub fn play_prepared(&mut self, id: u64, prepared: &Prepared, looping: bool) {
        self.set_current(id, prepared, looping, true);
        if matches!(self.device, Device::Lost(..)) {
            self.open();
        }
        self.send_current(|generation, voice| Request::Play { generation, voice });
    }

    /// Replaces the sound of a running loop without a click, keeping the position.
    pub fn replace(&mut self, id: u64, clip: &Clip, looping: bool) {
        let prepared = self.converter.prepare(clip);
        self.replace_prepared(id, &prepared, looping);
    }

    /// As [`Self::replace`], for a sound prepared by a [`Converter`]; a streamed one starts at its beginning.
    pub fn replace_prepared(&mut self, id: u64, prepared: &Prepared, looping: bool) {
        self.set_current(id, prepared, looping, false);
        self.send_current(|generation, voice| Request::Replace { generation, voice });
    }

    /// Fades out and stops.
    pub fn stop(&mut self) {
        if self.current.take().is_some() {
            let generation = self.next_generation();
            self.send(Request::Stop { generation });
        }
    }

    /// Volume from 0 to 1, a factor on the amplitude.
    pub fn set_volume(&mut self, amplitude: f32) {
        if amplitude.is_finite() {
            self.shared.set_volume(amplitude.clamp(0.0, 1.0));
        }
    }

    /// Mutes without changing the volume.
    pub fn set_muted(&mut self, muted: bool) {
        self.shared.set_muted(muted);
    }

    /// The `id` of the current clip and the position in seconds; `None` when silent.
    pub fn position(&self) -> Option<(u64, f64)> {
        let Device::Open(_, info) = &self.device else {
            return None;
        };
        let current = self.current.as_ref()?;
        let playhead = self.shared.playhead();
        let is_pending = playhead.generation != self.generation;
        let frame = match playhead.frame {
            Some(frame) if !(is_pending && current.from_start) => frame,
            // The mixer has not processed the newest request yet: it is about to start.
            _ if is_pending => 0,
            _ => return None,
        };
        Some((current.id, frame as f64 / f64::from(info.format.sample_rate_hz)))
    }

    /// Level of the output since the last call.
    pub fn level(&self) -> Level {
        self.shared.meter.take()
    }

    /// The output samples, for recording; `None` while no device is open. Ends with the device.
    pub fn tap(&self) -> Option<Tap> {
        match &self.device {
            Device::Open(link, info) => Some(link.tap.clone().of(info.format)),
            Device::Opening(_) | Device::Lost(..) => None,
        }
    }

    /// Starts listing devices; a later [`Self::poll`] receives the result.
    pub fn request_devices(&mut self) {
        self.backend.request_devices();
    }

    /// The devices found by the last [`Self::request_devices`].
    pub fn devices(&self) -> &[OutputDevice] {
        &self.devices
    }

    /// Switches to the device of this name, or to the system's default; falls back to the latter if the
    /// device is missing.
    pub fn choose_device(&mut self, name: Option<String>) {
        self.backend.choose(name);
        self.reopen();
    }

    /// The chosen device, if it was missing when another was opened instead; returned once.
    pub fn take_missing(&mut self) -> Option<String> {
        self.missing.take()
    }

    /// To be called about once per frame: frees returned voices and handles device events.
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

    /// Tries to open the device now, for example after it was plugged in.
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
        self.current = self
            .current
            .take()
            .filter(|current| current.looping || current.requested_at.elapsed() < MAX_REQUEST_AGE);
        self.send_current(|generation, voice| Request::Play { generation, voice });
    }

    fn lost(&mut self, error: PlaybackError) {
        log::warn!("{error}");
        self.backend.close();
        self.device = Device::Lost(error, Instant::now() + self.next_wait);
        self.next_wait = (self.next_wait * 2).min(LONGEST_RETRY);
        // Loops restart on the next device, as do sounds that never reached a device.
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
            requested_at: Instant::now(),
            sent: false,
            from_start,
        });
    }

    /// Sends the current clip to the mixer; does nothing until a device is open.
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

    /// Converts a long sound on a thread while it plays.
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

    /// Drops a clip that has played to its end.
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
