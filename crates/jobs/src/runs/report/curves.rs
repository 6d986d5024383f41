//! Curves and bars as SVG, with axes, units and their numbers.

use std::fmt::Write as _;

use super::html::escape;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 38.0;
/// Points of a line at most: more than there are pixels are of no use.
const MOST_POINTS: usize = 600;

/// One line of a plot.
pub(super) struct Line {
    /// What it shows.
    pub name: &'static str,
    /// Places and values.
    pub points: Vec<(f64, f64)>,
}

/// A number as an axis names it.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{value:.2e}")
    } else {
        let decimals = (3 - size.log10().floor() as i32).clamp(0, 6) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    }
}

/// Where values lie on the page.
struct Places {
    /// First and last epoch.
    across: (f64, f64),
    /// Least and largest value.
    up: (f64, f64),
}

impl Places {
    fn x(&self, value: f64) -> f64 {
        LEFT + (value - self.across.0) / (self.across.1 - self.across.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (value - self.up.0) / (self.up.1 - self.up.0) * (HEIGHT - TOP - BOTTOM)
    }
}

/// Grid lines and figures of both axes.
fn axes(svg: &mut String, place: &Places) {
    for part in 0..=4 {
        let share = f64::from(part) / 4.0;
        let (at, over) = (
            place.up.0 + share * (place.up.1 - place.up.0),
            place.across.0 + share * (place.across.1 - place.across.0),
        );
        writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            WIDTH - RIGHT,
            place.y(at),
            place.y(at)
        )
        .ok();
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            place.y(at) + 4.0,
            number(at)
        )
        .ok();
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            place.x(over),
            HEIGHT - BOTTOM + 15.0,
            number(over)
        )
        .ok();
    }
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">epochs</text>",
        f64::midpoint(LEFT, WIDTH),
        HEIGHT - 6.0
    )
    .ok();
}

/// A plot of `lines` over epochs; empty where no line has a point.
pub(super) fn plot(title: &str, unit: &str, lines: &[Line]) -> String {
    let values: Vec<(f64, f64)> = lines
        .iter()
        .flat_map(|line| line.points.iter().copied())
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .collect();
    if values.is_empty() {
        return String::new();
    }
    let range = |of: fn(&(f64, f64)) -> f64| {
        let (low, high) = values
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if high > low {
            (low, high)
        } else {
            (low - 0.5 * low.abs().max(1e-9), high + 0.5 * high.abs().max(1e-9))
        }
    };
    let (across, up) = (range(|point| point.0), range(|point| point.1));
    let place = Places { across, up };
    let mut svg = frame(title, unit);
    axes(&mut svg, &place);
    let mut legend = LEFT;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.points.is_empty()) {
        let every = line.points.len().div_ceil(MOST_POINTS).max(1);
        let last = line.points.len() - 1;
        let shown = line
            .points
            .iter()
            .enumerate()
            .filter(|(place, (_, y))| (place % every == 0 || *place == last) && y.is_finite());
        let mut points = String::new();
        for (_, point) in shown {
            write!(points, "{:.1},{:.1} ", place.x(point.0), place.y(point.1)).ok();
        }
        writeln!(svg, "<polyline class=\"line{}\" points=\"{}\"/>", index % 4, points.trim_end()).ok();
        writeln!(svg, "<polyline class=\"line{}\" points=\"{legend:.1},30 {:.1},30\"/><text x=\"{:.1}\" y=\"34\">{}</text>", index % 4, legend + 18.0, legend + 23.0, escape(line.name)).ok();
        legend += 36.0 + 6.2 * line.name.len() as f64;
    }
    svg + "</svg></figure>\n"
}

/// Bars, one a latent dimension.
pub(super) fn bars(title: &str, unit: &str, values: &[f64]) -> String {
    let most = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    if values.is_empty() || most <= 0.0 {
        return String::new();
    }
    let mut svg = frame(title, unit);
    let step = (WIDTH - LEFT - RIGHT) / values.len() as f64;
    for share in [0.0, 0.5, 1.0] {
        let y = HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
        writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
            WIDTH - RIGHT
        )
        .ok();
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y + 4.0,
            number(share * most)
        )
        .ok();
    }
    for (dimension, &value) in values.iter().enumerate() {
        let height = (value / most).clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM);
        let x = LEFT + step * dimension as f64;
        writeln!(
            svg,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>dimension {dimension}: {} nats</title></rect>",
            HEIGHT - BOTTOM - height,
            (step * 0.8).max(0.5),
            number(value)
        )
        .ok();
    }
    let last = values.len() - 1;
    writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"{}\">0</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{last}</text>",
        HEIGHT - BOTTOM + 15.0,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM + 15.0
    )
    .ok();
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">latent dimension</text>",
        f64::midpoint(LEFT, WIDTH),
        HEIGHT - 6.0
    )
    .ok();
    svg + "</svg></figure>\n"
}

fn frame(title: &str, unit: &str) -> String {
    let title = escape(title);
    format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n<text class=\"title\" x=\"{LEFT}\" y=\"16\">{title}</text>\
         <text x=\"{}\" y=\"16\" text-anchor=\"end\">{}</text>\n",
        WIDTH - RIGHT,
        escape(unit)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_names_its_ends_and_leaves_out_what_is_no_number() {
        let line = |points: &[(f64, f64)]| Line { name: "validation", points: points.to_vec() };
        let svg = plot("Loss <1>", "nats", &[line(&[(1.0, 10.0), (2.0, f64::NAN), (3.0, 250.0)])]);
        for part in
            ["Loss &lt;1&gt;", "nats", ">10<", ">250<", ">epochs<", "validation", "58.0,212.0 470.0,40.0"]
        {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(!svg.contains("NaN"));
        assert!(plot("none", "", &[line(&[])]).is_empty());
        assert!(plot("flat", "", &[line(&[(1.0, 0.0)])]).contains("polyline"));
        assert!(bars("KL", "nats", &[0.0, 2.5]).contains("dimension 1: 2.5 nats"));
        assert!(bars("KL", "nats", &[]).is_empty());
    }

    #[test]
    fn numbers_have_four_digits() {
        assert_eq!([0.0, 1234.5678, 0.05, 2.5e-7, 12.0].map(number), ["0", "1235", "0.05", "2.50e-7", "12"]);
    }
}
