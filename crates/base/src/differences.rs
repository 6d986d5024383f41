//! Maxima and largest differences for tests; they fail on NaN and on missing values.
//!
//! `fold(0.0, f32::max)` ignores NaN and `zip` ignores surplus values, so such a comparison would pass for an
//! image full of NaN, a truncated one or an empty one.

use std::ops::Sub;

/// The largest of `values`.
///
/// # Panics
///
/// Fails the test if `values` is empty or contains NaN.
#[track_caller]
pub fn largest<T: Copy + PartialOrd>(values: impl IntoIterator<Item = T>) -> T {
    let mut largest = None;
    for (index, value) in values.into_iter().enumerate() {
        assert!(value.partial_cmp(&value).is_some(), "value {index} is NaN");
        largest = match largest {
            Some(most) if most >= value => Some(most),
            _ => Some(value),
        };
    }
    let Some(largest) = largest else { panic!("there is no value to compare") };
    largest
}

/// The largest absolute difference of two sequences.
///
/// # Panics
///
/// Fails the test if the sequences are empty, differ in length, or contain NaN (or two infinities at the same
/// index).
#[track_caller]
pub fn largest_difference<'a, T: Copy + PartialOrd + Sub<Output = T> + 'a>(
    actual: impl IntoIterator<Item = &'a T>,
    expected: impl IntoIterator<Item = &'a T>,
) -> T {
    let (mut actual, mut expected) = (actual.into_iter(), expected.into_iter());
    let mut differences = Vec::new();
    loop {
        match (actual.next(), expected.next()) {
            (Some(&a), Some(&b)) => differences.push(if a > b { a - b } else { b - a }),
            (None, None) => return largest(differences),
            (one, _) => {
                let longer = if one.is_some() { "first" } else { "second" };
                panic!("the {longer} of two sequences is longer than {}", differences.len())
            }
        }
    }
}
