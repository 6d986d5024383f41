//! What the window says about a feature: the words of its table, or a translation of these by its name.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{language::translation, pipeline::config::Feature};

/// The feature in a sentence: "log spectrogram".
pub fn noun(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "noun", feature.words().noun)
}

/// The values of an image: "Log magnitude".
pub fn values(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "values", feature.words().values)
}

/// The values of an image, with their unit where that is usual: "Log magnitude in dB".
pub fn values_in_unit(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "values-in-unit", feature.words().values_in_unit)
}

/// One row of an image: "bin".
pub fn row(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "row", feature.words().row)
}

/// What the values mean, in a few words.
pub fn brief(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "brief", feature.words().brief)
}

/// What the values mean, at length.
pub fn details(feature: Feature) -> Cow<'static, str> {
    of_part(feature, "details", feature.words().details)
}

/// Texts about a bank of filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterTexts {
    /// What the filters are called.
    pub title: Cow<'static, str>,
    /// How one of them is called where it begins a line.
    pub band: Cow<'static, str>,
    /// The short name of one of them.
    pub short: Cow<'static, str>,
    /// What they do, in a few words.
    pub brief: Cow<'static, str>,
    /// What they do, at length.
    pub details: Cow<'static, str>,
}

/// About the filters behind the rows, where rows are not single bins.
pub fn filters(feature: Feature) -> Option<FilterTexts> {
    let words = feature.words().filters.as_ref()?;
    Some(FilterTexts {
        title: of_part(feature, "filters", words.title),
        band: of_part(feature, "band", words.band),
        short: of_part(feature, "short", words.short),
        brief: of_part(feature, "filters-brief", words.brief),
        details: of_part(feature, "filters-details", words.details),
    })
}

fn of_part(feature: Feature, part: &str, english: &'static str) -> Cow<'static, str> {
    let key = format!("feature-{}-{part}", feature.name());
    translation(&key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    fn texts(feature: Feature) -> Vec<Cow<'static, str>> {
        let mut texts =
            [noun, values, values_in_unit, row, brief, details].map(|text| text(feature)).to_vec();
        if let Some(FilterTexts { title, band, short, brief, details }) = filters(feature) {
            texts.extend([title, band, short, brief, details]);
        }
        texts
    }

    #[test]
    fn every_feature_is_described_in_every_language() {
        for feature in Feature::ALL {
            set(Language::English);
            let english = texts(feature);
            assert!(english.iter().all(|text| matches!(text, Cow::Borrowed(_))), "{english:?}");
            set(Language::Chinese);
            let chinese = texts(feature);
            assert!(chinese.iter().all(|text| matches!(text, Cow::Owned(_))), "{chinese:?}");
        }
    }
}
