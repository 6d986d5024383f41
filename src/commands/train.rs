//! `timbrespace train`: a model from recordings or spectrograms.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    error::CommandError,
    flags::Flags,
    settings::SettingsArguments,
    shared_arguments::{ExcludeArguments, ResultArguments},
    text,
};
use crate::{
    audio::left_out::LeftOut,
    interrupt::Interrupt,
    jobs::{
        JobError,
        data::source,
        runs::{bundle_config::BundleConfig, settings::RunSettings},
        train::{self, Choices, Existing, Images, Report, Request, STREAM, Streaming},
    },
    names::shown,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
    vae::{
        config::{ModelChoices, TrainingConfig},
        steering::Steering,
        training_config::TrainingChoices,
    },
};

/// Flags of `train`.
#[derive(Args, Debug)]
#[command(
    after_help = "Ctrl-C once stops after the current step and keeps the model; --resume goes on with it. \
                        Settings that are not given come from the preset, or with --resume from the bundle."
)]
pub struct TrainArguments {
    /// A folder of recordings, or one that `preprocess` wrote
    #[arg(value_name = "FOLDER|P")]
    folder: PathBuf,
    /// The folder of the model bundle to write
    #[arg(long, value_name = "B")]
    out: PathBuf,
    #[command(flatten)]
    model: Flags<ModelChoices>,
    #[command(flatten)]
    training: Flags<TrainingChoices>,
    #[arg(long, help = STREAM.help)]
    stream: bool,
    /// Go on from the newest checkpoint in --out
    #[arg(long, conflicts_with = "overwrite")]
    resume: bool,
    /// Replace the model in --out
    #[arg(long)]
    overwrite: bool,
    /// Also write TensorBoard's event files into DIR/train and DIR/validation: losses, learning rate and speed of each epoch,
    /// and what each step has. A resumed run goes on in new files there
    #[arg(long, value_name = "DIR")]
    tensorboard: Option<PathBuf>,
    /// Settings from a TOML file, as `timbrespace settings` or the window writes it; flags win over the file, the file
    /// over the preset
    #[arg(long = "settings", value_name = "FILE.toml")]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

impl TrainArguments {
    /// The choices of the flags, then of the settings file.
    fn choices(&self, file: &RunSettings) -> Choices {
        let flags = Choices { model: self.model.0.clone(), training: self.training.0.clone() };
        file.choices.clone().and(&flags)
    }

    fn existing(&self) -> Existing {
        match (self.resume, self.overwrite) {
            (true, _) => Existing::Resume,
            (false, true) => Existing::Overwrite,
            (false, false) => Existing::Refuse,
        }
    }

    /// The bundle's configuration, which a resumed run uses for everything not given.
    fn resumed(&self) -> Option<BundleConfig> {
        self.resume.then(|| BundleConfig::read(&self.out).ok()).flatten()
    }

    fn images(
        &self,
        file: &RunSettings,
        resumed: Option<&BundleConfig>,
        interrupt: &Interrupt,
    ) -> Result<Images, CommandError> {
        if Dataset::is_preprocessed(&self.folder) {
            return self.preprocessed(file, resumed);
        }
        let config = match resumed {
            Some(bundle) => {
                self.settings.config_over(self.of_file(file.preprocessing_over(&bundle.preprocessing))?)?
            }
            None if file.has_preprocessing() => {
                self.settings.config_over(self.of_file(file.preprocessing())?)?
            }
            None => self.settings.config_for(&self.folder, interrupt)?,
        };
        Ok(Images::Folder(self.folder.clone(), Box::new(config)))
    }

    /// Adds the settings file's name to an error about its values.
    fn of_file<T>(&self, settings: Result<T, JobError>) -> Result<T, CommandError> {
        settings.map_err(|error| match &self.file {
            Some(file) => CommandError::Usage(format!("{}: {error}", shown(file))),
            None => error.into(),
        })
    }

    /// Checks that a preprocessed folder matches the file and the flags.
    fn preprocessed(
        &self,
        file: &RunSettings,
        resumed: Option<&BundleConfig>,
    ) -> Result<Images, CommandError> {
        let assumed =
            resumed.map_or_else(PreprocessingConfig::default, |bundle| bundle.preprocessing.clone());
        if !self.settings.is_given() && !file.has_preprocessing() {
            return Ok(Images::Folder(self.folder.clone(), Box::new(assumed)));
        }
        let opened = Dataset::open_index(&self.folder, &assumed, &LeftOut::default());
        let (dataset, _) = opened.map_err(JobError::from)?;
        if !dataset.settings_recorded {
            let config = self.stated_settings(file, &dataset)?;
            return Ok(Images::Folder(self.folder.clone(), Box::new(config)));
        }
        source::check_fits(&dataset.config, &self.of_file(file.preprocessing_over(&dataset.config))?)?;
        self.settings.check_feature(&dataset.config)?;
        if let Some(contradiction) = self.settings.contradiction(&dataset.config) {
            return Err(CommandError::Usage(format!(
                "{}: --{} asks for {}, but these images were made with {}; leave the flag out, or preprocess the \
                 recordings again",
                shown(&self.folder),
                contradiction.flag,
                contradiction.asked,
                contradiction.actual
            )));
        }
        Ok(Images::Folder(self.folder.clone(), Box::new(dataset.config)))
    }

    /// Settings of images without recorded settings: from file and flags, if they fit the images' size.
    fn stated_settings(
        &self,
        file: &RunSettings,
        dataset: &Dataset,
    ) -> Result<PreprocessingConfig, CommandError> {
        let (bins, frames) = dataset.image_shape();
        let mut config = self.settings.config_over(file.preprocessing_over(&dataset.config)?)?;
        if !self.settings.has_duration() && !file.has_preprocessing() {
            config.fit_duration(frames);
        }
        let (stated_bins, stated_frames) =
            (config.bins(), config.image_shape().map_or(frames, |shape| shape.1));
        if (stated_bins, stated_frames) == (bins, frames) {
            return Ok(config);
        }
        Err(CommandError::Usage(format!(
            "{}: these settings make images of {stated_bins} x {stated_frames}, but its images are {bins} x {frames}; {bins} \
             rows come from --frame-size {} (log spectrograms), the columns from --duration and --hop-length: \
             leave --duration out",
            shown(&self.folder),
            2 * bins
        )))
    }
}

pub(super) fn run(arguments: &TrainArguments, context: &Context) -> Result<(), CommandError> {
    let resumed = arguments.resumed();
    let file = arguments.file.as_deref().map_or_else(|| Ok(RunSettings::default()), RunSettings::read)?;
    let choices = arguments.choices(&file);
    let epochs = choices.training.epochs;
    let request = Request {
        images: arguments.images(&file, resumed.as_ref(), &context.interrupt)?,
        left_out: arguments.exclude.list()?,
        out: arguments.out.clone(),
        choices,
        existing: arguments.existing(),
        steering: Steering::new(),
        streaming: if arguments.stream { Streaming::Always } else { Streaming::Auto },
        tensorboard: arguments.tensorboard.clone(),
    };
    let defaults = resumed.map_or_else(TrainingConfig::default, |bundle| bundle.training);
    context.progress.expect_epochs(epochs.unwrap_or(defaults.epochs));
    let report = train::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))?;
    if report.finished { Ok(()) } else { Err(CommandError::StoppedEarly(report.out)) }
}

fn report_text(report: &Report) -> String {
    let summary = format!(
        "{} with {} trained on {} in {}",
        shown(&report.out),
        text::count(report.parameters, "parameter"),
        text::count(report.images - report.validation_images, "image"),
        text::duration(report.seconds),
    );
    let mut lines = vec![summary];
    if let Some(epoch) = &report.last_epoch {
        let number = epoch.epoch;
        lines.push(format!("epoch {number}: training {}", text::losses(&epoch.training)));
        let validation = epoch.validation.iter();
        lines.extend(validation.map(|losses| format!("epoch {number}: validation {}", text::losses(losses))));
    }
    if report.stopped_early {
        lines.push("early stopping ended the run: no better score within its patience".to_owned());
    }
    if report.last_epoch.as_ref().is_some_and(|epoch| epoch.epoch != report.kept_epoch) {
        lines.push(format!("the model is from epoch {}, the best", report.kept_epoch));
    }
    lines.join("\n")
}
