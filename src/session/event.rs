//! News from the workers to the session, by part.

use super::{
    data_set::DataSetEvent, export_queue::Saved, inspection::part::InspectionEvent,
    latent::part::LatentEvent, library::part::LibraryEvent, playing::part::PlayingEvent,
    runs::worker::RunsEvent, space::part::SpaceEvent, training::part::TrainingEvent,
};

/// One piece of news.
pub(super) enum Event {
    /// Of the recordings.
    Library(LibraryEvent),
    /// Of the selected recording's stages.
    Inspection(InspectionEvent),
    /// Of the data set as a whole.
    DataSet(DataSetEvent),
    /// Of runs.
    Training(TrainingEvent),
    /// Of past runs.
    Runs(RunsEvent),
    /// Of the model and the vector.
    Latent(LatentEvent),
    /// Of the recordings in the latent space.
    Space(SpaceEvent),
    /// Of what is played with.
    Playing(PlayingEvent),
    /// A file was written, or not.
    Saved(Saved),
}
