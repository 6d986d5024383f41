//! The lines above the strip: facts about the recording, and display settings.

use eframe::egui::{self, Button, ComboBox, RichText, Spinner, Ui, Vec2};

use super::source::StripSource;
use crate::{
    app::{
        context::PanelContext,
        format,
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::{card::explanation, dropdown, tail, toolbar},
    },
    audio::piece,
    dsp::frequency_scale::FrequencyScale,
    inspect::colour_map::ColourMap,
    jobs::scan::Recording,
    language::text,
    names::escaped,
    pipeline::stages::Flag,
    session::{
        Command, InspectionCommand, State,
        state::{Inspection, PinSlot, StageDisplay},
    },
};

/// Width of a button that pins a recording, in points.
const PIN_WIDTH: f32 = 124.0;

/// Name, format and remarks of the recording; colour map at the right.
pub(super) fn facts(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        tail::show(ui, context, recording, |ui, context| {
            if context.state.inspection.busy {
                ui.add(Spinner::new().size(14.0)).on_hover_text(text!("stages-computing"));
                if let Some(done) = context.state.inspection.opening {
                    explanation(ui, &format!("{:.0} %", 100.0 * done));
                }
            }
            colour_map(ui, context);
        });
    });
}

fn recording(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some(facts) = Facts::of(context.state) else { return };
    let name = escaped(&facts.recording.name);
    let title = RichText::new(name.clone()).strong().color(palette(ui).text_strong);
    ui.add(egui::Label::new(title).truncate()).on_hover_text(name);
    for flag in facts.flags {
        let text = RichText::new(flag_text(flag)).small().color(palette(ui).warning);
        ui.add(egui::Label::new(text).truncate()).on_hover_text(flag_text(flag));
    }
    let words = facts.words();
    let text = RichText::new(&words).small().color(palette(ui).text_weak);
    ui.add(egui::Label::new(text).truncate()).on_hover_text(words);
}

/// Name and format of the recording, for a figure.
pub(super) fn names(ui: &mut Ui, state: &State) {
    let Some(facts) = Facts::of(state) else { return };
    ui.horizontal(|ui| {
        ui.label(RichText::new(escaped(&facts.recording.name)).strong().color(palette(ui).text_strong));
        let text = RichText::new(facts.words()).small().color(palette(ui).text_weak);
        ui.add(egui::Label::new(text).truncate());
    });
}

pub(super) fn colour_map(ui: &mut Ui, context: &mut PanelContext<'_>) {
    explanation(ui, &text!("stages-colours"));
    let mut map = context.state.settings.colour_map;
    let list = ComboBox::from_id_salt("colour map").width(88.0).selected_text(colour_map_name(map));
    let menu = dropdown::show(ui, list, |ui| {
        for option in ColourMap::ALL {
            ui.selectable_value(&mut map, option, colour_map_name(option));
        }
    });
    menu.response.accessible_name(text!("stages-colour-map")).on_hover_text(text!("stages-colour-map-help"));
    if map != context.state.settings.colour_map {
        context.send(Command::SetColourMap(map));
    }
}

/// The map's name: most are called the same in every language.
fn colour_map_name(map: ColourMap) -> String {
    match map {
        ColourMap::Grey => text!("stages-colours-grey"),
        ColourMap::Magma | ColourMap::Viridis | ColourMap::Inferno | ColourMap::Cividis => {
            map.name().to_owned()
        }
    }
}

/// Facts about the file.
struct Facts<'a> {
    /// The recording in it.
    recording: &'a Recording,
    rate_hz: u32,
    channels: usize,
    secs: f64,
    used_secs: f64,
    /// Start of the piece, or the offset, in seconds.
    start_secs: Option<f64>,
    shown_rate_hz: u32,
    flags: &'a [Flag],
}

impl<'a> Facts<'a> {
    fn of(state: &'a State) -> Option<Self> {
        let inspection = &state.inspection;
        let used = |len: usize, rate_hz: u32| len as f64 / f64::from(rate_hz.max(1));
        if let Some((index, stages)) = &inspection.stages {
            let recording = state.library.recordings.get(*index)?;
            return Some(Self {
                recording,
                rate_hz: stages.native_rate_hz,
                channels: stages.native_channels,
                secs: stages.native_duration_secs,
                used_secs: used(stages.signal.len(), stages.sample_rate_hz),
                start_secs: start_secs(recording, inspection),
                shown_rate_hz: stages.sample_rate_hz,
                flags: &stages.flags,
            });
        }
        let (index, view) = inspection.long.as_ref()?;
        let recording = state.library.recordings.get(*index)?;
        let sound = &view.sound;
        Some(Self {
            recording,
            rate_hz: sound.native_rate_hz,
            channels: sound.native_channels,
            secs: sound.native_duration_secs,
            used_secs: used(sound.signal.len(), sound.config.sample_rate_hz),
            start_secs: start_secs(recording, inspection),
            shown_rate_hz: sound.config.sample_rate_hz,
            flags: &sound.flags,
        })
    }

    fn words(&self) -> String {
        let channels = match self.channels {
            1 => text!("stages-mono"),
            2 => text!("stages-stereo"),
            more => text!("stages-channels", count = more),
        };
        let whole = format::seconds(self.secs);
        let part = if let Some(start_secs) = self.start_secs {
            let used = format::seconds(self.used_secs);
            text!("stages-part-from", used = used, start = format!("{start_secs:.3}"), whole = whole)
        } else if self.used_secs + 0.001 < self.secs {
            text!("stages-part-first", used = format::seconds(self.used_secs), whole = whole)
        } else {
            text!("stages-part-all", whole = whole)
        };
        let (native, shown) = (format::rate(self.rate_hz), format::rate(self.shown_rate_hz));
        text!("stages-facts", native = native, channels = channels, part = part, shown = shown)
    }
}

/// Start of the piece, or the offset, in seconds.
fn start_secs(recording: &Recording, inspection: &Inspection) -> Option<f64> {
    let start_ms = piece::parts(&recording.path).map(|(_, start_ms)| start_ms);
    let offset_secs = inspection.config.offset_secs;
    start_ms.map(|ms| ms as f64 / 1000.0).or_else(|| (offset_secs > 0.0).then_some(offset_secs))
}

fn flag_text(flag: &Flag) -> String {
    match flag {
        Flag::Silent => text!("stages-flag-silent"),
        Flag::Misnamed { extension, found } => {
            text!("stages-flag-misnamed", extension = extension, found = found)
        }
        Flag::Truncated => text!("stages-flag-truncated"),
        Flag::Unfinished => text!("stages-flag-unfinished"),
        Flag::FirstOfSeveral => text!("stages-flag-first"),
        Flag::NonFinite { samples } => text!("stages-flag-not-finite", count = *samples),
        Flag::BeyondFullScale { samples } => text!("stages-flag-beyond", count = *samples),
    }
}

/// Frequency scale, amplitude scales, pins, and the selection.
pub(super) fn display(ui: &mut Ui, context: &mut PanelContext<'_>, source: &StripSource<'_>) {
    toolbar::show(ui, |ui| {
        frequency(ui, context);
        ui.add_space(GAP);
        scales(ui, context, source);
        ui.add_space(GAP);
        pins(ui, context);
        ui.add_space(GAP);
        selection(ui, context);
    });
}

fn frequency(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let display = context.state.settings.stage_display;
    toolbar::group_name(ui, &text!("stages-frequency"), &text!("stages-linear"));
    ui.spacing_mut().item_spacing.x = HALF_GAP;
    for scale in FrequencyScale::ALL {
        let (name, hint) = match scale {
            FrequencyScale::Linear => (text!("stages-linear"), text!("stages-linear-help")),
            FrequencyScale::Log => (text!("stages-log"), text!("stages-log-help")),
            FrequencyScale::Mel => (text!("stages-mel"), text!("stages-mel-help")),
        };
        let selected = display.frequency == scale;
        let button = ui.selectable_label(selected, name).on_hover_text(hint);
        if button.clicked() && !selected {
            context.send(InspectionCommand::SetStageDisplay(StageDisplay { frequency: scale, ..display }));
        }
    }
}

/// Whether amplitude and colour scales fit each file or stay fixed.
fn scales(ui: &mut Ui, context: &mut PanelContext<'_>, source: &StripSource<'_>) {
    let display = context.state.settings.stage_display;
    let locked =
        display.amplitude.is_some() || display.feature_range.is_some() || display.magnitude.is_some();
    toolbar::group_name(ui, &text!("stages-scales"), &text!("stages-each-file"));
    let each =
        ui.selectable_label(!locked, text!("stages-each-file")).on_hover_text(text!("stages-each-file-help"));
    if each.clicked() && locked {
        let display = StageDisplay { amplitude: None, feature_range: None, magnitude: None, ..display };
        context.send(InspectionCommand::SetStageDisplay(display));
    }
    let hold = ui.selectable_label(locked, text!("stages-locked")).on_hover_text(text!("stages-locked-help"));
    if hold.clicked() && !locked {
        let peak = match source.envelopes {
            Some((_, padded)) => padded.peak(),
            None => source.padded.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs())),
        };
        let range = (source.min_max.min, source.min_max.max);
        let magnitudes = source.magnitude.image.iter();
        let loudest =
            source.loudest.unwrap_or_else(|| magnitudes.fold(0.0_f32, |loudest, value| loudest.max(*value)));
        let display = StageDisplay {
            amplitude: Some(peak.max(1e-3)),
            feature_range: Some(range),
            magnitude: Some(loudest.max(1e-3)),
            ..display
        };
        context.send(InspectionCommand::SetStageDisplay(display));
    }
}

fn pins(ui: &mut Ui, context: &mut PanelContext<'_>) {
    // Both stand on one line, with the name before them where there is room for it.
    let both = 2.0 * PIN_WIDTH + ui.spacing().item_spacing.x;
    toolbar::name_before(ui, &text!("stages-compare"), both);
    toolbar::group(ui, both, |ui| pair(ui, context));
    let inspection = &context.state.inspection;
    if inspection.pins.iter().all(Option::is_some) {
        let words =
            if inspection.comparing { text!("stages-show-selected") } else { text!("stages-show-both") };
        if ui.button(words).on_hover_text(text!("stages-show-help")).clicked() {
            context.send(InspectionCommand::SetComparing(!inspection.comparing));
        }
    }
}

/// The buttons that pin a recording as A and as B.
fn pair(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let inspection = &context.state.inspection;
    let mut commands = Vec::new();
    let is_long = inspection.long.is_some();
    for (slot, name) in [(PinSlot::A, "A"), (PinSlot::B, "B")] {
        let pin = inspection.pins[slot as usize].as_ref();
        let (face, hint) = match pin {
            None => (text!("stages-pin", letter = name), text!("stages-pin-help", letter = name)),
            Some(pin) => {
                let pinned = escaped(&pin.name);
                let face = text!("stages-pinned", letter = name, name = short(&pinned));
                (face, format!("{pinned}\n{}", text!("stages-unpin-help")))
            }
        };
        // As wide with a name as without one: the next button keeps its place.
        let button = Button::new(face).selected(pin.is_some()).min_size(Vec2::new(PIN_WIDTH, ROW)).truncate();
        let enabled = pin.is_some() || !is_long;
        let response =
            toolbar::group(ui, PIN_WIDTH, |ui| ui.add_enabled(enabled, button)).on_hover_text(hint);
        if response.on_disabled_hover_text(text!("stages-pin-too-long")).clicked() {
            commands.push(if pin.is_some() {
                Command::Inspection(InspectionCommand::Unpin(slot))
            } else {
                Command::Inspection(InspectionCommand::Pin(slot))
            });
        }
    }
    context.commands.extend(commands);
}

/// The end of a name, the part in which recordings differ.
fn short(name: &str) -> String {
    const MAX_CHARS: usize = 12;
    let base = name.rsplit('/').next().unwrap_or(name);
    let count = base.chars().count();
    if count <= MAX_CHARS {
        base.to_owned()
    } else {
        base.chars().skip(count - MAX_CHARS + 1).fold("…".to_owned(), |mut text, c| {
            text.push(c);
            text
        })
    }
}

fn selection(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some((from, to)) = context.state.inspection.selection else { return };
    let words = text!(
        "stages-selected",
        start = format!("{from:.3}"),
        end = format!("{to:.3}"),
        length = format::seconds(to - from)
    );
    toolbar::small_words(ui, &words, palette(ui).text);
    if ui.button(text!("stages-clear")).on_hover_text(text!("stages-clear-help")).clicked() {
        context.send(InspectionCommand::SetSelection(None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(
            short("a/7_jackson_32.wav"),
            "7_jackson_32.wav".chars().skip(5).fold("…".to_owned(), |t, c| t + &c.to_string())
        );
        assert_eq!(short("a/x.wav"), "x.wav");
    }
}
