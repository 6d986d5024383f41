//! The map: laid out in the background, walked by the pointer, with what the decoder makes of it behind the points.

use std::{path::PathBuf, sync::Arc};

use ndarray::Array1;

use super::{Session, SpaceEvent, preview::PreviewRequest};
use crate::{
    explore::layout::{Layout, LayoutKind},
    jobs::{
        JobContext, JobError,
        atlas::{self, Atlas, Region},
        export::map_list,
        guarded,
        layout::{self, ARRANGING},
    },
    pipeline::stages::MinMax,
    session::{
        event::Event,
        export::Export,
        latent::Place,
        progress::ProgressSink,
        state::Severity,
        task::{Task, TaskStatus},
    },
};

/// Images of an atlas in a row, and rows: small enough to be there at once, large enough to tell what they are.
const ATLAS_GRID: (usize, usize) = (14, 10);

impl Session {
    pub(super) fn set_layout(&mut self, kind: LayoutKind) {
        if self.state.space.layout_kind != kind {
            self.state.space.layout_kind = kind;
            self.arrange();
        }
    }

    /// Lays the encoded recordings out: by principal components at once, and by what was chosen when it is ready.
    pub(super) fn arrange(&mut self) {
        let Some(set) = self.state.space.set.clone() else { return };
        let before = self.space.arranging.take();
        self.space.retire(before);
        self.state.space.arranging = TaskStatus::Idle;
        self.put_layout(Layout::by_pca(&set.principal, set.vectors()));
        let kind = self.state.space.layout_kind;
        if kind == LayoutKind::Pca {
            return;
        }
        self.state.space.arranging.advance(ARRANGING, 0, 1);
        let (mailbox, serial) = (self.mailbox.clone(), self.space.map_serial);
        let sink =
            ProgressSink::new(mailbox.clone(), |progress| Event::Space(SpaceEvent::Arranging(progress)));
        let task = Task::start("map", move |interrupt| {
            let request = layout::Request { set, kind };
            let result = guarded(|| layout::run(&request, &JobContext::new(&sink, interrupt)));
            mailbox.send(Event::Space(SpaceEvent::Arranged { serial, result }));
        });
        match task {
            Ok(task) => self.space.arranging = Some(task),
            Err(error) => self.state.space.arranging = TaskStatus::Failed(format!("no thread: {error}")),
        }
    }

    fn put_layout(&mut self, layout: Layout) {
        self.space.map_serial += 1;
        let space = &mut self.state.space;
        space.layout = Some(Arc::new(layout));
        space.generation += 1;
        space.atlas = None;
        space.atlas_asked = None;
        self.tell_surroundings();
    }

    pub(super) fn hear_layout(&mut self, serial: u64, result: Result<Layout, JobError>) {
        if serial != self.space.map_serial {
            return;
        }
        match result {
            Ok(layout) => {
                self.put_layout(layout);
                self.state.space.arranging = TaskStatus::Done;
            }
            Err(error) => {
                self.state.space.layout_kind = LayoutKind::Pca;
                self.state.space.arranging = TaskStatus::Idle;
                if !error.is_stopped() {
                    self.notify(Severity::Warning, error.to_string());
                }
            }
        }
    }

    pub(super) fn move_to_place(&mut self, place: [f32; 2]) {
        let space = &self.state.space;
        let (Some(set), Some(layout)) = (&space.set, &space.layout) else { return };
        if !place.iter().all(|value| value.is_finite())
            || set.vectors().vectors().ncols() != self.state.latent.vector.len()
        {
            return;
        }
        let vector = layout.vector_at(place, set.vectors()).to_vec();
        let (mut min, mut max) = (0.0, 0.0);
        for (row, weight) in layout.around(place) {
            let own = set.min_max[row];
            (min, max) = (min + weight as f32 * own.min, max + weight as f32 * own.max);
        }
        let origin = "a place on the map".to_owned();
        self.drag_to(Place { vector, min_max: MinMax { min, max }, origin, original: None });
    }

    pub(super) fn preview(&self, recording: usize, heard: bool) {
        let (Some(recording_of_list), Some((_, config))) =
            (self.state.library.recordings.get(recording), &self.state.latent.model)
        else {
            return;
        };
        let path = recording_of_list.path.clone();
        let mut config = config.preprocessing.clone();
        config.resample |= self.state.settings.preprocessing.resample;
        self.space.preview.request(PreviewRequest { recording, path, config, heard });
    }

    pub(super) fn show_atlas(&mut self, region: Option<Region>) {
        let before = self.space.atlas.take();
        self.space.retire(before);
        self.state.space.atlas_asked = region;
        let space = &self.state.space;
        let (Some(region), Some(bundle), Some(set), Some(layout)) =
            (region, self.latent.bundle.clone(), space.set.clone(), space.layout.clone())
        else {
            self.state.space.atlas = None;
            return;
        };
        let (mailbox, serial) = (self.mailbox.clone(), self.space.map_serial);
        let task = Task::start("atlas", move |interrupt| {
            let (columns, rows) = ATLAS_GRID;
            let request = atlas::Request { bundle, set, layout, region, columns, rows };
            let result = guarded(|| atlas::run(&request, &JobContext::silent(interrupt)));
            mailbox.send(Event::Space(SpaceEvent::AtlasMade { serial, result }));
        });
        self.space.atlas = task.inspect_err(|error| log::warn!("no thread: {error}")).ok();
    }

    pub(super) fn hear_atlas(&mut self, serial: u64, result: Result<Atlas, JobError>) {
        if serial != self.space.map_serial || self.state.space.atlas_asked.is_none() {
            return;
        }
        match result {
            Ok(atlas) => self.state.space.atlas = Some(Arc::new(atlas)),
            Err(error) if error.is_stopped() => {}
            Err(error) => self.notify(Severity::Error, format!("The map cannot be decoded: {error}")),
        }
    }

    pub(super) fn pull_back(&mut self, part: f32) {
        let Some(set) = self.state.space.set.clone().filter(|_| !self.state.space.is_stale) else { return };
        let place = self.place();
        let here = Array1::from(place.vector.clone());
        let vector = set.manifold.pulled_towards_data(&here, part.clamp(0.0, 1.0)).to_vec();
        self.go_to(Place { vector, origin: "pulled back to the data".to_owned(), original: None, ..place });
    }

    pub(super) fn save_list(&self, path: PathBuf, recordings: &[usize]) {
        let space = &self.state.space;
        let (Some(set), Some(layout)) = (space.set.clone(), space.layout.clone()) else { return };
        let rows: Vec<usize> = recordings.iter().filter_map(|&recording| set.row_of(recording)).collect();
        let list = map_list::List { set, layout, rows };
        self.begin_export(Export::List(path, list));
    }
}
