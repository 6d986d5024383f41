//! The plot that every row of a strip shares: axes, rulers, crosshair, selection and playhead around the row's contents.

use eframe::egui::{Color32, Sense, Ui, Vec2, Vec2b};
use egui_plot::{GridInput, GridMark, LineStyle, Plot, PlotBounds, PlotPoints, PlotUi, Polygon, Span};

use super::{
    described,
    guide_line::{GuideLine, Place},
    marks,
    plot_axes::{self, Axis},
    strip::{DrawnRow, Strip, ZoomRectangle},
    viewport::Range,
};
use crate::{
    app::{
        format,
        theme::{Palette, palette},
    },
    dsp::frequency_scale::FrequencyScale,
    language::text,
};

/// The vertical axis of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Vertical {
    /// Amplitudes from −extent to extent.
    Amplitude(f64),
    /// Frequencies of the strip's viewport.
    Frequency(FrequencyScale),
}

pub struct TimePlot<'a> {
    /// Unique name, the same in every language.
    pub name: &'a str,
    /// What a screen reader calls it.
    pub title: String,
    /// What a screen reader says of its contents.
    pub value: String,
    /// The vertical axis.
    pub vertical: Vertical,
    /// Whether the time axis has tick labels and a title: only the lowest row has.
    pub has_time_labels: bool,
    /// Playback position in seconds.
    pub playhead: Option<f64>,
}

impl TimePlot<'_> {
    /// Draws `contents` into the available space and handles pointer input; returns the area inside the axes.
    pub fn show<'a>(
        self,
        ui: &mut Ui,
        strip: &mut Strip,
        contents: impl FnOnce(&mut PlotUi<'a>) + 'a,
    ) -> eframe::egui::Rect {
        let colours = palette(ui);
        let (left, right) = strip.viewport.secs();
        let frequency = match self.vertical {
            Vertical::Frequency(scale) => Some(scale),
            Vertical::Amplitude(_) => None,
        };
        let (low, high) = match self.vertical {
            Vertical::Amplitude(extent) => (-extent, extent),
            Vertical::Frequency(scale) => strip.viewport.positions(scale),
        };
        let lines = Lines::new(strip, self.playhead, frequency, colours);
        let plot = Plot::new(self.name)
            .sense(Sense::CLICK | Sense::DRAG)
            // Without a minimum, so that a low row is not clipped.
            .min_size(Vec2::ZERO)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .label_formatter(|_| None)
            .show_x(false)
            .show_y(false)
            .x_grid_spacer(marks::seconds)
            .grid_color(if frequency.is_some() { colours.image_grid } else { colours.grid })
            .show_grid(Vec2b::new(true, frequency.is_none()));
        let (plot, axis) = match self.vertical {
            Vertical::Amplitude(_) => (
                plot.y_grid_spacer(move |input: GridInput| marks::amplitudes(input, high)),
                Axis::vertical(ui, &text!("axis-amplitude"), format::tick_at),
            ),
            Vertical::Frequency(scale) => (
                plot.y_grid_spacer(move |input: GridInput| frequency_marks(&input, scale)),
                Axis::vertical(ui, "Hz", move |mark| format::tick_hz(scale.hz(mark.value))),
            ),
        };
        let time = self.has_time_labels.then(|| Axis::horizontal(ui, &text!("axis-time"), format::tick_secs));
        let shown = plot_axes::show(ui, plot, (time, axis), move |plot_ui: &mut PlotUi<'a>| {
            plot_ui.set_plot_bounds(PlotBounds::from_min_max([left, low], [right, high]));
            contents(plot_ui);
            lines.draw(plot_ui);
        });
        described::picture(&shown.response, &self.title, &self.value);
        strip.take(ui, &DrawnRow { response: &shown.response, transform: shown.transform, frequency });
        *shown.transform.frame()
    }
}

/// The crosshair on a row.
#[derive(Clone, Copy)]
struct CrosshairLines {
    /// Of the vertical line.
    secs: f64,
    /// Of the horizontal line, on the vertical axis; only images have one.
    position: Option<f64>,
}

/// The lines drawn over every row.
struct Lines {
    playhead: Option<f64>,
    crosshair: Option<CrosshairLines>,
    /// Time of the kept crosshair, while the crosshair is at the pointer.
    kept: Option<f64>,
    selection: Option<Range>,
    rectangle: Option<ZoomRectangle>,
    /// Whether the row shows an image.
    is_image: bool,
    colours: &'static Palette,
}

impl Lines {
    fn new(
        strip: &Strip,
        playhead: Option<f64>,
        frequency: Option<FrequencyScale>,
        colours: &'static Palette,
    ) -> Self {
        let crosshair = strip.crosshair().map(|crosshair| CrosshairLines {
            secs: crosshair.secs,
            position: frequency.and_then(|scale| Some(scale.position(crosshair.hz?))),
        });
        let kept = strip.kept_secs().filter(|_| strip.is_pointed());
        Self {
            playhead,
            crosshair,
            kept,
            selection: strip.selection,
            rectangle: strip.rectangle,
            is_image: frequency.is_some(),
            colours,
        }
    }

    fn draw(self, plot_ui: &mut PlotUi<'_>) {
        let colours = self.colours;
        if let Some((left, right)) = self.selection {
            plot_ui.span(Span::new("", left..=right).fill(colours.selection).border_color(colours.accent));
        }
        let line =
            |name, place, style| GuideLine { name, place, style, width: 1.0, colour: colours.crosshair };
        if let Some(secs) = self.kept {
            let kept = line("kept crosshair", Place::Across(secs), LineStyle::dotted_loose());
            kept.draw(plot_ui, self.is_image, colours);
        }
        if let Some(CrosshairLines { secs, position }) = self.crosshair {
            let style = LineStyle::Dashed { length: 4.0 };
            line("crosshair", Place::Across(secs), style).draw(plot_ui, self.is_image, colours);
            if let Some(position) = position {
                let frequency = line("crosshair frequency", Place::Along(position), style);
                frequency.draw(plot_ui, self.is_image, colours);
            }
        }
        if let Some(ZoomRectangle { row, secs, vertical }) = self.rectangle
            && row == plot_ui.response().id.value()
        {
            let corners =
                vec![[secs.0, vertical.0], [secs.1, vertical.0], [secs.1, vertical.1], [secs.0, vertical.1]];
            let polygon = Polygon::new("zoom", PlotPoints::from(corners)).fill_color(colours.selection);
            plot_ui.polygon(polygon.stroke((1.0, colours.accent)).allow_hover(false));
        }
        if let Some(secs) = self.playhead {
            let line = GuideLine {
                name: "playhead",
                place: Place::Across(secs),
                style: LineStyle::Solid,
                width: 1.5,
                colour: colours.playhead,
            };
            line.draw(plot_ui, self.is_image, colours);
        }
    }
}

/// Shades padding from `left` to `right` seconds, labelled with `name`.
pub fn padding(plot_ui: &mut PlotUi<'_>, (left, right): Range, name: &str, fill: Color32) {
    if right > left {
        plot_ui.span(Span::new(name, left..=right).fill(fill));
    }
}

fn frequency_marks(input: &GridInput, scale: FrequencyScale) -> Vec<GridMark> {
    if scale == FrequencyScale::Linear {
        return marks::narrow(GridInput { bounds: input.bounds, base_step_size: input.base_step_size });
    }
    let hz = (scale.hz(input.bounds.0), scale.hz(input.bounds.1));
    marks::hertz(hz, input.base_step_size, |hz| scale.position(hz))
}
