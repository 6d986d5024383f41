//! The first minute: three cards that lead on, and a line over the map that invites to drag.

use eframe::egui::{
    Align, Align2, Button, Direction, Frame, Label, Layout, Margin, Panel, Rect, RichText, Stroke,
    StrokeKind, TextFormat, TextStyle, Ui, UiBuilder, Vec2, text::LayoutJob,
};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::{
            described,
            icon_button::{self, Icon},
        },
    },
    language::{Key, key, text},
    session::{
        Command,
        space::{SpaceCommand, travel::TravelCommand},
        state::View,
    },
};

/// Height of a card in points: a title and two lines.
const CARD: f32 = 60.0;
/// Height of a card's line of text, in parts of its size.
const LINE_HEIGHT: f32 = 1.35;
/// Size of the line over the map, in points.
const LINE: Vec2 = Vec2::new(270.0, 26.0);

/// What a card does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Card {
    Demo,
    Open,
    Stages,
}

const CARDS: [(Card, Key, Key); 3] = [
    (Card::Demo, key!("instrument-first-demo"), key!("instrument-first-demo-help")),
    (Card::Open, key!("instrument-first-open"), key!("instrument-first-open-help")),
    (Card::Stages, key!("instrument-first-stages"), key!("instrument-first-stages-help")),
];

/// Draws the cards above the view, until they are dismissed or other recordings than the demo sounds are open.
pub fn cards(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    let is_demo = library.is_demo || library.root.is_none();
    if !context.state.settings.first_steps.shows_cards || !is_demo {
        return;
    }
    let below = Frame::new().inner_margin(Margin { bottom: GAP as i8, ..Margin::ZERO });
    Panel::top("first steps").show_separator_line(false).frame(below).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            let cross = ROW + 4.0;
            let width = ((ui.available_width() - cross) / CARDS.len() as f32 - GAP).max(1.0);
            for (card, title, text) in CARDS {
                let walks = card == Card::Demo && context.state.space.travel.is_walking;
                let title = if walks { key!("instrument-first-demo-stop") } else { title };
                let size = Vec2::new(width, CARD);
                let button = Button::new(words(ui, &title.text(), &text.text())).wrap().min_size(size);
                // The layout of the text, too: from the left.
                let left = Layout::top_down_justified(Align::LEFT);
                let shown = ui.allocate_ui_with_layout(size, left, |ui| ui.add(button.selected(walks)));
                described::plain_button(&shown.inner);
                if shown.inner.clicked() {
                    act(ui, context, card);
                }
            }
            let close = icon_button::quiet(ui, Icon::Cross, &text!("instrument-first-hide"), false);
            if close.on_hover_text(text!("instrument-first-hide-help")).clicked() {
                context.send(Command::DismissCards);
            }
        });
    });
}

fn act(ui: &Ui, context: &mut PanelContext<'_>, card: Card) {
    match card {
        Card::Demo => {
            let walking = TravelCommand::SetWalking(!context.state.space.travel.is_walking);
            context.send(Command::Space(SpaceCommand::Travel(walking)));
        }
        Card::Open => context.ask(ui.ctx(), Question::OpenFolder),
        Card::Stages => context.send(Command::Show(View::Stages)),
    }
}

/// A title, and what the card does below it.
fn words(ui: &Ui, title: &str, text: &str) -> LayoutJob {
    let colours = palette(ui);
    let format = |style: TextStyle, colour| {
        let font = style.resolve(ui.style());
        // Letters of a fallback font, such as Chinese ones, fill more than the line of egui's own font.
        TextFormat { line_height: Some(LINE_HEIGHT * font.size), ..TextFormat::simple(font, colour) }
    };
    let mut job = LayoutJob::default();
    job.append(title, 0.0, format(TextStyle::Body, colours.text_strong));
    job.append("\n", 0.0, format(TextStyle::Small, colours.text));
    job.append(text, 0.0, format(TextStyle::Small, colours.text));
    job
}

/// Draws the line over the map at `map`, until it was dragged for the first time.
pub fn invitation(ui: &mut Ui, context: &PanelContext<'_>, map: Rect) {
    if !context.state.settings.first_steps.shows_drag_hint || context.memory.latent.map.drag.is_some() {
        return;
    }
    let colours = palette(ui);
    let size = LINE.min(map.size());
    let line = Align2::CENTER_TOP.align_size_within_rect(size, map.shrink(HALF_GAP));
    let painter = ui.painter().with_clip_rect(map);
    painter.rect(
        line,
        size.y / 2.0,
        colours.accent_soft,
        Stroke::new(1.0, colours.accent),
        StrokeKind::Inside,
    );
    let text = RichText::new(text!("instrument-first-drag")).color(colours.text_strong);
    // Not selectable: a drag that begins on it is one of the map.
    let centred = Layout::centered_and_justified(Direction::TopDown);
    ui.new_child(UiBuilder::new().max_rect(line).layout(centred))
        .add(Label::new(text).truncate().selectable(false));
}
