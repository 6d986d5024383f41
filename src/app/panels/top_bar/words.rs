//! The words of the bar.

use crate::{
    app::format,
    language::{Key, key, text},
    playback::player::DeviceStatus,
    session::state::View,
};

/// The program.
pub(super) const NAME: &str = "Timbrespace";
/// The views, with the keys of their names and tooltips.
pub(super) const TABS: [(View, Key, Key); 4] = [
    (View::Stages, key!("top-stages"), key!("top-stages-help")),
    (View::DataSet, key!("top-data-set"), key!("top-data-set-help")),
    (View::Training, key!("top-training"), key!("top-training-help")),
    (View::Latent, key!("top-instrument"), key!("top-instrument-help")),
];

/// The name of a view on a menu.
pub(super) fn menu_name(name: Key) -> String {
    format!("{} ▾", name.text())
}

/// The output's dot, with its rate where there is room; a missing output is always named.
pub(super) fn device_words(status: &DeviceStatus, with_rate: bool) -> String {
    match status {
        DeviceStatus::Ready { sample_rate_hz, .. } if with_rate => {
            format!("● {}", format::rate(*sample_rate_hz))
        }
        DeviceStatus::Ready { .. } => "●".to_owned(),
        DeviceStatus::Opening | DeviceStatus::Unavailable { .. } => text!("top-no-sound"),
    }
}
