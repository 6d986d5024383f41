//! Split of recordings into training and validation.

use std::collections::BTreeMap;

use glob::Pattern;
use rand::seq::SliceRandom as _;
use timbrespace_base::sentence;

use super::{
    batch_source::BatchSource,
    error::ModelError,
    random::{Purpose, generator},
    training_config::{SplitBy, TrainingConfig},
};

/// Labels of a recording, from its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Path below the folder with `/` separators, without extension. All pieces of a file share the file's
    /// name.
    pub name: String,
    /// Class; may be empty.
    pub class: String,
    /// Group (for example a speaker); `None` if names do not contain one.
    pub group: Option<String>,
}

/// Labels of every image of `source`.
pub fn labels_of(source: &dyn BatchSource) -> Vec<Labels> {
    let label = |index| Labels {
        name: source.name(index).unwrap_or_default().to_owned(),
        class: source.class(index).unwrap_or_default().to_owned(),
        group: source.group(index),
    };
    (0..source.len()).map(label).collect()
}

impl TrainingConfig {
    /// Indices of the training and the validation recordings, each in ascending order. Deterministic for the
    /// same settings and recordings.
    ///
    /// # Errors
    /// When the requested split is impossible; says why and what to do.
    pub fn split(&self, recordings: &[Labels]) -> Result<(Vec<usize>, Vec<usize>), ModelError> {
        if let Some(pattern) = &self.validate_names {
            return by_name(recordings, pattern);
        }
        match self.split_by {
            SplitBy::File => Ok(self.by_file(recordings)),
            SplitBy::Class => self.by_label(recordings, "class", |labels| Some(labels.class.as_str())),
            SplitBy::Group => self.by_label(recordings, "group", |labels| labels.group.as_deref()),
        }
    }

    /// Validates on whole classes or groups, drawn by the seed, as close to the fraction as possible. At
    /// least one validates and at least one trains.
    fn by_label<'a>(
        &self,
        recordings: &'a [Labels],
        what: &str,
        kind: impl Fn(&'a Labels) -> Option<&'a str>,
    ) -> Result<(Vec<usize>, Vec<usize>), ModelError> {
        if self.validation_fraction == 0.0 {
            return Ok(((0..recordings.len()).collect(), Vec::new()));
        }
        let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, labels) in recordings.iter().enumerate() {
            let Some(kind) = kind(labels) else {
                let refused = sentence!(
                    "error-split-untold",
                    "cannot split by {what}: the name of {name} tells none; give names a pattern that does, for example \
                     --labels '{{class}}_{{group}}_{{index}}', or split by file",
                    what = what,
                    name = labels.name
                );
                return Err(refused.naming("what", format!("what-{what}")).into());
            };
            kinds.entry(kind).or_default().push(index);
        }
        if kinds.len() < 2 {
            return Err(match kinds.keys().next() {
                None => sentence!(
                    "error-split-nothing",
                    "cannot split by {what}: there is only nothing; split by file",
                    what = what
                ),
                Some(kind) => sentence!(
                    "error-split-one",
                    "cannot split by {what}: there is only one, `{kind}`; split by file",
                    what = what,
                    kind = kind
                ),
            }
            .naming("what", format!("what-{what}"))
            .into());
        }
        Ok(self.split_whole(kinds.into_values().collect(), recordings.len()))
    }

    /// Validates on single recordings, or on whole files where recordings are pieces of files (same name).
    /// Pieces of a single file all train.
    fn by_file(&self, recordings: &[Labels]) -> (Vec<usize>, Vec<usize>) {
        let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, labels) in recordings.iter().enumerate() {
            files.entry(&labels.name).or_default().push(index);
        }
        let is_in_pieces = files.iter().any(|(name, members)| !name.is_empty() && members.len() > 1);
        if !is_in_pieces || self.validation_fraction == 0.0 {
            return by_count(recordings.len(), self.validation_fraction, self.seed);
        }
        self.split_whole(files.into_values().collect(), recordings.len())
    }

    /// Assigns whole `members` to training and validation in random order; returns `(training, validation)`.
    fn split_whole(&self, mut members: Vec<Vec<usize>>, count: usize) -> (Vec<usize>, Vec<usize>) {
        members.shuffle(&mut generator(self.seed, Purpose::Split, 0, 0));
        let target = count as f64 * self.validation_fraction;
        let mut kept_out = Vec::new();
        let mut training = members.pop().unwrap_or_default();
        for kind in members {
            let (now, then) = (kept_out.len() as f64, (kept_out.len() + kind.len()) as f64);
            let nearer = (then - target).abs() < (now - target).abs();
            if nearer || kept_out.is_empty() { kept_out.extend(kind) } else { training.extend(kind) }
        }
        training.sort_unstable();
        kept_out.sort_unstable();
        (training, kept_out)
    }
}

/// Splits `count` recordings by `seed` into `(training, validation)`, each in ascending order.
///
/// At least one recording trains. The split depends on nothing but seed, count and fraction.
fn by_count(count: usize, validation_fraction: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut all: Vec<usize> = (0..count).collect();
    all.shuffle(&mut generator(seed, Purpose::Split, 0, 0));
    let held_out = (count as f64 * validation_fraction).round() as usize;
    let mut training = all.split_off(held_out.min(count.saturating_sub(1)));
    training.sort_unstable();
    all.sort_unstable();
    (training, all)
}

/// Validates on recordings whose name matches: the whole name if the pattern contains `/`, else the last
/// part.
fn by_name(recordings: &[Labels], pattern: &str) -> Result<(Vec<usize>, Vec<usize>), ModelError> {
    let matcher = Pattern::new(pattern).map_err(|error| {
        sentence!(
            "error-split-pattern",
            "`{pattern}` is not a valid name pattern: {cause}; try for example '*_[5-9]'",
            pattern = pattern,
            cause = error
        )
    })?;
    let matches = |index: &usize| {
        let name = &recordings[*index].name;
        let last = name.rsplit('/').next().unwrap_or(name);
        matcher.matches(if pattern.contains('/') { name } else { last })
    };
    let (kept_out, training): (Vec<usize>, Vec<usize>) = (0..recordings.len()).partition(matches);
    let example = recordings.first().map(|labels| labels.name.as_str()).unwrap_or_default();
    Err(match (training.is_empty(), kept_out.is_empty()) {
        (true, _) => sentence!(
            "error-split-all",
            "the pattern `{pattern}` matches every recording and leaves none to train on; names are like `{example}`, \
             without an extension",
            pattern = pattern,
            example = example
        ),
        (_, true) => sentence!(
            "error-split-none",
            "the pattern `{pattern}` matches no recording; names are like `{example}`, without an extension",
            pattern = pattern,
            example = example
        ),
        _ => return Ok((training, kept_out)),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names like those of the Free Spoken Digit Dataset.
    fn digits() -> Vec<Labels> {
        let speakers = ["ann", "bob", "cid", "dora"];
        let label = |digit: usize, speaker: &str, number: usize| Labels {
            name: format!("sub/{digit}_{speaker}_{number}"),
            class: digit.to_string(),
            group: Some(speaker.to_owned()),
        };
        (0..10)
            .flat_map(|digit| speakers.iter().flat_map(move |s| (5..15).map(move |n| label(digit, s, n))))
            .collect()
    }

    fn nameless(count: usize) -> Vec<Labels> {
        vec![Labels::default(); count]
    }

    fn split(config: &TrainingConfig, recordings: &[Labels]) -> (Vec<usize>, Vec<usize>) {
        config.split(recordings).unwrap()
    }

    #[test]
    fn a_split_holds_every_recording_once_and_follows_the_seed() {
        let with = |validation_fraction, seed| TrainingConfig {
            validation_fraction,
            seed,
            ..TrainingConfig::default()
        };
        let (training, validation) = split(&with(0.1, 7), &nameless(103));
        assert_eq!((training.len(), validation.len()), (93, 10));
        let mut all = [training.clone(), validation.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..103).collect::<Vec<_>>());
        assert_eq!(split(&with(0.1, 7), &nameless(103)), (training, validation.clone()));
        assert_ne!(split(&with(0.1, 8), &nameless(103)).1, validation);
        assert_eq!(split(&with(0.5, 0), &nameless(1)), (vec![0], vec![]));
        assert_eq!(split(&with(0.0, 0), &nameless(5)).1, Vec::<usize>::new());
    }

    #[test]
    fn pieces_of_one_file_never_lie_on_both_sides() {
        let pieces = |counts: &[usize]| -> Vec<Labels> {
            let of_file = |(file, count): (usize, &usize)| {
                vec![Labels { name: format!("long {file}"), ..Labels::default() }; *count]
            };
            counts.iter().enumerate().flat_map(of_file).collect()
        };
        let config = |seed| TrainingConfig { validation_fraction: 0.2, seed, ..TrainingConfig::default() };
        let recordings = pieces(&[30, 5, 12, 40, 1, 12]);
        for seed in 0..20 {
            let (training, kept_out) = split(&config(seed), &recordings);
            assert_eq!(training.len() + kept_out.len(), 100);
            assert!(!kept_out.is_empty() && !training.is_empty());
            let kept_names: Vec<&str> = kept_out.iter().map(|n| recordings[*n].name.as_str()).collect();
            assert!(training.iter().all(|n| !kept_names.contains(&recordings[*n].name.as_str())));
        }
        assert_eq!(split(&config(0), &pieces(&[50])), ((0..50).collect(), vec![]));
        assert_eq!(split(&config(0), &pieces(&[1, 1, 1, 1, 1])), split(&config(0), &nameless(5)));
    }

    #[test]
    fn whole_groups_and_classes_are_kept_out() {
        let recordings = digits();
        for (split_by, seed) in
            [(SplitBy::Group, 0), (SplitBy::Group, 5), (SplitBy::Class, 0), (SplitBy::Class, 3)]
        {
            let config =
                TrainingConfig { split_by, seed, validation_fraction: 0.2, ..TrainingConfig::default() };
            let (training, validation) = split(&config, &recordings);
            let kinds = |indices: &[usize]| {
                let kind = |index: &usize| match split_by {
                    SplitBy::Class => recordings[*index].class.clone(),
                    _ => recordings[*index].group.clone().unwrap(),
                };
                let mut kinds: Vec<String> = indices.iter().map(kind).collect();
                kinds.sort_unstable();
                kinds.dedup();
                kinds
            };
            assert!(kinds(&training).iter().all(|kind| !kinds(&validation).contains(kind)));
            // One of four speakers is 25 %, two of ten digits are 20 %.
            let expected = if split_by == SplitBy::Group { 100 } else { 80 };
            assert_eq!((training.len(), validation.len()), (400 - expected, expected));
            assert_eq!(split(&config, &recordings), (training, validation));
        }
    }

    #[test]
    fn a_pattern_of_names_decides_whatever_the_fraction_says() {
        let recordings = digits();
        let with = |pattern: &str| TrainingConfig {
            validate_names: Some(pattern.to_owned()),
            validation_fraction: 0.0,
            ..TrainingConfig::default()
        };
        let (training, validation) = split(&with("*_[5-9]"), &recordings);
        assert_eq!((training.len(), validation.len()), (200, 200));
        assert!(validation.iter().all(|index| recordings[*index].name.ends_with(['5', '6', '7', '8', '9'])));
        assert!(training.iter().all(|index| recordings[*index].name.contains("_1")));
        assert_eq!(split(&with("sub/3_bob_*"), &recordings).1.len(), 10);
        let error = with("zzz*").split(&recordings).unwrap_err().to_string();
        assert!(error.contains("matches no recording") && error.contains("`sub/0_ann_5`"), "{error}");
        assert!(with("*").split(&recordings).unwrap_err().to_string().contains("every recording"));
        assert!(
            with("[").split(&recordings).unwrap_err().to_string().contains("is not a valid name pattern")
        );
    }

    #[test]
    fn a_split_that_cannot_be_made_says_what_to_do() {
        let config = TrainingConfig { split_by: SplitBy::Group, ..TrainingConfig::default() };
        let error = config.split(&nameless(9)).unwrap_err().to_string();
        assert!(error.contains("cannot split by group") && error.contains("{group}"), "{error}");
        let one = vec![Labels { group: Some("ann".to_owned()), ..Labels::default() }; 9];
        let error = config.split(&one).unwrap_err().to_string();
        assert_eq!(error, "cannot split by group: there is only one, `ann`; split by file");
    }
}
