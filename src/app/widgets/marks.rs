//! Axis ticks at round values.

use egui_plot::{GridInput, GridMark};

use crate::app::format;

/// Least distances of ticks on horizontal and vertical axes, as multiples of the least distance of grid lines.
const WIDE: f64 = 5.0;
const NARROW: f64 = 2.5;
/// Least distance of grid lines that the plot asks for, in points.
const BASE_STEP: f64 = 8.0;
/// Width of a character of a tick label, and gap between two labels, in points.
const LETTER: f64 = 7.0;
const FIGURE_GAP: f64 = 8.0;
/// The same between moments.
const TIME_GAP: f64 = 14.0;
/// Characters of the longest label of a time axis: hours to the microsecond.
const MAX_LABEL_CHARS: usize = 14;
/// Fewer ticks than this are replaced by finer ones.
const MIN_TICKS: usize = 3;
/// Upper limit of ticks, against absurd bounds.
const MAX_TICKS: f64 = 1000.0;

/// The smallest 1, 2 or 5 times a power of ten that is at least `least`.
pub fn nice_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least * 0.999).unwrap_or(10.0);
    factor * power
}

/// Ticks of a horizontal axis, far enough apart for their labels ([`format::tick_at`]) however small the plot is.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn wide(input: GridInput) -> Vec<GridMark> {
    labelled(&input, format::tick_at)
}

/// Ticks of a horizontal axis, far enough apart for the labels that `figure` makes.
pub fn labelled(input: &GridInput, figure: impl Fn(GridMark) -> String) -> Vec<GridMark> {
    let longest = |step: f64| {
        let near = |edge: f64| [(edge / step).floor() * step, (edge / step).ceil() * step];
        let values = [near(input.bounds.0), near(input.bounds.1)].into_iter().flatten();
        values.map(|value| figure(GridMark { value, step_size: step }).chars().count()).max().unwrap_or(0)
    };
    let step = step_for_labels(input.base_step_size, nice_step, longest, FIGURE_GAP);
    multiples(input.bounds, step)
}

/// Ticks at every whole number, however close together.
pub fn every_whole(input: &GridInput) -> Vec<GridMark> {
    multiples(input.bounds, 1.0)
}

/// Ticks of a vertical axis with much room between them.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn loose(input: GridInput) -> Vec<GridMark> {
    round(&input, WIDE)
}

/// Ticks of a vertical axis.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn narrow(input: GridInput) -> Vec<GridMark> {
    round(&input, NARROW)
}

/// Ticks at round times (tenths, seconds, minutes, hours), far enough apart for their labels.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn seconds(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let latest = low.abs().max(high.abs());
    let longest = |step: f64| format::tick_secs(GridMark { value: latest, step_size: step }).chars().count();
    let step = step_for_labels(input.base_step_size, round_time, longest, TIME_GAP);
    multiples(input.bounds, step)
}

/// The smallest step that `round` allows with room for labels of so many characters (`longest` of a step), `gap` points apart.
fn step_for_labels(
    base_step: f64,
    round: impl Fn(f64) -> f64,
    longest: impl Fn(f64) -> usize,
    gap: f64,
) -> f64 {
    // A finer step has longer labels, which need a coarser step: start with short labels and widen until they fit.
    let mut step = round(base_step * WIDE);
    for _ in 0..MAX_LABEL_CHARS {
        let width = longest(step) as f64 * LETTER + gap;
        let needed = round(base_step * (width / BASE_STEP).max(WIDE));
        if needed <= step {
            break;
        }
        step = needed;
    }
    step
}

/// The smallest round time step that is at least `least`: whole minutes or hours, or 1, 2 or 5 times a power of ten
/// seconds.
fn round_time(least: f64) -> f64 {
    const CLOCK: [f64; 12] =
        [10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 18_000.0];
    if least <= 5.0 {
        return nice_step(least);
    }
    CLOCK.into_iter().find(|step| *step >= least * 0.999).unwrap_or_else(|| nice_step(least))
}

/// Ticks of an amplitude axis from −extent to extent: as [`narrow`], but never only the zero.
pub fn amplitudes(input: GridInput, extent: f64) -> Vec<GridMark> {
    let base_step_size = input.base_step_size;
    let marks = narrow(input);
    if marks.len() >= MIN_TICKS {
        return marks;
    }
    // The largest round value that lies inside: a nice step, or its half, fifth or tenth.
    let round = [1.0, 0.5, 0.2, 0.1].map(|factor| nice_step(extent) * factor);
    let Some(value) = round.into_iter().find(|value| *value <= extent) else { return marks };
    [-value, 0.0, value].map(|value| GridMark { value, step_size: base_step_size * NARROW }).into()
}

/// Ticks at round frequencies within `hz`, on an axis whose coordinate is `position(hz)`: 1, 2 and 5 times powers of
/// ten, or equal steps when too few of those are visible. Ticks too close to the one above are dropped.
pub fn hertz(hz: (f64, f64), base_step: f64, position: impl Fn(f64) -> f64) -> Vec<GridMark> {
    let (low, high) = (hz.0.max(1.0), hz.1);
    if !(high > low && high.is_finite()) {
        return Vec::new();
    }
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let decades = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * 10f64.powi(power)));
    let mut values: Vec<f64> = decades.filter(|hz| (low..=high).contains(hz)).collect();
    if values.len() < MIN_TICKS {
        let step = nice_step((high - low) / MIN_TICKS as f64 / 2.0);
        let steps = (low / step).ceil() as i64..=(high / step).floor() as i64;
        values = steps.map(|index| index as f64 * step).collect();
    }
    // From above: the low end of a mel axis is crowded with small round numbers of little use.
    let mut last = f64::INFINITY;
    let places = values.into_iter().rev().map(position).filter(|&place| {
        let is_far = last - place >= base_step * NARROW;
        if is_far {
            last = place;
        }
        is_far
    });
    places.map(|value| GridMark { value, step_size: base_step * NARROW }).collect()
}

fn round(input: &GridInput, distance: f64) -> Vec<GridMark> {
    multiples(input.bounds, nice_step(input.base_step_size * distance))
}

fn multiples((low, high): (f64, f64), step: f64) -> Vec<GridMark> {
    if !step.is_finite() || step <= 0.0 || (high - low) / step > MAX_TICKS {
        return Vec::new();
    }
    ((low / step).ceil() as i64..=(high / step).floor() as i64)
        .map(|index| GridMark { value: index as f64 * step, step_size: step })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        assert_eq!(nice_step(0.3), 0.5);
        assert_eq!(nice_step(20.0), 20.0);
        assert_eq!(nice_step(60.0), 100.0);
    }

    #[test]
    fn moments_are_marked_at_round_clock_times_with_room_for_their_figures() {
        let values = |bounds: (f64, f64), points: f64| -> Vec<f64> {
            let base_step_size = (bounds.1 - bounds.0) / points * BASE_STEP;
            seconds(GridInput { bounds, base_step_size }).iter().map(|mark| mark.value).collect()
        };
        assert_eq!(values((0.0, 0.74), 600.0)[..3], [0.0, 0.1, 0.2]);
        assert_eq!(values((0.0, 3600.0), 600.0)[..3], [0.0, 300.0, 600.0]);
        assert_eq!(values((0.0, 90.0), 600.0)[..3], [0.0, 10.0, 20.0]);
        // Figures such as 34:44.79 need more than 60 points.
        let deep = values((2084.79, 2084.90), 600.0);
        assert!(deep.len() <= 8 && deep.len() >= 4, "{deep:?}");
    }

    #[test]
    fn an_amplitude_axis_shows_more_than_its_zero() {
        let values = |extent: f64, base_step_size| -> Vec<f64> {
            let input = GridInput { bounds: (-extent, extent), base_step_size };
            amplitudes(input, extent).iter().map(|mark| mark.value).collect()
        };
        assert_eq!(values(1.05, 0.1), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(values(0.33, 0.2), [-0.25, 0.0, 0.25]);
        assert_eq!(values(0.09, 0.1), [-0.05, 0.0, 0.05]);
    }

    #[test]
    fn frequencies_are_marked_by_ones_twos_and_fives_or_by_equal_steps() {
        let values = |range, step| -> Vec<f64> {
            let marks = hertz(range, step, f64::log2);
            marks.iter().map(|mark| mark.value.exp2().round()).collect()
        };
        assert_eq!(values((90.0, 2100.0), 0.01), [2000.0, 1000.0, 500.0, 200.0, 100.0]);
        assert_eq!(values((90.0, 2100.0), 0.5), [2000.0, 500.0, 200.0]);
        assert_eq!(values((1010.0, 1290.0), 0.001), [1250.0, 1200.0, 1150.0, 1100.0, 1050.0]);
        assert!(values((0.0, f64::NAN), 0.1).is_empty());
    }

    #[test]
    fn long_figures_of_a_narrow_range_have_room() {
        // 200 points from −1.945 to −1.92: six characters need more than 40 points.
        let input = GridInput { bounds: (-1.945, -1.92), base_step_size: 0.025 / 200.0 * BASE_STEP };
        let figures: Vec<String> = wide(input).into_iter().map(format::tick_at).collect();
        assert_eq!(figures, ["−1.94", "−1.93", "−1.92"]);
    }

    #[test]
    fn marks_lie_at_multiples_of_the_step_inside_the_bounds() {
        let input = |bounds| GridInput { bounds, base_step_size: 0.03 };
        let values = |marks: Vec<GridMark>| marks.iter().map(|mark| mark.value).collect::<Vec<_>>();
        assert_eq!(values(wide(input((-0.1, 0.44)))), [0.0, 0.2, 0.4]);
        assert_eq!(values(narrow(input((0.0, 0.25)))), [0.0, 0.1, 0.2]);
        assert!(values(wide(input((0.0, f64::INFINITY)))).is_empty());
    }
}
