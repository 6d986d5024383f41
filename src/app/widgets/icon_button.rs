//! Buttons with a painted icon: independent of fonts, in the theme's colours.

use eframe::egui::{
    Color32, CornerRadius, Painter, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2,
};

use crate::app::theme::{ROUNDING, ROW, palette};

/// Width of a button, in points.
pub const WIDTH: f32 = ROW + 4.0;

/// The icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Sound is on.
    Speaker,
    /// Sound is off.
    Muted,
    /// The dark theme.
    Moon,
    /// The light theme.
    Sun,
    /// The system's theme.
    Screen,
    /// Close, delete or dismiss.
    Cross,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// A closed padlock.
    Locked,
    /// An open padlock.
    Unlocked,
    /// Messages.
    Bell,
    /// A list at the left.
    List,
    /// Further controls.
    More,
    /// Languages.
    Globe,
}

/// A square button; `name` is its accessible name, `on` draws it as active: what a click does then is in its name.
pub fn show(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    draw(ui, icon, name, on, true)
}

/// A button without a background unless it is on or hovered: for columns of many buttons.
pub fn quiet(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    draw(ui, icon, name, on, false)
}

/// Draws a button; `has_surface` is whether it always has a background.
fn draw(ui: &mut Ui, icon: Icon, name: &str, on: bool, has_surface: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(WIDTH, ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    if ui.is_rect_visible(rect) {
        let colours = palette(ui);
        let look = *ui.style().interact(&response);
        let fill = if on { colours.accent_soft } else { look.weak_bg_fill };
        let is_seen = on || has_surface || response.hovered() || response.has_focus();
        let fill = if is_seen { fill } else { Color32::TRANSPARENT };
        let outline = if is_seen { look.bg_stroke } else { Stroke::NONE };
        let colour = if is_seen { look.fg_stroke.color } else { colours.text_weak };
        ui.painter().rect(
            rect,
            CornerRadius::same(ROUNDING),
            fill,
            outline,
            eframe::egui::StrokeKind::Inside,
        );
        paint(ui.painter(), rect, icon, colour, fill);
    }
    response
}

fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32, behind: Color32) {
    let centre = rect.center();
    let at = |x: f32, y: f32| pos2(centre.x + x, centre.y + y);
    let line = Stroke::new(1.5, colour);
    match icon {
        Icon::Speaker => speaker(painter, centre, true, line),
        Icon::Muted => speaker(painter, centre, false, line),
        Icon::Moon => {
            painter.circle_filled(at(-0.5, 0.0), 6.5, colour);
            painter.circle_filled(at(2.5, -2.0), 5.5, behind);
        }
        Icon::Sun => {
            painter.circle_filled(centre, 3.5, colour);
            for step in 0..8 {
                let (sin, cos) = (step as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
                painter.line_segment([at(5.0 * cos, 5.0 * sin), at(7.5 * cos, 7.5 * sin)], line);
            }
        }
        Icon::Screen => {
            let screen = Rect::from_min_max(at(-7.0, -5.5), at(7.0, 3.0));
            painter.rect_stroke(screen, CornerRadius::same(1), line, eframe::egui::StrokeKind::Middle);
            painter.line_segment([at(-4.0, 6.5), at(4.0, 6.5)], line);
        }
        Icon::Undo | Icon::Redo => {
            let side = if icon == Icon::Undo { -1.0 } else { 1.0 };
            let hook: Vec<_> = (0..=10)
                .map(|step| {
                    let (sin, cos) = (step as f32 * 0.1 * std::f32::consts::PI).sin_cos();
                    at(-side * (0.5 + 4.5 * sin), 0.5 - 4.5 * cos)
                })
                .collect();
            painter.add(Shape::line(
                [vec![at(side * 6.0, -4.0)], hook, vec![at(side * 2.0, 5.0)]].concat(),
                line,
            ));
            painter.add(Shape::line(
                vec![at(side * 3.0, -7.0), at(side * 6.0, -4.0), at(side * 3.0, -1.0)],
                line,
            ));
        }
        Icon::Locked | Icon::Unlocked => padlock(painter, centre, icon == Icon::Locked, line),
        Icon::Cross => cross(painter, centre, line),
        Icon::Bell => bell(painter, centre, line),
        Icon::List => list(painter, centre, line),
        Icon::More => dots(painter, centre, colour),
        Icon::Globe => globe(painter, centre, line),
    }
}

/// A cross of two lines.
fn cross(painter: &Painter, centre: eframe::egui::Pos2, line: Stroke) {
    for x in [-4.0, 4.0] {
        painter.line_segment([centre + Vec2::new(x, -4.0), centre + Vec2::new(-x, 4.0)], line);
    }
}

/// A loudspeaker with two sound waves, or crossed out.
fn speaker(painter: &Painter, centre: eframe::egui::Pos2, sounds: bool, line: Stroke) {
    let at = |x: f32, y: f32| pos2(centre.x + x, centre.y + y);
    let body =
        vec![at(-7.0, -2.5), at(-4.0, -2.5), at(0.0, -6.0), at(0.0, 6.0), at(-4.0, 2.5), at(-7.0, 2.5)];
    painter.add(Shape::closed_line(body, line));
    if sounds {
        painter.add(Shape::line(arc(centre, 4.0), line));
        painter.add(Shape::line(arc(centre, 7.5), line));
    } else {
        painter.line_segment([at(3.0, -3.0), at(8.0, 3.0)], line);
        painter.line_segment([at(3.0, 3.0), at(8.0, -3.0)], line);
    }
}

/// Three dots.
fn dots(painter: &Painter, centre: eframe::egui::Pos2, colour: Color32) {
    for x in [-5.0, 0.0, 5.0] {
        painter.circle_filled(centre + Vec2::new(x, 0.0), 1.5, colour);
    }
}

/// A sphere with a meridian and circles of latitude.
fn globe(painter: &Painter, centre: eframe::egui::Pos2, line: Stroke) {
    painter.circle_stroke(centre, 7.0, line);
    let thin = Stroke::new(1.0, line.color);
    painter.add(Shape::ellipse_stroke(centre, Vec2::new(3.2, 7.0), thin));
    for (y, half) in [(-3.0, 6.3), (0.0, 7.0), (3.0, 6.3)] {
        painter.line_segment([centre + Vec2::new(-half, y), centre + Vec2::new(half, y)], thin);
    }
}

/// A window with a list at its left.
fn list(painter: &Painter, centre: eframe::egui::Pos2, line: Stroke) {
    let at = |x: f32, y: f32| pos2(centre.x + x, centre.y + y);
    let window = Rect::from_min_max(at(-7.0, -5.5), at(7.0, 5.5));
    painter.rect_stroke(window, CornerRadius::same(1), line, eframe::egui::StrokeKind::Middle);
    painter.line_segment([at(-1.5, -5.5), at(-1.5, 5.5)], line);
    for y in [-2.5, 0.0, 2.5] {
        painter.line_segment([at(-5.0, y), at(-3.5, y)], line);
    }
}

/// A bell with its clapper.
fn bell(painter: &Painter, centre: eframe::egui::Pos2, line: Stroke) {
    let at = |x: f32, y: f32| pos2(centre.x + x, centre.y + y);
    let dome = (0..=10).map(|step| {
        let (sin, cos) = (step as f32 * 0.1 * std::f32::consts::PI).sin_cos();
        at(-4.5 * cos, -1.5 - 5.0 * sin)
    });
    let outline = std::iter::once(at(-6.5, 4.0)).chain(dome).chain([at(6.5, 4.0)]).collect();
    painter.add(Shape::closed_line(outline, line));
    painter.line_segment([at(-1.5, 6.5), at(1.5, 6.5)], line);
}

/// A padlock; the shackle is shifted when open.
fn padlock(painter: &Painter, centre: eframe::egui::Pos2, locked: bool, line: Stroke) {
    let at = |x: f32, y: f32| pos2(centre.x + x, centre.y + y);
    let body = Rect::from_min_max(at(-5.0, -0.5), at(5.0, 6.5));
    let (shift, fill) = if locked { (0.0, line.color) } else { (4.0, Color32::TRANSPARENT) };
    painter.rect(body, CornerRadius::same(1), fill, line, eframe::egui::StrokeKind::Middle);
    let shackle = (0..=10).map(|step| {
        let (sin, cos) = (step as f32 * 0.1 * std::f32::consts::PI).sin_cos();
        at(shift - 3.0 * cos, -2.5 - 4.0 * sin)
    });
    painter.add(Shape::line(std::iter::once(at(shift - 3.0, -0.5)).chain(shackle).collect(), line));
}

/// A sound wave: a sixth of a circle at the right of `centre`.
fn arc(centre: eframe::egui::Pos2, radius: f32) -> Vec<eframe::egui::Pos2> {
    (-4..=4)
        .map(|step| {
            let (sin, cos) = (step as f32 * 0.18).sin_cos();
            centre + Vec2::new(radius * cos, radius * sin)
        })
        .collect()
}
