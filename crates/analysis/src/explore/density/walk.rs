//! A walk through a density, from one recording's surroundings to the next.

use std::sync::Arc;

use ndarray::{Array1, ArrayRef1};
use rand::{Rng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};

use super::{Density, Gaussian, NEIGHBOURS};

/// A walk that stays where the density is: it crosses from recording to near recording, and how it differs from them changes
/// step by step as the density's draws differ from them.
#[derive(Clone, Debug)]
pub struct DensityWalk {
    density: Arc<Density>,
    random: StdRng,
    /// The recording that it comes from, and the one that it goes to.
    ends: [Gaussian; 2],
    /// Row of the second one.
    next: usize,
    /// Part of the way between both.
    part: f32,
    /// Coordinates around both, in standard deviations.
    along: Vec<f32>,
    around: Array1<f32>,
    /// Part of a draw's contrast that it has reached: none at the start.
    contrast: f32,
    /// What is left of the start, which need not be a place of the density.
    rest: Array1<f32>,
}

impl DensityWalk {
    /// A walk from `start`; `None` where that is of another size than the density's vectors.
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

    /// The next vector; `stride` from 0 (stays) to 1 (each step is a new draw near another recording).
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
        let [from, to] =
            [0, 1].map(|end: usize| self.ends[end].at(self.density.bandwidth, &self.along, &self.around));
        let here = from * (1.0 - self.part) + to * self.part;
        self.density.exaggerated(here, self.contrast) + &self.rest
    }

    /// Goes on from where it arrived to one of the nearest recordings of any class.
    fn choose_next(&mut self) {
        let near = {
            let here = self.density.data.vectors().row(self.next);
            self.density.data.nearest_but(&here, NEIGHBOURS, self.next)
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
