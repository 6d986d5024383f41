//! The window that says what this program is: version, licence, the tutorial that it follows, notices of its dependencies.

use std::sync::Arc;

use eframe::egui::{Context, Frame, Id, Label, RichText, ScrollArea, TextStyle, Ui};

use crate::{
    app::{
        theme::{GAP, HALF_GAP, palette},
        widgets::{card::section_title, room, scrolled, toolbar},
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
/// The fewest columns that the notices are cut to.
const LEAST_COLUMNS: usize = 20;

/// The notices in lines that fit.
#[derive(Clone)]
struct NoticeLines {
    columns: usize,
    lines: Arc<[&'static str]>,
}

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
        ui.heading(format!("Timbrespace {}", version(crate::VERSION)));
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

/// What the build script says of the version, in the language of the window: a number, and in brackets a commit with its day or the kind of
/// build.
fn version(said: &str) -> String {
    let Some((number, rest)) = said.split_once(" (") else { return said.to_owned() };
    let words = rest.trim_end_matches(')');
    let build = match words.strip_prefix("commit ").map(|commit| commit.split_once(" of ").ok_or(commit)) {
        Some(Ok((commit, day))) => text!("about-commit-of", commit = commit, day = day),
        Some(Err(commit)) => text!("about-commit", commit = commit),
        None if words == "debug build" => text!("about-debug-build"),
        None => words.to_owned(),
    };
    text!("about-version", number = number, build = build)
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
        let columns =
            (ui.available_width() - ui.spacing().scroll.allocated_width()) / column_width(ui, &font);
        let lines = notice_lines(ui.ctx(), (columns as usize).max(LEAST_COLUMNS));
        scrolled::show(ui, "notices", &text!("about-notices"), |ui| {
            ScrollArea::vertical()
                .id_salt("notices")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, false])
                .show_rows(ui, row_height, lines.len(), |ui, range| {
                    for line in lines.get(range).unwrap_or_default() {
                        ui.add(Label::new(RichText::new(*line).text_style(font.clone())).extend());
                    }
                })
        });
    });
}

fn column_width(ui: &Ui, style: &TextStyle) -> f32 {
    let font = style.resolve(ui.style());
    ui.fonts_mut(|fonts| fonts.glyph_width(&font, 'm'))
}

/// The notices in lines of at most `columns` letters; cut once for every width.
fn notice_lines(ctx: &Context, columns: usize) -> Arc<[&'static str]> {
    let id = Id::unique("notice lines");
    let known = ctx.data(|data| data.get_temp::<NoticeLines>(id)).filter(|known| known.columns == columns);
    known.map_or_else(
        || {
            let lines: Arc<[&'static str]> =
                NOTICES.lines().flat_map(|line| wrapped(line, columns)).collect();
            ctx.data_mut(|data| data.insert_temp(id, NoticeLines { columns, lines: Arc::clone(&lines) }));
            lines
        },
        |known| known.lines,
    )
}

/// `line` in pieces of at most `columns` letters, parted at spaces where there are any.
fn wrapped(line: &'static str, columns: usize) -> Vec<&'static str> {
    let mut rest = line;
    let mut pieces = Vec::new();
    while let Some((end, _)) = rest.char_indices().nth(columns) {
        let (head, _) = rest.split_at(end);
        let cut = head.rfind(' ').filter(|cut| *cut > 0).unwrap_or(end);
        let (piece, tail) = rest.split_at(cut);
        pieces.push(piece);
        rest = tail.trim_start();
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    #[test]
    fn long_lines_are_parted_at_spaces() {
        assert_eq!(wrapped("a package's copyright", 10), ["a", "package's", "copyright"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 3), [""]);
        assert_eq!(wrapped("äöü ß", 4), ["äöü", "ß"]);
    }

    #[test]
    fn the_build_is_named_in_the_language_of_the_window() {
        set(Language::English);
        for said in [
            "1.2.0",
            "1.2.0 (debug build)",
            "1.2.0 (commit 0123456789)",
            "1.2.0 (commit 0123456789 of 2026-01-31)",
        ] {
            assert_eq!(version(said), said);
        }
        set(Language::Chinese);
        assert_eq!(
            version("1.2.0 (commit 0123456789 of 2026-01-31)"),
            "1.2.0（2026-01-31 的提交 0123456789）"
        );
        assert_eq!(version("1.2.0 (debug build)"), "1.2.0（调试版本）");
    }

    #[test]
    fn the_description_is_that_of_the_package() {
        assert_eq!(text!("about-description"), env!("CARGO_PKG_DESCRIPTION"));
    }
}
