//! Writes a drawing as SVG: shapes as shapes, text as text, images as embedded PNG.
//!
//! It uses only SVG 1.1 (<https://www.w3.org/TR/SVG11/>), which browsers, Inkscape and word processors read.

mod image;
mod mesh;
mod text;
mod writer;

use eframe::egui::{
    Color32, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2,
    emath::Rot2,
    epaint::{BandShape, ClippedShape, ColorMode, PathShape, PathStroke, RectShape},
    vec2,
};

use self::writer::{Writer, area, fill, number, push, stroke};
use super::offscreen::Drawing;

/// The text of an SVG file.
pub fn svg(drawing: &Drawing, background: Color32) -> String {
    let mut writer = Writer { drawing, out: String::new(), clips: Vec::new() };
    let (width, height) = (number(drawing.size.x), number(drawing.size.y));
    let whole = Rect::from_min_size(Pos2::ZERO, drawing.size);
    writer.rect(&RectShape::filled(whole, 0.0, background));
    for ClippedShape { clip_rect, shape, .. } in &drawing.shapes {
        writer.clipped(clip_rect.intersect(whole), shape);
    }
    let mut clips = String::new();
    for (index, clip) in writer.clips.iter().enumerate() {
        push(&mut clips, format_args!("<clipPath id=\"c{index}\"><rect {}/></clipPath>\n", area(*clip)));
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n<defs>\n{clips}</defs>\n{}</svg>\n",
        writer.out
    )
}

impl Writer<'_> {
    /// Draws `shape`, clipped to `clip`.
    fn clipped(&mut self, clip: Rect, shape: &Shape) {
        if !clip.is_positive() || !clip.intersects(shape.visual_bounding_rect()) {
            return;
        }
        if clip.contains_rect(shape.visual_bounding_rect()) {
            self.shape(shape);
            return;
        }
        let index = self.clips.iter().position(|known| *known == clip).unwrap_or_else(|| {
            self.clips.push(clip);
            self.clips.len() - 1
        });
        self.write(format_args!("<g clip-path=\"url(#c{index})\">\n"));
        self.shape(shape);
        self.write(format_args!("</g>\n"));
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(circle) => self.ellipse(
                circle.center,
                Vec2::splat(circle.radius),
                &format!("{}{}", fill(circle.fill), stroke(circle.stroke)),
            ),
            Shape::Ellipse(ellipse) => self.ellipse(
                ellipse.center,
                ellipse.radius,
                &format!("{}{}", fill(ellipse.fill), stroke(ellipse.stroke)),
            ),
            Shape::LineSegment { points, stroke: line } => {
                self.polyline(points, false, &format!("fill=\"none\"{}", stroke(*line)));
            }
            Shape::Path(path) => self.path(path),
            Shape::Rect(rect) => self.rect(rect),
            Shape::Text(words) => text::write(&mut self.out, words),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::QuadraticBezier(curve) => {
                let points = curve.flatten(None);
                self.curve(&points, curve.closed, curve.fill, &curve.stroke);
            }
            Shape::CubicBezier(curve) => {
                let points = curve.flatten(None);
                self.curve(&points, curve.closed, curve.fill, &curve.stroke);
            }
            Shape::Band(band) => self.band(band),
            // Paint callbacks run on the GPU without a shape.
            Shape::Noop | Shape::Callback(_) => {}
        }
    }

    fn ellipse(&mut self, centre: Pos2, radii: Vec2, look: &str) {
        let [x, y, rx, ry] = [centre.x, centre.y, radii.x, radii.y].map(number);
        self.write(format_args!("<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\" {look}/>\n"));
    }

    fn path(&mut self, path: &PathShape) {
        self.curve(&path.points, path.closed, path.fill, &path.stroke);
    }

    fn curve(&mut self, points: &[Pos2], closed: bool, inside: Color32, line: &PathStroke) {
        // A line with a colour gradient has no counterpart in SVG; no view draws one.
        let colour = match &line.color {
            ColorMode::Solid(colour) => *colour,
            ColorMode::UV(_) => Color32::TRANSPARENT,
        };
        let look = format!("{}{}", fill(inside), stroke(Stroke::new(line.width, colour)));
        self.polyline(points, closed, &look);
    }

    /// A line of which many points lie in one column of pixels: plots draw it as high as it is there.
    fn band(&mut self, band: &BandShape) {
        let turn = Rot2::from_angle(band.angle);
        let corner = |x: f32, y: f32| (turn * vec2(x, y)).to_pos2();
        for run in band.points.split(|point| !point.is_finite()).filter(|run| run.len() > 1) {
            let (above, below) = (run.iter(), run.iter().rev());
            let above = above.map(|point| corner(point.x, point.y.min));
            let below = below.map(|point| corner(point.x, point.y.max));
            let outline: Vec<Pos2> = above.chain(below).collect();
            self.curve(&outline, true, band.fill, &band.stroke.into());
        }
    }

    fn polyline(&mut self, points: &[Pos2], closed: bool, look: &str) {
        let element = if closed { "polygon" } else { "polyline" };
        let mut places = String::new();
        for point in points {
            push(&mut places, format_args!("{},{} ", number(point.x), number(point.y)));
        }
        self.write(format_args!(
            "<{element} points=\"{}\" stroke-linejoin=\"round\" {look}/>\n",
            places.trim_end()
        ));
    }

    fn rect(&mut self, shape: &RectShape) {
        if let Some(brush) = &shape.brush {
            self.image(brush.fill_texture_id, shape.rect, brush.uv, shape.fill);
            return;
        }
        if shape.fill == Color32::TRANSPARENT && shape.stroke.is_empty() {
            return;
        }
        let half = shape.stroke.width / 2.0;
        let rect = match shape.stroke_kind {
            _ if shape.stroke.is_empty() => shape.rect,
            StrokeKind::Inside => shape.rect.shrink(half),
            StrokeKind::Middle => shape.rect,
            StrokeKind::Outside => shape.rect.expand(half),
        };
        let corner = number(f32::from(shape.corner_radius.nw));
        let look = format!("{}{}", fill(shape.fill), stroke(shape.stroke));
        self.write(format_args!("<rect {} rx=\"{corner}\" {look}/>\n", area(rect)));
    }
}

#[cfg(test)]
mod tests;
