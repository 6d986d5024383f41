//! The panels of the window, one per file: functions that draw the state and queue commands.

pub mod about;
pub mod assumed_settings;
pub mod closing;
pub mod data_set;
pub mod drop_overlay;
mod feature_settings;
pub mod image_words;
mod job_bar;
mod language_menu;
pub mod latent;
pub mod library;
mod library_fields;
mod library_rows;
mod no_recordings;
pub mod notices;
mod part;
pub mod preprocessing;
pub mod shortcuts_sheet;
pub mod stages;
pub mod top_bar;
pub mod training;
