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
        E::UnsupportedCodec { path: path(), format: "OGG".to_owned(), cause: "Speex".to_owned().into() },
        E::Damaged { path: path(), format: "FLAC".to_owned(), cause: "CRC".to_owned().into() },
        E::ImplausibleHeader {
            path: path(),
            what: "rate".to_owned().into(),
            actual: 0,
            expected: "1 to 8".to_owned().into(),
        },
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
        E::Read { path: path(), cause: "EIO".into() },
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
        F::DamagedWeights(std::sync::Arc::new(ModelError::Other("header".to_owned()))),
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
fn a_setting_that_does_not_fit_is_named_as_in_its_form() {
    use crate::{
        pipeline::config::{ClipDuration, PreprocessingConfig},
        vae::config::TrainingConfig,
    };
    let words = |config: PreprocessingConfig| config.validate().unwrap_err().words();
    let odd = || words(PreprocessingConfig { frame_size: 513, ..PreprocessingConfig::default() });
    let long = || words(PreprocessingConfig { hop_length: 1024, ..PreprocessingConfig::default() });
    let none = || {
        let duration = ClipDuration::Frames(0);
        words(PreprocessingConfig { duration, ..PreprocessingConfig::default() })
    };
    let training =
        || TrainingConfig { epochs: 0, ..TrainingConfig::default() }.validate().unwrap_err().words();
    assert_eq!(odd(), "Frame is 513, but must be an even number");
    assert_eq!(long(), "Hop is 1,024, but must be at most Frame (512)");
    let longer = || {
        let config =
            PreprocessingConfig { frame_size: 2048, hop_length: 4096, ..PreprocessingConfig::default() };
        words(config)
    };
    assert_eq!(longer(), "Hop is 4,096, but must be at most Frame (2,048)");
    set(Language::Chinese);
    assert_eq!(longer(), "帧移为 4,096；应为：不大于帧长（2,048）的值");
    assert_eq!(odd(), "帧长为 513；应为：偶数");
    assert_eq!(long(), "帧移为 1,024；应为：不大于帧长（512）的值");
    assert!(none().starts_with("时长为 0；应为：1 至 "), "{}", none());
    assert!(training().starts_with("轮数为 0；应为：1 至 "), "{}", training());
    let error = JobError::from(
        PreprocessingConfig { frame_size: 513, ..PreprocessingConfig::default() }.validate().unwrap_err(),
    );
    assert_eq!(error.words(), odd());
}

#[test]
fn a_mistake_in_a_file_of_settings_is_said_in_chinese() {
    use crate::jobs::runs::settings::RunSettings;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    let refused = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let words = RunSettings::read(&file).unwrap_err().words();
        words.split_once("settings.toml：").unwrap().1.to_owned()
    };
    set(Language::Chinese);
    assert_eq!(
        refused("[training]\n\nlearning_rat = 1.0\n"),
        "第 3 行：[training] 中没有设置 `learning_rat`；是否指 `learning_rate`？"
    );
    let all = refused("[model]\nxyz = 1\n");
    assert!(all.starts_with("第 2 行：[model] 中没有设置 `xyz`；可用的设置：preset、latent_size、"), "{all}");
    assert_eq!(
        refused("[training]\nepochs = \"many\"\n"),
        "第 2 行：[training] 中的 `epochs`：轮数为 \"many\"；应为：1 至 1,000,000"
    );
    assert_eq!(refused("epochs = 3\n"), "第 1 行：`epochs` 不在 [model]、[training] 或 [preprocessing] 表中");
    assert!(refused("[models]\n").starts_with("第 1 行：没有名为 `models` 的设置表"));
    assert!(refused("[model\n").starts_with("第 1 行：不是有效的 TOML；请检查引号"));
}

#[test]
fn a_tensor_that_does_not_fit_and_a_refused_model_are_said_in_chinese() {
    let misfit = |actual| ModelError::Tensor {
        name: "encoder.mu.weight".to_owned(),
        expected: "f32 [2, 3]".to_owned().into(),
        actual,
    };
    let missing = || misfit(sentence!("tensor-nothing", "nothing"));
    let fault = FileFault::DamagedWeights(std::sync::Arc::new(missing()));
    set(Language::Chinese);
    assert_eq!(missing().words(), "张量 encoder.mu.weight：模型需要 f32 [2, 3]，文件中为空");
    assert!(fault.words().contains("文件中为空"), "{}", fault.words());
    let recording = JobError::file(
        Path::new("a.wav"),
        sentence!("error-image-misfit", "makes {made}, takes {taken}", made = "256 × 64", taken = "64 × 64"),
    );
    assert_eq!(recording.words(), "a.wav：生成 256 × 64 的图像，而模型需要 64 × 64");
    assert_eq!(Cause::from(recording).words(), "生成 256 × 64 的图像，而模型需要 64 × 64");
    let none = JobError::NoneEncoded(vec![Skipped { path: "a.wav".into(), cause: Cause::BrokenLink }]);
    assert_eq!(none.words(), "该录音无法编码：a.wav：链接已失效");
}

#[test]
fn what_the_decoder_finds_is_said_in_chinese() {
    set(Language::Chinese);
    let damaged = DecodeError::Damaged {
        path: "a.wav".into(),
        format: "WAV".to_owned(),
        cause: sentence!("damaged-no-format", "its format chunk is missing"),
    };
    assert_eq!(Cause::from(damaged).words(), "该 WAV 文件已损坏（缺少格式块）；请重新复制或导出");
    let header = DecodeError::ImplausibleHeader {
        path: "a.wav".into(),
        what: sentence!("what-channels", "number of channels"),
        actual: 0,
        expected: sentence!("header-range", "{low} to {high}", low = 1, high = 64),
    };
    assert_eq!(
        Cause::from(header).words(),
        "文件头中的数值不合理（声道数：0，只可能为 1 至 64）；请重新导出"
    );
}

#[test]
fn a_file_that_is_gone_is_said_in_the_language_of_the_moment() {
    let cause = Cause::from(vanished());
    assert!(cause.words().starts_with("the file is gone"));
    set(Language::Chinese);
    assert!(cause.words().starts_with("文件已消失"));
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
    let damaged = DecodeError::Damaged {
        path: "a.flac".into(),
        format: "FLAC".to_owned(),
        cause: "CRC".to_owned().into(),
    };
    assert_eq!(Cause::from(damaged).words(), "该 FLAC 文件已损坏（CRC）；请重新复制或导出");
}
