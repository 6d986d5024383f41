//! The bar at the top: list, open menu, views, export, transport, theme, help.
//!
//! Where the window is too narrow for all of it, parts give way in the order of [`Width`].

mod sound;
mod width;
mod words;

use eframe::egui::{
    self, Align, Align2, Aligned, Button, Layout, Popup, PopupCloseBehavior, RichText, Role, Sense, Ui, Vec2,
    WidgetInfo,
};

use self::{
    width::{Width, tab_width},
    words::{NAME, TABS, menu_name},
};
use super::{language_menu, notices};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        kinds::figure_kind::FigureKind,
        theme::{GAP, HALF_GAP, ROW, TOP_BAR, palette},
        widgets::{
            described,
            icon_button::{self, Icon},
        },
    },
    language::text,
    names::{file_name, shown},
    session::{
        Command, LibraryCommand,
        state::{ThemeChoice, View},
    },
};

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
        // From left to right, as the Tab key and screen readers go through it.
        Aligned::new(Align2::RIGHT_TOP).show(ui, |ui| {
            sound::transport(ui, context, width);
            ui.add_space(GAP);
            notices::bell(ui, context);
            if width < Width::More {
                language_menu::show(ui, context);
                theme_toggle(ui, context);
                help(ui, context);
            } else {
                more(ui, context);
            }
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

/// Volume, theme, help and the languages in a menu.
fn more(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = icon_button::show(ui, Icon::More, &text!("top-more"), false);
    let button = button.on_hover_text(text!("top-more-help"));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.horizontal(|ui| {
            sound::volume(ui, context, Width::Whole);
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
    if described::face(ui.add(button), &text!("top-shortcuts"))
        .on_hover_text(text!("top-shortcuts-help"))
        .clicked()
    {
        context.memory.sheet_open = !context.memory.sheet_open;
    }
}
