//! Asks once for the preprocessing settings of a model that another program saved without them.

use eframe::egui::{Button, Context, RichText};

use super::feature_settings;
use crate::{
    app::{
        context::PanelContext,
        format,
        theme::{GAP, palette},
        widgets::{
            card::explanation,
            labelled::{choice, form, number},
            room,
        },
    },
    language::text,
    names::{self, escaped},
    pipeline::config::{ClipDuration, PREPROCESSING, PreprocessingConfig, SECONDS},
    session::{
        LatentCommand,
        assumed_settings::{AssumedSettings, AssumedSettingsCommand as Answer},
    },
};

/// Width of the dialog, in points.
const WIDTH: f32 = 420.0;

/// Draws the dialog, if there is something to ask.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    let Some(assumed) = &context.state.latent.assumed else {
        context.memory.assumed_draft = None;
        return;
    };
    let mut draft = context.memory.assumed_draft.take().unwrap_or_else(|| assumed.settings.clone());
    let mut answer = None;
    let response = room::dialog(ctx, "assumed settings", WIDTH, |ui| {
        ui.heading(text!("preprocessing-assumed"));
        ui.add_space(GAP);
        explanation(ui, &explained(assumed));
        ui.add_space(GAP);
        form(ui, "assumed settings", |ui| fields(ui, &mut draft));
        ui.add_space(GAP);
        let fits = assumed.check(&draft);
        if let Err(cause) = &fits {
            ui.label(RichText::new(cause.text()).small().color(palette(ui).warning));
        }
        ui.horizontal(|ui| {
            let keep = ui.add_enabled(fits.is_ok(), Button::new(text!("preprocessing-keep")));
            if keep.on_hover_text(text!("preprocessing-keep-help")).clicked() {
                answer = Some(Answer::Keep(Box::new(draft.clone())));
            }
            if ui
                .button(text!("preprocessing-later"))
                .on_hover_text(text!("preprocessing-later-help"))
                .clicked()
            {
                answer = Some(Answer::Later);
            }
        });
    });
    if response.should_close() && answer.is_none() {
        answer = Some(Answer::Later);
    }
    match answer {
        Some(answer) => context.send(LatentCommand::AssumedSettings(answer)),
        None => context.memory.assumed_draft = Some(draft),
    }
}

fn explained(assumed: &AssumedSettings) -> String {
    let (bins, frames) = assumed.image;
    text!(
        "preprocessing-assumed-help",
        model = escaped(&names::file_name(&assumed.model)),
        bins = format::count(bins),
        frames = format::count(frames)
    )
}

fn fields(ui: &mut eframe::egui::Ui, draft: &mut PreprocessingConfig) {
    choice(ui, &PREPROCESSING.feature, &mut draft.feature);
    number(ui, &PREPROCESSING.sample_rate_hz, &mut draft.sample_rate_hz);
    if let ClipDuration::Seconds(secs) = &mut draft.duration {
        number(ui, &SECONDS, secs);
    }
    number(ui, &PREPROCESSING.frame_size, &mut draft.frame_size);
    number(ui, &PREPROCESSING.hop_length, &mut draft.hop_length);
    feature_settings::show(ui, draft);
}
