//! Figures for export.
//!
//! The panels themselves draw a figure off screen in the requested size ([`offscreen`]), and [`svg`] writes it as vector
//! graphics. So a figure shows what the window shows, and a new plot needs no second drawing code.

pub mod draw;
pub mod export_sheet;
mod offscreen;
mod svg;
