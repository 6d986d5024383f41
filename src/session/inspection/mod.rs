//! The stages of the selected recording and of the pinned ones, always with the current settings.

pub mod long_view;
pub(super) mod part;
pub(super) mod stage_worker;
pub mod state;
mod tile_worker;

use std::sync::Arc;

use self::{
    part::{InspectionEvent, InspectionPart, News},
    stage_worker::{Failure, StageEvent, StageRequest, Staged},
    state::{Pin, PinSlot},
    tile_worker::{TileEvent, TileRequest},
};
use super::{settings::StageDisplay, sound::PreparedRecording};
use crate::{
    interrupt::Interrupt,
    pipeline::{config::PreprocessingConfig, stages::Stages},
    session::spoken::Spoken,
};

/// Commands of the stages view.
#[derive(Clone, Debug, PartialEq)]
pub enum InspectionCommand {
    /// Changes the preprocessing settings.
    SetPreprocessing(PreprocessingConfig),
    /// Changes how stages are drawn.
    SetStageDisplay(StageDisplay),
    /// Selects seconds of the padded signal, or nothing.
    SetSelection(Option<(f64, f64)>),
    /// Computes these seconds, from and to, of a long sound.
    LookAt(f64, f64),
    /// Pins the selected recording for comparison.
    Pin(PinSlot),
    /// Unpins a recording.
    Unpin(PinSlot),
    /// Shows the two pinned recordings and their difference, or the selected one again.
    SetComparing(bool),
}

impl InspectionPart<'_> {
    pub(super) fn apply(&mut self, command: InspectionCommand) {
        use InspectionCommand as C;
        match command {
            C::SetPreprocessing(config) => self.set_preprocessing(config),
            C::SetStageDisplay(display) => self.ctx.settings.stage_display = display,
            C::SetSelection(selection) => self.state.selection = selection,
            C::LookAt(from, to) => self.look_at((from, to)),
            C::Pin(slot) => self.pin(slot),
            C::Unpin(slot) => self.unpin(slot),
            C::SetComparing(comparing) => self.set_comparing(comparing),
        }
    }

    pub(super) fn on(&mut self, event: InspectionEvent) {
        match event {
            InspectionEvent::Stages(StageEvent::Opening { serial, done }) => {
                if serial == self.control.serial {
                    self.state.opening = Some(done);
                }
            }
            InspectionEvent::Stages(StageEvent::Staged { recording, serial, result, replaced }) => {
                self.on_stages(recording, serial, result);
                if let Some(replaced) = replaced.filter(|_| serial == self.control.serial) {
                    self.ctx.tell(News::Replaced(recording, replaced));
                }
            }
            InspectionEvent::Stages(StageEvent::PinStaged { slot, serial, result }) => {
                self.on_pin(slot, serial, result);
            }
            InspectionEvent::Tile(event) => self.on_tile(event),
        }
    }

    /// Other recordings were opened: forgets everything about the earlier ones.
    pub(super) fn forget(&mut self) {
        // What is still computed belongs to the earlier recordings.
        self.give_up();
        self.state.busy = false;
        self.forget_stages();
        self.state.pins = [None, None];
        self.state.comparing = false;
        self.state.selection = None;
    }

    /// Whatever is being computed is not wanted any more.
    fn give_up(&mut self) {
        self.control.serial += 1;
        self.control.interrupt.stop();
        self.state.opening = None;
    }

    fn set_preprocessing(&mut self, config: PreprocessingConfig) {
        if let Err(error) = config.validate() {
            self.state.error = Some(Arc::new(error.into()));
            return;
        }
        self.ctx.settings.preprocessing = config;
        self.ask_stages();
        self.ctx.tell(News::Preprocessing);
    }

    /// Pins the selected recording for comparison.
    fn pin(&mut self, slot: PinSlot) {
        let inspection = &mut *self.state;
        let Some((recording, stages)) = inspection.stages.clone() else { return };
        let Some(name) = self.library.recordings.get(recording).map(|recording| recording.name.clone())
        else {
            return;
        };
        inspection.pins[slot as usize] =
            Some(Pin { recording, name, stages, config: inspection.config.clone() });
        inspection.generation += 1;
        // The second pin starts the comparison: pins have no other use.
        inspection.comparing = inspection.pins.iter().all(Option::is_some);
    }

    fn unpin(&mut self, slot: PinSlot) {
        let inspection = &mut *self.state;
        inspection.pins[slot as usize] = None;
        inspection.comparing = false;
        inspection.generation += 1;
    }

    fn set_comparing(&mut self, comparing: bool) {
        let inspection = &mut *self.state;
        inspection.comparing = comparing && inspection.pins.iter().all(Option::is_some);
    }

    fn on_pin(&mut self, slot: PinSlot, serial: u64, result: Result<Arc<Stages>, String>) {
        if serial != self.control.serial {
            return;
        }
        let inspection = &mut *self.state;
        match (result, &mut inspection.pins[slot as usize]) {
            (Ok(stages), Some(pin)) => {
                pin.stages = stages;
                pin.config = self.ctx.settings.preprocessing.clone();
            }
            (Ok(_), None) => {}
            (Err(_), pin) => {
                *pin = None;
                inspection.comparing = false;
            }
        }
        inspection.generation += 1;
    }

    fn forget_stages(&mut self) {
        self.state.stages = None;
        self.state.long = None;
        self.state.error = None;
        self.state.generation += 1;
        self.ctx.sound.lock().recording = None;
    }

    /// Requests the stages of the selected recording, and of pinned ones whose settings are out of date.
    pub(super) fn ask_stages(&mut self) {
        let library = self.library;
        let Some((index, recording)) = library
            .selected
            .and_then(|index| library.recordings.get(index).map(|recording| (index, recording)))
        else {
            return;
        };
        self.give_up();
        self.control.interrupt = Interrupt::new();
        self.state.busy = true;
        let path_of =
            |pin: &Pin| library.recordings.get(pin.recording).map(|recording| recording.path.clone());
        let config = &self.ctx.settings.preprocessing;
        let slots = [PinSlot::A, PinSlot::B].into_iter().zip(&self.state.pins);
        let pins = slots
            .filter_map(|(slot, pin)| Some((slot, pin.as_ref().filter(|pin| pin.config != *config)?)))
            .filter_map(|(slot, pin)| Some((slot, path_of(pin)?)));
        self.control.stages.request(StageRequest {
            serial: self.control.serial,
            interrupt: self.control.interrupt.clone(),
            recording: index,
            path: recording.path.clone(),
            stamp: recording.stamp,
            pins: pins.collect(),
            config: self.ctx.settings.preprocessing.clone(),
        });
    }

    fn on_stages(&mut self, recording: usize, serial: u64, result: Result<Staged, Failure>) {
        if serial != self.control.serial {
            return;
        }
        self.state.busy = false;
        self.state.opening = None;
        match result {
            Ok(staged) => {
                let inspection = &mut *self.state;
                // The newest request was made with these settings; a change since then would have made a newer one.
                inspection.config = self.ctx.settings.preprocessing.clone();
                inspection.error = None;
                inspection.generation += 1;
                match staged {
                    Staged::Whole(stages, prepared) => {
                        (inspection.stages, inspection.long) = (Some((recording, stages)), None);
                        self.ctx.sound.lock().recording = Some(PreparedRecording { recording, prepared });
                    }
                    Staged::Long(view, prepared) => {
                        (inspection.stages, inspection.long) = (None, Some((recording, *view)));
                        self.ctx.sound.lock().recording = Some(PreparedRecording { recording, prepared });
                    }
                }
                self.ctx.tell(News::Staged(recording));
            }
            Err(Failure { error, of_file }) => {
                self.forget_stages();
                let words = Spoken::from(Arc::clone(&error));
                self.state.error = Some(error);
                if let Some(cause) = of_file {
                    self.ctx.tell(News::Failed { recording, words, cause });
                }
            }
        }
    }

    /// The window shows these seconds of the long sound.
    fn look_at(&mut self, secs: (f64, f64)) {
        let serial = self.control.serial;
        let Some((_, view)) = self.state.long.as_mut() else { return };
        view.looking = secs;
        if let Some(frames) = view.wanted() {
            view.asked = Some(frames.clone());
            let sound = Arc::clone(&view.sound);
            self.control.tiles.request(TileRequest { sound, serial, frames });
        }
    }

    fn on_tile(&mut self, TileEvent { serial, tile }: TileEvent) {
        let inspection = &mut *self.state;
        if serial == self.control.serial
            && let Some((_, view)) = inspection.long.as_mut()
        {
            let is_newest =
                view.asked.as_ref().is_some_and(|asked| asked.end == tile.frames(view.sound.frames).end);
            if is_newest {
                view.asked = None;
            }
            view.tile = Some(tile);
            view.parts += 1;
        }
    }
}
