//! Histograms of durations, levels and image extremes, and the number of recordings per class.

mod bar_list;

use std::sync::Arc;

use eframe::egui::{ScrollArea, Sense, Ui, Vec2};
use egui_plot::{Bar, BarChart, Plot};

use crate::{
    app::{
        context::PanelContext,
        format,
        memory::charts::{Chart, ChartKind, ChartsKey, OpenBar},
        theme::{GAP, palette},
        widgets::{
            card::Card,
            described, marks,
            plot_axes::{self, Axis},
        },
    },
    inspect::distribution::{Histogram, median},
    jobs::survey::{Entry, Report},
    language::{self, text},
};

/// Room at the right for half of the last figure of the horizontal axis, in points.
const FIGURE_ROOM: f32 = 14.0;
/// Most bars of a histogram: still distinguishable in a third of the window.
const BARS: usize = 40;
/// Least height of a card, in points.
const MIN_HEIGHT: f32 = 196.0;
/// Least width for three cards side by side.
const THREE_COLUMNS_WIDTH: f32 = 780.0;
/// Width of a bar as a part of its bin.
const BAR_PART: f64 = 0.92;
/// Distances between ticks at which their labels start to show and are fully visible, in points.
const SPACING: std::ops::RangeInclusive<f32> = 10.0..=18.0;
/// Most classes whose names fit below their bars.
const NAMED_CLASSES: usize = 10;

/// Draws the cards into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.overview;
    let generation = context.state.data_set.overview.generation;
    let key = Some(ChartsKey { generation, class: memory.class.clone(), language: language::current() });
    if memory.charts.key != key {
        memory.charts.charts = charts(report, memory.class.as_deref());
        memory.charts.key = key;
        memory.charts.open = None;
    }
    bar_list::show(ui, context, report);
    let charts = &context.memory.data_set.overview.charts.charts;
    let mut clicked = None;
    let columns = if ui.available_width() >= THREE_COLUMNS_WIDTH { 3 } else { 2 };
    let rows = charts.len().div_ceil(columns).max(1);
    let mut area = ScrollArea::vertical().id_salt("distributions").auto_shrink([false, false]);
    if context.memory.data_set.overview.is_figure {
        area = area.min_scrolled_height(rows as f32 * (MIN_HEIGHT + GAP) - GAP);
    }
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let room = ui.available_size();
        let height = ((room.y - (rows - 1) as f32 * GAP) / rows as f32).max(MIN_HEIGHT);
        let width = (room.x - (columns - 1) as f32 * GAP) / columns as f32;
        for (row, charts) in charts.chunks(columns).enumerate() {
            ui.horizontal(|ui| {
                for (place, chart) in charts.iter().enumerate() {
                    let bar = draw(ui, chart, Vec2::new(width, height));
                    clicked = clicked.or(bar.map(|bar| OpenBar { chart: row * columns + place, bar }));
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
    let chart = |kind, unit, value: &dyn Fn(&Entry) -> Option<f64>| {
        let (places, values): (Vec<usize>, Vec<f64>) =
            entries.iter().filter_map(|(place, entry)| Some((*place, value(entry)?))).unzip();
        let histogram = Histogram::of(&values, BARS);
        let members = members(&histogram, &places, &values);
        let status = status(&values, entries.len(), unit);
        Chart { kind, unit, histogram, status, names: Vec::new(), members }
    };
    let mut charts = vec![
        chart(ChartKind::Duration, "s", &|entry| Some(entry.duration_secs)),
        chart(ChartKind::Level, "dB", &|entry| entry.level_db),
        chart(ChartKind::Peak, "dB", &|entry| entry.peak_db),
        chart(ChartKind::Smallest, unit, &|entry| Some(f64::from(entry.min_max.min))),
        chart(ChartKind::Largest, unit, &|entry| Some(f64::from(entry.min_max.max))),
    ];
    charts.push(class_chart(report));
    charts
}

/// The recordings in each bin of `histogram`: their `values`, and their indices `places`.
fn members(histogram: &Histogram, places: &[usize], values: &[f64]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); histogram.counts.len()];
    for (&place, &value) in places.iter().zip(values) {
        if let Some(bin) = histogram.bin_of(value).and_then(|bin| members.get_mut(bin)) {
            bin.push(place);
        }
    }
    members
}

/// The number of recordings per class.
fn class_chart(report: &Report) -> Chart {
    let counts: Vec<usize> = report.classes.iter().map(|(_, range)| range.len()).collect();
    let (least, most) = (counts.iter().min().copied(), counts.iter().max().copied());
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
    let classes = text!("classes", count = counts.len());
    let recordings = text!("recordings", count = most);
    let status = if least == most {
        text!("data-set-even-classes", classes = classes, recordings = recordings)
    } else {
        text!("data-set-uneven-classes", classes = classes, least = least, recordings = recordings)
    };
    Chart {
        kind: ChartKind::Classes,
        unit: "",
        // Bars are centred on integers, at the axis ticks.
        histogram: Histogram { low: -0.5, width: 1.0, counts },
        status,
        names: report.classes.iter().map(|(class, _)| format::class_name(class).into_owned()).collect(),
        members: report.classes.iter().map(|(_, range)| range.clone().collect()).collect(),
    }
}

fn status(values: &[f64], recordings: usize, unit: &str) -> String {
    let (Some(middle), Some(least), Some(most)) =
        (median(values), values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
    else {
        return text!("data-set-no-values");
    };
    let figure = |value: f64| format!("{value:.2}").replace('-', "−");
    let missing = recordings.saturating_sub(values.len());
    let [middle, least, most] = [middle, least, most].map(figure);
    if missing == 0 {
        return text!("data-set-chart-status", median = middle, unit = unit, least = least, most = most);
    }
    text!(
        "data-set-chart-status-with-silent",
        median = middle,
        unit = unit,
        least = least,
        most = most,
        silent = missing
    )
}

/// Draws a card; returns the bar that was clicked.
fn draw(ui: &mut Ui, chart: &Chart, size: Vec2) -> Option<usize> {
    let kind = chart.kind;
    let [title, explanation, details] = [kind.title(), kind.explanation(), kind.details()];
    let mut clicked = None;
    Card { title: &title, explanation: &explanation, details: &details, size }.show(ui, |ui| {
        ui.set_max_width(ui.available_width() - FIGURE_ROOM);
        clicked = plot(ui, chart);
        chart.status.clone()
    });
    clicked
}

/// Draws the bars; returns the one that was clicked.
fn plot(ui: &mut Ui, chart: &Chart) -> Option<usize> {
    let colours = palette(ui);
    let axis_label = match chart.kind {
        ChartKind::Classes => text!("data-set-class-axis"),
        ChartKind::Level | ChartKind::Peak => text!("data-set-level-axis"),
        ChartKind::Duration | ChartKind::Smallest | ChartKind::Largest => chart.unit.to_owned(),
    };
    let names = chart.names.clone();
    let x_axis = Axis::horizontal(ui, &axis_label, move |mark| tick(mark.value, &names)).spacing(SPACING);
    let whole = |value: f64| if value.fract() == 0.0 { format::tick(value) } else { String::new() };
    let y_axis = Axis::vertical(ui, &text!("data-set-recordings-axis"), move |mark| whole(mark.value))
        .spacing(SPACING)
        .narrow();
    let histogram = &chart.histogram;
    let bars = histogram.counts.iter().enumerate().map(|(index, &count)| {
        Bar::new(histogram.middle(index), count as f64).width(histogram.width * BAR_PART).fill(colours.accent)
    });
    let hover_text = chart.hover_text();
    let bars = BarChart::new(chart.kind.title(), bars.collect())
        .color(colours.accent)
        .element_formatter(Box::new(move |bar, _| hover_text(bar.argument, bar.value)));
    let plot = Plot::new(("distribution", chart.kind))
        .x_grid_spacer(marks::wide)
        .y_grid_spacer(marks::narrow)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .sense(Sense::CLICK)
        .show_x(false)
        .show_y(false)
        .include_y(0.0)
        .grid_color(colours.grid);
    let plot = plot_axes::show(ui, plot, (Some(x_axis), y_axis), |plot_ui| plot_ui.bar_chart(bars));
    let counts = &histogram.counts;
    let highest = counts.iter().copied().max().unwrap_or_default();
    let value = text!("reader-bars-value", count = counts.len(), highest = format::count(highest));
    described::picture(&plot.response, &text!("reader-bars", title = chart.kind.title()), &value);
    let pointer = plot.response.interact_pointer_pos().filter(|_| plot.response.clicked())?;
    histogram.bin_at(plot.transform.value_from_position(pointer).x).filter(|&bar| histogram.counts[bar] > 0)
}

/// A tick label of the horizontal axis: a number, or the class of that bar.
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
