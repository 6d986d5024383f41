//! The histograms of the data set, made once for a report and a filter.

use crate::{app::format, inspect::distribution::Histogram};

/// One histogram, ready to draw.
pub struct Chart {
    pub title: &'static str,
    pub explanation: &'static str,
    pub details: &'static str,
    /// Unit of the values; empty for classes.
    pub unit: &'static str,
    pub histogram: Histogram,
    /// The line below the plot.
    pub status: String,
    /// Names of the bars, if they are not numeric.
    pub names: Vec<String>,
    /// Recordings of each bar, as indices into the report.
    pub members: Vec<Vec<usize>>,
}

/// The charts, made once for a report and a filter.
#[derive(Default)]
pub struct ChartMemory {
    /// What the charts were made for.
    pub key: Option<ChartsKey>,
    pub charts: Vec<Chart>,
    /// The bar whose recordings are listed.
    pub open: Option<OpenBar>,
}

/// Inputs of the charts; they are made again when these change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartsKey {
    /// Of the report.
    pub generation: u64,
    /// The only class that is shown.
    pub class: Option<String>,
}

/// A bar of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBar {
    /// Index of the chart.
    pub chart: usize,
    /// Index of the bar in the chart.
    pub bar: usize,
}

impl Chart {
    /// The tooltip of the bar at `middle` with height `count`.
    pub fn hover_text(&self) -> impl Fn(f64, f64) -> String + 'static {
        let (histogram, unit, names) = (self.histogram.clone(), self.unit, self.names.clone());
        move |middle, count| {
            let count = format::counted(count as usize, "recording");
            let text = histogram.bin_at(middle).map(|bar| bar_text(&histogram, bar, &names, unit));
            format!("{}\n{count}; click to list them", text.unwrap_or_default())
        }
    }

    /// The label of a bar: a class, or its range of values.
    pub fn words_of(&self, bar: usize) -> String {
        bar_text(&self.histogram, bar, &self.names, self.unit)
    }
}

fn bar_text(histogram: &Histogram, bar: usize, names: &[String], unit: &str) -> String {
    if let Some(name) = names.get(bar) {
        return name.clone();
    }
    let edge = |value: f64| format::tick((value * 1e6).round() / 1e6).replace('-', "−");
    let (low, high) = histogram.edges(bar);
    format!("{} to {} {unit}", edge(low), edge(high))
}
