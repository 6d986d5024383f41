//! One row of a strip: title, short explanation, figures, and a plot below; a click folds it.

use eframe::egui::{
    Align, Align2, Label, Layout, Rect, RichText, Role, Sense, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2,
};

use crate::{
    app::theme::{self, GAP, HALF_GAP, ROW, palette},
    language::text,
    names,
};

/// Height of the heading above a plot, in points.
pub const HEAD: f32 = ROW;
/// Room above a plot for the upper half of its highest tick label.
const TICK_ROOM: f32 = 5.0;
/// Least width of the explanation, in points.
const LEAST_EXPLANATION: f32 = 40.0;
/// Width of the triangle before the title.
const TRIANGLE: f32 = 14.0;

/// The heading of a row.
#[derive(Clone, Debug)]
pub struct RowHead<'a> {
    pub title: &'a str,
    /// A short explanation.
    pub explanation: &'a str,
    /// The long explanation, in the tooltip.
    pub details: &'a str,
    /// Figures at the right.
    pub figures: String,
    /// Whether the row is folded; `None` for rows that cannot fold.
    pub folded: Option<bool>,
}

impl RowHead<'_> {
    /// Draws the heading and, unless folded, `contents` in `height` points below; returns whether the heading was clicked.
    pub fn show(self, ui: &mut Ui, height: f32, contents: impl FnOnce(&mut Ui)) -> bool {
        let title = names::escaped(self.title);
        let [explanation, details] = [self.explanation, self.details].map(names::escaped_lines);
        let figures = names::escaped(&self.figures).into_owned();
        let head = RowHead { title: &title, explanation: &explanation, details: &details, figures, ..self };
        head.draw(ui, height, contents)
    }

    fn draw(self, ui: &mut Ui, height: f32, contents: impl FnOnce(&mut Ui)) -> bool {
        let is_folded = self.folded == Some(true);
        let height = if is_folded { 0.0 } else { height };
        let size = Vec2::new(ui.available_width(), HEAD + height);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let (head, body) = rect.split_top_bottom_at_y(rect.top() + HEAD);
        let clicked = self.head(ui, head);
        if !is_folded {
            let (_, place) = body.split_top_bottom_at_y(body.top() + TICK_ROOM);
            let mut child = ui.new_child(
                UiBuilder::new().id_salt(self.title).max_rect(place).layout(Layout::top_down(Align::Min)),
            );
            child.set_clip_rect(body.expand2(Vec2::new(0.0, 2.0 * TICK_ROOM)).intersect(ui.clip_rect()));
            contents(&mut child);
        }
        clicked
    }

    fn head(&self, ui: &mut Ui, rect: Rect) -> bool {
        let colours = palette(ui);
        let title = RichText::new(self.title).strong().color(colours.text_strong);
        let triangle = Rect::from_min_max(rect.min, pos2(rect.left() + TRIANGLE, rect.bottom()));
        let mut row = ui.new_child(
            UiBuilder::new()
                .id_salt((self.title, "head"))
                .max_rect(Rect::from_min_max(pos2(triangle.right(), rect.top()), rect.max))
                .layout(Layout::left_to_right(Align::Center)),
        );
        row.spacing_mut().item_spacing.x = GAP;
        let response = row.add(Label::new(title).truncate().selectable(false));
        // Triangle and title fold the row.
        let target = rect.with_max_x(response.rect.right());
        let folded = self.folded.is_some_and(|is_folded| {
            let fold = row.interact(target, response.id.with("fold"), Sense::click());
            let (name, face) = if is_folded {
                (text!("widget-unfold", title = self.title), "▶")
            } else {
                (text!("widget-fold", title = self.title), "▼")
            };
            fold.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            let font = TextStyle::Small.resolve(ui.style());
            ui.painter().text(triangle.left_center(), Align2::LEFT_CENTER, face, font, colours.text_weak);
            fold.clicked()
        });
        row.with_layout(Layout::right_to_left(Align::Center), |row| {
            row.add_space(HALF_GAP);
            let figures =
                RichText::new(&self.figures).text_style(theme::small_mono()).color(colours.text_weak);
            row.add(Label::new(figures).truncate().selectable(false)).on_hover_text(&self.figures);
            if row.available_width() < LEAST_EXPLANATION {
                return;
            }
            row.with_layout(Layout::left_to_right(Align::Center), |row| {
                let text = RichText::new(self.explanation).small().color(colours.text_weak);
                row.add(Label::new(text).truncate().selectable(false)).on_hover_text(self.details);
            });
        });
        response.on_hover_text(self.details);
        folded
    }
}
