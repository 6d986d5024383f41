//! The figures behind a finding, in another language than English.

use crate::{
    app::format,
    inspect::doctor::evidence::Evidence,
    language::{Value, translation},
    session::error_words::InWords as _,
};

/// The figures in words; `None` in English.
pub(super) fn translated(evidence: &Evidence) -> Option<String> {
    match evidence {
        Evidence::Unreadable { cause } => Some(cause.words()),
        Evidence::NotNumbers { samples } => {
            translation("evidence-not-numbers", &[("samples", format::count(*samples).into())])
        }
        Evidence::Silent { peak_db, used_secs, sound_at_secs } => {
            silent(*peak_db, *used_secs, *sound_at_secs)
        }
        Evidence::Duplicate { of } => translation("evidence-duplicate", &[("other", of.into())]),
        Evidence::Clipped { runs, samples, level } => translation(
            "evidence-clipped",
            &[
                ("runs", format::count(*runs).into()),
                ("samples", format::count(*samples).into()),
                ("level", format!("{level:.3}").into()),
            ],
        ),
        Evidence::Truncated => translation("evidence-truncated", &[]),
        Evidence::SameName { with } => translation("evidence-same-name", &[("other", with.into())]),
        Evidence::DcOffset { mean } => {
            let mean = format::signed(*mean, 4);
            translation("evidence-dc-offset", &[("mean", mean.into())])
        }
        Evidence::LostSound { .. } | Evidence::Padded { .. } => lengths(evidence),
        Evidence::OddRate { .. } | Evidence::OtherRate { .. } | Evidence::BandLimit { .. } => rates(evidence),
    }
}

fn silent(peak_db: Option<f64>, used_secs: f64, sound_at_secs: Option<f64>) -> Option<String> {
    let used = ("used", seconds(used_secs));
    let silence = match peak_db {
        Some(peak) => {
            let peak = format::fixed(peak, 1) + " dB";
            translation("evidence-silent", &[used, ("peak", peak.into())])
        }
        None => translation("evidence-zeros", &[used]),
    }?;
    match sound_at_secs {
        None => Some(silence),
        Some(at) => {
            translation("evidence-sound-later", &[("silence", silence.into()), ("begin", seconds(at))])
        }
    }
}

fn lengths(evidence: &Evidence) -> Option<String> {
    match *evidence {
        Evidence::LostSound { lost_secs, energy, image_secs } => translation(
            "evidence-lost-sound",
            &[
                ("lost", seconds(lost_secs)),
                ("image", seconds(image_secs)),
                ("energy", format!("{:.1} %", 100.0 * energy).into()),
            ],
        ),
        Evidence::Padded { sound_secs, image_secs } => {
            let padding = 1.0 - sound_secs / image_secs.max(f64::MIN_POSITIVE);
            translation(
                "evidence-padded",
                &[
                    ("padding", format!("{:.0} %", 100.0 * padding).into()),
                    ("sound", seconds(sound_secs)),
                    ("image", seconds(image_secs)),
                ],
            )
        }
        _ => None,
    }
}

fn rates(evidence: &Evidence) -> Option<String> {
    match *evidence {
        Evidence::OddRate { hz, usual_hz } => {
            translation("evidence-odd-rate", &[("rate", hertz(hz.into())), ("usual", hertz(usual_hz.into()))])
        }
        Evidence::OtherRate { hz, settings_hz, refused } => {
            let key = if refused { "evidence-refused-rate" } else { "evidence-resampled" };
            translation(key, &[("rate", hertz(hz.into())), ("settings", hertz(settings_hz.into()))])
        }
        Evidence::BandLimit { hz, image_hz, rate_hz } => translation(
            "evidence-band-limit",
            &[("limit", hertz(hz)), ("image", hertz(image_hz)), ("rate", hertz(rate_hz.into()))],
        ),
        _ => None,
    }
}

fn seconds(secs: f64) -> Value<'static> {
    format!("{secs:.2} s").into()
}

fn hertz(hz: f64) -> Value<'static> {
    format::hertz(hz).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::folder::Cause;
    use crate::language::{Language, set};

    #[test]
    fn every_kind_but_an_error_is_said_in_chinese() {
        let silent = |peak_db, sound_at_secs| Evidence::Silent { peak_db, used_secs: 0.74, sound_at_secs };
        let rate = |refused| Evidence::OtherRate { hz: 8000, settings_hz: 22_050, refused };
        let kinds = [
            Evidence::NotNumbers { samples: 3 },
            silent(Some(-71.2), None),
            silent(None, Some(1.5)),
            Evidence::Duplicate { of: "b.wav".to_owned() },
            Evidence::Clipped { runs: 1, samples: 12, level: 1.0 },
            Evidence::LostSound { lost_secs: 0.5, energy: 0.2, image_secs: 0.74 },
            Evidence::Truncated,
            Evidence::OddRate { hz: 8000, usual_hz: 44_100 },
            rate(false),
            rate(true),
            Evidence::SameName { with: "b.wav".to_owned() },
            Evidence::DcOffset { mean: -0.05 },
            Evidence::Padded { sound_secs: 0.2, image_secs: 0.8 },
            Evidence::BandLimit { hz: 4000.0, image_hz: 11_025.0, rate_hz: 8000 },
        ];
        for kind in &kinds {
            assert_eq!(translated(kind), None, "English stands in the table: {kind}");
        }
        set(Language::Chinese);
        for kind in &kinds {
            assert!(translated(kind).is_some(), "{kind}");
        }
        let link = Evidence::Unreadable { cause: Cause::BrokenLink };
        assert_eq!(translated(&link), Some(Cause::BrokenLink.words()));
        assert_ne!(translated(&link).as_deref(), Some("a broken link"));
    }
}
