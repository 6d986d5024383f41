//! The notices that a run's remarks become: what happens is for information, what goes wrong is a warning.

use crate::{
    jobs::note::{Note, Part},
    language::text,
    names::{escaped, shown},
    session::{error_words::InWords as _, notices::Severity, spoken::Spoken, training::steer::unchanged},
};

/// The notice of a remark; `None` where the window shows the same elsewhere.
pub(super) fn notice(note: &Note) -> Option<(Severity, Spoken)> {
    let severity = match note {
        // The status of the run, the list of recordings, and the card of a failed run.
        Note::FittingComponents | Note::Pieces(_) | Note::NoCheckpoint | Note::WayBack { .. } => return None,
        Note::KeptOut(_)
        | Note::Streamed(_)
        | Note::DetailOfSome { .. }
        | Note::DetailStopped
        | Note::ForeignFiles(_) => Severity::Info,
        _ => Severity::Warning,
    };
    let note = note.clone();
    Some((severity, Spoken::new(move || words(&note))))
}

fn words(note: &Note) -> String {
    match note {
        Note::KeptOut(kinds) => {
            let names: Vec<_> = kinds.iter().map(|kind| escaped(kind)).collect();
            text!("note-kept-out", names = names.join(", "))
        }
        Note::Streamed(folder) => text!("note-streamed", folder = shown(folder).to_string()),
        Note::DetailOfSome { made, of } => text!("note-detail-of-some", count = *made, all = *of),
        Note::DetailStopped => text!("note-detail-stopped"),
        Note::ForeignFiles(names) => text!("note-foreign-files", names = names.as_str()),
        Note::Damaged(cause) => text!("note-damaged", cause = cause.words()),
        Note::Images(cause) => text!("note-images", cause = cause.words()),
        Note::Unmatched { count, folder, .. } => {
            text!("note-unmatched", count = *count, folder = shown(folder).to_string())
        }
        Note::NoneKeptOut => text!("note-none-kept-out"),
        Note::OldModel => text!("note-old-model"),
        Note::Unwritten(part, cause) => {
            text!("note-unwritten", part = part_words(*part), cause = cause.words())
        }
        Note::CheckpointUnwritten(cause) => text!("note-checkpoint-unwritten", cause = cause.words()),
        Note::BaselinesUnwritten(cause) => text!("note-baselines-unwritten", cause = cause.words()),
        Note::NoBaselines(None) => text!("note-no-baselines"),
        Note::NoBaselines(Some(cause)) => text!("note-no-baselines-because", cause = cause.words()),
        Note::BestIsGone => text!("note-best-is-gone"),
        Note::NoDensity(cause) => text!("note-no-density", cause = cause.words()),
        Note::ForeignDensity(file) => text!("note-foreign-density", file = *file),
        Note::ForeignDetail(file) => text!("note-foreign-detail", file = *file),
        Note::DetailFailed(cause) => text!("note-detail-failed", cause = cause.words()),
        Note::NoRungOfDetail(cause) => text!("note-no-rung-of-detail", cause = cause.words()),
        Note::Refused(setting, cause) => unchanged(*setting, cause.words()),
        other => other.to_string(),
    }
}

fn part_words(part: Part) -> String {
    match part {
        Part::Steps => text!("note-part-steps"),
        Part::History => text!("note-part-history"),
        Part::Model => text!("note-part-model"),
        Part::Events => text!("note-part-events"),
        Part::NewFiles => text!("note-part-new-files"),
        Part::Record => text!("note-part-record"),
        Part::Replay => text!("note-part-replay"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        jobs::note::Reason,
        language::{Language, set},
        sentence::Sentence,
        vae::steering::Setting,
    };

    /// Every remark that a run makes.
    fn of_a_run() -> Vec<Note> {
        let cause = || Reason::from(Sentence::from("no room"));
        let parts = [
            Part::Steps,
            Part::History,
            Part::Model,
            Part::Events,
            Part::NewFiles,
            Part::Record,
            Part::Replay,
        ];
        let mut notes: Vec<Note> = parts.map(|part| Note::Unwritten(part, cause())).into();
        notes.extend([
            Note::Damaged("no room".into()),
            Note::Images("no room".into()),
            Note::Unmatched { count: 2, folder: PathBuf::from("/sounds"), words: String::new() },
            Note::NoneKeptOut,
            Note::KeptOut(vec!["bell".to_owned()]),
            Note::Streamed(PathBuf::from("/images")),
            Note::OldModel,
            Note::ForeignFiles("mine.txt".to_owned()),
            Note::CheckpointUnwritten(cause()),
            Note::BaselinesUnwritten(cause()),
            Note::NoBaselines(None),
            Note::NoBaselines(Some(cause())),
            Note::BestIsGone,
            Note::NoDensity(cause()),
            Note::ForeignDensity("density.npz"),
            Note::ForeignDetail("detail.npz"),
            Note::DetailOfSome { made: 10, of: 20 },
            Note::DetailStopped,
            Note::DetailFailed(cause()),
            Note::NoRungOfDetail(cause()),
            Note::Refused(Setting::Beta, cause()),
        ]);
        notes
    }

    #[test]
    fn every_remark_of_a_run_is_a_sentence_in_both_languages_and_names_no_command() {
        for note in of_a_run() {
            set(Language::English);
            let english = notice(&note).unwrap().1.text();
            let begins = |letter: char| letter.is_uppercase() || letter.is_numeric();
            assert!(english.starts_with(begins), "{english}");
            assert!(!english.contains("timbrespace ") && !english.contains("--"), "{english}");
            set(Language::Chinese);
            let chinese = notice(&note).unwrap().1.text();
            assert!(chinese.chars().any(|letter| letter > '\u{2fff}'), "{chinese}");
        }
    }

    #[test]
    fn a_remark_says_its_cause_in_the_language_of_the_window() {
        use crate::{jobs::JobError, vae::training_config::TrainingConfig};
        let misfit = TrainingConfig { batch_size: 0, ..TrainingConfig::default() }.validate().unwrap_err();
        let refused = Note::Refused(Setting::BatchSize, JobError::from(misfit).into());
        set(Language::Chinese);
        let words = notice(&refused).unwrap().1.text();
        assert!(words.contains("批大小为 0；应为：1 至 "), "{words}");
    }

    #[test]
    fn what_happens_is_no_warning() {
        let told = |note: Note| notice(&note).map(|(severity, _)| severity);
        assert_eq!(told(Note::FittingComponents), None);
        assert_eq!(told(Note::KeptOut(vec!["bell".to_owned()])), Some(Severity::Info));
        assert_eq!(told(Note::DetailStopped), Some(Severity::Info));
        assert_eq!(
            told(Note::CheckpointUnwritten(Sentence::from("no room").into())),
            Some(Severity::Warning)
        );
    }
}
