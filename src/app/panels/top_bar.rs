//! The bar at the top: list, open menu, views, export, transport, theme, help.
//!
//! Where the window is too narrow for all of it, parts give way in the order of [`Width`].

use eframe::egui::{
    self, Align, Button, Layout, Popup, PopupCloseBehavior, Response, RichText, Role, Sense, Slider,
    TextStyle, Ui, Vec2, WidgetInfo,
};

use super::{language_menu, notices};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        kinds::figure_kind::FigureKind,
        theme::{GAP, HALF_GAP, ROW, TOP_BAR, palette},
        transport::{self, Offer},
        widgets::{
            escape,
            icon_button::{self, Icon},
        },
    },
    language::{Key, key, text},
    names::{file_name, shown},
    playback::player::DeviceStatus,
    session::{
        Command, LibraryCommand, PlaybackCommand,
        error_words::InWords as _,
        playing::{PlayMode, PlayingCommand},
        state::{ThemeChoice, View},
    },
};

/// What the bar has room for, in the order in which its parts give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    /// Everything.
    Whole,
    /// The volume slider is short; its value is in the tooltip.
    ShortVolume,
    /// Without the program's name.
    NoName,
    /// The output's rate is only in the tooltip of its dot.
    NoRate,
    /// *Export* is in the menu *Open*.
    OneMenu,
    /// Volume, theme and help are in a menu.
    More,
    /// The views are in a menu.
    ViewMenu,
}

impl Width {
    const ALL: [Self; 7] = [
        Self::Whole,
        Self::ShortVolume,
        Self::NoName,
        Self::NoRate,
        Self::OneMenu,
        Self::More,
        Self::ViewMenu,
    ];

    /// The first that fits into `room` points.
    fn fitting(ui: &Ui, context: &PanelContext<'_>, room: f32) -> Self {
        Self::ALL.into_iter().find(|width| width.needs(ui, context) <= room).unwrap_or(Self::ViewMenu)
    }

    /// Points that the bar takes.
    fn needs(self, ui: &Ui, context: &PanelContext<'_>) -> f32 {
        let button =
            |text: &str| text_width(ui, text, &TextStyle::Button) + 2.0 * ui.spacing().button_padding.x;
        let mut parts = vec![ICON, button(&text!("top-open")), ICON, PLAY + GAP];
        parts.extend((self < Self::NoName).then(|| text_width(ui, NAME, &TextStyle::Heading) + HALF_GAP));
        parts.extend((self < Self::OneMenu).then(|| button(&text!("top-export"))));
        match self {
            Self::ViewMenu => {
                parts.push(TABS.iter().map(|tab| button(&menu_name(tab.1))).fold(0.0, f32::max));
            }
            _ => parts.extend(TABS.iter().map(|tab| tab_width(ui, &tab.1.text()))),
        }
        let rate = device_words(&context.state.playback.device, self < Self::NoRate);
        parts.push(text_width(ui, &rate, &TextStyle::Small) + HALF_GAP);
        if self < Self::More {
            parts.extend([ICON, ICON, ICON, ICON, self.slider() + GAP]);
            parts.extend((self == Self::Whole).then_some(PERCENT));
        } else {
            parts.push(ICON);
        }
        let gaps = ui.spacing().item_spacing.x * parts.len() as f32 + 2.0 * GAP;
        parts.into_iter().sum::<f32>() + gaps
    }

    /// Width of the volume slider.
    fn slider(self) -> f32 {
        if self == Self::Whole { 88.0 } else { 56.0 }
    }
}

const NAME: &str = "Timbrespace";
/// Widths of an icon's button, of the play button and of the volume's value, in points.
const ICON: f32 = 30.0;
const PLAY: f32 = 68.0;
const PERCENT: f32 = 44.0;
/// Least width of a tab, and what it has around its name.
const TAB: f32 = 76.0;
const AROUND_TAB: f32 = 20.0;
/// Below this width of the window, in points, tabs are no wider than their names ask for.
const ROOMY: f32 = 900.0;

/// The views, with the keys of their names and tooltips.
const TABS: [(View, Key, Key); 4] = [
    (View::Stages, key!("top-stages"), key!("top-stages-help")),
    (View::DataSet, key!("top-data-set"), key!("top-data-set-help")),
    (View::Training, key!("top-training"), key!("top-training-help")),
    (View::Latent, key!("top-instrument"), key!("top-instrument-help")),
];

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let width = Width::fitting(ui, context, ui.available_width());
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.set_height(TOP_BAR);
        list_button(ui, context);
        if width < Width::NoName {
            ui.label(RichText::new(NAME).strong().size(16.0).color(palette(ui).text_strong));
            ui.add_space(HALF_GAP);
        }
        open_menu(ui, context, width);
        if width < Width::OneMenu {
            export(ui, context, Button::new(text!("top-export")));
        }
        ui.add_space(GAP);
        if width == Width::ViewMenu {
            view_menu(ui, context);
        } else {
            for (view, name, hint) in TABS {
                tab(ui, context, view, &name.text(), hint.text());
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if width < Width::More {
                help(ui, context);
                theme_toggle(ui, context);
                language_menu::show(ui, context);
            } else {
                more(ui, context);
            }
            notices::bell(ui, context);
            ui.add_space(GAP);
            transport(ui, context, width);
        });
    });
}

/// Folds the list of recordings away, or shows it again.
fn list_button(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let folded = context.state.settings.list_folded;
    let name = if folded { text!("top-show-list") } else { text!("top-fold-list") };
    let button = icon_button::show(ui, Icon::List, &name, !folded);
    if button.on_hover_text(text!("top-list-help")).clicked() {
        context.send(Command::FoldList(!folded));
    }
}

/// The views as a menu.
fn view_menu(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.settings.view;
    let name = TABS.iter().find(|tab| tab.0 == open).map_or_else(String::new, |tab| menu_name(tab.1));
    ui.menu_button(name, |ui| {
        for (view, name, hint) in TABS {
            if ui.selectable_label(view == open, name.text()).on_hover_text(hint.text()).clicked() {
                context.send(Command::Show(view));
                ui.close();
            }
        }
    });
}

fn menu_name(name: Key) -> String {
    format!("{} ▾", name.text())
}

/// Volume, theme, help and the languages in a menu.
fn more(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = icon_button::show(ui, Icon::More, &text!("top-more"), false);
    let button = button.on_hover_text(text!("top-more-help"));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.horizontal(|ui| {
            volume(ui, context, Width::Whole);
        });
        ui.horizontal(|ui| {
            theme_toggle(ui, context);
            help(ui, context);
        });
        ui.separator();
        ui.label(RichText::new(text!("language")).small().color(palette(ui).text_weak));
        language_menu::entries(ui, context);
    });
}

fn text_width(ui: &Ui, text: &str, style: &TextStyle) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), style.resolve(ui.style()), palette(ui).text).size().x
}

fn tab_width(ui: &Ui, name: &str) -> f32 {
    let text = text_width(ui, name, &TextStyle::Body) + AROUND_TAB;
    if ui.ctx().content_rect().width() < ROOMY { text } else { text.max(TAB) }
}

fn open_menu(ui: &mut Ui, context: &mut PanelContext<'_>, width: Width) {
    ui.menu_button(text!("top-open"), |ui| {
        ui.set_min_width(240.0);
        let free = !context.memory.dialogs.is_open();
        let folder = Button::new(text!("top-open-folder")).shortcut_text("Ctrl+O");
        if ui.add_enabled(free, folder).on_hover_text(text!("top-open-folder-help")).clicked() {
            context.ask(ui.ctx(), Question::OpenFolder);
            ui.close();
        }
        if ui.add_enabled(free, Button::new(text!("top-open-file"))).clicked() {
            context.ask(ui.ctx(), Question::OpenFile);
            ui.close();
        }
        if ui.button(text!("top-open-demo")).on_hover_text(text!("top-open-demo-help")).clicked() {
            context.send(LibraryCommand::OpenDemo);
            ui.close();
        }
        let library = &context.state.library;
        let is_free = library.root.is_some() && library.scanning.is_none();
        let again = Button::new(text!("top-read-again")).shortcut_text("F5");
        if ui.add_enabled(is_free, again).on_hover_text(text!("top-read-again-help")).clicked() {
            context.send(LibraryCommand::ReadAgain);
            ui.close();
        }
        if width >= Width::OneMenu {
            ui.separator();
            let button = Button::new(text!("top-export")).shortcut_text("Ctrl+E");
            if export(ui, context, button) {
                ui.close();
            }
        }
        if !context.state.settings.recent.is_empty() {
            ui.separator();
            ui.label(RichText::new(text!("top-recent")).small().color(palette(ui).text_weak));
            for path in &context.state.settings.recent {
                if ui.button(file_name(path)).on_hover_text(shown(&path).to_string()).clicked() {
                    context.commands.push(Command::Library(LibraryCommand::Open(path.clone())));
                    ui.close();
                }
            }
        }
    })
    .response
    .on_hover_text(text!("top-open-help"));
}

/// The button that opens the export sheet, where there is anything to export; returns whether it was clicked.
fn export(ui: &mut Ui, context: &mut PanelContext<'_>, button: Button<'_>) -> bool {
    let response = ui.add_enabled(FigureKind::is_any_there(context.state), button);
    let response = response.on_hover_text(text!("top-export-help"));
    let is_clicked = response.on_disabled_hover_text(text!("figure-export-nothing")).clicked();
    if is_clicked {
        context.open_export();
    }
    is_clicked
}

/// The tab of a view, underlined if open.
fn tab(ui: &mut Ui, context: &mut PanelContext<'_>, view: View, name: &str, hint: String) {
    let colours = palette(ui);
    let selected = context.state.settings.view == view;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(tab_width(ui, name), TOP_BAR), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    let colour = if selected {
        colours.text_strong
    } else if response.hovered() {
        colours.text
    } else {
        colours.text_weak
    };
    let font = egui::TextStyle::Body.resolve(ui.style());
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, name, font, colour);
    let line = egui::Rect::from_min_max(
        egui::pos2(rect.left() + 8.0, rect.bottom() - 3.0),
        rect.max - Vec2::new(8.0, 0.0),
    );
    if selected || response.has_focus() {
        ui.painter().rect_filled(line, 1.0, colours.accent);
    }
    let activated =
        response.clicked() || (response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)));
    if response.on_hover_text(hint).clicked() || activated {
        context.send(Command::Show(view));
    }
}

/// From the right: device, mute, volume, play.
fn transport(ui: &mut Ui, context: &mut PanelContext<'_>, width: Width) {
    device(ui, &context.state.playback.device, width < Width::NoRate);
    ui.add_space(HALF_GAP);
    if width < Width::More {
        volume(ui, context, width);
        ui.add_space(GAP);
    }
    play(ui, context);
}

/// The play button. In hold mode it acts as a key for the decoded sound: that plays while the button is down.
fn play(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let crosshair = context.memory.kept_secs(state);
    let offer = transport::offer(state, crosshair).map(|(offer, _)| offer);
    let mode = state.settings.playing.mode;
    let was_down = context.memory.latent.play_is_down;
    let playing = state.playback.playing.is_some() && !was_down;
    let is_key = mode == PlayMode::Hold && offer == Some(Offer::Decoded) && !playing;
    let (symbol, name) = if playing { ("■", text!("top-stop")) } else { ("▶", text!("top-play")) };
    let command = transport::play_or_stop(state, crosshair);
    let mut button = Button::new(format!("{symbol} {name}")).min_size(Vec2::new(PLAY, ROW));
    if playing || was_down {
        button = button.selected(true);
    }
    let response = named(ui.add_enabled(command.is_some(), button), &name)
        .on_hover_text(match offer {
            Some(offer) if !playing => offer.help(mode),
            _ if playing => text!("play-stop-help"),
            _ => text!("top-nothing-to-play"),
        })
        .on_disabled_hover_text(text!("top-nothing-to-play"));
    let is_down = is_key && response.is_pointer_button_down_on();
    if is_down != was_down {
        context.memory.latent.play_is_down = is_down;
        let command = if is_down { PlayingCommand::Press } else { PlayingCommand::Release };
        context.send(Command::Playing(command));
    }
    if let (true, false, Some(command)) = (response.clicked(), is_key, command) {
        context.send(command);
    }
}

fn volume(ui: &mut Ui, context: &mut PanelContext<'_>, width: Width) {
    let settings = &context.state.settings;
    let colours = palette(ui);
    let percent = format!("{:3.0} %", settings.volume * 100.0);
    let figure = if settings.muted { text!("top-muted") } else { percent };
    if width == Width::Whole {
        let figure = RichText::new(figure).monospace().color(colours.text_weak);
        ui.add_sized([PERCENT, ROW], egui::Label::new(figure));
    }
    let mut volume = settings.volume;
    ui.spacing_mut().slider_width = width.slider();
    let slider = Slider::new(&mut volume, 0.0..=1.0).show_value(false);
    let response = ui.add(slider).accessible_name(text!("top-volume"));
    let response = response.on_hover_text(text!("top-volume-help", level = decibels(settings.volume)));
    if escape::take_back(&response, settings.volume, &mut volume) || response.changed() {
        context.commands.push(Command::Playback(PlaybackCommand::SetVolume(volume)));
    }
    let (icon, name, hint) = if settings.muted {
        (Icon::Muted, text!("top-unmute"), text!("top-unmute-help"))
    } else {
        (Icon::Speaker, text!("top-mute"), text!("top-mute-help"))
    };
    if icon_button::show(ui, icon, &name, settings.muted).on_hover_text(hint).clicked() {
        context.send(PlaybackCommand::SetMuted(!settings.muted));
    }
}

fn decibels(amplitude: f32) -> String {
    if amplitude <= 0.0 { text!("top-silent") } else { format::signed(20.0 * amplitude.log10(), 1) + " dB" }
}

/// The output's dot, with its rate where there is room; a missing output is always named.
fn device_words(status: &DeviceStatus, with_rate: bool) -> String {
    match status {
        DeviceStatus::Ready { sample_rate_hz, .. } if with_rate => {
            format!("● {}", format::rate(*sample_rate_hz))
        }
        DeviceStatus::Ready { .. } => "●".to_owned(),
        DeviceStatus::Opening | DeviceStatus::Unavailable { .. } => text!("top-no-sound"),
    }
}

fn device(ui: &mut Ui, status: &DeviceStatus, with_rate: bool) {
    let colours = palette(ui);
    let (colour, hint) = match status {
        DeviceStatus::Ready { name, sample_rate_hz, channels } => (
            colours.good,
            text!("top-output", name = name, rate = format::rate(*sample_rate_hz), channels = *channels),
        ),
        DeviceStatus::Opening => {
            (colours.warning, text!("top-no-sound-help", reason = text!("message-device-not-opened")))
        }
        DeviceStatus::Unavailable { error } => {
            (colours.warning, text!("top-no-sound-help", reason = error.words()))
        }
    };
    let text = device_words(status, with_rate);
    ui.label(RichText::new(text).small().color(colour)).on_hover_text(hint);
}

fn theme_toggle(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let (icon, next, name) = match context.state.settings.theme {
        ThemeChoice::Dark => (Icon::Moon, ThemeChoice::Light, text!("top-theme-dark")),
        ThemeChoice::Light => (Icon::Sun, ThemeChoice::System, text!("top-theme-light")),
        ThemeChoice::System => (Icon::Screen, ThemeChoice::Dark, text!("top-theme-system")),
    };
    if icon_button::show(ui, icon, &name, false)
        .on_hover_text(text!("top-theme-help", theme = &name))
        .clicked()
    {
        context.send(Command::SetTheme(next));
    }
}

fn help(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = Button::new("?").selected(context.memory.sheet_open).min_size(Vec2::new(30.0, ROW));
    if named(ui.add(button), &text!("top-shortcuts")).on_hover_text(text!("top-shortcuts-help")).clicked() {
        context.memory.sheet_open = !context.memory.sheet_open;
    }
}

/// Sets the accessible name of a button whose face is a symbol.
fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
    response
}
