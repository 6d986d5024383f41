//! Detail that is added to the decoded image: how much, from how many recordings, whether the model has any, and making it.

use std::path::Path;

use super::model_origin::ModelOrigin;
use crate::{explore::detail::Mix, jobs::runs::detail::Origin, session::task::TaskStatus};

/// Whether the model in use has detail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DetailStatus {
    /// Nobody has asked for it yet: opening a model does not wait for its detail.
    #[default]
    Unknown,
    /// It is there.
    Ready {
        /// Recordings with residuals.
        recordings: usize,
        /// Training recordings in all.
        of: usize,
    },
    /// It is not, and why.
    Missing(String),
}

/// What the window shows of detail; how much of it is wanted is among the settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DetailState {
    /// Whether the model has any.
    pub status: DetailStatus,
    /// How far making it is.
    pub making: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DetailCommand {
    /// This much, from this many recordings.
    Set(Mix),
    /// Makes the model's detail from the open recordings.
    Make,
    /// Stops that.
    Cancel,
}

/// Where the detail of a model is found and kept; `run` is the folder of the run under way or the last one.
pub(in crate::session) fn origin_of(model: Option<&ModelOrigin>, run: Option<&Path>) -> Origin {
    match model {
        Some(ModelOrigin::Demo) => Origin::Embedded,
        Some(ModelOrigin::Bundle(folder)) => Origin::Folder(folder.clone()),
        Some(ModelOrigin::Training { .. }) => {
            run.map_or(Origin::Nowhere, |run| Origin::Folder(run.to_owned()))
        }
        None => Origin::Nowhere,
    }
}
