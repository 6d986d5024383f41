use super::*;
use crate::{
    jobs::{
        runs::{
            demo_model,
            record::{RunRecord, RunSummary},
            report::all_settings,
            run_files::RunFiles,
        },
        train::STREAM,
    },
    language::{Language, set},
    pipeline::{
        config::{FRAMES, PREPROCESSING, PreprocessingConfig, RESOLUTION, SAMPLES, SECONDS},
        pieces::PIECES,
    },
    setting::{Named as _, Row, Settings as _, Unit},
    vae::config::{MODEL, ModelSettings, Preset, TRAINING, TrainingConfig},
};

/// Every setting of the tables, and those that stand alone.
fn all() -> Vec<&'static Setting> {
    let mut all = PreprocessingConfig::table();
    all.extend(ModelSettings::table());
    all.extend(TrainingConfig::table());
    all.extend([&STREAM, &RESOLUTION, &SECONDS, &SAMPLES, &FRAMES]);
    all
}

fn names(setting: &Setting) -> &'static [Name] {
    match setting.limits {
        Limits::Words(names) => names(),
        _ => &[],
    }
}

fn help(setting: &Setting) -> Cow<'static, str> {
    of_key(&format!("setting-{}-help", setting.name), setting.help)
}

fn is_translated(text: impl Into<Cow<'static, str>>) -> bool {
    matches!(text.into(), Cow::Owned(text) if !text.is_empty())
}

#[test]
fn every_setting_has_a_name_and_a_help_in_chinese() {
    set(Language::Chinese);
    let lacks = |setting: &&&Setting| !(is_translated(label(setting)) && is_translated(help(setting)));
    let all = all();
    let lacking: Vec<&str> = all.iter().filter(lacks).map(|setting| setting.name).collect();
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn every_named_value_has_a_name_and_a_help_in_chinese() {
    set(Language::Chinese);
    let mut lacking = Vec::new();
    for setting in all() {
        for name in names(setting) {
            let is_explained = name.help.is_empty() || is_translated(value_help(setting, name));
            if !(is_explained && is_translated(value_label(setting, name))) {
                lacking.push(format!("{}: {}", setting.name, name.word));
            }
        }
    }
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn every_absent_value_and_every_unit_of_words_is_named_in_chinese() {
    set(Language::Chinese);
    for setting in all() {
        if let Some(absent) = setting.absent {
            assert!(is_translated(absent_word(setting, absent)), "{}", setting.name);
        }
    }
    let units = [Unit::Frames, Unit::Bins, Unit::Epochs, Unit::Steps].map(unit_suffix);
    assert_eq!(units, [" 帧", " 个频点", " 轮", " 步"]);
    assert_eq!(unit_suffix_after(Unit::Epochs, 1.0), " 轮");
    set(Language::English);
    assert_eq!(
        [1.0, 2.0, 0.0].map(|number| unit_suffix_after(Unit::Epochs, number)),
        [" epoch", " epochs", " epochs"]
    );
    assert_eq!([Unit::Hertz, Unit::Fraction, Unit::None].map(unit_suffix), [" Hz", " %", ""]);
}

#[test]
fn the_settings_of_a_run_are_listed_in_the_words_of_their_form() {
    let listed = |setting: Option<&'static Setting>, value: &str| {
        listed_value(&SettingRow { setting, ..SettingRow::plain("name", value) }).into_owned()
    };
    assert_eq!(listed(Some(&TRAINING.keep), "last"), "Last weights");
    assert_eq!(listed(Some(&TRAINING.epochs), "10 epochs"), "10 epochs");
    assert_eq!(listed(Some(&TRAINING.early_stopping), "1 epochs"), "1 epoch");
    assert_eq!(listed(None, "yes"), "yes");
    assert_eq!(listed(Some(&TRAINING.validation_fraction), "0.07"), "7 %");
    assert_eq!(listed(Some(&TRAINING.validation_fraction), "0.125"), "12.5 %");
    assert_eq!(listed(Some(&PREPROCESSING.sample_rate_hz), "22050 Hz"), "22,050 Hz");
    assert_eq!(listed(Some(&PREPROCESSING.hop_length), "256"), "256");
    assert_eq!(listed(Some(&TRAINING.seed), "20260101"), "20260101", "all its digits count");
    assert_eq!(super::listed("frame size"), "Frame size");
    set(Language::Chinese);
    assert_eq!(listed(Some(&MODEL.preset), "small"), "小型");
    assert_eq!(listed(Some(&TRAINING.keep), "last"), "最后的权重");
    assert_eq!(listed(Some(&TRAINING.early_stopping), "never"), "从不");
    assert_eq!(listed(Some(&TRAINING.gradient_limit), "never"), "不限");
    assert_eq!(listed(Some(&TRAINING.early_stopping), "4 epochs"), "4 轮");
    assert_eq!(listed(Some(&TRAINING.learning_rate_warm_up_steps), "300 steps"), "300 步");
    assert_eq!(listed(Some(&PREPROCESSING.channel), "mix"), "均值");
    assert_eq!(listed(Some(&PREPROCESSING.duration), "128 frames"), "128 帧");
    assert_eq!(listed(Some(&PREPROCESSING.duration), "0.74 s"), "0.74 s");
    assert_eq!(
        ["yes", "no", "none", "16, 32"].map(|value| listed(None, value)),
        ["是", "否", "无", "16, 32"]
    );
    assert_eq!(super::listed("linear path"), "线性路径");
}

#[test]
fn a_setting_of_a_run_has_the_name_that_its_form_gives_it_and_no_other_has_it() {
    let run = RunSummary {
        folder: "/runs/drums-001".into(),
        config: demo_model::open().unwrap().config,
        record: RunRecord::default(),
        notes: String::new(),
        epochs: Vec::new(),
        remarks: Vec::new(),
        files: RunFiles::default(),
    };
    let form: Vec<&'static Setting> = all();
    for language in Language::ALL {
        set(language);
        for (list, rows) in all_settings(&run) {
            let mut seen = Vec::new();
            for row in rows {
                let name = listed_name(&row);
                let own = form.iter().find(|setting| setting.name.replace('_', " ") == row.name);
                if let Some(setting) = own {
                    assert_eq!(name, label(setting), "{list}: {}", row.name);
                }
                assert!(!seen.contains(&name), "{list}: two settings are called {name}");
                seen.push(name);
            }
        }
    }
}

#[test]
fn no_value_of_a_preset_is_listed_in_english_letters() {
    set(Language::Chinese);
    let mut rows = PreprocessingConfig::default().rows();
    rows.extend(TrainingConfig::default().rows());
    rows.extend(Preset::ALL.iter().flat_map(|preset| TrainingConfig::preset(*preset).rows()));
    let listed = |row: Row| {
        let plain = SettingRow::plain(row.setting.name, row.words);
        listed_value(&SettingRow { setting: Some(row.setting), ..plain }).into_owned()
    };
    let is_english = |value: &String| {
        let mut words = value.split(|letter: char| !letter.is_ascii_alphabetic());
        words.any(|word| word.len() > 2)
    };
    assert_eq!(rows.into_iter().map(listed).filter(is_english).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_tooltip_is_that_of_the_table_in_english() {
    for setting in all() {
        assert_eq!(tooltip(setting), setting.tooltip());
    }
}

#[test]
fn a_tooltip_has_its_values_absence_and_limits_in_chinese() {
    set(Language::Chinese);
    let untranslated = all().into_iter().filter(|setting| tooltip(setting) == setting.tooltip());
    assert_eq!(untranslated.map(|setting| setting.name).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(tooltip(&TRAINING.batch_size), "每批的图像数；1 至 4,096");
    assert_eq!(tooltip(&TRAINING.validation_fraction), "用于验证的录音比例；0 至 50 %");
    assert_eq!(
        tooltip(&TRAINING.early_stopping),
        "验证评分连续这么多轮没有改善时结束训练；0 表示从不；1 至 1,000,000 轮"
    );
    assert_eq!(tooltip(&TRAINING.plateau_factor), "每次停滞时学习率乘以的系数；大于 0 且小于 1");
    assert_eq!(tooltip(&PIECES.min_piece_secs), "更短的片段会被跳过；0 至 60 s");
    assert_eq!(
        tooltip(&PREPROCESSING.pad_mode),
        "较短的录音用什么填充，名称与 NumPy 的 pad 相同。静音：零。镜像：镜像后的声音。边缘：边缘的采样点。循环：声音的另一端"
    );
}
