//! Output devices: a sound card, a test double, or none.

use super::mixer::Mixer;
pub use super::stream_format::StreamFormat;

/// Description of an open device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Name of the device, for display.
    pub name: String,
    /// Sample rate and channels.
    pub format: StreamFormat,
    /// Name of the chosen device, if it was missing and this one was opened instead.
    pub instead_of: Option<String>,
}

/// An available output device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputDevice {
    /// Name of the device.
    pub name: String,
    /// Whether this is the system's default device.
    pub is_default: bool,
}

/// Why there is no sound; the message says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaybackError {
    /// There is no device, or it was disconnected.
    #[error(
        "no sound device was found ({cause}): connect loudspeakers or headphones, or start the sound server; \
         the program tries again by itself and whenever something is played"
    )]
    NoDevice {
        /// Message of the sound system.
        cause: String,
    },
    /// Another program uses the device.
    #[error("the sound device is in use ({cause}): close the other program or choose another default device")]
    Busy {
        /// Message of the sound system.
        cause: String,
    },
    /// Access to the device is not permitted.
    #[error(
        "the sound device may not be used ({cause}): give this account access to it (on Linux: the group `audio`)"
    )]
    Denied {
        /// Message of the sound system.
        cause: String,
    },
    /// The device exists but does not work.
    #[error(
        "the sound device failed ({cause}): check the system's sound settings; the program tries again by itself"
    )]
    Failed {
        /// Message of the sound system.
        cause: String,
    },
    /// Sound is turned off, for example in a headless run.
    #[error("sound is off: {0}")]
    Off(String),
}

/// Creates the mixer once the device's format is known.
pub type MixerFactory = Box<dyn FnOnce(StreamFormat) -> Mixer + Send>;

/// State changes of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendEvent {
    /// The device is open and calls the mixer.
    Opened(StreamInfo),
    /// The device could not be opened, or was lost.
    Failed(PlaybackError),
    /// Result of [`Backend::request_devices`].
    Devices(Vec<OutputDevice>),
}

/// Opens a device that calls [`Mixer::fill`] on a thread of its own.
///
/// Opening can take seconds if a sound server does not answer, so no method waits for it: [`Backend::open`]
/// returns at once and [`Backend::poll`] reports the result.
pub trait Backend: Send {
    /// Starts opening the chosen device (by default the system's); closes an open one first.
    fn open(&mut self, make_mixer: MixerFactory);

    /// The next event, if any; never waits.
    fn poll(&mut self) -> Option<BackendEvent>;

    /// Stops the sound and drops the mixer.
    fn close(&mut self);

    /// Chooses the device to open next, by name; `None` is the system's default.
    fn choose(&mut self, device: Option<String>);

    /// Starts listing devices; the result arrives as [`BackendEvent::Devices`].
    fn request_devices(&mut self);
}

/// A backend without a device.
#[derive(Debug)]
pub struct SilentBackend {
    reason: String,
    asked: bool,
}

impl SilentBackend {
    /// A backend that reports `reason` when it is opened.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), asked: false }
    }
}

impl Backend for SilentBackend {
    fn open(&mut self, _make_mixer: MixerFactory) {
        self.asked = true;
    }

    fn poll(&mut self) -> Option<BackendEvent> {
        std::mem::take(&mut self.asked).then(|| BackendEvent::Failed(PlaybackError::Off(self.reason.clone())))
    }

    fn close(&mut self) {}

    fn choose(&mut self, _device: Option<String>) {}

    fn request_devices(&mut self) {}
}
