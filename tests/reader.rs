//! The real window, read as a screen reader reads it: over AT-SPI, on a screen and a bus of its own (`scripts/read-window.py`).

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::process::Command;

/// What is read of the window once names in it contain `awaited`, after the controls called `pressed` were pressed.
fn read(pressed: &[&str], awaited: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut reader = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/read-window.py"));
    reader.args(pressed.iter().flat_map(|name| ["--press", name]));
    reader.args(awaited.iter().flat_map(|name| ["--until", name]));
    reader.arg(env!("CARGO_BIN_EXE_timbrespace"));
    reader.env("TIMBRESPACE_DATA_DIR", data.path()).env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE");
    let output = reader.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The line that begins with `role` and `name`, without its indentation.
fn line<'a>(read: &'a str, role: &str, name: &str) -> &'a str {
    let start = format!("{role} \"{name}");
    let found = read.lines().map(str::trim_start).find(|line| line.starts_with(&start));
    found.unwrap_or_else(|| panic!("no {start} in\n{read}"))
}

#[cfg_attr(
    not(has_at_spi),
    ignore = "needs xvfb, xauth, dbus, at-spi2-core, python3-gi and gir1.2-atspi-2.0: scripts/read-window.py --check"
)]
#[test]
fn a_screen_reader_finds_the_window_the_list_and_the_map() {
    let read = read(&["Instrument"], &["Map of", "Effect of Latent 0", "Image: Decoded spectrogram"]);
    assert_eq!(line(&read, "frame", ""), "frame \"Demo sounds – demo model – Timbrespace\"");
    assert_eq!(line(&read, "list box", ""), "list box \"Recordings\"");
    let first = line(&read, "list item", "bell/bell_000.wav");
    assert!(first.contains("(bell, 0.") && first.contains("[selected]"), "{first}");
    let map = line(&read, "canvas", "Map of 360 recordings");
    assert!(map.contains("(position ") && map.contains(", nearest "), "{map}");
    let meter = line(&read, "level bar", "Level silent");
    assert!(meter.ends_with("= -60"), "{meter}");
    line(&read, "image", "Effect of Latent 0\" (mean change ");
    line(&read, "image", "Image: Decoded spectrogram\" (256 × 64, ");
}
