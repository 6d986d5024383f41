//! Which method is fastest: the words of the comparison, or a translation of these by its figures.
//!
//! English stands with the comparison, where the command line reads it, too; `assets/languages/*/settings.ftl` has the
//! rest.

use std::borrow::Cow;

use crate::{
    jobs::compare_loading::{LoadingMethod, MelReport, Report, Standing, is_named_twice, standings},
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
    let outcome = outcome(&report.ways)?;
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
    translation("loading-verdict", &[("outcome", outcome(&report.ways)?.into())])
}

fn outcome(ways: &[LoadingMethod]) -> Option<String> {
    let warm = compared(&standings(ways, |way| Some(way.median_seconds))?, ways)?;
    let Some(cold) = standings(ways, |way| way.cold_median_seconds) else { return Some(warm) };
    let cold = compared(&cold, ways)?;
    translation("loading-verdict-cold", &[("warm", warm.into()), ("cold", cold.into())])
}

/// The comparison of one kind of epochs.
fn compared(standings: &[Standing<'_>], ways: &[LoadingMethod]) -> Option<String> {
    let (fastest, others) = standings.split_first()?;
    let words = |key: &str, standing: &Standing<'_>, more: &[(&'static str, Value<'static>)]| {
        let own = [("name", distinct_name(standing.way, ways).into()), ("time", seconds(standing.seconds))];
        translation(key, &own.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>())
    };
    let are_equal = others.iter().all(|other| other.times.is_none());
    let mut all = if are_equal {
        vec![words("loading-verdict-equal", fastest, &[])?]
    } else {
        vec![words("loading-verdict-fastest", fastest, &[("ways", ways.len().into())])?]
    };
    for other in others {
        all.push(match other.times {
            _ if are_equal => words("loading-verdict-each", other, &[])?,
            None => words("loading-verdict-as-fast", other, &[])?,
            Some(times) => {
                let fastest = distinct_name(fastest.way, ways);
                let more = [("fastest", fastest.into()), ("times", format!("{times:.1}").into())];
                words("loading-verdict-slower", other, &more)?
            }
        });
    }
    Some(all.join(&translation("loading-verdict-between", &[])?))
}

/// The name of a method; with its threads where the name alone does not tell it apart.
fn distinct_name(method: &LoadingMethod, ways: &[LoadingMethod]) -> String {
    let name = name_of(method).into_owned();
    if !is_named_twice(method, ways) {
        return name;
    }
    let parts = [("name", name.clone().into()), ("threads", method.threads.into())];
    translation("loading-verdict-threads", &parts).unwrap_or(name)
}

/// A time with its unit, which no line break separates.
fn seconds(secs: f64) -> Value<'static> {
    let words = if secs < 1.0 { format!("{:.1}\u{a0}ms", secs * 1e3) } else { format!("{secs:.2}\u{a0}s") };
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

    fn method(name: &str, threads: usize, median_seconds: f64, cold: Option<f64>) -> LoadingMethod {
        LoadingMethod {
            name: name.to_owned(),
            threads,
            median_seconds,
            cold_median_seconds: cold,
            ..LoadingMethod::default()
        }
    }

    fn mel_of([items, single, batches]: [f64; 3]) -> String {
        let ways = vec![
            method("item by item", 1, items, None),
            method("in batches", 1, single, None),
            method("in batches", 4, batches, None),
        ];
        of_mel(&MelReport { ways, images_equal: true, verdict: "in batches is faster".to_owned() })
    }

    #[test]
    fn an_english_verdict_becomes_a_sentence() {
        assert_eq!(mel_of([2.0, 1.6, 0.5]), "In batches is faster.");
    }

    #[test]
    fn a_chinese_verdict_names_every_method_with_its_figures() {
        set(Language::Chinese);
        assert_eq!(
            mel_of([2.0, 1.6, 0.5]),
            "批量处理（4 线程）最快：每轮用时 500.0\u{a0}ms；批量处理（单线程）用时 1.60\u{a0}s，是批量处理（4 线程）的 3.2 倍；逐个处理用时 2.00\u{a0}s，是批量处理（4 线程）的 4.0 倍。"
        );
        assert_eq!(
            mel_of([0.161, 0.138, 0.14]),
            "批量处理（单线程）最快：每轮用时 138.0\u{a0}ms；批量处理（4 线程）同样快（140.0 ms）；逐个处理用时 161.0\u{a0}ms，是批量处理（单线程）的 1.2 倍。"
        );
        assert_eq!(
            mel_of([1.0, 1.02, 1.05]),
            "各方法同样快：每轮用时，逐个处理为 1.00\u{a0}s；批量处理（单线程）为 1.02\u{a0}s；批量处理（4 线程）为 1.05\u{a0}s。"
        );
    }

    #[test]
    fn cold_files_have_a_comparison_of_their_own() {
        set(Language::Chinese);
        let ways = [method("cached .npy", 4, 1.0, Some(3.0)), method("on the fly", 4, 1.3, Some(1.5))];
        assert_eq!(
            outcome(&ways).unwrap(),
            "已存图像更快：每轮用时 1.00\u{a0}s；实时生成用时 1.30\u{a0}s，是已存图像的 1.3 倍。冷加载时，实时生成更快：每轮用时 1.50\u{a0}s；已存图像用时 3.00\u{a0}s，是实时生成的 2.0 倍"
        );
    }

    #[test]
    fn in_every_order_a_factor_is_above_one_and_belongs_to_a_slower_method() {
        set(Language::Chinese);
        let times = [0.5, 0.52, 1.0, 3.0];
        for a in times {
            for b in times {
                for c in times {
                    let words = mel_of([a, b, c]);
                    assert!(
                        !words.contains("是其") && !words.contains("的 1.0 倍") && !words.contains("的 0."),
                        "{words}"
                    );
                    for name in ["逐个处理", "批量处理（单线程）", "批量处理（4 线程）"]
                    {
                        assert!(words.contains(name), "{words}");
                    }
                }
            }
        }
    }
}
