//! Why recordings could not be listed, decoded or preprocessed.

use super::{InWords, about_cause, after_path, shown_path};
use crate::{
    audio::{
        decode::{DecodeError, ReadAdvice},
        folder::{Cause, ScanError, Skipped},
    },
    language::translation,
    numbers,
    pipeline::preprocessing::{PipelineError, Unusable},
    regular_file::format_size,
};

impl InWords for Cause {
    fn translated(&self) -> Option<String> {
        match self {
            Self::NoFolder => translation("error-no-folder", &[]),
            Self::Unreadable(cause) => about_cause("error-unreadable-denied", cause),
            Self::NotAFolder(_) => translation("error-not-a-folder", &[]),
            Self::NotAFile(_) => translation("error-not-a-file", &[]),
            Self::Extension(extension) => {
                translation("error-extension", &[("extension", (&**extension).into())])
            }
            Self::Loop(folder) => translation("error-link-loop", &[("folder", shown_path(folder))]),
            Self::BrokenLink => translation("error-broken-link", &[]),
            Self::Decode(error) => cause_of(error),
            Self::Said(sentence) => sentence.translated(),
            Self::Words(_) => None,
        }
    }
}

impl InWords for ScanError {
    fn translated(&self) -> Option<String> {
        after_path(&self.path, self.cause.translated()?)
    }
}

impl InWords for DecodeError {
    fn translated(&self) -> Option<String> {
        after_path(self.path(), cause_of(self)?)
    }
}

/// Why a sound file could not be used, without its name.
fn cause_of(error: &DecodeError) -> Option<String> {
    use DecodeError as E;
    match error {
        E::NotFound { .. } => translation("error-not-found", &[]),
        E::Unreadable { cause, advice, .. } => about_cause(
            match advice {
                ReadAdvice::Permissions => "error-unreadable-denied",
                ReadAdvice::Memory => "error-unreadable-memory",
                ReadAdvice::Disk => "error-unreadable-disk",
            },
            cause,
        ),
        E::NotAFile { .. } => translation("error-not-a-file", &[]),
        E::Folder { .. } => translation("error-folder", &[]),
        E::Empty { .. } => translation("error-empty", &[]),
        E::NoSamples { .. } => translation("error-no-samples", &[]),
        E::Truncated { .. } => translation("error-truncated", &[]),
        E::AllNonFinite { samples, .. } => translation("error-not-finite", &[("samples", (*samples).into())]),
        E::NotSound { .. } => translation("error-not-sound", &[]),
        E::UnsupportedCodec { format, cause, .. } => {
            translation("error-codec", &[("format", (&**format).into()), ("cause", cause.words().into())])
        }
        E::Damaged { format, cause, .. } => {
            translation("error-damaged", &[("format", (&**format).into()), ("cause", cause.words().into())])
        }
        E::Fault { cause, .. } => about_cause("error-file-fault", cause),
        E::BeyondEnd { .. }
        | E::ImplausibleHeader { .. }
        | E::TooLong { .. }
        | E::NoSuchChannel { .. }
        | E::OtherRate { .. } => misfit(error),
    }
}

/// Why a sound file does not fit the settings or the limits.
fn misfit(error: &DecodeError) -> Option<String> {
    use DecodeError as E;
    match error {
        E::BeyondEnd { offset_secs, secs, .. } => translation(
            "error-beyond-end",
            &[("length", format!("{secs:.3}").into()), ("offset", format!("{offset_secs:.3}").into())],
        ),
        E::ImplausibleHeader { what, actual, expected, .. } => translation(
            "error-header",
            &[
                ("what", what.words().into()),
                ("actual", numbers::grouped(&actual.to_string()).into()),
                ("expected", expected.words().into()),
            ],
        ),
        E::TooLong { secs, bytes, limit, .. } => translation(
            "error-too-long",
            &[
                ("length", format!("{secs:.0}").into()),
                ("size", format_size(*bytes).into()),
                ("limit", format_size(*limit).into()),
            ],
        ),
        E::NoSuchChannel { wanted, available, .. } => {
            translation("error-channel", &[("wanted", (*wanted).into()), ("available", (*available).into())])
        }
        E::OtherRate { actual_hz, wanted_hz, .. } => translation(
            "error-rate",
            &[
                ("actual", numbers::count(*actual_hz as usize).into()),
                ("wanted", numbers::count(*wanted_hz as usize).into()),
            ],
        ),
        _ => None,
    }
}

impl InWords for Unusable {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Files { files, first } => translation(
                "error-none-usable-first",
                &[
                    ("count", (*files).into()),
                    ("path", shown_path(&first.path)),
                    ("cause", first.cause.words().into()),
                ],
            ),
            Self::Unknown { files } => translation("error-none-usable", &[("count", (*files).into())]),
            Self::LeftOut { files } => translation("error-all-left-out", &[("count", (*files).into())]),
            Self::NoFiles => translation("error-no-files", &[]),
        }
    }
}

/// Why none of `skipped` could be encoded.
pub(super) fn none_encoded(skipped: &[Skipped]) -> Option<String> {
    let first = skipped.first()?;
    let (path, cause) = (shown_path(&first.path), first.cause.words().into());
    match skipped.len() {
        1 => translation("error-not-encoded", &[("path", path), ("cause", cause)]),
        count => {
            translation("error-none-encoded", &[("count", count.into()), ("path", path), ("cause", cause)])
        }
    }
}

impl InWords for PipelineError {
    fn translated(&self) -> Option<String> {
        match self {
            Self::Decode(error) => error.translated(),
            Self::Output(error) => error.translated(),
            Self::Read { path, cause } => {
                let cause = cause.words().into();
                translation("error-cannot-read", &[("path", shown_path(path)), ("cause", cause)])
            }
            Self::Write { path, cause } => {
                translation("error-cannot-write", &[("path", shown_path(path)), ("cause", (&**cause).into())])
            }
            Self::NameTooLong { bytes } => translation("error-name-too-long", &[("bytes", (*bytes).into())]),
            Self::Vanished { folder, count, total, first } => translation(
                "error-vanished",
                &[
                    ("folder", shown_path(folder)),
                    ("count", (*count).into()),
                    ("total", (*total).into()),
                    ("first", shown_path(first)),
                ],
            ),
            Self::NothingUsable { folder, cause } => after_path(folder, cause.translated()?),
            Self::TooLarge { images, bins, frames, gib, limit_gib } => translation(
                "error-too-large",
                &[
                    ("images", (*images).into()),
                    ("size", format!("{} × {}", numbers::count(*bins), numbers::count(*frames)).into()),
                    ("needed", format!("{gib:.1}").into()),
                    ("limit", format!("{limit_gib:.0}").into()),
                ],
            ),
            Self::TooMuchPadding { longest, secs, images, bytes, own_bytes, limit } => translation(
                "error-too-much-padding",
                &[
                    ("longest", shown_path(longest)),
                    ("length", format!("{secs:.0}").into()),
                    ("images", (*images).into()),
                    ("size", format_size(*bytes).into()),
                    ("own", format_size(*own_bytes).into()),
                    ("limit", format_size(*limit).into()),
                ],
            ),
            Self::Config(misfit) => misfit.translated(),
            Self::Said(sentence) => sentence.translated(),
            Self::Other(_) | Self::Stopped => None,
        }
    }
}
