//! End of a clip: a fade-out, or a cross-fade into the beginning of a loop.
//!
//! All fades are those of [`timbrespace_signal::dsp::fade`].

use timbrespace_signal::dsp::fade::{FADE_SECS, quarter_sine};

use super::stream_format::StreamFormat;

/// Length of a clip and behaviour at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edges {
    /// Frames in the clip.
    pub len: usize,
    /// Frames of the cross-fade at the loop seam, or of the fade-out.
    pub seam: usize,
    /// Whether the clip loops.
    pub looping: bool,
}

/// Contributions to one output frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mix {
    /// Factor on the current frame.
    pub own: f32,
    /// Index and factor of a frame from the clip's beginning, during a cross-fade.
    pub beginning: Option<(usize, f32)>,
}

impl Edges {
    /// Edges of a clip of `len` frames; short clips have shorter fades.
    pub fn new(len: usize, format: StreamFormat, looping: bool) -> Self {
        let fade = (FADE_SECS * format.sample_rate_hz as f32) as usize;
        Self { len, seam: fade.min(len / 2), looping }
    }

    /// Contributions to the output at frame `position`.
    pub fn mix(&self, position: usize) -> Mix {
        let Some(into_seam) = (position + self.seam).checked_sub(self.len) else {
            return Mix { own: 1.0, beginning: None };
        };
        let crossed = into_seam as f32 / self.seam.max(1) as f32;
        let beginning = self.looping.then(|| (into_seam, quarter_sine(crossed)));
        Mix { own: quarter_sine(1.0 - crossed), beginning }
    }

    /// The frame to play at `position`, wrapping around in a loop; `None` at the end.
    pub fn next_position(&self, position: usize) -> Option<usize> {
        if position < self.len {
            return Some(position);
        }
        // The frames before `seam` were already played during the cross-fade.
        (self.looping && self.len > 0).then_some(self.seam)
    }
}
