//! Figures of the views.

pub mod offscreen;
pub mod svg;
