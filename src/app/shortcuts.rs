//! Keyboard shortcuts: the keys, and the sheet that lists them.

use std::borrow::Cow;

use eframe::egui::{Context, Event, Key, KeyboardShortcut, Memory, Modifiers};

use super::{
    transport,
    widgets::{
        axis_slider::{KEY_PAIRS, KeyPair},
        keys,
        left_out_button::toggled,
        list_box,
    },
};
use crate::{
    language::{Key as TextKey, key},
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand,
        pieces::PiecesCommand,
        playing::PlayingCommand,
        space::SpaceCommand,
        state::{State, View},
    },
};

/// The action of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A command for the session.
    Do(Command),
    /// Open the folder dialog.
    OpenFolder,
    /// Open the dialog that saves the decoded sound.
    SaveWav,
    /// Open the export sheet.
    Export,
    /// Move the cursor into the search field.
    FocusSearch,
    /// Show or hide the shortcut sheet.
    ToggleSheet,
}

/// Keys with their action.
struct Shortcut {
    keys: KeyboardShortcut,
    action: Action,
}

impl Shortcut {
    fn new(modifiers: Modifiers, key: Key, action: Action) -> Self {
        Self { keys: KeyboardShortcut::new(modifiers, key), action }
    }
}

/// The keys or the movement of the mouse of a line of the sheet.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// Keys, by the names that are printed on them in every language.
    Keys(&'static str),
    /// A movement of the mouse, alone or with keys.
    Mouse(TextKey),
}

impl Input {
    /// The text for the sheet.
    pub fn text(self) -> Cow<'static, str> {
        match self {
            Self::Keys(keys) => keys.into(),
            Self::Mouse(movement) => movement.text().into(),
        }
    }
}

/// A line of the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What a person presses or moves.
    pub input: Input,
    /// What it does.
    pub meaning: TextKey,
}

const fn keys(keys: &'static str, meaning: TextKey) -> Line {
    Line { input: Input::Keys(keys), meaning }
}

const fn mouse(movement: TextKey, meaning: TextKey) -> Line {
    Line { input: Input::Mouse(movement), meaning }
}

/// The sheet's sections: titles and lines.
pub const SHEET: [(TextKey, &[Line]); 4] = [
    (
        key!("shortcut-everywhere"),
        &[
            keys("1  2  3  4", key!("shortcut-views")),
            keys("Space", key!("shortcut-play")),
            keys("M", key!("shortcut-mute")),
            keys("Ctrl+O", key!("shortcut-open")),
            keys("F5", key!("shortcut-read-again")),
            keys("Ctrl+E", key!("shortcut-export")),
            keys("F1  ?", key!("shortcut-this-sheet")),
            keys("F9", key!("shortcut-list")),
            keys("Ctrl +  Ctrl −", key!("shortcut-text-size")),
        ],
    ),
    (
        key!("shortcut-recordings"),
        &[
            keys("↑  ↓", key!("shortcut-previous-next")),
            keys("Page Up  Page Down", key!("shortcut-ten-recordings")),
            keys("Home  End", key!("reader-list-ends")),
            keys("←  →", key!("reader-list-pieces")),
            keys("Ctrl+F", key!("shortcut-search")),
            keys("X", key!("shortcut-leave-out")),
            keys("Menu  Shift+F10", key!("shortcut-row-menu")),
            keys("Enter", key!("shortcut-start-from-recording")),
        ],
    ),
    (
        key!("shortcut-plots"),
        &[
            mouse(key!("shortcut-wheel"), key!("shortcut-zoom-time")),
            mouse(key!("shortcut-modified-wheel"), key!("shortcut-zoom-frequency")),
            mouse(key!("shortcut-drag"), key!("shortcut-move-time")),
            mouse(key!("shortcut-right-drag"), key!("shortcut-zoom-rectangle")),
            mouse(key!("shortcut-shift-drag"), key!("shortcut-select")),
            mouse(key!("shortcut-click"), key!("shortcut-keep-crosshair")),
            keys(",  .", key!("shortcut-move-crosshair")),
            mouse(key!("shortcut-double-click"), key!("shortcut-show-everything")),
        ],
    ),
    (
        key!("shortcut-instrument"),
        &[
            keys("R", key!("shortcut-random")),
            keys("Home", key!("shortcut-mean")),
            keys("T", key!("shortcut-trigger")),
            keys("Q A  W S  E D", key!("shortcut-axes")),
            keys("L", key!("shortcut-loop")),
            keys("O", key!("shortcut-original")),
            keys("Shift", key!("shortcut-finer")),
            mouse(key!("shortcut-right-drag-wheel"), key!("shortcut-move-map")),
            keys("Ctrl+Z", key!("shortcut-undo")),
            keys("Ctrl+Shift+Z  Ctrl+Y", key!("shortcut-redo")),
            keys("Ctrl+S", key!("shortcut-save-wav")),
        ],
    ),
];

/// Step of the keys that move an axis, as a part of its range, and the factor of Shift.
const KEY_STEP: f32 = 0.02;
const FINE_FACTOR: f32 = 0.1;
/// Rows that Page Up and Page Down skip.
const PAGE: isize = 10;

/// The actions of the pressed keys. While a dialog or a menu is open, none count; while a text field has the focus, only keys
/// that cannot be typed; while another control than the list has it, plain keys do not, because they operate that control.
/// `crosshair` is the time of the stages' kept crosshair, in seconds.
pub fn pressed(ctx: &Context, state: &State, crosshair: Option<f64>) -> Vec<Action> {
    if keys::are_held(ctx) {
        // A sound that a key holds still ends with it.
        return trigger(ctx, state).into_iter().filter(|action| *action == release()).collect();
    }
    let typing = ctx.text_edit_focused();
    let focused = ctx.memory(Memory::focused);
    let in_list = focused == Some(list_box::recordings());
    let mut actions = with_control(ctx, state, typing);
    if typing {
        return actions;
    }
    actions.extend(plain(ctx, state));
    actions.extend(trigger(ctx, state));
    if in_list {
        actions.extend(listed(ctx, state, crosshair));
    }
    if in_list || focused.is_none() {
        actions.extend(moving(ctx, state, crosshair));
    }
    actions
}

fn with_control(ctx: &Context, state: &State, typing: bool) -> Vec<Action> {
    let (control, shift) = (Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT);
    let mut table = vec![
        Shortcut::new(control, Key::O, Action::OpenFolder),
        Shortcut::new(control, Key::E, Action::Export),
        Shortcut::new(control, Key::F, Action::FocusSearch),
        Shortcut::new(control, Key::S, Action::SaveWav),
        Shortcut::new(Modifiers::NONE, Key::F5, Action::Do(Command::Library(LibraryCommand::ReadAgain))),
        Shortcut::new(Modifiers::NONE, Key::F1, Action::ToggleSheet),
        Shortcut::new(Modifiers::NONE, Key::F9, Action::Do(Command::FoldList(!state.settings.list_folded))),
    ];
    if !typing {
        // The longer chord first: Ctrl+Z would also match Ctrl+Shift+Z.
        table.push(Shortcut::new(shift, Key::Z, Action::Do(Command::Redo)));
        table.push(Shortcut::new(control, Key::Y, Action::Do(Command::Redo)));
        table.push(Shortcut::new(control, Key::Z, Action::Do(Command::Undo)));
    }
    consume(ctx, table)
}

fn plain(ctx: &Context, state: &State) -> Vec<Action> {
    let none = Modifiers::NONE;
    let mut table = vec![
        Shortcut::new(none, Key::Num1, Action::Do(Command::Show(View::Stages))),
        Shortcut::new(none, Key::Num2, Action::Do(Command::Show(View::DataSet))),
        Shortcut::new(none, Key::Num3, Action::Do(Command::Show(View::Training))),
        Shortcut::new(none, Key::Num4, Action::Do(Command::Show(View::Latent))),
        Shortcut::new(
            none,
            Key::M,
            Action::Do(Command::Playback(PlaybackCommand::SetMuted(!state.settings.muted))),
        ),
    ];
    table.extend(of_sheet());
    if let Some(recording) = state.library.selected.and_then(|index| state.library.recordings.get(index)) {
        table.push(Shortcut::new(none, Key::X, Action::Do(toggled(&state.library, recording))));
    }
    if state.latent.model.is_some() && state.settings.view == View::Latent {
        for (keys, KeyPair { down, up }) in KEY_PAIRS.into_iter().enumerate() {
            for (key, steps) in [(down, -KEY_STEP), (up, KEY_STEP)] {
                let nudge = |steps| Action::Do(Command::Playing(PlayingCommand::Nudge(keys, steps)));
                table.push(Shortcut::new(Modifiers::SHIFT, key, nudge(steps * FINE_FACTOR)));
                table.push(Shortcut::new(none, key, nudge(steps)));
            }
        }
        table.push(Shortcut::new(none, Key::R, Action::Do(Command::Space(SpaceCommand::Sample))));
        table.push(Shortcut::new(
            none,
            Key::L,
            Action::Do(Command::Latent(LatentCommand::SetLooping(!state.latent.looping))),
        ));
        if state.latent.original.is_some() {
            table.push(Shortcut::new(
                none,
                Key::O,
                Action::Do(Command::Playback(PlaybackCommand::PlayOriginal)),
            ));
        }
    }
    consume(ctx, table)
}

/// The key that plays the decoded sound and, in hold mode, stops it on release.
fn trigger(ctx: &Context, state: &State) -> Vec<Action> {
    if state.settings.view != View::Latent || state.latent.decoded.is_none() {
        return Vec::new();
    }
    let (down, up) = ctx.input(|input| {
        let is_first = |event: &Event| {
            matches!(event, Event::Key { key: Key::T, pressed: true, repeat: false, modifiers, .. } if modifiers.is_none())
        };
        (input.events.iter().any(is_first), input.key_released(Key::T))
    });
    let down = down.then_some(Action::Do(Command::Playing(PlayingCommand::Press)));
    down.into_iter().chain(up.then(release)).collect()
}

/// The action of releasing the key that plays the decoded sound.
fn release() -> Action {
    Action::Do(Command::Playing(PlayingCommand::Release))
}

/// The keys that show and hide the sheet.
fn of_sheet() -> [Shortcut; 4] {
    [
        (Modifiers::NONE, Key::F1),
        (Modifiers::NONE, Key::Questionmark),
        (Modifiers::SHIFT, Key::Questionmark),
        (Modifiers::SHIFT, Key::Slash),
    ]
    .map(|(modifiers, key)| Shortcut::new(modifiers, key, Action::ToggleSheet))
}

/// Whether a key hides the open sheet.
pub fn hide_sheet(ctx: &Context) -> bool {
    !consume(ctx, of_sheet().into()).is_empty()
}

/// Keys of the list while it has the keyboard focus: to its ends, play, and the pieces of a file as branches of a tree.
fn listed(ctx: &Context, state: &State, crosshair: Option<f64>) -> Vec<Action> {
    let none = Modifiers::NONE;
    let to_end = |by| Action::Do(Command::Library(LibraryCommand::MoveSelection(by)));
    let mut table = vec![
        Shortcut::new(none, Key::Home, to_end(isize::MIN)),
        Shortcut::new(none, Key::End, to_end(isize::MAX)),
    ];
    let is_instrument = state.settings.view == View::Latent && state.latent.model.is_some();
    if let Some(command) = transport::play_or_stop(state, crosshair).filter(|_| !is_instrument) {
        table.push(Shortcut::new(none, Key::Enter, Action::Do(command)));
    }
    for (key, command) in [(Key::ArrowLeft, outwards(state)), (Key::ArrowRight, inwards(state))] {
        table.extend(command.map(|command| Shortcut::new(none, key, Action::Do(Command::Library(command)))));
    }
    consume(ctx, table)
}

/// The file whose row or piece is selected, by its index.
fn selected_file(state: &State) -> Option<usize> {
    let library = &state.library;
    library.pieces.shown.or_else(|| library.pieces.file_of(library.selected?))
}

/// From a piece to its file, and from there to the file alone, without its pieces.
fn outwards(state: &State) -> Option<LibraryCommand> {
    let index = selected_file(state)?;
    let is_folded = state.library.pieces.files.get(index)?.is_folded;
    match state.library.pieces.shown {
        None => Some(LibraryCommand::Pieces(PiecesCommand::ShowFile(index))),
        Some(_) if !is_folded => Some(LibraryCommand::Pieces(PiecesCommand::Fold(index, true))),
        Some(_) => None,
    }
}

/// From a file to its pieces, and to the first of them.
fn inwards(state: &State) -> Option<LibraryCommand> {
    let index = selected_file(state)?;
    let file = state.library.pieces.files.get(index)?;
    if file.is_folded {
        return Some(LibraryCommand::Pieces(PiecesCommand::Fold(index, false)));
    }
    let first = state.library.visible.iter().find(|recording| file.recordings.contains(recording));
    first.filter(|_| state.library.pieces.shown.is_some()).map(|first| LibraryCommand::Select(*first))
}

/// Keys that a focused control would use for itself.
fn moving(ctx: &Context, state: &State, crosshair: Option<f64>) -> Vec<Action> {
    let none = Modifiers::NONE;
    let mut table = vec![
        Shortcut::new(none, Key::ArrowUp, Action::Do(Command::Library(LibraryCommand::MoveSelection(-1)))),
        Shortcut::new(none, Key::ArrowDown, Action::Do(Command::Library(LibraryCommand::MoveSelection(1)))),
        Shortcut::new(none, Key::PageUp, Action::Do(Command::Library(LibraryCommand::MoveSelection(-PAGE)))),
        Shortcut::new(none, Key::PageDown, Action::Do(Command::Library(LibraryCommand::MoveSelection(PAGE)))),
    ];
    if let Some(command) = transport::play_or_stop(state, crosshair) {
        table.push(Shortcut::new(none, Key::Space, Action::Do(command)));
    }
    if state.settings.view == View::Latent && state.latent.model.is_some() {
        table.push(Shortcut::new(none, Key::Home, Action::Do(Command::Latent(LatentCommand::ResetLatent))));
        if let Some(selected) = state.library.selected {
            table.push(Shortcut::new(
                none,
                Key::Enter,
                Action::Do(Command::Latent(LatentCommand::EncodeRecording(selected))),
            ));
        }
    }
    consume(ctx, table)
}

/// The actions of the shortcuts in `table` that were pressed, in its order.
fn consume(ctx: &Context, table: Vec<Shortcut>) -> Vec<Action> {
    ctx.input_mut(|input| {
        table
            .into_iter()
            .filter(|shortcut| input.consume_shortcut(&shortcut.keys))
            .map(|shortcut| shortcut.action)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_every_line_of_the_sheet() {
        let manual = include_str!("../../docs/keyboard.md");
        for (title, lines) in SHEET {
            let title = title.text();
            assert!(manual.contains(&format!("\n## {title}\n")), "docs/keyboard.md has no part {title}");
            for Line { input, meaning } in lines {
                let line = format!("\n| {} | {} |\n", input.text(), meaning.text());
                assert!(manual.contains(&line), "docs/keyboard.md has no line {line:?}");
            }
        }
    }
}
