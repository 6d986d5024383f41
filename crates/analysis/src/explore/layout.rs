//! A two-dimensional map of the latent space, with conversion in both directions.

use ndarray::{Array1, Array2, ArrayRef1, Axis};

use super::{
    neighbours::{Neighbours, weights},
    projection::Pca,
};

/// Number of neighbours used to interpolate where there is no formula.
const NEIGHBOURS: usize = 5;

/// Method of computing the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayoutKind {
    /// The first two principal components: fast, and every position has a unique vector.
    #[default]
    Pca,
    /// t-SNE: preserves neighbourhoods; distances between groups mean little.
    Tsne,
}

/// Map positions of a set of vectors.
#[derive(Clone, Debug)]
pub struct Layout {
    kind: LayoutKind,
    /// Map positions, `[samples, 2]`.
    places: Neighbours,
    pca: Pca,
}

impl Layout {
    /// Maps `vectors` to their first two principal components, using the principal directions `pca`.
    pub fn by_pca(pca: &Pca, vectors: &Neighbours) -> Self {
        let keep = pca.components.nrows().min(2);
        let pca = Pca {
            mean: pca.mean.clone(),
            components: pca.components.slice(ndarray::s![..keep, ..]).to_owned(),
            variances: pca.variances.slice(ndarray::s![..keep]).to_owned(),
        };
        let coordinates = pca.project(vectors.vectors());
        let places =
            Array2::from_shape_fn((vectors.len(), 2), |index| coordinates.get(index).copied().unwrap_or(0.0));
        Self { kind: LayoutKind::Pca, places: Neighbours::new(&places), pca }
    }

    /// Uses the positions `found` by t-SNE for the rows `embedded` of `vectors`; other rows are placed
    /// between their nearest embedded ones. `pca` are the vectors' principal directions.
    pub fn by_tsne(pca: &Pca, vectors: &Neighbours, embedded: &[usize], found: &Array2<f32>) -> Self {
        let mut places = Array2::zeros((vectors.len(), 2));
        let known = Neighbours::new(&vectors.vectors().select(Axis(0), embedded));
        let mut left: Vec<bool> = vec![true; vectors.len()];
        for (&row, place) in embedded.iter().zip(found.outer_iter()) {
            places.row_mut(row).assign(&place);
            left[row] = false;
        }
        for row in (0..vectors.len()).filter(|&row| left[row]) {
            let near = known.nearest(&vectors.vectors().row(row), NEIGHBOURS);
            for (neighbour, weight) in near.iter().zip(weights(&near)) {
                places.row_mut(row).scaled_add(weight as f32, &found.row(neighbour.index));
            }
        }
        Self { kind: LayoutKind::Tsne, places: Neighbours::new(&places), pca: pca.clone() }
    }

    /// Method by which the map was computed.
    pub fn kind(&self) -> LayoutKind {
        self.kind
    }

    /// Number of positions.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Position of row `row`.
    pub fn place(&self, row: usize) -> [f32; 2] {
        let place = |column| self.places.vectors().get((row, column)).copied().unwrap_or(0.0);
        [place(0), place(1)]
    }

    /// Bounding rectangle of all positions: lower left and upper right corner; the unit square around the
    /// origin for an empty map.
    pub fn bounds(&self) -> [[f32; 2]; 2] {
        let places = self.places.vectors();
        if places.nrows() == 0 {
            return [[-0.5; 2], [0.5; 2]];
        }
        let least = |column: usize| places.column(column).iter().copied().fold(f32::INFINITY, f32::min);
        let most = |column: usize| places.column(column).iter().copied().fold(f32::NEG_INFINITY, f32::max);
        [[least(0), least(1)], [most(0), most(1)]]
    }

    /// Rows with positions nearest to `place`, nearest first, with weights that add up to 1.
    pub fn around(&self, place: [f32; 2]) -> Vec<(usize, f64)> {
        let near = self.places.nearest(&Array1::from(place.to_vec()), NEIGHBOURS);
        near.iter().map(|neighbour| neighbour.index).zip(weights(&near)).collect()
    }

    /// The vector at `place`: on the plane of principal components, or interpolated between the nearest
    /// points' vectors.
    pub fn vector_at(&self, place: [f32; 2], vectors: &Neighbours) -> Array1<f32> {
        let mut vector = match self.kind {
            LayoutKind::Pca => self.pca.mean.clone(),
            LayoutKind::Tsne => Array1::zeros(vectors.vectors().ncols()),
        };
        match self.kind {
            LayoutKind::Pca => {
                for (direction, coordinate) in self.pca.components.outer_iter().zip(place) {
                    vector.scaled_add(coordinate, &direction);
                }
            }
            LayoutKind::Tsne => {
                for (row, weight) in self.around(place) {
                    vector.scaled_add(weight as f32, &vectors.vectors().row(row));
                }
            }
        }
        vector
    }

    /// Map position of `vector`: its projection, or interpolated between the positions of the nearest
    /// vectors; the origin if its size is wrong.
    pub fn place_of(&self, vector: &ArrayRef1<f32>, vectors: &Neighbours) -> [f32; 2] {
        if vector.len() != self.pca.mean.len() {
            return [0.0; 2];
        }
        match self.kind {
            LayoutKind::Pca => {
                let offset = &vector.view() - &self.pca.mean;
                let mut coordinates =
                    self.pca.components.outer_iter().map(|direction| direction.dot(&offset));
                [coordinates.next().unwrap_or(0.0), coordinates.next().unwrap_or(0.0)]
            }
            LayoutKind::Tsne => {
                let near = vectors.nearest(vector, NEIGHBOURS);
                let mut place = [0.0; 2];
                for (neighbour, weight) in near.iter().zip(weights(&near)) {
                    let there = self.place(neighbour.index);
                    place = [place[0] + weight as f32 * there[0], place[1] + weight as f32 * there[1]];
                }
                place
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// Points on a slanted plane in three dimensions.
    fn vectors() -> Neighbours {
        Neighbours::new(&Array2::from_shape_fn((50, 3), |(row, column)| {
            let (a, b) = ((row % 10) as f32, (row / 10) as f32);
            [a, 0.6 * b, 0.8 * b][column] + 1.0
        }))
    }

    #[test]
    fn places_of_principal_components_and_their_vectors_belong_together() {
        let vectors = vectors();
        let layout = Layout::by_pca(&Pca::fit(vectors.vectors(), 3), &vectors);
        for row in [0, 7, 49] {
            let place = layout.place(row);
            let back = layout.vector_at(place, &vectors);
            let own = vectors.vectors().row(row);
            assert!(back.iter().zip(own).all(|(a, b)| (a - b).abs() < 1e-4), "{back} {own}");
            let again = layout.place_of(&own, &vectors);
            assert!((again[0] - place[0]).abs() < 1e-4 && (again[1] - place[1]).abs() < 1e-4);
        }
        let [low, high] = layout.bounds();
        assert!((high[0] - low[0] - 9.0).abs() < 1e-3 && (high[1] - low[1] - 4.0).abs() < 1e-3);
    }

    #[test]
    fn what_was_not_embedded_lies_between_its_neighbours() {
        let vectors = Neighbours::new(&array![[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [0.0, 0.1]]);
        let found = array![[0.0, 0.0], [10.0, 20.0]];
        let layout = Layout::by_tsne(&Pca::fit(vectors.vectors(), 2), &vectors, &[0, 1], &found);
        assert_eq!(layout.place(1), [10.0, 20.0]);
        assert_eq!(layout.place(2), [5.0, 10.0], "half way");
        assert!(layout.place(3)[0] < 0.1, "beside the first");
        // A position between two points gives a vector between theirs; a point's own position gives its
        // vector.
        let between = layout.vector_at([10.0, 20.0], &vectors);
        assert!((between[0] - 2.0).abs() < 1e-3, "{between}");
        assert_eq!(layout.place_of(&array![2.0, 0.0], &vectors).map(f32::round), [10.0, 20.0]);
    }

    #[test]
    fn an_empty_map_has_bounds_and_no_points() {
        let none = Neighbours::new(&Array2::zeros((0, 3)));
        let layout = Layout::by_pca(&Pca::fit(none.vectors(), 3), &none);
        assert!(layout.is_empty());
        assert_eq!(layout.bounds(), [[-0.5; 2], [0.5; 2]]);
        assert!(layout.around([0.0; 2]).is_empty());
        assert_eq!(layout.place_of(&array![1.0], &none), [0.0, 0.0], "of another size");
        assert_eq!(layout.vector_at([1.0, 1.0], &none), array![0.0, 0.0, 0.0]);
    }
}
