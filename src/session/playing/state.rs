//! What playing shows: levels, devices, recordings.

use std::time::{Duration, Instant};

use crate::playback::{backend::OutputDevice, microphone::TakeProgress};

/// Time that the clip light stays on after the last limited sample.
const CLIP_LIGHT: Duration = Duration::from_secs(4);
/// Fall of the level's bar in decibels a second, as programme meters have it.
const FALL_DB: f32 = 24.0;
/// Lowest level that is shown, in dBFS.
pub const LOWEST_DB: f32 = -60.0;

/// How loud the output is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelState {
    /// What the bar shows, in dB re full scale.
    pub db: f32,
    /// Whether something was limited lately.
    pub is_clipped: bool,
    at: Option<Instant>,
    pub(super) clipped_at: Option<Instant>,
}

impl Default for LevelState {
    fn default() -> Self {
        Self { db: LOWEST_DB, is_clipped: false, at: None, clipped_at: None }
    }
}

impl LevelState {
    /// Takes in what has been heard since the last look.
    pub(super) fn update(&mut self, peak: f32, clipped: u64, now: Instant) {
        let heard = 20.0 * peak.max(f32::MIN_POSITIVE).log10();
        let since = self.at.map_or(0.0, |at| now.duration_since(at).as_secs_f32());
        self.db = heard.max(self.db - FALL_DB * since).max(LOWEST_DB);
        self.at = Some(now);
        if clipped > 0 {
            self.clipped_at = Some(now);
        }
        self.is_clipped = self.clipped_at.is_some_and(|at| now.duration_since(at) < CLIP_LIGHT);
    }
}

/// What playing shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayingState {
    /// How loud the output is.
    pub level: LevelState,
    /// Output devices, as far as they were asked for.
    pub devices: Vec<OutputDevice>,
    /// Seconds of the output recorded so far.
    pub recording_secs: Option<f64>,
    /// The microphone's take under way.
    pub take: Option<TakeProgress>,
    /// MIDI ports, as far as they were asked for.
    pub midi_ports: Vec<String>,
    /// The port that is open.
    pub midi_connected: Option<String>,
    /// The axis that waits for a control, by its place among the sliders.
    pub learning: Option<usize>,
    /// What MIDI said last, in words.
    pub midi_said: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_rises_at_once_and_falls_slowly_and_the_light_stays_a_while() {
        let mut level = LevelState::default();
        let start = Instant::now();
        level.update(0.5, 0, start);
        assert!((level.db + 6.02).abs() < 0.01);
        level.update(0.0, 2, start + Duration::from_millis(500));
        assert!((level.db + 18.02).abs() < 0.01, "{}", level.db);
        assert!(level.is_clipped);
        level.update(0.0, 0, start + Duration::from_secs(4));
        assert_eq!(level.db, LOWEST_DB);
        assert!(level.is_clipped);
        level.update(0.0, 0, start + Duration::from_secs(5));
        assert!(!level.is_clipped);
    }
}
