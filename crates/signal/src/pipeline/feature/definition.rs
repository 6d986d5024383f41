//! What a feature is, and the settings' reference to one.

use std::{fmt, ops::Deref};

use serde::{Serialize, Serializer};
use timbrespace_base::setting::Misfit;

use super::{axis::RowAxis, inverse::Inverse, unit::Unit, words::Words};
use crate::{
    dsp::stft::Framing,
    pipeline::{config::PreprocessingConfig, extractor::Extractor},
};

/// One of the features that there are; stored by its name.
#[derive(Clone, Copy)]
pub struct Feature(pub(super) &'static dyn Definition);

/// What a feature is.
pub trait Definition: Sync {
    /// Its name in files and on the command line.
    fn name(&self) -> &'static str;

    /// Its words for people.
    fn words(&self) -> &'static Words;

    /// The unit of its values.
    fn unit(&self) -> Unit;

    /// The settings that it is known with.
    fn defaults(&self) -> PreprocessingConfig;

    /// Frame size and hop length of images with twice the rows or columns.
    fn fine(&self) -> (usize, usize);

    /// The settings that no other stage reads: their names in files, and their values.
    fn own_settings(&self, config: &PreprocessingConfig) -> Vec<(&'static str, String)>;

    /// Checks its own settings, which are those that [`PreprocessingConfig::validate`] leaves to the feature.
    ///
    /// # Errors
    /// Names the first setting outside its limits.
    fn check(&self, _config: &PreprocessingConfig) -> Result<(), Misfit> {
        Ok(())
    }

    /// Brings settings that the sample rate limits below its Nyquist frequency.
    fn fit_to_rate(&self, _config: &mut PreprocessingConfig) {}

    /// Changes the settings so that images have `rows` rows, where there are usual settings for that.
    fn fit_rows(&self, _config: &mut PreprocessingConfig, _rows: usize) {}

    /// Rows of every image.
    fn rows(&self, config: &PreprocessingConfig) -> usize;

    /// Where its frames lie.
    fn framing(&self) -> Framing {
        Framing::Centred
    }

    /// Samples by which the signal is reflected at both ends before it is framed.
    fn reflect_margin(&self, _config: &PreprocessingConfig) -> usize {
        0
    }

    /// The frequencies of its rows.
    fn axis(&self, config: &PreprocessingConfig) -> RowAxis;

    /// The lowest frequency that an image shows, in Hz.
    fn lowest_hz(&self, _config: &PreprocessingConfig) -> f64 {
        0.0
    }

    /// The highest frequency that an image shows, in Hz.
    fn highest_hz(&self, config: &PreprocessingConfig) -> f64;

    /// Where the triangular filter of each row begins, peaks and ends, in Hz; `None` where rows are single bins.
    fn triangles(&self, _config: &PreprocessingConfig) -> Option<Vec<[f64; 3]>> {
        None
    }

    /// How much higher than its row's value a bin may stand that is alone in its row, in dB: for axes that show bins in
    /// the range of the rows.
    fn headroom_db(&self, _config: &PreprocessingConfig) -> f32 {
        0.0
    }

    /// From a padded signal to the image.
    fn extractor(&self, config: &PreprocessingConfig) -> Box<dyn Extractor>;

    /// From the image to a magnitude.
    fn inverse(&self, config: &PreprocessingConfig) -> Box<dyn Inverse>;

    /// Lines of Python that make `feature` of the array `padded` with librosa and NumPy, each indented by four spaces.
    fn librosa_code(&self, config: &PreprocessingConfig) -> String;

    /// Its values as a formula, for programs that know nothing of this one.
    fn formula(&self) -> String;
}

impl Deref for Feature {
    type Target = dyn Definition;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for Feature {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Feature {}

impl fmt::Debug for Feature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Feature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
