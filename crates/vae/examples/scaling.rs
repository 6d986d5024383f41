//! How a training step would scale to more threads than this machine has: its tasks are timed on one thread, then scheduled on
//! many.
//!
//! ```text
//! cargo run --release -p timbrespace-vae --example scaling
//! ```
//!
//! Each number is the time of a step on one thread divided by that on so many, as counted: every task goes to the thread that is
//! free first, and what one thread does alone makes the others wait. Memory that threads share, caches and the cost of waking
//! threads are not counted. The counted times are shown beside the real ones for one thread and for two.
//!
//! `scaling BINS FRAMES STEPS` takes images of another size and so many steps, whose shortest times count.

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{error::Error, sync::Arc, time::Instant};

use timbrespace_base::interrupt::Interrupt;
use timbrespace_vae::{
    config::{Preset, VaeConfig},
    error::ModelError,
    spans::{self, Part},
    trainer::{BatchSource, TrainEvent, Trainer},
    training_config::TrainingConfig,
};

const THREADS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
const BATCHES: [usize; 2] = [16, 64];
/// Threads up to which a step on any of these batches is divided in the same way.
const DIVIDED_ALIKE: usize = 16;

/// Images that cost next to nothing to make; so many that no epoch ends.
struct Stripes {
    shape: (usize, usize),
}

impl BatchSource for Stripes {
    fn len(&self) -> usize {
        1 << 20
    }

    fn image_shape(&self) -> (usize, usize) {
        self.shape
    }

    fn fill(&self, index: usize, out: &mut [f32]) -> Result<(), ModelError> {
        for (position, value) in out.iter_mut().enumerate() {
            *value = ((position * (index % 31 + 3)) & 127) as f32 / 127.0;
        }
        Ok(())
    }
}

/// Steps of one model.
struct Steps {
    preset: Preset,
    shape: (usize, usize),
    batch: usize,
    count: usize,
}

impl Steps {
    /// Trains on so many threads and calls `each` after every step.
    fn run(&self, threads: usize, mut each: impl FnMut(usize)) -> Result<(), ModelError> {
        let model = VaeConfig::preset(self.preset, self.shape.0, self.shape.1);
        let training = TrainingConfig {
            batch_size: self.batch,
            validation_fraction: 0.0,
            threads: Some(threads),
            precise_batches: 1,
            ..TrainingConfig::preset(self.preset)
        };
        let mut trainer = Trainer::new(model, training, Arc::new(Stripes { shape: self.shape }))?;
        let (interrupt, mut done) = (Interrupt::new(), 0);
        let mut sink = |event| {
            if let TrainEvent::Step { .. } = event {
                each(done);
                done += 1;
                // The first step is not counted: it takes the memory that the others use again.
                if done > self.count {
                    interrupt.stop();
                }
            }
        };
        trainer.run(&mut sink, &interrupt)?;
        Ok(())
    }

    /// The shortest time of a step on so many threads, in seconds.
    fn seconds(&self, threads: usize) -> Result<f64, ModelError> {
        let (mut shortest, mut start) = (f64::INFINITY, Instant::now());
        self.run(threads, |done| {
            if done > 0 {
                shortest = shortest.min(start.elapsed().as_secs_f64());
            }
            start = Instant::now();
        })?;
        Ok(shortest)
    }

    /// The parts of a step that is divided for so many threads, each with its shortest time.
    fn parts(&self, threads: usize) -> Result<Vec<Part>, ModelError> {
        let mut shortest: Vec<Part> = Vec::new();
        self.run(1, |done| {
            let parts = spans::take();
            match done {
                0 => spans::start(threads),
                1 => shortest = parts,
                _ => shortest.iter_mut().zip(parts).for_each(|(least, part)| shorten(least, part)),
            }
        })?;
        spans::stop();
        Ok(shortest)
    }
}

fn shorten(least: &mut Part, part: Part) {
    match (least, part) {
        (Part::Alone(least), Part::Alone(secs)) | (Part::Divided(least), Part::Divided(secs)) => {
            *least = least.min(secs);
        }
        (Part::Shared(least), Part::Shared(tasks)) => {
            least.iter_mut().zip(tasks).for_each(|(least, secs)| *least = least.min(secs));
        }
        _ => {}
    }
}

/// Seconds of a step on so many threads.
fn scheduled(parts: &[Part], threads: usize) -> f64 {
    let of = |part: &Part| match part {
        Part::Alone(secs) => *secs,
        Part::Divided(secs) => secs / threads as f64,
        Part::Shared(tasks) => {
            let mut busy = vec![0.0_f64; threads];
            for secs in tasks {
                if let Some(first) = busy.iter_mut().min_by(|a, b| a.total_cmp(b)) {
                    *first += secs;
                }
            }
            busy.into_iter().fold(0.0, f64::max)
        }
    };
    parts.iter().map(of).sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<usize> =
        std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let (shape, count) = match *arguments {
        [bins, frames, steps] => ((bins, frames), steps),
        [] => ((256, 64), 6),
        _ => return Err("scaling takes no arguments, or BINS FRAMES STEPS".into()),
    };
    let columns = THREADS.map(|threads| format!(" {threads:>5}")).concat();
    println!("speed-up on threads  {columns}   alone   counted and real ms on 1, 2 threads");
    for preset in [Preset::Reference, Preset::Small, Preset::Clear] {
        for batch in BATCHES {
            let steps = Steps { preset, shape, batch, count };
            let mut parts = steps.parts(1)?;
            let (one, two) = (scheduled(&parts, 1), scheduled(&parts, 2));
            let mut columns = Vec::new();
            for threads in THREADS {
                if threads > DIVIDED_ALIKE {
                    parts = steps.parts(threads)?;
                }
                columns.push(format!(" {:5.1}", one / scheduled(&parts, threads)));
            }
            let alone: Vec<Part> = parts.into_iter().filter(|part| matches!(part, Part::Alone(_))).collect();
            let alone = scheduled(&alone, 1);
            let compared = [(1, one), (2, two)].map(|(threads, counted)| {
                let real = steps
                    .seconds(threads)
                    .map_or_else(|error| error.to_string(), |secs| format!("{:.1}", secs * 1e3));
                format!("{:.1} {real}", counted * 1e3)
            });
            let name = format!("{preset:?}, batch {batch}").to_lowercase();
            let columns = columns.concat();
            println!("{name:21}{columns}  {:4.1} %   {}", 100.0 * alone / one, compared.join(", "));
        }
    }
    Ok(())
}
