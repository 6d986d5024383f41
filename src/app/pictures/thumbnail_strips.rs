//! Textures of the thumbnails: one per grid row, made when the row becomes visible; the least recently used are freed.

use std::collections::BTreeMap;

use eframe::egui::{self, Color32, ColorImage, Rect, TextureHandle, TextureOptions, pos2};

use crate::{
    inspect::{colour_map::ColourMap, thumbnail::Thumbnail},
    jobs::survey::Entry,
};

/// Largest number of cached rows: several screens, at most some tens of megabytes.
const MAX_STRIPS: usize = 160;

/// Inputs of a strip besides its position; it is made again when they change.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    /// Generation of the report.
    generation: u64,
    map: ColourMap,
    /// Number of entries.
    count: usize,
}

struct Strip {
    key: Key,
    texture: TextureHandle,
    /// When it was last drawn.
    used: u64,
}

/// Cached strips by the index of their first image.
#[derive(Default)]
pub struct Strips {
    strips: BTreeMap<usize, Strip>,
    clock: u64,
}

impl Strips {
    /// The texture of `entries`, which start at index `start`; rebuilt when generation, map or number changed.
    pub fn get(
        &mut self,
        ctx: &egui::Context,
        start: usize,
        entries: &[Entry],
        generation: u64,
        map: ColourMap,
    ) -> TextureHandle {
        self.clock += 1;
        let key = Key { generation, map, count: entries.len() };
        if let Some(strip) = self.strips.get_mut(&start)
            && strip.key == key
        {
            strip.used = self.clock;
            return strip.texture.clone();
        }
        if self.strips.len() >= MAX_STRIPS
            && let Some(oldest) =
                self.strips.iter().min_by_key(|(_, strip)| strip.used).map(|(&start, _)| start)
        {
            self.strips.remove(&oldest);
        }
        let texture =
            ctx.load_texture(format!("strip {start}"), picture(entries, map), TextureOptions::LINEAR);
        self.strips.insert(start, Strip { key, texture: texture.clone(), used: self.clock });
        texture
    }
}

/// UV rectangle of image `index` of `count` in a strip, inset by half a pixel so that neighbours do not bleed in.
pub fn part(index: usize, count: usize, (width, height): (usize, usize)) -> Rect {
    let cell = 1.0 / count.max(1) as f32;
    let (x, y) = (0.5 / width.max(1) as f32, 0.5 / height.max(1) as f32);
    let left = index as f32 * cell;
    Rect::from_min_max(pos2(left + x, y), pos2(left + cell - x, 1.0 - y))
}

/// The thumbnails side by side.
fn picture(entries: &[Entry], map: ColourMap) -> ColorImage {
    let (width, height) =
        entries.first().map_or((1, 1), |entry| (entry.thumbnail.width, entry.thumbnail.height));
    let table = map.table().map(|[r, g, b]| Color32::from_rgb(r, g, b));
    let mut pixels = Vec::with_capacity(width * height * entries.len());
    for row in 0..height {
        for entry in entries {
            pixels
                .extend(row_of(&entry.thumbnail, row, width).iter().map(|&value| table[usize::from(value)]));
        }
    }
    pixels.resize((width * entries.len().max(1)) * height, Color32::TRANSPARENT);
    ColorImage::new([width * entries.len().max(1), height], pixels)
}

fn row_of(thumbnail: &Thumbnail, row: usize, width: usize) -> &[u8] {
    thumbnail.values.get(row * width..(row + 1) * width).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::stages::MinMax;

    fn entry(value: u8) -> Entry {
        Entry {
            name: String::new(),
            class: String::new(),
            duration_secs: 0.0,
            level_db: None,
            peak_db: None,
            min_max: MinMax { min: 0.0, max: 0.0 },
            flags: Vec::new(),
            thumbnail: Thumbnail { width: 2, height: 3, values: vec![value; 6].into() },
        }
    }

    #[test]
    fn thumbnails_lie_side_by_side() {
        let image = picture(&[entry(0), entry(255)], ColourMap::Grey);
        assert_eq!(image.size, [4, 3]);
        assert_eq!(image.pixels[..4], [Color32::BLACK, Color32::BLACK, Color32::WHITE, Color32::WHITE]);
        let second = part(1, 2, (4, 3));
        assert!(second.left() > 0.5 && second.right() < 1.0 && second.top() > 0.0);
    }

    #[test]
    fn old_strips_make_room() {
        let (ctx, mut strips) = (egui::Context::default(), Strips::default());
        for start in 0..MAX_STRIPS + 10 {
            let texture = strips.get(&ctx, start, &[entry(1)], 1, ColourMap::Grey);
            assert_eq!(texture.size(), [2, 3]);
        }
        assert_eq!(strips.strips.len(), MAX_STRIPS);
        assert!(!strips.strips.contains_key(&0) && strips.strips.contains_key(&(MAX_STRIPS + 9)));
    }
}
