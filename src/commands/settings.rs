//! The preprocessing flags that several subcommands share.

use std::path::Path;

use clap::Args;

use super::{
    choice::named,
    error::CommandError,
    flags::{self, Flags},
};
use crate::{
    interrupt::Interrupt,
    jobs::scan,
    pipeline::config::{
        Feature, PREPROCESSING, PreprocessingChoices, PreprocessingConfig, RESOLUTION, Resolution,
    },
    setting::{Choices as _, Named as _, Settings as _},
};

/// Heading over the flags.
pub(super) const HEADING: &str = "Preprocessing settings";

/// How recordings become images.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = HEADING)]
pub struct SettingsArguments {
    #[command(flatten)]
    flags: Flags<PreprocessingChoices>,
    #[arg(long, value_name = "NAME", value_parser = named::<Resolution>(), help = resolution_help())]
    resolution: Option<Resolution>,
}

fn resolution_help() -> String {
    flags::help(&RESOLUTION, Some(Resolution::default().called().word.to_owned()))
}

/// Whether recordings of another rate than the settings' may be used.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ResampleArguments {
    #[arg(long, help = PREPROCESSING.resample.help)]
    pub(super) resample: bool,
}

impl SettingsArguments {
    /// The defaults of the chosen feature with the given flags applied, validated.
    pub(super) fn config(&self) -> Result<PreprocessingConfig, CommandError> {
        self.config_over(self.flags.0.feature.unwrap_or_default().defaults())
    }

    /// As [`Self::config`], with the class pattern guessed from the names in `folder` if none was given.
    pub(super) fn config_for(
        &self,
        folder: &Path,
        interrupt: &Interrupt,
    ) -> Result<PreprocessingConfig, CommandError> {
        let mut config = self.config()?;
        if self.flags.0.labels.is_none() {
            config.labels = scan::guess_label_pattern(folder, interrupt)?;
        }
        Ok(config)
    }

    /// `base` with the given flags applied, validated.
    pub(super) fn config_over(&self, base: PreprocessingConfig) -> Result<PreprocessingConfig, CommandError> {
        let config = self.applied_to(base);
        self.check_feature(&config)?;
        config.validate()?;
        Ok(config)
    }

    /// Refuses flags of another feature's own settings than that of `base`, or of the one chosen by a flag. Values in files may
    /// be there for another feature; a flag is typed to have an effect.
    pub(super) fn check_feature(&self, base: &PreprocessingConfig) -> Result<(), CommandError> {
        let feature = self.flags.0.feature.unwrap_or(base.feature);
        for setting in self.flags.0.chosen() {
            let reads = |feature: Feature| PreprocessingConfig { feature, ..base.clone() }.reads(setting);
            let mut readers = Feature::ALL.iter().copied().filter(|reader| reads(*reader));
            // What several features read, such as `--top-db`, stays accepted for all.
            let (Some(reader), None) = (readers.next(), readers.next()) else { continue };
            if reader != feature {
                let (flag, reader) = (setting.flag_or_name(), reader.called().word);
                return Err(CommandError::Usage(format!(
                    "{flag} is a setting of {reader}, but the feature is {}: leave {flag} out, or choose --feature {reader}",
                    feature.called().word
                )));
            }
        }
        Ok(())
    }

    fn applied_to(&self, base: PreprocessingConfig) -> PreprocessingConfig {
        let base = match self.resolution {
            None => base,
            Some(resolution) => {
                let feature = self.flags.0.feature.unwrap_or(base.feature);
                let (frame_size, hop_length) = resolution.frame_and_hop(feature);
                PreprocessingConfig { frame_size, hop_length, ..base }
            }
        };
        let mut config = self.flags.0.over(&base);
        config.fit_to_rate();
        // What was given as a flag stays, for the check to refuse it where it does not fit.
        self.flags.0.over(&config)
    }

    /// The first flag that contradicts `existing`, with both values.
    pub(super) fn contradiction(&self, existing: &PreprocessingConfig) -> Option<Contradiction> {
        let differences = self.applied_to(existing.clone()).differences(existing);
        // Whether other rates were allowed says nothing of the images that are there.
        let allowed = PREPROCESSING.resample.flag;
        differences.into_iter().find_map(|difference| {
            let flag = difference.setting.flag.filter(|flag| Some(*flag) != allowed)?;
            Some(Contradiction { flag, asked: difference.ours.typed, actual: difference.theirs.typed })
        })
    }

    /// Whether a duration was given.
    pub(super) fn has_duration(&self) -> bool {
        self.flags.0.duration.is_some()
    }

    /// Whether any flag was given.
    pub(super) fn is_given(&self) -> bool {
        !self.flags.0.is_empty() || self.resolution.is_some()
    }
}

/// A flag that contradicts existing images.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// The flag, without its dashes.
    pub flag: &'static str,
    pub asked: String,
    pub actual: String,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::pipeline::config::{ChannelChoice, ClipDuration, PadMode, PadSide};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: SettingsArguments,
    }

    fn settings(line: &[&str]) -> SettingsArguments {
        Line::try_parse_from(std::iter::once(&"x").chain(line)).unwrap().settings
    }

    #[test]
    fn nothing_given_is_the_tutorials_settings() {
        assert_eq!(settings(&[]).config().unwrap(), PreprocessingConfig::default());
        assert!(!settings(&[]).is_given());
    }

    #[test]
    fn log_mel_brings_its_own_defaults_and_flags_still_win() {
        assert_eq!(settings(&["--feature", "log-mel"]).config().unwrap(), PreprocessingConfig::log_mel());
        let config = settings(&["--feature", "log-mel", "--sample-rate", "22050"]).config().unwrap();
        assert_eq!((config.sample_rate_hz, config.frame_size), (22_050, 1024));
        let low = settings(&["--feature", "log-mel", "--sample-rate", "8000"]).config().unwrap();
        assert_eq!((low.mel_max_hz, config.mel_max_hz), (4000.0, 8000.0));
    }

    #[test]
    fn fine_images_have_twice_the_rows_or_columns_and_flags_still_win() {
        let config = |line: &[&str]| settings(line).config().unwrap();
        let fine = config(&["--resolution", "fine"]);
        assert_eq!((fine.frame_size, fine.hop_length, fine.image_shape()), (1024, 256, Some((512, 64))));
        assert_eq!(config(&["--resolution", "tutorial"]), PreprocessingConfig::default());
        assert_eq!(config(&["--resolution", "fine", "--hop-length", "64"]).hop_length, 64);
        let mel = config(&["--resolution", "fine", "--feature", "log-mel"]);
        assert_eq!((mel.frame_size, mel.hop_length), (1024, 128));
        assert!(settings(&["--resolution", "fine"]).is_given());
        assert_eq!(Resolution::of(&fine), Some(Resolution::Fine));
        assert_eq!(Resolution::of(&PreprocessingConfig { hop_length: 100, ..fine }), None);
    }

    #[test]
    fn log_mel_takes_other_rates_only_when_that_is_allowed() {
        let resample = |line: &[&str]| settings(line).config().unwrap().resample;
        assert!(resample(&[]), "the log spectrogram always resamples");
        assert!(!resample(&["--feature", "log-mel"]));
        assert!(resample(&["--feature", "log-mel", "--resample"]));
        assert!(settings(&["--resample"]).is_given());
        let made = PreprocessingConfig::log_mel();
        assert_eq!(settings(&["--resample"]).contradiction(&made), None);
    }

    #[test]
    fn a_contradiction_of_durations_is_told_with_their_units() {
        let existing =
            PreprocessingConfig { duration: ClipDuration::Frames(64), ..PreprocessingConfig::default() };
        let asked = settings(&["--duration", "9000samples"]).contradiction(&existing).unwrap();
        assert_eq!((asked.asked.as_str(), asked.actual.as_str()), ("9000samples", "64frames"));
    }

    #[test]
    fn every_flag_reaches_its_setting() {
        let given = settings(&[
            "--sample-rate",
            "16000",
            "--duration",
            "full",
            "--frame-size",
            "1024",
            "--hop-length",
            "128",
            "--channel",
            "1",
            "--pad-side",
            "left",
            "--pad-mode",
            "wrap",
            "--top-db",
            "60",
            "--min",
            "-1",
            "--max",
            "2",
            "--labels",
            "{class}_{index}",
            "--save-signal",
            "--save-magnitude",
        ]);
        let expected = PreprocessingConfig {
            sample_rate_hz: 16_000,
            duration: ClipDuration::Full,
            frame_size: 1024,
            hop_length: 128,
            channel: ChannelChoice::Index(1),
            pad_side: PadSide::Left,
            pad_mode: PadMode::Wrap,
            top_db: 60.0,
            range_min: -1.0,
            range_max: 2.0,
            labels: "{class}_{index}".to_owned(),
            save_signal: true,
            save_magnitude: true,
            ..PreprocessingConfig::default()
        };
        assert_eq!(given.applied_to(PreprocessingConfig::default()), expected);
        assert!(given.is_given());
    }

    #[test]
    fn the_settings_of_the_bands_have_flags() {
        let config = |line: &[&str]| settings(line).config();
        let mel = ["--feature", "log-mel", "--mel-bands", "40", "--mel-max", "6000"];
        let mel = config(&mel).unwrap();
        assert_eq!((mel.mel_bands, mel.mel_max_hz, mel.bins()), (40, 6000.0, 40));
        let bands = ["--feature", "log-frequency", "--bands", "36", "--bands-per-octave", "12"];
        let octaves = config(&[&bands[..], &["--lowest-band", "110"]].concat()).unwrap();
        assert_eq!((octaves.log_bands, octaves.bands_per_octave, octaves.log_min_hz), (36, 12, 110.0));
        assert_eq!(octaves.image_shape(), Some((36, 64)));
        // Bands that were not asked for follow the other settings; those that were are refused where they do not fit.
        let fewer = config(&["--feature", "log-frequency", "--bands-per-octave", "12"]).unwrap();
        assert_eq!(fewer.log_bands, 101);
        for (line, words) in [
            (
                &["--feature", "log-frequency", "--bands", "203"][..],
                "--bands is 203, but must be from 1 to 202",
            ),
            (
                &["--feature", "log-mel", "--mel-max", "23000"],
                "--mel-max is 23000, but must be at most half of",
            ),
        ] {
            let error = config(line).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_flag_that_the_feature_does_not_read_is_refused_with_the_features_that_do() {
        let refused = |line: &[&str]| settings(line).config().unwrap_err().to_string();
        assert_eq!(
            refused(&["--feature", "log-mel", "--bands", "192"]),
            "--bands is a setting of log-frequency, but the feature is log-mel: leave --bands out, or choose --feature \
             log-frequency"
        );
        assert!(settings(&["--feature", "log-mel", "--top-db", "60"]).config().is_ok());
        let words = refused(&["--feature", "log-frequency", "--mel-bands", "80"]);
        assert!(words.starts_with("--mel-bands is a setting of log-mel, but"), "{words}");
        let words = refused(&["--lowest-band", "110"]);
        assert!(words.contains("but the feature is log-spectrogram: leave --lowest-band out"), "{words}");
        // The feature of a file counts as one that was chosen, and its settings of other features are accepted.
        let file = PreprocessingConfig { log_bands: 36, ..PreprocessingConfig::log_mel() };
        assert_eq!(settings(&["--mel-bands", "40"]).config_over(file.clone()).unwrap().mel_bands, 40);
        assert!(matches!(settings(&["--bands", "36"]).config_over(file), Err(CommandError::Usage(_))));
    }

    #[test]
    fn a_contradiction_names_the_flag_and_both_values() {
        let existing = PreprocessingConfig::default();
        assert_eq!(settings(&["--duration", "0.74"]).contradiction(&existing), None);
        assert_eq!(
            settings(&["--duration", "1.5"]).contradiction(&existing),
            Some(Contradiction { flag: "duration", asked: "1.5".to_owned(), actual: "0.74".to_owned() })
        );
        let mel = settings(&["--feature", "log-mel"]).contradiction(&existing).unwrap();
        assert_eq!((mel.asked.as_str(), mel.actual.as_str()), ("log-mel", "log-spectrogram"));
    }

    #[test]
    fn a_setting_outside_its_limits_is_a_wrong_argument() {
        for line in [["--frame-size", "0"], ["--hop-length", "0"], ["--sample-rate", "0"], ["--min", "1e7"]] {
            assert!(Line::try_parse_from(std::iter::once("x").chain(line)).is_err(), "{line:?}");
        }
        for line in [["--min", "1"], ["--hop-length", "513"], ["--frame-size", "511"]] {
            assert!(matches!(settings(&line).config(), Err(CommandError::Usage(_))), "{line:?}");
        }
    }
}
