//! Triangles: images, gradients and filled areas.

use eframe::egui::{Color32, Mesh, Pos2, Rect, TextureId, epaint::Vertex};

use super::writer::{Writer, area, fill, number, push};

impl Writer<'_> {
    pub(super) fn mesh(&mut self, mesh: &Mesh) {
        if mesh.texture_id != TextureId::default() {
            if let Some((rect, uv)) = extents(&mesh.vertices) {
                self.image(mesh.texture_id, rect, uv, mean(&mesh.vertices));
            }
            return;
        }
        let corners = |triangle: &[u32]| -> Option<[Vertex; 3]> {
            let at = |index: u32| mesh.vertices.get(index as usize).copied();
            let [a, b, c] = triangle else { return None };
            Some([at(*a)?, at(*b)?, at(*c)?])
        };
        let triangles: Vec<[Vertex; 3]> = mesh.indices.chunks(3).filter_map(corners).collect();
        let mut rest = triangles.as_slice();
        while let [first, ..] = rest {
            let colour = plain(first);
            let count =
                rest.iter().take_while(|triangle| colour.is_some() && plain(triangle) == colour).count();
            match (colour, rest) {
                (Some(colour), _) => {
                    self.area_of(&rest[..count], colour);
                    rest = &rest[count..];
                }
                (None, [one, other, left @ ..]) if let Some(rect) = rectangle(one, other) => {
                    let colour = mean(&[one.as_slice(), other].concat());
                    self.crisp(&format!("<rect {}", area(rect)), colour);
                    rest = left;
                }
                (None, [one, left @ ..]) => {
                    let colour = mean(one);
                    self.crisp(&format!("<path d=\"{}\"", outline(one)), colour);
                    rest = left;
                }
                (None, []) => return,
            }
        }
    }

    /// Triangles of one colour as one path, so that no seams show between them.
    fn area_of(&mut self, triangles: &[[Vertex; 3]], colour: Color32) {
        if colour.a() == 0 {
            return;
        }
        let outlines: String = triangles.iter().map(outline).collect();
        self.write(format_args!("<path d=\"{outlines}\" {}/>\n", fill(colour)));
    }

    /// A small part of a gradient, without antialiasing so that no seams show.
    fn crisp(&mut self, element: &str, colour: Color32) {
        self.write(format_args!("{element} shape-rendering=\"crispEdges\" {}/>\n", fill(colour)));
    }
}

/// The common colour of all corners, if they have one.
fn plain([a, b, c]: &[Vertex; 3]) -> Option<Color32> {
    (a.color == b.color && b.color == c.color).then_some(a.color)
}

fn mean(corners: &[Vertex]) -> Color32 {
    let channel = |of: fn(&Color32) -> u8| {
        let sum: usize = corners.iter().map(|corner| usize::from(of(&corner.color))).sum();
        (sum / corners.len().max(1)) as u8
    };
    Color32::from_rgba_premultiplied(
        channel(Color32::r),
        channel(Color32::g),
        channel(Color32::b),
        channel(Color32::a),
    )
}

fn outline(corners: &[Vertex; 3]) -> String {
    let mut path = String::new();
    for (index, corner) in corners.iter().enumerate() {
        let step = if index == 0 { 'M' } else { 'L' };
        push(&mut path, format_args!("{step}{},{}", number(corner.pos.x), number(corner.pos.y)));
    }
    path.push('Z');
    path
}

/// The axis-aligned rectangle that two triangles fill together.
fn rectangle(one: &[Vertex; 3], other: &[Vertex; 3]) -> Option<Rect> {
    let corners: Vec<Pos2> = one.iter().chain(other).map(|corner| corner.pos).collect();
    let rect = Rect::from_points(&corners);
    let is_corner = |point: &Pos2| {
        (point.x == rect.left() || point.x == rect.right())
            && (point.y == rect.top() || point.y == rect.bottom())
    };
    (rect.is_positive() && corners.iter().all(is_corner)).then_some(rect)
}

/// Bounding rectangles of an image's corners, on the surface and in the texture.
fn extents(vertices: &[Vertex]) -> Option<(Rect, Rect)> {
    let places: Vec<Pos2> = vertices.iter().map(|vertex| vertex.pos).collect();
    let uvs: Vec<Pos2> = vertices.iter().map(|vertex| vertex.uv).collect();
    (!places.is_empty()).then(|| (Rect::from_points(&places), Rect::from_points(&uvs)))
}
