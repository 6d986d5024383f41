//! The curves of one run along a chosen x axis.

use eframe::egui::Color32;

use crate::{
    app::{
        format,
        kinds::plot_kind::{PlotKind, XAxis},
        theme::Palette,
        widgets::run_plot::{Curve, Stroke, smoothed},
    },
    language::{Key, key, text},
    session::{runs::OverlaidRun, state::StepPoint},
    vae::{loss::Losses, trainer::EpochReport},
};

/// The data of a run's curves.
pub struct Course<'a> {
    /// Prefix of its curves' names in the key.
    pub name: &'a str,
    /// Steps, thinned to a bounded number of points.
    pub steps: &'a [StepPoint],
    /// One report per epoch.
    pub epochs: &'a [EpochReport],
}

/// Maps steps to the x axis.
pub struct XScale {
    /// The quantity on the axis.
    pub along: XAxis,
    /// The unit of time.
    pub scale: TimeScale,
}

impl XScale {
    /// The x position of a step.
    pub fn of(&self, step: usize, epochs: f64, seconds: f64) -> f64 {
        match self.along {
            XAxis::Steps => step as f64,
            XAxis::Epochs => epochs,
            XAxis::Time => seconds / self.scale.secs,
        }
    }

    /// A position on the axis in words; there are no steps between steps.
    pub fn figure(&self, at: f64) -> String {
        match self.along {
            XAxis::Steps => format::count(at.max(0.0).round() as usize),
            XAxis::Epochs | XAxis::Time => format::significant(at),
        }
    }

    /// Title of the axis with its unit.
    pub fn title(&self) -> String {
        match self.along {
            XAxis::Steps => text!("curves-step-axis"),
            XAxis::Epochs => text!("curves-epoch-axis"),
            XAxis::Time => self.scale.title.text(),
        }
    }
}

/// The unit of time that suits a run.
#[derive(Clone, Copy)]
pub struct TimeScale {
    secs: f64,
    title: Key,
}

impl TimeScale {
    /// The unit for so many seconds.
    pub fn of(secs: f64) -> Self {
        match secs {
            0.0..180.0 => Self { secs: 1.0, title: key!("curves-seconds-axis") },
            180.0..10_800.0 => Self { secs: 60.0, title: key!("curves-minutes-axis") },
            _ => Self { secs: 3600.0, title: key!("curves-hours-axis") },
        }
    }
}

fn loss_of(plot: PlotKind, losses: &Losses) -> Option<f64> {
    match plot {
        PlotKind::Reconstruction => Some(losses.reconstruction),
        PlotKind::Total => Some(losses.total),
        PlotKind::Kl => Some(losses.kl),
        _ => None,
    }
}

fn value_of(plot: PlotKind, point: &StepPoint) -> f64 {
    match plot {
        PlotKind::LearningRate => point.rates.learning_rate,
        PlotKind::Weight => point.rates.reconstruction_weight,
        PlotKind::Beta => point.rates.beta,
        PlotKind::Gradient => point.gradient_norm,
        PlotKind::Speed => point.samples_per_second,
        plot => loss_of(plot, &point.losses).unwrap_or(f64::NAN),
    }
}

/// The curves of a past run in its own colour, with dots of its validation; without the raw steps.
pub fn overlaid_curves(
    run: &OverlaidRun,
    plot: PlotKind,
    x_scale: &XScale,
    smoothing: f64,
    colours: &Palette,
) -> Vec<Curve> {
    let colour = colour_of(run, colours);
    let course = Course { name: &run.name, steps: &run.steps, epochs: &run.epochs };
    let validated =
        of_epochs(&course, plot, x_scale, colour).map(|curve| Curve { name: String::new(), ..curve });
    of_steps(&course, plot, x_scale, smoothing, colour).pop().into_iter().chain(validated).collect()
}

/// The colour of a past run in all plots.
pub fn colour_of(run: &OverlaidRun, colours: &Palette) -> Color32 {
    colours.runs[run.colour % colours.runs.len()]
}

/// The curve of the steps: raw, and smoothed if `smoothing` is above 0.
pub fn of_steps(
    run: &Course<'_>,
    plot: PlotKind,
    x_scale: &XScale,
    smoothing: f64,
    colour: Color32,
) -> Vec<Curve> {
    let at = |point: &StepPoint| [x_scale.of(point.step, point.epochs, point.seconds), value_of(plot, point)];
    let points: Vec<[f64; 2]> = run.steps.iter().map(at).collect();
    let is_noisy = ![PlotKind::LearningRate, PlotKind::Weight, PlotKind::Beta].contains(&plot);
    let name = run.name.to_owned();
    if smoothing == 0.0 || !is_noisy {
        return vec![Curve { name, points, colour, stroke: Stroke::Thin }];
    }
    let smooth = Curve { name, points: smoothed(&points, smoothing), colour, stroke: Stroke::Thin };
    vec![Curve { name: String::new(), points, colour, stroke: Stroke::Faint }, smooth]
}

/// The validation curve, one point per epoch.
pub fn of_epochs(run: &Course<'_>, plot: PlotKind, x_scale: &XScale, colour: Color32) -> Option<Curve> {
    let at = |report: &EpochReport| {
        let value = loss_of(plot, report.validation.as_ref()?)?;
        Some([x_scale.of(report.step, report.epoch as f64, report.seconds), value])
    };
    let points: Vec<[f64; 2]> = run.epochs.iter().filter_map(at).collect();
    loss_of(plot, &Losses::default())?;
    Some(Curve { name: text!("curves-validation"), points, colour, stroke: Stroke::Dotted })
}
