//! State of playing: levels, devices, recordings.

use crate::session::spoken::Spoken;
use std::time::{Duration, Instant};

use crate::playback::{backend::OutputDevice, microphone::TakeProgress};

/// Time that the clip light stays on after the last limited sample.
const CLIP_LIGHT: Duration = Duration::from_secs(4);
/// Fall of the level bar in decibels per second, as in programme meters.
const FALL_DB: f32 = 24.0;
/// Lowest level that is shown, in dBFS.
pub const LOWEST_DB: f32 = -60.0;

/// Level of the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelState {
    /// Level of the bar, in dB re full scale.
    pub db: f32,
    /// Whether samples were limited recently.
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
    /// Updates the levels from the output since the last call.
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

/// State of playing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayingState {
    /// Level of the output.
    pub level: LevelState,
    /// Output devices, once requested.
    pub devices: Vec<OutputDevice>,
    /// Seconds of the output recorded so far.
    pub recording_secs: Option<f64>,
    /// Whether the folder of the recordings took no more of the last one: another can be chosen.
    pub is_folder_refused: bool,
    /// The current take of the microphone.
    pub take: Option<TakeProgress>,
    /// MIDI ports, once requested.
    pub midi_ports: Vec<String>,
    /// The port that is open.
    pub midi_connected: Option<String>,
    /// The axis that waits for a control, by index among the sliders.
    pub learning: Option<usize>,
    /// The last MIDI message, in words.
    pub midi_said: Option<Spoken>,
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
