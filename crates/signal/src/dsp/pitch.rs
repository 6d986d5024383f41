//! Frequencies as musical notes.

/// Concert pitch, A4, in Hz.
const A4_HZ: f64 = 440.0;
/// MIDI note number of A4.
const A4_NUMBER: f64 = 69.0;
/// Names of the twelve semitones, starting at C.
const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/// A note of equal temperament and the deviation of a frequency from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// MIDI note number: 69 is A4, 440 Hz.
    pub number: i32,
    /// Deviation in hundredths of a semitone, −50 to 50.
    pub cents: f64,
}

impl Note {
    /// The note nearest to `hz`, as in `librosa.hz_to_note`; `None` unless `hz` is positive and finite.
    ///
    /// ```
    /// use timbrespace_signal::dsp::pitch::Note;
    /// let note = Note::nearest(444.0).unwrap();
    /// assert_eq!(note.name(), "A4");
    /// assert_eq!(note.cents.round(), 16.0);
    /// ```
    pub fn nearest(hz: f64) -> Option<Self> {
        if hz.is_nan() || hz <= 0.0 || !hz.is_finite() {
            return None;
        }
        let exact = A4_NUMBER + 12.0 * (hz / A4_HZ).log2();
        let number = exact.round();
        Some(Self { number: number as i32, cents: (exact - number) * 100.0 })
    }

    /// Name with octave; C4 is middle C.
    pub fn name(self) -> String {
        let name = NAMES[self.number.rem_euclid(12) as usize];
        format!("{name}{}", self.number.div_euclid(12) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_librosas() {
        // librosa.hz_to_note([16.35, 27.5, 261.63, 440, 466.2, 987.8, 11025])
        let expected = [
            (16.35, "C0"),
            (27.5, "A0"),
            (261.63, "C4"),
            (440.0, "A4"),
            (466.2, "A#4"),
            (987.8, "B5"),
            (11_025.0, "F9"),
        ];
        for (hz, name) in expected {
            assert_eq!(Note::nearest(hz).unwrap().name(), name, "{hz} Hz");
        }
    }

    #[test]
    fn what_is_no_pitch_has_no_note() {
        for hz in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Note::nearest(hz), None);
        }
    }

    #[test]
    fn cents_lie_within_half_a_semitone() {
        for step in 1..2000 {
            let cents = Note::nearest(f64::from(step) * 5.3).unwrap().cents;
            assert!((-50.0..=50.0).contains(&cents), "{cents}");
        }
    }
}
