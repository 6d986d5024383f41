//! Flags of settings, made from their tables: name, help, limits and defaults stand there.

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches,
    builder::PossibleValuesParser,
    error::{Error, ErrorKind},
};

use crate::{
    pipeline::config::{Feature, PreprocessingChoices, PreprocessingConfig, Resolution},
    setting::{Choices, Limits, Named as _, Row, Setting, Settings as _, default_words},
    vae::{
        config::{ModelChoices, ModelSettings, Preset, TrainingConfig},
        training_config::TrainingChoices,
    },
};

/// What was chosen of some settings by their flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags<C>(pub C);

/// Choices that have flags.
pub(super) trait Flagged: Choices + Send + Sync + 'static {
    /// Heading over flags whose setting has none of its own.
    const HEADING: Option<&'static str>;

    /// Names, with the settings whose values are defaults under that name; the usual ones first.
    fn cases() -> Vec<(String, Vec<Row>)>;
}

impl Flagged for ModelChoices {
    const HEADING: Option<&'static str> = None;

    fn cases() -> Vec<(String, Vec<Row>)> {
        of_presets(|preset| ModelSettings::preset(preset).rows())
    }
}

impl Flagged for TrainingChoices {
    const HEADING: Option<&'static str> = None;

    fn cases() -> Vec<(String, Vec<Row>)> {
        of_presets(|preset| TrainingConfig::preset(preset).rows())
    }
}

fn of_presets(rows: impl Fn(Preset) -> Vec<Row>) -> Vec<(String, Vec<Row>)> {
    Preset::ALL.iter().map(|preset| (preset.called().word.to_owned(), rows(*preset))).collect()
}

impl Flagged for PreprocessingChoices {
    const HEADING: Option<&'static str> = Some(super::settings::HEADING);

    fn cases() -> Vec<(String, Vec<Row>)> {
        let of_feature = |feature: Feature| (feature.called().word.to_owned(), feature.defaults());
        let usual = Feature::ALL.iter().map(|feature| of_feature(*feature));
        let mut cases: Vec<_> = usual.clone().map(|(name, config)| (name, config.rows())).collect();
        for (name, config) in usual {
            let (frame_size, hop_length) = Resolution::Fine.frame_and_hop(config.feature);
            let fine = PreprocessingConfig { frame_size, hop_length, ..config.clone() };
            // Only what the resolution changes.
            let changed: Vec<_> =
                fine.differences(&config).iter().map(|difference| difference.setting.name).collect();
            let rows = fine.rows().into_iter().filter(|row| changed.contains(&row.setting.name)).collect();
            let resolution = Resolution::Fine.called().word;
            let is_usual = config.feature == Feature::default();
            cases.push((if is_usual { resolution.to_owned() } else { format!("{resolution} {name}") }, rows));
        }
        cases
    }
}

impl<C: Flagged> Args for Flags<C> {
    fn augment_args(command: Command) -> Command {
        let cases = C::cases();
        let table = C::Config::table();
        command.args(table.into_iter().filter_map(|setting| Some(arg::<C>(setting, setting.flag?, &cases))))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<C: Flagged> FromArgMatches for Flags<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self(C::default());
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for setting in C::Config::table() {
            let Some(flag) = setting.flag else { continue };
            let text = match setting.limits {
                Limits::Switch => matches.get_flag(flag).then(|| true.to_string()),
                _ => matches.get_one::<String>(flag).cloned(),
            };
            if let Some(text) = text {
                self.0
                    .take_flag(flag, &text)
                    .map_err(|cause| Error::raw(ErrorKind::ValueValidation, cause))?;
            }
        }
        Ok(())
    }
}

fn arg<C: Flagged>(setting: &'static Setting, flag: &'static str, cases: &[(String, Vec<Row>)]) -> Arg {
    let default = default_words(setting, cases);
    let arg =
        Arg::new(flag).long(flag).help(help(setting, default)).help_heading(setting.group.or(C::HEADING));
    let arg = match setting.limits {
        Limits::Switch => return arg.action(ArgAction::SetTrue),
        Limits::Words(names) => {
            arg.value_parser(PossibleValuesParser::new(names().iter().map(|name| name.word)))
        }
        _ => arg.value_parser(move |text: &str| -> Result<String, String> {
            C::default().take_flag(flag, text)?;
            Ok(text.to_owned())
        }),
    };
    let is_signed = setting.range().is_some_and(|(least, _)| least < 0.0);
    arg.value_name(setting.value_name()).allow_negative_numbers(is_signed)
}

/// The help of a setting's flag, with its default in words.
pub(super) fn help(setting: &Setting, default: Option<String>) -> String {
    let help = setting.help_words(|name| format!("`{}`", name.word));
    match default {
        Some(default) if !matches!(setting.limits, Limits::Switch) => format!("{help} [default: {default}]"),
        _ => help,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::vae::schedule::LearningRateSchedule;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        model: Flags<ModelChoices>,
        #[command(flatten)]
        training: Flags<TrainingChoices>,
    }

    fn line(flags: &[&str]) -> Result<Line, Error> {
        Line::try_parse_from(std::iter::once(&"x").chain(flags))
    }

    #[test]
    fn flags_choose_what_is_given_and_nothing_else() {
        let none = line(&[]).unwrap();
        assert!(none.model.0.is_empty() && none.training.0.is_empty());
        let flags = [
            "--preset",
            "explore",
            "--learning-rate-schedule",
            "cosine",
            "--early-stopping",
            "0",
            "--balance-classes",
            "--augment-gain",
            "6",
        ];
        let line = line(&flags).unwrap();
        assert_eq!(line.model.0, ModelChoices { preset: Some(Preset::Explore), ..ModelChoices::default() });
        let mut expected = TrainingChoices {
            learning_rate_schedule: Some(LearningRateSchedule::Cosine),
            early_stopping: Some(None),
            balance_classes: Some(true),
            ..TrainingChoices::default()
        };
        expected.augmentation.gain_db = Some(6.0);
        assert_eq!(line.training.0, expected);
    }

    #[test]
    fn the_help_tells_limits_and_the_defaults_of_every_preset() {
        let error = line(&["--batch-size", "5000"]).err().unwrap().to_string();
        assert!(error.contains("'--batch-size <N>': it must be a whole number from 1 to 4096"), "{error}");
        let help = line(&["--help"]).err().unwrap().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "Dimensions of the latent space: sliders that you will have [default: 64; small, explore, flat: 16; reference: 128]",
            "before its schedule [default: 0.001; small, explore: 0.002; reference, flat: 0.0005]",
            "0 for never [default: 0.5 ×; reference: never]",
            "[default: clear] [possible values: clear, small, explore, reference, flat]",
            "Number of threads [default: all cores]",
        ] {
            assert!(help.contains(words), "{words}\n{help}");
        }
    }
}
