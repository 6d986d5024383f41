//! Random walk through a density, from recording to recording.

use std::sync::Arc;

use ndarray::{Array1, ArrayRef1};
use rand::{Rng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};

use super::{Density, Gaussian, NEIGHBOURS};

/// A random walk that stays where the density is high. It moves from recording to nearby recording, and its
/// deviation from them changes gradually, distributed like the density's draws.
#[derive(Clone, Debug)]
pub struct DensityWalk {
    density: Arc<Density>,
    random: StdRng,
    /// Gaussians around the last and the next recording.
    ends: [Gaussian; 2],
    /// Row of the next recording.
    next: usize,
    /// Progress from the last (0) to the next recording (1).
    part: f32,
    /// Coordinates around both, in standard deviations.
    along: Vec<f32>,
    around: Array1<f32>,
    /// Fraction of a draw's contrast; 0 at the start.
    contrast: f32,
    /// Remaining offset of the start, which may lie outside of the density.
    rest: Array1<f32>,
}

impl DensityWalk {
    /// A walk from `start`; `None` if its size is wrong.
    pub fn new(density: Arc<Density>, start: &ArrayRef1<f32>, random: StdRng) -> Option<Self> {
        let nearest = density.data.nearest(start, 1).first()?.index;
        let gaussian = Gaussian::around(&density, nearest);
        let rest = &start.view() - &gaussian.centre;
        Some(Self {
            ends: [gaussian.clone(), gaussian],
            next: nearest,
            part: 1.0,
            along: vec![0.0; NEIGHBOURS],
            around: Array1::zeros(start.len()),
            contrast: 0.0,
            rest,
            density,
            random,
        })
    }

    /// Takes a step; `stride` from 0 (stays) to 1 (each step is a new draw near another recording).
    pub fn step(&mut self, stride: f32) -> Array1<f32> {
        let stride = stride.clamp(0.0, 1.0);
        if stride > 0.0 && self.part >= 1.0 {
            self.choose_next();
        }
        self.part = (self.part + stride).min(1.0);
        let keep = (1.0 - stride * stride).sqrt();
        for value in self.along.iter_mut().chain(&mut self.around) {
            let noise: f32 = StandardNormal.sample(&mut self.random);
            *value = keep * *value + stride * noise;
        }
        self.rest *= keep;
        self.contrast = 1.0 - keep * (1.0 - self.contrast);
        let [from, to] = &self.ends;
        let part = self.density.usual_part(from.surprise.max(to.surprise), |part| self.here(part));
        self.here(part) + &self.rest
    }

    /// The place with this part (0 to 1) of the deviation.
    fn here(&self, part: f32) -> Array1<f32> {
        let spread = self.density.bandwidth * part;
        let [from, to] = [0, 1].map(|end: usize| self.ends[end].at(spread, &self.along, &self.around));
        let between = from * (1.0 - self.part) + to * self.part;
        self.density.with_contrast(between, self.contrast * part)
    }

    /// Chooses one of the recordings nearest to the one just reached as the next, whatever its class.
    fn choose_next(&mut self) {
        let near = {
            let here = self.density.data.vectors().row(self.next);
            self.density.data.nearest_except(&here, NEIGHBOURS, self.next)
        };
        if near.is_empty() {
            return;
        }
        self.next = near[self.random.random_range(0..near.len())].index;
        let arrived = Gaussian::around(&self.density, self.next);
        self.ends.swap(0, 1);
        self.ends[1] = arrived;
        self.part = 0.0;
    }
}
