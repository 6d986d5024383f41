//! The data of a run: validation split, class balance, augmentation with an example, streaming.

use std::path::Path;

use eframe::egui::{
    Button, CollapsingHeader, Id, Image, RichText, TextEdit, TextureHandle, TextureOptions, Ui, Vec2, Window,
};
use ndarray::Array2;

use super::block::block;
use crate::{
    app::{
        context::PanelContext,
        pictures::textures::{ColourScale, Colours, Display, coloured},
        setting_words,
        theme::palette,
        widgets::{
            card::explanation,
            described,
            labelled::{choice, number, row, switch},
        },
    },
    dsp::frequency_scale::FrequencyScale,
    inspect::colour_map::ColourMap,
    jobs::{augmentation_example::Example, split_preview::SplitSummary, train::STREAM},
    language::text,
    names::escaped,
    session::{
        Command,
        state::{State, TrainingForm},
        training::TrainingCommand,
    },
    vae::{
        augmentation::{AUGMENTATION, Augmentation},
        config::TRAINING,
    },
};

/// Names of classes or groups that are kept out, shown at most.
const NAMED: usize = 6;
const PICTURE: Vec2 = Vec2::new(150.0, 220.0);

/// Draws the summary of the split, and its settings folded below.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, edited: &mut TrainingForm) {
    split_line(ui, context.state);
    CollapsingHeader::new(text!("training-data")).id_salt("data group").show_unindented(ui, |ui| {
        split(ui, edited);
        variations(ui, &mut edited.training.augmentation);
        let off = edited.training.augmentation.is_off();
        let button = ui.add_enabled(!off, Button::new(text!("training-example")));
        let button = button
            .on_hover_text(text!("training-example-help"))
            .on_disabled_hover_text(text!("training-example-none"));
        if button.clicked() {
            open_example(ui, context, 1);
        }
    });
    example_window(ui, context);
}

/// The folder of the active run's recordings, if others are open.
pub fn other_recordings(state: &State) -> Option<&Path> {
    let training = &state.training;
    let folder = training.run_recordings.as_deref().filter(|_| training.status.is_busy())?;
    (state.library.root.as_deref() != Some(folder)).then_some(folder)
}

fn split_line(ui: &mut Ui, state: &State) {
    let training = &state.training;
    if other_recordings(state).is_some() {
        let (images, validation) = (training.training_images, training.validation_images);
        if images > 0 {
            let words = text!("training-split", training = images, validation = validation);
            ui.label(RichText::new(words).color(palette(ui).text_weak));
        }
        return;
    }
    match &state.training.data.split {
        None => {}
        Some(Err(cause)) => {
            ui.label(RichText::new(escaped(&cause.text())).color(palette(ui).error));
        }
        Some(Ok(summary)) => {
            let files = state.library.pieces.files.len();
            let mut words = words(summary);
            if files == 1 && summary.validation == 0 {
                words = text!("training-split-one-file", split = words);
            }
            let response = ui.label(RichText::new(words).color(palette(ui).text_weak));
            response.on_hover_ui(|ui| {
                if files > 0 {
                    ui.label(text!("training-split-pieces"));
                }
                ui.strong(text!("training-split-classes"));
                for (class, training, validation) in summary.classes.iter().take(30) {
                    ui.monospace(format!("{:<12} {training:>6} / {validation}", escaped(class)));
                }
            });
        }
    }
}

fn words(summary: &SplitSummary) -> String {
    let (training, validation) = (summary.training, summary.validation);
    if summary.held_out.is_empty() {
        return text!("training-split", training = training, validation = validation);
    }
    let more = summary.held_out.len().saturating_sub(NAMED);
    let names: Vec<_> = summary.held_out.iter().take(NAMED).map(|name| escaped(name)).collect();
    let names = names.join(&text!("between-names"));
    if more == 0 {
        return text!("training-split-without", training = training, validation = validation, names = names);
    }
    text!(
        "training-split-without-more",
        training = training,
        validation = validation,
        names = names,
        more = more,
    )
}

fn split(ui: &mut Ui, edited: &mut TrainingForm) {
    let training = &mut edited.training;
    block(ui, "data", |ui| {
        choice(ui, &TRAINING.split_by, &mut training.split_by);
        let names = &TRAINING.validate_names;
        let mut pattern = training.validate_names.clone().unwrap_or_default();
        let hint = text!("training-validate-names-help", help = setting_words::tooltip(names));
        let response = row(ui, &setting_words::label(names), &hint, |ui| {
            ui.add(TextEdit::singleline(&mut pattern).desired_width(110.0).hint_text("*_[5-9]"))
        });
        if response.changed() {
            training.validate_names = (!pattern.trim().is_empty()).then(|| pattern.trim().to_owned());
        }
        switch(ui, &TRAINING.balance_classes, &mut training.balance_classes, &text!("training-balance-box"));
        switch(ui, &STREAM, &mut edited.stream, &text!("training-stream-box"));
    });
}

fn variations(ui: &mut Ui, augmentation: &mut Augmentation) {
    explanation(ui, &text!("training-variations"));
    block(ui, "variations", |ui| {
        number(ui, &AUGMENTATION.gain_db, &mut augmentation.gain_db);
        number(ui, &AUGMENTATION.shift_frames, &mut augmentation.shift_frames);
        number(ui, &AUGMENTATION.noise, &mut augmentation.noise);
        number(ui, &AUGMENTATION.mask_bins, &mut augmentation.mask_bins);
        number(ui, &AUGMENTATION.mask_frames, &mut augmentation.mask_frames);
    });
}

/// Key in egui's memory of the example on show; absent while its window is closed.
fn shown() -> Id {
    Id::unique("augmentation example")
}

fn open_example(ui: &Ui, context: &mut PanelContext<'_>, number: usize) {
    ui.data_mut(|data| data.insert_temp(shown(), number));
    context.send(Command::Training(TrainingCommand::ShowExample(number)));
}

fn example_window(ui: &Ui, context: &mut PanelContext<'_>) {
    let Some(number) = ui.data(|data| data.get_temp::<usize>(shown())).filter(|number| *number > 0) else {
        return;
    };
    let mut open = true;
    let mut another = false;
    let state = context.state;
    let window = Window::new(text!("training-example-title")).id(Id::unique("augmentation example window"));
    window.open(&mut open).resizable(false).show(ui.ctx(), |ui| {
        match &state.training.data.example {
            None => {
                ui.spinner();
            }
            Some(Err(cause)) => {
                ui.label(RichText::new(escaped(&cause.text())).color(palette(ui).error));
            }
            Some(Ok(example)) => {
                pictures(ui, example, state.training.data.generation, state.settings.colour_map);
            }
        }
        ui.add_space(6.0);
        another = ui
            .button(text!("training-example-another"))
            .on_hover_text(text!("training-example-another-help"))
            .clicked();
    });
    if another {
        open_example(ui, context, number + 1);
    } else if !open {
        ui.data_mut(|data| data.insert_temp(shown(), 0_usize));
    }
}

fn pictures(ui: &mut Ui, example: &Example, generation: u64, map: ColourMap) {
    let key = Id::unique(("augmentation pictures", generation, format!("{map:?}")));
    let kept = ui.data(|data| data.get_temp::<[TextureHandle; 3]>(key));
    let textures = kept.unwrap_or_else(|| {
        let side = ui.input(|input| input.max_texture_side).max(1);
        let display = Display {
            colours: Colours::Map(map),
            scale: ColourScale::linear(0.0, 1.0),
            frequency: FrequencyScale::Linear,
        };
        let load = |name: &str, image: &Array2<f32>| {
            ui.ctx().load_texture(name, coloured(image, None, display, side), TextureOptions::NEAREST)
        };
        let made = [
            load("plain image", &example.plain),
            load("encoder's image", &example.input),
            load("decoder's image", &example.target),
        ];
        ui.data_mut(|data| data.insert_temp(key, made.clone()));
        made
    });
    ui.horizontal(|ui| {
        let titles = [
            text!("training-example-original"),
            text!("training-example-input"),
            text!("training-example-target"),
        ];
        for (texture, title) in textures.iter().zip(titles) {
            ui.vertical(|ui| {
                ui.strong(&title);
                let shown = ui.add(Image::from_texture(texture).fit_to_exact_size(PICTURE));
                let size = texture.size();
                let value = described::of_image((size[1], size[0]), (0.0, 1.0), "");
                described::picture(&shown, &text!("reader-augmentation", title = &title), &value);
                shown.on_hover_text(text!("training-example-picture-help"));
            });
        }
    });
}
