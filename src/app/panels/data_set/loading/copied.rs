//! The comparison as text for the clipboard, in the language of the window.

use super::{
    verdict,
    words::{COLUMNS, equality, measured, method_name, per_epoch, rows},
};
use crate::{
    app::format,
    jobs::compare_loading::{self, Report},
    language::{self, Language, text},
};

/// Every figure of the report: in English as the command line writes it, otherwise with tabs between the cells of its table.
pub fn words(report: &Report) -> String {
    if language::current() == Language::English {
        return compare_loading::text(report);
    }
    let cache = text!(
        "loading-cache",
        time = format::seconds(report.cache_seconds),
        size = format::bytes(report.cache_bytes as usize),
        equality = equality(report.images_equal)
    );
    let mut lines = vec![measured(report), cache, verdict::of_images(report), verdict::of_mel(&report.mel)];
    for method in report.ways.iter().chain(&report.mel.ways) {
        let (name, warm) = (method_name(method), per_epoch(method.median_seconds));
        lines.push(text!("loading-warm-epoch", method = &*name, time = warm));
        let cold = method.cold_median_seconds.map(per_epoch);
        lines.extend(cold.map(|cold| text!("loading-cold-epoch", method = &*name, time = cold)));
    }
    lines.extend(report.cold_unavailable.as_ref().map(|cause| text!("loading-no-cold", cause = &**cause)));
    let titles = COLUMNS.iter().map(|(title, _)| title.text());
    lines.push([String::new()].into_iter().chain(titles).collect::<Vec<_>>().join("\t"));
    lines.extend(rows(report).into_iter().map(|(name, cells)| format!("{name}\t{}", cells.join("\t"))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::compare_loading::{LoadingMethod, MelReport};

    #[test]
    fn what_is_copied_is_in_the_language_of_the_window() {
        let method = |name: &str| LoadingMethod { name: name.to_owned(), ..LoadingMethod::default() };
        let report = Report {
            recordings: 12,
            batch_size: 4,
            epochs: 3,
            threads: 2,
            cache_seconds: 0.5,
            cache_bytes: 1000,
            pays_after_epochs: Some(2),
            images_equal: true,
            cold_unavailable: None,
            ways: vec![method("cached .npy"), method("on the fly")],
            verdict: "cached wins".to_owned(),
            mel: MelReport { ways: Vec::new(), images_equal: true, verdict: String::new() },
        };
        assert!(words(&report).contains("the images are the same bit for bit"));
        language::set(Language::Chinese);
        let chinese = words(&report);
        let titles = chinese.lines().find(|line| line.starts_with('\t')).unwrap();
        assert_eq!(titles.split('\t').count(), 7, "{chinese}");
        let rows = chinese.lines().filter(|line| line.split('\t').count() == 7).count();
        assert_eq!(rows, 3, "{chinese}");
        assert!(!chinese.contains("recordings") && chinese.contains("录音"), "{chinese}");
    }
}
