//! Numbers formatted for people.

use std::{borrow::Cow, path::Path, time::SystemTime};

use egui_plot::GridMark;

pub use crate::numbers::{count, fixed, signed, significant};
use crate::{
    language::text,
    names::{escaped, shown},
    numbers,
};

/// The name of a class for display.
pub fn class_name(class: &str) -> Cow<'_, str> {
    if class.is_empty() { text!("no-class").into() } else { escaped(class) }
}

/// Duration of a sound: `0.743 s`, `12.3 s`, `3:05 min`.
pub fn seconds(secs: f64) -> String {
    if secs < 10.0 {
        format!("{secs:.3} s")
    } else if secs < 60.0 {
        format!("{secs:.1} s")
    } else {
        let whole = secs.round() as u64;
        format!("{}:{:02} min", whole / 60, whole % 60)
    }
}

/// Duration of a sound in a column of seconds: `0.74`, `12.3`, `3:05`.
pub fn bare_seconds(secs: f64) -> String {
    if secs < 10.0 {
        format!("{secs:.2}")
    } else if secs < 60.0 {
        format!("{secs:.1}")
    } else {
        let whole = secs.round() as u64;
        format!("{}:{:02}", whole / 60, whole % 60)
    }
}

/// Whether [`waiting`] has no number for so short a time.
pub fn is_instant(secs: f64) -> bool {
    secs.max(0.0).round() < 1.0
}

/// Remaining time: `less than a second`, `12 s`, `3 min 20 s`, `2 h 05 min`.
pub fn waiting(secs: f64) -> String {
    let whole = secs.max(0.0).round() as u64;
    match whole {
        0 => text!("less-than-a-second"),
        1..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

/// Memory or a file's size: `512 B`, `64 KiB`, `1.5 GiB`.
pub fn bytes(number: usize) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 1023.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{} {}", tick(value), UNITS[unit])
}

/// A sample rate: `8 kHz`, `22.05 kHz`.
pub fn rate(hz: u32) -> String {
    format!("{} kHz", f64::from(hz) / 1000.0)
}

/// A frequency: `1,250 Hz`.
pub fn hertz(hz: f64) -> String {
    format!("{} Hz", count(hz.max(0.0).round() as usize))
}

/// As [`significant`], without trailing zeros.
pub fn tick(value: f64) -> String {
    without_zeros(&significant(value))
}

/// A power of ten as a tick label of an axis with many: `1e6`, `1e−4`.
pub fn power_of_ten(exponent: i32) -> String {
    format!("1e{exponent}").replace('-', "−")
}

/// A tick label: as [`tick`], with all the digits in which it differs from its neighbours.
pub fn tick_at(mark: GridMark) -> String {
    tick_in_steps(mark.value, mark.step_size)
}

/// A tick label of an axis whose neighbouring values are `step` apart.
pub fn tick_in_steps(value: f64, step: f64) -> String {
    without_zeros(&numbers::digits(value, step))
}

fn without_zeros(text: &str) -> String {
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

/// A tick label of a frequency axis in Hz, whose ticks are at round values: `500`, `2k`, `10.25k`.
pub fn tick_hz(hz: f64) -> String {
    if hz < 999.5 {
        without_zeros(&fixed(hz, 2))
    } else {
        without_zeros(&format!("{:.5}", hz / 1000.0)) + "k"
    }
}

/// A tick label of a time axis, with the decimals its steps need; `min:s` from one minute on.
pub fn tick_secs(mark: GridMark) -> String {
    let decimals = (-mark.step_size.max(1e-9).log10().floor()).clamp(0.0, 6.0) as usize;
    let sign = if mark.value < -1e-9 { "−" } else { "" };
    let secs = mark.value.abs();
    if secs < 60.0 {
        return format!("{sign}{secs:.decimals$}");
    }
    let minutes = (secs / 60.0 + 1e-9).floor();
    let rest = (secs - 60.0 * minutes).max(0.0);
    let width = if decimals == 0 { 2 } else { 3 + decimals };
    format!("{sign}{minutes:.0}:{rest:0width$.decimals$}")
}

/// Elapsed time, such as `2 hours ago`.
pub fn ago(when: SystemTime, now: SystemTime) -> String {
    let secs = now.duration_since(when).map_or(0, |passed| passed.as_secs());
    match secs {
        0..60 => text!("just-now"),
        60..3600 => text!("minutes-ago", count = secs / 60),
        3600..86_400 => text!("hours-ago", count = secs / 3600),
        _ => text!("days-ago", count = secs / 86_400),
    }
}

/// The cause of a file's failure without the path of the file, for where that is named already.
pub fn cause_alone<'a>(path: &Path, cause: &'a str) -> &'a str {
    let path = shown(path).to_string();
    cause.strip_prefix(&*path).and_then(|cause| cause.strip_prefix(": ")).unwrap_or(cause)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn elapsed_time_is_given_in_its_largest_unit() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(100);
        let words = |secs| ago(now.checked_sub(Duration::from_secs(secs)).unwrap(), now);
        assert_eq!(
            [words(5), words(60), words(7300), words(200_000)],
            ["just now", "1 minute ago", "2 hours ago", "2 days ago"]
        );
    }

    #[test]
    fn lengths_and_rates_carry_their_units() {
        assert_eq!(seconds(0.7431), "0.743 s");
        assert_eq!(seconds(185.0), "3:05 min");
        assert_eq!(bare_seconds(59.94), "59.9");
        assert_eq!(waiting(0.2), "less than a second");
        assert_eq!(waiting(200.0), "3 min 20 s");
        assert_eq!(waiting(7500.0), "2 h 05 min");
        assert_eq!(rate(22_050), "22.05 kHz");
        assert_eq!(hertz(1250.4), "1,250 Hz");
    }

    #[test]
    fn sizes_are_given_in_the_unit_that_fits() {
        assert_eq!([bytes(512), bytes(65_536), bytes(1 << 20)], ["512 B", "64 KiB", "1 MiB"]);
        assert_eq!([bytes(3 << 29), bytes(16 << 30)], ["1.5 GiB", "16 GiB"]);
    }

    #[test]
    fn axes_have_short_labels() {
        assert_eq!([tick_hz(500.0), tick_hz(2000.0), tick_hz(1500.0)], ["500", "2k", "1.5k"]);
        let mark = |value, step_size| tick_secs(GridMark { value, step_size });
        assert_eq!([mark(0.2, 0.1), mark(0.25, 0.05), mark(12.0, 1.0)], ["0.2", "0.25", "12"]);
        assert_eq!([tick_hz(10_220.0), tick_hz(10_225.5), tick_hz(440.5)], ["10.22k", "10.2255k", "440.5"]);
        assert_eq!([mark(60.0, 20.0), mark(185.0, 5.0), mark(3601.5, 0.5)], ["1:00", "3:05", "60:01.5"]);
    }

    #[test]
    fn three_digits_suffice_for_small_and_large_losses() {
        assert_eq!(significant(0.010_94), "0.0109");
        assert_eq!(significant(12_345.6), "12,346");
        assert_eq!(significant(0.000_012), "1.2e-5");
        assert_eq!(significant(5.0), "5.00");
        assert_eq!(tick(5.0), "5");
        assert_eq!(tick(0.020), "0.02");
        assert_eq!(tick(200.0), "200");
        assert_eq!([tick(-0.25), tick(-12_345.6), tick(-0.0)], ["−0.25", "−12,346", "0"]);
    }

    #[test]
    fn neighbouring_ticks_have_different_labels_however_small_their_distance() {
        let labels = |first: f64, step: f64| {
            [0, 1, 2, 3]
                .map(|index| tick_at(GridMark { value: first + f64::from(index) * step, step_size: step }))
        };
        assert_eq!(labels(-1.94, 0.005), ["−1.94", "−1.935", "−1.93", "−1.925"]);
        assert_eq!(labels(1000.0, 0.5), ["1,000", "1,000.5", "1,001", "1,001.5"]);
        assert_eq!(labels(2e9, 1e6), ["2.000e9", "2.001e9", "2.002e9", "2.003e9"]);
        assert_eq!(labels(0.0, 0.2), ["0", "0.2", "0.4", "0.6"]);
    }
}
