//! Which method won: the words of the comparison, or a translation of these by its figures.
//!
//! English stands with the comparison, where the command line reads it, too; `assets/languages/*/settings.ftl` has the
//! rest.

use std::borrow::Cow;

use crate::{
    jobs::compare_loading::{EQUAL, LoadingMethod, MelReport, Report},
    language::{Value, translation},
};

/// The name of a method.
pub fn name_of(method: &LoadingMethod) -> Cow<'_, str> {
    let word = method.name.replace(' ', "-").replace('.', "");
    translation(&format!("loading-method-{word}"), &[])
        .map_or(Cow::Borrowed(method.name.as_str()), Cow::Owned)
}

/// Saved images against on the fly, as a sentence.
pub fn of_images(report: &Report) -> String {
    images(report).unwrap_or_else(|| sentence(&report.verdict))
}

/// Log-mel item by item against batches, as a sentence.
pub fn of_mel(report: &MelReport) -> String {
    mel(report).unwrap_or_else(|| sentence(&report.verdict))
}

fn images(report: &Report) -> Option<String> {
    let [cached, fly, ..] = report.ways.as_slice() else { return None };
    let outcome = outcome(cached, fly)?;
    match report.pays_after_epochs {
        None => translation("loading-verdict-no-cache", &[("outcome", outcome.into())]),
        Some(epochs) => translation(
            "loading-verdict-cache",
            &[
                ("outcome", outcome.into()),
                ("cost", seconds(report.cache_seconds)),
                ("epochs", epochs.into()),
            ],
        ),
    }
}

fn mel(report: &MelReport) -> Option<String> {
    match report.ways.as_slice() {
        [items, batches] => translation("loading-verdict", &[("outcome", outcome(items, batches)?.into())]),
        [items, single, batches, ..] => {
            let (outcome, factor) = (outcome(items, batches)?, factor(single, items));
            if factor < 1.0 + EQUAL {
                return translation("loading-verdict-threads-alone", &[("outcome", outcome.into())]);
            }
            translation(
                "loading-verdict-threads",
                &[("outcome", outcome.into()), ("factor", format!("{factor:.2}").into())],
            )
        }
        _ => None,
    }
}

/// How many times longer `other` takes than `one`.
fn factor(one: &LoadingMethod, other: &LoadingMethod) -> f64 {
    other.median_seconds / one.median_seconds.max(f64::MIN_POSITIVE)
}

fn outcome(one: &LoadingMethod, other: &LoadingMethod) -> Option<String> {
    let (winner, loser) =
        if one.median_seconds <= other.median_seconds { (one, other) } else { (other, one) };
    let times = factor(winner, loser);
    let warm = if times < 1.0 + EQUAL {
        translation(
            "loading-verdict-none",
            &[
                ("one", name_of(one).into()),
                ("first", seconds(one.median_seconds)),
                ("other", name_of(other).into()),
                ("second", seconds(other.median_seconds)),
            ],
        )
    } else {
        translation(
            "loading-verdict-wins",
            &[
                ("winner", name_of(winner).into()),
                ("first", seconds(winner.median_seconds)),
                ("loser", name_of(loser).into()),
                ("second", seconds(loser.median_seconds)),
                ("times", format!("{times:.1}").into()),
            ],
        )
    }?;
    match (winner.cold_median_seconds, loser.cold_median_seconds) {
        (Some(first), Some(second)) => translation(
            "loading-verdict-cold",
            &[
                ("warm", warm.into()),
                ("first", seconds(first)),
                ("second", seconds(second)),
                ("times", format!("{:.1}", second / first.max(f64::MIN_POSITIVE)).into()),
            ],
        ),
        _ => Some(warm),
    }
}

fn seconds(secs: f64) -> Value<'static> {
    let words = if secs < 1.0 { format!("{:.1} ms", secs * 1e3) } else { format!("{secs:.2} s") };
    words.into()
}

/// An English verdict as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    fn method(name: &str, median_seconds: f64, cold: Option<f64>) -> LoadingMethod {
        LoadingMethod {
            name: name.to_owned(),
            median_seconds,
            cold_median_seconds: cold,
            ..LoadingMethod::default()
        }
    }

    #[test]
    fn an_english_verdict_becomes_a_sentence() {
        assert_eq!(sentence("on the fly wins"), "On the fly wins.");
    }

    #[test]
    fn a_chinese_verdict_has_the_same_figures() {
        let ways = vec![
            method("item by item", 2.0, None),
            method("in batches", 1.6, None),
            method("in batches", 0.5, None),
        ];
        let report = MelReport { ways, images_equal: true, verdict: "in batches wins".to_owned() };
        assert_eq!(of_mel(&report), "In batches wins.");
        set(Language::Chinese);
        assert_eq!(
            of_mel(&report),
            "批量处理更快：每轮用时 500.0 ms，逐个处理为 2.00 s，速度是其 4.0 倍；其中单线程批量处理贡献 1.25 倍，其余来自多线程。"
        );
    }

    #[test]
    fn batches_that_gain_nothing_by_themselves_are_said_to() {
        let ways = vec![
            method("item by item", 2.0, None),
            method("in batches", 2.0, None),
            method("in batches", 0.5, None),
        ];
        let report = MelReport { ways, images_equal: true, verdict: "in batches wins".to_owned() };
        set(Language::Chinese);
        assert_eq!(
            of_mel(&report),
            "批量处理更快：每轮用时 500.0 ms，逐个处理为 2.00 s，速度是其 4.0 倍；单线程批量处理并不更快，差别来自多线程。"
        );
    }

    #[test]
    fn methods_that_differ_little_have_no_winner() {
        let (one, other) = (method("cached .npy", 1.0, Some(3.0)), method("on the fly", 1.02, Some(1.5)));
        assert_eq!(outcome(&one, &other), None, "English stands with the comparison");
        set(Language::Chinese);
        assert_eq!(
            outcome(&one, &other).unwrap(),
            "难分快慢：每轮用时，已存图像为 1.00 s，实时生成为 1.02 s（冷加载：3.00 s，另一方法为 1.50 s，速度是其 0.5 倍）"
        );
    }
}
