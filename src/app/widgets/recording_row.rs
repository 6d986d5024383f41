//! A row of the list of recordings: class, name, duration and rate.

use eframe::egui::{Align2, CornerRadius, Response, Role, Sense, TextStyle, Ui, Vec2, WidgetInfo, pos2};

use super::class_chip::{self, CHIP_WIDTH, ClassColours};
use crate::{
    app::{
        format,
        theme::{self, GAP, HALF_GAP, ROW, palette},
    },
    jobs::scan::Recording,
};

const RATE_WIDTH: f32 = 40.0;
const DURATION_WIDTH: f32 = 50.0;

/// Draws one row; `playing` marks the recording that sounds.
pub fn show(
    ui: &mut Ui,
    recording: &Recording,
    classes: &ClassColours,
    (selected, playing): (bool, bool),
) -> Response {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &recording.name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    if selected || response.hovered() {
        let fill = if selected { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(theme::ROUNDING), fill);
    }
    let row = rect.shrink2(Vec2::new(HALF_GAP, 0.0));
    class_chip::paint(ui, row, &recording.class, classes.colour(colours, &recording.class));
    let figures = theme::small_mono().resolve(ui.style());
    let weak = if selected { colours.text } else { colours.text_weak };
    let right = row.right() - HALF_GAP;
    if let Some(info) = recording.info {
        let rate = format!("{:.4}k", f64::from(info.sample_rate_hz) / 1000.0);
        let rate = rate.trim_end_matches('k').trim_end_matches('0').trim_end_matches('.').to_owned() + "k";
        let duration = info.duration_secs.map_or_else(|| "? s".to_owned(), format::short_seconds);
        ui.painter().text(pos2(right, row.center().y), Align2::RIGHT_CENTER, rate, figures.clone(), weak);
        ui.painter().text(
            pos2(right - RATE_WIDTH, row.center().y),
            Align2::RIGHT_CENTER,
            duration,
            figures,
            weak,
        );
    }
    let name_left = row.left() + CHIP_WIDTH + GAP;
    let name_right = right - RATE_WIDTH - DURATION_WIDTH - HALF_GAP;
    let colour = if selected || playing { colours.text_strong } else { colours.text };
    let name =
        if playing { format!("▶ {}", short_name(recording)) } else { short_name(recording).to_owned() };
    let mut job =
        eframe::egui::text::LayoutJob::simple_singleline(name, TextStyle::Body.resolve(ui.style()), colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(name_right - name_left);
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(name_left, row.center().y - galley.size().y / 2.0), galley, colour);
    response.on_hover_text(tooltip(recording))
}

/// The name without its folder where the folder is the class, which the chip shows.
fn short_name(recording: &Recording) -> &str {
    match recording.name.split_once('/') {
        Some((folder, rest)) if folder == recording.class => rest,
        _ => &recording.name,
    }
}

fn tooltip(recording: &Recording) -> String {
    let class = if recording.class.is_empty() { "no class" } else { &recording.class };
    let info = recording.info.map_or_else(String::new, |info| {
        let duration = info.duration_secs.map_or_else(|| "unknown length".to_owned(), format::seconds);
        let channels = format::counted(info.channels, "channel");
        format!("\n{duration}, {}, {channels}", format::rate(info.sample_rate_hz))
    });
    format!("{}\nClass: {class}{info}", recording.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_names_the_class_is_not_repeated() {
        let mut recording = Recording {
            path: "bell/bell_001.wav".into(),
            name: "bell/bell_001.wav".to_owned(),
            class: "bell".to_owned(),
            info: None,
        };
        assert_eq!(short_name(&recording), "bell_001.wav");
        recording.class = "drum".to_owned();
        assert_eq!(short_name(&recording), "bell/bell_001.wav");
    }
}
