//! The data of a run: validation split, class balance, augmentation with an example, streaming.

use eframe::egui::{
    CollapsingHeader, ColorImage, Id, Image, RichText, TextEdit, TextureHandle, TextureOptions, Ui, Vec2,
    Window,
};
use ndarray::Array2;

use crate::{
    app::{
        format,
        textures::Colours,
        theme::palette,
        widgets::{
            card::explanation,
            labelled::{choice, form, number, row},
        },
        window::PanelContext,
    },
    inspect::colour_map::ColourMap,
    jobs::{augmentation_example::Example, split_preview::SplitSummary},
    names::escaped,
    session::{
        Command,
        state::{State, TrainingForm},
        training::TrainingCommand,
    },
    vae::{augmentation::Augmentation, training_config::SplitBy},
};

const SPLITS: [(SplitBy, &str); 3] =
    [(SplitBy::File, "Recordings"), (SplitBy::Class, "Classes"), (SplitBy::Group, "Groups")];
/// Most names of validation classes or groups to show.
const NAMED: usize = 6;
const PICTURE: Vec2 = Vec2::new(150.0, 220.0);

/// Draws the summary of the split, and its settings folded below.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, edited: &mut TrainingForm) {
    split_line(ui, context.state);
    CollapsingHeader::new("Data").id_salt("data group").show(ui, |ui| {
        split(ui, edited);
        variations(ui, &mut edited.training.augmentation);
        let off = edited.training.augmentation.is_off();
        let button = ui.add_enabled(!off, eframe::egui::Button::new("Show an example"));
        let button = button
            .on_hover_text("The selected recording: original, encoder input and decoder target")
            .on_disabled_hover_text("No variations are set");
        if button.clicked() {
            open_example(ui, context, 1);
        }
    });
    example_window(ui, context);
}

fn split_line(ui: &mut Ui, state: &State) {
    match &state.training.data.split {
        None => {}
        Some(Err(cause)) => {
            ui.label(RichText::new(escaped(cause)).color(palette(ui).error));
        }
        Some(Ok(summary)) => {
            let files = state.library.pieces.files.len();
            let mut words = words(summary);
            if files == 1 && summary.validation == 0 {
                words += ": pieces of one file stay together";
            }
            let response = ui.label(RichText::new(words).color(palette(ui).text_weak));
            response.on_hover_ui(|ui| {
                if files > 0 {
                    ui.label("Pieces of one file all train or all validate.");
                }
                ui.strong("Recordings of each class: train / validate");
                for (class, training, validation) in summary.classes.iter().take(30) {
                    ui.monospace(format!("{:<12} {training:>6} / {validation}", escaped(class)));
                }
            });
        }
    }
}

fn words(summary: &SplitSummary) -> String {
    let numbers =
        format!("{} train, {} validate", format::count(summary.training), format::count(summary.validation));
    if summary.held_out.is_empty() {
        return numbers;
    }
    let more = summary.held_out.len().saturating_sub(NAMED);
    let names: Vec<_> = summary.held_out.iter().take(NAMED).map(|name| escaped(name)).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{numbers}; kept out: {}{more}", names.join(", "))
}

fn split(ui: &mut Ui, edited: &mut TrainingForm) {
    let training = &mut edited.training;
    form(ui, "data", |ui| {
        let hint = "What is kept out as a whole: single recordings, whole classes, or whole groups (the field {group} of \
                    the names, for example a speaker), so that the validation error says what the model makes of what it \
                    never met";
        choice(ui, ("Keep out", hint), &mut training.split_by, &SPLITS);
        let hint = "Recordings whose names match validate, whatever the part says: * stands for any characters, [5-9] for \
                    one of a range; the extension does not count. Empty for none";
        let mut pattern = training.validate_names.clone().unwrap_or_default();
        let response = row(ui, "Names", hint, |ui| {
            ui.add(TextEdit::singleline(&mut pattern).desired_width(110.0).hint_text("*_[5-9]"))
        });
        if response.changed() {
            training.validate_names = (!pattern.trim().is_empty()).then(|| pattern.trim().to_owned());
        }
        let hint = "Every class is drawn equally often, the recordings of small ones repeatedly";
        row(ui, "Balance", hint, |ui| ui.checkbox(&mut training.balance_classes, "classes"));
        let hint = "Images are read from disk while training goes on; by itself where they would take more than half of the \
                    free memory. Recordings are preprocessed into the run's folder first";
        row(ui, "Stream", hint, |ui| ui.checkbox(&mut edited.stream, "from disk"));
    });
}

fn variations(ui: &mut Ui, augmentation: &mut Augmentation) {
    explanation(
        ui,
        "Variations, drawn anew for every image and epoch; 0 for none. Noise and blanks are seen by the encoder alone.",
    );
    form(ui, "variations", |ui| {
        let hint = "Louder or softer by at most so many dB within the image's range; plain gain is removed by the \
                    normalisation of each file";
        number(ui, ("Gain", hint), &mut augmentation.gain_db, 0.0..=60.0, " dB");
        let hint = "Earlier or later by at most so many frames";
        number(ui, ("Time shift", hint), &mut augmentation.shift_frames, 0..=4096, " frames");
        let hint = "Standard deviation of noise on the 0..1 values";
        number(ui, ("Noise", hint), &mut augmentation.noise, 0.0..=1.0, "");
        let hint = "Bins of a band that is blanked out, at most";
        number(ui, ("Blank bins", hint), &mut augmentation.mask_bins, 0..=4096, " bins");
        let hint = "Frames of a stretch that is blanked out, at most";
        number(ui, ("Blank frames", hint), &mut augmentation.mask_frames, 0..=4096, " frames");
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
    Window::new("A recording as training may see it").open(&mut open).resizable(false).show(ui.ctx(), |ui| {
        match &state.training.data.example {
            None => {
                ui.spinner();
            }
            Some(Err(cause)) => {
                ui.label(RichText::new(escaped(cause)).color(palette(ui).error));
            }
            Some(Ok(example)) => {
                pictures(ui, example, state.training.data.generation, state.settings.colour_map);
            }
        }
        ui.add_space(6.0);
        another = ui.button("Another").on_hover_text("Draw again").clicked();
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
        let load = |name: &str, image: &Array2<f32>| {
            ui.ctx().load_texture(name, picture(image, map), TextureOptions::NEAREST)
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
        for (texture, title) in textures.iter().zip(["Original", "Encoder input", "Decoder target"]) {
            ui.vertical(|ui| {
                ui.strong(title);
                ui.add(Image::from_texture(texture).fit_to_exact_size(PICTURE)).on_hover_text(
                    "Low frequencies at the bottom, time from left to right; colours from 0 to 1 of the normalised image",
                );
            });
        }
    });
}

fn picture(image: &Array2<f32>, map: ColourMap) -> ColorImage {
    let colours = Colours::Map(map);
    let rows = image.outer_iter().rev();
    let pixels =
        rows.flat_map(|row| row.iter().map(|value| colours.at(*value)).collect::<Vec<_>>()).collect();
    ColorImage::new([image.ncols(), image.nrows()], pixels)
}
