//! The map: its layout, moving on it, and decoded images behind its points.

use std::{path::PathBuf, sync::Arc};

use ndarray::Array1;

use super::{
    part::{News, SpaceEvent, SpacePart},
    preview::PreviewRequest,
};
use crate::{
    explore::layout::{Layout, LayoutKind},
    jobs::{
        JobContext, JobError,
        atlas::{self, Atlas, Region},
        export::map_list,
        layout::{self, ARRANGING},
    },
    pipeline::stages::MinMax,
    session::{
        job::no_worker_thread,
        job::{Plan, Update},
        latent::{latent_point::LatentPoint, origin::Origin},
        notices::Severity,
        spoken::{Spoken, said},
        task::TaskStatus,
    },
};

/// Columns and rows of an atlas: few enough to decode at once, images large enough to recognise.
const ATLAS_GRID: (usize, usize) = (14, 10);

impl SpacePart<'_> {
    pub(super) fn set_layout(&mut self, kind: LayoutKind) {
        if self.state.layout_kind != kind {
            self.state.layout_kind = kind;
            self.arrange();
        }
    }

    /// Computes the layout: principal components at once, the chosen one in the background.
    pub(super) fn arrange(&mut self) {
        let Some(set) = self.state.set.clone() else { return };
        self.control.arranging.forget();
        self.state.arranging = TaskStatus::Idle;
        self.put_layout(Layout::by_pca(&set.principal, set.vectors()));
        let kind = self.state.layout_kind;
        if kind == LayoutKind::Pca {
            return;
        }
        let request = layout::Request { set, kind };
        let plan = Plan { thread: "map", stage: ARRANGING, total: 1 };
        let mailbox = self.control.mailbox.part(SpaceEvent::Arranging);
        let status = &mut self.state.arranging;
        self.control.arranging.begin(&plan, status, &mailbox, move |context| layout::run(&request, context));
    }

    fn put_layout(&mut self, layout: Layout) {
        // Its positions are those of the earlier map.
        self.control.atlas.forget();
        let space = &mut *self.state;
        space.layout = Some(Arc::new(layout));
        space.generation += 1;
        space.atlas = None;
        space.atlas_asked = None;
        self.send_surroundings();
    }

    pub(super) fn on_arranging(&mut self, update: Update<Layout>) {
        match self.control.arranging.follow(update, &mut self.state.arranging) {
            None => {}
            Some(Ok(layout)) => self.put_layout(layout),
            Some(Err(error)) => {
                self.state.layout_kind = LayoutKind::Pca;
                self.state.arranging = TaskStatus::Idle;
                if !error.is_stopped() {
                    self.ctx.notify(Severity::Warning, error);
                }
            }
        }
    }

    pub(super) fn move_to_place(&mut self, place: [f32; 2]) {
        let space = &*self.state;
        let (Some(set), Some(layout)) = (&space.set, &space.layout) else { return };
        if !place.iter().all(|value| value.is_finite())
            || set.vectors().vectors().ncols() != self.latent.vector.len()
        {
            return;
        }
        if self.latent.dragging {
            self.ctx.settings.first_steps.shows_drag_hint = false;
        }
        let vector = layout.vector_at(place, set.vectors()).to_vec();
        let (mut min, mut max) = (0.0, 0.0);
        for (row, weight) in layout.around(place) {
            let own = set.min_max[row];
            (min, max) = (min + weight as f32 * own.min, max + weight as f32 * own.max);
        }
        self.ctx.tell(News::DragTo(LatentPoint {
            vector,
            min_max: MinMax { min, max },
            origin: Origin::Map,
            original: None,
        }));
    }

    pub(super) fn preview(&self, recording: usize, heard: bool) {
        let (Some(recording_of_list), Some(config)) =
            (self.library.recordings.get(recording), self.latent.model_config())
        else {
            return;
        };
        let path = recording_of_list.path.clone();
        let mut config = config.preprocessing.clone();
        config.resample |= self.ctx.settings.preprocessing.resample;
        self.control.preview.request(PreviewRequest { recording, path, config, heard });
    }

    pub(super) fn show_atlas(&mut self, region: Option<Region>) {
        self.control.atlas.forget();
        self.state.atlas_asked = region;
        let space = &*self.state;
        let (Some(region), Some(bundle), Some(set), Some(layout)) =
            (region, self.model.bundle().cloned(), space.set.clone(), space.layout.clone())
        else {
            self.state.atlas = None;
            return;
        };
        let (columns, rows) = ATLAS_GRID;
        let request = atlas::Request { bundle, set, layout, region, columns, rows };
        let mailbox = self.control.mailbox.part(SpaceEvent::Atlas);
        let started = self.control.atlas.start("atlas", &mailbox, move |_, interrupt| {
            atlas::run(&request, &JobContext::silent(interrupt))
        });
        if let Err(error) = started {
            self.on_atlas(Err(no_worker_thread(&error)));
        }
    }

    pub(super) fn on_atlas(&mut self, result: Result<Atlas, JobError>) {
        match result {
            Ok(atlas) => self.state.atlas = Some(Arc::new(atlas)),
            Err(error) if error.is_stopped() => {}
            Err(error) => {
                let words = said!("message-map-not-decoded", cause = Spoken::from(error));
                self.ctx.notify(Severity::Error, words);
            }
        }
    }

    pub(super) fn pull_back(&mut self, part: f32) {
        let Some(set) = self.state.set.clone().filter(|_| !self.state.is_stale) else { return };
        let place = self.latent.place();
        let here = Array1::from(place.vector.clone());
        let vector = set.manifold.pulled_towards_data(&here, part.clamp(0.0, 1.0)).to_vec();
        self.ctx.tell(News::GoTo(LatentPoint {
            vector,
            origin: Origin::PulledBack,
            original: None,
            ..place
        }));
    }

    pub(super) fn save_list(&self, path: PathBuf, recordings: &[usize]) {
        let space = &*self.state;
        let (Some(set), Some(layout)) = (space.set.clone(), space.layout.clone()) else { return };
        let rows: Vec<usize> = recordings.iter().filter_map(|&recording| set.row_of(recording)).collect();
        let list = map_list::List { set, layout, rows };
        self.exports.save(path, self.shown().chosen_output(), move |path| list.save(path));
    }
}
