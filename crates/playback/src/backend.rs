//! Who asks the mixer for samples: a sound card, a test, or nobody.

use super::mixer::Mixer;

/// Rate and channels that a device was opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamFormat {
    /// Frames a second.
    pub sample_rate_hz: u32,
    /// Samples a frame.
    pub channels: usize,
}

/// An open device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// The device's name, for a person.
    pub name: String,
    /// Rate and channels.
    pub format: StreamFormat,
    /// The chosen device that is missing, where this one was opened in its place.
    pub instead_of: Option<String>,
}

/// A device that sound can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputDevice {
    /// Its name.
    pub name: String,
    /// Whether the system uses it unless told otherwise.
    pub is_default: bool,
}

/// Why no sound can be heard; the message says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaybackError {
    /// There is no device, or it is gone.
    #[error(
        "no sound device was found ({cause}): connect loudspeakers or headphones, or start the sound server; \
         the program tries again by itself and whenever something is played"
    )]
    NoDevice {
        /// The sound system's own words.
        cause: String,
    },
    /// Somebody else has it.
    #[error("the sound device is in use ({cause}): close the other program or choose another default device")]
    Busy {
        /// The sound system's own words.
        cause: String,
    },
    /// Not allowed.
    #[error(
        "the sound device may not be used ({cause}): give this account access to it (on Linux: the group `audio`)"
    )]
    Denied {
        /// The sound system's own words.
        cause: String,
    },
    /// The device is there but does not work.
    #[error(
        "the sound device failed ({cause}): check the system's sound settings; the program tries again by itself"
    )]
    Failed {
        /// The sound system's own words.
        cause: String,
    },
    /// Nobody wants sound, for example in a headless run.
    #[error("sound is off: {0}")]
    Off(String),
}

/// Makes the mixer once the device's format is known.
pub type MixerFactory = Box<dyn FnOnce(StreamFormat) -> Mixer + Send>;

/// What became of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendEvent {
    /// It is open and asks the mixer for samples.
    Opened(StreamInfo),
    /// It could not be opened, or was lost.
    Failed(PlaybackError),
    /// These devices are there.
    Devices(Vec<OutputDevice>),
}

/// Opens a device and lets it call [`Mixer::fill`] on a thread of its own.
///
/// Opening may take seconds where a sound server does not answer, so it never happens inside a call:
/// [`Backend::open`] returns at once and [`Backend::poll`] tells the outcome.
pub trait Backend: Send {
    /// Begins to open the chosen device, the default one unless [`Self::choose`] said otherwise; an open one is closed first.
    fn open(&mut self, make_mixer: MixerFactory);

    /// The next thing that happened to the device, if any; never waits.
    fn poll(&mut self) -> Option<BackendEvent>;

    /// Ends the sound and drops the mixer.
    fn close(&mut self);

    /// Chooses the device to open next, by name; `None` for the system's default one.
    fn choose(&mut self, device: Option<String>);

    /// Begins to look for devices; [`Self::poll`] tells which there are.
    fn ask_devices(&mut self);
}

/// A backend that never has a device.
#[derive(Debug)]
pub struct SilentBackend {
    reason: String,
    asked: bool,
}

impl SilentBackend {
    /// Silent for this reason, which the person will read.
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

    fn ask_devices(&mut self) {}
}
