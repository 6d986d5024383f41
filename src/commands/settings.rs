//! The preprocessing flags that several subcommands share.

use std::path::Path;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{CommandError, choice::one_of, part::PartArguments};
use crate::{
    interrupt::Interrupt,
    jobs::scan,
    pipeline::config::{
        ChannelChoice, ClipDuration, Feature, PadMode, PadSide, PreprocessingConfig, Resolution,
    },
};

const RESOLUTIONS: &[(&str, Resolution)] = &[("tutorial", Resolution::Tutorial), ("fine", Resolution::Fine)];
const PAD_SIDES: &[(&str, PadSide)] = &[("right", PadSide::Right), ("left", PadSide::Left)];
const PAD_MODES: &[(&str, PadMode)] = &[
    ("constant", PadMode::Constant),
    ("reflect", PadMode::Reflect),
    ("edge", PadMode::Edge),
    ("wrap", PadMode::Wrap),
];

/// How recordings become images.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Preprocessing settings")]
pub struct SettingsArguments {
    /// What the images show [default: log-spectrogram]
    #[arg(long, value_name = "FEATURE", value_parser = feature())]
    feature: Option<Feature>,
    /// Rate of every signal, in Hz; recordings of other rates are resampled, for log-mel only with --resample
    /// [default: 22050; log-mel: 44100]
    #[arg(long, value_name = "HZ")]
    sample_rate: Option<u32>,
    #[command(flatten)]
    resampling: ResampleArguments,
    /// How much is used of every recording: seconds, or a number with its unit (32768samples, 128frames), or `full`
    /// [default: 0.74]
    #[arg(long, value_name = "SECONDS|full", value_parser = duration)]
    duration: Option<ClipDuration>,
    /// How finely the images resolve a sound: `tutorial`, or `fine` with twice the frame (log-mel, log-frequency: half the hop length), at twice the
    /// memory and time [default: tutorial]
    #[arg(long, value_name = "NAME", value_parser = one_of(RESOLUTIONS))]
    resolution: Option<Resolution>,
    #[command(flatten)]
    part: PartArguments,
    /// Samples of one analysis frame [default: 512; fine: 1024; log-mel: 1024; log-frequency: 2048]
    #[arg(long, value_name = "SAMPLES")]
    frame_size: Option<usize>,
    /// Samples between frames [default: 256; fine log-mel and log-frequency: 128]
    #[arg(long, value_name = "SAMPLES")]
    hop_length: Option<usize>,
    /// The mean of all channels, or one channel, counted from 0 [default: mix]
    #[arg(long, value_name = "mix|N", value_parser = channel)]
    channel: Option<ChannelChoice>,
    /// The end at which short recordings are filled [default: right]
    #[arg(long, value_name = "SIDE", value_parser = one_of(PAD_SIDES))]
    pad_side: Option<PadSide>,
    /// What they are filled with, as NumPy's pad names it [default: constant]
    #[arg(long, value_name = "MODE", value_parser = one_of(PAD_MODES))]
    pad_mode: Option<PadMode>,
    /// Dynamic range kept below each file's maximum, in dB [default: 80]
    #[arg(long, value_name = "DB")]
    top_db: Option<f32>,
    /// Lower end of the normalised range [default: 0]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    min: Option<f32>,
    /// Upper end of the normalised range [default: 1]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    max: Option<f32>,
    /// How classes are read from file names, for example `{class}_{group}_{index}` [default: a pattern that fits most
    /// names, else the parent folder's name]
    #[arg(long, value_name = "PATTERN")]
    labels: Option<String>,
    /// Also save the padded signal of every recording
    #[arg(long)]
    save_signal: bool,
    /// Also save the magnitude spectrogram of every recording
    #[arg(long)]
    save_magnitude: bool,
}

/// Whether recordings of another rate than the settings' may be used.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ResampleArguments {
    /// Let log-mel features be made from recordings of other rates, too, by resampling them
    #[arg(long)]
    pub(super) resample: bool,
}

/// A parser for the names of features, which the help lists.
fn feature() -> impl TypedValueParser<Value = Feature> {
    let names = PossibleValuesParser::new(Feature::ALL.map(|feature| feature.name()));
    names.try_map(|name| Feature::named(&name).ok_or_else(|| format!("{name} is no feature")))
}

fn duration(text: &str) -> Result<ClipDuration, String> {
    if text == "full" {
        return Ok(ClipDuration::Full);
    }
    let wrong = || {
        "it must be a number of seconds above 0, a number of samples or frames (32768samples, 128frames), or `full`"
            .to_owned()
    };
    let count = |count: &str| count.trim_end().parse().ok();
    if let Some(samples) = text.strip_suffix("samples") {
        return count(samples).map(ClipDuration::Samples).ok_or_else(wrong);
    }
    if let Some(frames) = text.strip_suffix("frames") {
        return count(frames).map(ClipDuration::Frames).ok_or_else(wrong);
    }
    match text.parse() {
        Ok(secs) if secs > 0.0 && f64::is_finite(secs) => Ok(ClipDuration::Seconds(secs)),
        _ => Err(wrong()),
    }
}

fn channel(text: &str) -> Result<ChannelChoice, String> {
    if text == "mix" {
        return Ok(ChannelChoice::Mix);
    }
    text.parse()
        .map(ChannelChoice::Index)
        .map_err(|error| format!("it must be `mix` or the number of a channel, counted from 0 ({error})"))
}

impl SettingsArguments {
    /// The defaults of the chosen feature with the given flags applied, validated.
    pub(super) fn config(&self) -> Result<PreprocessingConfig, CommandError> {
        self.config_over(self.feature.unwrap_or_default().defaults())
    }

    /// As [`Self::config`], with the class pattern guessed from the names in `folder` if none was given.
    pub(super) fn config_for(
        &self,
        folder: &Path,
        interrupt: &Interrupt,
    ) -> Result<PreprocessingConfig, CommandError> {
        let mut config = self.config()?;
        if self.labels.is_none() {
            config.labels = scan::guess_label_pattern(folder, interrupt)?;
        }
        Ok(config)
    }

    /// `base` with the given flags applied, validated.
    pub(super) fn config_over(&self, base: PreprocessingConfig) -> Result<PreprocessingConfig, CommandError> {
        let config = self.applied_to(base);
        config.validate()?;
        Ok(config)
    }

    fn applied_to(&self, base: PreprocessingConfig) -> PreprocessingConfig {
        let feature = self.feature.unwrap_or(base.feature);
        let sample_rate_hz = self.sample_rate.unwrap_or(base.sample_rate_hz);
        let (frame_size, hop_length) = self
            .resolution
            .map_or((base.frame_size, base.hop_length), |resolution| resolution.frame_and_hop(feature));
        let mut config = PreprocessingConfig {
            feature,
            sample_rate_hz,
            resample: self.resampling.resample || base.resample,
            duration: self.duration.unwrap_or(base.duration),
            channel: self.channel.unwrap_or(base.channel),
            frame_size: self.frame_size.unwrap_or(frame_size),
            hop_length: self.hop_length.unwrap_or(hop_length),
            pad_side: self.pad_side.unwrap_or(base.pad_side),
            pad_mode: self.pad_mode.unwrap_or(base.pad_mode),
            top_db: self.top_db.unwrap_or(base.top_db),
            range_min: self.min.unwrap_or(base.range_min),
            range_max: self.max.unwrap_or(base.range_max),
            labels: self.labels.clone().unwrap_or(base.labels),
            save_signal: self.save_signal || base.save_signal,
            save_magnitude: self.save_magnitude || base.save_magnitude,
            offset_secs: self.part.offset.unwrap_or(base.offset_secs),
            trim_silence: self.part.trim_silence || base.trim_silence,
            pieces: self.part.pieces_over(&base.pieces),
            ..base
        };
        // There is no flag for the bands: at a low rate they end where the spectrum does.
        config.fit_to_rate();
        config
    }

    /// The first flag that contradicts `existing`, with both values.
    pub(super) fn contradiction(&self, existing: &PreprocessingConfig) -> Option<Contradiction> {
        let asked = serde_json::to_value(self.applied_to(existing.clone())).ok()?;
        let actual = serde_json::to_value(existing).ok()?;
        FLAG_OF_FIELD.iter().find_map(|&(field, flag)| {
            let (asked, actual) = (asked.get(field)?, actual.get(field)?);
            (asked != actual).then(|| Contradiction { flag, asked: plain(asked), actual: plain(actual) })
        })
    }

    /// Whether a duration was given.
    pub(super) fn has_duration(&self) -> bool {
        self.duration.is_some()
    }

    /// Whether any flag was given.
    pub(super) fn is_given(&self) -> bool {
        let Self {
            feature,
            sample_rate,
            resampling: ResampleArguments { resample },
            duration,
            resolution,
            part,
            frame_size,
            hop_length,
            channel,
            pad_side,
            pad_mode,
            top_db,
            min,
            max,
            labels,
            save_signal,
            save_magnitude,
        } = self;
        let numbers = sample_rate.is_some() || frame_size.is_some() || hop_length.is_some();
        let ranges = top_db.is_some() || min.is_some() || max.is_some();
        let words = pad_side.is_some() || pad_mode.is_some() || labels.is_some();
        let kinds = feature.is_some() || duration.is_some() || channel.is_some() || resolution.is_some();
        numbers || ranges || words || kinds || part.is_given() || *resample || *save_signal || *save_magnitude
    }
}

/// A flag that contradicts existing images.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    pub flag: &'static str,
    pub asked: String,
    pub actual: String,
}

/// Serialised fields of the configuration and their flags.
const FLAG_OF_FIELD: &[(&str, &str)] = &[
    ("feature", "--feature"),
    ("sample_rate_hz", "--sample-rate"),
    ("duration", "--duration"),
    ("offset_secs", "--offset"),
    ("trim_silence", "--trim-silence"),
    ("pieces", "--pieces"),
    ("frame_size", "--frame-size"),
    ("hop_length", "--hop-length"),
    ("channel", "--channel"),
    ("pad_side", "--pad-side"),
    ("pad_mode", "--pad-mode"),
    ("top_db", "--top-db"),
    ("range_min", "--min"),
    ("range_max", "--max"),
    ("labels", "--labels"),
    ("save_signal", "--save-signal"),
    ("save_magnitude", "--save-magnitude"),
];

/// A setting as typed on the command line: `{"seconds": 0.74}` is `0.74`.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(fields) => {
            let unit = |field: &str| {
                if ["samples", "frames"].contains(&field) { field.to_owned() } else { String::new() }
            };
            fields.iter().map(|(field, value)| plain(value) + &unit(field)).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

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
    fn a_duration_has_a_unit_or_is_in_seconds() {
        assert_eq!(duration("0.5"), Ok(ClipDuration::Seconds(0.5)));
        assert_eq!(duration("full"), Ok(ClipDuration::Full));
        assert_eq!(duration("32768samples"), Ok(ClipDuration::Samples(32_768)));
        assert_eq!(duration("128 frames"), Ok(ClipDuration::Frames(128)));
        for wrong in ["0", "-1", "frames", "1.5frames", "long", "NaN"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
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
    fn a_contradiction_names_the_flag_and_both_values() {
        let existing = PreprocessingConfig::default();
        assert_eq!(settings(&["--duration", "0.74"]).contradiction(&existing), None);
        assert_eq!(
            settings(&["--duration", "1.5"]).contradiction(&existing),
            Some(Contradiction { flag: "--duration", asked: "1.5".to_owned(), actual: "0.74".to_owned() })
        );
        let mel = settings(&["--feature", "log-mel"]).contradiction(&existing).unwrap();
        assert_eq!((mel.asked.as_str(), mel.actual.as_str()), ("log-mel", "log-spectrogram"));
    }

    #[test]
    fn every_serialised_setting_with_a_flag_is_compared() {
        let fields = serde_json::to_value(PreprocessingConfig::default()).unwrap();
        for (field, flag) in FLAG_OF_FIELD {
            assert!(fields.get(field).is_some(), "{flag} is compared by an unknown field {field}");
        }
    }

    #[test]
    fn a_setting_outside_its_limits_is_a_wrong_argument() {
        for line in
            [&["--frame-size", "0"][..], &["--hop-length", "0"], &["--sample-rate", "0"], &["--min", "1"]]
        {
            assert!(matches!(settings(line).config(), Err(CommandError::Usage(_))), "{line:?}");
        }
    }
}
