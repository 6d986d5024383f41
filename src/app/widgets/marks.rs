//! Marks of axes at round values.

use egui_plot::{GridInput, GridMark};

/// Least distances of marks beside and above each other, as multiples of the least distance of grid lines.
const WIDE: f64 = 5.0;
const NARROW: f64 = 2.5;
/// More marks than this are a mistake of the bounds.
const MOST: f64 = 1000.0;

/// The next step of 1, 2 or 5 times a power of ten that is not below `least`.
pub fn nice_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least * 0.999).unwrap_or(10.0);
    factor * power
}

/// Marks far enough apart for figures beside each other, however small the plot is.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn wide(input: GridInput) -> Vec<GridMark> {
    round(&input, WIDE)
}

/// Marks far enough apart for figures above each other.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
pub fn narrow(input: GridInput) -> Vec<GridMark> {
    round(&input, NARROW)
}

fn round(input: &GridInput, distance: f64) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let step = nice_step(input.base_step_size * distance);
    if !step.is_finite() || step <= 0.0 || (high - low) / step > MOST {
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
    fn marks_lie_at_multiples_of_the_step_inside_the_bounds() {
        let input = |bounds| GridInput { bounds, base_step_size: 0.03 };
        let values = |marks: Vec<GridMark>| marks.iter().map(|mark| mark.value).collect::<Vec<_>>();
        assert_eq!(values(wide(input((-0.1, 0.44)))), [0.0, 0.2, 0.4]);
        assert_eq!(values(narrow(input((0.0, 0.25)))), [0.0, 0.1, 0.2]);
        assert!(values(wide(input((0.0, f64::INFINITY)))).is_empty());
    }
}
