//! What the form's run would learn from: its split in numbers, and a recording as training may see it.

use super::{data_worker::DataEvent, part::TrainingPart};
use crate::{
    jobs::{
        augmentation_example,
        scan::Recording,
        split_preview::{self, Named},
    },
    session::{settings::View, spoken::said},
};

impl TrainingPart<'_> {
    /// Requests the split of the open recordings if the form is visible.
    pub(super) fn describe_split(&mut self) {
        let library = self.library;
        if library.used() == 0 {
            self.state.data.split = None;
            return;
        }
        if self.ctx.settings.view != View::Training {
            return;
        }
        let used = library.recordings.iter().filter(|recording| !library.is_left_out(recording));
        let named =
            |recording: &Recording| Named { name: recording.name.clone(), class: recording.class.clone() };
        let split = Some(split_preview::Request {
            config: self.state.shown_form(&self.ctx.settings.training).training.clone(),
            recordings: used.map(named).collect(),
            pattern: library.label_pattern.clone(),
        });
        self.control.data.merge(|waiting| waiting.get_or_insert_default().split = split);
    }

    /// Requests variation `number` of the selected recording, or of the first.
    pub(super) fn show_example(&mut self, number: usize) {
        let library = self.library;
        let Some(recording) = library.recordings.get(library.selected.unwrap_or(0)) else {
            self.state.data.example = Some(Err(said!("message-open-recordings-first")));
            return;
        };
        let example = Some(augmentation_example::Request {
            file: recording.path.clone(),
            config: self.ctx.settings.preprocessing.clone(),
            augmentation: self.state.shown_form(&self.ctx.settings.training).training.augmentation,
            number,
        });
        self.control.data.merge(|waiting| waiting.get_or_insert_default().example = example);
    }

    pub(super) fn on_data_event(&mut self, event: DataEvent) {
        let data = &mut self.state.data;
        match event {
            // All may have been left out while it was computed.
            DataEvent::Split(split) => data.split = Some(split).filter(|_| self.library.used() > 0),
            DataEvent::Example(example) => {
                data.example = Some(example);
                data.generation += 1;
            }
        }
    }
}
