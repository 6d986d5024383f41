//! The text of the elements: numbers, rectangles and colours as attributes.

use std::fmt::Write as _;

use eframe::egui::{Color32, Rect, Stroke};

use crate::app::figure::offscreen::Drawing;

/// Decimals of a coordinate in points: finer than any printer.
const DECIMALS: usize = 2;

/// A drawing, and what is written of it so far.
pub(super) struct Writer<'a> {
    pub(super) drawing: &'a Drawing,
    /// The elements.
    pub(super) out: String,
    /// Rectangles that elements are clipped to.
    pub(super) clips: Vec<Rect>,
}

impl Writer<'_> {
    /// Adds to the elements.
    pub(super) fn write(&mut self, words: std::fmt::Arguments<'_>) {
        push(&mut self.out, words);
    }
}

/// Writing to a string cannot fail.
pub(super) fn push(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).ok();
}

/// A coordinate without trailing zeros.
pub(super) fn number(value: f32) -> String {
    let text = format!("{value:.DECIMALS$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

pub(super) fn area(rect: Rect) -> String {
    let [x, y, width, height] = [rect.left(), rect.top(), rect.width(), rect.height()].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

/// The fill attributes.
pub(super) fn fill(colour: Color32) -> String {
    if colour.a() == 0 { "fill=\"none\"".to_owned() } else { painted("fill", colour) }
}

/// The stroke attributes after a space; empty for no stroke.
pub(super) fn stroke(stroke: Stroke) -> String {
    if stroke.is_empty() {
        return String::new();
    }
    format!(" {} stroke-width=\"{}\"", painted("stroke", stroke.color), number(stroke.width))
}

pub(super) fn painted(what: &str, colour: Color32) -> String {
    let [r, g, b, a] = colour.to_srgba_unmultiplied();
    let opacity = if a == u8::MAX {
        String::new()
    } else {
        format!(" {what}-opacity=\"{}\"", number(f32::from(a) / 255.0))
    };
    format!("{what}=\"#{r:02x}{g:02x}{b:02x}\"{opacity}")
}
