//! Detail that is added to the decoded image: how much, from how many recordings, whether the model has any, and making it.

use super::model_origin::ModelOrigin;
use crate::{
    explore::detail::Mix, jobs::runs::detail::origin::Origin, session::spoken::Spoken,
    session::task::TaskStatus,
};

/// Whether the model in use has detail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DetailStatus {
    /// Not looked for yet: opening a model does not wait for its detail.
    #[default]
    Unknown,
    /// Available.
    Ready {
        /// Recordings with residuals.
        recordings: usize,
        /// Training recordings in all.
        of: usize,
    },
    /// None was made of the model yet.
    None,
    /// What there is cannot be used, with the reason.
    Unusable(Spoken),
}

/// State of detail; its amount is among the settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DetailState {
    /// Whether the model has any.
    pub status: DetailStatus,
    /// Progress of making it.
    pub making: TaskStatus,
}

/// Commands about detail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DetailCommand {
    /// Sets the amount and the number of recordings.
    Set(Mix),
    /// Makes the model's detail from the open recordings.
    Make,
    /// Stops making it.
    Cancel,
}

/// Where the detail of a model is found and kept.
pub(in crate::session) fn origin_of(model: Option<&ModelOrigin>) -> Origin {
    let Some(model) = model else { return Origin::Nowhere };
    model.folder().map_or(Origin::Embedded, |folder| Origin::Folder(folder.to_owned()))
}
