//! Buttons for the findings of a check: leave the recordings out, play one, use their sample rate.

use eframe::egui::{Button, Ui};

use crate::{
    app::{context::PanelContext, format, widgets::left_out_button},
    inspect::doctor::{check::Check, evidence::Evidence, finding::Finding},
    jobs::doctor::Report,
    language::text,
    pipeline::{config::PreprocessingConfig, pieces::Cutting},
    session::{InspectionCommand, LibraryCommand, PlaybackCommand},
};

/// Draws the buttons, unless another folder is open than the examined one.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Report, findings: &[&Finding]) {
    if context.state.library.root.as_ref() != Some(&report.folder) {
        return;
    }
    ui.horizontal(|ui| {
        let names: Vec<&str> = findings.iter().flat_map(|finding| names_of(finding)).collect();
        context.commands.extend(left_out_button::show(ui, &context.state.library, &names));
        play(ui, context, &names);
        let settings = &context.state.settings.preprocessing;
        if let Some(hz) = rate_to_use(findings, settings) {
            let hint = text!("doctor-use-rate-help", rate = format::hertz(settings.sample_rate_hz.into()));
            let button = Button::new(text!("doctor-use-rate", rate = format::hertz(hz.into())));
            let button = ui.add(button);
            if button.on_hover_text(hint).clicked() {
                context.send(InspectionCommand::SetPreprocessing(with_rate(settings, hz)));
            }
        }
        part(ui, context, findings);
    });
}

/// Offers settings that use another part of the recordings, if the used part is silent or sound is lost.
fn part(ui: &mut Ui, context: &mut PanelContext<'_>, findings: &[&Finding]) {
    let settings = &context.state.settings.preprocessing;
    let is = |check| findings.iter().any(|finding| finding.check() == check);
    if settings.pieces.is_on() || !(is(Check::Silent) || is(Check::CutOff)) {
        return;
    }
    if !settings.trim_silence {
        let hint = text!("doctor-trim-help", db = settings.pieces.silence_db.to_string());
        if ui.add(Button::new(text!("doctor-trim"))).on_hover_text(hint).clicked() {
            let settings = PreprocessingConfig { trim_silence: true, ..settings.clone() };
            return context.send(InspectionCommand::SetPreprocessing(settings));
        }
    }
    if settings.max_secs().is_some() && is(Check::CutOff) {
        let hint = text!("doctor-cut-help");
        if ui.add(Button::new(text!("doctor-cut"))).on_hover_text(hint).clicked() {
            let mut settings = PreprocessingConfig { offset_secs: 0.0, ..settings.clone() };
            settings.pieces.at = Cutting::Silences;
            context.send(InspectionCommand::SetPreprocessing(settings));
        }
    }
}

/// The recordings of a finding.
fn names_of(finding: &Finding) -> Vec<&str> {
    if finding.is_about_many() {
        finding.files.iter().map(String::as_str).collect()
    } else {
        vec![&finding.file]
    }
}

/// Plays the selected recording if it is one of `names`, else the first of them that can be read; or stops playback.
fn play(ui: &mut Ui, context: &mut PanelContext<'_>, names: &[&str]) {
    let library = &context.state.library;
    let can_be_read = |name: &str| {
        let found = library.recordings.iter().position(|recording| recording.name == name)?;
        library.problem_of(library.recordings.get(found)?).is_none().then_some(found)
    };
    let selected = library.selected.and_then(|index| library.recordings.get(index));
    let selected = selected.map(|recording| &*recording.name).filter(|name| names.contains(name));
    let first = || selected.into_iter().chain(names.iter().copied()).find_map(can_be_read);
    let is_playing = context.state.playback.playing.is_some();
    let text = if is_playing { text!("doctor-stop") } else { text!("doctor-play") };
    let first = if is_playing { None } else { first() };
    let button = ui.add_enabled(is_playing || first.is_some(), Button::new(text));
    let button = button.on_disabled_hover_text(text!("doctor-play-none"));
    if !button.on_hover_text(text!("doctor-play-help")).clicked() {
        return;
    }
    if is_playing {
        context.send(PlaybackCommand::Stop);
    } else if let Some(index) = first {
        context.send(LibraryCommand::Select(index));
        context.send(PlaybackCommand::TogglePlay);
    }
}

/// The sample rate of the recordings in `findings`, if it differs from the settings.
fn rate_to_use(findings: &[&Finding], settings: &PreprocessingConfig) -> Option<u32> {
    let of_settings = settings.sample_rate_hz;
    findings.iter().find_map(|finding| match finding.evidence {
        Evidence::OtherRate { hz, .. } if hz != of_settings => Some(hz),
        Evidence::BandLimit { rate_hz, .. } if rate_hz < of_settings => Some(rate_hz),
        _ => None,
    })
}

/// `settings` at another sample rate, with the bands inside its spectrum.
fn with_rate(settings: &PreprocessingConfig, hz: u32) -> PreprocessingConfig {
    let mut settings = PreprocessingConfig { sample_rate_hz: hz, ..settings.clone() };
    settings.fit_to_rate();
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other_rate(hz: u32) -> Finding {
        Finding::of_one("a.wav", Evidence::OtherRate { hz, settings_hz: 22_050, refused: false })
    }

    #[test]
    fn the_rate_of_the_recordings_is_offered_until_the_settings_have_it() {
        let mut settings = PreprocessingConfig::default();
        let finding = other_rate(8000);
        assert_eq!(rate_to_use(&[&finding], &settings), Some(8000));
        settings = with_rate(&settings, 8000);
        assert!(settings.validate().is_ok());
        assert_eq!(rate_to_use(&[&finding], &settings), None);
        let limit =
            |rate_hz| Finding::of_one("a.wav", Evidence::BandLimit { hz: 3000.0, image_hz: 4000.0, rate_hz });
        assert_eq!(rate_to_use(&[&limit(44_100)], &settings), None, "a low-pass filter, not a low rate");
        assert_eq!(rate_to_use(&[&limit(6000)], &settings), Some(6000));
    }

    #[test]
    fn mel_bands_follow_a_lower_rate() {
        let settings = with_rate(&PreprocessingConfig::log_mel(), 8000);
        assert_eq!((settings.sample_rate_hz, settings.mel_max_hz), (8000, 4000.0));
        assert!(settings.validate().is_ok());
    }
}
