//! The comparison that all tests share fails where `fold(0.0, f32::max)` passes.

use std::panic::catch_unwind;

use timbrespace_base::differences::{largest, largest_difference};

fn fails<T>(comparison: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(comparison).err().unwrap();
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap()
}

#[test]
fn a_comparison_gives_the_largest_distance_whatever_its_sign() {
    assert_eq!(largest_difference(&[1.0, -2.0, 3.0], &[1.5, -4.0, 3.0]), 2.0);
    assert_eq!(largest_difference(&[1.5_f32, -4.0, 3.0], &[1.0, -2.0, 3.0]), 2.0);
    assert_eq!(largest_difference(&[0.0, f64::INFINITY], &[0.0, 1.0]), f64::INFINITY);
    assert_eq!(largest([-3.0, -1.0, -2.0]), -1.0);
}

#[test]
fn a_nan_on_either_side_fails_wherever_it_stands() {
    for place in 0..3 {
        let clean = [0.0_f32, 1.0, 2.0];
        let mut spoiled = clean;
        spoiled[place] = f32::NAN;
        let expected = format!("value {place} is NaN");
        assert_eq!(fails(|| largest_difference(&spoiled, &clean)), expected);
        assert_eq!(fails(|| largest_difference(&clean, &spoiled)), expected);
        assert_eq!(fails(|| largest_difference(&spoiled, &spoiled)), expected);
        assert_eq!(fails(|| largest(spoiled)), expected);
    }
    assert_eq!(fails(|| largest_difference(&[f32::INFINITY], &[f32::INFINITY])), "value 0 is NaN");
}

#[test]
fn sequences_of_two_lengths_or_of_none_fail() {
    assert_eq!(
        fails(|| largest_difference(&[1.0, 2.0], &[1.0])),
        "the first of two sequences is longer than 1"
    );
    assert_eq!(fails(|| largest_difference(&[], &[1.0])), "the second of two sequences is longer than 0");
    assert_eq!(fails(|| largest_difference(&[0.0_f32; 0], &[])), "there is no value to compare");
    assert_eq!(fails(|| largest([0.0_f32; 0])), "there is no value to compare");
}
