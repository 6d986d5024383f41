//! The window that says what this program is: version, licence, the tutorial that it follows, notices of its dependencies.

use std::sync::LazyLock;

use eframe::egui::{Context, Frame, Label, RichText, ScrollArea, TextStyle, Ui};

use crate::{
    app::{
        theme::{GAP, HALF_GAP, palette},
        widgets::{card::section_title, room, toolbar},
    },
    language::{Key, key, text},
};

/// Where "the tutorial" of all texts is: the videos, their code, and notes on them in Chinese.
const TUTORIAL_LINKS: [(Key, &str); 4] = [
    (key!("about-videos"), "https://www.youtube.com/playlist?list=PL-wATfeyAMNpEyENTc-tVH5tfLGKtSWPp"),
    (key!("about-code"), "https://github.com/musikalkemist/generating-sound-with-neural-networks"),
    (key!("about-notes-course"), "http://www.coloradmin.cn/o/517969.html"),
    (key!("about-notes-preprocessing"), "http://www.coloradmin.cn/o/538800.html"),
];

/// Written by `scripts/notices.py`, in lines of at most 100 columns.
const NOTICES: &str = include_str!("../../../assets/notices.txt");

static NOTICE_LINES: LazyLock<Vec<&str>> = LazyLock::new(|| NOTICES.lines().collect());

const WIDTH: f32 = 760.0;
/// Height of everything but the notices, and the least that is left for these, in points.
const REST_HEIGHT: f32 = 250.0;
const LEAST_HEIGHT: f32 = 120.0;
const MOST_HEIGHT: f32 = 360.0;

/// Shows the window while `is_open`; a click beside it, Escape or its button closes it.
pub fn show(ctx: &Context, is_open: &mut bool) {
    if !*is_open {
        return;
    }
    let response = room::dialog(ctx, "about", WIDTH, |ui| {
        ui.heading(format!("Timbrespace {}", crate::VERSION));
        ui.label(text!("about-description"));
        ui.label(text!("about-licence"));
        tutorial(ui);
        notices(ui);
        ui.add_space(GAP);
        ui.button(text!("close")).clicked()
    });
    if response.inner || response.should_close() {
        *is_open = false;
    }
}

fn tutorial(ui: &mut Ui) {
    ui.add_space(GAP);
    section_title(ui, &text!("about-tutorial"));
    ui.label(text!("about-tutorial-text"));
    toolbar::show(ui, |ui| {
        for (name, address) in TUTORIAL_LINKS {
            ui.hyperlink_to(name.text(), address).on_hover_text(address);
        }
    });
}

/// The notices, of which only the rows in sight are laid out.
fn notices(ui: &mut Ui) {
    ui.add_space(GAP);
    section_title(ui, &text!("about-notices"));
    let font = TextStyle::Monospace;
    let row_height = ui.text_style_height(&font);
    let height = (ui.ctx().content_rect().height() - REST_HEIGHT).clamp(LEAST_HEIGHT, MOST_HEIGHT);
    let colours = palette(ui);
    Frame::new().fill(colours.window).inner_margin(HALF_GAP).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::both()
            .id_salt("notices")
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show_rows(ui, row_height, NOTICE_LINES.len(), |ui, range| {
                for line in NOTICE_LINES.get(range).unwrap_or_default() {
                    ui.add(Label::new(RichText::new(*line).text_style(font.clone())).extend());
                }
            });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_that_of_the_package() {
        assert_eq!(text!("about-description"), env!("CARGO_PKG_DESCRIPTION"));
    }
}
