//! The reconstruction ladder of one recording with a model: which step of the way hurts.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use ndarray::{Array3, Axis};
use serde::Serialize;

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    data::source,
    files::file_in,
    latent::recording_image::RecordingImage,
    nearest::nearest_recording,
    runs::{
        bundle::Bundle,
        detail::{Detail, InUse, Used},
        reads,
    },
};
use timbrespace_analysis::{
    explore::detail::DEFAULT_RECORDINGS,
    inspect::ladder::{Climber, Decoded, Given, Ladder, Rung, RungKind, Step},
};
use timbrespace_base::{names, outputs::Replace};
use timbrespace_signal::{
    audio::encode::{BitDepth, write_wav},
    pipeline::{preprocessing::PreprocessingPipeline, stages::Stages},
};

const MILLISECONDS: f64 = 1000.0;

/// Whose phase is borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhaseOf {
    /// This recording's.
    File(PathBuf),
    /// That of the recording in this folder whose latent vector is nearest.
    NearestIn(PathBuf),
}

/// Which ladder.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// The recording.
    pub file: PathBuf,
    /// Whose phase the model's magnitude borrows, for one more rung.
    pub phase: Option<PhaseOf>,
    /// Folder for a WAV file a rung, numbered from the original down.
    pub out: PathBuf,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// How samples are stored.
    pub bits: BitDepth,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// One rung's figures.
#[derive(Clone, Debug, Serialize)]
pub struct RungReport {
    /// Which way of hearing the recording.
    pub rung: RungKind,
    /// The sound.
    #[serde(serialize_with = "names::serialize")]
    pub wav: PathBuf,
    /// What is heard, in words.
    pub explanation: &'static str,
    /// `norm(S - |STFT(y)|) / norm(S)`.
    pub spectral_convergence: f64,
    /// In dB.
    pub log_spectral_distance: f64,
    /// Time it took to make.
    pub milliseconds: f64,
    /// The factor that made the sound as loud as the others.
    pub gain: f64,
}

/// The ladder.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The recording.
    #[serde(serialize_with = "names::serialize")]
    pub file: PathBuf,
    /// The recording whose phase was borrowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "names::serialize")]
    pub phase_of: Option<PathBuf>,
    /// Detail in the rung that has any; absent where the model has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Used>,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// One entry a rung.
    pub rungs: Vec<RungReport>,
    /// The step that costs most by spectral convergence.
    pub hurts_most: Option<Step>,
}

/// Makes the ladder and writes its sounds.
///
/// # Errors
/// When the recording cannot be decoded or does not fit the model, or the disk refuses.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
    let file = request.file.as_path();
    let phase_of = match &request.phase {
        None => None,
        Some(PhaseOf::File(other)) => Some(other.clone()),
        Some(PhaseOf::NearestIn(folder)) => Some(nearest_recording(&bundle, file, folder, context)?),
    };
    let detail = detail_of(&request.bundle, &bundle, context.sink);
    let subject = Subject { file, phase_of: phase_of.as_deref(), detail: detail.as_ref() };
    let ladder = climb(&bundle, subject, request.iterations, context)?;
    let wav_of = |(index, rung): (usize, &Rung)| {
        let name = format!("{}_{}", index + 1, rung.kind.name().replace([' ', '-'], "_").to_lowercase());
        file_in(&request.out, &name, "wav")
    };
    let planned: Vec<PathBuf> = ladder.rungs.iter().enumerate().map(wav_of).collect();
    let mut read = vec![request.file.clone()];
    read.extend(phase_of.clone());
    if let Some(PhaseOf::NearestIn(folder)) = &request.phase {
        read.extend(reads::of_folder(folder, context.interrupt)?);
    }
    let mut outputs = reads::outputs(request.replace, &request.bundle, read);
    outputs.check(&planned)?;
    let mut rungs = Vec::with_capacity(ladder.rungs.len());
    for (rung, wav) in ladder.rungs.iter().zip(planned) {
        outputs.write(&wav, |wav| Ok::<_, JobError>(write_wav(wav, &rung.clip, request.bits)?))?;
        rungs.push(report_of(rung, wav));
    }
    Ok(Report {
        file: request.file.clone(),
        phase_of,
        detail: detail.as_ref().map(InUse::used),
        iterations: request.iterations,
        rungs,
        hurts_most: ladder.hurts_most(),
    })
}

fn report_of(rung: &Rung, wav: PathBuf) -> RungReport {
    RungReport {
        rung: rung.kind,
        wav,
        explanation: rung.kind.explanation(),
        spectral_convergence: rung.spectral_convergence,
        log_spectral_distance: rung.log_spectral_distance,
        milliseconds: rung.milliseconds,
        gain: rung.gain,
    }
}

/// The detail of the model in the folder `path`, whole; `None` where it has none, with a note where that is not all.
fn detail_of(path: &Path, bundle: &Bundle, sink: &dyn Sink) -> Option<InUse> {
    if !Detail::is_in(path) {
        return None;
    }
    match Detail::open(path, bundle) {
        Ok(detail) => Some(InUse::in_ladder(Arc::new(detail), DEFAULT_RECORDINGS)),
        Err(error) => {
            sink.event(JobEvent::Note(Note::NoRungOfDetail(error.into())));
            None
        }
    }
}

/// What a ladder is made of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The recording.
    pub file: &'a Path,
    /// A recording whose phase is borrowed for one more rung.
    pub phase_of: Option<&'a Path>,
    /// Detail for one more rung.
    pub detail: Option<&'a InUse>,
}

/// The ladder of a recording in memory.
///
/// # Errors
/// When a recording cannot be decoded or does not fit the model, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn climb(
    bundle: &Bundle,
    Subject { file, phase_of, detail }: Subject<'_>,
    iterations: usize,
    context: &JobContext<'_>,
) -> Result<Ladder, JobError> {
    let pipeline = PreprocessingPipeline::from_config(&bundle.config.preprocessing)?;
    let stages = pipeline.stages(file)?;
    let other = phase_of.map(|file| pipeline.stages(file)).transpose()?;
    let Through { decoded, detailed } = through_model(bundle, file, &stages, detail, context.sink)?;
    let mut climber = Climber::new(Given {
        config: &bundle.config.preprocessing,
        stages: &stages,
        decoded: Some(&decoded),
        detailed: detailed.as_ref(),
        phase: other.as_ref().map(|other| &other.stft),
        iterations,
        seed: bundle.config.training.seed,
    })?;
    let kinds = climber.kinds();
    let mut rungs = Vec::with_capacity(kinds.len());
    for (index, kind) in kinds.iter().enumerate() {
        context.check_stopped()?;
        rungs.extend(climber.rung(*kind));
        context.progress("climbing", index + 1, kinds.len());
    }
    Ok(Ladder::level(rungs, climber.own_part()))
}

/// The model's image of a recording, from mu, alone and with detail.
struct Through {
    decoded: Decoded,
    detailed: Option<Decoded>,
}

fn through_model(
    bundle: &Bundle,
    file: &Path,
    stages: &Stages,
    detail: Option<&InUse>,
    sink: &dyn Sink,
) -> Result<Through, JobError> {
    let image = RecordingImage::of_stages(file, stages, bundle, sink)?;
    let started = Instant::now();
    let mu = bundle.snapshot.encode(&image.unit)?.mu;
    let decoded = bundle.snapshot.decode(&mu)?;
    let of = |decoded: &Array3<f32>| Decoded {
        image: source::normalised_image(&bundle.config.preprocessing, decoded),
        milliseconds: started.elapsed().as_secs_f64() * MILLISECONDS,
    };
    let alone = of(&decoded);
    let detailed = detail.map(|detail| {
        let mut decoded = decoded;
        detail.add_to(&mut decoded.index_axis_mut(Axis(0), 0), &mu.row(0).to_vec());
        of(&decoded)
    });
    Ok(Through { decoded: alone, detailed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{detail, runs::demo_model};
    use timbrespace_analysis::inspect::level::rms_db;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::audio::demo;

    /// Demo sounds as files.
    fn recordings(folder: &Path, places: &[usize]) -> Vec<PathBuf> {
        let write = |&place: &usize| {
            let sound = demo::sounds().nth(place).unwrap();
            let path = folder.join(sound.file_name);
            write_wav(&path, &sound.clip, BitDepth::Float32).unwrap();
            path
        };
        places.iter().map(write).collect()
    }

    fn alone(file: &Path) -> Subject<'_> {
        Subject { file, phase_of: None, detail: None }
    }

    #[test]
    fn every_step_costs_something_and_the_embedded_model_most() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = demo_model::open().unwrap();
        for file in recordings(folder.path(), &[3, 100, 200, 330]) {
            let ladder = climb(&bundle, alone(&file), 32, &JobContext::silent(&Interrupt::new())).unwrap();
            let lost: Vec<f64> = ladder.rungs.iter().map(|rung| rung.spectral_convergence).collect();
            assert_eq!(lost.len(), 6);
            let far: Vec<f64> = ladder.rungs.iter().map(|rung| rung.log_spectral_distance).collect();
            assert!(lost[1].max(lost[2]) < lost[3] && lost[3] < lost[4], "{}: {lost:?}", file.display());
            assert!(lost[1] < 0.01 && lost[2] < 0.2 && lost[4] > 0.8, "{}: {lost:?}", file.display());
            assert!(far[1].max(far[2]) < far[3] && far[3] < far[4], "{}: {far:?}", file.display());
        }
    }

    #[test]
    fn one_wav_a_rung_is_written_and_all_are_equally_loud() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("b");
        demo_model::open().unwrap().save(&bundle).unwrap();
        let files = recordings(folder.path(), &[200, 201]);
        let request = Request {
            bundle,
            resample: false,
            file: files[0].clone(),
            phase: Some(PhaseOf::File(files[1].clone())),
            out: folder.path().join("out"),
            iterations: 8,
            bits: BitDepth::Float32,
            replace: Replace::Own,
        };
        let report = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        let own = demo::sounds().nth(200).unwrap().clip.len().min(16_317);
        let levels: Vec<f64> = report
            .rungs
            .iter()
            .map(|rung| {
                let clip = timbrespace_signal::audio::decode::decode(&rung.wav).unwrap();
                assert_eq!(clip.len(), 16_317);
                rms_db(&clip.channels()[0][..own]).unwrap()
            })
            .collect();
        assert_eq!(levels.len(), 7);
        assert!(levels.iter().all(|level| (level - levels[0]).abs() < 0.01), "{levels:?}");
        assert!(report.rungs[4].wav.ends_with("5_zero_phase.wav"), "{:?}", report.rungs[4].wav);
    }

    #[test]
    fn a_model_that_has_detail_has_a_rung_of_it_and_the_models_own_rung_stays() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = demo_model::open().unwrap();
        let file = recordings(folder.path(), &[200]).remove(0);
        let sounds = folder.path().join("sounds");
        std::fs::create_dir(&sounds).unwrap();
        recordings(&sounds, &[180, 190, 200, 210, 220]);
        let make = detail::Request {
            bundle: Arc::new(bundle.clone()),
            folder: None,
            recordings: sounds,
            most: None,
        };
        let made = detail::run(&make, &JobContext::silent(&Interrupt::new())).unwrap().detail;
        let climb = |detail: Option<&InUse>| {
            let subject = Subject { detail, ..alone(&file) };
            super::climb(&bundle, subject, 8, &JobContext::silent(&Interrupt::new())).unwrap()
        };
        let (before, with) = (climb(None), climb(Some(&InUse::in_ladder(made, 4))));
        assert_eq!((before.rungs.len(), with.rungs.len()), (6, 7));
        let lost = |ladder: &Ladder, kind| ladder.rung(kind).map(|rung| rung.spectral_convergence);
        assert_eq!(lost(&before, RungKind::Model), lost(&with, RungKind::Model));
        assert_eq!(with.rungs[6].kind, RungKind::Detail);
        let [model, detail] = [RungKind::Model, RungKind::Detail].map(|kind| lost(&with, kind).unwrap());
        // Of four other sounds, though the recording itself is among those that the detail was made of.
        assert!(detail > 0.1 && (detail - model).abs() > 1e-3, "{model} {detail}");
        assert_eq!(before.hurts_most(), with.hurts_most(), "the model is judged alone");
    }

    #[test]
    fn a_stop_is_heard_and_a_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = demo_model::open().unwrap();
        let file = recordings(folder.path(), &[0]).remove(0);
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(climb(&bundle, alone(&file), 4, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
        let missing = folder.path().join("missing.wav");
        let error = climb(&bundle, alone(&missing), 4, &JobContext::silent(&Interrupt::new())).unwrap_err();
        assert!(error.to_string().contains("missing.wav"), "{error}");
    }
}
