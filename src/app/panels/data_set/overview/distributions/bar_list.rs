//! The list of the recordings in a clicked bar.

use eframe::egui::{Panel, RichText, ScrollArea, Ui};

use crate::{
    app::{
        context::PanelContext,
        memory::charts::{Chart, OpenBar},
        panels::data_set::selection::{is_selected, select},
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::{
            card::{explanation, surface},
            left_out_button,
        },
    },
    jobs::survey::Report,
    language::text,
    names::escaped,
};

/// Width of the list in points.
const WIDTH: f32 = 260.0;

/// Draws the list at the right, if a bar is selected.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Report) {
    let memory = &context.memory.data_set.overview.charts;
    let Some(OpenBar { chart, bar }) = memory.open else { return };
    let Some(chart) = memory.charts.get(chart) else { return };
    let Some(names) = names_of(chart, bar, report) else { return };
    let title = text!("data-set-bar-title", chart = chart.kind.title(), bar = chart.words_of(bar));
    let frame = eframe::egui::Frame::new()
        .inner_margin(eframe::egui::Margin { left: GAP as i8, ..Default::default() });
    let panel = Panel::right("recordings of a bar").exact_size(WIDTH).resizable(false).frame(frame);
    panel.show_separator_line(false).show(ui, |ui| {
        surface(ui, |ui| {
            ui.set_min_height(ui.available_height());
            list(ui, context, report, &title, &names);
        });
    });
}

/// The names of the recordings of a bar.
fn names_of<'a>(chart: &Chart, bar: usize, report: &'a Report) -> Option<Vec<&'a str>> {
    let places = chart.members.get(bar)?;
    Some(places.iter().filter_map(|&place| Some(report.entries.get(place)?.name.as_str())).collect())
}

fn list(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Report, title: &str, names: &[&str]) {
    ui.label(RichText::new(title).strong().color(palette(ui).text_strong));
    explanation(ui, &text!("recordings", count = names.len()));
    ui.horizontal(|ui| {
        context.commands.extend(left_out_button::show(ui, &context.state.library, names));
        if ui.button(text!("close")).on_hover_text(text!("data-set-close-list")).clicked() {
            context.memory.data_set.overview.charts.open = None;
        }
    });
    ui.add_space(HALF_GAP);
    let area = ScrollArea::vertical().id_salt("recordings of a bar").auto_shrink([false, false]);
    area.show_rows(ui, ROW, names.len(), |ui, range| {
        for &name in names.get(range).unwrap_or_default() {
            let mut text = RichText::new(escaped(name));
            if context.state.library.left_out.contains(name) {
                text = text.strikethrough().color(palette(ui).text_weak);
            }
            let response = ui.selectable_label(is_selected(context, name), text);
            if response.clicked() {
                response.surrender_focus();
            }
            select(context, &report.folder, name, &response);
        }
    });
}
