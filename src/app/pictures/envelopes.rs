//! Envelopes (minima and maxima) of the displayed waveforms: one per slot, rebuilt when its source changes.

use crate::inspect::envelope::Envelope;

/// Cache of envelopes by slot and generation.
#[derive(Debug, Default)]
pub struct Envelopes {
    entries: Vec<(&'static str, u64, Envelope)>,
}

impl Envelopes {
    /// The envelope of `samples` in `slot`, rebuilt when `generation` changed.
    pub fn get(&mut self, slot: &'static str, generation: u64, samples: &[f32]) -> &Envelope {
        let place = self.entries.iter().position(|entry| entry.0 == slot).unwrap_or_else(|| {
            self.entries.push((slot, generation, Envelope::new(samples)));
            self.entries.len() - 1
        });
        let entry = &mut self.entries[place];
        if entry.1 != generation {
            entry.1 = generation;
            entry.2 = Envelope::new(samples);
        }
        &entry.2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_generation_is_summarised_anew() {
        let mut envelopes = Envelopes::default();
        assert_eq!(envelopes.get("signal", 1, &[0.5]).peak(), 0.5);
        assert_eq!(envelopes.get("signal", 1, &[0.9]).peak(), 0.5);
        assert_eq!(envelopes.get("signal", 2, &[0.9]).peak(), 0.9);
    }
}
