//! A titled surface of fixed size: title and explanation above, contents, a status line below.

use eframe::egui::{
    Align, Color32, CornerRadius, Frame, Label, Layout, Margin, Rect, Response, RichText, Role, Sense,
    Stroke, StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo,
};

use crate::app::theme::{self, GAP, HALF_GAP, ROUNDING, palette};

const TITLE_HEIGHT: f32 = 36.0;
const STATUS_HEIGHT: f32 = 16.0;
/// Room above a plot for the upper half of its highest tick label.
const TICK_ROOM: f32 = 6.0;
/// Radius of a dot in the key.
const DOT: f32 = 4.0;

/// What a card says around its contents.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// A few words.
    pub title: &'a str,
    /// What it does, in a few words that fit below the title.
    pub explanation: &'a str,
    /// The same at length, shown when pointed at.
    pub details: &'a str,
    /// Size in points.
    pub size: Vec2,
}

impl Card<'_> {
    /// Draws the card; `contents` returns the words of the status line, whose place never moves.
    pub fn show(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> String) {
        self.show_with_key(ui, |ui| vec![KeyEntry { colour: None, words: contents(ui) }]);
    }

    /// Draws the card; `contents` returns the key of its colours, which stands in the status line.
    pub fn show_with_key(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> Vec<KeyEntry>) {
        let colours = palette(ui);
        let (rect, response) = ui.allocate_exact_size(self.size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, self.title));
        ui.painter().rect(
            rect,
            CornerRadius::same(ROUNDING + 2),
            colours.card,
            Stroke::new(1.0, colours.border),
            StrokeKind::Inside,
        );
        let inner = rect.shrink(GAP);
        let (title, rest) = inner.split_top_bottom_at_y(inner.top() + TITLE_HEIGHT);
        let (body, status) = rest.split_top_bottom_at_y(rest.bottom() - STATUS_HEIGHT);
        self.title_row(ui, title);
        let (_, place) = body.shrink2(Vec2::new(0.0, 2.0)).split_top_bottom_at_y(body.top() + TICK_ROOM);
        let mut child = ui.new_child(
            UiBuilder::new().id_salt(self.title).max_rect(place).layout(Layout::top_down(Align::Min)),
        );
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        let key = contents(&mut child);
        status_line(ui, status, &key);
    }

    fn title_row(&self, ui: &mut Ui, rect: Rect) {
        let mut row = ui.new_child(
            UiBuilder::new()
                .id_salt((self.title, "title"))
                .max_rect(rect)
                .layout(Layout::top_down(Align::Min)),
        );
        row.spacing_mut().item_spacing.y = 0.0;
        row.add(Label::new(RichText::new(self.title).strong()).truncate());
        let colour = palette(ui).text_weak;
        let text = RichText::new(self.explanation).small().color(colour);
        row.add(Label::new(text).truncate()).on_hover_text(self.details);
    }
}

/// One colour of a card and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEntry {
    /// A dot before the words.
    pub colour: Option<Color32>,
    /// What it stands for, and its figure.
    pub words: String,
}

fn status_line(ui: &mut Ui, rect: Rect, key: &[KeyEntry]) {
    let colour = palette(ui).text_weak;
    let mut row = ui.new_child(
        UiBuilder::new().id_salt("status").max_rect(rect).layout(Layout::left_to_right(Align::Center)),
    );
    row.set_clip_rect(rect.intersect(ui.clip_rect()));
    row.spacing_mut().item_spacing.x = HALF_GAP;
    for entry in key {
        if let Some(colour) = entry.colour {
            let (dot, _) = row.allocate_exact_size(Vec2::splat(2.0 * DOT), Sense::hover());
            row.painter().circle_filled(dot.center(), DOT, colour);
        }
        let words = RichText::new(&entry.words).text_style(theme::small_mono()).color(colour);
        row.add(Label::new(words).extend());
        row.add_space(GAP);
    }
}

/// A surface as wide as the room and as tall as its contents.
pub fn surface<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let colours = palette(ui);
    Frame::new()
        .fill(colours.card)
        .stroke(Stroke::new(1.0, colours.border))
        .corner_radius(CornerRadius::same(ROUNDING + 2))
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            contents(ui)
        })
        .inner
}

/// A line of explanation in the weak colour, as tall as its words.
pub fn explanation(ui: &mut Ui, words: &str) {
    let colour = palette(ui).text_weak;
    ui.label(RichText::new(words).small().color(colour));
}

/// A section's title inside a panel.
pub fn section_title(ui: &mut Ui, words: &str) -> Response {
    let colour = palette(ui).text_strong;
    ui.add_space(GAP);
    ui.label(RichText::new(words).text_style(TextStyle::Body).strong().color(colour))
}
