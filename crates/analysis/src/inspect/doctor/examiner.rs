//! One recording at a time: everything that can be judged without the others.

use std::{
    hash::{DefaultHasher, Hasher as _},
    path::Path,
};

use super::{band_limit::BandLimit, clipped, cut_off, dc_offset, evidence::Evidence, silent};
use timbrespace_signal::{
    audio::{clip::Clip, decode::Decoded, flag::Flag},
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        loader::{Loader as _, StandardLoader},
    },
};

/// What is kept of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Its rate in Hz.
    pub rate_hz: u32,
    /// Its whole length in seconds.
    pub duration_secs: f64,
    /// The frequency in Hz above which it holds nothing; at most half of its rate.
    pub band_limit_hz: f64,
    /// Of its samples: equal samples have equal ones. `None` for silence.
    pub fingerprint: Option<u64>,
    /// What is wrong with it.
    pub evidence: Vec<Evidence>,
}

/// Examines recordings for the images that one configuration makes; one a thread.
pub struct Examiner {
    config: PreprocessingConfig,
    band_limit: BandLimit,
}

impl Examiner {
    /// An examiner for `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { config: config.clone(), band_limit: BandLimit::default() }
    }

    /// Examines a decoded recording.
    ///
    /// # Errors
    /// The cause in words, where the settings cannot use it.
    pub fn examine(&mut self, decoded: &Decoded, path: &Path) -> Result<Examination, String> {
        let (clip, rate_hz) = (&decoded.clip, decoded.info.sample_rate_hz);
        let signal = self.one_channel(clip, path)?;
        let used = self.config.max_secs().map_or(signal.len(), |secs| (secs * f64::from(rate_hz)) as usize);
        let shown = signal.get(..used).unwrap_or(&signal);
        let mut evidence = of_flags(&decoded.flags);
        let silence = silent::find(&signal, used, rate_hz);
        if silence.is_none() {
            let channels = clip.channels().iter().map(Vec::as_slice);
            let found =
                [clipped::find(channels), cut_off::find(&signal, used, rate_hz), dc_offset::find(&signal)];
            evidence.extend(found.into_iter().flatten());
        }
        let audible = clip.channels().iter().flatten().any(|&sample| sample != 0.0);
        let band_limit_hz = match silence {
            Some(_) => f64::from(rate_hz) / 2.0,
            None => self.band_limit.of(shown, rate_hz),
        };
        evidence.extend(silence);
        Ok(Examination {
            rate_hz,
            duration_secs: decoded.info.duration_secs.unwrap_or_else(|| clip.duration_secs()),
            band_limit_hz,
            fingerprint: audible.then(|| fingerprint(clip)),
            evidence,
        })
    }

    /// The channel, or the mean of all, that the settings ask for, at the recording's own rate and in its whole length.
    fn one_channel(&self, clip: &Clip, path: &Path) -> Result<Vec<f32>, String> {
        let whole = PreprocessingConfig {
            duration: ClipDuration::Full,
            sample_rate_hz: clip.sample_rate_hz(),
            ..self.config.clone()
        };
        let loaded = StandardLoader::new(&whole).load_clip(clip, path);
        loaded.map(|loaded| loaded.signal).map_err(|error| error.cause())
    }
}

fn of_flags(flags: &[Flag]) -> Vec<Evidence> {
    let evidence = |flag: &Flag| match flag {
        Flag::Truncated => Some(Evidence::Truncated),
        Flag::NonFinite { samples } => Some(Evidence::NotNumbers { samples: *samples }),
        Flag::Silent
        | Flag::Misnamed { .. }
        | Flag::Unfinished
        | Flag::FirstOfSeveral
        | Flag::BeyondFullScale { .. } => None,
    };
    flags.iter().filter_map(evidence).collect()
}

/// A hash of rate and samples.
fn fingerprint(clip: &Clip) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u32(clip.sample_rate_hz());
    for channel in clip.channels() {
        hasher.write_usize(channel.len());
        for sample in channel {
            // Both zeros compare equal, so they must hash equal.
            hasher.write_u32((sample + 0.0).to_bits());
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::audio::decode::ClipInfo;

    fn decoded(samples: Vec<f32>, flags: Vec<Flag>) -> Decoded {
        let info = ClipInfo { sample_rate_hz: 8000, channels: 1, duration_secs: None };
        Decoded { clip: Clip::mono(samples, 8000), info, flags }
    }

    fn examine(decoded: &Decoded) -> Examination {
        Examiner::new(&PreprocessingConfig::default()).examine(decoded, Path::new("x.wav")).unwrap()
    }

    fn tone(len: usize) -> Vec<f32> {
        (0..len).map(|n| 0.3 * (n as f32 * 0.3).sin()).collect()
    }

    #[test]
    fn a_healthy_recording_has_no_evidence() {
        let examination = examine(&decoded(tone(5000), Vec::new()));
        assert_eq!(examination.evidence, []);
        assert_eq!((examination.rate_hz, examination.duration_secs), (8000, 0.625));
    }

    #[test]
    fn remarks_of_the_decoder_become_evidence() {
        let flags = vec![Flag::Truncated, Flag::NonFinite { samples: 3 }];
        let found = examine(&decoded(tone(5000), flags)).evidence;
        assert_eq!(found, [Evidence::Truncated, Evidence::NotNumbers { samples: 3 }]);
    }

    #[test]
    fn silence_is_called_that_and_nothing_else() {
        let examination = examine(&decoded(vec![0.0; 8000], Vec::new()));
        assert!(matches!(examination.evidence[..], [Evidence::Silent { peak_db: None, .. }]));
        assert_eq!(examination.fingerprint, None);
    }

    #[test]
    fn equal_samples_have_equal_fingerprints_whatever_the_sign_of_zero() {
        let one = examine(&decoded([tone(1000), vec![0.0]].concat(), Vec::new()));
        let same = examine(&decoded([tone(1000), vec![-0.0]].concat(), Vec::new()));
        let other = examine(&decoded(tone(1001), Vec::new()));
        assert_eq!(one.fingerprint, same.fingerprint);
        assert_ne!(one.fingerprint, other.fingerprint);
    }

    #[test]
    fn a_missing_channel_is_a_cause_in_words() {
        let config = PreprocessingConfig {
            channel: timbrespace_signal::pipeline::config::ChannelChoice::Index(1),
            ..PreprocessingConfig::default()
        };
        let cause = Examiner::new(&config).examine(&decoded(tone(100), Vec::new()), Path::new("x.wav"));
        assert!(cause.unwrap_err().contains("channel 1"));
    }
}
