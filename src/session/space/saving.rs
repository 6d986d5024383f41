//! Exports of sounds, vectors and the model, in the background.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    export::{LatentExportCommand, LatentExportForm, MORPH_SECS, MOST_SOUNDS},
    part::{SpaceEvent, SpacePart, Work},
    travel::Slot,
};
use crate::{
    explore::{detail::ExactMatch, travel},
    jobs::{
        export_latent::{self, EXPORTING, MorphRequest, SoundsRequest, WavFormat},
        latent::{decode::LatentDecoder, path::LatentPath},
        morph::Rendering,
        runs::{
            bundle::Bundle,
            contents,
            detail::{InUse, Used, origin::Origin},
            reads,
        },
    },
    names::shown,
    outputs::Outputs,
    pipeline::stages::MinMax,
    session::{
        job::{Plan, Update},
        latent::detail,
        notices::Severity,
        spoken::{Spoken, said},
        task::TaskStatus,
    },
};

impl SpacePart<'_> {
    pub(super) fn export(&mut self, command: LatentExportCommand) {
        use LatentExportCommand as C;
        let work = match command {
            C::SetForm(form) => {
                self.state.export.form = checked(form);
                return;
            }
            C::Cancel => {
                self.control.export.waiting.clear();
                self.state.export.waiting = 0;
                self.control.export.job.cancel();
                return;
            }
            C::Sound(path) => self.sound_to(path),
            C::Morph(path) => self.path_to(path, true),
            C::Sequence(path) => self.path_to(path, false),
            C::Batch(path) => self.batch_to(path),
            C::Chosen(path, recordings) => self.chosen_to(path, &recordings),
            C::Vectors(path) => self.vectors_to(path),
            C::Model(path) => self.model_to(path),
        };
        self.control.export.waiting.extend(work);
        self.state.export.waiting = self.control.export.waiting.len();
        self.start_next_export();
    }

    /// Starts the export that has waited longest, unless one is running.
    fn start_next_export(&mut self) {
        if self.control.export.job.is_running() {
            return;
        }
        let Some(work) = self.control.export.waiting.pop_front() else { return };
        self.state.export.waiting = self.control.export.waiting.len();
        let plan = Plan { thread: "latent export", stage: EXPORTING, total: 1 };
        let mailbox = self.control.mailbox.part(SpaceEvent::Export);
        let status = &mut self.state.export.status;
        self.control.export.job.begin(&plan, status, &mailbox, work);
    }

    pub(super) fn on_export(&mut self, update: Update<Spoken>) {
        let status = &mut self.state.export.status;
        let Some(answer) = self.control.export.job.follow(update, status) else { return };
        match answer {
            Ok(words) => self.ctx.notify(Severity::Info, words),
            Err(error) => {
                *status = TaskStatus::Idle;
                if !error.is_stopped() {
                    self.ctx.notify(Severity::Error, error);
                }
            }
        }
        self.start_next_export();
    }

    fn format(&self) -> WavFormat {
        let form = self.state.export.form;
        WavFormat { bits: form.bits, rate_hz: form.rate_hz }
    }

    fn sound_to(&self, path: PathBuf) -> Option<Work> {
        let decoded = self.latent.decoded.clone()?;
        let (format, mut outputs) = (self.format(), self.shown().chosen_output());
        let words = decoded.detail_words();
        Some(Box::new(move |_| {
            outputs.write(&path, |path| format.write(path, &decoded.clip))?;
            Ok(said!("message-saved", path = shown(&path).to_string()).then(words))
        }))
    }

    /// The path from A to B in this many steps.
    fn path_between_slots(&self, steps: usize) -> Option<LatentPath> {
        let [(a, from), (b, to)] = self.slots([Slot::A, Slot::B])?;
        let vectors = travel::rows(&travel::steps(&a, &b, steps, self.state.travel.path))?;
        let last = steps.saturating_sub(1).max(1) as f32;
        let range = |step: usize| {
            let part = step as f32 / last;
            MinMax { min: from.min + (to.min - from.min) * part, max: from.max + (to.max - from.max) * part }
        };
        Some(LatentPath { vectors, ranges: (0..steps).map(range).collect() })
    }

    fn path_to(&self, path: PathBuf, as_one: bool) -> Option<Work> {
        let form = self.state.export.form;
        let bundle = self.model.bundle().cloned()?;
        let sound_secs = self.latent.decoded.as_ref().map_or(1.0, |decoded| decoded.clip.duration_secs());
        // Enough steps that each is heard while the next fades in.
        let steps = if as_one { (4.0 * form.secs / sound_secs).ceil().max(2.0) as usize } else { form.steps };
        let latent_path = self.path_between_slots(steps)?;
        if !as_one {
            return Some(self.sounds_to(path, bundle, latent_path, ExactMatch::Included));
        }
        let detail = self.model.detail_in_use(self.ctx.settings.detail, ExactMatch::Included);
        let rendering = Rendering {
            secs: Some(form.secs.max(sound_secs)),
            iterations: self.ctx.settings.iterations,
            seed: bundle.config.training.seed,
        };
        let (format, mut outputs) = (self.format(), self.shown().chosen_output());
        Some(Box::new(move |context| {
            let words = detail_words(detail.as_ref());
            let mut decoder = LatentDecoder::new(Arc::clone(&bundle))?.with_detail(detail);
            let request = MorphRequest { latent_path, file: path, format, rendering };
            export_latent::morph(&request, &mut decoder, &mut outputs, context)?;
            Ok(said!("message-saved", path = shown(&request.file).to_string()).then(words))
        }))
    }

    fn batch_to(&mut self, path: PathBuf) -> Option<Work> {
        let bundle = self.model.bundle().cloned()?;
        let count = self.state.export.form.count;
        let vectors: Option<Vec<_>> = (0..count).map(|_| self.drawn()).collect();
        let vectors = travel::rows(&vectors?)?;
        let latent_path = LatentPath { vectors, ranges: vec![bundle.config.dataset.median_min_max; count] };
        Some(self.sounds_to(path, bundle, latent_path, ExactMatch::Included))
    }

    fn chosen_to(&self, path: PathBuf, recordings: &[usize]) -> Option<Work> {
        let (bundle, set) = (self.model.bundle().cloned()?, self.state.set.clone()?);
        let rows: Vec<usize> = recordings.iter().filter_map(|&recording| set.row_of(recording)).collect();
        if rows.is_empty() || self.state.is_stale {
            return None;
        }
        let latent_path = LatentPath {
            vectors: set.vectors().vectors().select(ndarray::Axis(0), &rows),
            ranges: rows.iter().map(|&row| set.min_max[row]).collect(),
        };
        // Their own residuals would only bring the recordings themselves back.
        Some(self.sounds_to(path, bundle, latent_path, ExactMatch::Excluded))
    }

    /// The sounds of the vectors of `latent_path` as a folder, with the detail that is set.
    fn sounds_to(
        &self,
        folder: PathBuf,
        bundle: Arc<Bundle>,
        latent_path: LatentPath,
        exact_match: ExactMatch,
    ) -> Work {
        let sounds = Sounds {
            bundle,
            detail: self.model.detail_in_use(self.ctx.settings.detail, exact_match),
            latent_path,
            iterations: self.ctx.settings.iterations,
            folder,
            format: self.format(),
            outputs: self.shown().outputs_in_chosen_folder(),
        };
        sounds.saving()
    }

    fn vectors_to(&self, folder: PathBuf) -> Option<Work> {
        let space = &*self.state;
        let (set, layout) = (space.set.clone()?, space.layout.clone()?);
        let mut outputs = self.shown().outputs_in_chosen_folder();
        Some(Box::new(move |_| {
            let written = export_latent::vectors(&set, &layout, &folder, &mut outputs)?;
            let path = shown(&folder).to_string();
            Ok(said!("message-files-saved", count = written.len(), path = path))
        }))
    }

    /// Where the detail of the model in use is found and kept.
    pub(super) fn detail_origin(&self) -> Origin {
        detail::origin_of(self.latent.model_origin())
    }

    fn model_to(&mut self, folder: PathBuf) -> Option<Work> {
        let bundle = self.model.bundle().cloned()?;
        if let Some(words) = reason_against_model_in(&folder) {
            self.ctx.notify(Severity::Error, words);
            return None;
        }
        let (loaded, origin) = (self.model.detail().cloned(), self.detail_origin());
        Some(Box::new(move |_| {
            bundle.save(&folder)?;
            if let Some(detail) = loaded.or_else(|| origin.open(&bundle).ok().map(Arc::new)) {
                detail.write(&folder)?;
            }
            Ok(said!("message-model-saved", path = shown(&folder).to_string()))
        }))
    }
}

/// Why a model cannot be saved into `folder`, if it cannot.
fn reason_against_model_in(folder: &Path) -> Option<Spoken> {
    let path = shown(folder).to_string();
    if Bundle::is_bundle(folder) {
        return Some(said!("message-holds-model", path = path));
    }
    let there = reads::of_model(folder);
    let names = contents::names(&there);
    (!there.is_empty()).then(|| said!("message-holds-files", path = path, names = names))
}

/// Words about detail for the notice of saved sounds.
fn detail_words(detail: Option<&InUse>) -> Spoken {
    let Some(Used { amount, from, .. }) = detail.map(InUse::used) else { return "".into() };
    said!("message-with-detail", amount = format!("{amount:.2}"), count = from)
}

/// Vectors whose sounds are saved in a folder.
struct Sounds {
    bundle: Arc<Bundle>,
    detail: Option<InUse>,
    latent_path: LatentPath,
    /// Of Griffin-Lim.
    iterations: usize,
    folder: PathBuf,
    format: WavFormat,
    outputs: Outputs,
}

impl Sounds {
    fn saving(self) -> Work {
        let Self { bundle, detail, latent_path, iterations, folder, format, mut outputs } = self;
        Box::new(move |context| {
            let seed = bundle.config.training.seed;
            let words = detail_words(detail.as_ref());
            let mut decoder = LatentDecoder::new(bundle)?.with_detail(detail);
            let request = SoundsRequest { latent_path, folder, format, iterations, seed };
            let count = export_latent::sounds(&request, &mut decoder, &mut outputs, context)?;
            let path = shown(&request.folder).to_string();
            Ok(said!("message-sounds-saved", count = count, path = path).then(words))
        })
    }
}

fn checked(form: LatentExportForm) -> LatentExportForm {
    let (least, most) = MORPH_SECS;
    LatentExportForm {
        steps: form.steps.clamp(2, MOST_SOUNDS),
        count: form.count.clamp(1, MOST_SOUNDS),
        secs: if form.secs.is_finite() { form.secs.clamp(least, most) } else { least },
        ..form
    }
}

#[cfg(test)]
mod tests {
    use super::{LatentExportCommand as C, *};
    use crate::session::{
        space::SpaceCommand,
        task::refusal,
        testing::{session, wait},
    };

    #[test]
    fn a_refused_thread_costs_one_export_and_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "a sound", |state| state.latent.decoded.is_some());
        let (refused, next) = (folder.path().join("refused.wav"), folder.path().join("next.wav"));
        refusal::refuse_next(1);
        for path in [&refused, &next] {
            session.apply(SpaceCommand::Export(LatentExportCommand::Sound(path.clone())));
        }
        wait(&mut session, "the export that waited", |state| {
            state.notices.iter().any(|notice| notice.text().starts_with("Saved"))
        });
        assert!(next.is_file() && !refused.exists());
        let told = |text: &str| session.state().notices.iter().any(|notice| notice.text().contains(text));
        assert!(told("could not start a worker thread"), "{:?}", session.state().notices);
    }

    #[test]
    fn a_session_that_closes_finishes_the_running_export_and_those_that_wait() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "a sound", |state| state.latent.decoded.is_some());
        let form = LatentExportForm { count: 3, ..LatentExportForm::default() };
        let (batch, next) = (folder.path().join("batch"), folder.path().join("next.wav"));
        for command in [C::SetForm(form), C::Batch(batch.clone()), C::Sound(next.clone())] {
            session.apply(SpaceCommand::Export(command));
        }
        assert!(session.state().space.export.status.is_running());
        drop(session);
        assert!((0..3).all(|sound| batch.join(format!("{sound:03}.wav")).is_file()) && next.is_file());
    }

    #[test]
    fn cancelled_exports_do_not_delay_closing() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "a sound", |state| state.latent.decoded.is_some());
        let form = LatentExportForm { count: MOST_SOUNDS, ..LatentExportForm::default() };
        let next = folder.path().join("next.wav");
        let batch = C::Batch(folder.path().join("batch"));
        for command in [C::SetForm(form), batch, C::Sound(next.clone()), C::Cancel] {
            session.apply(SpaceCommand::Export(command));
        }
        drop(session);
        assert!(!next.exists() && !folder.path().join("batch/999.wav").exists());
    }
}
