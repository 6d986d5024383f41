use std::collections::BTreeMap;

use eframe::egui::{
    ColorImage, Label, Mesh, RichText, Shape, TextureId, Vec2, epaint::BandPoint, pos2, vec2,
};
use egui_plot::{Line, Plot, PlotPoints};

use super::*;
use crate::{app::figure::offscreen, session::state::ThemeChoice};

fn drawing(shapes: Vec<Shape>) -> Drawing {
    let clip_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 50.0));
    let shapes = shapes.into_iter().map(|shape| ClippedShape::new(clip_rect, shape)).collect();
    Drawing { size: vec2(100.0, 50.0), shapes, images: BTreeMap::new() }
}

#[test]
fn shapes_keep_their_places_colours_and_sizes() {
    let red = Color32::from_rgb(255, 0, 0);
    let text = svg(
        &drawing(vec![
            Shape::rect_filled(Rect::from_min_size(pos2(1.0, 2.0), vec2(30.0, 4.5)), 0.0, red),
            Shape::line_segment(
                [pos2(0.0, 0.0), pos2(10.0, 20.0)],
                Stroke::new(1.5, red.gamma_multiply(0.5)),
            ),
        ]),
        Color32::WHITE,
    );
    assert!(
        text.contains("<rect x=\"1\" y=\"2\" width=\"30\" height=\"4.5\" rx=\"0\" fill=\"#ff0000\"/>"),
        "{text}"
    );
    assert!(text.contains("points=\"0,0 10,20\"") && text.contains("stroke-width=\"1.5\""), "{text}");
    assert!(text.contains("stroke-opacity=\"0.5\""), "{text}");
    assert!(text.contains("viewBox=\"0 0 100 50\""), "{text}");
}

#[test]
fn a_line_of_many_points_a_pixel_is_drawn_as_high_as_it_is() {
    let point = |x: f32, y: std::ops::RangeInclusive<f32>| BandPoint::new(x, y);
    let gap = point(f32::NAN, 0.0..=0.0);
    let points =
        vec![point(1.0, 2.0..=8.0), point(2.0, 3.0..=9.0), gap, point(5.0, 1.0..=4.0), point(6.0, 2.0..=3.0)];
    let text = svg(&drawing(vec![BandShape::filled(points, Color32::RED).into()]), Color32::WHITE);
    for outline in ["1,2 2,3 2,9 1,8", "5,1 6,2 6,3 5,4"] {
        let polygon = format!("<polygon points=\"{outline}\" stroke-linejoin=\"round\" fill=\"#ff0000\"");
        assert!(text.contains(&polygon), "{outline}: {text}");
    }
}

#[test]
fn a_plotted_line_stays_in_the_figure_however_many_points_it_has() {
    let red = Color32::from_rgb(250, 1, 2);
    for count in [100, 5000] {
        let drawn = offscreen::draw(vec2(300.0, 200.0), ThemeChoice::Light, |ui| {
            let points: PlotPoints<'_> = (0..count).map(|x| [f64::from(x), f64::from(x % 7)]).collect();
            Plot::new("plot").show(ui, |plot| plot.line(Line::new("line", points).color(red)));
        });
        let text = svg(&drawn, Color32::WHITE);
        assert!(text.contains("#fa0102"), "{count} points are gone");
    }
}

#[test]
fn what_reaches_beyond_its_clip_is_clipped() {
    let inside = Shape::circle_filled(pos2(50.0, 25.0), 5.0, Color32::BLACK);
    assert!(!svg(&drawing(vec![inside]), Color32::WHITE).contains("clip-path"));
    let across = Shape::circle_filled(pos2(98.0, 25.0), 5.0, Color32::BLACK);
    let text = svg(&drawing(vec![across]), Color32::WHITE);
    assert!(text.contains("<g clip-path=\"url(#c0)\">"), "{text}");
    assert!(
        text.contains("<clipPath id=\"c0\"><rect x=\"0\" y=\"0\" width=\"100\" height=\"50\"/>"),
        "{text}"
    );
    let outside = Shape::circle_filled(pos2(200.0, 25.0), 5.0, Color32::BLACK);
    assert!(!svg(&drawing(vec![outside]), Color32::WHITE).contains("ellipse"));
}

#[test]
fn an_image_is_embedded_with_its_pixels() {
    let rect = Rect::from_min_size(pos2(10.0, 10.0), Vec2::splat(20.0));
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let mut drawing = drawing(vec![Shape::image(TextureId::Managed(7), rect, whole, Color32::WHITE)]);
    let image = ColorImage::new([2, 1], vec![Color32::RED, Color32::BLUE]);
    drawing.images.insert(TextureId::Managed(7), image);
    let text = svg(&drawing, Color32::WHITE);
    let data = text.split("base64,").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, data).unwrap();
    let picture = ::image::load_from_memory(&bytes).unwrap().to_rgb8();
    assert_eq!(picture.as_raw(), &[255, 0, 0, 0, 0, 255]);
    assert!(
        text.contains("x=\"10\" y=\"10\" width=\"20\" height=\"20\" preserveAspectRatio=\"none\""),
        "{text}"
    );
}

#[test]
fn triangles_of_one_colour_are_one_path_and_gradients_are_rectangles() {
    let mut mesh = Mesh::default();
    for (x, colour) in [(0.0, Color32::RED), (10.0, Color32::RED), (20.0, Color32::BLUE)] {
        mesh.colored_vertex(pos2(x, 0.0), colour);
        mesh.colored_vertex(pos2(x, 10.0), colour);
    }
    for first in [0, 2] {
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 1, first + 2, first + 3);
    }
    let text = svg(&drawing(vec![Shape::mesh(mesh)]), Color32::WHITE);
    assert!(text.contains("<path d=\"M0,0L0,10L10,0ZM0,10L10,0L10,10Z\" fill=\"#ff0000\"/>"), "{text}");
    assert!(text.contains("<rect x=\"10\" y=\"0\" width=\"10\" height=\"10\" shape-rendering"), "{text}");
}

#[test]
fn text_is_text_in_its_colour_and_font() {
    let drawing = offscreen::draw(vec2(200.0, 40.0), ThemeChoice::Dark, |ui| {
        ui.add(Label::new(RichText::new("4 kHz & more").monospace().color(Color32::from_rgb(1, 2, 3))));
    });
    let text = svg(&drawing, Color32::BLACK);
    assert!(text.contains(">4 kHz &amp; more</text>"), "{text}");
    assert!(text.contains("font-family=\"Hack, monospace\"") && text.contains("fill=\"#010203\""), "{text}");
}
