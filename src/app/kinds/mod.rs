//! What can be shown and exported: the stages of a recording, the plots of a run, the figures.

pub mod figure_kind;
pub mod plot_kind;
pub mod stage;
