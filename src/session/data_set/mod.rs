//! The data set view: overview, doctor, loading times, and comparison with Python's images.

pub mod doctor;
pub mod listed;
pub mod loading;
pub mod overview;
pub mod parity;
mod tools;

use serde::{Deserialize, Serialize};

pub(super) use self::tools::{News, Tools};
use self::{
    doctor::DoctorControl, loading::LoadingControl, overview::OverviewControl, parity::ParityControl,
};
use super::{job::Update, mailbox::Mailbox, settings::View};

/// Most recordings that a view works through without being asked.
pub const MOST_UNASKED: usize = 20_000;

/// The parts of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// Thumbnails, means and spreads, distributions.
    #[default]
    Overview,
    /// The doctor: recordings with faults.
    Doctor,
    /// Cached images against decoding on the fly.
    Loading,
    /// Comparison with a folder that Python wrote.
    Parity,
}

/// State of the view.
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

/// Commands of the view.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSetCommand {
    /// Opens a part of the view.
    Show(Tab),
    /// Overview.
    Overview(overview::OverviewCommand),
    /// Doctor.
    Doctor(doctor::DoctorCommand),
    /// Loading times.
    Loading(loading::LoadingCommand),
    /// Comparison with Python.
    Parity(parity::ParityCommand),
}

/// Events from the jobs.
pub(super) enum DataSetEvent {
    Overview(Update<overview::Outcome>),
    Doctor(Update<doctor::Examined>),
    Loading(Update<loading::LoadingTimes>),
    Parity(parity::ParityEvent),
}

/// The jobs of this part.
pub(super) struct DataSetControl {
    overview: OverviewControl,
    doctor: DoctorControl,
    loading: LoadingControl,
    parity: ParityControl,
    /// Parts that were filled from the open recordings, or whose filling was cancelled.
    filled: Vec<Tab>,
}

impl DataSetControl {
    pub(super) fn new(mailbox: &Mailbox<DataSetEvent>) -> Self {
        Self {
            overview: OverviewControl::new(mailbox.part(DataSetEvent::Overview)),
            doctor: DoctorControl::new(mailbox.part(DataSetEvent::Doctor)),
            loading: LoadingControl::new(mailbox.part(DataSetEvent::Loading)),
            parity: ParityControl::new(mailbox.part(DataSetEvent::Parity)),
            filled: Vec::new(),
        }
    }
}

/// The data set part with all that it may use.
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
        match &command {
            C::Overview(overview::OverviewCommand::Start) => control.filled.push(Tab::Overview),
            C::Doctor(doctor::DoctorCommand::Start) => control.filled.push(Tab::Doctor),
            _ => {}
        }
        match command {
            C::Show(part) => {
                state.part = part;
                self.fill();
            }
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
        self.fill();
    }

    /// Other recordings are open.
    pub(super) fn on_library(&mut self) {
        self.control.filled.clear();
        self.fill();
    }

    /// Works through the open recordings for the part that is shown, once for each folder: not those of large folders, and
    /// not while a run needs the processor.
    pub(super) fn fill(&mut self) {
        let Self { state, control, tools } = self;
        let library = tools.library();
        let is_wanted = tools.ctx.settings.view == View::DataSet
            && library.scanning.is_none()
            && library.unread == 0
            && (1..=MOST_UNASKED).contains(&library.used())
            && !tools.shown.training.status.is_busy();
        if !is_wanted || control.filled.contains(&state.part) {
            return;
        }
        match state.part {
            Tab::Overview if !state.overview.status.is_running() => {
                control.overview.apply(overview::OverviewCommand::Start, &mut state.overview, tools);
            }
            Tab::Doctor if !state.doctor.status.is_running() => {
                control.doctor.apply(doctor::DoctorCommand::Start, &mut state.doctor, tools);
            }
            _ => return,
        }
        control.filled.push(state.part);
    }
}
