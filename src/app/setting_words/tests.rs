use super::*;
use crate::{
    jobs::train::STREAM,
    language::{Language, set},
    pipeline::{
        config::{FRAMES, PREPROCESSING, PreprocessingConfig, RESOLUTION, SAMPLES, SECONDS},
        pieces::PIECES,
    },
    setting::Settings as _,
    vae::config::{ModelSettings, TRAINING, TrainingConfig},
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
    assert_eq!(units, [" 帧", " 频点", " 轮", " 步"]);
    assert_eq!([Unit::Hertz, Unit::Fraction, Unit::None].map(unit_suffix), [" Hz", " %", ""]);
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
    assert_eq!(tooltip(&TRAINING.batch_size), "每批的图像数；1 至 4096");
    assert_eq!(tooltip(&TRAINING.validation_fraction), "用于验证的录音比例；0 至 50 %");
    assert_eq!(
        tooltip(&TRAINING.early_stopping),
        "验证评分连续这么多轮没有改善时结束训练；0 表示从不；1 至 1000000 轮"
    );
    assert_eq!(tooltip(&TRAINING.plateau_factor), "每次停滞时学习率乘以的系数；大于 0 且小于 1");
    assert_eq!(tooltip(&PIECES.min_piece_secs), "更短的片段会被跳过；0 至 60 s");
    assert_eq!(
        tooltip(&PREPROCESSING.pad_mode),
        "较短的录音用什么填充，名称与 NumPy 的 pad 相同。静音：零。镜像：镜像后的声音。边缘：边缘的采样点。循环：声音的另一端"
    );
}
