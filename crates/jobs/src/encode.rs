//! Recordings to latent vectors.

use std::path::{Path, PathBuf};

use ndarray::{Array2, Axis, s};
use serde::Serialize;

use crate::{
    JobContext, JobError,
    data::{
        chosen::Chosen,
        in_parts::open_in_parts,
        source::{ENCODE_BATCH, batch},
    },
    export::vector_files::{self, Labels, Map},
    files::{write_array, write_text},
    runs::{bundle::Bundle, reads},
};
use timbrespace_base::{
    atomic_file::Durability,
    interrupt::Interrupt,
    names,
    outputs::{Outputs, Replace},
    table::{Table, number, text},
};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{
        dataset::{Dataset, Item},
        labels,
    },
};
use timbrespace_vae::{
    snapshot::{Posterior, Snapshot},
    trainer::BatchSource,
};

/// Files that are always written.
const FILES: [&str; 3] = ["mu.npy", "log_variance.npy", "names.csv"];
/// Names and vectors in one table.
const TABLE: &str = "mu.csv";

/// What to encode.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// A folder or a single file.
    pub input: PathBuf,
    /// Recordings to leave out.
    pub left_out: LeftOut,
    /// Folder for `mu.npy`, `log_variance.npy` and `names.csv`.
    pub out: PathBuf,
    /// What else to write there.
    pub also: Also,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// Forms of the same vectors for other programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Also {
    /// `mu.csv`: names and vectors in one table.
    pub csv: bool,
    /// `projection.npy` and `projection.csv`: a map of two principal components.
    pub projection: bool,
    /// `vectors.tsv`, `metadata.tsv` and `projector_config.json` for the Embedding Projector.
    pub projector: bool,
}

/// What was encoded.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Files written.
    #[serde(serialize_with = "names::serialize")]
    pub written: Vec<PathBuf>,
    /// Recordings encoded.
    pub encoded: usize,
    /// Part of the variance of mu that the map's two directions hold, where a map was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<[f64; 2]>,
}

/// Encodes.
///
/// # Errors
/// When no recording can be used or the disk refuses.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let mut outputs = outputs(request, context.interrupt)?;
    let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
    let chosen = Chosen::new(&request.input, &request.left_out);
    let (dataset, posterior) = encode_in_parts(&bundle, chosen, context)?;
    let mut table = Table::csv().with_header(["index", "name", "class"]);
    for (index, item) in dataset.items.iter().enumerate() {
        table.row([number(index), text(&item.name), text(&item.class)]);
    }
    let table = table.finish();
    let written = FILES.map(|name| request.out.join(name));
    outputs.write(&written[0], |path| write_array(path, &posterior.mu))?;
    outputs.write(&written[1], |path| write_array(path, &posterior.log_variance))?;
    outputs.write(&written[2], |path| write_text(path, Durability::Renamed, &table))?;
    let mut report = Report { written: written.into(), encoded: dataset.len(), explained: None };
    write_also(request, &mut outputs, &labels_of(&dataset), &posterior.mu, &mut report)?;
    Ok(report)
}

/// Checks everything that is going to be written.
fn outputs(request: &Request, interrupt: &Interrupt) -> Result<Outputs, JobError> {
    let (out, also) = (&request.out, request.also);
    let mut planned: Vec<PathBuf> = FILES.map(|name| out.join(name)).into();
    planned.extend(also.csv.then(|| out.join(TABLE)));
    planned.extend(also.projection.then(|| vector_files::map_files(out)).into_iter().flatten());
    planned.extend(also.projector.then(|| vector_files::projector_files(out)).into_iter().flatten());
    let recordings = reads::of_folder(&request.input, interrupt)?;
    let list = request.left_out.file().map(Path::to_owned);
    let mut outputs = reads::outputs(request.replace, &request.bundle, recordings).reading(reads::LIST, list);
    outputs.check(&planned)?;
    Ok(outputs)
}

/// Writes what else was asked for.
fn write_also(
    request: &Request,
    outputs: &mut Outputs,
    labels: &Labels,
    mu: &Array2<f32>,
    report: &mut Report,
) -> Result<(), JobError> {
    let Also { csv, projection, projector } = request.also;
    if csv {
        let path = request.out.join(TABLE);
        outputs.write(&path, |path| vector_files::write_csv(path, labels, mu))?;
        report.written.push(path);
    }
    if projection {
        let map = Map::of(mu);
        report.written.extend(vector_files::write_map(&request.out, labels, &map, outputs)?);
        report.explained = Some(map.explained);
    }
    if projector {
        report.written.extend(vector_files::write_projector(&request.out, labels, mu, outputs)?);
    }
    Ok(())
}

/// Name and class of every recording, the class where there is any, and whatever else its name says.
pub fn labels_of(dataset: &Dataset) -> Labels {
    let fields: Vec<Vec<(String, String)>> = dataset
        .items
        .iter()
        .map(|item| labels::fields_of(Path::new(&item.name), &dataset.config.labels))
        .collect();
    let named = |fields: &&Vec<(String, String)>| fields.len();
    let more: Vec<String> = fields
        .iter()
        .max_by_key(named)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .filter(|name| name != "class")
        .collect();
    let has_class = dataset.items.iter().any(|item| !item.class.is_empty());
    let class = has_class.then(|| "class".to_owned());
    let columns = ["name".to_owned()].into_iter().chain(class).chain(more.iter().cloned()).collect();
    let row = |(item, fields): (&Item, &Vec<(String, String)>)| {
        let value = |name: &String| {
            let found = fields.iter().find(|(other, _)| other == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let class = has_class.then(|| item.class.clone());
        [item.name.clone()].into_iter().chain(class).chain(more.iter().map(value)).collect()
    };
    Labels { columns, rows: dataset.items.iter().zip(&fields).map(row).collect() }
}

/// The Gaussians of all `chosen` recordings or images, in the order of the data set, which has no images: they are held a few at a
/// time.
///
/// # Errors
/// When nothing can be used, or the images do not fit the model, or on [`Interrupt`].
pub fn encode_in_parts(
    bundle: &Bundle,
    chosen: Chosen<'_>,
    context: &JobContext<'_>,
) -> Result<(Dataset, Posterior), JobError> {
    let (mut mu, mut log_variance) = (Vec::new(), Vec::new());
    let dataset = open_in_parts(chosen, &bundle.config.preprocessing, context, |images| {
        for images in images.axis_chunks_iter(Axis(0), ENCODE_BATCH) {
            context.check_stopped()?;
            let posterior = bundle.snapshot.encode(&images)?;
            mu.extend(posterior.mu);
            log_variance.extend(posterior.log_variance);
        }
        Ok(())
    })?;
    let shape = (dataset.len(), bundle.snapshot.config().latent_size);
    let rows =
        |values| Array2::from_shape_vec(shape, values).map_err(|error| JobError::Other(error.to_string()));
    Ok((dataset, Posterior { mu: rows(mu)?, log_variance: rows(log_variance)? }))
}

/// The Gaussians of all images of `source`, in their order.
///
/// # Errors
/// When the images do not fit the model, or on [`Interrupt`].
pub fn encode_all(
    snapshot: &Snapshot,
    source: &dyn BatchSource,
    context: &JobContext<'_>,
) -> Result<Posterior, JobError> {
    let (total, latent) = (source.len(), snapshot.config().latent_size);
    let (mut mu, mut log_variance) = (Array2::zeros((total, latent)), Array2::zeros((total, latent)));
    let indices: Vec<usize> = (0..total).collect();
    for chunk in indices.chunks(ENCODE_BATCH) {
        context.check_stopped()?;
        let posterior = snapshot.encode(&batch(source, chunk)?.view())?;
        let rows = chunk[0]..chunk[0] + chunk.len();
        mu.slice_mut(s![rows.clone(), ..]).assign(&posterior.mu);
        log_variance.slice_mut(s![rows.clone(), ..]).assign(&posterior.log_variance);
        context.progress("encoding", rows.end, total);
    }
    Ok(Posterior { mu, log_variance })
}
