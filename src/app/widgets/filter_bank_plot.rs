//! A plot of the filter bank behind an image's rows: one triangle per band, over frequency.

use eframe::egui::{Response, Sense, Ui, Vec2, Vec2b};
use egui_plot::{Line, Plot, PlotPoints, PlotUi};

use super::{
    card::Card,
    described, marks,
    plot_axes::{self, Axis},
    room::between,
};
use crate::{
    app::{
        feature_words::{self, FilterTexts},
        format,
        theme::{Palette, palette},
    },
    dsp::mel::peak_weight,
    language::text,
    pipeline::config::{Feature, PreprocessingConfig},
};

/// Room above the highest triangle, as part of its height.
const HEADROOM: f64 = 1.06;

/// The filters of one setting.
#[derive(Clone, Debug)]
pub struct FilterBankPlot {
    /// Lower corner, peak and upper corner of each triangle, in Hz.
    triangles: Vec<[f64; 3]>,
    feature: Feature,
    words: FilterTexts,
    /// The frequencies that the images show, in Hz.
    shown_hz: (f64, f64),
}

impl FilterBankPlot {
    /// The filter bank of the feature of `config`; `None` if its rows are single bins.
    pub fn new(config: &PreprocessingConfig) -> Option<Self> {
        let feature = config.feature;
        let shown_hz = (feature.lowest_hz(config), feature.highest_hz(config));
        Some(Self {
            triangles: feature.triangles(config)?,
            feature,
            words: feature_words::filters(feature)?,
            shown_hz,
        })
    }

    /// Draws the plot in its own card.
    pub fn card(&self, ui: &mut Ui, size: Vec2) {
        let FilterTexts { title, brief, details, .. } = &self.words;
        let card = Card { name: "filters", title, explanation: brief, details, size };
        card.show(ui, |ui| {
            self.show(ui).unwrap_or_else(|| {
                let (low, high) = self.shown_hz;
                let (low, high) = (format::tick(low.round()), format::hertz(high));
                text!("widget-filters", count = self.triangles.len(), low = low, high = high)
            })
        });
    }

    /// Draws the plot into the available space; returns the status text of the band under the pointer.
    pub fn show(&self, ui: &mut Ui) -> Option<String> {
        let colours = palette(ui);
        let highest_hz = self.triangles.last().map_or(1.0, |[_, _, right]| right.max(1.0));
        let top = HEADROOM * self.triangles().map(|[left, _, right]| weight(left, right)).fold(0.0, f64::max);
        let weights = Axis::vertical(ui, &text!("axis-weight"), format::tick_at);
        let frequencies = Axis::horizontal(ui, &text!("axis-frequency"), format::tick_at);
        // A changed filter bank gets a new plot id, so that its zoom starts at the whole range.
        let plot = Plot::new((self.feature.name(), self.triangles.len(), highest_hz.to_bits()))
            .default_x_bounds(0.0, highest_hz)
            .default_y_bounds(0.0, top)
            .x_grid_spacer(marks::wide)
            .y_grid_spacer(marks::narrow)
            .grid_color(colours.grid)
            .allow_drag(Vec2b::new(true, false))
            .allow_zoom(Vec2b::new(true, false))
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .sense(Sense::CLICK | Sense::DRAG)
            .label_formatter(|_| None);
        let axes = (Some(frequencies), weights);
        let shown = plot_axes::show(ui, plot, axes, |plot_ui: &mut PlotUi<'_>| {
            keep_inside(plot_ui, highest_hz);
            let pointed = plot_ui.pointer_coordinate().and_then(|point| self.band_at(point.x));
            self.draw(plot_ui, pointed, colours);
        });
        self.describe(&shown.response);
        let pos = shown.response.hover_pos()?;
        let band = self.band_at(shown.transform.value_from_position(pos).x)?;
        shown.response.on_hover_text_at_pointer(self.tooltip(band)?);
        self.status_text(band)
    }

    fn describe(&self, response: &Response) {
        let (low, high) = self.shown_hz;
        let value = text!(
            "reader-filters-value",
            count = self.triangles.len(),
            low = format::tick(low.round()),
            high = format::hertz(high)
        );
        described::picture(response, &text!("reader-filters", title = self.words.title.as_ref()), &value);
    }

    fn triangles(&self) -> impl Iterator<Item = [f64; 3]> {
        self.triangles.iter().copied()
    }

    fn draw(&self, plot_ui: &mut PlotUi<'_>, pointed: Option<usize>, colours: &Palette) {
        for (band, [left, centre, right]) in self.triangles().enumerate() {
            let points = vec![[left, 0.0], [centre, weight(left, right)], [right, 0.0]];
            // Neighbours overlap by half: alternating colours keep them distinguishable.
            let colour = if band % 2 == 0 { colours.wave } else { colours.classes[1] };
            let line = Line::new(format!("band {band}"), PlotPoints::from(points)).allow_hover(false);
            let line = if pointed == Some(band) {
                line.color(colours.text_strong).width(2.5).fill(0.0)
            } else {
                line.color(colour).width(1.0)
            };
            plot_ui.line(line);
        }
    }

    /// The band with the largest weight at `hz`.
    fn band_at(&self, hz: f64) -> Option<usize> {
        let height = |[left, centre, right]: [f64; 3]| {
            ((hz - left) / (centre - left)).min((right - hz) / (right - centre))
        };
        let heights = self.triangles().map(height).enumerate().filter(|(_, height)| *height > 0.0);
        heights.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(band, _)| band)
    }

    /// Index, centre and edges of a band, in fixed columns.
    fn status_text(&self, band: usize) -> Option<String> {
        let [left, centre, right] = self.triangles().nth(band)?;
        Some(text!(
            "widget-filter",
            name = &*self.words.short,
            band = format!("{band:<3}"),
            centre = format!("{centre:>5.0}"),
            low = format!("{left:.0}"),
            high = format!("{right:.0}"),
        ))
    }

    /// Index, edges, centre and weight of a band, one per line.
    fn tooltip(&self, band: usize) -> Option<String> {
        let [left, centre, right] = self.triangles().nth(band)?;
        Some(text!(
            "widget-filter-help",
            name = &*self.words.band,
            band = band.to_string(),
            low = format!("{left:.0}"),
            high = format!("{right:.0}"),
            centre = format!("{centre:.0}"),
            weight = format::significant(weight(left, right)),
        ))
    }
}

/// Weight at the peak, per kHz: all triangles have the area 1.
fn weight(left_hz: f64, right_hz: f64) -> f64 {
    peak_weight(left_hz, right_hz) * 1000.0
}

/// Keeps the visible range within the filters.
fn keep_inside(plot_ui: &mut PlotUi<'_>, highest_hz: f64) {
    let bounds = plot_ui.plot_bounds();
    let (left, right) = (bounds.min()[0], bounds.max()[0]);
    if left < -1e-6 || right > highest_hz + 1e-6 {
        let width = (right - left).min(highest_hz);
        let left = between(left, 0.0, highest_hz - width);
        plot_ui.set_plot_bounds_x(left..=left + width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_under_the_pointer_is_the_one_with_the_largest_weight() {
        let plot = FilterBankPlot::new(&PreprocessingConfig::log_mel()).unwrap();
        assert_eq!(plot.triangles().count(), 80);
        let [left, centre, right] = plot.triangles().nth(40).unwrap();
        assert_eq!(plot.band_at(centre), Some(40));
        assert_eq!(plot.band_at(f64::midpoint(left, centre) - 0.1), Some(39));
        assert_eq!(plot.band_at(right), Some(41));
        assert_eq!(plot.band_at(-1.0), None);
        assert_eq!(plot.band_at(8001.0), None);
    }

    #[test]
    fn a_band_is_described_with_its_units() {
        // librosa.mel_frequencies(82, fmin=0, fmax=8000)[:3] is 0, 37.24 and 74.48 Hz.
        let plot = FilterBankPlot::new(&PreprocessingConfig::log_mel()).unwrap();
        let text = plot.status_text(0).unwrap();
        assert_eq!(text, "mel 0      37 Hz, from 0 to 74 Hz");
        assert_eq!(plot.tooltip(0).unwrap().lines().last(), Some("weight 26.9 per kHz"));
        assert_eq!(plot.status_text(80), None);
    }
}
