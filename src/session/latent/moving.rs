//! Moving the vector by hand: sliders, drags, keys and controls.

use std::sync::Arc;

use super::{
    latent_point::LatentPoint,
    origin::Origin,
    part::{LatentPart, News},
};
use crate::session::sound::Hearing;

impl LatentPart<'_> {
    pub(super) fn set_latent(&mut self, dimension: usize, value: f32) {
        if !value.is_finite() || dimension >= self.state.vector.len() {
            return;
        }
        self.ctx.tell(News::ByHand);
        if !self.state.dragging {
            self.remember_place();
        }
        self.state.vector[dimension] = value;
        self.moved_by(Origin::Sliders);
    }

    /// Moves along the axis of a slider, unless it is locked.
    pub(super) fn set_axis(&mut self, axis: usize, value: f32) {
        let axes = Arc::clone(&self.state.axes);
        let Some(moved) = axes.get(axis) else { return };
        if !value.is_finite()
            || self.state.locked.contains(&axis)
            || moved.direction.len() != self.state.vector.len()
        {
            return;
        }
        self.ctx.tell(News::ByHand);
        if !self.state.dragging {
            self.remember_place();
        }
        moved.move_to(&mut self.state.vector, value);
        self.moved_by(Origin::Sliders);
    }

    /// The vector has moved: notes its origin and decodes it.
    fn moved_by(&mut self, origin: Origin) {
        self.state.origin = origin;
        self.ask_decoded(if self.state.dragging { Hearing::Follow } else { Hearing::Once });
    }

    /// Goes to `place`, as part of a drag if there is one: then undo returns to where the drag began.
    pub(in crate::session) fn drag_to(&mut self, place: LatentPoint) {
        if !self.state.dragging {
            self.go_to(place);
            return;
        }
        let vector = self.keeping_locked(place.vector);
        self.state.vector = vector;
        self.state.original = place.original;
        self.state.min_max = place.min_max;
        self.moved_by(place.origin);
    }

    /// `vector` with the coordinates of the current one along the locked axes.
    pub(super) fn keeping_locked(&self, mut vector: Vec<f32>) -> Vec<f32> {
        let latent = &*self.state;
        for axis in latent.locked.iter().filter_map(|&axis| latent.axes.get(axis)) {
            axis.move_to(&mut vector, axis.coordinate(&latent.vector));
        }
        vector
    }

    /// Pauses background jobs during a drag: the sound comes first.
    fn pause_background_jobs(&mut self, dragging: bool) {
        self.control.making_detail.set_paused(dragging);
        self.ctx.tell(News::Dragging(dragging));
    }

    /// Moves an axis by a key or a controller: many small steps, heard at once and undone as one.
    pub(in crate::session) fn move_by_hand(&mut self, axis: usize, value: f32, is_new: bool) {
        let was_dragging = self.state.dragging;
        if is_new && !was_dragging {
            self.begin_drag();
            self.end_drag_silently();
        }
        self.state.dragging = true;
        self.set_axis(axis, value);
        self.state.dragging = was_dragging;
    }

    pub(super) fn lock_axis(&mut self, axis: usize, locked: bool) {
        if locked && axis < self.state.axes.len() {
            self.state.locked.insert(axis);
        } else {
            self.state.locked.remove(&axis);
        }
    }

    pub(super) fn begin_drag(&mut self) {
        self.ctx.tell(News::ByHand);
        if !self.state.dragging {
            self.remember_place();
            self.state.dragging = true;
            self.ctx.sound.lock().dragging = true;
            self.pause_background_jobs(true);
        }
    }

    /// Ends a drag that moved nothing: only the place before it is remembered.
    pub(super) fn end_drag_silently(&mut self) {
        self.pause_background_jobs(false);
        self.state.dragging = false;
        self.ctx.sound.lock().dragging = false;
    }

    /// Goes back to where the drag began, as if there had been none.
    pub(super) fn take_back_drag(&mut self) {
        if !self.state.dragging {
            return;
        }
        self.end_drag();
        if let Some(place) = self.control.undo.take_back() {
            self.put(place);
        }
    }

    pub(super) fn end_drag(&mut self) {
        self.pause_background_jobs(false);
        self.state.dragging = false;
        let mut sound = self.ctx.sound.lock();
        sound.dragging = false;
        if !self.state.looping {
            sound.play_decoded(false, true);
        }
    }
}
