//! The recording list: heading, rows, and unusable files.

use std::path::PathBuf;

use eframe::egui::{self, Align, Layout, Rangef, RichText, ScrollArea, Spinner, Ui};

use super::{
    library_fields,
    library_rows::{self, Row},
};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        memory::library::ShownSelection,
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::{
            card::explanation,
            left_out_button,
            list_box::{self, Place},
            recording_row, room,
            row_menu::{self, Keyboard},
        },
    },
    jobs::scan::Recording,
    language::text,
    names::{self, shown},
    session::{
        Command, LatentCommand, LibraryCommand,
        error_words::InWords as _,
        pieces::{NotCut, PiecesCommand},
        state::{Library, Source, View},
    },
};

/// Largest height of the list of files that cannot be used, and the part that it takes at most of what is left below the fields.
const SKIPPED_HEIGHT: f32 = 160.0;
const SKIPPED_PART: f32 = 0.45;
/// Least height of the whole while that list is unfolded; below, it scrolls.
const UNFOLDED_HEIGHT: f32 = 280.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    // Where notices leave little room, nothing is drawn over them.
    let least = if context.memory.list.shows_skipped { UNFOLDED_HEIGHT } else { 0.0 };
    room::at_least(ui, "library", least, |ui| contents(ui, context));
}

fn contents(ui: &mut Ui, context: &mut PanelContext<'_>) {
    heading(ui, context);
    library_fields::search(ui, context);
    library_fields::pattern(ui, context);
    ui.add_space(HALF_GAP);
    context.memory.list.shows_skipped = skipped(ui, &context.state.library);
    cutting(ui, context);
    if context.state.library.visible.is_empty() {
        empty(ui, context);
    } else {
        rows(ui, context);
    }
}

fn heading(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    let colours = palette(ui);
    let name_of = |path: &PathBuf| names::file_name(path);
    let name = match &library.root {
        _ if library.opening.is_some() => library.opening.as_ref().map(name_of).unwrap_or_default(),
        _ if library.is_demo => text!("library-demo-sounds"),
        Some(root) => name_of(root),
        None => text!("library-recordings"),
    };
    let place = library.opening.as_ref().or(library.root.as_ref());
    let place = place.map_or_else(|| text!("library-nothing-open"), |root| shown(&root).to_string());
    ui.add(egui::Label::new(RichText::new(name).strong().color(colours.text_strong)).truncate())
        .on_hover_text(place);
    ui.horizontal(|ui| {
        ui.set_height(20.0);
        if let Some(found) = library.scanning {
            ui.add(Spinner::new().size(14.0));
            ui.label(
                RichText::new(text!("library-found-so-far", count = found)).small().color(colours.text_weak),
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let cancel = ui.button(text!("cancel"));
                if cancel.on_hover_text(text!("library-cancel-help")).clicked() {
                    context.commands.push(Command::Library(LibraryCommand::CancelScan));
                }
            });
        } else {
            let classes = context.memory.classes.len();
            let text = RichText::new(counts(library, classes)).small().color(colours.text_weak);
            let label = ui.add(egui::Label::new(text).truncate());
            if let Some(file) = library.left_out_file.as_ref().filter(|_| !library.left_out.is_empty()) {
                label.on_hover_text(text!("library-left-out-help", file = shown(&file).to_string()));
            }
        }
    });
}

fn counts(library: &Library, classes: usize) -> String {
    let all = library.recordings.len();
    if library.unread > 0 {
        let read = 100 * (all - library.unread) / all.max(1);
        return text!("library-reading-lengths", count = all, percent = read);
    }
    let left_out = library.left_out_count;
    if left_out > 0 && library.visible.len() == all {
        text!("library-used", used = all - left_out, count = all, left_out = left_out)
    } else if library.visible.len() == all {
        text!("library-counts", count = all, classes = classes)
    } else {
        text!("library-shown", count = all, shown = library.visible.len())
    }
}

/// Files that cannot be used, with their causes, folded at first; whether they are unfolded.
fn skipped(ui: &mut Ui, library: &Library) -> bool {
    let count = library.skipped.len() + library.failures.len();
    if count == 0 {
        return false;
    }
    let colours = palette(ui);
    let height = SKIPPED_HEIGHT.min(SKIPPED_PART * ui.available_height());
    let title = RichText::new(text!("library-skipped", count = count)).small();
    let header = egui::CollapsingHeader::new(title.color(colours.warning)).id_salt("skipped files");
    let shown = header.show(ui, |ui| {
        let area = ScrollArea::vertical().id_salt("skipped list").max_height(height).min_scrolled_height(0.0);
        area.show(ui, |ui| causes(ui, library));
    });
    shown.body_response.is_some()
}

fn causes(ui: &mut Ui, library: &Library) {
    let skipped = library.skipped.iter().map(|skipped| (&skipped.path, &skipped.cause));
    for (path, cause) in skipped.chain(&library.failures) {
        let root = library.root.as_ref();
        let name = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        ui.label(RichText::new(shown(&name).to_string()).small().monospace())
            .on_hover_text(shown(path).to_string());
        explanation(ui, format::cause_alone(path, &cause.words()));
        ui.add_space(HALF_GAP);
    }
}

/// Progress or result of cutting into pieces.
fn cutting(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let pieces = &context.state.library.pieces;
    let colours = palette(ui);
    if let Some((done, total)) = pieces.cutting {
        ui.horizontal(|ui| {
            ui.add(Spinner::new().size(14.0));
            let [done, total] = [done, total].map(|secs| format::seconds(secs as f64));
            let text = text!("library-cutting", done = done, total = total);
            ui.label(RichText::new(text).small().color(colours.text_weak));
            let cancel = ui.button(text!("cancel"));
            if cancel.on_hover_text(text!("library-cancel-cutting-help")).clicked() {
                context.commands.push(Command::Library(LibraryCommand::Pieces(PiecesCommand::Cancel)));
            }
        });
    } else if let Some(cause) = pieces.not_cut {
        let words = match cause {
            NotCut::Cancelled => text!("library-cutting-cancelled"),
            NotCut::Failed => text!("library-cutting-failed"),
        };
        ui.horizontal(|ui| {
            ui.label(RichText::new(words).small().color(colours.warning));
            if ui.button(text!("library-cut")).on_hover_text(text!("library-cut-help")).clicked() {
                context.commands.push(Command::Library(LibraryCommand::Pieces(PiecesCommand::Cut)));
            }
        });
    } else if !pieces.files.is_empty() {
        let text = RichText::new(&pieces.summary).small().color(colours.text_weak);
        ui.add(egui::Label::new(text).truncate()).on_hover_text(&pieces.summary);
    }
}

fn rows(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let library = &context.state.library;
    let rows = library_rows::of(library);
    let has_bar = rows.len() as f32 * ROW > ui.available_height() - recording_row::HEAD;
    let bar = ui.spacing().scroll.bar_width + ui.spacing().scroll.bar_inner_margin;
    recording_row::head(ui, &context.memory.classes, if has_bar { bar } else { 0.0 });
    let mut area = ScrollArea::vertical().id_salt("recordings").auto_shrink([false, false]);
    if let Some(offset) = offset_to_selection(context, &rows) {
        area = area.vertical_scroll_offset(offset);
    }
    let (mut unread, mut view) = (Vec::new(), Rangef::NOTHING);
    let count = rows.len();
    let list = list_box::show(ui, list_box::recordings(), &text!("reader-recordings"), |ui| {
        let mut selected = None;
        let output = area.show_rows(ui, ROW, count, |ui, range| {
            for (index, row) in range.clone().zip(&rows[range]) {
                let place = Place { index, count };
                let shown = match *row {
                    Row::Recording(index) => {
                        let is_unread = library.recordings.get(index).is_some_and(Recording::is_unread);
                        unread.extend(is_unread.then_some(index));
                        recording_row(ui, context, index, place)
                    }
                    Row::File(index) => file_row(ui, library, index, place, &mut context.commands),
                };
                if shown.is_some() {
                    selected = shown;
                }
            }
        });
        let top = output.state.clamped_offset().y;
        view = Rangef::new(top, top + output.inner_rect.height());
        selected
    });
    if !unread.is_empty() {
        context.commands.push(Command::Library(LibraryCommand::RowsInSight(unread)));
    }
    context.memory.list.view = Some(view);
    if list.gained_focus() {
        // Whoever comes to the list finds the selection in sight.
        context.memory.list.shown = None;
        ui.ctx().request_repaint();
    }
}

/// A recording; returns the row if it is the selected one.
fn recording_row(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    index: usize,
    place: Place,
) -> Option<egui::Response> {
    let library = &context.state.library;
    let recording = library.recordings.get(index)?;
    let is_playing = |(source, _)| source == Source::Recording(index);
    let marks = recording_row::Marks {
        selected: library.selected == Some(index) && library.pieces.shown.is_none(),
        playing: context.state.playback.playing.is_some_and(is_playing),
        left_out: library.is_left_out(recording),
        problem: library.problem_of(recording),
        place,
    };
    let response = recording_row::show(ui, recording, &context.memory.classes, marks);
    context.commands.extend(left_out_menu(&response, library, recording, by_keyboard(marks.selected)));
    if response.double_clicked() && context.state.settings.view == View::Latent {
        context.commands.push(Command::Latent(LatentCommand::EncodeRecording(index)));
    } else if response.clicked() {
        context.commands.push(Command::Library(LibraryCommand::Select(index)));
    }
    marks.selected.then_some(response)
}

/// A file with pieces: the arrow folds them, the name shows the file with its pieces. Returns the row if it is the selected one.
fn file_row(
    ui: &mut Ui,
    library: &Library,
    index: usize,
    place: Place,
    commands: &mut Vec<Command>,
) -> Option<egui::Response> {
    let file = library.pieces.files.get(index)?;
    let is_shown = library.pieces.shown == Some(index);
    let (fold, name) = recording_row::show_file(ui, file, is_shown, place);
    if fold.clicked() {
        commands.push(Command::Library(LibraryCommand::Pieces(PiecesCommand::Fold(index, !file.is_folded))));
    }
    if name.clicked() {
        commands.push(Command::Library(LibraryCommand::Pieces(PiecesCommand::ShowFile(index))));
    }
    row_menu::show(&name, by_keyboard(is_shown), |ui| {
        let pieces = library.recordings.get(file.recordings.clone()).unwrap_or_default();
        let names = || pieces.iter().map(|piece| piece.name.clone()).collect();
        if ui.button(text!("library-leave-out-pieces", count = pieces.len())).clicked() {
            commands.push(Command::Library(LibraryCommand::LeaveOut(names())));
            ui.close();
        }
        if ui.button(text!("library-include-pieces")).clicked() {
            commands.push(Command::Library(LibraryCommand::TakeIn(names())));
            ui.close();
        }
    });
    is_shown.then_some(name)
}

/// The keys open the menu of the selected row while the list has the focus.
fn by_keyboard(is_selected: bool) -> Keyboard {
    Keyboard { focus: list_box::recordings(), is_current: is_selected }
}

/// The context menu of a row: leaves out or includes the recording or its class.
fn left_out_menu(
    response: &egui::Response,
    library: &Library,
    recording: &Recording,
    keyboard: Keyboard,
) -> Option<Command> {
    let mut wish = None;
    row_menu::show(response, keyboard, |ui| {
        let is_out = library.is_left_out(recording);
        let text = if is_out { text!("library-include") } else { text!("library-leave-out") };
        if ui.button(text).clicked() {
            wish = Some(left_out_button::toggled(library, recording));
        }
        let of_class = |recording: &&Recording, class: &str| recording.class == class;
        let class: Vec<&Recording> =
            library.recordings.iter().filter(|other| of_class(other, &recording.class)).collect();
        let (out, within): (Vec<&Recording>, Vec<&Recording>) =
            class.into_iter().partition(|other| library.is_left_out(other));
        let names = |recordings: &[&Recording]| recordings.iter().map(|one| one.name.clone()).collect();
        if !within.is_empty() && ui.button(leave_out_class(&recording.class, within.len())).clicked() {
            wish = Some(Command::Library(LibraryCommand::LeaveOut(names(&within))));
        }
        if !out.is_empty() && ui.button(include_class(&recording.class, out.len())).clicked() {
            wish = Some(Command::Library(LibraryCommand::TakeIn(names(&out))));
        }
        if wish.is_some() {
            ui.close();
        }
    });
    wish
}

/// Label of the entry that leaves out the `count` recordings of a class.
fn leave_out_class(class: &str, count: usize) -> String {
    if class.is_empty() {
        text!("library-leave-out-without-class", count = count)
    } else {
        text!("library-leave-out-class", class = names::escaped(class), count = count)
    }
}

/// Label of the entry that includes the `count` recordings of a class again.
fn include_class(class: &str, count: usize) -> String {
    if class.is_empty() {
        text!("library-include-without-class", count = count)
    } else {
        text!("library-include-class", class = names::escaped(class), count = count)
    }
}

/// Where to scroll to show a selection made elsewhere; `None` if it is visible or was already scrolled to.
fn offset_to_selection(context: &mut PanelContext<'_>, rows: &[Row]) -> Option<f32> {
    let library = &context.state.library;
    let memory = &mut context.memory.list;
    let selected = library.selected?;
    let view = memory.view.filter(|view| view.max > view.min)?;
    let shown = Some(ShownSelection { recording: selected, rows: rows.len() });
    if memory.shown == shown {
        return None;
    }
    memory.shown = shown;
    let row = rows.iter().position(|row| *row == Row::Recording(selected))?;
    let (top, bottom) = (row as f32 * ROW, (row + 1) as f32 * ROW);
    if top < view.min {
        Some(top)
    } else if bottom > view.max {
        Some(bottom - view.span())
    } else {
        None
    }
}

/// The empty state: why there is nothing, and what to do.
fn empty(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    ui.add_space(3.0 * GAP);
    ui.vertical_centered(|ui| {
        if library.scanning.is_some() {
            explanation(ui, &text!("library-looking"));
        } else if !library.search.is_empty() && !library.recordings.is_empty() {
            ui.label(text!("library-no-match", search = names::escaped(&library.search)));
            explanation(ui, &text!("library-no-match-help"));
            ui.add_space(GAP);
            if ui.button(text!("library-clear-search")).clicked() {
                context.send(LibraryCommand::Search(String::new()));
            }
        } else {
            ui.label(if library.root.is_some() {
                text!("library-empty-folder")
            } else {
                text!("library-empty")
            });
            explanation(ui, &text!("library-empty-help"));
            ui.add_space(GAP);
            if ui.button(text!("library-open-folder")).clicked() {
                context.ask(ui.ctx(), Question::OpenFolder);
            }
            if !library.is_demo && ui.button(text!("library-use-demo")).clicked() {
                context.send(LibraryCommand::OpenDemo);
            }
        }
    });
}
