//! Taking sounds, vectors and the model away, in the background.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Session, SpaceEvent, travel::Slot};
use crate::{
    audio::encode::BitDepth,
    explore::{detail::ExactMatch, travel},
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, Sink, guarded,
        latent::{decode::LatentDecoder, way::Way},
        morph::Rendering,
        runs::{bundle::Bundle, contents, detail::InUse, reads},
        take_away::{self, SAVING, SoundFormat},
    },
    names::shown,
    outputs::Outputs,
    pipeline::stages::MinMax,
    session::{
        event::Event,
        progress::ProgressSink,
        state::Severity,
        task::{Task, TaskStatus},
    },
};

/// Limits of what a person can ask for: sounds of a sequence or a batch, seconds of a morph.
pub const MOST_SOUNDS: usize = 1000;
/// Seconds of a morph.
pub const MORPH_SECS: (f64, f64) = (1.0, 120.0);

/// How sounds leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeavingForm {
    /// How samples are stored.
    pub bits: BitDepth,
    /// Rate in Hz; `None` for the model's own.
    pub rate_hz: Option<u32>,
    /// Sounds of a sequence from A to B.
    pub steps: usize,
    /// Seconds of a morph from A to B.
    pub secs: f64,
    /// Random sounds of a batch.
    pub count: usize,
}

impl Default for LeavingForm {
    fn default() -> Self {
        Self { bits: BitDepth::Int16, rate_hz: None, steps: 8, secs: 4.0, count: 16 }
    }
}

/// What leaving shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeavingState {
    /// How sounds leave.
    pub form: LeavingForm,
    /// How far the writing is.
    pub status: TaskStatus,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum LeavingCommand {
    /// How sounds leave.
    SetForm(LeavingForm),
    /// The decoded sound, as a file.
    Sound(PathBuf),
    /// The way from A to B as one sound.
    Morph(PathBuf),
    /// The way from A to B as a folder of sounds.
    Sequence(PathBuf),
    /// Random sounds as a folder.
    Batch(PathBuf),
    /// These recordings, by their indices in the library, as the model has them, as a folder.
    Chosen(PathBuf, Vec<usize>),
    /// The recordings' vectors, and the map, as a folder.
    Vectors(PathBuf),
    /// The model as a folder.
    Model(PathBuf),
    /// Stops the writing.
    Cancel,
}

/// What is to be done on the task's thread; says in words what was written.
type Work = Box<dyn FnOnce(&dyn Sink, &Interrupt) -> Result<String, JobError> + Send>;

impl Session {
    pub(super) fn leave(&mut self, command: LeavingCommand) {
        use LeavingCommand as C;
        let work = match command {
            C::SetForm(form) => {
                self.state.space.leaving.form = checked(form);
                return;
            }
            C::Cancel => {
                if let Some(task) = &self.space.leaving {
                    task.stop();
                }
                return;
            }
            C::Sound(path) => self.sound_to(path),
            C::Morph(path) => self.way_to(path, true),
            C::Sequence(path) => self.way_to(path, false),
            C::Batch(path) => self.batch_to(path),
            C::Chosen(path, recordings) => self.chosen_to(path, &recordings),
            C::Vectors(path) => self.vectors_to(path),
            C::Model(path) => self.model_to(path),
        };
        if self.state.space.leaving.status.is_running() {
            return;
        }
        if let Some(work) = work {
            self.begin_leaving(work);
        }
    }

    fn begin_leaving(&mut self, work: Work) {
        let mailbox = self.mailbox.clone();
        let sink = ProgressSink::new(mailbox.clone(), |progress| Event::Space(SpaceEvent::Leaving(progress)));
        self.state.space.leaving.status = TaskStatus::Idle;
        self.state.space.leaving.status.advance(SAVING, 0, 1);
        let task = Task::start("take away", move |interrupt| {
            let result = guarded(|| work(&sink, interrupt));
            mailbox.send(Event::Space(SpaceEvent::Left(result)));
        });
        match task {
            Ok(task) => self.space.leaving = Some(task),
            Err(error) => self.state.space.leaving.status = TaskStatus::Failed(format!("no thread: {error}")),
        }
    }

    pub(super) fn hear_left(&mut self, result: Result<String, JobError>) {
        let status = &mut self.state.space.leaving.status;
        match result {
            Ok(words) => {
                *status = TaskStatus::Done;
                self.notify(Severity::Info, words);
            }
            Err(error) if error.is_stopped() => *status = TaskStatus::Idle,
            Err(error) => {
                *status = TaskStatus::Idle;
                self.notify(Severity::Error, error.to_string());
            }
        }
    }

    fn format(&self) -> SoundFormat {
        let form = self.state.space.leaving.form;
        SoundFormat { bits: form.bits, rate_hz: form.rate_hz }
    }

    fn sound_to(&self, path: PathBuf) -> Option<Work> {
        let decoded = self.state.latent.decoded.clone()?;
        let (format, mut outputs) = (self.format(), self.chosen_output());
        let words = decoded.detail_words();
        Some(Box::new(move |_, _| {
            outputs.write(&path, |path| format.write(path, &decoded.clip))?;
            Ok(format!("Saved {}{words}", shown(&path)))
        }))
    }

    /// The way from A to B in as many steps as a sequence has.
    fn way(&self, steps: usize) -> Option<Way> {
        let [(a, from), (b, to)] = self.slots([Slot::A, Slot::B])?;
        let vectors = travel::rows(&travel::steps(&a, &b, steps, self.state.space.travel.path))?;
        let last = steps.saturating_sub(1).max(1) as f32;
        let range = |step: usize| {
            let part = step as f32 / last;
            MinMax { min: from.min + (to.min - from.min) * part, max: from.max + (to.max - from.max) * part }
        };
        Some(Way { vectors, ranges: (0..steps).map(range).collect() })
    }

    fn way_to(&self, path: PathBuf, as_one: bool) -> Option<Work> {
        let form = self.state.space.leaving.form;
        let bundle = self.latent.bundle.clone()?;
        let detail = self.detail_in_use(ExactMatch::Included);
        let (format, iterations) = (self.format(), self.state.settings.iterations);
        let sound_secs =
            self.state.latent.decoded.as_ref().map_or(1.0, |decoded| decoded.clip.duration_secs());
        // Enough steps that each is heard while the next fades in.
        let steps = if as_one { (4.0 * form.secs / sound_secs).ceil().max(2.0) as usize } else { form.steps };
        let way = self.way(steps)?;
        let seed = bundle.config.training.seed;
        Some(if as_one {
            let rendering = Rendering { secs: Some(form.secs.max(sound_secs)), iterations, seed };
            let mut outputs = self.chosen_output();
            Box::new(move |sink, interrupt| {
                let words = detail_words(detail.as_ref());
                let decoder = LatentDecoder::new(Arc::clone(&bundle))?.with_detail(detail);
                outputs.write(&path, |path| {
                    take_away::morph(
                        (decoder, &way),
                        rendering,
                        (path, format),
                        &JobContext::new(sink, interrupt),
                    )
                })?;
                Ok(format!("Saved {}{words}", shown(&path)))
            })
        } else {
            sounds((bundle, detail, way, iterations), (path, format), self.outputs_in_chosen_folder())
        })
    }

    fn batch_to(&mut self, path: PathBuf) -> Option<Work> {
        let bundle = self.latent.bundle.clone()?;
        let count = self.state.space.leaving.form.count;
        let vectors: Option<Vec<_>> = (0..count).map(|_| self.drawn()).collect();
        let vectors = travel::rows(&vectors?)?;
        let way = Way { vectors, ranges: vec![bundle.config.dataset.median_min_max; count] };
        Some(sounds(
            (bundle, self.detail_in_use(ExactMatch::Included), way, self.state.settings.iterations),
            (path, self.format()),
            self.outputs_in_chosen_folder(),
        ))
    }

    fn chosen_to(&self, path: PathBuf, recordings: &[usize]) -> Option<Work> {
        let (bundle, set) = (self.latent.bundle.clone()?, self.state.space.set.clone()?);
        let rows: Vec<usize> = recordings.iter().filter_map(|&recording| set.row_of(recording)).collect();
        if rows.is_empty() || self.state.space.is_stale {
            return None;
        }
        let way = Way {
            vectors: set.vectors().vectors().select(ndarray::Axis(0), &rows),
            ranges: rows.iter().map(|&row| set.min_max[row]).collect(),
        };
        Some(sounds(
            // Their own residuals would only bring the recordings themselves back.
            (bundle, self.detail_in_use(ExactMatch::Excluded), way, self.state.settings.iterations),
            (path, self.format()),
            self.outputs_in_chosen_folder(),
        ))
    }

    fn vectors_to(&self, folder: PathBuf) -> Option<Work> {
        let space = &self.state.space;
        let (set, layout) = (space.set.clone()?, space.layout.clone()?);
        let mut outputs = self.outputs_in_chosen_folder();
        Some(Box::new(move |_, _| {
            let written = take_away::vectors(&set, &layout, &folder, &mut outputs)?;
            Ok(format!("Saved {} files to {}", written.len(), shown(&folder)))
        }))
    }

    fn model_to(&mut self, folder: PathBuf) -> Option<Work> {
        let bundle = self.latent.bundle.clone()?;
        if let Some(words) = reason_against_model_in(&folder) {
            self.notify(Severity::Error, words);
            return None;
        }
        let (loaded, origin) = (self.loaded_detail(), self.detail_origin());
        Some(Box::new(move |_, _| {
            bundle.save(&folder)?;
            if let Some(detail) = loaded.or_else(|| origin.open(&bundle).ok().map(Arc::new)) {
                detail.write(&folder)?;
            }
            Ok(format!("Saved the model to {}", shown(&folder)))
        }))
    }
}

/// Why no model is saved into `folder`, if none can be.
fn reason_against_model_in(folder: &Path) -> Option<String> {
    if Bundle::is_bundle(folder) {
        return Some(format!("{} holds a model already: choose an empty folder", shown(&folder)));
    }
    let there = reads::of_model(folder);
    let names = contents::names(&there);
    (!there.is_empty()).then(|| format!("{} holds {names} already: choose an empty folder", shown(&folder)))
}

/// What is said of sounds that hold detail.
fn detail_words(detail: Option<&InUse>) -> String {
    detail.map(|detail| format!(" with {}", detail.used().short_words())).unwrap_or_default()
}

fn sounds(
    (bundle, detail, way, iterations): (Arc<Bundle>, Option<InUse>, Way, usize),
    (folder, format): (PathBuf, SoundFormat),
    mut outputs: Outputs,
) -> Work {
    Box::new(move |sink, interrupt| {
        let seed = bundle.config.training.seed;
        let files = (folder.as_path(), format, &mut outputs);
        let words = detail_words(detail.as_ref());
        let decoder = LatentDecoder::new(bundle)?.with_detail(detail);
        let count =
            take_away::sounds((decoder, &way), (iterations, seed), files, &JobContext::new(sink, interrupt))?;
        Ok(format!("Saved {count} sounds and their vectors to {}{words}", shown(&folder)))
    })
}

fn checked(form: LeavingForm) -> LeavingForm {
    let (least, most) = MORPH_SECS;
    LeavingForm {
        steps: form.steps.clamp(2, MOST_SOUNDS),
        count: form.count.clamp(1, MOST_SOUNDS),
        secs: if form.secs.is_finite() { form.secs.clamp(least, most) } else { least },
        ..form
    }
}
