//! Playback as the sound card sees it: what the audio thread may not do, and what really arrives at a device.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends here")]
#![expect(clippy::print_stdout, reason = "figures are read in the output of tests")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use timbrespace::{
    audio::{clip::Clip, demo},
    playback::{
        backend::{Backend, BackendEvent, MixerFactory, StreamFormat, StreamInfo},
        mixer::Mixer,
        player::{DeviceStatus, Player},
        prepared::Prepared,
        stream::CpalBackend,
    },
};

use timbrespace_base::differences::largest_difference;

/// Counts what the current thread asks of the allocator.
struct CountingAllocator;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count_call() {
    CALLS.with(|calls| calls.set(calls.get() + 1));
}

#[expect(unsafe_code, reason = "an allocator can be watched in no other way; this one only counts")]
// SAFETY: every call is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_call();
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count_call();
        // SAFETY: `pointer` came from `alloc` above with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const FORMAT: StreamFormat = StreamFormat { sample_rate_hz: 48_000, channels: 2 };

/// Gives the mixer to the test instead of a device.
struct MixerBackend {
    mixer: Arc<Mutex<Option<Mixer>>>,
    event: Option<BackendEvent>,
}

impl Backend for MixerBackend {
    fn open(&mut self, make_mixer: MixerFactory) {
        *self.mixer.lock().unwrap() = Some(make_mixer(FORMAT));
        self.event = Some(BackendEvent::Opened(StreamInfo {
            name: "the test itself".to_owned(),
            format: FORMAT,
            instead_of: None,
        }));
    }

    fn poll(&mut self) -> Option<BackendEvent> {
        self.event.take()
    }

    fn choose(&mut self, _device: Option<String>) {}

    fn request_devices(&mut self) {}

    fn close(&mut self) {}
}

#[test]
fn the_audio_thread_never_asks_the_allocator_for_anything() {
    let mixer = Arc::new(Mutex::new(None));
    let mut player = Player::new(Box::new(MixerBackend { mixer: mixer.clone(), event: None }));
    let mut mixer = mixer.lock().unwrap().take().unwrap();
    let mut out = vec![0.0; 1024];
    let mut calls_of_fill = 0;
    let mut fill = |mixer: &mut Mixer| {
        let before = CALLS.with(Cell::get);
        mixer.fill(&mut out);
        calls_of_fill += CALLS.with(Cell::get) - before;
    };
    for round in 0..200_u32 {
        let clip = Clip::mono(vec![0.1; 3000 + round as usize], 44_100);
        match round % 5 {
            0 => player.play(1, &clip, true),
            4 => player.stop(),
            _ => player.replace(2, &clip, round % 2 == 0),
        }
        player.set_volume(round as f32 / 200.0);
        fill(&mut mixer);
        // The player's side frees what came back, here on the same thread but outside the count.
        if round % 3 == 0 {
            player.poll();
        }
    }
    assert_eq!(calls_of_fill, 0);
}

/// A machine that is busy with other things may starve the sound server and leave a gap in the recording.
const ATTEMPTS: usize = 5;

/// The sound that goes through the real device; deterministic, so that both processes know it.
fn demo_clip() -> Clip {
    demo::sounds().next().expect("there are demo sounds").clip
}

/// The child of the next test: plays the clip on whatever cpal finds.
#[test]
#[ignore = "needs a sound device; started by what_cpal_hands_to_the_device_is_the_resampled_clip"]
fn play_the_demo_clip_through_cpal() {
    let clip = demo_clip();
    let mut player = Player::new(Box::new(CpalBackend::new()));
    player.play(1, &clip, false);
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut heard = false;
    loop {
        player.poll();
        match player.position() {
            Some((_, secs)) if secs > 0.0 => heard = true,
            None if heard => break,
            _ => {}
        }
        assert!(Instant::now() < deadline, "not played in time: {:?}", player.status());
        thread::sleep(Duration::from_millis(5));
    }
    let DeviceStatus::Ready { name, sample_rate_hz, channels } = player.status() else {
        panic!("{:?}", player.status());
    };
    println!(
        "device {name}: {sample_rate_hz} Hz, {channels} channels, clip of {:.3} s",
        clip.duration_secs()
    );
    // What the mixer has made is still on its way through the sound server.
    thread::sleep(Duration::from_millis(700));
}

#[test]
#[ignore = "needs PulseAudio and ../shared: run scripts/play-headless.sh"]
fn what_cpal_hands_to_the_device_is_the_resampled_clip() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/headless-audio.sh");
    let expected = Prepared::new(&demo_clip(), FORMAT);
    let frames = expected.samples().len() / FORMAT.channels;
    // Past the fade-in (1 ms) and before the fade-out (5 ms) every sample passes unchanged.
    let compared = 48..frames - 240;
    for attempt in 1..=ATTEMPTS {
        let Some(recording) = record(&tool) else { continue };
        let start = best_start(&recording, expected.samples());
        let heard = &recording[start * FORMAT.channels..];
        let compared_samples = compared.start * 2..compared.end * 2;
        let largest =
            largest_difference(&heard[compared_samples.clone()], &expected.samples()[compared_samples]);
        println!(
            "attempt {attempt}: {} frames recorded, clip found at frame {start}, {} frames compared, largest difference {largest:e}",
            recording.len() / FORMAT.channels,
            compared.len()
        );
        if largest < 1e-6 {
            return;
        }
    }
    panic!("no attempt of {ATTEMPTS} arrived whole");
}

/// Runs the test above this one under the tool; returns the interleaved samples that reached the device.
fn record(tool: &Path) -> Option<Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let out: PathBuf = folder.path().join("out.f32");
    let status = Command::new(tool)
        .arg(&out)
        .arg(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "play_the_demo_clip_through_cpal"])
        .status()
        .unwrap();
    if !status.success() {
        println!("the sound did not reach its end: {status}");
        return None;
    }
    let bytes = fs::read(&out).unwrap();
    let samples = bytes.chunks_exact(4).map(|sample| f32::from_le_bytes(sample.try_into().unwrap()));
    Some(samples.collect())
}

/// The frame at which `expected` fits best, by its squared difference over a loud piece.
fn best_start(recording: &[f32], expected: &[f32]) -> usize {
    let left = |samples: &[f32]| samples.iter().step_by(2).copied().collect::<Vec<f32>>();
    let (recording, expected) = (left(recording), left(expected));
    let piece = 1000..1000 + 2000.min(expected.len() / 4);
    let last = recording.len().saturating_sub(expected.len());
    let error = |start: usize| -> f32 {
        let heard = &recording[start + piece.start..start + piece.end];
        heard.iter().zip(&expected[piece.clone()]).map(|(a, b)| (a - b).powi(2)).sum()
    };
    (0..last).min_by(|&a, &b| error(a).total_cmp(&error(b))).expect("the recording is long enough")
}
