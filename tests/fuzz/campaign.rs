//! A number of damaged inputs, divided among the formats, on all of two threads.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use rand::{SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use super::{
    mutate,
    process::Fault,
    seeds::Seeds,
    trial::{Damaged, Finding, Trial},
};

const THREADS: usize = 2;
/// Damaged files in one folder.
const TOGETHER: u64 = 100;
/// Of a hundred folders of inputs, this many hold one damaged file of a model or of a preprocessed folder ...
const ALONE_PERCENT: u64 = 4;
/// ... and of the others this many images instead of sounds.
const IMAGES_PERCENT: u64 = 10;

const EVALUATE: &[&str] = &["evaluate", "B", "P", "--json"];
const EVALUATE_MANY: &[&str] = &["evaluate", "B", "Q", "--json"];
const GENERATE: &[&str] = &["generate", "B", "--out", "out", "--count", "1"];
const REPORT: &[&str] = &["report", "B", "--out", "report.html"];
const SCALARS: &[&str] = &["scalars", "B", "--out", "out"];
const RESUME: &[&str] = &["train", "P", "--out", "B", "--resume", "--epochs", "3", "--threads", "1"];
const TRAIN: &[&str] =
    &["train", "P", "--out", "out", "--settings", "settings.toml", "--epochs", "1", "--threads", "1"];
const MERGE: &[&str] = &["preprocess", "P", "--merge"];

/// What reads a file of which name, by a part of its path.
const READERS: &[(&str, &[&[&str]])] = &[
    ("P/min_max_values.pkl", &[EVALUATE]),
    ("P/preprocessing.json", &[EVALUATE, MERGE]),
    ("B/config.json", &[EVALUATE, GENERATE, REPORT]),
    ("B/model.safetensors", &[EVALUATE, GENERATE]),
    ("B/history.csv", &[REPORT, SCALARS, RESUME]),
    ("B/epochs.json", &[REPORT, SCALARS, RESUME]),
    ("B/steps.csv", &[REPORT, SCALARS, RESUME]),
    ("B/run.json", &[REPORT, RESUME]),
    ("B/checkpoints/", &[RESUME]),
    ("B/baselines/", &[EVALUATE, REPORT]),
    ("B/replay/", &[REPORT]),
    ("settings.toml", &[TRAIN]),
];

/// Settings under which folders of damaged sounds are preprocessed, in turn.
const PREPROCESS: &[&[&str]] = &[
    &["preprocess", "sounds", "--out", "out", "--jobs", "1"],
    &["preprocess", "sounds", "--out", "out", "--jobs", "1", "--feature", "log-mel", "--resample"],
    &["preprocess", "sounds", "--out", "out", "--jobs", "1", "--duration", "full", "--save-signal"],
];
const DOCTOR: &[&str] = &["doctor", "sounds", "--jobs", "1", "--json"];
const ENCODE: &[&str] = &["encode", "B", "sounds", "--out", "out", "--resample"];

/// What a campaign counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Inputs of each kind.
    pub inputs: BTreeMap<&'static str, u64>,
    /// Faults of each kind.
    pub faults: BTreeMap<Fault, u64>,
}

/// The folders of inputs into which `inputs` are divided: the number of the first of each, and how many.
fn shares(inputs: u64) -> Vec<(u64, u64)> {
    let mut shares = Vec::new();
    let mut first = 0;
    while first < inputs {
        let count = TOGETHER.min(inputs - first);
        shares.push((first, count));
        first += count;
    }
    shares
}

/// Damages `inputs` inputs, the first of them with number `first`; failing ones are kept in `failures`.
pub fn run(program: &Path, seeds: &Seeds, first: u64, inputs: u64, failures: &Path) -> Tally {
    let shares = shares(inputs);
    let next = AtomicU64::new(0);
    let tally = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let worker = thread::Builder::new().name("fuzz".to_owned()).spawn_scoped(scope, || {
                while let Some((start, count)) = shares.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    for trial in trials(seeds, first + start, *count) {
                        let found = trial.findings(program);
                        count_in(&mut tally.lock().unwrap(), &trial, &found, failures);
                    }
                }
            });
            drop(worker.unwrap());
        }
    });
    tally.into_inner().unwrap()
}

fn count_in(tally: &mut Tally, trial: &Trial, found: &[Finding], failures: &Path) {
    *tally.inputs.entry(trial.kind).or_default() += trial.damaged.len() as u64;
    for finding in found {
        *tally.faults.entry(finding.fault).or_default() += 1;
        println!("{:?}: {} {}", finding.fault, finding.kind, finding.damaged[0].path);
        finding.keep(trial, failures);
    }
}

/// The trials of one share: a folder of sounds, a folder of images, or files of a model one by one.
fn trials(seeds: &Seeds, first: u64, count: u64) -> Vec<Trial> {
    let turn = first / TOGETHER;
    if turn.is_multiple_of(100 / ALONE_PERCENT) {
        return (first..first + count).map(|number| alone(seeds, number)).collect();
    }
    if turn % (100 / IMAGES_PERCENT) == 1 {
        return vec![images(seeds, first, count)];
    }
    vec![sounds(seeds, first, count)]
}

fn random(number: u64) -> StdRng {
    StdRng::seed_from_u64(number)
}

fn sounds(seeds: &Seeds, first: u64, count: u64) -> Trial {
    let damaged = (first..first + count).map(|number| {
        let mut random = random(number);
        let seed = seeds.sounds.choose(&mut random).unwrap();
        let others: Vec<&[u8]> = seeds.sounds.iter().map(|other| &other.bytes[..]).collect();
        let bytes = mutate::binary(&seed.bytes, &others, &mut random);
        Damaged { number, path: format!("sounds/{number}.{}", seed.extension()), bytes }
    });
    let turn = (first / TOGETHER) as usize;
    let mut lines = vec![PREPROCESS[turn % PREPROCESS.len()].to_vec(), DOCTOR.to_vec()];
    let mut around = Vec::new();
    if turn.is_multiple_of(4) {
        lines = vec![ENCODE.to_vec()];
        around.push(seeds.path("B"));
    }
    Trial { kind: "sound", around, damaged: damaged.collect(), lines }
}

fn images(seeds: &Seeds, first: u64, count: u64) -> Trial {
    let paths = seeds.below("Q", ".npy");
    let all: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(seeds.path(path)).unwrap()).collect();
    let others: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    let damaged = (first..first + count).map(|number| {
        let mut random = random(number);
        let seed = all.choose(&mut random).unwrap();
        // Each takes the place of one whose extremes are known: other images are not read.
        let path = paths[number as usize % paths.len()].clone();
        Damaged { number, path, bytes: mutate::binary(seed, &others, &mut random) }
    });
    let around = vec![seeds.path("Q"), seeds.path("B")];
    Trial { kind: "image", around, damaged: damaged.collect(), lines: vec![EVALUATE_MANY.to_vec()] }
}

/// One damaged file of a model, of its run, or of what describes a preprocessed folder.
fn alone(seeds: &Seeds, number: u64) -> Trial {
    let mut random = random(number);
    let (part, lines) = READERS.choose(&mut random).unwrap();
    let folder = part.split('/').next().unwrap();
    let path = seeds.below(folder, part).choose(&mut random).unwrap().clone();
    let bytes = std::fs::read(seeds.path(&path)).unwrap();
    let is_text = [".json", ".csv", ".toml"].iter().any(|end| path.ends_with(end));
    let damage = if is_text { mutate::text } else { mutate::binary };
    let damaged = Damaged { number, bytes: damage(&bytes, &[], &mut random), path };
    let around = ["P", "B", "settings.toml"].map(|name| seeds.path(name)).to_vec();
    let lines = vec![lines.choose(&mut random).unwrap().to_vec()];
    Trial { kind: "file of a model", around, damaged: vec![damaged], lines }
}
