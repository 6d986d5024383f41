//! The bar chart of KL divergence per latent dimension.

use eframe::egui::{Id, RichText, Ui, Vec2};
use egui_plot::{Bar, BarChart, Plot};

use crate::{
    app::{
        format,
        kinds::plot_kind::PlotKind,
        theme::{self, palette},
        widgets::{
            card::{Card, KeyEntry},
            described, marks,
            plot_axes::{self, Axis},
        },
    },
    language::text,
    vae::{advice::DEAD_NATS, trainer::EpochReport},
};

/// A latent dimension as a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dimension {
    /// Counted from 1.
    number: usize,
    /// KL divergence.
    nats: f64,
}

/// Draws the bars of the newest epoch; a click toggles their order between size and number.
pub fn show(ui: &mut Ui, report: Option<&EpochReport>, by_number: &mut bool, size: Vec2) {
    let explanation = match report {
        None => text!("curves-dimensions-later"),
        Some(report) if *by_number => text!("curves-dimensions-by-number", epoch = report.epoch),
        Some(report) => text!("curves-dimensions-by-size", epoch = report.epoch),
    };
    let (title, details) = (PlotKind::Dimensions.title(), text!("curves-dimensions-details"));
    let card = Card {
        name: PlotKind::Dimensions.word(),
        title: &title,
        explanation: &explanation,
        details: &details,
        size,
    };
    let divergences = report.map_or(&[][..], |report| &report.kl_per_dimension);
    card.show_with_key(ui, |ui| {
        if bars(ui, &ordered(divergences, *by_number)) {
            *by_number = !*by_number;
        }
        key(ui, divergences)
    });
}

/// All dimensions, by number or by size.
fn ordered(divergences: &[f64], by_number: bool) -> Vec<Dimension> {
    let numbered = (1..).zip(divergences);
    let mut bars: Vec<Dimension> = numbered.map(|(number, &nats)| Dimension { number, nats }).collect();
    if !by_number {
        bars.sort_by(|a, b| b.nats.total_cmp(&a.nats));
    }
    bars
}

/// Draws the bars; `true` when they were clicked.
fn bars(ui: &mut Ui, ordered: &[Dimension]) -> bool {
    let colours = palette(ui);
    let x_axis = Axis::horizontal(ui, &text!("curves-dimension-axis"), |_| String::new());
    let y_axis = Axis::vertical(ui, &PlotKind::Dimensions.axis(), format::tick_at);
    let bar = |(place, dimension): (usize, &Dimension)| {
        let colour = if dimension.nats < DEAD_NATS { colours.text_weak } else { colours.curve_validation };
        Bar::new(place as f64, dimension.nats).width(0.8).fill(colour).stroke((0.0, colour))
    };
    let chart = BarChart::new("dimensions", ordered.iter().enumerate().map(bar).collect());
    let plot = Plot::new(Id::unique("kl per dimension"))
        .x_grid_spacer(|_| Vec::new())
        .y_grid_spacer(marks::loose)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .include_y(0.0)
        .include_y(0.1)
        .grid_color(colours.grid)
        .label_formatter(|_| None);
    let drawn = plot_axes::show(ui, plot, (Some(x_axis), y_axis), |plot_ui| {
        plot_ui.bar_chart(chart.allow_hover(false));
        plot_ui.pointer_coordinate()
    });
    let value = text!(
        "reader-bars-value",
        count = ordered.len(),
        highest = format!("{} nats", format::significant(highest(ordered)))
    );
    described::picture(
        &drawn.response,
        &text!("reader-bars", title = text!("reader-kl-per-dimension")),
        &value,
    );
    let pointed = drawn.inner.and_then(|point| ordered.get((point.x + 0.5).max(0.0) as usize));
    let clicked = drawn.response.clicked();
    if let Some(Dimension { number, nats }) = pointed {
        let (number, kl) = (*number, format::significant(*nats));
        let words = if *nats < DEAD_NATS {
            text!("curves-dimension-unused", number = number, nats = kl)
        } else {
            text!("curves-dimension", number = number, nats = kl)
        };
        drawn.response.on_hover_text_at_pointer(RichText::new(words).text_style(theme::small_mono()));
    }
    clicked
}

/// The largest divergence; NaN where one is NaN.
fn highest(bars: &[Dimension]) -> f64 {
    let largest = |most: f64, nats: f64| if most.is_nan() || most > nats { most } else { nats };
    bars.iter().map(|dimension| dimension.nats).fold(0.0, largest)
}

fn key(ui: &Ui, divergences: &[f64]) -> Vec<KeyEntry> {
    let colours = palette(ui);
    let dead = divergences.iter().filter(|kl| **kl < DEAD_NATS).count();
    let alive = divergences.len() - dead;
    if divergences.is_empty() {
        return vec![KeyEntry { colour: None, text: text!("curves-dimensions-no-epoch") }];
    }
    vec![
        KeyEntry {
            colour: Some(colours.curve_validation),
            text: text!("curves-dimensions-in-use", count = alive),
        },
        KeyEntry {
            colour: Some(colours.text_weak),
            text: text!("curves-dimensions-below", count = dead, nats = DEAD_NATS.to_string()),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_by_size_or_by_number() {
        let (first, second) = (Dimension { number: 1, nats: 0.1 }, Dimension { number: 2, nats: 2.0 });
        assert_eq!(ordered(&[0.1, 2.0], false), [second, first]);
        assert_eq!(ordered(&[0.1, 2.0], true), [first, second]);
    }

    #[test]
    fn a_divergence_that_is_not_a_number_is_not_hidden() {
        assert_eq!(highest(&ordered(&[0.1, 2.0, 0.5], true)), 2.0);
        assert!(highest(&ordered(&[0.1, f64::NAN, 2.0], true)).is_nan());
        assert_eq!(highest(&[]), 0.0);
    }
}
