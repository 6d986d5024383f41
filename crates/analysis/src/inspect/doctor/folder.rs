//! All recordings together: what only shows in company, and what is so common that one sentence says more.

use std::collections::BTreeMap;

use super::{check::Check, evidence::Evidence, examiner::Examination, finding::Finding, names, rates};
use timbrespace_signal::{audio::folder::Cause, pipeline::config::PreprocessingConfig};

/// A recording and what its examination gave, or why there was none.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// Path below the folder, with `/` between parts.
    pub name: String,
    /// The examination, or why there is none.
    pub result: Result<Examination, Cause>,
}

/// More than this part of an image being padding is a finding.
const MOST_PADDING: f64 = 0.5;
/// A recording whose highest frequency lies above this part of the image's top is healthy: less than a fifth of the rows
/// is empty, and the filters of converters and of good resamplers begin there.
const HEALTHY_BAND: f64 = 0.8;
/// A finding that more than this part of the recordings share is one about the folder.
const FOLDER_PART: f64 = 0.5;
/// Fewer recordings than this are listed one by one, however many the folder has.
const FEWEST_FOR_FOLDER: usize = 8;
/// A highest frequency below this part of the folder's is an odd one out and listed by itself.
const ODD_BAND: f64 = 0.75;

/// Every finding, the gravest check first and by name within a check. `copies` are pairs `(copy, original)` of places in
/// `examined`.
pub fn conclude(
    examined: &[Examined],
    copies: &[(usize, usize)],
    config: &PreprocessingConfig,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for recording in examined {
        let of_one = |evidence| Finding::of_one(&recording.name, evidence);
        match &recording.result {
            Ok(examination) => findings.extend(examination.evidence.iter().cloned().map(of_one)),
            Err(cause) => findings.push(of_one(Evidence::Unreadable { cause: cause.clone() })),
        }
    }
    let name =
        |index: usize| examined.get(index).map(|recording| recording.name.as_str()).unwrap_or_default();
    findings.extend(
        copies
            .iter()
            .map(|&(copy, of)| Finding::of_one(name(copy), Evidence::Duplicate { of: name(of).to_owned() })),
    );
    let names: Vec<&str> = examined.iter().map(|recording| recording.name.as_str()).collect();
    findings.extend(names::find(&names).into_iter().map(|(later, first)| {
        Finding::of_one(name(later), Evidence::SameName { with: name(first).to_owned() })
    }));
    let healthy: Vec<(&str, &Examination)> = examined
        .iter()
        .filter_map(|recording| Some((recording.name.as_str(), recording.result.as_ref().ok()?)))
        .collect();
    findings.extend(of_rates(&healthy, config));
    findings.extend(of_padding(&healthy, config));
    findings.extend(of_bands(&healthy, config));
    gathered(findings, examined.len())
}

fn of_rates(healthy: &[(&str, &Examination)], config: &PreprocessingConfig) -> Vec<Finding> {
    let rates_hz: Vec<u32> = healthy.iter().map(|(_, examination)| examination.rate_hz).collect();
    let Some(usual_hz) = rates::usual(&rates_hz) else { return Vec::new() };
    let odd = rates::odd_ones(&rates_hz);
    let settings_hz = config.sample_rate_hz;
    healthy
        .iter()
        .enumerate()
        .filter_map(|(index, &(name, examination))| {
            let hz = examination.rate_hz;
            let evidence = if odd.contains(&index) {
                Evidence::OddRate { hz, usual_hz }
            } else if hz != settings_hz {
                Evidence::OtherRate { hz, settings_hz, refused: !config.resample }
            } else {
                return None;
            };
            Some(Finding::of_one(name, evidence))
        })
        .collect()
}

fn of_padding(healthy: &[(&str, &Examination)], config: &PreprocessingConfig) -> Vec<Finding> {
    // Whole files are padded to the longest one.
    let longest = healthy.iter().map(|(_, examination)| examination.duration_secs).fold(0.0, f64::max);
    let image_secs = config.max_secs().unwrap_or(longest);
    healthy
        .iter()
        .filter(|(_, examination)| examination.duration_secs < (1.0 - MOST_PADDING) * image_secs)
        .map(|(name, examination)| {
            Finding::of_one(name, Evidence::Padded { sound_secs: examination.duration_secs, image_secs })
        })
        .collect()
}

fn of_bands(healthy: &[(&str, &Examination)], config: &PreprocessingConfig) -> Vec<Finding> {
    let image_hz = config.feature.highest_hz(config);
    let is_silent = |examination: &Examination| {
        examination.evidence.iter().any(|evidence| evidence.check() == Check::Silent)
    };
    healthy
        .iter()
        .filter(|(_, examination)| {
            !is_silent(examination) && examination.band_limit_hz < HEALTHY_BAND * image_hz
        })
        .map(|(name, examination)| {
            let hz = examination.band_limit_hz;
            Finding::of_one(name, Evidence::BandLimit { hz, image_hz, rate_hz: examination.rate_hz })
        })
        .collect()
}

/// What must be the same for findings to be said in one sentence; `None` for those that are always listed.
fn kind(finding: &Finding) -> Option<(Check, u32)> {
    match finding.evidence {
        Evidence::OtherRate { hz, .. } => Some((Check::WrongRate, hz)),
        Evidence::SameName { .. }
        | Evidence::LostSound { .. }
        | Evidence::Padded { .. }
        | Evidence::BandLimit { .. } => Some((finding.check(), 0)),
        _ => None,
    }
}

/// Says once what most recordings have in common, and sorts the rest.
fn gathered(findings: Vec<Finding>, examined: usize) -> Vec<Finding> {
    let mut kinds: BTreeMap<(Check, u32), Vec<Finding>> = BTreeMap::new();
    let mut all = Vec::new();
    for finding in findings {
        match kind(&finding) {
            Some(kind) => kinds.entry(kind).or_default().push(finding),
            None => all.push(finding),
        }
    }
    for ((check, _), group) in kinds {
        let common = group.len() >= FEWEST_FOR_FOLDER && group.len() as f64 > FOLDER_PART * examined as f64;
        // Another rate than the settings' is one fact, however many have it.
        if common || (check == Check::WrongRate && group.len() > 1) {
            all.extend(as_one(group, examined));
        } else {
            all.extend(group);
        }
    }
    all.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.check(), !finding.is_about_many());
        key(one).cmp(&key(other)).then_with(|| one.file.cmp(&other.file))
    });
    all
}

/// One finding for a whole group, represented by the one in the middle; odd ones out stay by themselves.
fn as_one(mut group: Vec<Finding>, examined: usize) -> Vec<Finding> {
    let value = |finding: &Finding| finding.evidence.figure().map_or(0.0, |(value, _)| value);
    group.sort_by(|one, other| value(one).total_cmp(&value(other)).then_with(|| one.file.cmp(&other.file)));
    let Some(middle) = group.get(group.len() / 2).cloned() else { return group };
    let is_odd = |finding: &Finding| {
        finding.check() == Check::BandLimited && value(finding) < ODD_BAND * value(&middle)
    };
    let (odd, common): (Vec<Finding>, Vec<Finding>) = group.into_iter().partition(is_odd);
    let mut files: Vec<String> = common.into_iter().map(|finding| finding.file).collect();
    files.sort();
    let mut findings = vec![Finding { files, examined, ..middle }];
    findings.extend(odd);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(name: &str, rate_hz: u32, duration_secs: f64) -> Examined {
        let examination = Examination {
            rate_hz,
            duration_secs,
            band_limit_hz: f64::from(rate_hz) / 2.0,
            fingerprint: None,
            evidence: Vec::new(),
        };
        Examined { name: name.to_owned(), result: Ok(examination) }
    }

    fn many(count: usize, rate_hz: u32, duration_secs: f64) -> Vec<Examined> {
        (0..count).map(|index| recording(&format!("{index:03}.wav"), rate_hz, duration_secs)).collect()
    }

    fn judge(examined: &[Examined]) -> Vec<Finding> {
        conclude(examined, &[], &PreprocessingConfig::default())
    }

    #[test]
    fn healthy_recordings_are_passed() {
        assert_eq!(judge(&many(20, 22_050, 0.74)), []);
        assert_eq!(judge(&[]), []);
    }

    #[test]
    fn a_folder_of_a_low_rate_is_two_findings_and_not_thousands() {
        let findings = judge(&many(2700, 8000, 0.6));
        let words: Vec<String> = findings.iter().map(Finding::words).collect();
        assert_eq!(
            words,
            [
                "2,700 of 2,700 recordings; typically 8,000 Hz, resampled: the settings ask for 22,050 Hz",
                "2,700 of 2,700 recordings; typically nothing above 4,000 Hz; the image reaches 11,025 Hz (file: 8,000 Hz)",
            ]
        );
    }

    #[test]
    fn the_odd_rate_is_listed_by_itself() {
        let mut examined = many(20, 22_050, 0.74);
        examined.push(recording("odd.wav", 44_100, 0.74));
        let findings = judge(&examined);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "odd.wav");
        assert_eq!(findings[0].evidence, Evidence::OddRate { hz: 44_100, usual_hz: 22_050 });
    }

    #[test]
    fn few_padded_recordings_are_listed_and_most_are_counted() {
        let mut examined = many(20, 22_050, 0.74);
        examined.push(recording("short.wav", 22_050, 0.2));
        let findings = judge(&examined);
        assert_eq!((findings.len(), findings[0].check()), (1, Check::MostlyPadded));
        assert!(!findings[0].is_about_many());
        let findings = judge(&many(20, 22_050, 0.2));
        assert_eq!((findings.len(), findings[0].recordings()), (1, 20));
    }

    #[test]
    fn a_much_narrower_recording_stands_out_from_a_narrow_folder() {
        let mut examined = many(20, 8000, 0.74);
        if let Ok(examination) = &mut examined[3].result {
            examination.band_limit_hz = 1500.0;
        }
        let findings = judge(&examined);
        let narrow: Vec<(usize, &str)> = findings
            .iter()
            .filter(|finding| finding.check() == Check::BandLimited)
            .map(|finding| (finding.recordings(), finding.file.as_str()))
            .collect();
        assert_eq!(narrow.len(), 2);
        assert_eq!((narrow[0].0, narrow[1]), (19, (1, "003.wav")));
    }

    #[test]
    fn copies_and_unreadable_files_are_named() {
        let mut examined = many(3, 22_050, 0.74);
        examined[2].result = Err(Cause::Words("empty".to_owned()));
        let findings = conclude(&examined, &[(1, 0)], &PreprocessingConfig::default());
        let words: Vec<(&str, String)> =
            findings.iter().map(|finding| (finding.file.as_str(), finding.words())).collect();
        assert_eq!(
            words,
            [("002.wav", "empty".to_owned()), ("001.wav", "same samples as 000.wav".to_owned())]
        );
    }

    #[test]
    fn whole_files_are_padded_to_the_longest() {
        let config = PreprocessingConfig {
            duration: timbrespace_signal::pipeline::config::ClipDuration::Full,
            ..PreprocessingConfig::default()
        };
        let examined = [recording("long.wav", 22_050, 2.0), recording("short.wav", 22_050, 0.9)];
        let findings = conclude(&examined, &[], &config);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].evidence, Evidence::Padded { sound_secs: 0.9, image_secs: 2.0 });
    }
}
