//! What the bar has room for.

use eframe::egui::{TextStyle, Ui};

use super::words::{NAME, TABS, device_words, menu_name};
use crate::{
    app::{
        context::PanelContext,
        theme::{GAP, HALF_GAP, palette},
    },
    language::text,
};

/// Widths of an icon's button, of the play button and of the volume's value, in points.
const ICON: f32 = 30.0;
pub(super) const PLAY: f32 = 68.0;
pub(super) const PERCENT: f32 = 44.0;
/// Least width of a tab, and what it has around its name.
const TAB: f32 = 76.0;
const AROUND_TAB: f32 = 20.0;
/// Below this width of the window, in points, tabs are no wider than their names ask for.
const ROOMY: f32 = 900.0;

/// What the bar has room for, in the order in which its parts give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
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
    pub fn fitting(ui: &Ui, context: &PanelContext<'_>, room: f32) -> Self {
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
    pub fn slider(self) -> f32 {
        if self == Self::Whole { 88.0 } else { 56.0 }
    }
}

fn text_width(ui: &Ui, text: &str, style: &TextStyle) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), style.resolve(ui.style()), palette(ui).text).size().x
}

/// Width of the tab called `name`, in points.
pub(super) fn tab_width(ui: &Ui, name: &str) -> f32 {
    let text = text_width(ui, name, &TextStyle::Body) + AROUND_TAB;
    if ui.ctx().content_rect().width() < ROOMY { text } else { text.max(TAB) }
}
