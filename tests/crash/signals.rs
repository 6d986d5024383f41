//! SIGINT, SIGTERM and SIGHUP end a command soon, with the exit code that shells expect, and a run with a checkpoint.

use std::process::Output;

use timbrespace::jobs::runs::record::{RunEnd, RunRecord};

use super::*;

/// How soon a command must have ended.
const SOON: Duration = Duration::from_secs(2);
/// Time that a command is given to be at work.
const AT_WORK: Duration = Duration::from_millis(500);
const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

fn send(signal: &str, child: &Child) {
    let sent = Command::new("sh").args(["-c", "kill -$0 $1", signal]).arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
}

/// Starts `command`, sends it a signal while it is at work and waits for its end, which must come soon.
///
/// A machine may be so fast that the work is done before the signal; it is then begun again and stopped sooner.
fn stopped(command: &mut Command, signal: &str, words: &str) -> Output {
    let mut at_work = AT_WORK;
    loop {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        thread::sleep(at_work);
        if child.try_wait().unwrap().is_some() {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{words}: it failed before the signal: {}", stderr(&output));
            at_work /= 2;
            assert!(at_work >= AT_WORK / 8, "{words}: it has no work to stop");
            continue;
        }
        let start = Instant::now();
        send(signal, &child);
        let output = child.wait_with_output().unwrap();
        assert!(start.elapsed() < SOON, "{words}: {} ms", start.elapsed().as_millis());
        return output;
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_run_that_is_stopped_by_signals_at_random_moments_ends_with_the_very_same_model() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let (whole, out) = (dir.path().join("whole"), dir.path().join("stopped"));
    let start = Instant::now();
    end(&mut train(&sounds, &whole, false, EPOCHS));
    let duration = start.elapsed();
    let stops: usize = std::env::var("TIMBRESPACE_STOPS").map_or(4, |stops| stops.parse().unwrap());
    let mut random = StdRng::seed_from_u64(12);
    let (mut stopped, mut finished) = (0, 0);
    while stopped < stops {
        let (signal, code) = if stopped % 4 == 3 { SIGNALS[random.random_range(0..3)] } else { SIGNALS[1] };
        let mut child = train(&sounds, &out, has_checkpoint(&out), EPOCHS).spawn().unwrap();
        thread::sleep(duration.mul_f64(random.random_range(0.1..0.7)));
        if child.try_wait().unwrap().is_none() {
            send(signal, &child);
        }
        let status = child.wait().unwrap();
        let words = format!("stop {} by SIG{signal}: {status}", stopped + 1);
        check(&out, &words);
        if status.success() {
            assert_same_model(&whole, &out);
            fs::remove_dir_all(&out).unwrap();
            finished += 1;
            assert!(finished < 10 * stops, "nearly every process ends before it is stopped");
            continue;
        }
        assert_eq!(status.code(), Some(code), "{words}");
        if out.join("run.json").exists() {
            assert_eq!(RunRecord::read(&out).unwrap().status, RunEnd::Stopped, "{words}");
            assert!(has_checkpoint(&out) && Bundle::is_bundle(&out), "{words}");
        }
        stopped += 1;
    }
    println!("{stopped} processes stopped by signals, {finished} more ended before");
    end(&mut train(&sounds, &out, has_checkpoint(&out), EPOCHS));
    assert_same_model(&whole, &out);
}

#[test]
fn every_signal_stops_a_run_with_its_own_exit_code_and_says_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    for (signal, code) in SIGNALS {
        let out = dir.path().join(signal);
        let mut child = train(&sounds, &out, false, 4000).stderr(Stdio::piped()).spawn().unwrap();
        wait_for_checkpoint(&out, &mut child);
        send(signal, &child);
        let output = child.wait_with_output().unwrap();
        let words = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{words}");
        assert!(words.contains(&format!("SIG{signal}: stopping")) && words.contains("--resume"), "{words}");
        assert_eq!(RunRecord::read(&out).unwrap().status, RunEnd::Stopped);
        assert!(Bundle::is_bundle(&out) && has_checkpoint(&out));
    }
}

#[test]
fn a_run_that_was_started_by_nohup_outlives_its_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let out = dir.path().join("B");
    let mut child = Command::new("sh")
        .args(["-c", "trap '' HUP; exec \"$0\" train \"$1\" --out \"$2\" --preset small --epochs 4000"])
        .arg(PROGRAM)
        .args([&sounds, &out])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(AT_WORK);
    send("HUP", &child);
    thread::sleep(SOON);
    assert!(child.try_wait().unwrap().is_none(), "the ignored signal stopped it");
    send("TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// A minute of noise, which takes long to look at as one image.
fn long_sound(dir: &Path) -> PathBuf {
    let path = dir.join("long.wav");
    let mut random = StdRng::seed_from_u64(1);
    let samples = (0..22_050 * 240).map(|_| random.random_range(-0.5..0.5)).collect();
    let clip = timbrespace::audio::clip::Clip::mono(samples, 22_050);
    timbrespace::audio::encode::write_wav(&path, &clip, timbrespace::audio::encode::BitDepth::Int16).unwrap();
    path
}

#[test]
fn every_long_command_ends_soon_after_a_signal() {
    let dir = tempfile::tempdir().unwrap();
    let few = sounds(dir.path());
    let bundle = dir.path().join("B");
    end(&mut train(&few, &bundle, false, 1));
    let many = dir.path().join("many");
    for copy in 0..30 {
        for class in names(&few).iter().filter(|class| few.join(class).is_dir()) {
            fs::create_dir_all(many.join(class)).unwrap();
            for name in names(&few.join(class)) {
                let target = many.join(class).join(format!("{copy}_{name}"));
                fs::hard_link(few.join(class).join(&name), target).unwrap();
            }
        }
    }
    let (long, out) = (long_sound(dir.path()), dir.path().join("out"));
    let (many, bundle, long, out) =
        (many.to_str().unwrap(), bundle.to_str().unwrap(), long.to_str().unwrap(), out.to_str().unwrap());
    let commands: [&[&str]; 9] = [
        &["preprocess", many, "--out", out, "--sample-rate", "44100", "--frame-size", "2048"],
        &["train", many, "--out", out, "--sample-rate", "44100", "--frame-size", "2048"],
        &["doctor", many],
        &["encode", bundle, many, "--out", out],
        &["evaluate", bundle, many],
        &["generate", bundle, "--out", out, "--count", "10000"],
        &["neighbours", bundle, many, "--labels", "{copy}_{class}_{index}", "--kept-out", "copy=0,1,2"],
        &["compare-loading", many, "--epochs", "50"],
        &["stages", long, "--out", out, "--duration", "full", "--sample-rate", "44100"],
    ];
    for (command, (signal, code)) in commands.into_iter().zip(SIGNALS.into_iter().cycle()) {
        let words = format!("{} by SIG{signal}", command[0]);
        let output = stopped(Command::new(PROGRAM).args(command), signal, &words);
        assert_eq!(output.status.code(), Some(code), "{words}: {}", stderr(&output));
        assert!(stderr(&output).contains(&format!("SIG{signal}: stopping")), "{words}: {}", stderr(&output));
        let left = fs::read_dir(out).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let litter: Vec<_> =
            left.filter(|name| name.to_str().unwrap().starts_with(".timbrespace-")).collect();
        assert!(litter.is_empty(), "{words}: {litter:?}");
    }
}
