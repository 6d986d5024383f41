//! Panels drawn where nobody sees them: the same drawing code as in the window, in any size.

use std::collections::BTreeMap;

use eframe::egui::{
    ColorImage, Context, ImageData, Pos2, RawInput, Rect, TextureId, Ui, Vec2, epaint::ClippedShape,
};

use crate::{app::theme, session::state::ThemeChoice};

/// Frames until sizes that depend on each other have settled.
const FRAMES: usize = 3;
/// Seconds between them: long enough for whatever fades in.
const FRAME_SECS: f64 = 1.0;
/// Largest side of an image, in pixels: pictures of long sounds are merged to this width.
const MOST_TEXELS: usize = 8192;
/// Letters are placed to parts of a point, because a figure is read enlarged.
const PIXELS_PER_POINT: f32 = 4.0;

/// What was drawn.
pub struct Drawing {
    /// Its size in points.
    pub size: Vec2,
    /// Shapes, the lowest first.
    pub shapes: Vec<ClippedShape>,
    /// The images that they refer to.
    pub images: BTreeMap<TextureId, ColorImage>,
}

/// Draws `contents` on a surface of `size` points.
pub fn draw(size: Vec2, theme: ThemeChoice, mut contents: impl FnMut(&mut Ui)) -> Drawing {
    let ctx = Context::default();
    theme::install(&ctx);
    theme::choose(&ctx, theme);
    ctx.set_pixels_per_point(PIXELS_PER_POINT);
    let mut drawing = Drawing { size, shapes: Vec::new(), images: BTreeMap::new() };
    for frame in 0..FRAMES {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            max_texture_side: Some(MOST_TEXELS),
            time: Some(frame as f64 * FRAME_SECS),
            ..RawInput::default()
        };
        let mut output = ctx.run_ui(input, &mut contents);
        let changes: BTreeMap<_, _> = output.textures_delta.set.drain().collect();
        for (texture, deltas) in changes {
            for delta in deltas {
                // Parts of the textures of letters; letters are written as text.
                let ImageData::Color(image) = delta.image;
                if delta.pos.is_none() {
                    drawing.images.insert(texture, image.as_ref().clone());
                }
            }
        }
        output.textures_delta.clear();
        drawing.shapes = std::mem::take(&mut output.shapes);
    }
    drawing
}
