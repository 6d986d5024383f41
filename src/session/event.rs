//! Events from the workers to the session, by part.

use super::{
    data_set::DataSetEvent, export_queue::Saved, inspection::part::InspectionEvent,
    latent::part::LatentEvent, library::part::LibraryEvent, playing::part::PlayingEvent,
    runs::worker::RunsEvent, space::part::SpaceEvent, training::part::TrainingEvent,
};

/// An event from a worker.
pub(super) enum Event {
    /// Library.
    Library(LibraryEvent),
    /// Stages of the selected recording.
    Inspection(InspectionEvent),
    /// Data set.
    DataSet(DataSetEvent),
    /// Training.
    Training(TrainingEvent),
    /// Past runs.
    Runs(RunsEvent),
    /// Model and latent vector.
    Latent(LatentEvent),
    /// Map and travel.
    Space(SpaceEvent),
    /// MIDI and recordings.
    Playing(PlayingEvent),
    /// A file was written, or not.
    Saved(Saved),
}
