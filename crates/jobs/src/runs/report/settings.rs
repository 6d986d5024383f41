//! The settings of a run in words.

use serde_json::Value;
use timbrespace_base::{
    numbers,
    setting::{Named as _, Row, Setting, Settings},
};

use crate::runs::record::RunSummary;
use timbrespace_vae::config::{MODEL, ModelSettings, TrainingConfig, VaeConfig};

/// A setting in words.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it differs from the default.
    pub differs: bool,
    /// Its table, where it has one.
    pub setting: Option<&'static Setting>,
}

impl SettingRow {
    /// A row that is no setting.
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), differs: false, setting: None }
    }
}

/// All settings of a run, model, training and preprocessing, marked where they differ from the defaults.
pub fn all_settings(run: &RunSummary) -> [(&'static str, Vec<SettingRow>); 3] {
    let config = &run.config;
    let preset = run.preset();
    let model = VaeConfig::preset(preset, config.model.bins, config.model.frames);
    let preset_row = SettingRow::plain("preset", preset.called().word);
    let mut model_rows = vec![SettingRow { setting: Some(&MODEL.preset), ..preset_row }];
    model_rows.extend(shape_rows(&config.model, &model));
    let preprocessing = config.preprocessing.feature.defaults();
    [
        ("Model", model_rows),
        ("Training", differing(&config.training, &TrainingConfig::preset(preset))),
        ("Preprocessing", differing(&config.preprocessing, &preprocessing)),
    ]
}

/// Name and value of every setting, marked where it differs from `usual`.
fn differing<S: Settings>(settings: &S, usual: &S) -> Vec<SettingRow> {
    let differences = settings.differences(usual);
    let differs = |row: &Row| differences.iter().any(|other| std::ptr::eq(other.setting, row.setting));
    let row = |row: Row| {
        let differs = differs(&row);
        SettingRow {
            differs,
            setting: Some(row.setting),
            ..SettingRow::plain(row.setting.name.replace('_', " "), row.words)
        }
    };
    settings.rows().into_iter().map(row).collect()
}

/// Name and value of everything that shapes the model, marked where it differs from `usual`.
fn shape_rows(model: &VaeConfig, usual: &VaeConfig) -> Vec<SettingRow> {
    let (Ok(Value::Object(model)), Ok(usual)) = (serde_json::to_value(model), serde_json::to_value(usual))
    else {
        return Vec::new();
    };
    let row = |(name, value): (&String, &Value)| {
        let differs = usual.get(name).unwrap_or(&Value::Null) != value;
        let setting = ModelSettings::table().into_iter().find(|setting| setting.name == name);
        SettingRow { differs, setting, ..SettingRow::plain(name.replace('_', " "), setting_words(value)) }
    };
    model.iter().map(row).collect()
}

/// A setting as people write it: `1,000,000`, `16, 32, 64`, `2 × 1`, `0.74 seconds`, `yes`; what is zero in a group is left out.
fn setting_words(value: &Value) -> String {
    let is_zero = |value: &Value| value.as_f64() == Some(0.0);
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(number) if number.fract() == 0.0 && (0.0..1e15).contains(&number) => {
                numbers::count(number as usize)
            }
            _ => number.to_string(),
        },
        Value::Array(values) => values.iter().map(element_words).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => {
            let part = |(name, value): (&String, &Value)| {
                let (name, value) = (name.replace('_', " "), setting_words(value));
                if parts.len() == 1 { format!("{value} {name}") } else { format!("{name} {value}") }
            };
            let kept = parts.iter().filter(|(_, value)| !is_zero(value));
            let words: Vec<String> = kept.map(part).collect();
            if words.is_empty() { "none".to_owned() } else { words.join(", ") }
        }
    }
}

/// An element of a list; one that is a list itself is a size.
fn element_words(value: &Value) -> String {
    match value {
        Value::Array(sides) => sides.iter().map(setting_words).collect::<Vec<_>>().join(" × "),
        value => setting_words(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_that_differ_from_the_defaults_are_marked() {
        let training = TrainingConfig { epochs: 3, early_stopping: Some(4), ..TrainingConfig::default() };
        let rows = differing(&training, &TrainingConfig::default());
        let marked: Vec<_> = rows
            .iter()
            .filter(|row| row.differs)
            .map(|row| (row.name.as_str(), row.value.as_str()))
            .collect();
        assert_eq!(marked, [("epochs", "3"), ("early stopping", "4 epochs")]);
        assert!(rows.iter().any(|row| row.name == "learning rate" && row.value == "0.0005"));
    }

    #[test]
    fn settings_are_written_as_people_write_them() {
        let written = |value: Value| setting_words(&value);
        assert_eq!(written(json!(1_000_000.0)), "1,000,000");
        assert_eq!(written(json!(0.0005)), "0.0005");
        assert_eq!(written(json!([16, 16, 32])), "16, 16, 32");
        assert_eq!(written(json!([16, 32])), "16, 32");
        assert_eq!(written(json!([[2, 2], [2, 1]])), "2 × 2, 2 × 1");
        assert_eq!(written(json!({"seconds": 0.74})), "0.74 seconds");
        assert_eq!(written(json!({"gain_db": 3.0, "noise": 0.0})), "gain db 3");
        assert_eq!(written(json!({"gain_db": 0.0, "noise": 0.0})), "none");
        assert_eq!([json!(true), Value::Null].map(written), ["yes", "none"]);
    }
}
