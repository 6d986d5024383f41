//! Histograms of what the recordings are like, and of what normalisation took from them.

mod bar_list;

use std::sync::Arc;

use eframe::egui::{RichText, ScrollArea, Ui, Vec2};
use egui_plot::{AxisHints, Bar, BarChart, Plot};

use super::class_name;
use crate::{
    app::{
        format,
        theme::{self, GAP, palette},
        widgets::{card::Card, marks},
        window::PanelContext,
    },
    inspect::distribution::{Histogram, median},
    jobs::survey::{Entry, Report},
};

/// Bars of a histogram at most: few enough to be told apart in a third of the window.
const BARS: usize = 40;
/// Least height of a card, in points.
const LEAST_HEIGHT: f32 = 196.0;
/// From this width on, three cards lie beside each other.
const THREE: f32 = 780.0;
/// Part of its place that a bar fills.
const BAR_PART: f64 = 0.92;
/// Distances of marks at which their figures begin to show and are fully there, in points.
const SPACING: eframe::egui::Rangef = eframe::egui::Rangef { min: 10.0, max: 18.0 };
/// Classes whose names fit below their bars.
const NAMED_CLASSES: usize = 10;

/// One histogram, ready to draw.
struct Chart {
    title: &'static str,
    explanation: &'static str,
    details: &'static str,
    unit: &'static str,
    histogram: Histogram,
    status: String,
    /// What the bars stand for, where they are no numbers.
    names: Vec<String>,
    /// Recordings of each bar, by their places in the report.
    members: Vec<Vec<usize>>,
}

/// The charts, made once for a report and a filter.
#[derive(Default)]
pub struct ChartMemory {
    key: Option<(u64, Option<String>)>,
    charts: Vec<Chart>,
    /// The bar whose recordings are listed: its chart and its place there.
    open: Option<(usize, usize)>,
}

/// Draws the cards into the room that is left.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.overview;
    let key = Some((context.state.data_set.overview.generation, memory.class.clone()));
    if memory.charts.key != key {
        memory.charts.charts = charts(report, memory.class.as_deref());
        memory.charts.key = key;
        memory.charts.open = None;
    }
    bar_list::show(ui, context, report);
    let charts = &context.memory.data_set.overview.charts.charts;
    let mut clicked = None;
    ScrollArea::vertical().id_salt("distributions").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let room = ui.available_size();
        let columns = if room.x >= THREE { 3 } else { 2 };
        let rows = charts.len().div_ceil(columns).max(1);
        let height = ((room.y - (rows - 1) as f32 * GAP) / rows as f32).max(LEAST_HEIGHT);
        let width = (room.x - (columns - 1) as f32 * GAP) / columns as f32;
        for (row, charts) in charts.chunks(columns).enumerate() {
            ui.horizontal(|ui| {
                for (place, chart) in charts.iter().enumerate() {
                    let bar = draw(ui, chart, Vec2::new(width, height));
                    clicked = clicked.or(bar.map(|bar| (row * columns + place, bar)));
                }
            });
        }
    });
    if clicked.is_some() {
        context.memory.data_set.overview.charts.open = clicked;
    }
}

fn charts(report: &Report, class: Option<&str>) -> Vec<Chart> {
    let is_shown = |entry: &Entry| class.is_none_or(|class| class == entry.class);
    let entries: Vec<(usize, &Entry)> =
        report.entries.iter().enumerate().filter(|(_, entry)| is_shown(entry)).collect();
    let unit = report.config.feature.unit().symbol();
    let chart = |title, explanation, details, unit, value: &dyn Fn(&Entry) -> Option<f64>| {
        let (places, values): (Vec<usize>, Vec<f64>) =
            entries.iter().filter_map(|(place, entry)| Some((*place, value(entry)?))).unzip();
        let histogram = Histogram::of(&values, BARS);
        let members = members(&histogram, &places, &values);
        let status = status(&values, entries.len(), unit);
        Chart { title, explanation, details, unit, histogram, status, names: Vec::new(), members }
    };
    let mut charts = vec![
        chart(
            "Duration",
            "Length of the whole file",
            "What lies beyond the settings' duration is cut off; what is shorter is padded.",
            "s",
            &|entry| Some(entry.duration_secs),
        ),
        chart(
            "Level",
            "RMS of the part that is used",
            "20 log10 of the root of the mean square, re full scale 1: a full-scale sine has −3 dB. Zeros have no level and are left out.",
            "dB",
            &|entry| entry.level_db,
        ),
        chart(
            "Peak",
            "Largest sample of that part",
            "20 log10 of the largest absolute sample, re full scale 1: at 0 dB and above, samples reach full scale.",
            "dB",
            &|entry| entry.peak_db,
        ),
        chart(
            "Smallest image value",
            "Before normalisation",
            "What becomes the lower end of the normalised range, recording by recording.",
            unit,
            &|entry| Some(f64::from(entry.min_max.min)),
        ),
        chart(
            "Largest image value",
            "Before normalisation",
            "What becomes the upper end of the normalised range, recording by recording: it takes the level out of the image, and is needed to bring it back.",
            unit,
            &|entry| Some(f64::from(entry.min_max.max)),
        ),
    ];
    charts.push(class_chart(report));
    charts
}

/// The recordings at `places` that each bin of their `values` holds.
fn members(histogram: &Histogram, places: &[usize], values: &[f64]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); histogram.counts.len()];
    for (&place, &value) in places.iter().zip(values) {
        if let Some(bin) = histogram.bin_of(value).and_then(|bin| members.get_mut(bin)) {
            bin.push(place);
        }
    }
    members
}

/// How many recordings each class has.
fn class_chart(report: &Report) -> Chart {
    let counts: Vec<usize> = report.classes.iter().map(|(_, range)| range.len()).collect();
    let (least, most) = (counts.iter().min().copied(), counts.iter().max().copied());
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
    let each = if least == most {
        format::counted(most, "recording")
    } else {
        format!("{} to {}", format::count(least), format::counted(most, "recording"))
    };
    let status = format!("{}, {each} each", format::classes(counts.len()));
    Chart {
        title: "Classes",
        explanation: "Recordings of each class",
        details: "A model sees classes as often as they have recordings.",
        unit: "",
        // Bars stand on whole numbers, where the marks of the axis are.
        histogram: Histogram { low: -0.5, width: 1.0, counts },
        status,
        names: report.classes.iter().map(|(class, _)| class_name(class).into_owned()).collect(),
        members: report.classes.iter().map(|(_, range)| range.clone().collect()).collect(),
    }
}

fn status(values: &[f64], recordings: usize, unit: &str) -> String {
    let (Some(middle), Some(least), Some(most)) =
        (median(values), values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
    else {
        return "no values".to_owned();
    };
    let figure = |value: f64| format!("{value:.2}").replace('-', "−");
    let missing = recordings.saturating_sub(values.len());
    let left_out = if missing > 0 { format!(", {} silent", format::count(missing)) } else { String::new() };
    format!("median {} {unit}, {} to {}{left_out}", figure(middle), figure(least), figure(most))
}

/// Draws a card; returns the bar that was clicked.
fn draw(ui: &mut Ui, chart: &Chart, size: Vec2) -> Option<usize> {
    let Chart { title, explanation, details, .. } = *chart;
    let mut clicked = None;
    Card { title, explanation, details, size }.show(ui, |ui| {
        clicked = plot(ui, chart);
        chart.status.clone()
    });
    clicked
}

/// Draws the bars; returns the one that was clicked.
fn plot(ui: &mut Ui, chart: &Chart) -> Option<usize> {
    let colours = palette(ui);
    let font = theme::small_mono().resolve(ui.style());
    let axis_label = match chart.unit {
        "" => "Class".to_owned(),
        "dB" if chart.title == "Level" || chart.title == "Peak" => "dB re full scale 1".to_owned(),
        unit => unit.to_owned(),
    };
    let names = chart.names.clone();
    let x_axis = AxisHints::new_x()
        .label(RichText::new(axis_label).small())
        .formatter(move |mark, _| tick(mark.value, &names))
        .label_spacing(SPACING)
        .tick_label_font(font.clone())
        .tick_label_color(colours.text_weak);
    let y_axis = AxisHints::new_y()
        .label(RichText::new("Recordings").small())
        .formatter(|mark, _| if mark.value.fract() == 0.0 { format::tick(mark.value) } else { String::new() })
        .label_spacing(SPACING)
        .tick_label_font(font)
        .tick_label_color(colours.text_weak);
    let histogram = &chart.histogram;
    let bars = histogram.counts.iter().enumerate().map(|(index, &count)| {
        Bar::new(histogram.middle(index), count as f64).width(histogram.width * BAR_PART).fill(colours.accent)
    });
    let words = chart.hover_words();
    let bars = BarChart::new(chart.title, bars.collect())
        .color(colours.accent)
        .element_formatter(Box::new(move |bar, _| words(bar.argument, bar.value)));
    let plot = Plot::new(chart.title)
        .custom_x_axes(vec![x_axis])
        .custom_y_axes(vec![y_axis])
        .x_grid_spacer(marks::wide)
        .y_grid_spacer(marks::narrow)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .show_x(false)
        .show_y(false)
        .include_y(0.0)
        .grid_color(colours.grid)
        .show(ui, |plot_ui| plot_ui.bar_chart(bars));
    let pointer = plot.response.interact_pointer_pos().filter(|_| plot.response.clicked())?;
    histogram.bin_at(plot.transform.value_from_position(pointer).x).filter(|&bar| histogram.counts[bar] > 0)
}

/// A mark of the horizontal axis: a number, or the class whose bar stands there.
fn tick(value: f64, names: &[String]) -> String {
    if names.is_empty() {
        return format::tick(value).replace('-', "−");
    }
    let place = if value >= 0.0 && value.fract() == 0.0 { names.get(value as usize) } else { None };
    match place {
        Some(name) if names.len() <= NAMED_CLASSES => name.clone(),
        _ => String::new(),
    }
}

impl Chart {
    /// What is said about a bar at `middle` of height `count`.
    fn hover_words(&self) -> impl Fn(f64, f64) -> String + 'static {
        let (histogram, unit, names) = (self.histogram.clone(), self.unit, self.names.clone());
        move |middle, count| {
            let count = format::counted(count as usize, "recording");
            let words = histogram.bin_at(middle).map(|bar| bar_words(&histogram, bar, &names, unit));
            format!("{}\n{count}; a click lists them", words.unwrap_or_default())
        }
    }

    /// What a bar stands for: a class, or the values from one edge to the other.
    fn words_of(&self, bar: usize) -> String {
        bar_words(&self.histogram, bar, &self.names, self.unit)
    }
}

fn bar_words(histogram: &Histogram, bar: usize, names: &[String], unit: &str) -> String {
    if let Some(name) = names.get(bar) {
        return name.clone();
    }
    let edge = |value: f64| format::tick((value * 1e6).round() / 1e6).replace('-', "−");
    let (low, high) = histogram.edges(bar);
    format!("{} to {} {unit}", edge(low), edge(high))
}
