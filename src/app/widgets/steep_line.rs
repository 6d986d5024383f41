//! Lines whose steep peaks do not overshoot.
//!
//! At a sharp turn, the mitred corner of a line can lie many points above the peak itself, so a level would read too
//! high. Drawn as separate runs that only rise or only fall, the line has no such corners.

use egui_plot::{Line, PlotPoints, PlotUi};

/// Draws `points`, from left to right; `style` sets colour and width of each run.
pub fn draw<'a>(
    plot_ui: &mut PlotUi<'a>,
    name: &str,
    points: &[[f64; 2]],
    style: impl Fn(Line<'a>) -> Line<'a>,
) {
    for run in runs(points) {
        plot_ui.line(style(Line::new(name, PlotPoints::from(run.to_vec()))).allow_hover(false));
    }
}

/// The monotonic runs; each begins with the last point of the one before.
fn runs(points: &[[f64; 2]]) -> Vec<&[[f64; 2]]> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (index, [before, at, after]) in points.array_windows().enumerate() {
        let turns = (at[1] - before[1]) * (after[1] - at[1]) < 0.0;
        if turns {
            runs.push(&points[start..index + 2]);
            start = index + 1;
        }
    }
    runs.push(&points[start..]);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_every_turn_and_leave_out_nothing() {
        let points = [0.0, 1.0, 2.0, 1.0, 1.0, 3.0].map(|level| [0.0, level]);
        let levels: Vec<Vec<f64>> =
            runs(&points).into_iter().map(|run| run.iter().map(|point| point[1]).collect()).collect();
        assert_eq!(levels, [vec![0.0, 1.0, 2.0], vec![2.0, 1.0, 1.0, 3.0]]);
        assert_eq!(runs(&points[..1]), [&points[..1]]);
    }
}
