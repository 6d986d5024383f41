use std::{io::ErrorKind, path::Path};

use super::*;
use crate::{
    audio::{
        decode::{DecodeError, ReadAdvice},
        encode::EncodeError,
        folder::{Cause, ScanError, Skipped},
    },
    jobs::{
        data::other_folders,
        fault::{FileFault, OtherContent},
    },
    language::{Language, set},
    outputs::{Asker, OutputError},
    pipeline::preprocessing::{PipelineError, Unusable},
    playback::backend::PlaybackError,
};

/// Sound files that cannot be used, one of each kind.
fn sounds() -> Vec<DecodeError> {
    use DecodeError as E;
    let path = || Path::new("a.wav").to_owned();
    let unreadable = |advice| E::Unreadable { path: path(), cause: "EIO".to_owned(), advice };
    vec![
        E::NotFound { path: path() },
        unreadable(ReadAdvice::Permissions),
        unreadable(ReadAdvice::Memory),
        unreadable(ReadAdvice::Disk),
        E::NotAFile { path: path(), kind: "a device" },
        E::Folder { path: path() },
        E::Empty { path: path() },
        E::NoSamples { path: path() },
        E::BeyondEnd { path: path(), offset_secs: 2.0, secs: 1.0 },
        E::Truncated { path: path() },
        E::AllNonFinite { path: path(), samples: 8000 },
        E::NotSound { path: path() },
        E::UnsupportedCodec { path: path(), format: "OGG".to_owned(), cause: "Speex".to_owned() },
        E::Damaged { path: path(), format: "FLAC".to_owned(), cause: "CRC".to_owned() },
        E::ImplausibleHeader { path: path(), what: "rate", actual: 0, expected: "1 to 8".to_owned() },
        E::TooLong { path: path(), secs: 9.0, held: "samples", bytes: 1 << 31, limit: 1 << 30 },
        E::Fault { path: path(), cause: "index".to_owned() },
        E::NoSuchChannel { path: path(), wanted: 2, available: 2 },
        E::OtherRate { path: path(), actual_hz: 8000, wanted_hz: 22_050 },
    ]
}

/// Errors of the pipeline and of its outputs.
fn pipeline() -> Vec<PipelineError> {
    use PipelineError as E;
    let path = || Path::new("out").to_owned();
    let first = Skipped { path: "a.wav".into(), cause: Cause::BrokenLink };
    let unusable = |cause| E::NothingUsable { folder: path(), cause };
    vec![
        E::Read { path: path(), cause: "EIO".to_owned() },
        E::Write { path: path(), cause: "EIO".to_owned() },
        E::NameTooLong { bytes: 260 },
        E::Vanished { folder: path(), count: 1, total: 2, first: path() },
        unusable(Unusable::Files { files: 3, first }),
        unusable(Unusable::Unknown { files: 3 }),
        unusable(Unusable::LeftOut { files: 3 }),
        unusable(Unusable::NoFiles),
        E::TooLarge { images: 2, bins: 256, frames: 64, gib: 9.0, limit_gib: 4.0 },
        E::TooMuchPadding { longest: path(), secs: 9.0, images: 2, bytes: 9, own_bytes: 2, limit: 4 },
        E::Output(OutputError::Input { path: path(), what: "a recording", asker: Asker::Window }),
        E::Output(OutputError::Foreign { path: path(), asker: Asker::Window }),
        E::Output(OutputError::Folder { path: path() }),
    ]
}

/// Faults of files and folders.
fn faults() -> Vec<FileFault> {
    use FileFault as F;
    let system = |kind| F::System(kind, "os error".to_owned());
    let other: OtherContent = other_folders::KINDS[0];
    vec![
        system(ErrorKind::NotFound),
        system(ErrorKind::PermissionDenied),
        system(ErrorKind::StorageFull),
        system(ErrorKind::ReadOnlyFilesystem),
        system(ErrorKind::NotADirectory),
        system(ErrorKind::InvalidFilename),
        F::NoModelFolder,
        F::NoModelBut(other),
        F::NoRecordingsBut(other),
        F::NoDescription("line 1".to_owned()),
        F::OtherImages { made: (256, 64), taken: (64, 64) },
        F::DamagedWeights("header".to_owned()),
        F::NotEmpty,
        F::ImagesOf("out".into()),
    ]
}

/// Why folders and entries of folders cannot be listed.
fn causes() -> Vec<Cause> {
    vec![
        Cause::NoFolder,
        Cause::Unreadable("EACCES".to_owned()),
        Cause::NotAFolder("a device"),
        Cause::NotAFile("a device"),
        Cause::Extension("wma".to_owned()),
        Cause::Loop("/sounds".into()),
        Cause::BrokenLink,
    ]
}

fn no_sound() -> Vec<PlaybackError> {
    use PlaybackError as E;
    let cause = || "ENODEV".to_owned();
    vec![
        E::NoDevice { cause: cause() },
        E::Busy { cause: cause() },
        E::Denied { cause: cause() },
        E::Failed { cause: cause() },
        E::Off(cause()),
    ]
}

fn all() -> Vec<Box<dyn InWords>> {
    let mut all: Vec<Box<dyn InWords>> = Vec::new();
    for error in sounds() {
        all.push(Box::new(Cause::from(error.clone())));
        all.push(Box::new(JobError::from(error)));
    }
    for error in pipeline() {
        all.push(Box::new(JobError::from(error)));
    }
    for fault in faults() {
        all.push(Box::new(JobError::file(Path::new("model"), fault)));
    }
    for cause in causes() {
        all.push(Box::new(JobError::from(ScanError { path: "/sounds".into(), cause })));
    }
    for error in no_sound() {
        all.push(Box::new(error));
    }
    all.push(Box::new(JobError::from(ModelError::NotFinite { epoch: 1, step: 9, total: f64::NAN })));
    let denied = std::io::Error::from(ErrorKind::PermissionDenied);
    all.push(Box::new(JobError::from(ModelError::File { path: "model".into(), source: denied })));
    all.push(Box::new(JobError::from(EncodeError { path: "a.wav".into(), cause: "EIO".to_owned() })));
    all
}

#[test]
fn every_error_that_has_parts_is_said_in_chinese() {
    set(Language::Chinese);
    for error in all() {
        let chinese = error.translated();
        assert!(chinese.is_some(), "no Chinese for: {error}");
        assert!(!chinese.unwrap_or_default().contains("{ $"), "{error}");
    }
    for content in other_folders::KINDS {
        assert!(files::other(content).is_some(), "{}", content.name);
    }
}

#[test]
fn english_is_what_the_crates_say() {
    for error in all() {
        assert_eq!(error.translated(), None, "{error}");
        assert_eq!(error.words(), error.to_string());
    }
}

#[test]
fn an_error_in_chinese_names_the_file_and_the_cause() {
    set(Language::Chinese);
    let error = JobError::from(DecodeError::NotFound { path: "/声音/a.wav".into() });
    assert_eq!(error.words(), "/声音/a.wav：没有这个文件；请检查路径");
    let damaged =
        DecodeError::Damaged { path: "a.flac".into(), format: "FLAC".to_owned(), cause: "CRC".to_owned() };
    assert_eq!(Cause::from(damaged).words(), "该 FLAC 文件已损坏（CRC）；请重新复制或导出");
}
