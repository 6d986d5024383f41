//! The settings as Python: a function that makes the same image with librosa.

use std::fmt::Write as _;

use super::{
    config::{ChannelChoice, ClipDuration, PadMode, PadSide, PreprocessingConfig},
    pieces::FileSpan,
};
use timbrespace_base::names;

/// A Python program whose `image(path)` returns what these settings make of a file, `[bins, frames]`, with librosa 0.11 and
/// NumPy; `part` is the recording, or part of one, that its last lines try it on.
///
/// ```
/// use std::path::Path;
/// use timbrespace_signal::pipeline::{config::PreprocessingConfig, librosa_code::librosa_code, pieces::FileSpan};
///
/// let part = FileSpan { file: Path::new("7_jackson_32.wav").into(), offset_secs: 0.0, max_secs: Some(0.74) };
/// let code = librosa_code(&PreprocessingConfig::default(), &part);
/// assert!(code.contains("librosa.stft(padded, n_fft=512, hop_length=256)"));
/// ```
pub fn librosa_code(config: &PreprocessingConfig, part: &FileSpan<'_>) -> String {
    let shape =
        config.image_shape().map_or_else(String::new, |(bins, frames)| format!("  [{bins}, {frames}]"));
    let lines = [
        header(config),
        load(config, part),
        pad(config),
        config.feature.librosa_code(config),
        normalise(config),
        format!(
            "\n\nif __name__ == \"__main__\":\n    print(image({}).shape)  #{shape}\n",
            python_text(&part.file.to_string_lossy())
        ),
    ];
    lines.concat()
}

fn header(config: &PreprocessingConfig) -> String {
    let feature = config.feature.words().python;
    format!(
        "# pip install librosa==0.11.0\nimport librosa\nimport numpy as np\n\n\ndef image(path):\n    \
         \"\"\"The normalised {feature} of a recording, [bins, frames].\"\"\"\n"
    )
}

fn load(config: &PreprocessingConfig, part: &FileSpan<'_>) -> String {
    let rate = config.sample_rate_hz;
    let trims = config.trim_silence && !config.pieces.is_on();
    // The offset of a part is that of its silence where silence is trimmed.
    let max_secs = part.max_secs.or_else(|| config.max_secs());
    let duration = max_secs.map_or_else(String::new, |secs| format!(", duration={secs}"));
    let offset = match (trims, part.offset_secs) {
        (true, _) => ", offset=start".to_owned(),
        (false, 0.0) => String::new(),
        (false, secs) => format!(", offset={secs}"),
    };
    let start = if trims { start(config) } else { String::new() };
    let channel = match config.channel {
        ChannelChoice::Mix => "    signal = np.atleast_2d(signal).mean(axis=0)\n".to_owned(),
        ChannelChoice::Index(index) => format!("    signal = np.atleast_2d(signal)[{index}]\n"),
    };
    let other_rate = if config.resample {
        format!("        signal = librosa.resample(signal, orig_sr=rate, target_sr={rate})\n")
    } else {
        format!("        raise ValueError(f\"{{path}}: its sample rate is {{rate}} Hz, not {rate} Hz\")\n")
    };
    format!(
        "{start}    signal, rate = librosa.load(path, sr=None, mono=False{offset}{duration})\n{channel}    if rate != {rate}:\n{other_rate}"
    )
}

/// Where the recording begins to sound.
fn start(config: &PreprocessingConfig) -> String {
    let whole = match config.channel {
        ChannelChoice::Mix => "np.atleast_2d(whole).mean(axis=0)".to_owned(),
        ChannelChoice::Index(index) => format!("np.atleast_2d(whole)[{index}]"),
    };
    format!(
        "    whole, rate = librosa.load(path, sr=None, mono=False)\n    \
         sounding = librosa.effects.split({whole}, top_db={})\n    start = max({:?}, sounding[0][0] / rate)\n",
        config.pieces.silence_db, config.offset_secs
    )
}

fn pad(config: &PreprocessingConfig) -> String {
    let mode = match config.pad_mode {
        PadMode::Constant => "constant",
        PadMode::Reflect => "reflect",
        PadMode::Edge => "edge",
        PadMode::Wrap => "wrap",
    };
    let sides = match config.pad_side {
        PadSide::Right => "(0, missing)",
        PadSide::Left => "(missing, 0)",
    };
    let (length, comment) = match (config.duration, config.padded_len()) {
        (ClipDuration::Full, _) | (_, None) => (
            format!("max(len(signal), {})", config.frame_size),
            "    # For training, the longest recording's length.\n",
        ),
        (_, Some(len)) => (len.to_string(), ""),
    };
    format!(
        "{comment}    length = {length}\n    missing = max(0, length - len(signal))\n    \
         padded = np.pad(signal[:length], {sides}, mode=\"{mode}\")\n"
    )
}

fn normalise(config: &PreprocessingConfig) -> String {
    let (low, high) = (f64::from(config.range_min), f64::from(config.range_max));
    let unit = "(feature - feature.min()) / span";
    let value = if (low, high) == (0.0, 1.0) {
        unit.to_owned()
    } else {
        format!("{unit} * {:?} + {low:?}", high - low)
    };
    format!(
        "    span = feature.max() - feature.min()\n    if span == 0:  # silence\n        \
         return np.full_like(feature, {low:?})\n    return {value}\n"
    )
}

/// A Python string.
fn python_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            suspect if names::is_suspect(suspect) => {
                // Writing to a string cannot fail.
                write!(quoted, "\\U{:08x}", u32::from(suspect)).unwrap_or_default();
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn part(file: &str) -> FileSpan<'_> {
        FileSpan { file: Path::new(file).into(), offset_secs: 0.0, max_secs: None }
    }

    #[test]
    fn a_file_is_named_as_python_reads_it_back() {
        assert_eq!(python_text("a\n\"b\\\u{202e}\u{1b}.wav"), r#""a\n\"b\\\U0000202e\U0000001b.wav""#);
    }

    #[test]
    fn every_setting_appears_in_the_code() {
        let config = PreprocessingConfig {
            channel: ChannelChoice::Index(1),
            pad_side: PadSide::Left,
            pad_mode: PadMode::Wrap,
            top_db: 62.5,
            range_min: -1.0,
            ..PreprocessingConfig::default()
        };
        let code = librosa_code(&config, &part("a \"b\".wav"));
        for part in [
            "duration=0.74)",
            "np.atleast_2d(signal)[1]",
            "target_sr=22050",
            "length = 16317",
            "np.pad(signal[:length], (missing, 0), mode=\"wrap\")",
            "top_db=62.5",
            "/ span * 2.0 + -1.0",
            "image(\"a \\\"b\\\".wav\").shape)  #  [256, 64]",
        ] {
            assert!(code.contains(part), "{part}\n{code}");
        }
        let mel = librosa_code(&PreprocessingConfig::log_mel(), &part("x.wav"));
        assert!(mel.contains("raise ValueError") && mel.contains("n_mels=80, fmin=0, fmax=8000.0"), "{mel}");
    }
}
