//! What the decoder makes at the places of a map: a grid of small images.

use std::sync::Arc;

use ndarray::{Array2, s};

use crate::{JobContext, JobError, latent::encoded_set::EncodedSet, runs::bundle::Bundle};
use timbrespace_analysis::{explore::layout::Layout, inspect::thumbnail::Thumbnail};

/// Most pixels of an image, in height and in width.
const SIDE: usize = 48;

/// A part of a map, lower left and upper right corner.
pub type Region = [[f32; 2]; 2];

/// Decoded images, tile beside tile.
#[derive(Clone, Debug, PartialEq)]
pub struct Atlas {
    /// The part of the map that it covers.
    pub region: Region,
    /// Images in a row, and rows.
    pub grid: (usize, usize),
    /// All of them in one picture, the highest row of the map first.
    pub picture: Thumbnail,
}

/// What to decode: a part of the map of `set`, divided into tiles.
pub struct Request {
    /// The model.
    pub bundle: Arc<Bundle>,
    /// The encoded recordings on the map.
    pub set: Arc<EncodedSet>,
    /// Their places.
    pub layout: Arc<Layout>,
    /// The part of the map.
    pub region: Region,
    /// Tiles in a row.
    pub columns: usize,
    /// Rows of tiles.
    pub rows: usize,
}

/// Decodes the middle of each tile.
///
/// # Errors
/// When map and model do not belong together, or on an interrupt.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Atlas, JobError> {
    let &Request { ref bundle, ref set, ref layout, region, columns, rows } = request;
    let [[left, bottom], [right, top]] = region;
    let middle = |index: usize, count: usize, from: f32, to: f32| {
        from + (to - from) * (index as f32 + 0.5) / count.max(1) as f32
    };
    let mut tiles = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        context.wait_while_paused()?;
        let mut vectors = Array2::<f32>::zeros((columns, set.vectors().vectors().ncols()));
        for column in 0..columns {
            let place = [middle(column, columns, left, right), middle(row, rows, top, bottom)];
            vectors.row_mut(column).assign(&layout.vector_at(place, set.vectors()));
        }
        let images = bundle.snapshot.decode(&vectors)?;
        tiles.extend((0..columns).map(|column| Thumbnail::of(&images.slice(s![column, .., ..]), SIDE)));
    }
    Ok(Atlas { region, grid: (columns, rows), picture: joined(&tiles, columns) })
}

/// Tiles of one size beside each other, `columns` in a row.
fn joined(tiles: &[Thumbnail], columns: usize) -> Thumbnail {
    let Some((width, height)) = tiles.first().map(|tile| (tile.width, tile.height)) else {
        return Thumbnail::default();
    };
    let rows = tiles.len() / columns.max(1);
    let mut values = Vec::with_capacity(tiles.len() * width * height);
    for line in tiles.chunks_exact(columns) {
        for row in 0..height {
            for tile in line {
                values.extend_from_slice(tile.values.get(row * width..(row + 1) * width).unwrap_or_default());
            }
        }
    }
    Thumbnail { width: columns * width, height: rows * height, values: values.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{latent::encoded_set::Listed, runs::demo_model};
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::pipeline::stages::MinMax;

    #[test]
    fn each_tile_is_what_the_decoder_makes_of_the_place_in_its_middle() {
        let bundle = Arc::new(demo_model::open().unwrap());
        let size = bundle.config.model.latent_size;
        let vectors = Array2::from_shape_fn((30, size), |(row, column)| {
            ((row * 5 + column * 3) % 11) as f32 / 4.0 - 1.0
        });
        let listed = |index| Listed { index, path: "x".into(), name: String::new(), class: String::new() };
        let range = vec![MinMax { min: -60.0, max: 20.0 }; 30];
        let set = Arc::new(EncodedSet::of((0..30).map(listed).collect(), &vectors, range));
        let layout = Arc::new(Layout::by_pca(&set.principal, set.vectors()));
        let region = [[-2.0, -1.0], [2.0, 1.0]];
        let request = Request {
            bundle: Arc::clone(&bundle),
            set: Arc::clone(&set),
            layout: Arc::clone(&layout),
            region,
            columns: 4,
            rows: 2,
        };
        let atlas = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!(atlas.grid, (4, 2));
        // The third of the lower row: in the middle of 0..1 and of -1..0.
        let place = layout.vector_at([0.5, -0.5], set.vectors());
        let image = bundle.snapshot.decode(&place.insert_axis(ndarray::Axis(0))).unwrap();
        let tile = Thumbnail::of(&image.slice(s![0, .., ..]), SIDE);
        assert_eq!((atlas.picture.width, atlas.picture.height), (4 * tile.width, 2 * tile.height));
        let corner = tile.height * atlas.picture.width + 2 * tile.width;
        assert_eq!(atlas.picture.values[corner..corner + tile.width], tile.values[..tile.width]);
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
    }
}
