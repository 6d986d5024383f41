//! Which recordings are recognised, and which vote.

use std::{fmt, ops::RangeInclusive};

use super::JobError;
use crate::{data::source::labels_of_dataset, runs::bundle_config::BundleConfig};
use timbrespace_signal::pipeline::dataset::Dataset;

/// Values of a field of file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers from the first to the last.
    Numbers(RangeInclusive<u64>),
    /// These words.
    Words(Vec<String>),
}

impl Values {
    fn contain(&self, value: &str) -> bool {
        match self {
            Self::Numbers(range) => value.parse().is_ok_and(|number| range.contains(&number)),
            Self::Words(words) => words.iter().any(|word| word == value),
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(range) => write!(formatter, "{} to {}", range.start(), range.end()),
            Self::Words(words) => formatter.write_str(&words.join(" or ")),
        }
    }
}

/// Which recordings were kept out of training.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeptOut {
    /// Those that the run validated on, drawn again from its seed.
    #[default]
    Validation,
    /// Those whose name has one of these values in the place of a field.
    Field {
        /// Name of the field, for example `index`.
        field: String,
        /// Its values.
        values: Values,
    },
}

/// The recordings of a data set in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Those that vote, ascending.
    pub known: Vec<usize>,
    /// Those that are recognised, ascending.
    pub kept_out: Vec<usize>,
    /// How they were told apart, in words.
    pub words: String,
}

/// The fields of one name, in order.
pub(super) type Fields = Vec<(String, String)>;

impl KeptOut {
    /// Parts `dataset`, whose names have these `fields`.
    pub(super) fn parts(
        &self,
        dataset: &Dataset,
        fields: &[Fields],
        config: &BundleConfig,
    ) -> Result<Parts, JobError> {
        match self {
            Self::Validation => validation(dataset, config),
            Self::Field { field, values } => by_field(fields, field, values),
        }
    }
}

/// The run's own split, where `dataset` is the one it was trained on.
fn validation(dataset: &Dataset, config: &BundleConfig) -> Result<Parts, JobError> {
    let training = &config.training;
    let instead = "say which recordings were kept out with --kept-out-index 0-9 or --kept-out FIELD=VALUE";
    let refuse = |cause: String| Err(JobError::Other(format!("{cause}; {instead}")));
    if dataset.len() != config.dataset.images {
        return refuse(format!(
            "the run's own validation recordings cannot be told: it had {} recordings, here are {}; give the folder it \
             was trained on, or",
            config.dataset.images,
            dataset.len()
        ));
    }
    if !config.dataset.is_of(dataset) {
        return refuse(
            "the run's own validation recordings cannot be told: these are other recordings than those it was trained \
             on, or were made with other settings; give its own folder, or"
                .to_owned(),
        );
    }
    let (known, kept_out) = training.split(&labels_of_dataset(dataset))?;
    if kept_out.is_empty() {
        return refuse("the run kept no recording out of training".to_owned());
    }
    let percent = 100.0 * training.validation_fraction;
    let words = match &training.validate_names {
        Some(pattern) => format!("the run's own validation recordings, named {pattern}"),
        None => format!("the run's own validation recordings, {percent:.1} %, seed {}", training.seed),
    };
    Ok(Parts { known, kept_out, words })
}

fn by_field(fields: &[Fields], field: &str, values: &Values) -> Result<Parts, JobError> {
    let of = |fields: &Fields| {
        fields.iter().find(|(name, _)| name == field).is_some_and(|(_, value)| values.contain(value))
    };
    let (kept_out, known): (Vec<usize>, Vec<usize>) =
        (0..fields.len()).partition(|&place| of(&fields[place]));
    if kept_out.is_empty() {
        let known: Vec<&str> = fields.first().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        return Err(JobError::Other(format!(
            "no recording has {field} {values} in its name; the fields of the first one are: {}. \
             --labels says how names are read",
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        )));
    }
    if known.is_empty() {
        return Err(JobError::Other(format!(
            "every recording has {field} {values} in its name, so that none is left to vote; keep fewer out"
        )));
    }
    Ok(Parts { known, kept_out, words: format!("{field} {values}") })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::runs::{demo_model, statistics::DatasetStatistics};
    use timbrespace_signal::pipeline::{dataset::Item, labels, stages::MinMax};
    use timbrespace_vae::split::Labels;

    fn names() -> Vec<Fields> {
        ["0_theo_3", "0_lucas_12", "1_theo_5", "1_lucas_9"]
            .map(|name| labels::fields_of(Path::new(name), "{class}_{group}_{index}"))
            .to_vec()
    }

    /// Forty silent images, and a bundle of a run on them that kept a quarter out.
    fn run_on_forty() -> (Dataset, BundleConfig) {
        let item = |number: usize| Item {
            name: format!("{}_{number}.wav", number % 2),
            source: None,
            class: String::new(),
            min_max: MinMax { min: -60.0, max: number as f32 },
            flags: Vec::new(),
        };
        let dataset = Dataset {
            items: (0..40).map(item).collect(),
            images: ndarray::Array3::zeros((40, 2, 2)),
            ..Dataset::default()
        };
        let mut config = demo_model::open().unwrap().config;
        config.training.validation_fraction = 0.25;
        config.training.seed = 9;
        config.dataset = DatasetStatistics::of(&dataset);
        (dataset, config)
    }

    #[test]
    fn the_runs_own_validation_recordings_are_drawn_again() {
        let (dataset, config) = run_on_forty();
        let parts = KeptOut::Validation.parts(&dataset, &[], &config).unwrap();
        assert_eq!((parts.known.len(), parts.kept_out.len()), (30, 10));
        assert_eq!(
            (parts.known, parts.kept_out),
            config.training.split(&vec![Labels::default(); 40]).unwrap()
        );
        assert!(parts.words.contains("25.0 %") && parts.words.contains("seed 9"), "{}", parts.words);
    }

    #[test]
    fn another_folder_or_a_run_that_kept_nothing_out_is_refused_with_a_way_on() {
        let (dataset, config) = run_on_forty();
        let refused = |change: fn(&mut BundleConfig)| {
            let mut config = config.clone();
            change(&mut config);
            KeptOut::Validation.parts(&dataset, &[], &config).unwrap_err().to_string()
        };
        let fewer = refused(|config| config.dataset.images = 41);
        assert!(
            fewer.contains("41") && fewer.contains("40") && fewer.contains("--kept-out-index"),
            "{fewer}"
        );
        assert!(refused(|config| config.dataset.median_min_max.max += 1.0).contains("other recordings"));
        assert!(
            refused(|config| config.training.validation_fraction = 0.0).contains("kept no recording out")
        );
    }

    #[test]
    fn numbers_and_words_part_the_recordings() {
        let numbers = by_field(&names(), "index", &Values::Numbers(5..=9)).unwrap();
        assert_eq!((numbers.known, numbers.kept_out), (vec![0, 1], vec![2, 3]));
        let words = by_field(&names(), "group", &Values::Words(vec!["theo".to_owned()])).unwrap();
        assert_eq!((words.known, words.kept_out), (vec![1, 3], vec![0, 2]));
        assert_eq!(words.words, "group theo");
    }

    #[test]
    fn a_split_with_nothing_on_one_side_is_refused_with_the_fields_named() {
        let nothing = by_field(&names(), "speaker", &Values::Numbers(0..=9)).unwrap_err().to_string();
        assert!(nothing.contains("speaker 0 to 9") && nothing.contains("class, group, index"), "{nothing}");
        let all = by_field(&names(), "index", &Values::Numbers(0..=99)).unwrap_err().to_string();
        assert!(all.contains("none is left to vote"), "{all}");
    }
}
