//! Single-precision matrix products of the `gemm` crate behind a bounds-checked interface.

use gemm::Parallelism;

use crate::tasks::divided;

/// View of a row-major matrix or of its transpose.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Views `data` as `rows` × `columns` in row-major order.
    ///
    /// # Panics
    /// When the length of `data` is not `rows * columns`.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "elements of a {rows} × {columns} matrix");
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// Views the start of `data` as `rows` × `columns` with `row_stride` elements from one row to the next.
    ///
    /// # Panics
    /// When `data` is too short.
    pub fn strided(data: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        check_strided(data.len(), rows, columns, row_stride);
        Self { data, rows, columns, row_stride, column_stride: 1 }
    }

    /// Each row of a matrix that is not transposed.
    pub fn rows(&self) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let columns = self.columns;
        self.data.chunks(self.row_stride).take(self.rows).map(move |row| &row[..columns])
    }

    /// Sums over the rows, `[columns]`.
    pub fn sum_rows(&self, sums: &mut [f32]) {
        sums.fill(0.0);
        for row in self.data.chunks(self.row_stride).take(self.rows) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }

    /// The transpose, by exchanging the strides.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

fn check_strided(len: usize, rows: usize, columns: usize, row_stride: usize) {
    assert!(columns <= row_stride, "rows of {columns} elements overlap at a distance of {row_stride}");
    let needed = if rows == 0 { 0 } else { (rows - 1) * row_stride + columns };
    assert!(len >= needed, "a strided {rows} × {columns} matrix needs {needed} elements, got {len}");
}

/// Mutable view of a row-major matrix.
#[derive(Debug)]
pub struct MatrixMut<'a> {
    data: &'a mut [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
}

impl<'a> MatrixMut<'a> {
    /// Views `data` as `rows` × `columns` in row-major order.
    ///
    /// # Panics
    /// When the length of `data` is not `rows * columns`.
    pub fn new(data: &'a mut [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "elements of a {rows} × {columns} matrix");
        Self { data, rows, columns, row_stride: columns }
    }

    /// Views the start of `data` as `rows` × `columns` with `row_stride` elements from one row to the next.
    ///
    /// # Panics
    /// When `data` is too short, or rows overlap.
    pub fn strided(data: &'a mut [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        check_strided(data.len(), rows, columns, row_stride);
        Self { data, rows, columns, row_stride }
    }
}

/// Threads that compute a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// The calling thread; the caller parallelises over samples.
    One,
    /// All threads of the current rayon pool, for a single sample.
    Pool,
}

/// `out = left · right`, or `out += left · right` when `accumulate`, on the calling thread.
///
/// # Panics
/// When the sizes do not match.
pub fn multiply(left: Matrix<'_>, right: Matrix<'_>, out: &mut MatrixMut<'_>, accumulate: bool) {
    multiply_on(left, right, out, accumulate, Threads::One);
}

/// As [`multiply`], on the given threads.
///
/// # Panics
/// When the sizes do not match.
pub fn multiply_on(
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut MatrixMut<'_>,
    accumulate: bool,
    threads: Threads,
) {
    assert_eq!(left.columns, right.rows, "inner sizes of a matrix product");
    assert_eq!((out.rows, out.columns), (left.rows, right.columns), "size of a matrix product");
    if out.rows == 0 || out.columns == 0 {
        return;
    }
    match threads {
        Threads::One => product(left, right, out, accumulate, Parallelism::None),
        Threads::Pool => {
            let all = Parallelism::Rayon(rayon::current_num_threads());
            let work = left.rows * left.columns * right.columns;
            if work < gemm::get_threading_threshold() {
                // For gemm too little to divide.
                product(left, right, out, accumulate, all);
            } else {
                divided(|| product(left, right, out, accumulate, all));
            }
        }
    }
}

/// [`multiply_on`] of matrices whose sizes match and that have elements.
#[expect(unsafe_code, reason = "gemm takes pointers; the matrices and the checks of the caller bound them")]
fn product(
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut MatrixMut<'_>,
    accumulate: bool,
    parallelism: Parallelism,
) {
    // SAFETY: the constructors of `Matrix` and `MatrixMut` checked that the last element of the last row, at
    // `(rows - 1) * row_stride + columns - 1`, lies in `data`, and transposing exchanges rows and columns with their
    // strides; so all that gemm reads and writes is initialised and in bounds. Rows of `out` do not overlap, and `out`
    // cannot overlap the inputs because it is borrowed mutably.
    unsafe {
        gemm::gemm(
            left.rows,
            right.columns,
            left.columns,
            out.data.as_mut_ptr(),
            1,
            out.row_stride as isize,
            accumulate,
            left.data.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.data.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0_f32,
            1.0_f32,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_plain_and_transposed_matrices_agree_with_the_definition() {
        for (rows, inner, columns) in [(1, 1, 1), (3, 4, 5), (17, 1, 33), (40, 70, 9), (2, 0, 3)] {
            let value = |i: usize| ((i * 29 % 17) as f32 - 8.0) / 5.0;
            let left: Vec<f32> = (0..rows * inner).map(value).collect();
            let right: Vec<f32> = (0..inner * columns).map(|i| value(i + 3)).collect();
            let right_transposed: Vec<f32> =
                (0..inner * columns).map(|i| right[i % inner * columns + i / inner]).collect();
            let start = 0.5;
            let mut plain = vec![f32::NAN; rows * columns];
            let mut added = vec![start; rows * columns];
            let left = Matrix::new(&left, rows, inner);
            let out = &mut MatrixMut::new(&mut plain, rows, columns);
            multiply_on(left, Matrix::new(&right, inner, columns), out, false, Threads::Pool);
            let right_back = Matrix::new(&right_transposed, columns, inner).transposed();
            multiply(left, right_back, &mut MatrixMut::new(&mut added, rows, columns), true);
            for row in 0..rows {
                for column in 0..columns {
                    let expected: f32 =
                        (0..inner).map(|i| left.data[row * inner + i] * right[i * columns + column]).sum();
                    assert!((plain[row * columns + column] - expected).abs() < 1e-4);
                    assert!((added[row * columns + column] - expected - start).abs() < 1e-4);
                }
            }
        }
    }
}
