//! What a run would train on and what it would keep out, told from names and classes alone.

use std::collections::BTreeSet;

use crate::{JobContext, JobError, data::source::labels_of_name};
use timbrespace_vae::{config::TrainingConfig, split::Labels, training_config::SplitBy};

/// A split in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitSummary {
    /// Recordings that train.
    pub training: usize,
    /// Recordings that validate.
    pub validation: usize,
    /// Classes or groups that are kept out as a whole, sorted.
    pub held_out: Vec<String>,
    /// Classes, with their recordings that train and those that validate, sorted.
    pub classes: Vec<(String, usize, usize)>,
}

/// A recording that a run may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name below the folder.
    pub name: String,
    /// Its class.
    pub class: String,
}

/// What to split.
pub struct Request {
    /// Settings of the run.
    pub config: TrainingConfig,
    /// The recordings.
    pub recordings: Vec<Named>,
    /// The pattern of the labels.
    pub pattern: String,
}

/// The split of the recordings.
///
/// # Errors
/// When the split cannot be made.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<SplitSummary, JobError> {
    let Request { config, recordings, pattern } = request;
    context.check_stopped()?;
    let labels: Vec<Labels> =
        recordings.iter().map(|named| labels_of_name(&named.name, &named.class, pattern)).collect();
    let (training, validation) = config.split(&labels)?;
    let classes: BTreeSet<&str> = labels.iter().map(|labels| labels.class.as_str()).collect();
    let count = |class: &str, of: &[usize]| of.iter().filter(|index| labels[**index].class == class).count();
    Ok(SplitSummary {
        training: training.len(),
        validation: validation.len(),
        held_out: held_out(config, &labels, &validation),
        classes: classes
            .into_iter()
            .map(|class| (class.to_owned(), count(class, &training), count(class, &validation)))
            .collect(),
    })
}

/// The classes or groups of `validation`, where whole ones are kept out; sorted.
pub(super) fn held_out(config: &TrainingConfig, labels: &[Labels], validation: &[usize]) -> Vec<String> {
    if config.validate_names.is_some() {
        return Vec::new();
    }
    let kind = |index: &usize| match config.split_by {
        SplitBy::File => None,
        SplitBy::Class => Some(labels[*index].class.clone()),
        SplitBy::Group => labels[*index].group.clone(),
    };
    validation.iter().filter_map(kind).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_base::interrupt::Interrupt;

    #[test]
    fn a_split_is_told_from_names() {
        let recordings: Vec<Named> = ["ann", "bob", "cid", "dora"]
            .iter()
            .flat_map(|speaker| {
                (0..10).map(move |digit| Named {
                    name: format!("{digit}_{speaker}_1.wav"),
                    class: digit.to_string(),
                })
            })
            .collect();
        let config = TrainingConfig {
            split_by: SplitBy::Group,
            validation_fraction: 0.25,
            ..TrainingConfig::default()
        };
        let split = |config: &TrainingConfig, pattern: &str| {
            let (config, recordings) = (config.clone(), recordings.clone());
            let request = Request { config, recordings, pattern: pattern.to_owned() };
            run(&request, &JobContext::silent(&Interrupt::new()))
        };
        let summary = split(&config, "{class}_{group}_{index}").unwrap();
        assert_eq!((summary.training, summary.validation, summary.held_out.len()), (30, 10, 1));
        assert_eq!(summary.classes.len(), 10);
        assert!(summary.classes.iter().all(|(_, training, validation)| (*training, *validation) == (3, 1)));
        let named = TrainingConfig { validate_names: Some("3_*".to_owned()), ..config.clone() };
        let summary = split(&named, "{class}_{group}_{index}").unwrap();
        assert_eq!((summary.training, summary.validation), (36, 4));
        assert!(summary.held_out.is_empty());
        assert!(split(&config, "").unwrap_err().to_string().contains("{group}"));
    }
}
