//! The stages of the selected recording, always with the current settings.

use std::sync::Arc;

use super::{Session, stage_worker::StageRequest};
use crate::{
    pipeline::{config::PreprocessingConfig, stages::Stages},
    playback::prepared::Prepared,
};

impl Session {
    pub(super) fn set_preprocessing(&mut self, config: PreprocessingConfig) {
        if let Err(error) = config.validate() {
            self.state.inspection.error = Some(error.to_string());
            return;
        }
        self.state.settings.preprocessing = config;
        self.describe_model();
        self.ask_stages();
    }

    pub(super) fn forget_stages(&mut self) {
        self.state.inspection.stages = None;
        self.state.inspection.error = None;
        self.state.inspection.generation += 1;
        self.sound.lock().recording = None;
    }

    pub(super) fn ask_stages(&mut self) {
        let library = &self.state.library;
        let Some((index, recording)) = library
            .selected
            .and_then(|index| library.recordings.get(index).map(|recording| (index, recording)))
        else {
            return;
        };
        self.stage_serial += 1;
        self.state.inspection.busy = true;
        self.stages.request(StageRequest {
            serial: self.stage_serial,
            recording: index,
            path: recording.path.clone(),
            config: self.state.settings.preprocessing.clone(),
        });
    }

    pub(super) fn hear_stages(
        &mut self,
        recording: usize,
        serial: u64,
        result: Result<(Arc<Stages>, Prepared), String>,
    ) {
        if serial != self.stage_serial {
            return;
        }
        self.state.inspection.busy = false;
        match result {
            Ok((stages, prepared)) => {
                self.state.inspection.stages = Some((recording, stages));
                // The newest request was made with these settings; a change since then would have made a newer one.
                self.state.inspection.config = self.state.settings.preprocessing.clone();
                self.state.inspection.error = None;
                self.state.inspection.generation += 1;
                self.sound.lock().recording = Some((recording, prepared));
                self.play_awaited_recording(recording);
            }
            Err(error) => {
                self.forget_stages();
                self.state.inspection.error = Some(error);
            }
        }
    }
}
