//! Convolutions of few channels: patches copied to columns, then one matrix product.
//!
//! With `W` the weights `[map channels, patch]` and `C(x)` the patches of image `x` as columns, a map is `W · C(x)`, an
//! image the adjoint of `C` of `Wᵀ · y`, and the weights' gradient `y · C(x)ᵀ`.

use super::{
    geometry::Geometry,
    matrix::{Matrix, MatrixMut, Threads, multiply, multiply_on},
};

/// The map of one image.
pub(super) fn map_from_image(
    geometry: &Geometry,
    image: &[f32],
    weight: &[f32],
    map: &mut [f32],
    columns: &mut [f32],
    threads: Threads,
) {
    geometry.columns_from_image(image, columns);
    multiply_on(
        Matrix::new(weight, geometry.map_channels, geometry.patch_len()),
        Matrix::new(columns, geometry.patch_len(), geometry.map_pixels()),
        &mut MatrixMut::new(map, geometry.map_channels, geometry.map_pixels()),
        false,
        threads,
    );
}

/// The adjoint of [`map_from_image`].
pub(super) fn image_from_map(
    geometry: &Geometry,
    map: &[f32],
    weight: &[f32],
    image: &mut [f32],
    columns: &mut [f32],
    threads: Threads,
) {
    multiply_on(
        Matrix::new(weight, geometry.map_channels, geometry.patch_len()).transposed(),
        Matrix::new(map, geometry.map_channels, geometry.map_pixels()),
        &mut MatrixMut::new(columns, geometry.patch_len(), geometry.map_pixels()),
        false,
        threads,
    );
    geometry.image_from_columns(columns, image);
}

/// Gradient of the weights from one sample, added to `gradient` or in its place.
pub(super) fn weight_gradient(
    geometry: &Geometry,
    image: &[f32],
    map: &[f32],
    gradient: &mut [f32],
    accumulate: bool,
    columns: &mut [f32],
) {
    geometry.columns_from_image(image, columns);
    multiply(
        Matrix::new(map, geometry.map_channels, geometry.map_pixels()),
        Matrix::new(columns, geometry.patch_len(), geometry.map_pixels()).transposed(),
        &mut MatrixMut::new(gradient, geometry.map_channels, geometry.patch_len()),
        accumulate,
    );
}
