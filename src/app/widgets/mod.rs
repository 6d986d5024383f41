//! The window's own widgets, one per file: each draws its input and returns what the user did.

pub mod axis_slider;
pub mod card;
pub mod class_chip;
pub mod colour_bar;
pub mod filter_bank_plot;
pub mod icon_button;
pub mod labelled;
pub mod layer_table;
pub mod left_out_button;
pub mod level_meter;
pub mod map_view;
pub mod marks;
pub mod plot_axes;
pub mod recording_row;
pub mod room;
pub mod row;
pub mod run_plot;
pub mod spectrogram_plot;
pub mod spectrum_plot;
pub mod steep_line;
pub mod strip;
pub mod time_plot;
pub mod toolbar;
pub mod viewport;
pub mod waveform_plot;
