//! State of the stages view.

use std::sync::Arc;

use super::long_view::LongView;
use crate::jobs::JobError;
use crate::pipeline::{config::PreprocessingConfig, stages::Stages};

/// The selected recording's stages.
#[derive(Debug, Default)]
pub struct Inspection {
    /// Whether stages are being computed.
    pub busy: bool,
    /// The part of a long recording that is done, 0 to 1, while it is opened.
    pub opening: Option<f32>,
    /// The newest stages, and the recording's index; kept while the next are computed.
    pub stages: Option<(usize, Arc<Stages>)>,
    /// A long sound in place of `stages`, and the recording's index.
    pub long: Option<(usize, LongView)>,
    /// The settings that made `stages`: axes are drawn from these, also while newer ones are being applied.
    pub config: PreprocessingConfig,
    /// Error, if there are no stages.
    pub error: Option<Arc<JobError>>,
    /// Selected seconds, counted from the beginning of the padded signal.
    pub selection: Option<(f64, f64)>,
    /// Two recordings to compare.
    pub pins: [Option<Pin>; 2],
    /// Whether the pinned recordings are shown instead of the selected one.
    pub comparing: bool,
    /// Incremented whenever `stages` changes, so that caches can tell.
    pub generation: u64,
}

impl Inspection {
    /// The two pinned recordings, while they are shown in place of the selected one.
    pub fn compared(&self) -> Option<[&Pin; 2]> {
        match &self.pins {
            [Some(a), Some(b)] if self.comparing => Some([a, b]),
            _ => None,
        }
    }

    /// The selection in seconds of the loaded signal, which begins after padding on the left; `None` where nothing of the
    /// signal is selected.
    pub fn selected_signal(&self) -> Option<(f64, f64)> {
        let (from, to) = self.selection?;
        self.part_of_signal(from, to)
    }

    /// The part of the loaded signal to play, in its seconds: what is selected, else from `crosshair` on (seconds of the
    /// padded signal), else, of a long sound, from the left edge of the window on. `None` for all of it.
    pub fn part_to_play(&self, crosshair: Option<f64>) -> Option<(f64, f64)> {
        let from = |secs| self.part_of_signal(secs, f64::INFINITY);
        let at_crosshair = || crosshair.and_then(from);
        let in_sight = || self.long.as_ref().and_then(|(_, view)| from(view.looking.0));
        self.selected_signal().or_else(at_crosshair).or_else(in_sight)
    }

    /// Seconds of the padded signal in seconds of the loaded one, as far as there is some of it.
    fn part_of_signal(&self, from: f64, to: f64) -> Option<(f64, f64)> {
        let (start, len, rate_hz) = match (&self.stages, &self.long) {
            (Some((_, stages)), _) => (stages.signal_start, stages.signal.len(), stages.sample_rate_hz),
            (None, Some((_, view))) => {
                (view.sound.signal.start, view.sound.signal.len(), view.sound.config.sample_rate_hz)
            }
            (None, None) => return None,
        };
        let rate = f64::from(rate_hz.max(1));
        let (start, secs) = (start as f64 / rate, len as f64 / rate);
        let (from, to) = ((from - start).max(0.0), (to - start).min(secs));
        (from < to).then_some((from, to))
    }
}

/// Which of the two pinned recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinSlot {
    /// The first.
    A,
    /// The second.
    B,
}

/// A recording pinned for comparison.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Its index in the library.
    pub recording: usize,
    /// Its name.
    pub name: String,
    /// Its stages.
    pub stages: Arc<Stages>,
    /// The settings that made them.
    pub config: PreprocessingConfig,
}
