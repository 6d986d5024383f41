//! The settings that turn a recording into an image: applied while they are changed, explained where they are wrong.

use std::path::Path;

use eframe::egui::{Button, CollapsingHeader, CornerRadius, Frame, Margin, RichText, Stroke, TextStyle, Ui};

use super::{feature_settings, image_words::image_words, part};
use crate::session::error_words::InWords as _;
use crate::{
    app::{
        context::PanelContext,
        feature_words, format, setting_words,
        theme::{GAP, ROUNDING, palette},
        widgets::{
            card::explanation,
            labelled::{choice, choice_between, form, number},
            toolbar,
        },
    },
    dsp::level,
    language::text,
    pipeline::{
        config::{ChannelChoice, ClipDuration, PREPROCESSING, PreprocessingConfig, RESOLUTION, Resolution},
        librosa_code::librosa_code,
        pieces::{Cutting, FileSpan},
    },
    session::{
        InspectionCommand,
        state::{Library, StageDisplay},
    },
    setting::Named as _,
};

/// Width of one block of settings, in points.
const BLOCK: f32 = 220.0;
/// Room for the arrow before the line, in points.
const ARROW: f32 = 28.0;
/// How long it says that the code was copied, in seconds.
const COPIED_SECS: f64 = 4.0;
/// Channels that can be chosen by number, besides the one that is chosen.
const CHANNELS: usize = 8;

/// Draws the strip; open or closed, its line tells the most important settings.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let mut config =
        context.memory.draft.clone().unwrap_or_else(|| context.state.settings.preprocessing.clone());
    let before = config.clone();
    let error = config.validate().err().map(|error| error.words());
    let frame = Frame::new()
        .fill(colours.card)
        .stroke(Stroke::new(1.0, colours.border))
        .corner_radius(CornerRadius::same(ROUNDING + 2))
        .inner_margin(Margin::symmetric(8, 4));
    frame.show(ui, |ui| {
        let width = ui.available_width();
        ui.set_width(width);
        let title = RichText::new(fitting_summary(ui, &config, width)).color(colours.text);
        CollapsingHeader::new(title).id_salt("preprocessing").show_unindented(ui, |ui| {
            ui.add_space(4.0);
            blocks(ui, &mut config, width);
            let line = if let Some(error) = &error {
                RichText::new(text!("preprocessing-invalid", error = error.as_str())).color(colours.error)
            } else {
                let words = image_words(context.state, &config);
                RichText::new(words.text).color(if words.is_warning {
                    colours.warning
                } else {
                    colours.text_weak
                })
            };
            ui.label(line.small()).on_hover_text(text!("preprocessing-help"));
            if let Some(words) = unheard_silences(&context.state.library, &config) {
                explanation(ui, &words);
            }
            below(ui, context, &mut config);
        });
    });
    if config.feature != before.feature {
        // Rows as the feature has them, until somebody wants to see them otherwise.
        let frequency = config.feature.axis(&config).scale;
        let display = context.state.settings.stage_display;
        context.send(InspectionCommand::SetStageDisplay(StageDisplay {
            frequency,
            feature_range: None,
            magnitude: None,
            ..display
        }));
    }
    if config != before {
        apply(context, config);
    }
}

/// Says which silences are too short to be found, where a shorter one is asked for: frames have a number of samples, and last long at a
/// low rate.
fn unheard_silences(library: &Library, config: &PreprocessingConfig) -> Option<String> {
    if config.pieces.at != Cutting::Silences {
        return None;
    }
    let files = library.pieces.files.iter().map(|file| &file.file).chain(&library.recordings);
    let rate = files.filter_map(|file| Some(file.info?.sample_rate_hz)).min()?;
    let secs = level::shortest_found_silence_secs(rate);
    let frame = format::count(level::FRAME);
    (secs > config.pieces.min_silence_secs).then(|| {
        text!(
            "preprocessing-unheard-silences",
            secs = format!("{secs:.2}"),
            rate = format::rate(rate),
            frame = frame
        )
    })
}

/// Copying the settings as Python, and going back to the defaults.
fn below(ui: &mut Ui, context: &PanelContext<'_>, config: &mut PreprocessingConfig) {
    let now = ui.input(|input| input.time);
    toolbar::show(ui, |ui| {
        let copy = ui.button(text!("preprocessing-copy")).on_hover_text(text!("preprocessing-copy-help"));
        if copy.clicked() {
            let library = &context.state.library;
            let selected = library.selected.and_then(|index| library.recordings.get(index));
            let path = selected.map_or_else(|| Path::new(""), |recording| recording.path.as_path());
            let piece = library.selected.and_then(|index| library.pieces.piece_of(index));
            let part = piece.map_or_else(
                || FileSpan {
                    file: path.into(),
                    offset_secs: config.offset_secs,
                    max_secs: config.max_secs(),
                },
                |(file, piece)| FileSpan {
                    file: file.file.path.as_path().into(),
                    offset_secs: piece.start_secs(),
                    max_secs: config.max_secs().map(|longest| longest.min(piece.secs())),
                },
            );
            ui.copy_text(librosa_code(config, &part));
            ui.ctx().data_mut(|data| data.insert_temp(copied_id(), now));
        }
        let copied: Option<f64> = ui.ctx().data(|data| data.get_temp(copied_id()));
        if copied.is_some_and(|at| now - at < COPIED_SECS) {
            let colour = palette(ui).good;
            toolbar::small_words(ui, &text!("preprocessing-copied"), colour);
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(COPIED_SECS));
        }
        let defaults = PreprocessingConfig {
            resample: true,
            labels: config.labels.clone(),
            ..config.feature.defaults()
        };
        let reset = ui.add_enabled(*config != defaults, Button::new(text!("preprocessing-defaults")));
        if reset.on_hover_text(text!("preprocessing-defaults-help")).clicked() {
            *config = defaults;
        }
    });
}

fn copied_id() -> eframe::egui::Id {
    eframe::egui::Id::unique("librosa code copied at")
}

/// A valid setting goes to the session; another one waits in the window until it is mended.
fn apply(context: &mut PanelContext<'_>, config: PreprocessingConfig) {
    if config.validate().is_ok() {
        context.memory.draft = None;
        context.send(InspectionCommand::SetPreprocessing(config));
    } else {
        context.memory.draft = Some(config);
    }
}

/// [`summary`], without its last parts where `width` has no room for them.
fn fitting_summary(ui: &Ui, config: &PreprocessingConfig, width: f32) -> String {
    let mut parts = summary(config);
    let separator = text!("preprocessing-separator");
    let room = width - ARROW;
    let font = TextStyle::Button.resolve(ui.style());
    let is_wide = |words: &str| {
        ui.painter().layout_no_wrap(words.to_owned(), font.clone(), palette(ui).text).size().x > room
    };
    while parts.len() > 1 && is_wide(&parts.join(&separator)) {
        parts.pop();
    }
    parts.join(&separator)
}

/// The parts of one line: what the image shows, its size, and the settings behind it.
fn summary(config: &PreprocessingConfig) -> Vec<String> {
    let valid = config.validate().is_ok();
    let size = match config.image_shape().filter(|_| valid) {
        Some((bins, frames)) => {
            text!("preprocessing-image-size", bins = format::count(bins), frames = format::count(frames))
        }
        None if valid => text!("preprocessing-image-whole"),
        None => text!("preprocessing-no-image"),
    };
    let feature = feature_words::noun(config.feature).into_owned();
    let mut parts =
        vec![text!("preprocessing-summary", feature = feature), size, format::rate(config.sample_rate_hz)];
    parts.extend(used_part(config));
    parts.push(text!("preprocessing-frame", samples = format::count(config.frame_size)));
    parts.push(text!("preprocessing-hop", samples = format::count(config.hop_length)));
    parts
}

/// Which part of a recording is used, in one or two parts of the line.
fn used_part(config: &PreprocessingConfig) -> Vec<String> {
    let duration = match config.duration {
        ClipDuration::Seconds(secs) => format!("{} s", format::tick(secs)),
        ClipDuration::Samples(count) => text!("preprocessing-samples", count = count),
        ClipDuration::Frames(count) => text!("preprocessing-frames", count = count),
        ClipDuration::Full => text!("preprocessing-whole-file"),
    };
    match config.pieces.at {
        Cutting::Off if config.offset_secs > 0.0 => {
            let start = format::tick(config.offset_secs);
            vec![text!("preprocessing-part-from", duration = duration, start = start)]
        }
        Cutting::Off => vec![duration],
        Cutting::Length => vec![text!("preprocessing-pieces", duration = duration)],
        Cutting::Silences => {
            vec![
                text!("preprocessing-pieces-at-silences"),
                text!("preprocessing-at-most", duration = duration),
            ]
        }
        Cutting::Onsets => {
            vec![text!("preprocessing-pieces-at-onsets"), text!("preprocessing-at-most", duration = duration)]
        }
    }
}

/// Draws the rows of a block.
type Rows = fn(&mut Ui, &mut PreprocessingConfig);

/// Draws the blocks, as many side by side as `width` has room for.
fn blocks(ui: &mut Ui, config: &mut PreprocessingConfig, width: f32) {
    let blocks: [(&str, Rows); 4] =
        [("what", what), ("part", part::show), ("frames", frames), ("values", values)];
    let fitting = ((width + 2.0 * GAP) / (BLOCK + 2.0 * GAP)) as usize;
    for row in blocks.chunks(fitting.max(1)) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * GAP;
            for (name, rows) in row {
                block(ui, name, |ui| rows(ui, config));
            }
        });
    }
}

fn block(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(BLOCK);
        form(ui, name, rows);
    });
}

fn what(ui: &mut Ui, config: &mut PreprocessingConfig) {
    let mut feature = config.feature;
    if choice(ui, &PREPROCESSING.feature, &mut feature) {
        config.change_feature(feature);
        // Nothing is to stand in the way of a first look.
        config.resample = true;
    }
    number(ui, &PREPROCESSING.sample_rate_hz, &mut config.sample_rate_hz);
    let resample = &PREPROCESSING.resample;
    choice_between(
        ui,
        &setting_words::label(resample),
        &setting_words::tooltip(resample),
        &mut config.resample,
        &[(true, text!("preprocessing-resample").as_str()), (false, text!("preprocessing-refuse").as_str())],
    );
    channel(ui, &mut config.channel);
}

fn channel(ui: &mut Ui, channel: &mut ChannelChoice) {
    let mut numbers: Vec<usize> = (0..CHANNELS).collect();
    if let ChannelChoice::Index(index) = *channel
        && !numbers.contains(&index)
    {
        numbers.push(index);
    }
    let mut channels = vec![(ChannelChoice::Mix, text!("preprocessing-mix"))];
    channels.extend(numbers.iter().map(|index| {
        (ChannelChoice::Index(*index), text!("preprocessing-channel", number = (index + 1).to_string()))
    }));
    let channels: Vec<(ChannelChoice, &str)> =
        channels.iter().map(|(choice, name)| (*choice, name.as_str())).collect();
    let label = setting_words::label(&PREPROCESSING.channel);
    choice_between(ui, &label, &text!("preprocessing-channel-help"), channel, &channels);
}

fn frames(ui: &mut Ui, config: &mut PreprocessingConfig) {
    resolution(ui, config);
    number(ui, &PREPROCESSING.frame_size, &mut config.frame_size);
    number(ui, &PREPROCESSING.hop_length, &mut config.hop_length);
    choice(ui, &PREPROCESSING.pad_side, &mut config.pad_side);
    choice(ui, &PREPROCESSING.pad_mode, &mut config.pad_mode);
}

/// Known pairs of frame and hop; the two numbers below it stay free.
fn resolution(ui: &mut Ui, config: &mut PreprocessingConfig) {
    let own = Resolution::of(config);
    let name = |known: &Resolution| setting_words::value_label(&RESOLUTION, known.called()).into_owned();
    let mut names: Vec<_> = Resolution::ALL.iter().map(|known| (Some(*known), name(known))).collect();
    if own.is_none() {
        names.push((None, text!("preprocessing-own-resolution")));
    }
    let options: Vec<_> = names.iter().map(|(known, name)| (*known, name.as_str())).collect();
    let (label, hint) = (setting_words::label(&RESOLUTION), setting_words::tooltip(&RESOLUTION));
    let mut chosen = own;
    if choice_between(ui, &label, &hint, &mut chosen, &options)
        && let Some(resolution) = chosen
    {
        (config.frame_size, config.hop_length) = resolution.frame_and_hop(config.feature);
    }
}

fn values(ui: &mut Ui, config: &mut PreprocessingConfig) {
    feature_settings::show(ui, config);
    number(ui, &PREPROCESSING.range_min, &mut config.range_min);
    number(ui, &PREPROCESSING.range_max, &mut config.range_max);
}
