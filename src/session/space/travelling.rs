//! Travel through the latent space: between slots, by arithmetic, by random draws and walks, and to saved vectors.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ndarray::Array1;
use rand::rngs::StdRng;

use super::{
    part::{AnyWalk, News, SpacePart},
    saved,
    travel::{Draw, Named, Slot, TEMPERATURE_LIMITS, TravelCommand, TravelState},
};
use crate::{
    explore::{
        density::{Density, walk::DensityWalk},
        projection::Pca,
        travel::{self, Walk},
    },
    pipeline::stages::MinMax,
    session::{
        latent::{latent_point::LatentPoint, origin::Origin},
        notices::Severity,
        spoken::said,
    },
};

/// Longest time between two steps of a walk: a sound of usual length can be heard.
const WALK_INTERVAL: Duration = Duration::from_millis(700);

impl SpacePart<'_> {
    pub(super) fn apply_to_travel(&mut self, command: TravelCommand) {
        use TravelCommand as C;
        let travel = &mut self.state.travel;
        match command {
            C::Keep(slot) => {
                let named = self.named_here();
                let is_earlier = self.latent.place().origin.is_earlier();
                self.state.travel.keep(slot, Some(named), is_earlier);
            }
            C::KeepRecording(slot, recording) => self.keep_recording(slot, recording),
            C::KeepSaved(slot, saved) => {
                let named = travel.saved.get(saved).cloned();
                if named.is_some() {
                    travel.keep(slot, named, false);
                }
            }
            C::Clear(slot) => travel.keep(slot, None, false),
            C::Recall(slot) => {
                if let Some(named) = travel.slots[slot as usize].clone() {
                    self.recall(named);
                }
            }
            C::SetPart(part) => self.go_between(part),
            C::SetPath(path) => {
                travel.path = path;
                if travel.slots[0].is_some() && travel.slots[1].is_some() {
                    self.go_between(self.state.travel.part);
                }
            }
            C::Analogy => self.go_to_analogy(),
            C::ClassMean(class) => self.go_to_class_mean(&class),
            C::SetDraw(draw) => travel.draw = draw,
            C::SetClass(class) => travel.class = class,
            C::SetTemperature(temperature) if temperature.is_finite() => {
                let (least, most) = TEMPERATURE_LIMITS;
                travel.temperature = temperature.clamp(least, most);
            }
            C::SetStride(stride) if stride.is_finite() => travel.stride = stride.clamp(0.0, 1.0),
            C::SetTemperature(_) | C::SetStride(_) => {}
            C::SetWalking(walking) => self.set_walking(walking),
            C::Save(name) => self.save_vector(&name),
            C::RecallSaved(saved) => {
                if let Some(named) = travel.saved.get(saved).cloned() {
                    self.recall(named);
                }
            }
            C::Rename(saved, name) => {
                if let Some(named) = travel.saved.get_mut(saved)
                    && !name.trim().is_empty()
                {
                    name.trim().clone_into(&mut named.name);
                    self.write_saved();
                }
            }
            C::Forget(saved) => {
                if saved < travel.saved.len() {
                    travel.saved.remove(saved);
                    self.write_saved();
                }
            }
        }
    }

    fn named_here(&self) -> Named {
        let LatentPoint { vector, min_max, origin, .. } = self.latent.place();
        Named { name: origin.label().into_owned(), vector, min_max }
    }

    fn keep_recording(&mut self, slot: Slot, recording: usize) {
        let Some(set) = &self.state.set else { return };
        let Some(row) = set.row_of(recording) else {
            self.ctx.notify(Severity::Info, said!("message-recording-not-encoded"));
            return;
        };
        let named = Named {
            name: set.recordings[row].name.clone(),
            vector: set.vectors().vectors().row(row).to_vec(),
            min_max: set.min_max[row],
        };
        // The recordings may have been encoded by an earlier model.
        let is_earlier = self.state.is_stale;
        self.state.travel.keep(slot, Some(named), is_earlier);
    }

    fn recall(&mut self, named: Named) {
        if named.vector.len() == self.latent.vector.len() {
            let Named { name, vector, min_max } = named;
            self.ctx.tell(News::GoTo(LatentPoint {
                vector,
                min_max,
                origin: Origin::Named(name),
                original: None,
            }));
        }
    }

    /// The vectors in these slots, if all are filled and fit the model.
    pub(super) fn slots<const N: usize>(&self, slots: [Slot; N]) -> Option<[(Array1<f32>, MinMax); N]> {
        let size = self.latent.vector.len();
        let mut found = Vec::with_capacity(N);
        for slot in slots {
            let named = self.state.travel.slots[slot as usize].as_ref()?;
            if named.vector.len() != size {
                return None;
            }
            found.push((Array1::from(named.vector.clone()), named.min_max));
        }
        found.try_into().ok()
    }

    fn go_between(&mut self, part: f32) {
        if !part.is_finite() {
            return;
        }
        let part = part.clamp(0.0, 1.0);
        self.state.travel.part = part;
        let Some([(a, from), (b, to)]) = self.slots([Slot::A, Slot::B]) else { return };
        let vector = travel::between(&a, &b, part, self.state.travel.path).to_vec();
        let min_max =
            MinMax { min: from.min + (to.min - from.min) * part, max: from.max + (to.max - from.max) * part };
        self.ctx.tell(News::DragTo(LatentPoint {
            vector,
            min_max,
            origin: Origin::Between(part),
            original: None,
        }));
    }

    fn go_to_analogy(&mut self) {
        let Some([(a, _), (b, _), (c, min_max)]) = self.slots(Slot::ALL) else { return };
        let vector = travel::analogy(&a, &b, &c).to_vec();
        self.ctx.tell(News::GoTo(LatentPoint { vector, min_max, origin: Origin::Analogy, original: None }));
    }

    fn go_to_class_mean(&mut self, class: &str) {
        let Some(set) = self.state.set.clone() else { return };
        let recordings = &self.library.recordings;
        let members: Vec<usize> = (0..set.recordings.len())
            .filter(|&row| {
                recordings.get(set.recordings[row].index).is_some_and(|listed| listed.class == class)
            })
            .collect();
        let Some(vector) = travel::mean_of(set.vectors().vectors(), &members) else { return };
        let count = members.len().max(1) as f32;
        let mean =
            |of: fn(&MinMax) -> f32| members.iter().map(|&row| of(&set.min_max[row])).sum::<f32>() / count;
        let min_max = MinMax { min: mean(|range| range.min), max: mean(|range| range.max) };
        let origin = Origin::ClassMean(class.to_owned());
        self.ctx.tell(News::GoTo(LatentPoint { vector: vector.to_vec(), min_max, origin, original: None }));
    }

    /// The principal axes of the encoded recordings, or of the model's statistics until these are encoded.
    fn data_axes(&self) -> Option<Pca> {
        let config = self.latent.model_config()?;
        let size = config.model.latent_size;
        let space = &*self.state;
        if let Some(set) =
            space.set.as_ref().filter(|set| !space.is_stale && set.principal.mean.len() == size)
        {
            return Some(set.principal.clone());
        }
        let or = |values: &[f32], otherwise: f32| {
            if values.len() == size { values.to_vec() } else { vec![otherwise; size] }
        };
        let deviations = or(&config.latent.std, 1.0);
        Some(Pca {
            mean: or(&config.latent.mean, 0.0).into(),
            components: ndarray::Array2::eye(size),
            variances: deviations.iter().map(|deviation| deviation * deviation).collect(),
        })
    }

    /// The density to draw from, with the names of its classes: the model's own, or that of the encoded recordings.
    fn density(&self) -> Option<(Arc<Density>, Vec<String>)> {
        if let Some(kept) = self.model.bundle().and_then(|bundle| bundle.density.as_ref()) {
            return Some((Arc::clone(&kept.density), kept.classes.clone()));
        }
        let space = &*self.state;
        let size = self.latent.vector.len();
        let set =
            space.set.as_ref().filter(|set| !space.is_stale && set.vectors().vectors().ncols() == size)?;
        Some((set.density()?, set.classes().into_keys().map(str::to_owned).collect()))
    }

    /// A random vector, drawn by the settings.
    pub(super) fn drawn(&mut self) -> Option<Array1<f32>> {
        let axes = self.data_axes()?;
        let TravelState { draw, temperature, .. } = self.state.travel;
        let density = if draw == Draw::Density { self.density() } else { None };
        let class = self.state.travel.class.clone();
        let random = &mut self.control.rng;
        Some(match draw {
            Draw::Density if let Some((density, classes)) = &density => {
                let class = class.and_then(|class| classes.iter().position(|known| *known == class));
                density.draw(class, temperature, random)?
            }
            Draw::Density | Draw::Data => travel::from_data(&axes, temperature, random),
            Draw::Prior => travel::from_prior(axes.mean.len(), temperature, random),
        })
    }

    pub(super) fn sample(&mut self) {
        let Some(config) = self.latent.model_config().cloned() else { return };
        let Some(vector) = self.drawn() else { return };
        let min_max = config.dataset.median_min_max;
        self.ctx.tell(News::GoTo(LatentPoint {
            vector: vector.to_vec(),
            min_max,
            origin: Origin::Sample,
            original: None,
        }));
    }

    /// The person goes elsewhere or listens to something else: the walk would take them away from it.
    pub(in crate::session) fn stop_walking(&mut self) {
        if self.state.travel.is_walking {
            self.set_walking(false);
        }
    }

    fn set_walking(&mut self, walking: bool) {
        self.state.travel.is_walking = walking;
        self.control.walk = None;
        if !walking {
            return;
        }
        let here = Array1::from(self.latent.vector.clone());
        let random: StdRng = rand::SeedableRng::seed_from_u64(travel::any_seed());
        let of_density = (self.state.travel.draw == Draw::Density)
            .then(|| self.density())
            .flatten()
            .and_then(|(density, _)| DensityWalk::new(density, &here, random.clone()))
            .map(|walk| AnyWalk::Density(Box::new(walk)));
        let walk =
            of_density.or_else(|| Some(AnyWalk::Data(Box::new(Walk::new(self.data_axes()?, &here, random)))));
        if let Some(walk) = walk {
            self.control.walk = Some((walk, Instant::now()));
            self.walk_on();
        }
    }

    /// The next step of a walk, when it is time.
    pub(in crate::session) fn walk_on(&mut self) {
        let stride = self.state.travel.stride;
        let size = self.latent.vector.len();
        let Some((walk, next)) = &mut self.control.walk else { return };
        if Instant::now() < *next || self.latent.dragging {
            return;
        }
        *next = Instant::now() + WALK_INTERVAL;
        let vector = walk.step(stride).to_vec();
        if vector.len() != size {
            self.set_walking(false);
            return;
        }
        let place = self.latent.place();
        self.ctx.tell(News::GoTo(LatentPoint { vector, origin: Origin::Walk, original: None, ..place }));
    }

    fn save_vector(&mut self, name: &str) {
        let name = name.trim().to_owned();
        let named = self.named_here();
        let name = if name.is_empty() { named.name.clone() } else { name };
        self.state.travel.saved.push(Named { name, ..named });
        self.write_saved();
    }

    fn model_name(&self) -> Option<(String, usize)> {
        let model = self.latent.model.as_ref()?;
        Some((saved::name_of(&model.origin), model.config.model.latent_size))
    }

    fn write_saved(&mut self) {
        let Some((model, _)) = self.model_name() else { return };
        if let Err(cause) = self.control.saved.put(model, self.state.travel.saved.clone()) {
            self.ctx.notify(Severity::Error, said!("message-vector-unsaved", cause = cause));
        }
    }

    /// Another model is in use: shows its saved vectors and empties the slots.
    pub(super) fn recall_saved(&mut self) {
        let Some((model, size)) = self.model_name() else { return };
        let travel = &mut self.state.travel;
        travel.saved = self.control.saved.of(&model, size);
        for slot in Slot::ALL {
            travel.keep(slot, None, false);
        }
        travel.is_walking = false;
        self.control.walk = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing;

    #[test]
    fn vectors_in_slots_are_of_an_earlier_model_once_the_run_has_made_a_newer_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = testing::session(folder.path());
        testing::wait(&mut session, "a model", |state| state.latent.model.is_some());
        session.space(|space| {
            space.apply_to_travel(TravelCommand::Keep(Slot::A));
            space.apply_to_travel(TravelCommand::Keep(Slot::C));
            let earlier = |space: &SpacePart<'_>| space.state.travel.earlier().collect::<Vec<_>>();
            assert_eq!(earlier(space), []);
            space.on_model(true);
            assert_eq!(earlier(space), [Slot::A, Slot::C]);
            space.apply_to_travel(TravelCommand::Keep(Slot::A));
            assert_eq!(earlier(space), [Slot::C], "kept again");
            space.apply_to_travel(TravelCommand::Clear(Slot::C));
            assert_eq!(earlier(space), []);
            space.on_model(false);
            assert_eq!(space.state.travel.slots, [None, None, None], "of another model");
        });
    }
}
