//! Into how many channels the work on one sample can be parted without another order of any sum.

/// Terms of a sum that `gemm` adds up in one go, whatever the size of the product.
const UNPARTED_SUM: usize = 512;
/// Rows and columns up to which `gemm` adds up longer sums in parts of another length than in larger products.
const SMALL_PRODUCT: usize = 64;
/// A single row or column is multiplied in another way, too.
const FEWEST_ROWS: usize = 2;

/// Channels that can be computed apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub channels: usize,
    /// Channels of one product, if they are not parted.
    pub tile: usize,
    /// Fewest channels of a part of a tile.
    pub fewest: usize,
}

impl Split {
    /// Fewest channels whose products with matrices of `others` columns, each channel `rows` rows, add up `sum` terms in the order
    /// in which the product of all channels does.
    pub fn fewest(rows: usize, others: usize, sum: usize) -> usize {
        let large =
            if sum > UNPARTED_SUM && others <= SMALL_PRODUCT { SMALL_PRODUCT + 1 } else { FEWEST_ROWS };
        large.div_ceil(rows.max(1)).max(FEWEST_ROWS)
    }

    /// Channels of one of about `parts` parts: whole tiles, or parts of one.
    pub fn channels_of_part(&self, parts: usize) -> usize {
        let Self { channels, tile, fewest } = *self;
        let wanted = channels.div_ceil(parts.max(1)).max(1);
        if wanted > tile {
            return wanted.next_multiple_of(tile);
        }
        let fits = |count: &usize| channels.is_multiple_of(*count) || channels % count >= fewest;
        (wanted.max(fewest)..tile).find(fits).unwrap_or(tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_tiles_or_none_is_too_small() {
        for channels in 1..80 {
            for (tile, fewest, parts) in [(channels, 2, 4), (7, 2, 3), (16, 8, 40), (27, 2, 9), (9, 65, 5)] {
                let split = Split { channels, tile: tile.min(channels), fewest };
                let count = split.channels_of_part(parts);
                for start in (0..channels).step_by(count) {
                    let part = start..channels.min(start + count);
                    let whole = part.start.is_multiple_of(split.tile)
                        && (part.end == channels || part.end.is_multiple_of(split.tile));
                    assert!(whole || part.len() >= fewest, "{split:?}, {parts}: {part:?}");
                }
            }
        }
    }

    #[test]
    fn long_sums_are_not_parted_to_small_products() {
        assert_eq!([Split::fewest(1, 100, 600), Split::fewest(1, 60, 500)], [2, 2]);
        assert_eq!(
            [Split::fewest(1, 60, 600), Split::fewest(9, 60, 600), Split::fewest(9, 60, 60)],
            [65, 8, 2]
        );
    }
}
