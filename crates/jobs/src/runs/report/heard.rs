//! Pictures and sounds of a replay: the originals beside the first, the middle and the last epoch.

use std::{fmt::Write as _, io::Cursor};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ndarray::{Array2, Array3, Axis};

use super::{curves::number, html::escape};
use crate::{
    JobContext, JobError,
    runs::{record::RunSummary, replay::Replay},
};
use timbrespace_analysis::inspect::{colour_map::ColourMap, picture};

use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, wav_bytes},
    },
    pipeline::sound_generator::{DEFAULT_ITERATIONS, SoundGenerator},
};

/// One column of pictures.
struct Column {
    title: String,
    images: Array3<f32>,
    errors: Vec<f64>,
}

/// The section; says so where a run has no replay.
pub(super) fn section(run: &RunSummary, context: &JobContext<'_>) -> Result<String, JobError> {
    let title = "<h2>What became of recordings and vectors</h2>\n";
    let Some((replay, columns)) = load(run) else {
        return Ok(format!("{title}<p class=\"quiet\">No replay was kept of this run.</p>\n"));
    };
    let preprocessing = &run.config.preprocessing;
    let mut generator = SoundGenerator::new(preprocessing)?;
    let kind = if replay.validation { "kept out of training" } else { "trained on" };
    let mut page = format!(
        "{title}<p class=\"quiet\">Recordings were {kind}. Every sound, the original's too, is made from its picture by \
         Griffin-Lim, so that only the picture differs.</p>\n<div class=\"replay\">\n"
    );
    let total = replay.recordings.len() + replay.vectors.len();
    for which in 0..total {
        context.check_stopped()?;
        context.progress("report", which, total);
        let name = replay.recordings.get(which).map_or_else(
            || format!("vector {}", which + 1 - replay.recordings.len()),
            |recording| recording.name.clone(),
        );
        writeln!(page, "<div><strong>{}</strong><div class=\"row\">", escape(&name)).ok();
        for column in &columns {
            let Some(image) = image_of(&column.images, which) else { continue };
            let sound = replay.sound(&mut generator, preprocessing, which, image.clone(), DEFAULT_ITERATIONS);
            let error = column.errors.get(which);
            let error = error.map_or_else(String::new, |error| format!(", error {}", number(*error)));
            page += &figure(&(column.title.clone() + &error), &image, &sound.clip)?;
        }
        page += "</div></div>\n";
    }
    Ok(page + "</div>\n")
}

fn image_of(images: &Array3<f32>, which: usize) -> Option<Array2<f32>> {
    (which < images.len_of(Axis(0))).then(|| images.index_axis(Axis(0), which).to_owned())
}

/// The replay of a run with its columns; `None` where there is none, or nothing readable.
fn load(run: &RunSummary) -> Option<(Replay, Vec<Column>)> {
    let replay = Replay::load(&run.folder).ok()?;
    let count = replay.epochs.len();
    let mut places = vec![0, count.saturating_sub(1) / 2, count.saturating_sub(1)];
    places.dedup();
    let originals = Column {
        title: "original".to_owned(),
        images: replay.originals(&run.folder).ok()?,
        errors: Vec::new(),
    };
    let epochs = places.into_iter().filter_map(|place| {
        let epoch = replay.epochs.get(place)?;
        let images = replay.images(&run.folder, epoch.epoch).ok()?;
        Some(Column { title: format!("epoch {}", epoch.epoch), images, errors: epoch.errors.clone() })
    });
    let columns: Vec<Column> = std::iter::once(originals).chain(epochs).collect();
    (columns.len() > 1).then_some((replay, columns))
}

fn figure(caption: &str, image: &Array2<f32>, clip: &Clip) -> Result<String, JobError> {
    let failed =
        |error: std::io::Error| JobError::Other(format!("the report's pictures and sounds: {error}"));
    let picture = picture::png(&picture::heat_map(image, 0.0, 1.0, ColourMap::Magma)).map_err(failed)?;
    let mut wav = Cursor::new(Vec::new());
    wav_bytes(&mut wav, clip, BitDepth::Int16).map_err(failed)?;
    let caption = escape(caption);
    Ok(format!(
        "<figure><img alt=\"{caption}\" src=\"data:image/png;base64,{}\"/><audio controls=\"controls\" preload=\"none\" \
         src=\"data:audio/wav;base64,{}\"></audio><figcaption>{caption}</figcaption></figure>\n",
        STANDARD.encode(picture),
        STANDARD.encode(wav.into_inner()),
    ))
}
