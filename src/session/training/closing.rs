//! Closing the window while a run is under way.

use super::{
    super::{Session, state::RunStatus},
    CloseWish,
    state::Closing,
};

impl Session {
    pub(super) fn close(&mut self, wish: CloseWish) {
        if !self.is_training() {
            self.state.training.closing = match wish {
                CloseWish::KeepOpen => Closing::No,
                _ => Closing::Now,
            };
            return;
        }
        let closing = &mut self.state.training.closing;
        match wish {
            CloseWish::Ask if *closing == Closing::No => *closing = Closing::Asked,
            CloseWish::Ask => {}
            CloseWish::KeepOpen => *closing = Closing::No,
            CloseWish::CloseWhenFinished => {
                *closing = Closing::WhenEnded;
                self.resume_training();
            }
            CloseWish::StopAndClose | CloseWish::Must => {
                *closing = Closing::WhenEnded;
                self.training.must_close |= wish == CloseWish::Must;
                self.stop_training();
            }
        }
    }

    /// The run has ended: closes where that was wished for, unless a failure is to be read first.
    pub(super) fn close_after_run(&mut self) {
        let training = &mut self.state.training;
        let failed = matches!(training.status, RunStatus::Failed(_));
        training.closing = match training.closing {
            Closing::WhenEnded if !failed || self.training.must_close => Closing::Now,
            _ => Closing::No,
        };
    }
}
