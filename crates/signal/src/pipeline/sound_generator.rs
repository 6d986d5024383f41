//! The way back: a normalised image to sound.

use ndarray::{Array2, ArrayRef2};
use rustfft::num_complex::Complex32;

use timbrespace_base::setting::Misfit;

use super::{
    config::PreprocessingConfig,
    feature::inverse::Inverse,
    normaliser::{MinMaxNormaliser, Normaliser},
    stages::MinMax,
};
use crate::{
    audio::clip::Clip,
    dsp::{
        griffin_lim::{DEFAULT_MOMENTUM, GriffinLim, PhaseStart, Recovered},
        stft::{Framing, Stft},
    },
};

/// Griffin-Lim iterations: long before the last one nothing changes any more.
pub const ITERATIONS: std::ops::RangeInclusive<usize> = 1..=10_000;
/// Griffin-Lim iterations unless told otherwise.
pub const DEFAULT_ITERATIONS: usize = 32;
/// Peaks above this are scaled down to it.
pub const PEAK_LIMIT: f32 = 0.99;

/// A sound made from an image.
#[derive(Clone, Debug)]
pub struct GeneratedSound {
    /// The sound, mono, at the configuration's rate.
    pub clip: Clip,
    /// The factor that brought the peak down to 0.99, or 1 when it was below.
    pub gain: f32,
    /// Spectral convergence of the recovered phase: `norm(S - |STFT(y)|) / norm(S)`.
    pub spectral_convergence: f32,
}

/// Turns normalised images back to sound; keeps its plans and buffers between calls.
pub struct SoundGenerator {
    config: PreprocessingConfig,
    normaliser: Box<dyn Normaliser>,
    recovery: GriffinLim,
    stft: Stft,
    inverse: Box<dyn Inverse>,
}

impl SoundGenerator {
    /// A generator for images that `config` made.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn new(config: &PreprocessingConfig) -> Result<Self, Misfit> {
        // Before the way back is built: its size follows from the settings.
        config.validate()?;
        Self::with_stages(config, config.feature.inverse(config), Box::new(MinMaxNormaliser::new(config)))
    }

    /// A generator for images of another [`Extractor`](super::extractor::Extractor) or [`Normaliser`].
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn with_stages(
        config: &PreprocessingConfig,
        inverse: Box<dyn Inverse>,
        normaliser: Box<dyn Normaliser>,
    ) -> Result<Self, Misfit> {
        config.validate()?;
        let stft = Stft::new(config.frame_size, config.hop_length, config.framing());
        Ok(Self {
            config: config.clone(),
            normaliser,
            recovery: GriffinLim::new(stft.clone(), DEFAULT_MOMENTUM),
            stft,
            inverse,
        })
    }

    /// Denormalises with `min_max`, converts to amplitude, puts the Nyquist row back and recovers the phase.
    ///
    /// `image` is `[bins, frames]` in the normalised range. One seed gives the same samples every time.
    /// An image of silence, which has no span, gives silence.
    pub fn generate(
        &mut self,
        image: &ArrayRef2<f32>,
        min_max: MinMax,
        iterations: usize,
        seed: u64,
    ) -> GeneratedSound {
        let magnitude = self.magnitude(image, min_max);
        let len = self.len_of(magnitude.ncols());
        let Recovered { signal: mut samples, spectral_convergence } =
            self.recover(&magnitude, len, iterations, seed);
        let gain = limit_peak(&mut samples);
        GeneratedSound { clip: Clip::mono(samples, self.config.sample_rate_hz), gain, spectral_convergence }
    }

    /// Samples of the sound of an image of `frames` frames: the padder's length, or for whole files what the frames reach.
    pub fn len_of(&self, frames: usize) -> usize {
        let natural = self.stft.natural_len(frames).saturating_sub(2 * self.config.reflect_margin());
        self.config.padded_len().unwrap_or(natural)
    }

    /// Frames of the image of a sound of `len` samples.
    pub fn frames_of(&self, len: usize) -> usize {
        self.config.image_shape_of(len).1
    }

    /// A sound of `len` samples for a magnitude `[bins, frames]` as [`Self::magnitude`] gives it: phases by Griffin-Lim,
    /// the peak as it comes.
    pub fn recover(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        len: usize,
        iterations: usize,
        seed: u64,
    ) -> Recovered {
        self.recover_from(PhaseStart::default(), magnitude, len, iterations, seed)
    }

    /// [`Self::recover`] with phases that begin as `start` says.
    pub fn recover_from(
        &mut self,
        start: PhaseStart,
        magnitude: &ArrayRef2<f32>,
        len: usize,
        iterations: usize,
        seed: u64,
    ) -> Recovered {
        let framed = self.framed_len(magnitude.ncols(), len);
        let mut recovered = self.recovery.recover_from(start, magnitude, iterations, Some(framed), seed);
        recovered.signal = self.unframed(recovered.signal, len);
        recovered
    }

    /// A sound of `len` samples for a magnitude whose phases are given: the inverse transform, the peak as it comes.
    ///
    /// # Shapes
    /// `magnitude` is `[bins, frames]`, `phase` a transform `[bins, frames]` of which only the directions count. Where it
    /// has no value, or one of no direction (0), the phase is zero.
    pub fn with_phase(
        &mut self,
        magnitude: &ArrayRef2<f32>,
        phase: &ArrayRef2<Complex32>,
        len: usize,
    ) -> Vec<f32> {
        let shape = (self.stft.bins(), magnitude.ncols());
        let spectra = Array2::from_shape_fn(shape, |place| {
            let size = magnitude.get(place).copied().unwrap_or(0.0);
            let direction = phase.get(place).copied().unwrap_or_default();
            let length = direction.norm();
            if length > 0.0 { direction * (size / length) } else { Complex32::new(size, 0.0) }
        });
        let framed = self.framed_len(magnitude.ncols(), len);
        let signal = self.stft.inverse(&spectra, Some(framed));
        self.unframed(signal, len)
    }

    /// A sound of `len` samples for a magnitude, every phase zero: as an inverse transform makes it of a magnitude alone.
    /// Every frame starts its partials anew, so that it buzzes at the hop rate: a comparison, not a way to make sounds.
    pub fn zero_phase(&mut self, magnitude: &ArrayRef2<f32>, len: usize) -> Vec<f32> {
        self.with_phase(magnitude, &Array2::default((0, 0)), len)
    }

    /// Samples that are framed for a sound of `len`: frames that lie inside cannot reach beyond their own length, the rest
    /// is filled by [`Self::unframed`].
    fn framed_len(&self, frames: usize, len: usize) -> usize {
        match self.config.framing() {
            Framing::Centred => len,
            Framing::Inside => self.stft.natural_len(frames).min(len + 2 * self.config.reflect_margin()),
        }
    }

    /// The sound in a framed signal: without its reflected ends, and of full length.
    fn unframed(&self, mut framed: Vec<f32>, len: usize) -> Vec<f32> {
        let margin = self.config.reflect_margin().min(framed.len());
        framed.drain(..margin);
        framed.resize(len, 0.0);
        framed
    }

    /// An image in the normalised range brought back to the feature's unit.
    pub fn denormalised(&self, image: &ArrayRef2<f32>, min_max: MinMax) -> Array2<f32> {
        let mut feature = image.as_standard_layout().into_owned();
        self.normaliser.denormalise(&mut feature, min_max);
        feature
    }

    /// The magnitude that `image`, `[rows, frames]` in the normalised range, stands for: denormalised with `min_max` and
    /// taken the feature's way back. Silence where `min_max` has no span.
    ///
    /// # Shapes
    /// As [`Inverse::magnitude`] gives it.
    pub fn magnitude(&mut self, image: &ArrayRef2<f32>, min_max: MinMax) -> Array2<f32> {
        if min_max.is_constant() {
            return Array2::zeros((self.stft.bins(), image.ncols()));
        }
        let feature = self.denormalised(image, min_max);
        self.inverse.magnitude(feature)
    }
}

/// Scales samples whose peak is above [`PEAK_LIMIT`]; returns the factor.
pub fn limit_peak(samples: &mut [f32]) -> f32 {
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    if peak <= PEAK_LIMIT {
        return 1.0;
    }
    let gain = PEAK_LIMIT / peak;
    for sample in samples {
        *sample *= gain;
    }
    gain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{config::ClipDuration, preprocessing::PreprocessingPipeline};

    fn chirp(rate_hz: u32, level: f32) -> Clip {
        let rate = rate_hz as f32;
        let samples = (0..rate_hz / 2).map(|n| {
            let t = n as f32 / rate;
            level * (std::f32::consts::TAU * (300.0 * t + 900.0 * t * t)).sin()
        });
        Clip::mono(samples.collect(), rate_hz)
    }

    /// Distance of the spectrograms of a sound and of what its image gives back, in the normalised range.
    fn round_trip(config: &PreprocessingConfig) -> (f32, GeneratedSound) {
        let pipeline = PreprocessingPipeline::from_config(config).unwrap();
        let stages = pipeline.stages_of_clip(&chirp(config.sample_rate_hz, 0.5)).unwrap();
        let mut generator = SoundGenerator::new(config).unwrap();
        let sound = generator.generate(&stages.normalised, stages.min_max, 32, 1);
        let again = pipeline.stages_of_clip(&sound.clip).unwrap();
        let difference = (&again.normalised - &stages.normalised).mapv(f32::abs).mean().unwrap();
        (difference, sound)
    }

    #[test]
    fn a_sound_made_from_an_image_has_that_image() {
        let config = PreprocessingConfig::default();
        let (difference, sound) = round_trip(&config);
        assert_eq!(Some(sound.clip.len()), config.padded_len());
        assert!(sound.spectral_convergence < 0.1, "{}", sound.spectral_convergence);
        assert!(difference < 0.06, "{difference}");
    }

    #[test]
    fn log_mel_images_sound_too() {
        let config = PreprocessingConfig::log_mel();
        let (difference, sound) = round_trip(&config);
        assert_eq!(Some(sound.clip.len()), config.padded_len());
        assert!(difference < 0.1, "{difference}");
        assert!(sound.clip.channels()[0].iter().all(|s| s.is_finite()));
    }

    #[test]
    fn loud_sounds_are_scaled_down_and_it_is_said() {
        let config = PreprocessingConfig::default();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&chirp(22_050, 3.0)).unwrap();
        let mut generator = SoundGenerator::new(&config).unwrap();
        let sound = generator.generate(&stages.normalised, stages.min_max, 8, 1);
        let peak = timbrespace_base::differences::largest(sound.clip.channels()[0].iter().map(|s| s.abs()));
        assert!((peak - PEAK_LIMIT).abs() < 1e-5 && sound.gain < 0.5, "{peak} {}", sound.gain);
    }

    #[test]
    fn silence_and_images_of_another_width_are_no_accident() {
        let mut generator = SoundGenerator::new(&PreprocessingConfig::default()).unwrap();
        let silent = MinMax { min: -100.0, max: -100.0 };
        let sound = generator.generate(&Array2::zeros((256, 64)).view(), silent, 4, 0);
        assert!(sound.clip.channels()[0].iter().all(|s| *s == 0.0));
        let narrow = generator.generate(&Array2::from_elem((256, 10), 0.5).view(), ASSUMED, 4, 0);
        assert_eq!(narrow.clip.len(), 16_317);
    }

    #[test]
    fn a_magnitude_with_its_own_phase_is_the_sound_itself() {
        let mel = PreprocessingConfig::log_mel();
        let samples = ClipDuration::Samples(20_000);
        for config in [PreprocessingConfig::default(), PreprocessingConfig { duration: samples, ..mel }] {
            let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
            let stages = pipeline.stages_of_clip(&chirp(config.sample_rate_hz, 0.5)).unwrap();
            let mut generator = SoundGenerator::new(&config).unwrap();
            let magnitude = stages.stft.mapv(Complex32::norm);
            let again = generator.with_phase(&magnitude, &stages.stft, stages.padded.len());
            // Frames that lie inside do not cover the last samples of a length that the hop does not divide.
            let covered = stages.padded.len() - if config.framing() == Framing::Inside { 256 } else { 0 };
            assert_eq!(again.len(), stages.padded.len());
            let largest = timbrespace_base::differences::largest_difference(
                &again[..covered],
                &stages.padded[..covered],
            );
            assert!(largest < 1e-4, "{:?}: {largest}", config.feature);
        }
    }

    #[test]
    fn zero_phases_make_any_lasting_tone_repeat_at_the_hop_rate() {
        let config = PreprocessingConfig::default();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        // No multiple of the hop rate, 86.1 Hz: the tone itself does not repeat after a hop.
        let tone = (0..16_317).map(|n| (n as f32 * 900.0 / 22_050.0 * std::f32::consts::TAU).sin()).collect();
        let stages = pipeline.stages_of_clip(&Clip::mono(tone, 22_050)).unwrap();
        let mut generator = SoundGenerator::new(&config).unwrap();
        let buzz = generator.zero_phase(&stages.magnitude, 16_317);
        let change = |samples: &[f32]| {
            let middle = &samples[4096..12_288];
            let later = &samples[4096 + 256..12_288 + 256];
            let loudest = timbrespace_base::differences::largest(middle.iter().map(|sample| sample.abs()));
            timbrespace_base::differences::largest_difference(middle, later) / loudest
        };
        assert!(change(&stages.padded) > 1.0, "{}", change(&stages.padded));
        assert!(change(&buzz) < 0.01, "{}", change(&buzz));
    }

    const ASSUMED: MinMax = MinMax { min: -55.0, max: 25.0 };
}
