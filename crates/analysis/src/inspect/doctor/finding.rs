//! One line of the doctor's report.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use timbrespace_base::numbers::count;

use super::{check::Check, evidence::Evidence};

/// Something wrong with one recording, or the same thing wrong with many.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Path below the folder, with `/` between parts; of several, the one in the middle.
    pub file: String,
    /// What was measured, of that recording.
    pub evidence: Evidence,
    /// Recordings that it is about; empty for `file` alone.
    pub files: Vec<String>,
    /// Recordings that were examined.
    pub examined: usize,
}

impl Finding {
    /// A finding about one recording.
    pub fn of_one(file: &str, evidence: Evidence) -> Self {
        Self { file: file.to_owned(), evidence, files: Vec::new(), examined: 0 }
    }

    /// What was looked for.
    pub fn check(&self) -> Check {
        self.evidence.check()
    }

    /// How many recordings it is about.
    pub fn recordings(&self) -> usize {
        self.files.len().max(1)
    }

    /// Whether it is about the folder and not about one recording.
    pub fn is_about_many(&self) -> bool {
        !self.files.is_empty()
    }

    /// The figures in words: of one recording its own, of many how many and the middle one's.
    pub fn words(&self) -> String {
        if !self.is_about_many() {
            return self.evidence.to_string();
        }
        let (found, all) = (count(self.files.len()), count(self.examined));
        format!("{found} of {all} recordings; typically {}", self.evidence)
    }
}

impl Serialize for Finding {
    /// As one flat object: `check`, `gravity`, `file`, `other`, `recordings`, `files`, `figure`, `value`, `unit`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figure = self.evidence.figure();
        let mut row = serializer.serialize_struct("Finding", 9)?;
        row.serialize_field("check", &self.check())?;
        row.serialize_field("gravity", &self.check().gravity())?;
        row.serialize_field("file", &self.file)?;
        row.serialize_field("other", &self.evidence.other())?;
        row.serialize_field("recordings", &self.recordings())?;
        row.serialize_field("files", &self.files)?;
        row.serialize_field("figure", &self.words())?;
        row.serialize_field("value", &figure.map(|(value, _)| value))?;
        row.serialize_field("unit", &figure.map(|(_, unit)| unit))?;
        row.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_recordings_are_counted_and_one_stands_for_them() {
        let evidence = Evidence::OtherRate { hz: 8000, settings_hz: 22_050, refused: false };
        let finding = Finding {
            file: "b.wav".to_owned(),
            evidence,
            files: vec!["a.wav".to_owned(), "b.wav".to_owned()],
            examined: 3,
        };
        assert_eq!(
            finding.words(),
            "2 of 3 recordings; typically 8,000 Hz, resampled: the settings ask for 22,050 Hz"
        );
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!(
            (&json["check"], &json["value"], &json["recordings"]),
            (&"wrong-rate".into(), &8000.0.into(), &2.into())
        );
    }
}
