//! Makes the sounds of a ladder and measures them.

use std::time::Instant;

use ndarray::{Array2, ArrayRef2};
use rustfft::num_complex::Complex32;

use super::rung::{Rung, RungKind};
use timbrespace_base::setting::Misfit;
use timbrespace_signal::{
    audio::clip::Clip,
    dsp::{
        griffin_lim::PhaseStart,
        spectral_distance::{log_spectral_distance, spectral_convergence},
    },
    pipeline::{
        config::PreprocessingConfig, extractor::Extractor, sound_generator::SoundGenerator, stages::Stages,
    },
};

const MILLISECONDS: f64 = 1000.0;

/// What a model made of a recording's image.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// `[bins, frames]` in the normalised range.
    pub image: Array2<f32>,
    /// Time that encoding and decoding took.
    pub milliseconds: f64,
}

/// What a ladder is made of.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The settings that made `stages`.
    pub config: &'a PreprocessingConfig,
    /// The recording.
    pub stages: &'a Stages,
    /// The model's image of it; without one the rungs of the model are left out.
    pub decoded: Option<&'a Decoded>,
    /// The same with detail added; without it the rung with detail is left out.
    pub detailed: Option<&'a Decoded>,
    /// Transform `[bins, frames]` of another recording, for the rung with borrowed phase.
    pub phase: Option<&'a Array2<Complex32>>,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Seed of Griffin-Lim.
    pub seed: u64,
}

/// Makes one rung after the other; between them its owner may look whether to stop.
pub struct Climber<'a> {
    given: Given<'a>,
    generator: SoundGenerator,
    extractor: Box<dyn Extractor>,
    /// S: the original's magnitude with its Nyquist row, `[frame_size / 2 + 1, frames]`.
    original: Array2<f32>,
}

impl<'a> Climber<'a> {
    /// Ready for the ladder of one recording.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn new(given: Given<'a>) -> Result<Self, Misfit> {
        Ok(Self {
            generator: SoundGenerator::new(given.config)?,
            extractor: given.config.feature.extractor(given.config),
            original: given.stages.stft.mapv(Complex32::norm),
            given,
        })
    }

    /// The rungs that can be made of what is given, from the original down.
    pub fn kinds(&self) -> Vec<RungKind> {
        let possible = |kind: &RungKind| match kind {
            RungKind::Original | RungKind::OriginalPhase | RungKind::GriffinLim | RungKind::SinglePass => {
                true
            }
            RungKind::Model | RungKind::ZeroPhase => self.given.decoded.is_some(),
            RungKind::Detail => self.given.detailed.is_some(),
            RungKind::BorrowedPhase => self.given.decoded.is_some() && self.given.phase.is_some(),
        };
        RungKind::ALL.into_iter().filter(possible).collect()
    }

    /// The samples of the padded signal that are the recording's own.
    pub fn own_part(&self) -> std::ops::Range<usize> {
        let stages = self.given.stages;
        stages.signal_start..(stages.signal_start + stages.signal.len()).min(stages.padded.len())
    }

    /// Makes and measures one rung, as loud as it comes; `None` where what it needs is not given.
    pub fn rung(&mut self, kind: RungKind) -> Option<Rung> {
        let started = Instant::now();
        let samples = self.samples(kind)?;
        let made = started.elapsed().as_secs_f64() * MILLISECONDS;
        let of_model = match kind {
            RungKind::Model | RungKind::ZeroPhase | RungKind::BorrowedPhase => {
                self.given.decoded.map_or(0.0, |decoded| decoded.milliseconds)
            }
            RungKind::Detail => self.given.detailed.map_or(0.0, |decoded| decoded.milliseconds),
            RungKind::Original | RungKind::OriginalPhase | RungKind::GriffinLim | RungKind::SinglePass => 0.0,
        };
        let heard = self.extractor.extract_stages(&samples).stft.mapv(Complex32::norm);
        Some(Rung {
            kind,
            spectral_convergence: spectral_convergence(&self.original, &heard),
            log_spectral_distance: log_spectral_distance(&self.original, &heard, self.given.config.top_db),
            clip: Clip::mono(samples, self.given.stages.sample_rate_hz),
            milliseconds: if kind == RungKind::Original { 0.0 } else { made + of_model },
            gain: 1.0,
        })
    }

    fn samples(&mut self, kind: RungKind) -> Option<Vec<f32>> {
        let Given { stages, decoded, phase, iterations, seed, .. } = self.given;
        let len = stages.padded.len();
        let of_model = decoded.map(|decoded| &decoded.image);
        Some(match kind {
            RungKind::Original => stages.padded.clone(),
            RungKind::OriginalPhase => {
                let magnitude = self.magnitude(&stages.normalised);
                self.generator.with_phase(&magnitude, &stages.stft, len)
            }
            RungKind::GriffinLim => self.generator.recover(&self.original, len, iterations, seed).signal,
            RungKind::SinglePass => {
                let start = PhaseStart::SinglePass;
                self.generator.recover_from(start, &self.original, len, iterations, seed).signal
            }
            RungKind::Model => {
                let magnitude = self.magnitude(of_model?);
                self.generator.recover(&magnitude, len, iterations, seed).signal
            }
            RungKind::Detail => {
                let magnitude = self.magnitude(&self.given.detailed?.image);
                self.generator.recover(&magnitude, len, iterations, seed).signal
            }
            RungKind::ZeroPhase => {
                let magnitude = self.magnitude(of_model?);
                self.generator.zero_phase(&magnitude, len)
            }
            RungKind::BorrowedPhase => {
                let magnitude = self.magnitude(of_model?);
                self.generator.with_phase(&magnitude, phase?, len)
            }
        })
    }

    /// The magnitude behind an image, with the recording's own minimum and maximum.
    fn magnitude(&mut self, image: &ArrayRef2<f32>) -> Array2<f32> {
        self.generator.magnitude(image, self.given.stages.min_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{ladder::Ladder, level::rms_db};
    use timbrespace_signal::{
        audio::demo,
        pipeline::{config::ClipDuration, preprocessing::PreprocessingPipeline},
    };

    /// The ladder of a demo sound and a model whose image is `blurred` over bins; sounds as made.
    fn rungs(config: &PreprocessingConfig, place: usize) -> (Vec<Rung>, std::ops::Range<usize>) {
        let clip = demo::sounds().nth(place).unwrap().clip;
        let pipeline = PreprocessingPipeline::from_config(config).unwrap();
        let stages = pipeline.stages_of_clip(&clip).unwrap();
        let other = pipeline.stages_of_clip(&demo::sounds().nth(place + 1).unwrap().clip).unwrap();
        let decoded = Decoded { image: blurred(&stages.normalised), milliseconds: 5.0 };
        let given = Given {
            config,
            stages: &stages,
            decoded: Some(&decoded),
            detailed: None,
            phase: Some(&other.stft),
            iterations: 32,
            seed: 0,
        };
        let mut climber = Climber::new(given).unwrap();
        let rungs = climber.kinds().into_iter().map(|kind| climber.rung(kind).unwrap()).collect();
        (rungs, climber.own_part())
    }

    /// Every bin the mean of it and its neighbours, as a model blurs.
    fn blurred(image: &Array2<f32>) -> Array2<f32> {
        let last = image.nrows() - 1;
        Array2::from_shape_fn(image.dim(), |(bin, frame)| {
            (image[[bin.saturating_sub(1), frame]] + image[[bin, frame]] + image[[last.min(bin + 1), frame]])
                / 3.0
        })
    }

    #[test]
    fn measures_grow_from_rung_to_rung() {
        let config = PreprocessingConfig::default();
        let mut of_both_starts = Vec::new();
        for place in [5, 190, 310] {
            let (rungs, _) = rungs(&config, place);
            let lost: Vec<f64> = rungs.iter().map(|rung| rung.spectral_convergence).collect();
            let far: Vec<f64> = rungs.iter().map(|rung| rung.log_spectral_distance).collect();
            assert_eq!((lost[0], far[0]), (0.0, 0.0), "the original is the original");
            assert!(
                lost[1] < 0.01,
                "an image with the original's phase is the sound but for its floor: {lost:?}"
            );
            assert!(lost[1].max(lost[2]) < lost[3] && lost[3] < lost[4], "{place}: {lost:?}");
            assert!(far[1] < far[3] && far[3] < far[4], "{place}: {far:?}");
            of_both_starts.push(lost[2] / lost[6]);
            assert!(rungs[3].milliseconds > 5.0 && rungs[0].milliseconds == 0.0);
        }
        let mean = of_both_starts.iter().map(|ratio| ratio.ln()).sum::<f64>() / 3.0;
        assert!(
            mean < 0.9_f64.ln(),
            "the gradient's start is the better one on the whole: {of_both_starts:?}"
        );
    }

    #[test]
    fn all_rungs_are_equally_loud_and_none_is_above_the_limit() {
        let (rungs, own) = rungs(&PreprocessingConfig::default(), 190);
        assert_eq!(rungs.len(), 7);
        let ladder = Ladder::level(rungs, own.clone());
        let level = |rung: &Rung| rms_db(&rung.clip.channels()[0][own.clone()]).unwrap();
        for rung in &ladder.rungs {
            let difference = level(rung) - level(&ladder.rungs[0]);
            assert!(difference.abs() < 0.01, "{}: {difference} dB", rung.kind.name());
            let peak =
                timbrespace_base::differences::largest(rung.clip.channels()[0].iter().map(|s| s.abs()));
            assert!(peak <= 0.99001, "{}: {peak}", rung.kind.name());
        }
    }

    #[test]
    fn log_mel_has_its_own_way_back() {
        let config = PreprocessingConfig {
            resample: true,
            duration: ClipDuration::Seconds(0.4),
            ..PreprocessingConfig::log_mel()
        };
        let (rungs, own) = rungs(&config, 190);
        let lost: Vec<f64> = rungs.iter().map(|rung| rung.spectral_convergence).collect();
        assert!(lost[1] > 0.02, "bands are wider than bins: {lost:?}");
        assert!(lost[2] < 0.3 && lost[3] > lost[2], "Griffin-Lim has the whole magnitude: {lost:?}");
        assert!(rungs.iter().all(|rung| rung.clip.len() == 17_640) && own.start == 0);
    }

    #[test]
    fn silence_and_a_ladder_without_a_model_are_no_accident() {
        let config = PreprocessingConfig::default();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&Clip::mono(vec![0.0; 9000], 22_050)).unwrap();
        let given = Given {
            config: &config,
            stages: &stages,
            decoded: None,
            detailed: None,
            phase: None,
            iterations: 4,
            seed: 0,
        };
        let mut climber = Climber::new(given).unwrap();
        let kinds = [RungKind::Original, RungKind::OriginalPhase, RungKind::GriffinLim, RungKind::SinglePass];
        assert_eq!(climber.kinds(), kinds);
        assert!(climber.rung(RungKind::Model).is_none());
        for kind in climber.kinds() {
            let rung = climber.rung(kind).unwrap();
            assert_eq!((rung.spectral_convergence, rung.log_spectral_distance), (0.0, 0.0), "{kind:?}");
        }
    }
}
