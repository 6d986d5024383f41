//! Sound cards, through cpal.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use cpal::{
    BufferSize, ErrorKind, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, StreamConfig,
    SupportedBufferSize,
    traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _},
};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::{
    backend::{Backend, BackendEvent, MixerFactory, OutputDevice, PlaybackError, StreamFormat, StreamInfo},
    mixer::Mixer,
};

/// Frames mixed at a time, before conversion to the device's sample type.
const SCRATCH_FRAMES: usize = 512;

/// A device that requests no samples for this long is considered lost: some disappear without an error.
const STALL: Duration = Duration::from_secs(5);

/// The same after the device reported an error. Most errors, such as underruns, are transient.
const STALL_AFTER_ERROR: Duration = Duration::from_secs(1);

/// Length of one of the device's two buffers. Long enough for a machine that trains on all cores, short
/// enough that a dragged slider feels immediate.
const PERIOD_SECS: f64 = 0.04;

/// Capacity of the event queue between device thread and window.
const EVENTS: usize = 8;

/// The chosen output device, or the system's default.
///
/// A thread opens the device and keeps it open, because a sound server can take seconds to answer.
#[derive(Default)]
pub struct CpalBackend {
    worker: Option<Worker>,
    /// Name of the device to open; `None` for the system's default.
    chosen: Option<String>,
    /// Receiver of the list of devices, while one is requested.
    asked: Option<Receiver<Vec<OutputDevice>>>,
}

struct Worker {
    events: Receiver<BackendEvent>,
    /// Disconnected to end the thread.
    close: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Whether the device was opened, which means that the thread ends soon after `close`.
    opened: bool,
    watch: Watchdog,
}

/// Watchdog for a device that stopped requesting samples.
struct Watchdog {
    callbacks: Arc<AtomicU64>,
    seen: u64,
    seen_at: Instant,
    /// Errors of the device; reported only if it does not recover.
    complaints: Receiver<PlaybackError>,
    complaint: Option<PlaybackError>,
}

impl Watchdog {
    fn new(callbacks: Arc<AtomicU64>, complaints: Receiver<PlaybackError>) -> Self {
        Self { callbacks, seen: 0, seen_at: Instant::now(), complaints, complaint: None }
    }

    /// The error, if the device is considered lost.
    fn stalled(&mut self) -> Option<PlaybackError> {
        let callbacks = self.callbacks.load(Ordering::Relaxed);
        if callbacks != self.seen {
            self.seen = callbacks;
            self.seen_at = Instant::now();
            self.complaint = None;
        }
        if let Some(complaint) = self.complaints.try_iter().last() {
            self.complaint = Some(complaint);
        }
        let patience = if self.complaint.is_some() { STALL_AFTER_ERROR } else { STALL };
        let is_stalled = self.seen_at.elapsed() > patience;
        is_stalled.then(|| self.complaint.clone().unwrap_or_else(|| failed("it stopped requesting samples")))
    }
}

/// Reports from the audio thread.
#[derive(Clone)]
struct Report {
    events: Sender<BackendEvent>,
    complaints: Sender<PlaybackError>,
    /// Number of callbacks so far.
    callbacks: Arc<AtomicU64>,
}

impl Report {
    /// Queues an event for the window. If the queue is full, the window already knows of a failure.
    fn event(&self, event: BackendEvent) {
        if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
            log::warn!("sound device: {event:?}");
        }
    }

    /// Handles an error of a running stream.
    fn error(&self, error: &cpal::Error) {
        match error.kind() {
            // The stream continues by itself.
            ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
            ErrorKind::DeviceNotAvailable
            | ErrorKind::HostUnavailable
            | ErrorKind::PermissionDenied
            | ErrorKind::StreamInvalidated => self.event(BackendEvent::Failed(describe(error))),
            // May be transient: a sound server that restarts a stream after an underrun reports an I/O error.
            _ => {
                self.complaints.try_send(describe(error)).ok();
            }
        }
    }
}

impl CpalBackend {
    /// A backend without an open device.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Backend for CpalBackend {
    fn open(&mut self, make_mixer: MixerFactory) {
        self.close();
        let (event_sender, events) = bounded(EVENTS);
        let (complaint_sender, complaints) = bounded(1);
        let (close, closed) = bounded(0);
        let report = Report {
            events: event_sender,
            complaints: complaint_sender,
            callbacks: Arc::new(AtomicU64::new(0)),
        };
        let watch = Watchdog::new(report.callbacks.clone(), complaints);
        let thread_report = report.clone();
        let chosen = self.chosen.clone();
        let thread = std::thread::Builder::new()
            .name("sound-device".to_owned())
            .spawn(move || keep_open(make_mixer, chosen.as_deref(), &thread_report, &closed))
            .map_err(|error| report.event(BackendEvent::Failed(failed(&error.to_string()))))
            .ok();
        self.worker = Some(Worker { events, close: Some(close), thread, opened: false, watch });
    }

    fn poll(&mut self) -> Option<BackendEvent> {
        if let Some(devices) = self.asked.as_ref().and_then(|asked| asked.try_recv().ok()) {
            self.asked = None;
            return Some(BackendEvent::Devices(devices));
        }
        let worker = self.worker.as_mut()?;
        if let Ok(event) = worker.events.try_recv() {
            if matches!(event, BackendEvent::Opened(_)) {
                worker.opened = true;
                worker.watch.seen_at = Instant::now();
            }
            return Some(event);
        }
        let ended = worker.thread.as_ref().is_some_and(JoinHandle::is_finished);
        let stalled = worker.watch.stalled().filter(|_| worker.opened);
        let error = stalled.or_else(|| ended.then(|| failed("its thread ended unexpectedly")))?;
        // Report the failure once and drop the worker.
        self.close();
        Some(BackendEvent::Failed(error))
    }

    fn close(&mut self) {
        if let Some(worker) = self.worker.take() {
            drop(worker);
        }
    }

    fn choose(&mut self, device: Option<String>) {
        self.chosen = device;
    }

    fn request_devices(&mut self) {
        let (sender, receiver) = bounded(1);
        // Some sound systems take long to list their devices, so nothing waits for this thread.
        let asked = std::thread::Builder::new().name("sound-devices".to_owned()).spawn(move || {
            sender.send(output_devices().unwrap_or_default()).ok();
        });
        self.asked = asked.map(|_| receiver).inspect_err(|error| log::warn!("{error}")).ok();
    }
}

/// Available output devices with unique names, the default one first.
fn output_devices() -> Result<Vec<OutputDevice>, cpal::Error> {
    let host = host()?;
    let default = host.default_output_device().as_ref().map(name_of);
    let mut devices: Vec<OutputDevice> =
        default.into_iter().map(|name| OutputDevice { name, is_default: true }).collect();
    for device in host.output_devices()? {
        let name = name_of(&device);
        if devices.iter().all(|known| known.name != name) {
            devices.push(OutputDevice { name, is_default: false });
        }
    }
    Ok(devices)
}

/// The system's audio host.
pub(super) fn host() -> Result<cpal::Host, cpal::Error> {
    // `cpal::default_host` panics where the host cannot be reached.
    let host_id = *cpal::ALL_HOSTS.first().ok_or(ErrorKind::HostUnavailable)?;
    cpal::host_from_id(host_id)
}

/// Name of a device, for display.
pub(super) fn name_of(device: &cpal::Device) -> String {
    let unnamed = || "unnamed device".to_owned();
    device.description().map_or_else(|_| unnamed(), |description| description.name().to_owned())
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.close = None;
        // A thread that hangs in the sound system is detached instead of joined.
        let ends_soon = self.opened && self.watch.stalled().is_none();
        if let Some(thread) = self.thread.take_if(|thread| ends_soon || thread.is_finished())
            && thread.join().is_err()
        {
            log::error!("the sound device's thread panicked");
        }
    }
}

/// Opens the device, reports the result, and keeps the device until `closed` is disconnected.
fn keep_open(make_mixer: MixerFactory, chosen: Option<&str>, report: &Report, closed: &Receiver<()>) {
    match open_chosen(make_mixer, chosen, report) {
        Ok((stream, info)) => {
            report.event(BackendEvent::Opened(info));
            closed.recv().ok();
            drop(stream);
        }
        Err(error) => {
            report.event(BackendEvent::Failed(describe(&error)));
            closed.recv().ok();
        }
    }
}

fn open_chosen(
    make_mixer: MixerFactory,
    chosen: Option<&str>,
    report: &Report,
) -> Result<(cpal::Stream, StreamInfo), cpal::Error> {
    let host = host()?;
    let found = match chosen {
        Some(name) => host.output_devices()?.find(|device| name_of(device) == name),
        None => None,
    };
    let instead_of = chosen.filter(|_| found.is_none()).map(str::to_owned);
    let device = found.or_else(|| host.default_output_device()).ok_or(ErrorKind::DeviceNotAvailable)?;
    let supported = device.default_output_config()?;
    let sample_format = supported.sample_format();
    let config = StreamConfig { buffer_size: buffer_size(&supported), ..supported.config() };
    let info = StreamInfo {
        name: name_of(&device),
        instead_of,
        format: StreamFormat { sample_rate_hz: config.sample_rate, channels: usize::from(config.channels) },
    };
    let callback = Callback {
        mixer: make_mixer(info.format),
        scratch: vec![0.0; SCRATCH_FRAMES * info.format.channels],
        callbacks: report.callbacks.clone(),
    };
    let stream = build(&device, config, sample_format, callback, report.clone())?;
    stream.play()?;
    Ok((stream, info))
}

/// State of the audio callback.
struct Callback {
    mixer: Mixer,
    /// Mixed samples before conversion; allocated once.
    scratch: Vec<f32>,
    /// Number of callbacks so far.
    callbacks: Arc<AtomicU64>,
}

impl Callback {
    fn fill<T: SizedSample + FromSample<f32>>(&mut self, out: &mut [T]) {
        self.callbacks.fetch_add(1, Ordering::Relaxed);
        for block in out.chunks_mut(self.scratch.len().max(1)) {
            let Some(mixed) = self.scratch.get_mut(..block.len()) else {
                return;
            };
            self.mixer.fill(mixed);
            for (target, &sample) in block.iter_mut().zip(mixed.iter()) {
                *target = T::from_sample(sample);
            }
        }
    }
}

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    sample_format: SampleFormat,
    callback: Callback,
    report: Report,
) -> Result<cpal::Stream, cpal::Error> {
    match sample_format {
        SampleFormat::F32 => build_typed::<f32>(device, config, callback, report),
        SampleFormat::F64 => build_typed::<f64>(device, config, callback, report),
        SampleFormat::I8 => build_typed::<i8>(device, config, callback, report),
        SampleFormat::I16 => build_typed::<i16>(device, config, callback, report),
        SampleFormat::I24 => build_typed::<cpal::I24>(device, config, callback, report),
        SampleFormat::I32 => build_typed::<i32>(device, config, callback, report),
        SampleFormat::U8 => build_typed::<u8>(device, config, callback, report),
        SampleFormat::U16 => build_typed::<u16>(device, config, callback, report),
        SampleFormat::U32 => build_typed::<u32>(device, config, callback, report),
        other => Err(cpal::Error::with_message(
            ErrorKind::UnsupportedConfig,
            format!("it requires samples of type {other}, which is not supported"),
        )),
    }
}

fn build_typed<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut callback: Callback,
    report: Report,
) -> Result<cpal::Stream, cpal::Error> {
    device.build_output_stream(
        config,
        move |out: &mut [T], _: &OutputCallbackInfo| callback.fill(out),
        move |error: cpal::Error| report.error(&error),
        None,
    )
}

/// ALSA may choose a buffer that is too short for a busy machine; other systems choose well.
fn buffer_size(supported: &cpal::SupportedStreamConfig) -> BufferSize {
    match supported.buffer_size() {
        SupportedBufferSize::Range { min, max } if cfg!(target_os = "linux") && min <= max => {
            let frames = (PERIOD_SECS * f64::from(supported.sample_rate())) as u32;
            BufferSize::Fixed(frames.clamp(*min, *max))
        }
        _ => BufferSize::Default,
    }
}

pub(super) fn failed(cause: &str) -> PlaybackError {
    PlaybackError::Failed { cause: cause.to_owned() }
}

pub(super) fn describe(error: &cpal::Error) -> PlaybackError {
    let cause = error.to_string().trim_end_matches('.').to_owned();
    match error.kind() {
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => PlaybackError::NoDevice { cause },
        ErrorKind::DeviceBusy => PlaybackError::Busy { cause },
        ErrorKind::PermissionDenied => PlaybackError::Denied { cause },
        _ => PlaybackError::Failed { cause },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_forgotten_when_the_device_goes_on() {
        let callbacks = Arc::new(AtomicU64::new(0));
        let (complaints, receiver) = bounded(1);
        let mut watch = Watchdog::new(callbacks.clone(), receiver);
        let long_ago = Instant::now().checked_sub(STALL_AFTER_ERROR * 2).unwrap();
        complaints.send(failed("input or output error")).unwrap();
        assert_eq!(watch.stalled(), None, "it may go on");
        watch.seen_at = long_ago;
        assert_eq!(watch.stalled(), Some(failed("input or output error")));
        callbacks.fetch_add(1, Ordering::Relaxed);
        assert_eq!(watch.stalled(), None);
        watch.seen_at = long_ago;
        assert_eq!(watch.stalled(), None, "without a complaint it has longer");
    }

    #[test]
    fn every_failure_says_what_to_do() {
        for (kind, advice) in [
            (ErrorKind::DeviceNotAvailable, "connect loudspeakers"),
            (ErrorKind::HostUnavailable, "start the sound server"),
            (ErrorKind::DeviceBusy, "close the other program"),
            (ErrorKind::PermissionDenied, "give this account access"),
            (ErrorKind::BackendError, "sound settings"),
        ] {
            let message = describe(&cpal::Error::new(kind)).to_string();
            assert!(message.contains(advice), "{message}");
        }
    }
}
