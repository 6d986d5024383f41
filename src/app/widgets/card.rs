//! A titled surface of fixed size: title and explanation above, contents, a status line below.

use eframe::egui::{
    Align2, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo,
};

use crate::app::theme::{self, GAP, HALF_GAP, ROUNDING, palette};

const TITLE_HEIGHT: f32 = 20.0;
const STATUS_HEIGHT: f32 = 16.0;

/// What a card says around its contents.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// A few words.
    pub title: &'a str,
    /// What it does and why, one line; shown in full when pointed at.
    pub explanation: &'a str,
    /// Size in points.
    pub size: Vec2,
}

impl Card<'_> {
    /// Draws the card; `contents` returns the words of the status line, whose place never moves.
    pub fn show(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> String) {
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
        let mut child =
            ui.new_child(UiBuilder::new().id_salt(self.title).max_rect(body.shrink2(Vec2::new(0.0, 2.0))));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        let words = contents(&mut child);
        status_line(ui, status, &words);
    }

    fn title_row(&self, ui: &mut Ui, rect: Rect) {
        let mut row = ui.new_child(UiBuilder::new().id_salt((self.title, "title")).max_rect(rect));
        row.horizontal(|ui| {
            ui.strong(self.title);
            ui.add_space(HALF_GAP);
            let colour = palette(ui).text_weak;
            let text = eframe::egui::RichText::new(self.explanation).small().color(colour);
            ui.add(eframe::egui::Label::new(text).truncate()).on_hover_text(self.explanation);
        });
    }
}

fn status_line(ui: &Ui, rect: Rect, words: &str) {
    let colours = palette(ui);
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).text(
        rect.left_center(),
        Align2::LEFT_CENTER,
        words,
        theme::small_mono().resolve(ui.style()),
        colours.text_weak,
    );
}

/// A line of explanation in the weak colour, as tall as its words.
pub fn explanation(ui: &mut Ui, words: &str) {
    let colour = palette(ui).text_weak;
    ui.label(eframe::egui::RichText::new(words).small().color(colour));
}

/// A section's title inside a panel.
pub fn section_title(ui: &mut Ui, words: &str) {
    let colour = palette(ui).text_strong;
    ui.add_space(GAP);
    ui.label(eframe::egui::RichText::new(words).text_style(TextStyle::Body).strong().color(colour));
}
