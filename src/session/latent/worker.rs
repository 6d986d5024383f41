//! The thread that loads models, encodes recordings and decodes vectors to sounds.

use std::{io, path::PathBuf, sync::Arc, time::Instant};

use ndarray::Array1;

use super::{
    detail::DetailStatus,
    state::{Decoded, ModelOrigin, Nearby, Original},
};
use crate::{
    audio::clip::Clip,
    explore::{
        detail::{ExactMatch, Mix},
        layout::Layout,
    },
    jobs::{
        JobError, JobEvent, guarded,
        latent::{
            decode::{DecodedSound, LatentDecoder},
            encoded_set::EncodedSet,
            recording_image::RecordingImage,
        },
        runs::{
            bundle::Bundle,
            demo_model,
            detail::{Detail, InUse, origin::Origin},
        },
    },
    pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline, stages::MinMax},
    playback::prepared::Converter,
    sentence,
    session::{mailbox::Mailbox, sound::SharedSound, worker::Worker},
};

/// Seed of the phase recovery's random start: the same for every sound, so that neighbours in a drag sound alike.
const PHASE_SEED: u64 = 0;
/// Number of nearest recordings to report.
const NEAREST: usize = 6;

/// Events of the thread.
pub(in crate::session) enum WorkerEvent {
    /// A model is in use.
    ModelReady { serial: u64, result: Result<(ModelOrigin, Arc<Bundle>), JobError> },
    /// A sound's latent vector, its image and its signal.
    Encoded { serial: u64, result: Result<Original, JobError> },
    /// A vector was decoded, and its sound started if requested.
    Decoded(Result<Arc<Decoded>, JobError>),
    /// The detail of this model was opened, or is missing.
    DetailOpened { model_serial: u64, result: Result<Arc<Detail>, DetailStatus> },
}

/// A model to use.
pub(super) enum ModelRequest {
    /// The embedded one.
    Demo,
    /// A bundle on disk.
    Folder(PathBuf),
    /// A model without settings of its own, with the settings to use.
    WithSettings(PathBuf, Box<PreprocessingConfig>),
    /// A model in memory, with its origin.
    Ready(ModelOrigin, Arc<Bundle>),
}

/// A recording to encode.
pub(super) struct EncodeRequest {
    pub(super) serial: u64,
    /// Its index in the library, if it is there.
    pub(super) recording: Option<usize>,
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Whether to resample other rates even if the model's training did not.
    pub(super) resample: bool,
}

/// A vector to decode.
pub(super) struct DecodeRequest {
    pub(super) serial: u64,
    pub(super) model_serial: u64,
    pub(super) vector: Vec<f32>,
    pub(super) min_max: MinMax,
    pub(super) iterations: usize,
    pub(super) detail: Mix,
    pub(super) asked: Instant,
}

/// Where to find the model's detail.
pub(super) enum DetailRequest {
    /// To be opened when needed.
    From(Origin),
    /// In memory.
    Use(Arc<Detail>),
}

/// The detail of the model in use.
enum HeldDetail {
    /// Not needed so far.
    At(Origin),
    /// Opened.
    Open(Arc<Detail>),
    /// Missing, which was reported.
    Missing,
}

/// The encoded recordings and their map, which vectors are compared with.
#[derive(Clone, Default)]
pub(in crate::session) struct Surroundings {
    pub(in crate::session) set: Option<Arc<EncodedSet>>,
    pub(in crate::session) layout: Option<Arc<Layout>>,
    /// Whether the recordings wait to be encoded by a newer model of the same run.
    pub(in crate::session) is_awaited: bool,
}

/// Requests to the worker; the newest of each kind is kept.
#[derive(Default)]
pub(super) struct LatentInbox {
    pub(super) model: Option<(u64, ModelRequest)>,
    pub(super) detail: Option<DetailRequest>,
    pub(super) surroundings: Option<Surroundings>,
    pub(super) encode: Option<EncodeRequest>,
    pub(super) decode: Option<DecodeRequest>,
}

/// Starts the thread.
pub(super) fn spawn(
    mailbox: Mailbox<WorkerEvent>,
    converter: Converter,
    sound: SharedSound,
) -> io::Result<Worker<LatentInbox>> {
    let mut worker = LatentWorker {
        mailbox,
        converter,
        sound,
        model_serial: 0,
        decoder: None,
        pipeline: None,
        detail: HeldDetail::At(Origin::Nowhere),
        surroundings: Surroundings::default(),
    };
    Worker::spawn("latent", move |inbox: LatentInbox| worker.serve(inbox))
}

struct LatentWorker {
    mailbox: Mailbox<WorkerEvent>,
    converter: Converter,
    sound: SharedSound,
    model_serial: u64,
    decoder: Option<LatentDecoder>,
    pipeline: Option<PreprocessingPipeline>,
    detail: HeldDetail,
    surroundings: Surroundings,
}

impl LatentWorker {
    fn serve(&mut self, inbox: LatentInbox) {
        if let Some((serial, request)) = inbox.model {
            let result = guarded(|| self.load(serial, request));
            self.mailbox.send(WorkerEvent::ModelReady { serial, result });
        }
        match inbox.detail {
            Some(DetailRequest::From(origin)) => self.detail = HeldDetail::At(origin),
            Some(DetailRequest::Use(detail)) => self.detail = HeldDetail::Open(detail),
            None => {}
        }
        if let Some(surroundings) = inbox.surroundings {
            self.surroundings = surroundings;
        }
        if let Some(request) = inbox.encode {
            let serial = request.serial;
            let result = guarded(|| {
                let original = self.encode(request)?;
                self.sound.lock().original = Some(self.converter.prepare(&original.clip));
                Ok(original)
            });
            self.mailbox.send(WorkerEvent::Encoded { serial, result });
        }
        if let Some(request) = inbox.decode
            && request.model_serial == self.model_serial
        {
            let result = guarded(|| {
                let decoded = self.decode(&request)?;
                let prepared = self.converter.prepare(&decoded.clip);
                self.sound.lock().on_decoded(request.serial, prepared);
                // After the sound: these are less urgent.
                Ok(Arc::new(self.placed(decoded, &request.vector)))
            });
            self.mailbox.send(WorkerEvent::Decoded(result));
        }
    }

    fn load(&mut self, serial: u64, request: ModelRequest) -> Result<(ModelOrigin, Arc<Bundle>), JobError> {
        let (origin, bundle) = match request {
            ModelRequest::Demo => (ModelOrigin::Demo, Arc::new(demo_model::open()?)),
            ModelRequest::Folder(folder) => {
                let bundle = Bundle::open(&folder)?;
                (ModelOrigin::Bundle(folder), Arc::new(bundle))
            }
            ModelRequest::WithSettings(path, settings) => {
                let bundle = Bundle::of_keras(&path, Some(*settings))?;
                (ModelOrigin::Bundle(path), Arc::new(bundle))
            }
            ModelRequest::Ready(origin, bundle) => (origin, bundle),
        };
        let pipeline = PreprocessingPipeline::from_config(&bundle.config.preprocessing)?;
        self.decoder = Some(LatentDecoder::new(Arc::clone(&bundle))?);
        self.pipeline = Some(pipeline);
        self.model_serial = serial;
        self.detail = HeldDetail::At(Origin::Nowhere);
        self.surroundings = Surroundings::default();
        Ok((origin, bundle))
    }

    fn encode(&mut self, request: EncodeRequest) -> Result<Original, JobError> {
        let (Some(decoder), Some(pipeline)) = (&self.decoder, &mut self.pipeline) else {
            return Err(no_model());
        };
        let preprocessing = &decoder.bundle().config.preprocessing;
        let resample = preprocessing.resample || request.resample;
        if pipeline.config().resample != resample {
            let config = PreprocessingConfig { resample, ..preprocessing.clone() };
            *pipeline = PreprocessingPipeline::from_config(&config)?;
        }
        let stages = pipeline.stages(&request.path)?;
        let quiet = |event: JobEvent| log::debug!("{event:?}");
        let image = RecordingImage::of_stages(&request.path, &stages, decoder.bundle(), &quiet)?;
        let mu = decoder.bundle().snapshot.encode(&image.unit)?.mu;
        Ok(Original {
            name: request.name,
            path: request.path,
            recording: request.recording,
            clip: Clip::mono(stages.signal, stages.sample_rate_hz),
            feature: stages.feature,
            min_max: image.min_max,
            vector: mu.row(0).to_vec(),
        })
    }

    /// Adds nearest recordings and position on the map to `decoded`.
    fn placed(&self, decoded: Decoded, vector: &[f32]) -> Decoded {
        let vector = Array1::from(vector.to_vec());
        let kept = self.decoder.as_ref().and_then(|decoder| decoder.bundle().density.as_ref());
        let decoded = Decoded {
            off_manifold: kept.and_then(|kept| kept.density.percentile(&vector)),
            nearest_training: kept.and_then(|kept| kept.nearest(&vector)),
            ..decoded
        };
        let fits = |set: &&Arc<EncodedSet>| set.vectors().vectors().ncols() == vector.len();
        let Some(set) = self.surroundings.set.as_ref().filter(fits) else { return decoded };
        let near = set.vectors().nearest(&vector, NEAREST);
        let nearest = near.iter().filter_map(|neighbour| {
            let recording = set.recordings.get(neighbour.index)?.index;
            Some(Nearby { recording, distance: neighbour.distance })
        });
        Decoded {
            nearest: nearest.collect(),
            off_manifold: decoded.off_manifold.or_else(|| set.density()?.percentile(&vector)),
            place: self.surroundings.layout.as_ref().map(|layout| layout.place_of(&vector, set.vectors())),
            ..decoded
        }
    }

    /// The model's detail, if `mix` is on. Opens it the first time, and reports whether there is any.
    fn detail(&mut self, mix: Mix) -> Option<InUse> {
        if !mix.is_on() {
            return None;
        }
        let bundle = self.decoder.as_ref()?.bundle();
        if let HeldDetail::At(origin) = &self.detail {
            let why_not = |error: JobError| {
                if origin.has_detail() { DetailStatus::Unusable(error.into()) } else { DetailStatus::None }
            };
            let opened = guarded(|| origin.open(bundle)).map(Arc::new).map_err(why_not);
            let result = opened.clone();
            self.mailbox.send(WorkerEvent::DetailOpened { model_serial: self.model_serial, result });
            self.detail = opened.map_or(HeldDetail::Missing, HeldDetail::Open);
        }
        let HeldDetail::Open(detail) = &self.detail else { return None };
        Some(InUse { detail: Arc::clone(detail), mix, exact_match: ExactMatch::Included })
    }

    fn decode(&mut self, request: &DecodeRequest) -> Result<Decoded, JobError> {
        let detail = self.detail(request.detail);
        let decoder = self.decoder.as_mut().ok_or_else(no_model)?;
        decoder.set_detail(detail);
        let DecodedSound { image, sound, detail } =
            decoder.decode(&request.vector, request.min_max, request.iterations, PHASE_SEED)?;
        let feature = decoder.generator().denormalised(&image, request.min_max);
        Ok(Decoded {
            image,
            feature,
            detail,
            clip: sound.clip,
            gain: sound.gain,
            spectral_convergence: sound.spectral_convergence,
            milliseconds: request.asked.elapsed().as_secs_f64() * 1e3,
            nearest: Vec::new(),
            off_manifold: None,
            nearest_training: None,
            place: None,
        })
    }
}

fn no_model() -> JobError {
    JobError::Said(sentence!(
        "error-no-model",
        "no model is loaded: use the demo model, open one, or train one"
    ))
}
