//! The data set as a whole: its overview, what is wrong with it, how fast it loads, how it compares with Python's.

pub mod doctor;
pub mod listed;
pub mod loading;
pub mod overview;
pub mod parity;
mod tools;

use serde::{Deserialize, Serialize};

pub(super) use self::tools::Tools;
use self::{
    doctor::DoctorControl, loading::LoadingControl, overview::OverviewControl, parity::ParityControl,
};
use super::{job::Update, mailbox::Mailbox};

/// The parts of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
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
    pub part: Tab,
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
    Show(Tab),
    /// Of the overview.
    Overview(overview::OverviewCommand),
    /// Of the doctor.
    Doctor(doctor::DoctorCommand),
    /// Of the comparison of loading.
    Loading(loading::LoadingCommand),
    /// Of the comparison with Python.
    Parity(parity::ParityCommand),
}

/// News of the data set's jobs.
pub(super) enum DataSetEvent {
    Overview(Update<overview::Outcome>),
    Doctor(Update<doctor::Examined>),
    Loading(Update<loading::LoadingTimes>),
    Parity(parity::ParityEvent),
}

/// What belongs to the data set alone: its jobs.
pub(super) struct DataSetControl {
    overview: OverviewControl,
    doctor: DoctorControl,
    loading: LoadingControl,
    parity: ParityControl,
}

impl DataSetControl {
    pub(super) fn new(mailbox: &Mailbox<DataSetEvent>) -> Self {
        Self {
            overview: OverviewControl::new(mailbox.part(DataSetEvent::Overview)),
            doctor: DoctorControl::new(mailbox.part(DataSetEvent::Doctor)),
            loading: LoadingControl::new(mailbox.part(DataSetEvent::Loading)),
            parity: ParityControl::new(mailbox.part(DataSetEvent::Parity)),
        }
    }
}

/// The data set at work.
pub(super) struct DataSetPart<'a> {
    state: &'a mut DataSetState,
    control: &'a mut DataSetControl,
    tools: Tools<'a>,
}

impl<'a> DataSetPart<'a> {
    pub(super) fn new(
        state: &'a mut DataSetState,
        control: &'a mut DataSetControl,
        tools: Tools<'a>,
    ) -> Self {
        Self { state, control, tools }
    }

    pub(super) fn apply(&mut self, command: DataSetCommand) {
        use DataSetCommand as C;
        let Self { state, control, tools } = self;
        match command {
            C::Show(part) => state.part = part,
            C::Overview(command) => control.overview.apply(command, &mut state.overview, tools),
            C::Doctor(command) => control.doctor.apply(command, &mut state.doctor, tools),
            C::Loading(command) => control.loading.apply(command, &mut state.loading, tools),
            C::Parity(command) => control.parity.apply(command, &mut state.parity, tools),
        }
    }

    pub(super) fn on(&mut self, event: DataSetEvent) {
        let Self { state, control, tools } = self;
        match event {
            DataSetEvent::Overview(update) => control.overview.on(update, &mut state.overview, tools),
            DataSetEvent::Doctor(update) => control.doctor.on(update, &mut state.doctor),
            DataSetEvent::Loading(update) => control.loading.on(update, &mut state.loading),
            DataSetEvent::Parity(event) => control.parity.on(event, &mut state.parity, tools),
        }
    }
}
