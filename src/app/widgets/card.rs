//! A card: title and explanation above, contents, status line below, in a fixed size.

use eframe::egui::{
    Align, Color32, CornerRadius, Frame, Label, Layout, Margin, Pos2, Rect, Response, RichText, Role, Sense,
    Stroke, StrokeKind, TextStyle, TextWrapMode, Ui, UiBuilder, Vec2, WidgetInfo, WidgetText,
};

use crate::{
    app::theme::{self, GAP, HALF_GAP, ROUNDING, palette},
    names,
};

const TITLE_HEIGHT: f32 = 36.0;
const STATUS_HEIGHT: f32 = 16.0;
/// Room above a plot for the upper half of its highest tick label.
const TICK_ROOM: f32 = 6.0;
/// Radius of a dot in the key.
const DOT: f32 = 4.0;

/// Texts and size of a card.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// Unique name in its panel, the same in every language: what is remembered of the contents, such as a zoom, belongs to it.
    pub name: &'a str,
    /// Title.
    pub title: &'a str,
    /// A short explanation below the title.
    pub explanation: &'a str,
    /// The long explanation, in the tooltip.
    pub details: &'a str,
    /// Size in points.
    pub size: Vec2,
}

impl Card<'_> {
    /// Draws the card; `contents` returns the text of the status line.
    pub fn show(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> String) {
        self.show_with_key(ui, |ui| vec![KeyEntry { colour: None, text: contents(ui) }]);
    }

    /// Draws the card; `contents` returns the colour key, which takes as many status lines as it needs.
    pub fn show_with_key(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> Vec<KeyEntry>) {
        let title = names::escaped(self.title);
        let [explanation, details] = [self.explanation, self.details].map(names::escaped_lines);
        Card { title: &title, explanation: &explanation, details: &details, ..self }.draw(ui, contents);
    }

    fn draw(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> Vec<KeyEntry>) {
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
        let lines_id = ui.scope_id().with((self.name, "lines of the key"));
        let lines = ui.data(|data| data.get_temp::<usize>(lines_id)).unwrap_or(1);
        let (body, status) = rest.split_top_bottom_at_y(rest.bottom() - STATUS_HEIGHT * lines as f32);
        self.title_row(ui, title);
        let (_, place) = body.shrink2(Vec2::new(0.0, 2.0)).split_top_bottom_at_y(body.top() + TICK_ROOM);
        let mut child = ui.new_child(
            UiBuilder::new().id_salt(self.name).max_rect(place).layout(Layout::top_down(Align::Min)),
        );
        // The last tick label of an axis may reach into the margin.
        child.set_clip_rect(body.expand2(Vec2::new(GAP - 2.0, 0.0)).intersect(ui.clip_rect()));
        let key = contents(&mut child);
        let needed = status_lines(ui, status, &key);
        if needed != lines {
            ui.data_mut(|data| data.insert_temp(lines_id, needed));
            ui.ctx().request_discard("the key of a card needs another number of lines");
        }
    }

    fn title_row(&self, ui: &mut Ui, rect: Rect) {
        let mut row = ui.new_child(
            UiBuilder::new()
                .id_salt((self.name, "title"))
                .max_rect(rect)
                .layout(Layout::top_down(Align::Min)),
        );
        row.spacing_mut().item_spacing.y = 0.0;
        row.add(Label::new(RichText::new(self.title).strong()).truncate());
        if self.explanation.is_empty() {
            return;
        }
        let colour = palette(ui).text_weak;
        let text = RichText::new(self.explanation).small().color(colour);
        row.add(Label::new(text).truncate()).on_hover_text(self.details);
    }
}

/// One entry of a card's colour key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEntry {
    /// Colour of the dot before the text.
    pub colour: Option<Color32>,
    /// Name and value.
    pub text: String,
}

/// Draws the key from left to right, with line breaks; returns the number of lines it needs.
fn status_lines(ui: &mut Ui, rect: Rect, key: &[KeyEntry]) -> usize {
    let colour = palette(ui).text_weak;
    let mut area = ui.new_child(UiBuilder::new().id_salt("status").max_rect(rect));
    area.set_clip_rect(rect.intersect(ui.clip_rect()));
    let font = theme::small_mono().resolve(ui.style());
    let mut place = rect.min;
    let mut lines = 1;
    for entry in key.iter().filter(|entry| !entry.text.is_empty()) {
        let shown = names::escaped(&entry.text);
        let galley = ui.painter().layout_no_wrap(shown.clone().into_owned(), font.clone(), colour);
        let dot = if entry.colour.is_some() { 2.0 * DOT + HALF_GAP } else { 0.0 };
        let width = dot + galley.size().x;
        if place.x > rect.left() && place.x + width > rect.right() {
            place = Pos2::new(rect.left(), place.y + STATUS_HEIGHT);
            lines += 1;
        }
        if let Some(colour) = entry.colour {
            let centre = place + Vec2::new(DOT, STATUS_HEIGHT / 2.0);
            area.painter().circle_filled(centre, DOT, colour);
        }
        let line = Rect::from_min_size(
            place + Vec2::new(dot, 0.0),
            Vec2::new(galley.size().x.min(rect.width() - dot), STATUS_HEIGHT),
        );
        let text = RichText::new(shown).text_style(theme::small_mono()).color(colour);
        let left = Layout::left_to_right(Align::Center);
        area.scope_builder(UiBuilder::new().max_rect(line).layout(left), |ui| {
            ui.add(Label::new(text).truncate());
        });
        place.x += width + GAP + HALF_GAP;
    }
    lines
}

/// A framed surface of the full width, as tall as its contents.
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

/// Explanatory text in the weak colour, wrapped.
pub fn explanation(ui: &mut Ui, text: &str) {
    ui.label(explanation_text(ui, text));
}

fn explanation_text(ui: &Ui, text: &str) -> RichText {
    RichText::new(names::escaped_lines(text)).small().color(palette(ui).text_weak)
}

/// The height of an [`explanation`] in the width of `ui`, in points.
pub fn explanation_height(ui: &Ui, text: &str) -> f32 {
    let text = WidgetText::from(explanation_text(ui, text));
    text.into_galley(ui, Some(TextWrapMode::Wrap), ui.available_width(), TextStyle::Small).size().y
}

/// A section's title inside a panel.
pub fn section_title(ui: &mut Ui, text: &str) -> Response {
    let colour = palette(ui).text_strong;
    ui.add_space(GAP);
    ui.label(RichText::new(text).text_style(TextStyle::Body).strong().color(colour))
}
