//! Slider axes: single dimensions sorted by information, or principal directions of the data.

use ndarray::{Array1, ArrayRef2};

use super::projection::Pca;

/// Percentiles of the data that are marked along an axis.
pub const RANKS: [f64; 7] = [1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0];
/// A dimension with a mean KL divergence below this, in nats, is unused: the encoder leaves it at the prior.
pub const DEAD_KL: f32 = 0.01;
/// A slider extends beyond the outermost marks by this fraction of their distance, since interesting sounds
/// lie just outside.
const OVERHANG: f32 = 0.15;
/// Least half length of a slider, for dimensions in which the data barely varies.
const MIN_HALF_RANGE: f32 = 0.5;
/// Quantiles of a Gaussian for [`RANKS`], used when only mean and standard deviation are known.
const GAUSSIAN: [f32; 7] = [-2.326, -1.645, -0.674, 0.0, 0.674, 1.645, 2.326];

/// Coordinate system of the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisSystem {
    /// The model's own dimensions.
    #[default]
    Dimensions,
    /// Principal directions of the encoded data.
    Principal,
}

/// One direction through the latent space, and the distribution of the data along it.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Index in its system, from 0: the dimension, or the rank of the principal direction.
    pub number: usize,
    /// System of the axis.
    pub system: AxisSystem,
    /// Unit vector, `[latent]`.
    pub direction: Array1<f32>,
    /// Projection of the axis's zero point: 0 for a dimension, that of the data's mean for a principal
    /// direction.
    offset: f32,
    /// Coordinate of the data's mean.
    pub mean: f32,
    /// Standard deviation of the data along the axis.
    pub deviation: f32,
    /// Coordinates of the data at the percentiles [`RANKS`].
    pub marks: [f32; 7],
    /// Information content: the mean KL divergence of a dimension in nats, or the share of the variance (0 to
    /// 1) of a principal direction.
    pub information: f32,
}

impl Axis {
    /// Coordinate of `vector` along the axis.
    pub fn coordinate(&self, vector: &[f32]) -> f32 {
        self.direction.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>() - self.offset
    }

    /// Moves `vector` along the axis to `coordinate`.
    pub fn move_to(&self, vector: &mut [f32], coordinate: f32) {
        let by = coordinate - self.coordinate(vector);
        for (value, direction) in vector.iter_mut().zip(&self.direction) {
            *value += by * direction;
        }
    }

    /// Range of a slider: slightly beyond the data's 1st and 99th percentile.
    pub fn range(&self) -> (f32, f32) {
        let [low, .., high] = self.marks;
        let beyond = OVERHANG * (high - low);
        ((low - beyond).min(self.mean - MIN_HALF_RANGE), (high + beyond).max(self.mean + MIN_HALF_RANGE))
    }

    /// Whether the model does not use this dimension.
    pub fn is_dead(&self) -> bool {
        self.system == AxisSystem::Dimensions && self.information < DEAD_KL
    }

    /// Display name: `z5`, or `P1` for the first principal direction.
    pub fn name(&self) -> String {
        match self.system {
            AxisSystem::Dimensions => format!("z{}", self.number),
            AxisSystem::Principal => format!("P{}", self.number + 1),
        }
    }
}

/// Statistics of the model's dimensions, one value per dimension, for when no data is encoded.
#[derive(Clone, Copy, Debug)]
pub struct Spread<'a> {
    /// Means over the training data.
    pub mean: &'a [f32],
    /// Standard deviations over the training data.
    pub deviation: &'a [f32],
    /// KL divergences in nats, means over the training data.
    pub kl: &'a [f32],
}

/// The `count` dimensions of a model, most informative first. Marks come from the encoded `data`, `[samples,
/// count]`, or from a Gaussian without data.
pub fn dimensions(count: usize, spread: Spread<'_>, data: Option<&ArrayRef2<f32>>) -> Vec<Axis> {
    let at =
        |values: &[f32], dimension: usize, otherwise| values.get(dimension).copied().unwrap_or(otherwise);
    let mut axes: Vec<Axis> = (0..count)
        .map(|number| {
            let mut direction = Array1::zeros(count);
            direction[number] = 1.0;
            let (mean, deviation) = (at(spread.mean, number, 0.0), at(spread.deviation, number, 1.0));
            let information = at(spread.kl, number, 0.0);
            let of_data = data.filter(|data| data.nrows() > 0 && number < data.ncols());
            let (mean, deviation, marks) = match of_data {
                Some(data) => statistics(data.column(number).to_vec()),
                None => (mean, deviation, GAUSSIAN.map(|quantile| mean + quantile * deviation)),
            };
            let system = AxisSystem::Dimensions;
            Axis { number, system, direction, offset: 0.0, mean, deviation, marks, information }
        })
        .collect();
    axes.sort_by(|a, b| b.information.total_cmp(&a.information));
    axes
}

/// The principal directions `pca` of the encoded `data`, `[samples, dimensions]`, largest variance first.
pub fn principal(pca: &Pca, data: &ArrayRef2<f32>) -> Vec<Axis> {
    let coordinates = pca.project(data);
    let whole: f32 = pca.variances.sum();
    let directions = pca.components.outer_iter().zip(&pca.variances).zip(coordinates.columns()).enumerate();
    directions
        .map(|(number, ((direction, &variance), column))| {
            let (mean, deviation, marks) = statistics(column.to_vec());
            Axis {
                number,
                system: AxisSystem::Principal,
                direction: direction.to_owned(),
                offset: direction.dot(&pca.mean),
                mean,
                deviation,
                marks,
                information: if whole > 0.0 { variance / whole } else { 0.0 },
            }
        })
        .collect()
}

/// Mean, standard deviation and percentiles [`RANKS`], interpolated linearly like NumPy's `percentile`.
fn statistics(mut values: Vec<f32>) -> (f32, f32, [f32; 7]) {
    values.sort_by(f32::total_cmp);
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let marks = RANKS.map(|rank| {
        let place = rank / 100.0 * values.len().saturating_sub(1) as f64;
        let (below, part) = (place.floor() as usize, place.fract() as f32);
        let at = |index: usize| values.get(index.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0);
        at(below) + (at(below + 1) - at(below)) * part
    });
    (mean as f32, variance.sqrt() as f32, marks)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// 101 vectors along a slanted line: (3, 4)/5 times -50 to 50, around (10, 20).
    fn line() -> Array2<f32> {
        Array2::from_shape_fn((101, 2), |(row, column)| {
            let along = row as f32 - 50.0;
            if column == 0 { 10.0 + 0.6 * along } else { 20.0 + 0.8 * along }
        })
    }

    const SPREAD: Spread<'_> = Spread { mean: &[1.0, 2.0], deviation: &[1.0, 0.5], kl: &[0.005, 3.0] };

    #[test]
    fn dimensions_come_by_what_they_tell_and_dead_ones_are_known() {
        let axes = dimensions(2, SPREAD, None);
        assert_eq!([axes[0].number, axes[1].number], [1, 0]);
        assert!(!axes[0].is_dead() && axes[1].is_dead());
        assert_eq!((axes[0].mean, axes[0].marks[3]), (2.0, 2.0));
        assert!((axes[0].marks[6] - 3.163).abs() < 1e-3, "the 99th percentile of a Gaussian");
        assert_eq!(axes[0].name(), "z1");
    }

    #[test]
    fn marks_are_the_percentiles_of_the_data_once_it_is_there() {
        let axes = dimensions(2, SPREAD, Some(&line()));
        let first = axes.iter().find(|axis| axis.number == 0).unwrap();
        let expected = [-49.0, -45.0, -25.0, 0.0, 25.0, 45.0, 49.0].map(|along: f32| 10.0 + 0.6 * along);
        for (mark, expected) in first.marks.iter().zip(expected) {
            assert!((mark - expected).abs() < 1e-4, "{mark} {expected}");
        }
        let (low, high) = first.range();
        assert!((low + 28.22).abs() < 1e-3 && (high - 48.22).abs() < 1e-3, "{low} {high}");
    }

    #[test]
    fn a_principal_direction_counts_from_the_mean_and_moves_along_itself_alone() {
        let data = line();
        let axes = principal(&Pca::fit(&data, 2), &data);
        assert_eq!(axes.len(), 1, "a line has one direction");
        let axis = &axes[0];
        assert!((axis.information - 1.0).abs() < 1e-6 && axis.mean.abs() < 1e-3);
        assert_eq!(axis.name(), "P1");
        assert!((axis.marks[6] - 49.0).abs() < 1e-3, "{:?}", axis.marks);
        let mut vector = [10.0, 20.0];
        assert!(axis.coordinate(&vector).abs() < 1e-4);
        axis.move_to(&mut vector, 5.0);
        assert!((vector[0] - 13.0).abs() < 1e-4 && (vector[1] - 24.0).abs() < 1e-4, "{vector:?}");
        assert!((axis.coordinate(&vector) - 5.0).abs() < 1e-4);
    }

    #[test]
    fn a_dimension_in_which_the_data_does_not_move_still_has_a_rail() {
        let axes = dimensions(1, Spread { mean: &[], deviation: &[], kl: &[] }, Some(&Array2::zeros((4, 1))));
        assert_eq!(axes[0].range(), (-0.5, 0.5));
        assert!(axes[0].is_dead());
        assert!(principal(&Pca::fit(&Array2::zeros((0, 3)), 3), &Array2::zeros((0, 3))).is_empty());
    }
}
