//! The histograms of the data set, made once for a report and a filter.

use crate::{
    app::format,
    inspect::distribution::Histogram,
    language::{Language, text},
};

/// What a histogram counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Length of the files.
    Duration,
    /// RMS level of the used part.
    Level,
    /// Peak of the used part.
    Peak,
    /// Smallest value before normalisation.
    Smallest,
    /// Largest value before normalisation.
    Largest,
    /// Recordings of each class.
    Classes,
}

impl ChartKind {
    /// Its name in the program.
    pub fn word(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Level => "level",
            Self::Peak => "peak",
            Self::Smallest => "smallest",
            Self::Largest => "largest",
            Self::Classes => "classes",
        }
    }

    /// Title of the card.
    pub fn title(self) -> String {
        match self {
            Self::Duration => text!("data-set-duration"),
            Self::Level => text!("data-set-level"),
            Self::Peak => text!("data-set-peak"),
            Self::Smallest => text!("data-set-smallest"),
            Self::Largest => text!("data-set-largest"),
            Self::Classes => text!("data-set-classes"),
        }
    }

    /// What is counted, in a few words.
    pub fn explanation(self) -> String {
        match self {
            Self::Duration => text!("data-set-duration-brief"),
            Self::Level => text!("data-set-level-brief"),
            Self::Peak => text!("data-set-peak-brief"),
            Self::Smallest => text!("data-set-smallest-brief"),
            Self::Largest => text!("data-set-largest-brief"),
            Self::Classes => text!("data-set-classes-brief"),
        }
    }

    /// What is counted, at length.
    pub fn details(self) -> String {
        match self {
            Self::Duration => text!("data-set-duration-details"),
            Self::Level => text!("data-set-level-details"),
            Self::Peak => text!("data-set-peak-details"),
            Self::Smallest => text!("data-set-smallest-details"),
            Self::Largest => text!("data-set-largest-details"),
            Self::Classes => text!("data-set-classes-details"),
        }
    }
}

/// One histogram, ready to draw.
pub struct Chart {
    /// What it counts.
    pub kind: ChartKind,
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
    /// Of the texts in them.
    pub language: Language,
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
            let recordings = text!("recordings", count = count as usize);
            let bar = histogram.bin_at(middle).map(|bar| bar_text(&histogram, bar, &names, unit));
            text!("data-set-bar-help", bar = bar.unwrap_or_default(), recordings = recordings)
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
    let edge = |value: f64| format::tick_in_steps(value, histogram.width);
    let (low, high) = histogram.edges(bar);
    text!("data-set-bar-range", low = edge(low), high = edge(high), unit = unit)
}
