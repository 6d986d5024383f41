//! What may be behind a difference from Python's images, in another language than English.

use crate::{
    app::format,
    inspect::parity::cause::Cause,
    language::{Value, translation},
    pipeline::stages::MinMax,
};

/// The cause in words; `None` in English.
pub(super) fn translated(cause: Cause) -> Option<String> {
    let key = match cause {
        Cause::Transposed => "cause-transposed",
        Cause::NyquistKept => "cause-nyquist-kept",
        Cause::NotFinite => "cause-not-finite",
        Cause::UpsideDown => "cause-upside-down",
        Cause::Squared => "cause-squared",
        Cause::Extremes => "cause-extremes",
        _ => return with_figures(cause),
    };
    translation(key, &[])
}

fn with_figures(cause: Cause) -> Option<String> {
    match cause {
        Cause::OneFrame { ours, theirs } => translation("cause-one-frame", &both(ours, theirs)),
        Cause::Frames { ours, theirs } => translation("cause-frames", &both(ours, theirs)),
        Cause::Bins { theirs } => translation(
            "cause-bins",
            &[("theirs", theirs.to_string().into()), ("size", (2 * theirs).to_string().into())],
        ),
        Cause::Shifted(frames) => {
            let key = if frames > 0 { "cause-later" } else { "cause-earlier" };
            translation(key, &[("count", frames.unsigned_abs().into())])
        }
        Cause::NotNormalised(range) => translation("cause-not-normalised", &of_range(range)),
        Cause::OtherRange(range) => translation("cause-other-range", &of_range(range)),
        Cause::Reference(offset) => {
            translation("cause-reference", &[("offset", (format::signed(offset, 2) + " dB").into())])
        }
        Cause::TopDb { ours, theirs } => translation(
            "cause-top-db",
            &[
                ("ours", (format::fixed(ours, 1) + " dB").into()),
                ("theirs", (format::fixed(theirs, 1) + " dB").into()),
            ],
        ),
        Cause::Resampled { from_hz, to_hz } => translation(
            "cause-resampled",
            &[
                ("from", format!("{from_hz} Hz").into()),
                ("to", format!("{to_hz} Hz").into()),
                ("edge", format!("{} Hz", from_hz.min(to_hz) / 2).into()),
            ],
        ),
        Cause::Transposed
        | Cause::NyquistKept
        | Cause::NotFinite
        | Cause::UpsideDown
        | Cause::Squared
        | Cause::Extremes => None,
    }
}

fn both(ours: usize, theirs: usize) -> [(&'static str, Value<'static>); 2] {
    [("ours", ours.to_string().into()), ("theirs", theirs.to_string().into())]
}

fn of_range(MinMax { min, max }: MinMax) -> [(&'static str, Value<'static>); 2] {
    [("min", format::fixed(min, 3).into()), ("max", format::fixed(max, 3).into())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    #[test]
    fn every_cause_is_said_in_chinese() {
        let range = MinMax { min: -1.0, max: 1.0 };
        let causes = [
            Cause::Transposed,
            Cause::NyquistKept,
            Cause::NotFinite,
            Cause::UpsideDown,
            Cause::Squared,
            Cause::Extremes,
            Cause::OneFrame { ours: 64, theirs: 63 },
            Cause::Frames { ours: 64, theirs: 128 },
            Cause::Bins { theirs: 512 },
            Cause::Shifted(1),
            Cause::Shifted(-2),
            Cause::NotNormalised(range),
            Cause::OtherRange(range),
            Cause::Reference(-20.0),
            Cause::TopDb { ours: 80.0, theirs: 60.0 },
            Cause::Resampled { from_hz: 8000, to_hz: 22_050 },
        ];
        assert!(causes.iter().all(|&cause| translated(cause).is_none()), "English stands in the table");
        set(Language::Chinese);
        for cause in causes {
            assert!(translated(cause).is_some(), "{cause}");
        }
    }
}
