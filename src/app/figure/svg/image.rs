//! Images as embedded PNG.

use std::io::Cursor;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use eframe::egui::{Color32, ColorImage, Rect, TextureId, Vec2};
use image::{ImageFormat, RgbaImage};

use super::writer::{Writer, area, number};

impl Writer<'_> {
    /// The part `uv` of an image, stretched over `rect`, as opaque as `tint` is; no view tints an image otherwise.
    pub(super) fn image(&mut self, texture: TextureId, rect: Rect, uv: Rect, tint: Color32) {
        let Some(image) = self.drawing.images.get(&texture) else { return };
        let Some(data) = png(image, uv) else { return };
        // Sharp cells when enlarged, smooth when reduced.
        let [width, height] = image.size;
        let texels = Vec2::new(width as f32, height as f32) * uv.size();
        let rendering = if texels.x < rect.width() || texels.y < rect.height() {
            " image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\""
        } else {
            ""
        };
        let opacity = match tint.a() {
            u8::MAX => String::new(),
            alpha => format!(" opacity=\"{}\"", number(f32::from(alpha) / 255.0)),
        };
        self.write(format_args!(
            "<image {}{opacity} preserveAspectRatio=\"none\"{rendering} xlink:href=\"data:image/png;base64,{data}\"/>\n",
            area(rect)
        ));
    }
}

/// The part `uv` of an image as PNG in base64.
fn png(image: &ColorImage, uv: Rect) -> Option<String> {
    let [width, height] = image.size;
    let place = |part: f32, size: usize| ((part * size as f32).round().max(0.0) as usize).min(size);
    let (left, right) = (place(uv.left(), width), place(uv.right(), width));
    let (top, bottom) = (place(uv.top(), height), place(uv.bottom(), height));
    if left >= right || top >= bottom {
        return None;
    }
    let part = RgbaImage::from_fn((right - left) as u32, (bottom - top) as u32, |x, y| {
        let pixel = (top + y as usize) * width + left + x as usize;
        let colour = image.pixels.get(pixel).map_or([0; 4], Color32::to_srgba_unmultiplied);
        image::Rgba(colour)
    });
    let mut bytes = Cursor::new(Vec::new());
    part.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(BASE64_STANDARD.encode(bytes.into_inner()))
}
