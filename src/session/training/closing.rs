//! Closing the window while a run is active.

use super::{
    part::TrainingPart,
    state::{Closing, RunStatus},
};

/// How to close the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseWish {
    /// Close; ask first if a run is active.
    Ask,
    /// Stop the run, keep it, then close.
    StopAndClose,
    /// Close when the run has ended by itself.
    CloseWhenFinished,
    /// Stay open.
    KeepOpen,
    /// The system ends the program: keep the run, then close without asking.
    Must,
}

impl TrainingPart<'_> {
    pub(super) fn close(&mut self, wish: CloseWish) {
        if !self.is_training() {
            self.state.closing = match wish {
                CloseWish::KeepOpen => Closing::No,
                _ => Closing::Now,
            };
            return;
        }
        let closing = &mut self.state.closing;
        match wish {
            CloseWish::Ask if *closing == Closing::No => *closing = Closing::Asked,
            CloseWish::Ask => {}
            CloseWish::KeepOpen => *closing = Closing::No,
            CloseWish::CloseWhenFinished => {
                *closing = Closing::WhenEnded;
                self.continue_training();
            }
            CloseWish::StopAndClose | CloseWish::Must => {
                *closing = Closing::WhenEnded;
                self.control.must_close |= wish == CloseWish::Must;
                self.stop_training();
            }
        }
    }

    /// The run has ended: closes the window if that was requested, unless the person has a failure to read.
    pub(super) fn close_after_run(&mut self) {
        let training = &mut *self.state;
        let failed = matches!(training.status, RunStatus::Failed(_));
        training.closing = match training.closing {
            Closing::WhenEnded if !failed || self.control.must_close => Closing::Now,
            _ => Closing::No,
        };
    }
}
