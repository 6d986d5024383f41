//! A folder of recordings as a whole: a thumbnail of every image, mean and spread of every class, and what distributions
//! are drawn from.
//!
//! Images are made one at a time and not kept, so the memory is bounded whatever the folder holds: thumbnails get smaller
//! when there are very many, and the number of classes with images of their own is limited.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use ndarray::Array2;

use crate::{
    JobContext, JobError, JobEvent,
    data::{
        chosen::{self, Chosen},
        source::to_unit_range,
    },
    forward, in_pool,
    scan::name_of,
};
use timbrespace_analysis::inspect::{class_images::Moments, level, thumbnail::Thumbnail};

use timbrespace_signal::{
    audio::{
        folder::{FolderScan, Skipped},
        left_out::LeftOut,
    },
    pipeline::{
        config::PreprocessingConfig,
        labels,
        preprocessing::{PreprocessingPipeline, visit::Visited},
        stages::{Flag, MinMax},
    },
};

/// The name of the work in progress news.
pub const PREPROCESSING: &str = "preprocessing";

/// Largest side of a thumbnail in pixels: as large as it is drawn.
const SIDE: usize = 64;
/// Smallest side: below that, nothing can be recognised.
const SMALLEST_SIDE: usize = 12;
/// Bytes that all thumbnails together may take.
const THUMBNAIL_BYTES: usize = 256 << 20;
/// Classes with mean and spread of their own; what belongs to later ones counts for the whole only.
pub const MOST_CLASSES: usize = 200;
/// Bytes that the sums of all classes together may take: long recordings have large images, and then fewer classes have
/// their own.
const SUM_BYTES: usize = 512 << 20;

/// What to look at.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Recordings to leave out; `listed` has none of them.
    pub left_out: LeftOut,
    /// Its recordings, where they are listed already.
    pub listed: Option<FolderScan>,
    /// Settings, the pattern of classes among them.
    pub config: PreprocessingConfig,
    /// Threads, or `None` for every core.
    pub threads: Option<usize>,
}

/// What is kept of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Path below the folder, with `/` between parts.
    pub name: String,
    /// Class, or empty.
    pub class: String,
    /// Length of the whole file in seconds.
    pub duration_secs: f64,
    /// RMS level of the part that is used, in dB re full scale 1; `None` for zeros alone.
    pub level_db: Option<f64>,
    /// Peak of that part in dB re full scale 1; `None` for zeros alone.
    pub peak_db: Option<f64>,
    /// Values before normalisation, in dB, or in natural logarithms for log-mel.
    pub min_max: MinMax,
    /// Remarks.
    pub flags: Vec<Flag>,
    /// Its image, small.
    pub thumbnail: Thumbnail,
}

/// Mean and spread of the images of a class, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassImages {
    /// The class, possibly empty; `None` for all recordings together.
    pub class: Option<String>,
    /// Images.
    pub count: usize,
    /// Mean, `[bins, frames]` in 0..1.
    pub mean: Array2<f32>,
    /// Standard deviation, `[bins, frames]`, at most 0.5.
    pub spread: Array2<f32>,
    /// Mean of all cells of `mean`.
    pub mean_of_cells: f32,
    /// Largest cell of `spread`.
    pub largest_spread: f32,
}

impl ClassImages {
    /// Mean and spread of what `moments` took in.
    fn of(class: Option<String>, moments: &Moments) -> Self {
        let (mean, spread) = (moments.mean(), moments.spread());
        Self {
            class,
            count: moments.count(),
            mean_of_cells: mean.mean().unwrap_or_default(),
            largest_spread: spread.iter().copied().fold(0.0, f32::max),
            mean,
            spread,
        }
    }
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Report {
    /// The folder.
    pub folder: PathBuf,
    /// The settings.
    pub config: PreprocessingConfig,
    /// One entry an image, by class and then by name.
    pub entries: Vec<Entry>,
    /// The classes with their places in `entries`.
    pub classes: Vec<(String, Range<usize>)>,
    /// Mean and spread: of all recordings first, then of every class unless there is only one.
    pub images: Vec<ClassImages>,
    /// `(bins, frames)` of every image.
    pub image_shape: (usize, usize),
    /// Files left out, with causes.
    pub skipped: Vec<Skipped>,
    /// Seconds it took.
    pub seconds: f64,
}

/// Bytes that the thumbnails of `images` images take at most.
pub fn thumbnail_bytes(images: usize) -> usize {
    images * side(images).pow(2)
}

/// Preprocesses every recording and keeps its thumbnail and its figures.
///
/// # Errors
/// When no recording can be used, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let start = Instant::now();
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let scan = match &request.listed {
        Some(scan) => scan.clone(),
        None => chosen::scan(Chosen::new(&request.folder, &request.left_out), &request.config, context)?,
    };
    for skipped in &scan.skipped {
        context.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    let side = side(scan.files.len());
    let sums = Mutex::new(Sums::default());
    let look = |relative: &Path, visited: Visited| entry(&request.config, relative, visited, side, &sums);
    let events = forward(context.sink, PREPROCESSING);
    let seen = in_pool(request.threads, || pipeline.visit(&scan, &events, context.interrupt, look))??;
    let (mut entries, mut skipped) = (Vec::with_capacity(seen.len()), scan.skipped);
    for result in seen {
        match result {
            Ok(entry) => entries.push(entry),
            Err(skip) => skipped.push(skip),
        }
    }
    entries.sort_by(|one, other| (&one.class, &one.name).cmp(&(&other.class, &other.name)));
    let (images, image_shape) = sums.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    Ok(Report {
        folder: scan.root,
        config: request.config.clone(),
        classes: classes(&entries),
        entries,
        images,
        image_shape,
        skipped,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Side of the thumbnails of `images` images.
fn side(images: usize) -> usize {
    let most = (THUMBNAIL_BYTES as f64 / images.max(1) as f64).sqrt() as usize;
    most.clamp(SMALLEST_SIDE, SIDE)
}

fn entry(
    config: &PreprocessingConfig,
    relative: &Path,
    mut visited: Visited,
    side: usize,
    sums: &Mutex<Sums>,
) -> Entry {
    to_unit_range(config, visited.image.iter_mut());
    let class = labels::class_of(relative, &config.labels);
    let thumbnail = Thumbnail::of(&visited.image, side);
    sums.lock().unwrap_or_else(PoisonError::into_inner).add(&class, &visited.image);
    Entry {
        name: name_of(relative),
        class,
        duration_secs: visited.native_duration_secs,
        level_db: level::rms_db(&visited.signal),
        peak_db: level::peak_db(&visited.signal),
        min_max: visited.min_max,
        flags: visited.flags,
        thumbnail,
    }
}

/// Runs of one class in sorted entries.
fn classes(entries: &[Entry]) -> Vec<(String, Range<usize>)> {
    let mut start = 0;
    entries
        .chunk_by(|one, other| one.class == other.class)
        .filter_map(|run| {
            let range = start..start + run.len();
            start = range.end;
            Some((run.first()?.class.clone(), range))
        })
        .collect()
}

/// Sums over the images of every class, and of those that belong to none of the first [`MOST_CLASSES`].
#[derive(Default)]
struct Sums {
    classes: BTreeMap<String, Moments>,
    rest: Option<Moments>,
}

impl Sums {
    fn add(&mut self, class: &str, image: &Array2<f32>) {
        // A sum and a sum of squares.
        let bytes = (2 * size_of::<f64>() * image.len()).max(1);
        let most = (SUM_BYTES / bytes).clamp(1, MOST_CLASSES);
        if !self.classes.contains_key(class) && self.classes.len() >= most {
            self.rest.get_or_insert_with(|| Moments::new(image.dim())).add(image);
            return;
        }
        self.classes.entry(class.to_owned()).or_insert_with(|| Moments::new(image.dim())).add(image);
    }

    /// The images of all recordings and of every class, and their size.
    fn finish(self) -> (Vec<ClassImages>, (usize, usize)) {
        let Some(first) = self.classes.values().next() else { return (Vec::new(), (0, 0)) };
        let mut all = Moments::new(first.shape());
        for moments in self.classes.values().chain(&self.rest) {
            all.merge(moments);
        }
        let mut every = vec![ClassImages::of(None, &all)];
        if self.classes.len() > 1 {
            let of_class = |(class, moments): (String, Moments)| ClassImages::of(Some(class), &moments);
            every.extend(self.classes.into_iter().map(of_class));
        }
        (every, all.shape())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    };

    fn folder() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        for (class, hz) in [("low", 0.05_f32), ("high", 0.8)] {
            for number in 0..3 {
                let samples = (0..8000).map(|n| 0.5 * (n as f32 * (hz + 0.01 * number as f32)).sin());
                let path = place.path().join(format!("{class}_{number}.wav"));
                write_wav(&path, &Clip::mono(samples.collect(), 22_050), BitDepth::Float32).unwrap();
            }
        }
        fs::write(place.path().join("broken_0.wav"), "no sound").unwrap();
        place
    }

    fn survey(config: PreprocessingConfig) -> Report {
        let place = folder();
        let request = Request {
            folder: place.path().to_owned(),
            left_out: LeftOut::default(),
            listed: None,
            config,
            threads: Some(2),
        };
        run(&request, &JobContext::silent(&Interrupt::new())).unwrap()
    }

    fn config() -> PreprocessingConfig {
        PreprocessingConfig { labels: "{class}_{index}".to_owned(), ..PreprocessingConfig::default() }
    }

    #[test]
    fn recordings_are_grouped_by_class_with_their_figures() {
        let report = survey(config());
        assert_eq!(report.classes, [("high".to_owned(), 0..3), ("low".to_owned(), 3..6)]);
        let names: Vec<&str> = report.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names[..2], ["high_0.wav", "high_1.wav"]);
        let entry = &report.entries[0];
        assert!((entry.level_db.unwrap() + 9.03).abs() < 0.05, "a sine of 0.5: {:?}", entry.level_db);
        assert!((entry.peak_db.unwrap() + 6.02).abs() < 0.05, "{:?}", entry.peak_db);
        assert!((entry.duration_secs - 8000.0 / 22_050.0).abs() < 1e-9);
        assert_eq!((entry.thumbnail.width, entry.thumbnail.height), (64, 64));
        assert_eq!(report.image_shape, (256, 64));
        assert_eq!(report.skipped.len(), 1);
    }

    #[test]
    fn means_show_where_the_energy_of_a_class_lies() {
        let report = survey(config());
        let classes: Vec<Option<&str>> = report.images.iter().map(|images| images.class.as_deref()).collect();
        assert_eq!(classes, [None, Some("high"), Some("low")]);
        assert_eq!(report.images.iter().map(|images| images.count).collect::<Vec<_>>(), [6, 3, 3]);
        // 0.8 rad a sample is bin 0.8 / 2π × 512 = 65 of 256, 0.05 rad bin 4.
        let strongest = |images: &ClassImages| {
            let column = images.mean.column(5).to_vec();
            column.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0
        };
        assert!((64..69).contains(&strongest(&report.images[1])), "{}", strongest(&report.images[1]));
        assert!((3..8).contains(&strongest(&report.images[2])), "{}", strongest(&report.images[2]));
        let largest = report.images[0].largest_spread;
        assert!(largest > 0.1 && largest <= 0.5, "{largest}");
    }

    #[test]
    fn another_range_of_the_images_is_brought_to_0_and_1() {
        let wide = PreprocessingConfig { range_min: -1.0, range_max: 3.0, ..config() };
        let (narrow, wide) = (survey(config()), survey(wide));
        let (narrow, wide) = (&narrow.images[0].mean, &wide.images[0].mean);
        assert!(timbrespace_base::differences::largest_difference(narrow, wide) < 1e-5);
    }

    #[test]
    fn thumbnails_shrink_before_they_fill_the_memory() {
        assert_eq!(thumbnail_bytes(2700), 2700 * 64 * 64);
        for images in [100_000, 1_000_000] {
            assert!(thumbnail_bytes(images) <= THUMBNAIL_BYTES, "{images}");
        }
        assert!(side(100_000) >= 48);
    }

    #[test]
    fn classes_beyond_the_limit_count_for_the_whole() {
        let mut sums = Sums::default();
        for class in 0..MOST_CLASSES + 5 {
            sums.add(&class.to_string(), &Array2::from_elem((2, 2), 0.5));
        }
        let (images, shape) = sums.finish();
        assert_eq!((images.len(), images[0].count, shape), (MOST_CLASSES + 1, MOST_CLASSES + 5, (2, 2)));
    }

    #[test]
    fn a_stop_ends_it() {
        let (place, interrupt) = (folder(), Interrupt::new());
        let request = Request {
            folder: place.path().to_owned(),
            left_out: LeftOut::default(),
            listed: None,
            config: config(),
            threads: Some(1),
        };
        let stopped = run(&request, &JobContext::new(&|_| interrupt.stop(), &interrupt));
        assert!(stopped.unwrap_err().is_stopped());
    }
}
