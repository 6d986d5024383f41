//! The schedules of learning rate and KL weight, with a plot of both over the run.

use eframe::egui::{Color32, Id, RichText, Sense, Ui, Vec2};
use egui_plot::{Line, Plot, PlotPoints};

use super::block::block;
use crate::{
    app::{
        format,
        kinds::plot_kind::PlotKind,
        theme::palette,
        widgets::{
            card::explanation,
            described,
            labelled::{choice, number},
        },
    },
    language::text,
    vae::{
        config::{TRAINING, TrainingConfig},
        schedule::{self, BetaSchedule, LearningRateSchedule, Planned},
    },
};

/// Steps in the picture of a long run.
const POINTS: usize = 241;

/// Draws the fields of the chosen schedules, and the plot once the steps of an epoch are known.
pub fn show(ui: &mut Ui, training: &mut TrainingConfig, steps_per_epoch: Option<usize>) {
    block(ui, "schedule", |ui| {
        choice(ui, &TRAINING.learning_rate_schedule, &mut training.learning_rate_schedule);
        if training.learning_rate_schedule == LearningRateSchedule::Plateau {
            number(ui, &TRAINING.plateau_patience, &mut training.plateau_patience);
            number(ui, &TRAINING.plateau_factor, &mut training.plateau_factor);
        }
        if training.learning_rate_schedule != LearningRateSchedule::Constant {
            number(ui, &TRAINING.learning_rate_floor, &mut training.learning_rate_floor);
        }
        number(ui, &TRAINING.learning_rate_warm_up_steps, &mut training.learning_rate_warm_up_steps);
        choice(ui, &TRAINING.beta_schedule, &mut training.beta_schedule);
        if training.beta_schedule != BetaSchedule::Constant {
            number(ui, &TRAINING.beta_epochs, &mut training.beta_epochs);
        }
    });
    let Some(steps_per_epoch) = steps_per_epoch else {
        explanation(ui, &text!("training-plan-later"));
        return;
    };
    let plan = schedule::plan(training, steps_per_epoch, POINTS);
    let colours = palette(ui);
    let of = |value: fn(&Planned) -> f64| Course { plan: &plan, epochs: training.epochs, value };
    picture(ui, PlotKind::LearningRate, &of(|place| place.learning_rate), colours.curve_validation);
    picture(ui, PlotKind::Beta, &of(|place| place.beta), colours.baseline_mean);
    if training.learning_rate_schedule == LearningRateSchedule::Plateau {
        ui.label(RichText::new(text!("training-plan-plateaus")).small().color(colours.text_weak));
    }
}

/// A planned value over the run.
struct Course<'a> {
    plan: &'a [Planned],
    /// Epochs of the run.
    epochs: usize,
    value: fn(&Planned) -> f64,
}

/// A line over the epochs, with highest and last value as text.
fn picture(ui: &mut Ui, plot: PlotKind, course: &Course<'_>, colour: Color32) {
    let Course { plan, epochs, value } = *course;
    let most = plan.iter().map(value).fold(0.0, f64::max);
    let last = plan.last().map_or(0.0, value);
    let end = epochs as f64;
    let words = text!(
        "training-plan",
        name = plot.title(),
        most = short(most),
        last = short(last),
        epoch = format::tick(end),
    );
    ui.label(RichText::new(words).small().color(palette(ui).text_weak));
    // The last step takes until the end.
    let steps = plan.iter().map(|place| [place.epochs, value(place)]);
    let points: PlotPoints<'_> = steps.chain([[end, last]]).collect();
    let shown = Plot::new(Id::unique(("plan", plot.word())))
        .height(44.0)
        .width(ui.available_width())
        .show_axes(false)
        .show_grid(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .sense(Sense::hover())
        .set_margin_fraction(Vec2::new(0.02, 0.1))
        .include_y(0.0)
        .include_y(most * 1.05)
        .label_formatter(|_| None)
        .show(ui, |plot_ui| plot_ui.line(Line::new(plot.word(), points).color(colour).width(1.5)));
    let (most, last) = (short(most), short(last));
    let value = text!("reader-plan-value", most = most, last = last);
    described::picture(&shown.response, &text!("reader-plot", title = plot.title()), &value);
}

fn short(value: f64) -> String {
    if value > 0.0 && value < 1e-2 { format!("{value:.1e}") } else { format::tick(value) }
}
