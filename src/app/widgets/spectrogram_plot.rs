//! A spectrogram with time and frequency axes and a colour bar.

use eframe::egui::{Rect, TextureId, Ui, UiBuilder, Vec2, pos2};
use egui_plot::{LineStyle, PlotImage, PlotPoint, PlotUi};

use super::{
    colour_bar::{ColourBar, ColourChange},
    described,
    guide_line::{GuideLine, Place},
    strip::Strip,
    time_plot::{TimePlot, Vertical},
};
use crate::{
    app::{
        pictures::{image_axes::ImageAxes, textures::Display},
        theme::{COLOUR_BAR_WIDTH, GAP, palette},
    },
    language::text,
};

/// The contents of a spectrogram plot.
#[derive(Clone, Copy, Debug)]
pub struct SpectrogramPlot<'a> {
    /// Unique name, the same in every language.
    pub name: &'a str,
    /// Title of the row or card that it stands in, for screen readers.
    pub title: &'a str,
    /// The coloured image.
    pub texture: TextureId,
    /// Position of its cells in time and frequency.
    pub axes: ImageAxes,
    /// Colours, value range and frequency scale.
    pub display: Display,
    /// Unit of the colour bar.
    pub unit: &'a str,
    /// Limits of the colour range, if the user can change it.
    pub limits: Option<(f32, f32)>,
    /// Start of the sound and start of the padding after it, in seconds.
    pub padding_edges: [Option<f64>; 2],
    /// Whether the time axis has tick labels.
    pub has_time_labels: bool,
    /// Playback position in seconds.
    pub playhead: Option<f64>,
}

impl SpectrogramPlot<'_> {
    /// Draws the plot into the available space; returns a change of the colour range.
    pub fn show(self, ui: &mut Ui, strip: &mut Strip) -> Option<ColourChange> {
        let rect = ui.available_rect_before_wrap();
        let plot_rect =
            Rect::from_min_max(rect.min, pos2(rect.right() - COLOUR_BAR_WIDTH - GAP, rect.bottom()));
        let mut child = ui.new_child(UiBuilder::new().id_salt(self.name).max_rect(plot_rect));
        let frame = self.plot(&mut child, strip);
        let bar = Rect::from_min_max(
            pos2(plot_rect.right() + GAP, frame.top()),
            pos2(rect.right(), frame.bottom()),
        );
        let bar = ColourBar {
            name: self.name,
            title: self.title,
            rect: bar,
            display: self.display,
            unit: self.unit,
            limits: self.limits.filter(|_| !strip.is_figure),
        };
        bar.show(ui)
    }

    fn plot(self, ui: &mut Ui, strip: &mut Strip) -> Rect {
        let colours = palette(ui);
        let scale = self.display.scale;
        let row = TimePlot {
            name: self.name,
            title: text!("reader-image", title = self.title),
            value: described::of_image(
                (self.axes.bins, self.axes.columns),
                (scale.low, scale.high),
                self.unit,
            ),
            vertical: Vertical::Frequency(self.display.frequency),
            has_time_labels: self.has_time_labels,
            playhead: self.playhead,
        };
        row.show(ui, strip, |plot_ui: &mut PlotUi<'_>| {
            plot_ui.image(self.image());
            for secs in self.padding_edges.into_iter().flatten() {
                let edge = GuideLine {
                    name: "padding",
                    place: Place::Across(secs),
                    style: LineStyle::Dotted { spacing: 4.0 },
                    width: 1.0,
                    colour: colours.text_weak,
                };
                edge.draw(plot_ui, true, colours);
            }
        })
    }

    fn image(&self) -> PlotImage {
        let (left, right) = self.axes.time_edges();
        let (low, high) = self.axes.hz_edges();
        let scale = self.display.frequency;
        let (low, high) = (scale.position(low), scale.position(high));
        let centre = PlotPoint::new(f64::midpoint(left, right), f64::midpoint(low, high));
        let size = Vec2::new((right - left) as f32, (high - low) as f32);
        PlotImage::new(self.name, self.texture, centre, size).allow_hover(false)
    }
}
