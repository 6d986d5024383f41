//! Wall-clock time, for records that are kept.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, tz::TimeZone};

/// Seconds since 1970, UTC.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Seconds since 1970, UTC, with their fraction.
pub fn precise_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// Formats as `2026-03-09 17:05 UTC`; times after the year 9999 as its last moment.
pub fn date(seconds: u64) -> String {
    moment(seconds).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Formats as `2026-03-09 18:05` in the time zone of the system; as [`date`] where that is unknown.
pub fn local_date(seconds: u64) -> String {
    TimeZone::try_system().map_or_else(|_| date(seconds), |zone| date_in(seconds, zone))
}

fn date_in(seconds: u64, zone: TimeZone) -> String {
    moment(seconds).to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Formats as `2026-03-09 17:05:42 UTC`; times after the year 9999 as its last moment.
pub fn date_and_seconds(seconds: u64) -> String {
    moment(seconds).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn moment(seconds: u64) -> Timestamp {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_date_is_that_of_its_time_zone() {
        let zone = |hours| TimeZone::fixed(jiff::tz::offset(hours));
        assert_eq!(date_in(1_709_251_199, zone(0)), "2024-02-29 23:59");
        assert_eq!(date_in(1_709_251_199, zone(8)), "2024-03-01 07:59");
        assert_eq!(date_in(1_709_251_199, zone(-5)), "2024-02-29 18:59");
    }

    #[test]
    fn a_date_follows_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00 UTC");
        // `date -u -d '2024-02-29 23:59:59' +%s`
        assert_eq!(date(1_709_251_199), "2024-02-29 23:59 UTC");
        assert_eq!(date(1_709_251_200), "2024-03-01 00:00 UTC");
        assert_eq!(date_and_seconds(1_709_251_199), "2024-02-29 23:59:59 UTC");
        assert_eq!(date(4_102_444_800), "2100-01-01 00:00 UTC");
        assert!(date(u64::MAX).starts_with("9999-12-30"), "a damaged record: {}", date(u64::MAX));
    }
}
