//! The program itself on sounds that would take gigabytes, stop it, or make a decoder panic.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Kilobytes of address space that the program gets.
const ADDRESS_SPACE_KB: usize = 4_000_000;

/// Runs the program with little memory; `arguments` follow its name.
fn run(arguments: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", &format!("ulimit -v {ADDRESS_SPACE_KB}; exec timeout 60 \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_timbrespace"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs the program, which refuses: exit code 1, one message with all `parts`, and no panic.
fn assert_refused(arguments: &[&str], parts: &[&str]) {
    let output = run(arguments);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {message}");
    for part in parts {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A 16-bit WAV file of one channel.
fn wav(path: &Path, rate_hz: u32, samples: usize) {
    let bytes = (samples * 2) as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate_hz.to_le_bytes());
    file.extend((2 * rate_hz).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    file.extend((0..bytes).map(|n| (n * 37) as u8));
    fs::write(path, file).unwrap();
}

#[test]
fn a_header_that_claims_a_packet_of_gigabytes_takes_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.caf");
    let out = folder.path().join("out");
    for channels in [1_u32, 8] {
        let mut caf = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
        caf.extend(22_050_f64.to_be_bytes());
        caf.extend(b"lpcm");
        caf.extend(
            [2, channels * 3, u32::MAX, channels, 24].iter().flat_map(|number: &u32| number.to_be_bytes()),
        );
        let data = vec![0; 4 + 3 * channels as usize];
        caf.extend(b"data");
        caf.extend((data.len() as u64).to_be_bytes());
        caf.extend(data);
        fs::write(&path, caf).unwrap();
        let parts = ["bomb.caf", "samples in a packet", "export it again"];
        assert_refused(&["stages", text(&path), "--out", text(&out)], &parts);
    }
}

#[test]
fn a_rate_of_100_hz_does_not_make_a_small_file_gigabytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.wav");
    wav(&path, 100, 2_000_000);
    let out = folder.path().join("out");
    let parts = ["slow.wav", "20000 s", "GiB", "--duration SECONDS"];
    for command in ["stages", "preprocess"] {
        let arguments = [command, text(&path), "--out", text(&out), "--duration", "full"];
        assert_refused(&arguments, &parts);
    }
    let arguments = ["stages", text(&path), "--out", text(&out), "--duration", "0.74"];
    assert!(run(&arguments).status.success());
}

#[test]
fn one_long_recording_does_not_pad_a_folder_to_gigabytes() {
    let folder = tempfile::tempdir().unwrap();
    let sounds = folder.path().join("sounds");
    fs::create_dir(&sounds).unwrap();
    for n in 0..600 {
        wav(&sounds.join(format!("short_{n}.wav")), 22_050, 500);
    }
    wav(&sounds.join("long.wav"), 22_050, 60 * 22_050);
    let out = folder.path().join("out");
    let parts = ["long.wav", "60 s", "601 recordings", "3.0 GiB", "--duration SECONDS"];
    for command in ["preprocess", "train"] {
        let arguments = [command, text(&sounds), "--out", text(&out), "--duration", "full"];
        assert_refused(&arguments, &parts);
        assert!(!out.join("spectrograms").exists(), "{command} wrote images");
    }
}

fn panicking_sound(folder: &Path) -> PathBuf {
    let path = folder.join("panic.ogg");
    fs::write(&path, include_bytes!("hostile/panic_vorbis_floor793.ogg")).unwrap();
    path
}

#[test]
fn a_panic_of_a_decoder_prints_its_cause_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = panicking_sound(folder.path());
    let out = folder.path().join("out");
    let output = run(&["stages", text(&path), "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("panic.ogg") && message.contains("copy or export it again"), "{message}");
}

#[test]
fn a_pipe_or_a_device_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.wav");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let zero = folder.path().join("zero.wav");
    std::os::unix::fs::symlink("/dev/zero", &zero).unwrap();
    let out = folder.path().join("out");
    for (path, kind) in [(&pipe, "a named pipe (FIFO)"), (&zero, "a device")] {
        for command in ["stages", "preprocess"] {
            assert_refused(&[command, text(path), "--out", text(&out)], &[kind]);
        }
    }
    let model = folder.path().join("model");
    fs::create_dir(&model).unwrap();
    assert!(Command::new("mkfifo").arg(model.join("config.json")).status().unwrap().success());
    assert_refused(&["generate", text(&model), "--out", text(&out)], &["config.json", "a named pipe (FIFO)"]);
}
