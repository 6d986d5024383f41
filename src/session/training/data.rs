//! What the form's run would learn from: its split in numbers, and a recording as training may see it.

use std::{io, sync::Arc};

use super::super::{
    Session,
    event::{Event, Mailbox},
    state::View,
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobContext,
        augmentation_example::{self, Example},
        guarded,
        scan::Recording,
        split_preview::{self, Named, SplitSummary},
    },
};

/// What the window shows of a run's data.
#[derive(Debug, Default)]
pub struct DataState {
    /// The split of the open recordings by the form, or why there is none.
    pub split: Option<Result<SplitSummary, String>>,
    /// A recording as training may see it, or why it cannot be shown; `None` while nobody asked.
    pub example: Option<Result<Arc<Example>, String>>,
    /// Counts up with every example, for caches.
    pub generation: u64,
}

/// What is to be found out; newer wishes replace older ones of their kind.
#[derive(Default)]
pub(in crate::session) struct DataRequest {
    split: Option<split_preview::Request>,
    example: Option<augmentation_example::Request>,
}

/// What was found out.
pub(in crate::session) enum DataEvent {
    Split(Result<SplitSummary, String>),
    Example(Result<Arc<Example>, String>),
}

/// Starts the thread.
pub(in crate::session) fn spawn(mailbox: Mailbox) -> io::Result<Worker<DataRequest>> {
    Worker::spawn("training data", move |DataRequest { split, example }| {
        let interrupt = Interrupt::new();
        let context = JobContext::silent(&interrupt);
        if let Some(request) = split {
            let summary = guarded(|| split_preview::run(&request, &context));
            let summary = summary.map_err(|error| error.to_string());
            mailbox.send(Event::TrainingData(DataEvent::Split(summary)));
        }
        if let Some(request) = example {
            let example = guarded(|| augmentation_example::run(&request, &context));
            let example = example.map(Arc::new).map_err(|error| error.to_string());
            mailbox.send(Event::TrainingData(DataEvent::Example(example)));
        }
    })
}

impl Session {
    /// Asks for the split of the open recordings where the form is in sight.
    pub(in crate::session) fn describe_split(&self) {
        let library = &self.state.library;
        if self.state.settings.view != View::Training || library.recordings.is_empty() {
            return;
        }
        let used = library.recordings.iter().filter(|recording| !library.is_left_out(recording));
        let named =
            |recording: &Recording| Named { name: recording.name.clone(), class: recording.class.clone() };
        let split = Some(split_preview::Request {
            config: self.state.settings.training.training.clone(),
            recordings: used.map(named).collect(),
            pattern: library.label_pattern.clone(),
        });
        self.training.data.merge(|waiting| waiting.get_or_insert_default().split = split);
    }

    /// Asks for variation `number` of the selected recording, or of the first.
    pub(in crate::session) fn show_example(&mut self, number: usize) {
        let library = &self.state.library;
        let Some(recording) = library.recordings.get(library.selected.unwrap_or(0)) else {
            self.state.training.data.example = Some(Err("Open a folder of recordings first".to_owned()));
            return;
        };
        let example = Some(augmentation_example::Request {
            file: recording.path.clone(),
            config: self.state.settings.preprocessing.clone(),
            augmentation: self.state.settings.training.training.augmentation,
            number,
        });
        self.training.data.merge(|waiting| waiting.get_or_insert_default().example = example);
    }

    pub(in crate::session) fn hear_training_data(&mut self, event: DataEvent) {
        let data = &mut self.state.training.data;
        match event {
            DataEvent::Split(split) => data.split = Some(split),
            DataEvent::Example(example) => {
                data.example = Some(example);
                data.generation += 1;
            }
        }
    }
}
