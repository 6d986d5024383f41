//! The run: where it is, its folder, its curves, and the layers of the model.

use eframe::egui::{Button, CollapsingHeader, Label, ProgressBar, RichText, ScrollArea, Ui, Vec2};

use crate::{
    app::{
        format, reveal,
        theme::{GAP, Palette, palette},
        widgets::{
            card::{Card, KeyEntry, explanation, surface},
            layer_table,
            loss_plot::{Baseline, LossPlot},
        },
        window::PanelContext,
    },
    session::{
        State,
        state::{RunStatus, TrainingState},
    },
    vae::trainer::Losses,
};

/// Least height of a plot's card.
const PLOT_HEIGHT: f32 = 190.0;

/// Draws the right side of the view.
pub fn show(ui: &mut Ui, context: &PanelContext<'_>) {
    let training = &context.state.training;
    if training.status == RunStatus::Idle && training.steps.is_empty() {
        before_the_first_run(ui, training);
        return;
    }
    ScrollArea::vertical().id_salt("run").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        surface(ui, |ui| progress(ui, training));
        let layers_open = surface(ui, |ui| details(ui, training));
        let room = (ui.available_height() - GAP).max(0.0);
        curves(ui, training, if layers_open { 0.0 } else { room });
    });
}

/// Draws the curves for a figure.
pub fn figure(ui: &mut Ui, state: &State) {
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    let room = ui.available_height();
    curves(ui, &state.training, room);
}

/// Nothing trained yet: what will happen, and the model that the form describes.
fn before_the_first_run(ui: &mut Ui, training: &TrainingState) {
    surface(ui, |ui| {
        ui.strong("No run yet");
        explanation(
            ui,
            "A run prepares the recordings, trains the model and draws its loss here while it goes on. After the first epoch \
             the latent view can already play it. It can be paused, stopped and resumed at any time.",
        );
    });
    ui.add_space(GAP);
    surface(ui, |ui| {
        ui.set_min_height(ui.available_height());
        ui.strong("The model, layer by layer");
        ui.add_space(GAP);
        if training.layers.is_empty() {
            explanation(ui, "The layers appear once the settings fit each other.");
        } else {
            layer_table::show(ui, &training.layers);
        }
    });
}

fn status_words(training: &TrainingState) -> (String, Option<f32>) {
    let share = |done: usize, total: usize| (total > 0).then(|| done as f32 / total as f32);
    let total_steps = training.epochs_total * training.steps_per_epoch;
    let at = share(training.step, total_steps);
    match &training.status {
        RunStatus::Idle => ("Ready".to_owned(), None),
        RunStatus::Preparing { done, total } => (
            format!("Preparing recordings: {} of {}", format::count(*done), format::count(*total)),
            share(*done, *total),
        ),
        RunStatus::Running => ("Training".to_owned(), at),
        RunStatus::Paused => ("Paused".to_owned(), at),
        RunStatus::Stopping => ("Stopping after the current batch".to_owned(), at),
        RunStatus::Finished => ("Finished".to_owned(), Some(1.0)),
        RunStatus::Stopped => ("Stopped; the model is kept".to_owned(), at),
        RunStatus::Failed(cause) => (format!("Failed: {cause}"), at),
    }
}

fn progress(ui: &mut Ui, training: &TrainingState) {
    let colours = palette(ui);
    let (words, share) = status_words(training);
    let failed = matches!(training.status, RunStatus::Failed(_));
    let title = RichText::new(words).strong().color(if failed { colours.error } else { colours.text_strong });
    ui.add(Label::new(title).wrap());
    ui.add(ProgressBar::new(share.unwrap_or(0.0)).desired_height(8.0).fill(colours.accent));
    let figures = figures(training);
    ui.add(Label::new(RichText::new(figures).monospace().color(colours.text)).truncate());
}

/// One line in fixed columns, so that nothing jumps while figures change.
fn figures(training: &TrainingState) -> String {
    let epoch = (training.step / training.steps_per_epoch.max(1) + 1).min(training.epochs_total);
    let steps = training.epochs_total * training.steps_per_epoch;
    let width = format::count(steps).len();
    let left = match (&training.status, training.remaining_secs) {
        (RunStatus::Running | RunStatus::Paused, Some(secs)) => format!("   {} left", format::waiting(secs)),
        _ => String::new(),
    };
    format!(
        "epoch {epoch:>3} of {}   step {:>width$} of {}   {:>6.1} samples/s{left}",
        training.epochs_total,
        format::count(training.step),
        format::count(steps),
        training.samples_per_second
    )
}

/// Run folder, layers and files left out; returns whether a list is open.
fn details(ui: &mut Ui, training: &TrainingState) -> bool {
    let colours = palette(ui);
    if let Some(folder) = &training.run_folder {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Run folder").color(colours.text_weak));
            let path = folder.display().to_string();
            let buttons = 132.0;
            let label = Label::new(RichText::new(&path).monospace()).truncate();
            ui.scope(|ui| {
                ui.set_max_width((ui.available_width() - buttons).max(40.0));
                ui.add(label).on_hover_text(&path);
            });
            if ui.add(Button::new("Copy")).on_hover_text("Copy the path").clicked() {
                ui.ctx().copy_text(path);
            }
            if ui.add(Button::new("Show")).on_hover_text("Open the folder in the file browser").clicked() {
                reveal::folder(folder.clone());
            }
        });
    }
    if let Some(place) = &training.computes_on {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Computed on").color(colours.text_weak));
            ui.label(place);
        });
    }
    let total: usize = training.layers.iter().map(|layer| layer.parameters).sum();
    let title =
        format!("{}, {} parameters", format::counted(training.layers.len(), "layer"), format::count(total));
    let layers =
        CollapsingHeader::new(title).id_salt("layers").show(ui, |ui| layer_table::show(ui, &training.layers));
    let mut open = layers.fully_open();
    if !training.skipped.is_empty() {
        let title = RichText::new(format!("{} left out", format::counted(training.skipped.len(), "file")))
            .color(colours.warning);
        open |= CollapsingHeader::new(title)
            .id_salt("run skipped")
            .show(ui, |ui| {
                for skipped in &training.skipped {
                    ui.label(RichText::new(skipped.path.display().to_string()).small().monospace());
                    explanation(ui, &skipped.cause);
                }
            })
            .fully_open();
    }
    open
}

/// Reconstruction large, because it has the lines to beat; total and KL below.
fn curves(ui: &mut Ui, training: &TrainingState, room: f32) {
    let colours = palette(ui);
    let width = ui.available_width();
    let large = ((room - GAP) * 0.55).max(PLOT_HEIGHT + 20.0);
    let small = (room - GAP - large).max(PLOT_HEIGHT);
    let mut reconstruction =
        curve(training, "Reconstruction loss", "Mean squared error", |losses| losses.reconstruction);
    reconstruction.baselines = baselines(training, colours);
    plot_card(
        ui,
        &reconstruction,
        (
            "Mean squared error a pixel of the 0..1 images",
            "Below the dashed lines the model beats what costs no training: the mean image, and principal components \
             as many as the latent space has dimensions.",
        ),
        Vec2::new(width, large),
    );
    let half = Vec2::new((width - GAP) / 2.0, small);
    ui.horizontal(|ui| {
        let total = curve(training, "Total loss", "Total", |losses| losses.total);
        plot_card(ui, &total, ("Weight × reconstruction + KL", "What training lowers."), half);
        let kl = curve(training, "KL divergence", "Nats", |losses| losses.kl);
        plot_card(ui, &kl, (
            "Distance of the latent space from the prior",
            "How far the encoder's Gaussians are from the standard normal distribution, in nats, summed over dimensions.",
        ), half);
    });
}

fn plot_card(ui: &mut Ui, plot: &LossPlot<'_>, (explanation, details): (&str, &str), size: Vec2) {
    let colours = palette(ui);
    let card = Card { title: plot.name, explanation, details, size };
    card.show_with_key(ui, |ui| {
        plot.show(ui);
        let curve = |name: &str, points: &[(usize, f64)], colour| {
            let last = points.last().map_or_else(|| "–".to_owned(), |point| format::significant(point.1));
            KeyEntry { colour: Some(colour), words: format!("{name} {last:<7}") }
        };
        let mut key = vec![
            curve("training", &plot.training, colours.curve_training),
            curve("validation", &plot.validation, colours.curve_validation),
        ];
        key.extend(
            plot.baselines
                .iter()
                .map(|baseline| KeyEntry { colour: Some(baseline.colour), words: baseline.name.clone() }),
        );
        key
    });
}

fn curve<'a>(
    training: &TrainingState,
    name: &'a str,
    axis: &'a str,
    value: impl Fn(&Losses) -> f64,
) -> LossPlot<'a> {
    let validation =
        training.epochs.iter().filter_map(|epoch| Some((epoch.step, value(epoch.validation.as_ref()?))));
    LossPlot {
        name,
        axis,
        training: training.steps.iter().map(|point| (point.step, value(&point.losses))).collect(),
        validation: validation.collect(),
        baselines: Vec::new(),
    }
}

fn baselines(training: &TrainingState, colours: &Palette) -> Vec<Baseline> {
    let Some(baselines) = training.baselines else { return Vec::new() };
    vec![
        Baseline {
            name: format!("mean image {}", format::significant(baselines.mean_image)),
            value: baselines.mean_image,
            colour: colours.baseline_mean,
        },
        Baseline {
            name: format!(
                "PCA, {} components {}",
                baselines.pca_components,
                format::significant(baselines.pca)
            ),
            value: baselines.pca,
            colour: colours.baseline_pca,
        },
    ]
}
