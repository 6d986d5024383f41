//! Recordings to latent vectors.

use std::{path::PathBuf, sync::Arc};

use ndarray::{Array2, s};
use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    bundle::{Bundle, ENCODE_BATCH},
    files::{csv_field, write_array, write_text},
    source::{self, DatasetSource},
};
use crate::{
    atomic_file::Durability,
    interrupt::Interrupt,
    vae::{
        snapshot::{Posterior, Snapshot},
        trainer::BatchSource as _,
    },
};

/// What to encode.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// A folder or a single file.
    pub input: PathBuf,
    /// Folder for `mu.npy`, `log_variance.npy` and `names.csv`.
    pub out: PathBuf,
}

/// What was encoded.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Files written.
    pub written: Vec<PathBuf>,
    /// Recordings encoded.
    pub encoded: usize,
}

/// Encodes.
///
/// # Errors
/// When no recording can be used or the disk refuses.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
    let dataset = Arc::new(source::open(&request.input, &bundle.config.preprocessing, sink, interrupt)?);
    source::check_fits(&dataset.config, &bundle.config.preprocessing)?;
    let source = DatasetSource(Arc::clone(&dataset));
    let posterior = encode_all(&bundle.snapshot, &source, sink, interrupt)?;
    let rows = dataset
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| format!("{index},{},{}\n", csv_field(&item.name), csv_field(&item.class)));
    let table: String = std::iter::once("index,name,class\n".to_owned()).chain(rows).collect();
    let written = ["mu.npy", "log_variance.npy", "names.csv"].map(|name| request.out.join(name));
    write_array(&written[0], &posterior.mu)?;
    write_array(&written[1], &posterior.log_variance)?;
    write_text(&written[2], Durability::Renamed, &table)?;
    Ok(Report { written: written.into(), encoded: dataset.len() })
}

/// The Gaussians of all images of `source`, in their order.
///
/// # Errors
/// When the images do not fit the model, or on [`Interrupt`].
pub fn encode_all(
    snapshot: &Snapshot,
    source: &DatasetSource,
    sink: &dyn Sink,
    interrupt: &Interrupt,
) -> Result<Posterior, JobError> {
    let (total, latent) = (source.len(), snapshot.config().latent_size);
    let (mut mu, mut log_variance) = (Array2::zeros((total, latent)), Array2::zeros((total, latent)));
    let indices: Vec<usize> = (0..total).collect();
    for chunk in indices.chunks(ENCODE_BATCH) {
        if interrupt.is_stopped() {
            return Err(JobError::Stopped);
        }
        let posterior = snapshot.encode(&source.batch(chunk).view())?;
        let rows = chunk[0]..chunk[0] + chunk.len();
        mu.slice_mut(s![rows.clone(), ..]).assign(&posterior.mu);
        log_variance.slice_mut(s![rows.clone(), ..]).assign(&posterior.log_variance);
        sink.event(JobEvent::Progress { stage: "encoding", done: rows.end, total });
    }
    Ok(Posterior { mu, log_variance })
}
