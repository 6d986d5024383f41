//! How a clip ends: its last frames fade, or cross with its first ones where it starts over.
//!
//! Every edge is a quarter sine (equal power): two uncorrelated sounds that cross keep their loudness,
//! and neither starts nor ends with a step.

use std::f32::consts::FRAC_PI_2;

use super::{backend::StreamFormat, voice::FADE_SECS};

/// The length of a clip and what happens at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edges {
    /// Frames in the clip.
    pub len: usize,
    /// Frames of the cross-fade at the loop seam, or of the fade at the natural end.
    pub seam: usize,
    /// Whether it starts over.
    pub looping: bool,
}

/// What sounds at one place of a clip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mix {
    /// Factor on the frame itself.
    pub own: f32,
    /// A frame of the clip's beginning that sounds with it, and its factor.
    pub beginning: Option<(usize, f32)>,
}

impl Edges {
    /// Those of a clip of `len` frames.
    pub fn new(len: usize, format: StreamFormat, looping: bool) -> Self {
        let fade = (FADE_SECS * format.sample_rate_hz as f32) as usize;
        Self { len, seam: fade.min(len / 2), looping }
    }

    /// What sounds at frame `position`.
    pub fn mix(&self, position: usize) -> Mix {
        let Some(into_seam) = (position + self.seam).checked_sub(self.len) else {
            return Mix { own: 1.0, beginning: None };
        };
        let crossed = into_seam as f32 / self.seam.max(1) as f32;
        let beginning = self.looping.then(|| (into_seam, quarter_sine(crossed)));
        Mix { own: quarter_sine(1.0 - crossed), beginning }
    }

    /// The frame to play after all those before `position`; `None` at the end.
    pub fn go_on(&self, position: usize) -> Option<usize> {
        if position < self.len {
            return Some(position);
        }
        // The frames before `seam` have already sounded under the tail.
        (self.looping && self.len > 0).then_some(self.seam)
    }
}

/// `sin(level * pi / 2)`, exactly 1 at the end of a fade so that the samples in between pass unchanged.
pub(super) fn quarter_sine(level: f32) -> f32 {
    if level >= 1.0 { 1.0 } else { (level * FRAC_PI_2).sin() }
}
