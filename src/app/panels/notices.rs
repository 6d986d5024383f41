//! Notices: cards below the list of recordings, which go by themselves, and the bell with the list of all.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use eframe::egui::{
    self, Align, Context, CornerRadius, Frame, Label, Layout, Margin, Popup, PopupCloseBehavior, Rect,
    RichText, ScrollArea, Stroke, TextStyle, Ui, Vec2,
    style::ScrollAnimation,
    text::{LayoutJob, TextFormat},
};

use crate::{
    ISSUES,
    app::{
        context::PanelContext,
        dialogs::Question,
        format, reveal,
        theme::{GAP, HALF_GAP, Palette, palette},
        widgets::{
            foot::Foot,
            icon_button::{self, Icon},
        },
    },
    language::text,
    names::shown,
    session::{
        notices::{NoticeCommand, NoticeFile},
        state::{Notice, Severity},
    },
};

/// Seconds that a card of news stays, unless the pointer is on it.
const NEWS_SECS: f64 = 6.0;
/// Seconds that a card of a warning or an error stays, unless the pointer is on it.
const TROUBLE_SECS: f64 = 10.0;
/// Largest number of cards below the list, and below the view while the list is folded away; the bell has the rest.
const SHOWN: usize = 4;
const SHOWN_BELOW_VIEW: usize = 1;
/// Largest part of the height that cards take; more of them scroll.
const PART: f32 = 0.5;
const LIST_WIDTH: f32 = 440.0;
const LIST_HEIGHT: f32 = 420.0;

/// Shows `contents`, and below them the newest notices as cards, which are closed in time. Cards take their place from the contents, so
/// they lie over nothing, and dialogs lie over them; the Tab key comes to them after the contents.
pub fn below(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    contents: impl FnOnce(&mut Ui, &mut PanelContext<'_>),
) {
    let has_open = context.state.notices.iter().any(|notice| !notice.is_closed);
    if !has_open {
        context.memory.notices.clear();
    }
    let height = PART * ui.available_height();
    // Also without a message: what lies above keeps its place in egui's memory, and with it what is folded and scrolled.
    Foot { id: "notices", gap: 0.0 }.show(ui, context, contents, |ui, context| {
        if has_open {
            cards(ui, context, height);
        }
    });
}

/// The cards, of at most this height; more of them scroll.
fn cards(ui: &mut Ui, context: &mut PanelContext<'_>, height: f32) {
    let open: Vec<&Notice> = context.state.notices.iter().filter(|notice| !notice.is_closed).collect();
    let is_folded = context.state.settings.list_folded;
    let hidden = open.len().saturating_sub(if is_folded { SHOWN_BELOW_VIEW } else { SHOWN });
    let (mut commands, mut asked) = (Vec::new(), None);
    let gap = GAP as i8;
    let frame = if is_folded {
        Frame::new().fill(palette(ui).window).inner_margin(Margin::same(gap))
    } else {
        Frame::new().inner_margin(Margin { top: gap, ..Margin::ZERO })
    };
    let newest = open.last().map(|notice| notice.id);
    let is_new = newest.is_some_and(|id| !context.memory.notices.contains_key(&id));
    let shown = frame.show(ui, |ui| {
        let area = ScrollArea::vertical().id_salt("notices").max_height(height).min_scrolled_height(height);
        area.auto_shrink([false, true]).show(ui, |ui| {
            if open.len() > 1 {
                commands.extend(head(ui, hidden));
            }
            for notice in &open[hidden..] {
                let top = ui.cursor().min;
                let (is_closed, question) = card(ui, notice);
                commands.extend(is_closed.then_some(NoticeCommand::Close(notice.id)));
                asked = asked.take().or(question);
                if is_new && Some(notice.id) == newest {
                    // From its beginning; as much as there is room for.
                    let rect = Rect::from_min_max(top, ui.min_rect().max);
                    ui.scroll_to_rect_animation(rect, Some(Align::Min), ScrollAnimation::none());
                }
            }
        });
    });
    let ctx = ui.ctx().clone();
    let is_pointed = ctx.pointer_hover_pos().is_some_and(|at| shown.response.rect.contains(at));
    let is_behind_dialog = ctx.memory(|memory| memory.top_modal_layer().is_some());
    commands.extend(expired(&ctx, context, is_pointed || is_behind_dialog));
    for command in commands {
        context.send(command);
    }
    if let Some(question) = asked {
        context.ask(&ctx, question);
    }
}

/// The line above several cards.
fn head(ui: &mut Ui, hidden: usize) -> Option<NoticeCommand> {
    let close = ui.horizontal_wrapped(|ui| {
        let button = ui.button(text!("notices-close-all")).on_hover_text(text!("notices-close-all-help"));
        if hidden > 0 {
            ui.weak(text!("notices-more", count = hidden));
        }
        button.clicked()
    });
    close.inner.then_some(NoticeCommand::CloseAll)
}

/// Colour and word of a severity.
fn look(severity: Severity, colours: &Palette) -> (egui::Color32, String) {
    match severity {
        Severity::Info => (colours.accent, text!("notices-news")),
        Severity::Warning => (colours.warning, text!("notices-warning")),
        Severity::Error => (colours.error, text!("notices-error")),
    }
}

/// The buttons of a notice about a file; what to ask the person, if a copy is wanted elsewhere.
fn file(ui: &mut Ui, notice: &Notice) -> Option<Question> {
    match notice.file.as_ref()? {
        NoticeFile::Saved(path) => {
            ui.horizontal(|ui| show_folder(ui, path));
            None
        }
        NoticeFile::InOwnPlace(path) => {
            ui.horizontal_wrapped(|ui| {
                show_folder(ui, path);
                let button = ui.button(text!("notices-save-as"));
                let is_wanted = button.on_hover_text(text!("notices-save-as-help")).clicked();
                is_wanted.then(|| Question::SaveCopy(path.clone()))
            })
            .inner
        }
        NoticeFile::CrashReport { path, text } => {
            ui.horizontal_wrapped(|ui| {
                show_folder(ui, path);
                if ui.button(text!("notices-copy")).on_hover_text(text!("notices-copy-help")).clicked() {
                    ui.ctx().copy_text(text.clone());
                }
                ui.hyperlink_to(text!("notices-report"), ISSUES).on_hover_text(ISSUES);
            });
            None
        }
    }
}

/// A button that shows the folder of a file; its tooltip has the whole path.
fn show_folder(ui: &mut Ui, path: &Path) {
    let help = text!("notices-show-help", path = shown(path).to_string());
    let is_clicked = ui.button(text!("notices-show")).on_hover_text(help).clicked();
    if let (true, Some(folder)) = (is_clicked, path.parent()) {
        reveal::folder(folder.to_owned());
    }
}

/// Draws one card; whether it was closed, and what to ask.
fn card(ui: &mut Ui, notice: &Notice) -> (bool, Option<Question>) {
    let mut asked = None;
    let colours = palette(ui);
    let (colour, word) = look(notice.severity, colours);
    let frame = Frame::new()
        .fill(colours.card)
        .stroke(Stroke::new(1.0, colours.border))
        .shadow(ui.visuals().popup_shadow)
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin { left: 14, right: 8, top: 8, bottom: 8 });
    let response = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let name = text!("notices-close", text = notice.text());
                let close = icon_button::show(ui, Icon::Cross, &name, false);
                let close = close.on_hover_text(text!("notices-close-help"));
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.colored_label(colour, RichText::new(word).small().strong());
                    ui.add(Label::new(told(ui, &notice.text())).wrap().selectable(true));
                    asked = file(ui, notice);
                });
                close.clicked()
            })
            .inner
        })
        .inner
    });
    let rect = response.response.rect;
    let strip =
        egui::Rect::from_min_size(rect.min + Vec2::new(5.0, 8.0), Vec2::new(3.0, rect.height() - 16.0));
    ui.painter().rect_filled(strip, 2.0, colour);
    (response.inner, asked)
}

/// What closes cards whose time is over; the clock runs from the first frame that showed them, and begins again while they are
/// held: the pointer is on them, or a dialog before them.
fn expired(ctx: &Context, context: &mut PanelContext<'_>, are_held: bool) -> Vec<NoticeCommand> {
    let now = ctx.input(|input| input.time);
    let open: Vec<&Notice> = context.state.notices.iter().filter(|notice| !notice.is_closed).collect();
    let first_seen = &mut context.memory.notices;
    first_seen.retain(|id, _| open.iter().any(|notice| notice.id == *id));
    let mut commands = Vec::new();
    for notice in open {
        let secs = if notice.severity == Severity::Info { NEWS_SECS } else { TROUBLE_SECS };
        let since = first_seen.entry(notice.id).or_insert(now);
        if are_held {
            *since = now;
        }
        let left = *since + secs - now;
        if left <= 0.0 {
            commands.push(NoticeCommand::Close(notice.id));
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }
    commands
}

/// The bell in the top bar, with a mark while the list has a warning or an error that was not seen there, and the list that it
/// opens.
pub fn bell(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let notices = &context.state.notices;
    let unseen = notices.iter().filter(|notice| !notice.is_seen).map(|notice| notice.severity);
    let worst = unseen
        .filter(|severity| *severity != Severity::Info)
        .max_by_key(|severity| *severity == Severity::Error);
    let name = text!("notices-bell", count = notices.len());
    let response = icon_button::show(ui, Icon::Bell, &name, false);
    if let Some(severity) = worst {
        let colour = look(severity, palette(ui)).0;
        ui.painter().circle_filled(response.rect.right_top() + Vec2::new(-6.0, 6.0), 4.0, colour);
    }
    let response = response.on_hover_text(text!("notices-bell-help"));
    // A menu's own layout would stretch every line of text to its width.
    let popup = Popup::menu(&response)
        .layout(Layout::top_down(Align::Min))
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let Some((command, question)) = popup.show(|ui| list(ui, notices)).map(|shown| shown.inner) else {
        return;
    };
    if notices.iter().any(|notice| !notice.is_seen) {
        context.send(NoticeCommand::Seen);
    }
    if let Some(command) = command {
        context.send(command);
    }
    if let Some(question) = question {
        context.ask(ui.ctx(), question);
    }
}

/// A message with its flags, such as `--help`, in the font of code: elsewhere their hyphens look like one dash.
fn told(ui: &Ui, text: &str) -> LayoutJob {
    let format = |style: TextStyle| TextFormat::simple(style.resolve(ui.style()), palette(ui).text);
    let mut job = LayoutJob::default();
    for word in text.split_inclusive([' ', '(', '“', '`']) {
        let is_flag = |letter: char| letter == '-' || letter.is_ascii_alphanumeric();
        let end = word.find(|letter| !is_flag(letter)).unwrap_or(word.len());
        let (flag, rest) = word.split_at(if word.starts_with("--") { end } else { 0 });
        for (part, style) in [(flag, TextStyle::Monospace), (rest, TextStyle::Body)] {
            if !part.is_empty() {
                job.append(part, 0.0, format(style));
            }
        }
    }
    job
}

fn list(ui: &mut Ui, notices: &[Notice]) -> (Option<NoticeCommand>, Option<Question>) {
    let colours = palette(ui);
    ui.set_width(LIST_WIDTH);
    if notices.is_empty() {
        ui.weak(text!("notices-none"));
        return (None, None);
    }
    let mut asked = None;
    let now = SystemTime::now();
    ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]).show(ui, |ui| {
        for notice in notices.iter().rev() {
            let (colour, word) = look(notice.severity, colours);
            ui.horizontal(|ui| {
                ui.colored_label(colour, RichText::new(word).small().strong());
                ui.label(RichText::new(format::ago(notice.time, now)).small().color(colours.text_weak));
            });
            ui.add(Label::new(told(ui, &notice.text())).wrap().selectable(true));
            asked = asked.take().or(file(ui, notice));
            ui.add_space(HALF_GAP);
        }
    });
    let button = ui.button(text!("notices-empty")).on_hover_text(text!("notices-empty-help"));
    (button.clicked().then_some(NoticeCommand::Forget), asked)
}
