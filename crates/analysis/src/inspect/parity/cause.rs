//! What may be behind a difference, recognised by the traces that each known departure leaves.
//!
//! Min-max normalisation hides a constant factor of the signal or another reference level completely, because both add a
//! constant to all decibels; they show in the extremes alone. Other departures show in the size, in the range of the
//! values, or in an image that agrees once it is turned, flipped or moved.

mod words;

use ndarray::{ArrayRef2, Axis, Slice, s};

use super::{Comparison, compare};
use timbrespace_signal::dsp::{frequency_scale::FrequencyScale, normalise::MinMax};

/// A departure that explains a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// Rows and columns have changed places.
    Transposed,
    /// The row of the Nyquist frequency was kept.
    NyquistKept,
    /// One frame more or less.
    OneFrame {
        /// Frames of ours.
        ours: usize,
        /// Frames of theirs.
        theirs: usize,
    },
    /// Another number of rows.
    Bins {
        /// Rows of theirs.
        theirs: usize,
    },
    /// Another number of frames.
    Frames {
        /// Frames of ours.
        ours: usize,
        /// Frames of theirs.
        theirs: usize,
    },
    /// Values that are NaN or infinite.
    NotFinite,
    /// Values far outside the normalised range.
    NotNormalised(MinMax),
    /// Normalised to another range.
    OtherRange(MinMax),
    /// High frequencies first.
    UpsideDown,
    /// Later (positive) or earlier by frames.
    Shifted(isize),
    /// Minimum and maximum both off by one constant.
    Reference(f32),
    /// The maximum agrees, the minimum lies at another distance below it.
    TopDb {
        /// Span of ours.
        ours: f32,
        /// Span of theirs.
        theirs: f32,
    },
    /// Decibels of the squared magnitude as if it were one.
    Squared,
    /// The images agree, the extremes do not.
    Extremes,
    /// The recording was resampled, and resamplers differ.
    Resampled {
        /// Rate of the file in Hz.
        from_hz: u32,
        /// Rate of the settings in Hz.
        to_hz: u32,
    },
}

/// What is known about one recording's two images.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Our image.
    pub ours: &'a ArrayRef2<f32>,
    /// Theirs.
    pub theirs: &'a ArrayRef2<f32>,
    /// Our extremes before normalisation.
    pub our_min_max: MinMax,
    /// The pickle's, where it has them.
    pub their_min_max: Option<MinMax>,
    /// The normalised range of the settings.
    pub range: MinMax,
    /// Rate of the file in Hz.
    pub native_rate_hz: u32,
    /// Rate of the settings in Hz.
    pub sample_rate_hz: u32,
    /// The scale on which the rows of the images are equally far apart; linear rows reach from 0 to half the settings' rate.
    pub rows: FrequencyScale,
    /// Largest difference that needs no explanation.
    pub tolerance: f64,
}

/// Extremes this close count as equal, in dB: single precision and another resampler stay well below it.
const SAME_LEVEL: f32 = 0.1;
/// Part of the normalised range by which values may lie outside it and still count as normalised.
const RANGE_SLACK: f32 = 0.02;
/// Spans this many times the normalised range belong to an image that was never normalised.
const NOT_NORMALISED: f32 = 4.0;
/// How many times smaller the mean difference must become for a turned, flipped or moved image to be the explanation.
const BETTER: f64 = 10.0;
/// Largest shift that is tried, in frames.
const MOST_SHIFT: usize = 8;

/// Part of the lower Nyquist frequency up to which resamplers agree: soxr's default passes 91 % of it.
const PASSBAND: f64 = 0.9;
/// How many times the mean difference above the passband must be that below for resampling to be the explanation.
const ABOVE: f64 = 2.0;

/// The most likely cause, or `None` where nothing needs one or none is recognised.
pub fn probable(evidence: &Evidence<'_>) -> Option<Cause> {
    let difference = match compare(evidence.ours, evidence.theirs) {
        Comparison::Shapes { ours, theirs } => return Some(of_shapes(ours, theirs)),
        Comparison::Measured(difference) => difference,
    };
    if difference.not_finite > 0 {
        return Some(Cause::NotFinite);
    }
    if difference.is_within(evidence.tolerance) {
        return of_extremes(evidence);
    }
    of_range(evidence)
        .or_else(|| of_place(evidence, difference.mean))
        .or_else(|| of_levels(evidence))
        .or_else(|| of_resampling(evidence))
}

fn of_shapes([bins, frames]: [usize; 2], [their_bins, their_frames]: [usize; 2]) -> Cause {
    if (their_bins, their_frames) == (frames, bins) {
        Cause::Transposed
    } else if their_bins == bins + 1 && their_frames == frames {
        Cause::NyquistKept
    } else if their_bins != bins {
        Cause::Bins { theirs: if their_bins % 2 == 1 { their_bins - 1 } else { their_bins } }
    } else if their_frames.abs_diff(frames) == 1 {
        Cause::OneFrame { ours: frames, theirs: their_frames }
    } else {
        Cause::Frames { ours: frames, theirs: their_frames }
    }
}

/// The images agree: so do the extremes, or they are off by one constant, or they are of something else.
fn of_extremes(evidence: &Evidence<'_>) -> Option<Cause> {
    let theirs = evidence.their_min_max?;
    let (below, above) = (theirs.min - evidence.our_min_max.min, theirs.max - evidence.our_min_max.max);
    if below.abs().max(above.abs()) <= SAME_LEVEL {
        return None;
    }
    Some(if (below - above).abs() <= SAME_LEVEL { Cause::Reference(above) } else { Cause::Extremes })
}

fn of_range(evidence: &Evidence<'_>) -> Option<Cause> {
    let theirs = extremes(evidence.theirs);
    let slack = RANGE_SLACK * evidence.range.span();
    if theirs.span() > NOT_NORMALISED * evidence.range.span() {
        return Some(Cause::NotNormalised(theirs));
    }
    let is_other =
        (theirs.min - evidence.range.min).abs() > slack || (theirs.max - evidence.range.max).abs() > slack;
    (is_other && !theirs.is_constant()).then_some(Cause::OtherRange(theirs))
}

/// Whether the images agree once theirs is flipped, turned or moved.
fn of_place(evidence: &Evidence<'_>, mean: f64) -> Option<Cause> {
    let (ours, theirs) = (evidence.ours, evidence.theirs);
    let is_better = |ours: &ArrayRef2<f32>, theirs: &ArrayRef2<f32>| match compare(ours, theirs) {
        Comparison::Measured(other) => other.mean * BETTER < mean,
        Comparison::Shapes { .. } => false,
    };
    let mut flipped = theirs.view();
    flipped.invert_axis(Axis(0));
    if is_better(ours, &flipped) {
        return Some(Cause::UpsideDown);
    }
    if is_better(ours, &theirs.t()) {
        return Some(Cause::Transposed);
    }
    let frames = ours.ncols();
    for shift in 1..=MOST_SHIFT.min(frames.saturating_sub(1) / 2) {
        let (early, late) = (s![.., ..frames - shift], s![.., shift..]);
        if is_better(&ours.slice(early), &theirs.slice(late)) {
            return Some(Cause::Shifted(shift as isize));
        }
        if is_better(&ours.slice(late), &theirs.slice(early)) {
            return Some(Cause::Shifted(-(shift as isize)));
        }
    }
    None
}

fn of_levels(evidence: &Evidence<'_>) -> Option<Cause> {
    let (ours, theirs) = (evidence.our_min_max, evidence.their_min_max?);
    let is_same = |one: f32, other: f32| (one - other).abs() <= SAME_LEVEL;
    if is_same(theirs.max, ours.max) && !is_same(theirs.min, ours.min) {
        return Some(Cause::TopDb { ours: ours.span(), theirs: theirs.span() });
    }
    if !is_same(ours.max, 0.0) && is_same(theirs.max, 2.0 * ours.max) {
        return Some(Cause::Squared);
    }
    let (below, above) = (theirs.min - ours.min, theirs.max - ours.max);
    (is_same(below, above) && !is_same(above, 0.0)).then_some(Cause::Reference(above))
}

/// The recording was resampled, and the images differ mainly from just below the lower of the two Nyquist frequencies on,
/// where every resampler cuts in its own way.
fn of_resampling(evidence: &Evidence<'_>) -> Option<Cause> {
    let (from_hz, to_hz) = (evidence.native_rate_hz, evidence.sample_rate_hz);
    if from_hz == to_hz {
        return None;
    }
    let cause = Cause::Resampled { from_hz, to_hz };
    if evidence.rows != FrequencyScale::Linear {
        return Some(cause);
    }
    let bins = evidence.ours.nrows();
    let edge = (bins as f64 * PASSBAND * f64::from(from_hz.min(to_hz)) / f64::from(to_hz)) as usize;
    let edge = edge.clamp(1, bins);
    let mean = |rows: Slice| {
        let (ours, theirs) =
            (evidence.ours.slice_axis(Axis(0), rows), evidence.theirs.slice_axis(Axis(0), rows));
        match compare(&ours, &theirs) {
            Comparison::Measured(difference) => difference.mean,
            Comparison::Shapes { .. } => 0.0,
        }
    };
    (mean((..edge).into()) * ABOVE < mean((edge..).into())).then_some(cause)
}

fn extremes(image: &ArrayRef2<f32>) -> MinMax {
    let (min, max) = image.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(min, max), &value| {
        (f32::min(min, value), f32::max(max, value))
    });
    MinMax { min, max }
}

#[cfg(test)]
mod tests;
