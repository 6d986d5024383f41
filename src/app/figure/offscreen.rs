//! Draws panels off screen: the same code as in the window, in any size.

use std::collections::BTreeMap;

use eframe::egui::{
    ColorImage, Context, ImageData, Pos2, RawInput, Rect, TextureId, Ui, Vec2, epaint::ClippedShape,
};

use crate::{
    app::{system_fonts, theme},
    session::state::ThemeChoice,
};

/// Frames to draw until sizes that depend on each other have settled.
const FRAMES: usize = 3;
/// Seconds between frames: long enough for fade-in animations.
const FRAME_SECS: f64 = 1.0;
/// Largest side of a texture, in pixels: images of longer sounds are reduced to this width.
const MAX_TEXELS: usize = 8192;
/// Letters are placed with sub-point precision, because a figure may be enlarged.
const PIXELS_PER_POINT: f32 = 4.0;

/// The result of drawing.
pub struct Drawing {
    pub size: Vec2,
    /// Shapes, from back to front.
    pub shapes: Vec<ClippedShape>,
    /// The images that the shapes refer to.
    pub images: BTreeMap<TextureId, ColorImage>,
}

/// Draws `contents` on a surface of `size` points.
pub fn draw(size: Vec2, theme: ThemeChoice, mut contents: impl FnMut(&mut Ui)) -> Drawing {
    let ctx = Context::default();
    theme::install(&ctx);
    // As the window has it.
    ctx.add_font_provider(system_fonts::provider());
    theme::choose(&ctx, theme);
    ctx.set_pixels_per_point(PIXELS_PER_POINT);
    let mut drawing = Drawing { size, shapes: Vec::new(), images: BTreeMap::new() };
    for frame in 0..FRAMES {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            max_texture_side: Some(MAX_TEXELS),
            time: Some(frame as f64 * FRAME_SECS),
            ..RawInput::default()
        };
        let mut output = ctx.run_ui(input, &mut contents);
        let changes: BTreeMap<_, _> = output.textures_delta.set.drain().collect();
        for (texture, deltas) in changes {
            for delta in deltas {
                // Partial updates are of the font texture; letters are exported as text.
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
