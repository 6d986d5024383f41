//! The schedules of learning rate and KL weight, with a plot of both over the run.

use eframe::egui::{Color32, Id, RichText, Sense, Ui, Vec2};
use egui_plot::{Line, Plot, PlotPoints};

use crate::{
    app::{
        format,
        theme::palette,
        widgets::labelled::{choice, form, number},
    },
    vae::{
        config::TrainingConfig,
        schedule::{self, BetaSchedule, LearningRateSchedule, Planned},
    },
};

const RATES: [(LearningRateSchedule, &str); 3] = [
    (LearningRateSchedule::Constant, "Constant"),
    (LearningRateSchedule::Cosine, "Cosine"),
    (LearningRateSchedule::Plateau, "Plateau"),
];
const BETAS: [(BetaSchedule, &str); 3] = [
    (BetaSchedule::Constant, "Constant"),
    (BetaSchedule::WarmUp, "Warm-up"),
    (BetaSchedule::Cyclical, "Cyclical"),
];
/// Number of points of the plot.
const POINTS: usize = 121;

/// Draws the fields of the chosen schedules, and the plot.
pub fn show(ui: &mut Ui, training: &mut TrainingConfig, steps_per_epoch: usize) {
    form(ui, "schedule", |ui| {
        let hint = "Constant; falling along half a cosine to the floor at the last epoch; or lowered whenever the score \
                    has not improved for some epochs";
        choice(ui, ("Rate", hint), &mut training.learning_rate_schedule, &RATES);
        if training.learning_rate_schedule == LearningRateSchedule::Plateau {
            let hint = "Epochs without a better score after which the learning rate is lowered";
            number(ui, ("Patience", hint), &mut training.plateau_patience, 1..=1000, " epochs");
            let hint = "What the learning rate is multiplied by on a plateau";
            number(ui, ("Factor", hint), &mut training.plateau_factor, 0.05..=0.95, "");
        }
        if training.learning_rate_schedule != LearningRateSchedule::Constant {
            let mut percent = training.learning_rate_floor * 100.0;
            let hint = "What is left of the learning rate at least, in percent";
            if number(ui, ("Floor", hint), &mut percent, 0.1..=100.0, " %") {
                training.learning_rate_floor = (percent / 100.0).clamp(0.001, 1.0);
            }
        }
        let hint = "Steps in which the learning rate rises from zero; 0 for none";
        number(ui, ("Rate warm-up", hint), &mut training.learning_rate_warm_up_steps, 0..=100_000, " steps");
        let hint = "The KL weight is constant, rises from zero once, or does so again in every cycle";
        choice(ui, ("KL schedule", hint), &mut training.beta_schedule, &BETAS);
        let (label, hint) = match training.beta_schedule {
            BetaSchedule::Constant => return,
            BetaSchedule::WarmUp => ("Rise", "Epochs in which the KL weight rises to its full value"),
            BetaSchedule::Cyclical => ("Cycle", "Epochs of a cycle; the KL weight rises in its first half"),
        };
        number(ui, (label, hint), &mut training.beta_epochs, 1..=1000, " epochs");
    });
    let plan = schedule::plan(training, steps_per_epoch, POINTS);
    let colours = palette(ui);
    picture(ui, "Learning rate", &plan, (|place| place.learning_rate, colours.curve_validation));
    picture(ui, "KL weight", &plan, (|place| place.beta, colours.baseline_mean));
    if training.learning_rate_schedule == LearningRateSchedule::Plateau {
        ui.label(RichText::new("Plateaus are not known before the run.").small().color(colours.text_weak));
    }
}

/// A line over the epochs, with highest and last value as text.
fn picture(ui: &mut Ui, name: &str, plan: &[Planned], (value, colour): (fn(&Planned) -> f64, Color32)) {
    let values = || plan.iter().map(value);
    let most = values().fold(0.0, f64::max);
    let last = plan.last();
    let words = format!(
        "{name} up to {}, {} at epoch {}",
        short(most),
        short(last.map_or(0.0, value)),
        format::tick(last.map_or(0.0, |place| place.epochs))
    );
    ui.label(RichText::new(words).small().color(palette(ui).text_weak));
    let points: PlotPoints<'_> = plan.iter().map(|place| [place.epochs, value(place)]).collect();
    Plot::new(Id::unique(("plan", name)))
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
        .show(ui, |plot_ui| plot_ui.line(Line::new(name, points).color(colour).width(1.5)));
}

fn short(value: f64) -> String {
    if value > 0.0 && value < 1e-2 { format!("{value:.1e}") } else { format::tick(value) }
}
