//! The data set as a whole: its overview, what is wrong with it, how fast it loads, how it compares with Python's.

pub mod doctor;
pub mod listed;
pub mod loading;
pub mod overview;
pub mod parity;

use serde::{Deserialize, Serialize};

use super::{Session, task::Task};

/// The parts of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Thumbnails, means and spreads, distributions.
    #[default]
    Overview,
    /// Recordings that something is wrong with.
    Doctor,
    /// Cached images against decoding on the fly.
    Loading,
    /// A folder of Python's against ours.
    Parity,
}

/// What the view shows.
#[derive(Debug, Default)]
pub struct DataSetState {
    /// The part that is open.
    pub part: Part,
    /// Thumbnails, means and spreads, distributions.
    pub overview: overview::OverviewState,
    /// Findings.
    pub doctor: doctor::DoctorState,
    /// Loading times.
    pub loading: loading::LoadingState,
    /// Differences from Python's images.
    pub parity: parity::ParityState,
}

/// What a person can ask of the data set.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSetCommand {
    /// Opens a part of the view.
    Show(Part),
    /// Of the overview.
    Overview(overview::OverviewCommand),
    /// Of the doctor.
    Doctor(doctor::DoctorCommand),
    /// Of the comparison of loading.
    Loading(loading::LoadingCommand),
    /// Of the comparison with Python.
    Parity(parity::ParityCommand),
}

/// News of the data set's threads.
pub(super) enum DataSetEvent {
    Overview(overview::OverviewEvent),
    Doctor(doctor::DoctorEvent),
    Loading(loading::LoadingEvent),
    Parity(parity::ParityEvent),
}

/// The threads at work.
#[derive(Default)]
pub(super) struct DataSetControl {
    pub(super) overview: Option<Task>,
    pub(super) doctor: Option<Task>,
    pub(super) loading: Option<Task>,
    pub(super) parity: Option<Task>,
    pub(super) parity_view: Option<Task>,
    /// Whether the images of a file are being made.
    pub(super) parity_looks: bool,
}

impl Session {
    pub(super) fn apply_to_data_set(&mut self, command: DataSetCommand) {
        match command {
            DataSetCommand::Show(part) => self.state.data_set.part = part,
            DataSetCommand::Overview(command) => self.apply_overview(command),
            DataSetCommand::Doctor(command) => self.apply_doctor(command),
            DataSetCommand::Loading(command) => self.apply_loading(command),
            DataSetCommand::Parity(command) => self.apply_parity(command),
        }
    }

    pub(super) fn hear_data_set(&mut self, event: DataSetEvent) {
        match event {
            DataSetEvent::Overview(event) => self.hear_overview(event),
            DataSetEvent::Doctor(event) => self.hear_doctor(event),
            DataSetEvent::Loading(event) => self.hear_loading(event),
            DataSetEvent::Parity(event) => self.hear_parity(event),
        }
    }
}
