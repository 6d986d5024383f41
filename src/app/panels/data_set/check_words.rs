//! What the window says about checks, findings, flags and causes: the words of their tables, or a translation of these by
//! their names and figures.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

mod causes;
mod evidence;

use std::borrow::Cow;

use crate::{
    audio::flag::Flag,
    inspect::{
        doctor::{
            check::{Check, Gravity},
            finding::Finding,
        },
        parity::cause::Cause,
    },
    jobs::parity::FileReport,
    language::translation,
    session::error_words::InWords,
};

/// The check as a heading.
pub fn title(check: Check) -> Cow<'static, str> {
    of_key(&format!("check-{}", check.key()), check.title())
}

/// Why it matters.
pub fn why(check: Check) -> Cow<'static, str> {
    of_key(&format!("check-{}-why", check.key()), check.why())
}

/// What to do about it.
pub fn advice(check: Check) -> Cow<'static, str> {
    of_key(&format!("check-{}-advice", check.key()), check.advice())
}

/// How much it matters.
pub fn gravity(gravity: Gravity) -> Cow<'static, str> {
    of_key(&format!("gravity-{}", gravity.name()), gravity.name())
}

/// The figures of a finding.
pub fn finding(finding: &Finding) -> String {
    translated(finding).unwrap_or_else(|| finding.words())
}

fn translated(finding: &Finding) -> Option<String> {
    let figures = evidence::translated(&finding.evidence);
    if !finding.is_about_many() {
        return figures;
    }
    let figures = figures.unwrap_or_else(|| finding.evidence.to_string());
    translation(
        "finding-of-many",
        &[
            ("count", finding.files.len().into()),
            ("examined", finding.examined.into()),
            ("figures", figures.into()),
        ],
    )
}

/// What is remarkable about a recording.
pub fn flag(flag: &Flag) -> String {
    let translated = match flag {
        Flag::Silent => translation("flag-silent", &[]),
        Flag::Misnamed { extension, found } => {
            translation("flag-misnamed", &[("extension", extension.into()), ("found", found.into())])
        }
        Flag::Truncated => translation("flag-truncated", &[]),
        Flag::Unfinished => translation("flag-unfinished", &[]),
        Flag::FirstOfSeveral => translation("flag-first-of-several", &[]),
        Flag::NonFinite { samples } => translation("flag-non-finite", &[("samples", (*samples).into())]),
        Flag::BeyondFullScale { samples } => {
            translation("flag-beyond-full-scale", &[("samples", (*samples).into())])
        }
    };
    translated.unwrap_or_else(|| flag.to_string())
}

/// What may be behind the difference of a file's images, or why there is none.
pub fn remark(file: &FileReport) -> String {
    let error = file.error.as_ref().map(InWords::words);
    error.or_else(|| file.cause.map(cause)).unwrap_or_default()
}

/// What may be behind a difference.
pub fn cause(cause: Cause) -> String {
    causes::translated(cause).unwrap_or_else(|| cause.to_string())
}

fn of_key(key: &str, english: &'static str) -> Cow<'static, str> {
    translation(key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inspect::doctor::evidence::Evidence,
        jobs::{JobError, note::Reason},
        language::{Language, set},
    };

    #[test]
    fn every_check_is_described_in_chinese() {
        set(Language::Chinese);
        for check in Check::ALL {
            for text in [title(check), why(check), advice(check), gravity(check.gravity())] {
                assert!(matches!(text, Cow::Owned(_)), "{text}");
            }
        }
    }

    #[test]
    fn a_finding_keeps_its_figures_in_chinese() {
        let one = Finding::of_one("a.wav", Evidence::Padded { sound_secs: 0.2, image_secs: 0.8 });
        assert_eq!(finding(&one), one.words());
        set(Language::Chinese);
        assert_eq!(finding(&one), "填充占 75 %：图像长 0.80 s，其中声音 0.20 s");
        let files = vec!["a.wav".to_owned(), "b.wav".to_owned()];
        let many = Finding { files, examined: 3, ..one };
        assert_eq!(
            finding(&many),
            "3 个录音中有 2 个；典型情况：填充占 75 %：图像长 0.80 s，其中声音 0.20 s"
        );
    }

    #[test]
    fn a_cause_keeps_its_figures_and_an_error_its_words_in_chinese() {
        let file = |error: Option<&str>| FileReport {
            cause: Some(Cause::Shifted(-2)),
            error: error.map(|error| Reason::from(JobError::Other(error.to_owned()))),
            ..FileReport::default()
        };
        assert_eq!(remark(&file(None)), Cause::Shifted(-2).to_string());
        set(Language::Chinese);
        assert_eq!(remark(&file(None)), "Python 的图像早了 2 帧：填充在另一侧，或帧的居中方式不同");
        assert_eq!(remark(&file(Some("no such file"))), "no such file");
    }
}
