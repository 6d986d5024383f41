//! The course of one run as curves along a chosen axis.

use eframe::egui::Color32;

use super::shown::{Along, Shown};
use crate::{
    app::{
        theme::Palette,
        widgets::run_plot::{Curve, Stroke, smoothed},
    },
    session::{runs::OverlaidRun, state::StepPoint},
    vae::{loss::Losses, trainer::EpochReport},
};

/// What is looked at: a run's points and epochs.
pub struct Course<'a> {
    /// Words of its curves in the key.
    pub name: &'a str,
    /// Its curve in a bounded number of points.
    pub steps: &'a [StepPoint],
    /// One entry an epoch.
    pub epochs: &'a [EpochReport],
}

/// What a step's place on the horizontal axis is.
pub struct Place {
    /// What it counts.
    pub along: Along,
    /// The unit of time.
    pub scale: TimeScale,
}

impl Place {
    /// The place of a step.
    pub fn of(&self, step: usize, epochs: f64, seconds: f64) -> f64 {
        match self.along {
            Along::Steps => step as f64,
            Along::Epochs => epochs,
            Along::Time => seconds / self.scale.secs,
        }
    }

    /// Title of the axis.
    pub fn title(&self) -> &'static str {
        match self.along {
            Along::Steps => "Step",
            Along::Epochs => "Epoch",
            Along::Time => self.scale.title,
        }
    }
}

/// The unit of time that suits a run.
#[derive(Clone, Copy)]
pub struct TimeScale {
    secs: f64,
    title: &'static str,
}

impl TimeScale {
    /// The unit for so many seconds.
    pub fn of(secs: f64) -> Self {
        match secs {
            0.0..180.0 => Self { secs: 1.0, title: "Time (s)" },
            180.0..10_800.0 => Self { secs: 60.0, title: "Time (min)" },
            _ => Self { secs: 3600.0, title: "Time (h)" },
        }
    }
}

fn loss_of(plot: Shown, losses: &Losses) -> Option<f64> {
    match plot {
        Shown::Reconstruction => Some(losses.reconstruction),
        Shown::Total => Some(losses.total),
        Shown::Kl => Some(losses.kl),
        _ => None,
    }
}

fn value_of(plot: Shown, point: &StepPoint) -> f64 {
    match plot {
        Shown::LearningRate => point.rates.learning_rate,
        Shown::Weight => point.rates.reconstruction_weight,
        Shown::Beta => point.rates.beta,
        Shown::Gradient => point.gradient_norm,
        Shown::Speed => point.samples_per_second,
        plot => loss_of(plot, &point.losses).unwrap_or(f64::NAN),
    }
}

/// The curves of a past run in a colour of its own, with the dots of its validation; its noise is left out.
pub fn laid_over(run: &OverlaidRun, plot: Shown, at: (&Place, f64), colours: &Palette) -> Vec<Curve> {
    let colour = colour_of(run, colours);
    let course = Course { name: &run.name, steps: &run.steps, epochs: &run.epochs };
    let validated =
        of_epochs(&course, plot, at.0, colour).map(|curve| Curve { name: String::new(), ..curve });
    of_steps(&course, plot, at, colour).pop().into_iter().chain(validated).collect()
}

/// The colour that a past run has in all plots.
pub fn colour_of(run: &OverlaidRun, colours: &Palette) -> Color32 {
    let own = [colours.good, colours.warning, colours.wave, colours.playhead, colours.error];
    own[run.colour % own.len()]
}

/// Every step, smoothed over its noise where that is asked for.
pub fn of_steps(
    run: &Course<'_>,
    plot: Shown,
    (place, smoothing): (&Place, f64),
    colour: Color32,
) -> Vec<Curve> {
    let at = |point: &StepPoint| [place.of(point.step, point.epochs, point.seconds), value_of(plot, point)];
    let points: Vec<[f64; 2]> = run.steps.iter().map(at).collect();
    let is_noisy = ![Shown::LearningRate, Shown::Weight, Shown::Beta].contains(&plot);
    let name = run.name.to_owned();
    if smoothing == 0.0 || !is_noisy {
        return vec![Curve { name, points, colour, stroke: Stroke::Thin }];
    }
    let smooth = Curve { name, points: smoothed(&points, smoothing), colour, stroke: Stroke::Thin };
    vec![Curve { name: String::new(), points, colour, stroke: Stroke::Faint }, smooth]
}

/// The validation of every epoch.
pub fn of_epochs(run: &Course<'_>, plot: Shown, place: &Place, colour: Color32) -> Option<Curve> {
    let at = |report: &EpochReport| {
        let value = loss_of(plot, report.validation.as_ref()?)?;
        Some([place.of(report.step, report.epoch as f64, report.seconds), value])
    };
    let points: Vec<[f64; 2]> = run.epochs.iter().filter_map(at).collect();
    loss_of(plot, &Losses::default())?;
    Some(Curve { name: "validation".to_owned(), points, colour, stroke: Stroke::Dotted })
}
