//! View of a long sound: which part of it is computed.

use std::{ops::Range, sync::Arc};

use crate::{
    inspect::envelope::Envelope,
    pipeline::long_sound::{LongSound, MOST_COLUMNS, Tile},
};

/// A long sound and the part of it that is computed.
#[derive(Clone, Debug)]
pub struct LongView {
    /// The sound.
    pub sound: Arc<LongSound>,
    /// Summary of its loaded signal.
    pub signal: Arc<Envelope>,
    /// Summary of its padded signal.
    pub padded: Arc<Envelope>,
    /// The newest part; the sound's overview serves where there is none.
    pub tile: Option<Arc<Tile>>,
    /// Number of parts computed so far, so that caches can tell.
    pub parts: u64,
    /// Seconds that the window shows.
    pub looking: (f64, f64),
    /// Frames requested and not computed yet.
    pub asked: Option<Range<usize>>,
}

impl LongView {
    /// A view of the whole of `sound`.
    pub(super) fn new(sound: LongSound) -> Self {
        let padded = Arc::new(Envelope::new(&sound.padded));
        let is_padded = sound.signal.len() < sound.padded.len();
        let signal = if is_padded { Arc::new(Envelope::new(sound.signal())) } else { Arc::clone(&padded) };
        let secs = sound.padded.len() as f64 / f64::from(sound.config.sample_rate_hz.max(1));
        Self {
            sound: Arc::new(sound),
            signal,
            padded,
            tile: None,
            parts: 0,
            looking: (0.0, secs),
            asked: None,
        }
    }

    /// The images to draw for what is looked at: the newest part where it covers that, else the picture of the whole; and
    /// a number that differs between images.
    pub fn shown(&self) -> (&Tile, u64) {
        match &self.tile {
            Some(tile) if covers(&tile.frames(self.sound.frames), &self.visible()) => (tile, self.parts),
            _ => (&self.sound.overview, 0),
        }
    }

    fn rate(&self) -> f64 {
        f64::from(self.sound.config.sample_rate_hz.max(1))
    }

    /// The frames that the window shows.
    fn visible(&self) -> Range<usize> {
        let frame = |secs: f64| secs * self.rate() / self.sound.config.hop_length.max(1) as f64;
        let first = frame(self.looking.0).floor().max(0.0) as usize;
        let after = frame(self.looking.1).ceil().max(0.0) as usize + 1;
        first.min(self.sound.frames)..after.min(self.sound.frames)
    }

    /// The part to compute, unless what is there, or on its way, is fine enough.
    pub(super) fn wanted(&self) -> Option<Range<usize>> {
        let visible = self.visible();
        // Half of what is seen on either side, so that moving on does not begin with a blur.
        let margin = visible.len() / 2;
        let part = visible.start.saturating_sub(margin)..(visible.end + margin).min(self.sound.frames);
        let finest = part.len().div_ceil(MOST_COLUMNS).max(1);
        let is_fine = |tile: &Tile| {
            tile.frames_per_column <= finest && covers(&tile.frames(self.sound.frames), &visible)
        };
        let is_there = is_fine(&self.sound.overview) || self.tile.as_deref().is_some_and(is_fine);
        let is_coming = self
            .asked
            .as_ref()
            .is_some_and(|asked| covers(asked, &visible) && asked.len().div_ceil(MOST_COLUMNS) <= finest);
        (!is_there && !is_coming).then_some(part)
    }
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{
        pipeline::{
            config::PreprocessingConfig, long_sound::PartImages, normaliser::MinMaxNormaliser, stages::MinMax,
        },
        session::inspection::state::Inspection,
    };

    fn tile(first_frame: usize, frames_per_column: usize, columns: usize) -> Tile {
        let image = || Array2::zeros((1, columns));
        Tile { first_frame, frames_per_column, magnitude: image(), feature: image(), normalised: image() }
    }

    /// Ten minutes at 22050 Hz, hop 256.
    fn view() -> LongView {
        let config = PreprocessingConfig::default();
        let frames = 51_680;
        let sound = LongSound {
            native_rate_hz: 22_050,
            native_channels: 1,
            native_duration_secs: 600.0,
            padded: vec![0.0; 600 * 22_050],
            signal: 22_050..600 * 22_050,
            frames,
            min_max: MinMax { min: -60.0, max: 20.0 },
            loudest: 10.0,
            flags: Vec::new(),
            overview: tile(0, 26, 1988),
            images: PartImages::new(
                config.feature.extractor(&config),
                Arc::new(MinMaxNormaliser::new(&config)),
                &[],
            ),
            config,
        };
        LongView::new(sound)
    }

    #[test]
    fn the_whole_needs_no_part_and_a_minute_needs_one_with_margins() {
        let mut view = view();
        assert_eq!(view.wanted(), None);
        view.looking = (60.0, 120.0);
        let part = view.wanted().unwrap();
        let frame = |secs: f64| (secs * 22_050.0 / 256.0) as usize;
        assert!(part.start.abs_diff(frame(30.0)) < 3 && part.end.abs_diff(frame(150.0)) < 4, "{part:?}");
        assert_eq!(view.shown().0.frames_per_column, 26);
        view.tile = Some(Arc::new(tile(part.start, 6, part.len().div_ceil(6))));
        assert_eq!(view.wanted(), None);
        assert_eq!(view.shown().0.frames_per_column, 6);
        // A little to the right is still covered; closer needs finer columns, far away another part.
        view.looking = (70.0, 130.0);
        assert_eq!(view.wanted(), None);
        view.looking = (80.0, 82.0);
        assert!(view.wanted().is_some());
        view.looking = (300.0, 360.0);
        assert!(view.wanted().is_some());
        assert_eq!(view.shown().0.frames_per_column, 26);
    }

    #[test]
    fn a_part_on_its_way_is_not_asked_for_again() {
        let mut view = view();
        view.looking = (60.0, 120.0);
        view.asked = view.wanted();
        assert_eq!(view.wanted(), None);
        view.looking = (61.0, 121.0);
        assert_eq!(view.wanted(), None);
        view.looking = (400.0, 410.0);
        assert!(view.wanted().is_some());
    }

    #[test]
    fn it_plays_the_selection_else_from_the_crosshair_else_from_the_left_edge_to_the_end() {
        let mut view = view();
        view.looking = (61.0, 121.0);
        let mut inspection = Inspection { long: Some((0, view)), ..Inspection::default() };
        // The signal begins after a second of padding and is 599 seconds long.
        assert_eq!(inspection.part_to_play(None), Some((60.0, 599.0)));
        assert_eq!(inspection.part_to_play(Some(301.5)), Some((300.5, 599.0)));
        assert_eq!(inspection.part_to_play(Some(0.5)), Some((0.0, 599.0)));
        assert_eq!(inspection.part_to_play(Some(700.0)), Some((60.0, 599.0)), "nothing is there to play");
        inspection.selection = Some((101.0, 103.0));
        assert_eq!(inspection.part_to_play(Some(301.5)), Some((100.0, 102.0)));
    }
}
