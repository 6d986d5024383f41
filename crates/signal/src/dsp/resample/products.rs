//! Products of filter rows and windows of the input: the inner loop of resampling.
//!
//! Several rows are multiplied by several windows at once, so that each loaded value is used more than once. Every
//! product is summed in the same order however they are combined: an output does not depend on its neighbours.

use std::array;

use multiversion::multiversion;

/// Partial sums of a product, so that it vectorises; rows are a multiple of it long.
pub(super) const LANES: usize = 8;
/// Most rows of one [`filter`]: with two windows their sums fit in the registers.
pub(super) const MOST_ROWS: usize = 3;

/// Partial sums of one product.
type Lanes = [f32; LANES];

/// Outputs that read the same windows with different rows, turn after turn.
pub(super) struct Group {
    /// Start of the first window.
    pub base: usize,
    /// Input samples from one turn to the next.
    pub step: usize,
    /// Output of the first row in the first turn; the other rows' outputs follow.
    pub first: usize,
    /// Outputs from one turn to the next.
    pub turn: usize,
    /// Number of rows, at most [`MOST_ROWS`].
    pub rows: usize,
}

/// Writes the outputs of one group; rows beyond its number do not count.
pub(super) fn filter(inputs: &[f32], rows: [&[f32]; MOST_ROWS], group: &Group, outputs: &mut [f32]) {
    let [row, ..] = rows;
    let turns = outputs.len().saturating_sub(group.first).div_ceil(group.turn);
    let window = |turn: usize| {
        let start = group.base + turn.min(turns - 1) * group.step;
        inputs.get(start..start + row.len()).unwrap_or_default()
    };
    // [windows, rows]
    let mut sums = [[0.0; LANES]; 2 * MOST_ROWS];
    let (windows, rows_of_sums) = if group.rows == 1 { (4, 1) } else { (2, MOST_ROWS) };
    for turn in (0..turns).step_by(windows) {
        if group.rows == 1 {
            one_row(row, array::from_fn(|index| window(turn + index)), &mut sums);
        } else {
            three_rows(rows, array::from_fn(|index| window(turn + index)), &mut sums);
        }
        let outputs = outputs.get_mut(group.first + turn * group.turn..).unwrap_or_default();
        let turns = outputs.chunks_mut(group.turn).zip(sums.chunks_exact(rows_of_sums));
        for (outputs, sums) in turns.take(windows) {
            outputs.iter_mut().zip(sums).take(group.rows).for_each(|(output, sums)| *output = sum(sums));
        }
    }
}

/// The product of a window with a mixture of two neighbouring rows: `weight` of the second one.
pub(super) fn interpolate(window: &[f32], [first, second]: [&[f32]; 2], weight: f32) -> f32 {
    let mut sums = [[0.0; LANES]; 2 * MOST_ROWS];
    three_rows([first, second, second], [window; 2], &mut sums);
    let [first, second, ..] = sums;
    (1.0 - weight) * sum(&first) + weight * sum(&second)
}

/// `[3, taps] x [taps, 2]`; row and window of the sums: `[2, 3]`.
///
/// The loops over rows and windows are written out, and the lanes are added elsewhere: otherwise the compiler does not
/// keep the sums in registers.
#[multiversion(targets = "simd")]
fn three_rows(rows: [&[f32]; MOST_ROWS], windows: [&[f32]; 2], sums: &mut [Lanes; 2 * MOST_ROWS]) {
    let [a, b, c] = rows.map(|row| row.as_chunks::<LANES>().0);
    let [x, y] = windows.map(|window| window.as_chunks::<LANES>().0);
    let [mut ax, mut bx, mut cx, mut ay, mut by, mut cy] = [[0.0; LANES]; 2 * MOST_ROWS];
    for ((((a, b), c), x), y) in a.iter().zip(b).zip(c).zip(x).zip(y) {
        add_product(&mut ax, a, x);
        add_product(&mut bx, b, x);
        add_product(&mut cx, c, x);
        add_product(&mut ay, a, y);
        add_product(&mut by, b, y);
        add_product(&mut cy, c, y);
    }
    *sums = [ax, bx, cx, ay, by, cy];
}

/// As [`three_rows`], for one row and four windows: `[4, 1]`, then nothing.
#[multiversion(targets = "simd")]
fn one_row(row: &[f32], windows: [&[f32]; 4], sums: &mut [Lanes; 2 * MOST_ROWS]) {
    let (a, _) = row.as_chunks::<LANES>();
    let [w, x, y, z] = windows.map(|window| window.as_chunks::<LANES>().0);
    let [mut aw, mut ax, mut ay, mut az] = [[0.0; LANES]; 4];
    for ((((a, w), x), y), z) in a.iter().zip(w).zip(x).zip(y).zip(z) {
        add_product(&mut aw, a, w);
        add_product(&mut ax, a, x);
        add_product(&mut ay, a, y);
        add_product(&mut az, a, z);
    }
    let [first, second, third, fourth, ..] = sums;
    (*first, *second, *third, *fourth) = (aw, ax, ay, az);
}

#[expect(clippy::inline_always, reason = "part of a loop that is compiled for several instruction sets")]
#[inline(always)]
fn add_product(sums: &mut Lanes, a: &Lanes, b: &Lanes) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}

/// The sum of all lanes, halves first, in operations that vectorise.
fn sum(lanes: &Lanes) -> f32 {
    let four: [f32; 4] = array::from_fn(|lane| lanes[lane] + lanes[lane + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}
