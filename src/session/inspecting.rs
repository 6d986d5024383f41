//! The stages of the selected recording, always with the current settings.

use std::sync::Arc;

use super::{
    Session,
    event::Staged,
    stage_worker::StageRequest,
    state::{Pin, PinSlot},
};
use crate::pipeline::{config::PreprocessingConfig, stages::Stages};

impl Session {
    pub(super) fn set_preprocessing(&mut self, config: PreprocessingConfig) {
        if let Err(error) = config.validate() {
            self.state.inspection.error = Some(error.to_string());
            return;
        }
        self.state.settings.preprocessing = config;
        self.describe_model();
        self.ask_stages();
        self.follow_pieces();
    }

    /// Keeps the selected recording for comparing.
    pub(super) fn pin(&mut self, slot: PinSlot) {
        let inspection = &mut self.state.inspection;
        let Some((recording, stages)) = inspection.stages.clone() else { return };
        let Some(name) = self.state.library.recordings.get(recording).map(|recording| recording.name.clone())
        else {
            return;
        };
        inspection.pins[slot as usize] =
            Some(Pin { recording, name, stages, config: inspection.config.clone() });
        inspection.generation += 1;
        // The second pin asks for the comparison; nobody pins two recordings for anything else.
        inspection.comparing = inspection.pins.iter().all(Option::is_some);
    }

    pub(super) fn unpin(&mut self, slot: PinSlot) {
        let inspection = &mut self.state.inspection;
        inspection.pins[slot as usize] = None;
        inspection.comparing = false;
        inspection.generation += 1;
    }

    pub(super) fn set_comparing(&mut self, comparing: bool) {
        let inspection = &mut self.state.inspection;
        inspection.comparing = comparing && inspection.pins.iter().all(Option::is_some);
    }

    pub(super) fn hear_pin(&mut self, slot: PinSlot, serial: u64, result: Result<Arc<Stages>, String>) {
        if serial != self.stage_serial {
            return;
        }
        let inspection = &mut self.state.inspection;
        match (result, &mut inspection.pins[slot as usize]) {
            (Ok(stages), Some(pin)) => {
                pin.stages = stages;
                pin.config = self.state.settings.preprocessing.clone();
            }
            (Ok(_), None) => {}
            (Err(_), pin) => {
                *pin = None;
                inspection.comparing = false;
            }
        }
        inspection.generation += 1;
    }

    /// Another folder has other recordings: nothing of the old one is kept.
    pub(super) fn forget_pins(&mut self) {
        let inspection = &mut self.state.inspection;
        inspection.pins = [None, None];
        inspection.comparing = false;
        inspection.selection = None;
    }

    pub(super) fn forget_stages(&mut self) {
        self.state.inspection.stages = None;
        self.state.inspection.long = None;
        self.state.inspection.error = None;
        self.state.inspection.generation += 1;
        self.sound.lock().recording = None;
    }

    /// Asks for the selected recording's stages, and for those of pinned ones that were made with other settings.
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
        let path_of =
            |pin: &Pin| library.recordings.get(pin.recording).map(|recording| recording.path.clone());
        let config = &self.state.settings.preprocessing;
        let slots = [PinSlot::A, PinSlot::B].into_iter().zip(&self.state.inspection.pins);
        let pins = slots
            .filter_map(|(slot, pin)| Some((slot, pin.as_ref().filter(|pin| pin.config != *config)?)))
            .filter_map(|(slot, pin)| Some((slot, path_of(pin)?)));
        self.stages.request(StageRequest {
            serial: self.stage_serial,
            recording: index,
            path: recording.path.clone(),
            pins: pins.collect(),
            config: self.state.settings.preprocessing.clone(),
        });
    }

    pub(super) fn hear_stages(&mut self, recording: usize, serial: u64, result: Result<Staged, String>) {
        if serial != self.stage_serial {
            return;
        }
        self.state.inspection.busy = false;
        match result {
            Ok(staged) => {
                let inspection = &mut self.state.inspection;
                // The newest request was made with these settings; a change since then would have made a newer one.
                inspection.config = self.state.settings.preprocessing.clone();
                inspection.error = None;
                inspection.generation += 1;
                match staged {
                    Staged::Whole(stages, prepared) => {
                        (inspection.stages, inspection.long) = (Some((recording, stages)), None);
                        self.sound.lock().recording = Some((recording, prepared));
                    }
                    Staged::Long(view, prepared) => {
                        (inspection.stages, inspection.long) = (None, Some((recording, *view)));
                        self.sound.lock().recording = Some((recording, prepared));
                    }
                }
                self.play_awaited_recording(recording);
            }
            Err(error) => {
                self.forget_stages();
                self.state.inspection.error = Some(error);
            }
        }
    }
}
