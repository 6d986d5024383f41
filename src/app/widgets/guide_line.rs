//! Lines that mark a time or a frequency in a row; over an image they are white with a dark edge, since its colours can be any.

use eframe::egui::Color32;
use egui_plot::{HLine, LineStyle, PlotUi, VLine};

use crate::app::theme::Palette;

/// How much wider than the line its edge is, in points.
const EDGE: f32 = 2.0;

/// Where a line lies, on the axes of the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// A vertical line.
    Across(f64),
    /// A horizontal line.
    Along(f64),
}

/// A line from edge to edge of a plot.
pub struct GuideLine {
    /// Unique name, the same in every language.
    pub name: &'static str,
    /// Where.
    pub place: Place,
    /// Solid, dashed, dotted.
    pub style: LineStyle,
    /// In points.
    pub width: f32,
    /// On plain background; over images all lines have one colour.
    pub colour: Color32,
}

impl GuideLine {
    /// Draws the line.
    pub fn draw(self, plot_ui: &mut PlotUi<'_>, is_over_image: bool, colours: &Palette) {
        if is_over_image {
            self.line(plot_ui, colours.image_line_edge, LineStyle::Solid, self.width + EDGE);
            self.line(plot_ui, colours.image_line, self.style, self.width);
        } else {
            self.line(plot_ui, self.colour, self.style, self.width);
        }
    }

    fn line(&self, plot_ui: &mut PlotUi<'_>, colour: Color32, style: LineStyle, width: f32) {
        match self.place {
            Place::Across(x) => {
                let line = VLine::new(self.name, x).color(colour).style(style).width(width);
                plot_ui.vline(line.allow_hover(false));
            }
            Place::Along(y) => {
                let line = HLine::new(self.name, y).color(colour).style(style).width(width);
                plot_ui.hline(line.allow_hover(false));
            }
        }
    }
}
