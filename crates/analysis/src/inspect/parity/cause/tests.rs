use ndarray::{Array2, concatenate};

use super::*;

const LEVELS: MinMax = MinMax { min: -60.0, max: 20.0 };
const UNIT: MinMax = MinMax { min: 0.0, max: 1.0 };

/// An image like no other when flipped or moved, from 0 to 1.
fn image() -> Array2<f32> {
    let mut image = Array2::from_shape_fn((32, 32), |(bin, frame)| {
        0.4 + 0.2 * (bin as f32 * 0.7).sin() + 0.1 * (frame as f32 * 1.3).cos() + (bin * frame) as f32 * 1e-4
    });
    (image[[0, 0]], image[[31, 31]]) = (0.0, 1.0);
    image
}

fn evidence<'a>(ours: &'a Array2<f32>, theirs: &'a Array2<f32>, levels: Option<MinMax>) -> Evidence<'a> {
    Evidence {
        ours,
        theirs,
        our_min_max: LEVELS,
        their_min_max: levels,
        range: UNIT,
        native_rate_hz: 22_050,
        sample_rate_hz: 22_050,
        rows: FrequencyScale::Linear,
        tolerance: 1e-4,
    }
}

fn cause_of(theirs: &Array2<f32>, levels: MinMax) -> Option<Cause> {
    probable(&evidence(&image(), theirs, Some(levels)))
}

#[test]
fn images_that_agree_need_no_cause() {
    assert_eq!(cause_of(&image(), LEVELS), None);
    assert_eq!(probable(&evidence(&image(), &image(), None)), None);
}

#[test]
fn sizes_tell_their_cause() {
    for (theirs, cause) in [
        ([64, 256], Cause::Transposed),
        ([257, 64], Cause::NyquistKept),
        ([256, 63], Cause::OneFrame { ours: 64, theirs: 63 }),
        ([256, 128], Cause::Frames { ours: 64, theirs: 128 }),
        ([512, 64], Cause::Bins { theirs: 512 }),
        ([513, 64], Cause::Bins { theirs: 512 }),
    ] {
        assert_eq!(of_shapes([256, 64], theirs), cause, "{theirs:?}");
    }
    assert!(Cause::Bins { theirs: 512 }.to_string().contains("n_fft=1024"));
}

#[test]
fn an_image_that_agrees_once_flipped_turned_or_moved_was_that() {
    let mut flipped = image();
    flipped.invert_axis(Axis(0));
    assert_eq!(cause_of(&flipped, LEVELS), Some(Cause::UpsideDown));
    assert_eq!(cause_of(&image().t().to_owned(), LEVELS), Some(Cause::Transposed));
    let whole = image();
    let moved = concatenate![Axis(1), whole.slice(s![.., 30..]), whole.slice(s![.., ..30])];
    assert_eq!(cause_of(&moved, LEVELS), Some(Cause::Shifted(2)));
    assert!(Cause::Shifted(-2).to_string().contains("2 frames earlier"));
}

#[test]
fn values_outside_the_range_tell_how_they_were_normalised() {
    let raw = image().mapv(|value| value * 80.0 - 60.0);
    assert!(matches!(cause_of(&raw, LEVELS), Some(Cause::NotNormalised(range)) if range == LEVELS));
    let symmetric = image().mapv(|value| value * 2.0 - 1.0);
    let range = MinMax { min: -1.0, max: 1.0 };
    assert_eq!(cause_of(&symmetric, LEVELS), Some(Cause::OtherRange(range)));
    let mut broken = image();
    broken[[3, 3]] = f32::NAN;
    assert_eq!(cause_of(&broken, LEVELS), Some(Cause::NotFinite));
}

#[test]
fn a_constant_in_both_extremes_is_another_reference() {
    let levels = MinMax { min: -80.0, max: 0.0 };
    assert_eq!(cause_of(&image(), levels), Some(Cause::Reference(-20.0)));
    assert_eq!(
        Cause::Reference(-20.0).to_string(),
        "theirs is −20.00 dB throughout: another reference level (ref=) or a scaled signal"
    );
    assert_eq!(cause_of(&image(), MinMax { min: -3.0, max: 9.0 }), Some(Cause::Extremes));
}

#[test]
fn the_spans_of_the_extremes_tell_the_dynamic_range_and_squares() {
    let curved = image().mapv(f32::sqrt);
    let shorter = MinMax { min: -40.0, max: 20.0 };
    assert_eq!(cause_of(&curved, shorter), Some(Cause::TopDb { ours: 80.0, theirs: 60.0 }));
    assert_eq!(cause_of(&curved, MinMax { min: -40.0, max: 40.0 }), Some(Cause::Squared));
}

#[test]
fn resampling_explains_differences_near_and_above_the_lower_nyquist_frequency_alone() {
    let ours = image();
    let mut above = ours.clone();
    above.slice_mut(s![11.., ..]).mapv_inplace(f32::sqrt);
    let cause = Cause::Resampled { from_hz: 8000, to_hz: 22_050 };
    assert!(cause.to_string().contains("above 4000 Hz"), "{cause}");
    let resampled = |theirs| Evidence { native_rate_hz: 8000, ..evidence(&ours, theirs, Some(LEVELS)) };
    assert_eq!(probable(&resampled(&above)), Some(cause));
    assert_eq!(probable(&evidence(&ours, &above, Some(LEVELS))), None, "it was not resampled");
    let everywhere = ours.mapv(f32::sqrt);
    assert_eq!(probable(&resampled(&everywhere)), None, "the passband differs as much");
    let mel = Evidence { rows: FrequencyScale::Mel, ..resampled(&everywhere) };
    assert_eq!(probable(&mel), Some(cause), "mel bands do not tell");
}
