//! Detail of a model: residuals of the images that it learnt from, kept beside it in the bundle.
//!
//! [`explore::detail`](timbrespace_analysis::explore::detail) says what detail is and adds it; here it is measured on training images (`measure`),
//! written to `detail.safetensors` ([`mod@file`]), and opened with the model that it belongs to. It is made when a run ends, and anew
//! by the job [`crate::detail`]. Residuals belong to the weights that they are of: with others they are refused.

pub mod file;
pub(crate) mod measure;
pub mod origin;

use std::{borrow::Cow, path::Path, sync::Arc};

use ndarray::{Array1, ArrayRef1, ArrayRef2};
use serde::Serialize;

use file::Shape;

use crate::{
    JobError,
    files::named,
    runs::{bundle::Bundle, model_files},
};
use timbrespace_analysis::explore::detail::{Added, ExactMatch, Mix, Residuals};
use timbrespace_base::{
    atomic_file::{self, Durability},
    regular_file, sentence,
};
use timbrespace_vae::{checkpoint::checksum, snapshot::Snapshot};

/// Name of the file in a bundle.
pub const FILE: &str = "detail.safetensors";
/// How it is made on the command line; a person reads this.
const HOW: &str = "turn Detail up in the Instrument view to make it, or run `timbrespace detail B FOLDER`, where B is the model and FOLDER \
                   what it was trained on";

/// The residuals of one model.
#[derive(Clone, Debug)]
pub struct Detail {
    residuals: Residuals,
    /// Names of their recordings.
    names: Vec<String>,
    /// Training recordings in all; more than there are residuals where not all fit.
    of: usize,
}

/// How much detail a result holds, for reports.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Used {
    /// Factor of the residuals.
    pub amount: f32,
    /// Nearest recordings that each image takes them from.
    pub from: usize,
    /// Recordings that these are chosen from.
    pub recordings: usize,
}

impl Used {
    /// In words, for a person.
    pub fn words(&self) -> String {
        let Self { amount, from, recordings } = self;
        format!(
            "detail {amount:.2}: to each image of the model, residuals of the {from} nearest of {recordings} training \
             recordings were added"
        )
    }
}

impl Detail {
    /// The detail of the model in the folder `bundle`, which is open as `of`.
    ///
    /// # Errors
    /// When there is none, the file is damaged or larger than [`file::LIMIT`], or it belongs to other weights.
    pub fn open(bundle: &Path, of: &Bundle) -> Result<Self, JobError> {
        let path = model_files::current(bundle).join(FILE);
        if !Self::is_in(bundle) {
            return Err(JobError::file(
                &path,
                sentence!("error-no-detail", "this model has no detail yet; {how}", how = HOW),
            ));
        }
        let bytes = named(&path, regular_file::read(&path, file::LIMIT))?;
        Self::parse(Cow::Owned(bytes), &of.snapshot).map_err(|cause| {
            JobError::file(
                &path,
                sentence!("error-unusable-detail", "{cause}; {how}", cause = cause, how = HOW),
            )
        })
    }

    /// Whether the folder `bundle` holds a file of detail, of whatever weights.
    pub fn is_in(bundle: &Path) -> bool {
        model_files::current(bundle).join(FILE).symlink_metadata().is_ok()
    }

    /// Detail that is embedded in the program.
    ///
    /// # Errors
    /// When it does not belong to the model.
    pub fn from_static(bytes: &'static [u8], of: &Bundle) -> Result<Self, JobError> {
        Self::parse(Cow::Borrowed(bytes), &of.snapshot).map_err(JobError::Other)
    }

    fn parse(bytes: Cow<'static, [u8]>, snapshot: &Snapshot) -> Result<Self, String> {
        let (header, residuals) = file::parse(bytes, Shape::of(snapshot.config()))?;
        let weights = weights_of(snapshot).map_err(|error| error.to_string())?;
        if header.weights != weights {
            return Err(format!(
                "it is of other weights than the model's (made for {}, the model's are {})",
                beginning(&header.weights),
                beginning(&weights)
            ));
        }
        Ok(Self { residuals, names: header.names, of: header.of })
    }

    /// Writes the file into the folder `bundle`, by renaming a finished temporary one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, bundle: &Path) -> Result<(), JobError> {
        let path = bundle.join(FILE);
        named(&path, atomic_file::write_bytes(&path, Durability::Synced, self.residuals.bytes()))
    }

    /// Recordings with residuals, at least one unless the model was trained on nothing.
    pub fn recordings(&self) -> usize {
        self.residuals.len()
    }

    /// Training recordings in all.
    pub fn of(&self) -> usize {
        self.of
    }

    /// Names of the recordings with residuals.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> usize {
        self.residuals.bytes().len()
    }

    /// What a result made with `mix` says.
    pub fn used(&self, mix: Mix) -> Used {
        let mix = mix.checked();
        Used {
            amount: mix.amount,
            from: mix.recordings.min(self.recordings()),
            recordings: self.recordings(),
        }
    }

    /// Adds detail to `image`, `[bins, frames]` in 0..1, which the model made of `place`, `[latent]`.
    pub fn add_to(
        &self,
        image: &mut ArrayRef2<f32>,
        place: &ArrayRef1<f32>,
        mix: Mix,
        exact_match: ExactMatch,
    ) -> Added {
        match image.as_slice_mut() {
            Some(pixels) => self.residuals.add_to(pixels, place, mix, exact_match),
            None => Added { amount: mix.amount, recordings: 0, is_itself: false },
        }
    }
}

/// Detail with how much of it is added.
#[derive(Clone, Debug)]
pub struct InUse {
    /// The residuals.
    pub detail: Arc<Detail>,
    /// How much.
    pub mix: Mix,
    /// What a recording that lies exactly at a place does.
    pub exact_match: ExactMatch,
}

impl InUse {
    /// The detail of `bundle` at `path`, where `mix` asks for any.
    ///
    /// # Errors
    /// As [`Detail::open`].
    pub(crate) fn open(
        mix: Mix,
        exact_match: ExactMatch,
        path: &Path,
        bundle: &Bundle,
    ) -> Result<Option<Self>, JobError> {
        if !mix.is_on() {
            return Ok(None);
        }
        Ok(Some(Self { detail: Arc::new(Detail::open(path, bundle)?), mix, exact_match }))
    }

    /// For the ladder: all of it, from other recordings than the one itself.
    pub fn in_ladder(detail: Arc<Detail>, recordings: usize) -> Self {
        Self { detail, mix: Mix { amount: 1.0, recordings }, exact_match: ExactMatch::Excluded }
    }

    /// Adds it to `image`, `[bins, frames]` in 0..1, which the model made of `vector`.
    pub(crate) fn add_to(&self, image: &mut ArrayRef2<f32>, vector: &[f32]) -> Added {
        self.detail.add_to(image, &Array1::from(vector.to_vec()), self.mix, self.exact_match)
    }

    /// What a result says.
    pub fn used(&self) -> Used {
        self.detail.used(self.mix)
    }
}

/// Whether the file at `path` is detail of some model, and nothing that a person put there.
pub(crate) fn is_own(path: &Path) -> bool {
    regular_file::read(path, file::LIMIT).is_ok_and(|bytes| file::is_detail(&bytes))
}

/// Whether a file of detail's name stands in `folder` that this program did not write.
pub(crate) fn is_foreign(folder: &Path) -> bool {
    let path = folder.join(FILE);
    path.symlink_metadata().is_ok() && !is_own(&path)
}

/// SHA-256 of a model's tensors.
fn weights_of(snapshot: &Snapshot) -> Result<String, JobError> {
    Ok(checksum(&snapshot.to_safetensors()?))
}

/// As much of a checksum as tells two apart.
fn beginning(checksum: &str) -> String {
    const SHOWN: usize = 12;
    checksum.chars().take(SHOWN).collect()
}
