//! An image with time and frequency axes, its colour bar, a crosshair and the playhead.

use eframe::egui::{self, Id, Rect, TextureId, Ui, UiBuilder, Vec2, pos2};
use egui_plot::{Plot, PlotBounds, PlotImage, PlotPoint, PlotUi, VLine};

use super::{
    colour_bar,
    image_axes::{Cell, ImageAxes, Rows},
    marks,
    waveform_plot::{self, TimeAxis},
};
use crate::{
    app::{
        format,
        textures::ColourScale,
        theme::{COLOUR_BAR_WIDTH, GAP, Palette, palette},
    },
    inspect::colour_map::ColourMap,
};

/// What a spectrogram plot shows.
#[derive(Clone, Copy, Debug)]
pub struct SpectrogramPlot<'a> {
    /// Tells plots apart, and names this one to screen readers.
    pub name: &'a str,
    /// The coloured image.
    pub texture: TextureId,
    /// Where its cells lie.
    pub axes: ImageAxes,
    /// The time axis it shares with other plots.
    pub time: TimeAxis,
    /// Colours of the bar.
    pub map: ColourMap,
    /// Values of the bar.
    pub scale: ColourScale,
    /// Unit of the bar.
    pub unit: &'a str,
    /// Where playback is, in seconds.
    pub playhead: Option<f64>,
}

impl SpectrogramPlot<'_> {
    /// Draws the plot into the room that is left; returns the cell under the pointer and the seconds there.
    pub fn show(self, ui: &mut Ui) -> Option<(Cell, f64)> {
        let rect = ui.available_rect_before_wrap();
        let plot_rect =
            Rect::from_min_max(rect.min, pos2(rect.right() - COLOUR_BAR_WIDTH - GAP, rect.bottom()));
        let mut child = ui.new_child(UiBuilder::new().id_salt(self.name).max_rect(plot_rect));
        let colours = palette(ui);
        let (frame, hovered) = self.plot(&mut child, colours);
        let bar = Rect::from_min_max(
            pos2(plot_rect.right() + GAP, frame.top()),
            pos2(rect.right(), frame.bottom()),
        );
        colour_bar::paint(ui, bar, self.map, self.scale, self.unit);
        let (secs, vertical) = hovered?;
        self.axes.cell(secs, vertical).map(|cell| (cell, secs))
    }

    fn plot(self, ui: &mut Ui, colours: &Palette) -> (Rect, Option<(f64, f64)>) {
        let (low, high) = self.axes.row_edges();
        let rows = self.axes.rows;
        let y_axis = waveform_plot::y_axis(ui, self.axes.row_label()).formatter(move |mark, _| match rows {
            Rows::Bins { .. } => format::tick(mark.value / 1000.0),
            Rows::Mels { .. } => format!("{:.0}", mark.value),
        });
        let plot = Plot::new(self.name)
            .default_y_bounds(low.max(0.0), high)
            .y_grid_spacer(marks::narrow)
            .custom_x_axes(vec![waveform_plot::time_axis(ui)])
            .custom_y_axes(vec![y_axis])
            .allow_axis_zoom_drag(true)
            .show_grid(false);
        let response = self.time.apply(plot).show(ui, |plot_ui: &mut PlotUi<'_>| {
            self.time.keep_inside(plot_ui);
            keep_rows_inside(plot_ui, (low, high));
            plot_ui.image(self.image());
            if let Some(secs) = self.playhead {
                plot_ui.vline(playhead(secs, colours));
            }
        });
        let hovered = response
            .response
            .hover_pos()
            .map(|pos| response.transform.value_from_position(pos))
            .map(|point| (point.x, point.y));
        (*response.transform.frame(), hovered)
    }

    fn image(&self) -> PlotImage {
        let (left, right) = self.axes.time_edges();
        let (low, high) = self.axes.row_edges();
        let centre = PlotPoint::new(f64::midpoint(left, right), f64::midpoint(low, high));
        let size = Vec2::new((right - left) as f32, (high - low) as f32);
        PlotImage::new(self.name, self.texture, centre, size).allow_hover(false)
    }
}

/// A white or dark line where playback is.
pub fn playhead(secs: f64, colours: &Palette) -> VLine {
    VLine::new("playhead", secs).color(colours.playhead).width(1.5).allow_hover(false)
}

/// Keeps the vertical range within the image, so that nobody gets lost outside it.
fn keep_rows_inside(plot_ui: &mut PlotUi<'_>, (low, high): (f64, f64)) {
    let bounds: PlotBounds = plot_ui.plot_bounds();
    let (shown_low, shown_high) = (bounds.min()[1], bounds.max()[1]);
    if shown_low < low - 1e-6 || shown_high > high + 1e-6 {
        plot_ui.set_plot_bounds_y(shown_low.max(low)..=shown_high.min(high).max(low + 1e-6));
    }
}

/// The words for a hovered cell: time, frame, frequency and row, then `value` in its unit, in fixed columns.
pub fn cell_words(axes: &ImageAxes, (cell, secs): (Cell, f64), value: &str) -> String {
    let row = match axes.rows {
        Rows::Bins { .. } => "bin",
        Rows::Mels { .. } => "mel",
    };
    format!("{secs:.3} s frame {:<3} {:>9} {row} {:<3} {value}", cell.frame, format::hertz(cell.hz), cell.bin)
}

/// An id that plots use to share their time axis.
pub fn link(name: &str) -> Id {
    egui::Id::unique(("time axis", name))
}
