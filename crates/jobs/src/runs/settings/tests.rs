use serde_json::json;
use timbrespace_base::setting::Named as _;
use timbrespace_vae::{config::ModelChoices, training_config::TrainingChoices};

use super::*;
use timbrespace_vae::{
    schedule::{BetaSchedule, LearningRateSchedule},
    training_config::{InitialWeights, Keep, SplitBy},
};

/// Every setting away from its default.
fn unusual() -> TrainingConfig {
    let usual = TrainingConfig::default();
    TrainingConfig {
        epochs: 7,
        batch_size: 3,
        learning_rate: 0.001_25,
        learning_rate_schedule: LearningRateSchedule::Plateau,
        learning_rate_warm_up_steps: 11,
        learning_rate_floor: 0.125,
        plateau_patience: 5,
        plateau_factor: 0.25,
        beta: 4.5,
        linear_rate: 0.5,
        weight_average: 0.75,
        beta_schedule: BetaSchedule::Cyclical,
        beta_epochs: 6,
        early_stopping: Some(9),
        keep: Keep::Best,
        initial_weights: InitialWeights::Keras,
        checkpoint_every: Some(2),
        beta_1: 0.8,
        beta_2: 0.99,
        epsilon: 1e-6,
        validation_fraction: 0.3,
        split_by: SplitBy::Group,
        validate_names: Some("none".to_owned()),
        balance_classes: true,
        seed: u64::MAX,
        threads: Some(1),
        precise_batches: 4,
        gradient_limit: Some(0.75),
        ..usual
    }
}

fn round_trip(settings: &RunSettings) -> RunSettings {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.toml");
    settings.write(&path).unwrap();
    RunSettings::read(&path).unwrap()
}

#[test]
fn every_setting_comes_back_from_its_file() {
    for training in [unusual(), TrainingConfig::default()] {
        let choices = Choices {
            model: ModelChoices {
                preset: Some(Preset::Flat),
                latent_size: Some(5),
                reconstruction_weight: Some(1234.5),
            },
            training: TrainingChoices::all(&training),
        };
        let preprocessing = PreprocessingConfig {
            top_db: 70.1,
            labels: "{class}_{index}".to_owned(),
            ..PreprocessingConfig::log_mel()
        };
        let again = round_trip(&RunSettings::new(choices.clone(), &preprocessing));
        assert_eq!(again.choices.model, choices.model);
        assert_eq!(again.choices.training.over(&TrainingConfig::default()), training);
        assert_eq!(
            again.choices.training.over(&unusual()),
            TrainingConfig {
                validate_names: training.validate_names.clone().or(unusual().validate_names),
                ..training
            }
        );
        assert_eq!(again.preprocessing().unwrap(), preprocessing);
    }
    for preset in Preset::ALL.iter().copied() {
        let again = round_trip(&RunSettings::preset(preset));
        assert_eq!(
            again.choices.over_preset(),
            (ModelSettings::preset(preset), TrainingConfig::preset(preset)),
            "{preset:?}"
        );
        assert_eq!(
            again.choices.training.over(&unusual()).gradient_limit,
            TrainingConfig::preset(preset).gradient_limit
        );
    }
}

#[test]
fn the_unusual_settings_differ_from_the_usual_everywhere() {
    let (unusual, usual) = (json!(unusual()), json!(TrainingConfig::default()));
    for (name, value) in usual.as_object().unwrap() {
        // Only one device and no variation are sure to be there.
        assert!(["device", "augmentation"].contains(&name.as_str()) || unusual[name] != *value, "{name}");
    }
}

#[test]
fn a_part_of_the_settings_leaves_the_rest_to_the_preset() {
    let file = "[training]\nepochs = 3\naugmentation = { gain_db = 2.5 }\n\n[preprocessing]\nfeature = \"log-mel\"\n";
    let settings = RunSettings::parse(file).unwrap();
    assert_eq!(settings.choices.model.preset, None);
    let training = settings.choices.training.over(&TrainingConfig::preset(Preset::Small));
    assert_eq!((training.epochs, training.gradient_limit), (3, Some(0.5)));
    assert_eq!(training.augmentation.gain_db, 2.5);
    assert_eq!(settings.preprocessing().unwrap(), PreprocessingConfig::log_mel());
    assert_eq!(RunSettings::parse("").unwrap(), RunSettings::default());
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_name() {
    let refused = |text: &str| RunSettings::parse(text).unwrap_err().to_string();
    let unknown = refused("[model]\npreset = \"small\"\nlatent = 3\n");
    assert!(unknown.starts_with("line 3: `latent` in [model]: is no setting"), "{unknown}");
    let unknown = refused("[training]\nepochs = 3\n\nlearning_rat = 1.0\n");
    assert_eq!(
        unknown,
        "line 4: `learning_rat` in [training]: is no setting of [training]; did you mean `learning_rate`?"
    );
    let unknown = refused("[training]\nxyz = 1.0\n");
    assert!(
        unknown.starts_with("line 2: `xyz` in [training]: is no setting of [training]; there are epochs, "),
        "{unknown}"
    );
    let kind = refused("[training]\nepochs = \"many\"\n");
    assert_eq!(kind, "line 2: `epochs` in [training]: it is \"many\", but must be from 1 to 1000000");
    let kind = refused("[preprocessing]\nhop_length = -3\n");
    assert_eq!(
        kind,
        "line 2: `hop_length` in [preprocessing]: it is -3, but must be from 1 to 65536 samples"
    );
    let kind = refused("[training]\naugmentation = { gain_db = 1, noise = \"much\" }\n");
    assert_eq!(kind, "line 2: `augmentation` in [training]: noise is \"much\", but must be from 0 to 1");
    let unknown = refused("[preprocessing]\nhops = 3\n");
    assert!(unknown.contains("hop_length"), "{unknown}");
    assert!(refused("[trainings]\n").starts_with("line 1: `trainings` is no table"));
    assert!(refused("\nepochs = 3\n").starts_with("line 2: `epochs` is outside"));
    assert!(refused("[model\n").contains("line 1"));
    let limits = refused("[preprocessing]\ntop_db = 60\nhop_length = 100000\n");
    assert_eq!(
        limits,
        "line 3: `hop_length` in [preprocessing]: it is 100000, but must be from 1 to 65536 samples"
    );
    let limits = refused("[training]\naugmentation = { noise = 2.0 }\n");
    assert!(
        limits.ends_with("`augmentation` in [training]: noise is 2, but must be from 0 to 1"),
        "{limits}"
    );
    let unknown = refused("[training]\naugmentation = { noises = 2.0 }\n");
    assert!(unknown.contains("line 2") && unknown.contains("mask_bins"), "{unknown}");
    let together = RunSettings::parse("[preprocessing]\nhop_length = 60000\n").unwrap();
    assert!(together.preprocessing().unwrap_err().to_string().contains("--hop-length"));
}

#[test]
fn bands_that_a_file_does_not_name_follow_its_sample_rate() {
    let config = |text: &str| RunSettings::parse(text).unwrap().preprocessing();
    let low = config("[preprocessing]\nfeature = \"log-frequency\"\nsample_rate_hz = 16000\n").unwrap();
    assert_eq!(low.log_bands, 191);
    let low = config("[preprocessing]\nfeature = \"log-mel\"\nsample_rate_hz = 8000\n").unwrap();
    assert_eq!(low.mel_max_hz, 4000.0);
    let named = "[preprocessing]\nfeature = \"log-frequency\"\nsample_rate_hz = 16000\nlog_bands = 192\n";
    assert!(config(named).unwrap_err().to_string().contains("--bands is 192"));
}
