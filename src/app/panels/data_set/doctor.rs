//! The doctor: the checks at the left, the findings of one of them at the right.

use std::sync::Arc;

use eframe::egui::{
    Align2, Button, CornerRadius, Label, Panel, Rect, Response, RichText, Role, ScrollArea, Sense, TextStyle,
    Ui, Vec2, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
};

use super::{
    check_words, remedies,
    selection::{is_selected, select},
};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        panels::{job_bar, no_recordings},
        theme::{self, GAP, HALF_GAP, Palette, ROUNDING, ROW, palette},
        widgets::{
            card::{explanation, surface},
            focus_ring, toolbar,
        },
    },
    inspect::doctor::{
        check::{Check, Gravity},
        finding::Finding,
    },
    jobs::doctor::Report,
    language::{Key, key, text},
    names::escaped,
    session::{
        Command,
        data_set::{DataSetCommand, doctor::DoctorCommand, listed},
    },
};

/// Width of the list of checks, in points: the longest title with a count of five digits.
const CHECKS_WIDTH: f32 = 212.0;
/// Height of that list above the findings, in views narrower than [`BESIDE_WIDTH`].
const CHECKS_HEIGHT: f32 = 120.0;
const BESIDE_WIDTH: f32 = 520.0;
/// Radius of the dot in the colour of a check's severity.
const DOT: f32 = 4.0;
/// Largest width of the file name, as a part of the row.
const NAME_PART: f32 = 0.34;
/// Findings whose names are measured in every frame at most.
const MOST_MEASURED: usize = 200;
/// Number of files listed in the tooltip of a finding about many.
const FILES_IN_TOOLTIP: usize = 12;

const AGAIN: Key = key!("doctor-again");

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    surface(ui, |ui| head(ui, context));
    ui.add_space(GAP);
    let library = &context.state.library;
    let report = context.state.data_set.doctor.report.clone();
    match report.filter(|report| no_recordings::instead_of(library, &report.folder).is_none()) {
        Some(report) if report.findings.is_empty() => healthy(ui, &report),
        Some(report) => results(ui, context, &report),
        None => preview(ui),
    }
}

/// Before the first examination: the checks and their reasons.
fn preview(ui: &mut Ui) {
    surface(ui, |ui| {
        ui.set_min_height(ui.available_height());
        ui.strong(text!("doctor-checks"));
        ui.add_space(HALF_GAP);
        ScrollArea::vertical().id_salt("checks to come").auto_shrink([false, false]).show(ui, |ui| {
            for check in Check::ALL {
                let colours = palette(ui);
                ui.label(RichText::new(check_words::title(check)).color(colours.text));
                let why = RichText::new(check_words::why(check)).small().color(colours.text_weak);
                ui.add(Label::new(why).wrap());
                ui.add_space(HALF_GAP);
            }
        });
    });
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let doctor = &state.data_set.doctor;
    let running = doctor.status.is_running();
    let recordings = state.library.used();
    let why_not = no_recordings::why(&state.library);
    let library = &state.library;
    let report =
        doctor.report.as_ref().filter(|report| no_recordings::instead_of(library, &report.folder).is_none());
    toolbar::show(ui, |ui| {
        let words = if report.is_some() { AGAIN.text() } else { text!("doctor-examine") };
        let button = ui.add_enabled(!running && recordings > 0, Button::new(words));
        let button = button.on_hover_text(text!("doctor-examine-help"));
        if button.on_disabled_hover_text(why_not.clone().unwrap_or_default()).clicked() {
            send(context, DoctorCommand::Start);
        }
        let table = Button::new(text!("doctor-export"));
        let table = ui.add_enabled(!running && report.is_some(), table);
        if table.on_hover_text(text!("doctor-export-help")).clicked() {
            context.ask(ui.ctx(), Question::SaveFindings);
        }
        let words = match (report, &why_not) {
            (Some(report), _) => summary(report),
            (None, Some(why)) => why.clone(),
            (None, None) => text!("doctor-plan", recordings = text!("recordings", count = recordings)),
        };
        toolbar::words(ui, RichText::new(words).color(palette(ui).text_weak));
    });
    if job_bar::progress(ui, &doctor.status) {
        send(context, DoctorCommand::Cancel);
    }
    job_bar::failure(ui, &doctor.status);
    if let (Some(report), false) = (report, running) {
        // How classes are read makes no difference to the doctor.
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &report.folder, &doctor.config)
                .filter(|&change| change != listed::Change::Classes)
                .or_else(|| listed::change_of_list(&state.library, &doctor.left_out));
        job_bar::stale(ui, &state.library, change, &AGAIN.text());
    }
}

fn send(context: &mut PanelContext<'_>, command: DoctorCommand) {
    context.send(Command::DataSet(DataSetCommand::Doctor(command)));
}

fn summary(report: &Report) -> String {
    let kinds = Check::ALL.iter().filter(|&&check| report.of(check).next().is_some()).count();
    text!(
        "doctor-summary",
        recordings = text!("recordings", count = report.recordings),
        time = format::seconds(report.seconds),
        found = kinds,
        checks = Check::ALL.len()
    )
}

fn healthy(ui: &mut Ui, report: &Report) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        let recordings = text!("recordings", count = report.recordings);
        let words = text!("doctor-healthy", recordings = recordings);
        ui.label(RichText::new(words).heading().color(palette(ui).good));
        ui.add_space(HALF_GAP);
        explanation(ui, &text!("doctor-healthy-details"));
    });
}

fn results(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let first = report.findings.first().map(Finding::check);
    let open = context.memory.data_set.check.filter(|&check| report.of(check).next().is_some()).or(first);
    let Some(open) = open else { return };
    let panel = if ui.available_width() >= BESIDE_WIDTH {
        Panel::left("checks").exact_size(CHECKS_WIDTH)
    } else {
        Panel::top("checks above").exact_size(CHECKS_HEIGHT)
    };
    panel.resizable(false).show_separator_line(false).frame(eframe::egui::Frame::new()).show(ui, |ui| {
        ScrollArea::vertical().id_salt("checks").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for check in Check::ALL {
                let count = report.of(check).map(Finding::recordings).sum();
                let row = check_row(ui, check, count, check == open);
                if check == open && context.memory.data_set.check_in_sight != Some(open) {
                    context.memory.data_set.check_in_sight = Some(open);
                    row.scroll_to_me(None);
                }
                if row.clicked() && count > 0 {
                    context.memory.data_set.check = Some(check);
                }
            }
        });
    });
    eframe::egui::CentralPanel::no_frame().show(ui, |ui| {
        surface(ui, |ui| {
            ui.set_min_height(ui.available_height());
            found(ui, context, report, open);
        });
    });
}

fn gravity_colour(colours: &Palette, gravity: Gravity) -> eframe::egui::Color32 {
    match gravity {
        Gravity::Fault => colours.error,
        Gravity::Warning => colours.warning,
        Gravity::Note => colours.accent,
    }
}

/// One check: severity, name, number of findings.
fn check_row(ui: &mut Ui, check: Check, count: usize, open: bool) -> Response {
    let colours = palette(ui);
    let width = ui.available_width() - GAP;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, ROW + HALF_GAP), Sense::click());
    let name = check_words::title(check);
    let label = text!("doctor-check-row", check = &*name, count = count);
    response.widget_info(|| WidgetInfo::selected(Role::Button, count > 0, open, &label));
    if open || (response.hovered() && count > 0) {
        let fill = if open { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(ROUNDING), fill);
    }
    let middle = rect.center().y;
    let dot = pos2(rect.left() + GAP + DOT, middle);
    let text = if count == 0 { colours.text_weak } else { colours.text };
    if count > 0 {
        ui.painter().circle_filled(dot, DOT, gravity_colour(colours, check.gravity()));
    } else {
        ui.painter().circle_stroke(dot, DOT - 0.5, eframe::egui::Stroke::new(1.0, colours.grid));
    }
    let body = TextStyle::Body.resolve(ui.style());
    let title = pos2(dot.x + DOT + GAP, middle);
    ui.painter().text(title, Align2::LEFT_CENTER, name, body, if open { colours.text_strong } else { text });
    let words = if count == 0 { text!("doctor-none") } else { format::count(count) };
    let mono = theme::small_mono().resolve(ui.style());
    ui.painter().text(pos2(rect.right() - GAP, middle), Align2::RIGHT_CENTER, words, mono, text);
    let gravity = check_words::gravity(check.gravity()).into_owned();
    response.on_hover_text(text!("doctor-check-help", gravity = gravity, why = check_words::why(check)))
}

/// The findings of the open check: why they matter, what to do, and one row each.
fn found(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>, check: Check) {
    let colours = palette(ui);
    let findings: Vec<&Finding> = report.of(check).collect();
    let count: usize = findings.iter().map(|finding| finding.recordings()).sum();
    ui.horizontal(|ui| {
        ui.label(RichText::new(check_words::title(check)).strong().color(colours.text_strong));
        let gravity = RichText::new(check_words::gravity(check.gravity()));
        ui.label(gravity.small().color(gravity_colour(colours, check.gravity())));
        explanation(ui, &text!("recordings", count = count));
    });
    ui.add(Label::new(RichText::new(check_words::why(check)).color(colours.text)).wrap());
    ui.add(Label::new(RichText::new(check_words::advice(check)).color(colours.text_weak)).wrap());
    remedies::show(ui, context, report, &findings);
    ui.add_space(HALF_GAP);
    ui.separator();
    let names = names_width(ui, &findings);
    let area = ScrollArea::vertical().id_salt(("findings", check)).auto_shrink([false, false]);
    area.show_rows(ui, ROW, findings.len(), |ui, range| {
        for finding in findings.get(range).unwrap_or_default() {
            let left_out = !finding.is_about_many() && context.state.library.left_out.contains(&finding.file);
            let response = finding_row(ui, finding, names, is_selected(context, &finding.file), left_out);
            focus_ring::keep_neighbours_in_sight(ui, &response);
            // The recording list keeps the keyboard focus, so that arrow keys and space still work after a click.
            if response.clicked() {
                response.surrender_focus();
            }
            select(context, &report.folder, &finding.file, &response);
        }
    });
}

/// Width of the names of `findings`, in points; the figures have the rest.
fn names_width(ui: &Ui, findings: &[&Finding]) -> f32 {
    if findings.len() > MOST_MEASURED {
        return f32::INFINITY;
    }
    let font = TextStyle::Body.resolve(ui.style());
    let width = |finding: &&Finding| {
        ui.painter().layout_no_wrap(about(finding), font.clone(), palette(ui).text).size().x
    };
    findings.iter().map(width).fold(0.0, f32::max)
}

/// What a finding is about: a file, or the folder.
fn about(finding: &Finding) -> String {
    if finding.is_about_many() { text!("doctor-the-folder") } else { escaped(&finding.file).into_owned() }
}

/// The row of one finding: file and values. The names take `names_width` points where these are not too large a part of the row.
fn finding_row(ui: &mut Ui, finding: &Finding, names_width: f32, selected: bool, left_out: bool) -> Response {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let about = about(finding);
    let figures = check_words::finding(finding);
    let label = text!("doctor-finding-row", about = about.as_str(), figures = escaped(&figures).into_owned());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    if selected || response.hovered() {
        let fill = if selected { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(ROUNDING), fill);
    }
    let inner = rect.shrink2(Vec2::new(HALF_GAP, 0.0));
    let name_width = names_width.min(inner.width() * NAME_PART - GAP);
    let (name, words) = inner.split_left_right_at_x(inner.left() + name_width + GAP);
    let name_colour = match (left_out, finding.is_about_many()) {
        (true, _) => colours.text_weak,
        (false, true) => colours.text_strong,
        (false, false) => colours.text,
    };
    one_line(ui, name.with_max_x(inner.left() + name_width), &about, name_colour, left_out);
    let words_colour = if selected { colours.text } else { colours.text_weak };
    one_line(ui, words, &figures, words_colour, false);
    response.on_hover_text(tooltip(finding))
}

/// One line of text, optionally struck through, with an ellipsis if it is too long.
fn one_line(ui: &Ui, rect: Rect, words: &str, colour: eframe::egui::Color32, struck: bool) {
    let mut job = LayoutJob::simple_singleline(
        escaped(words).into_owned(),
        TextStyle::Body.resolve(ui.style()),
        colour,
    );
    if struck {
        let line = eframe::egui::Stroke::new(1.0, colour);
        job.sections.iter_mut().for_each(|section| section.format.strikethrough = line);
    }
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, colour);
}

fn tooltip(finding: &Finding) -> String {
    let mut lines = vec![finding.file.clone(), check_words::finding(finding)];
    if finding.is_about_many() {
        finding.files.iter().take(FILES_IN_TOOLTIP).for_each(|file| lines.push(file.clone()));
        let more = finding.files.len().saturating_sub(FILES_IN_TOOLTIP);
        if more > 0 {
            lines.push(text!("doctor-more-files", count = more));
        }
        lines.remove(0);
    }
    lines.push(text!("data-set-select-help"));
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}
