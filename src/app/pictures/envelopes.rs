//! Envelopes (minima and maxima) of the displayed waveforms: one per slot, rebuilt when its source changes.

use crate::inspect::envelope::Envelope;

/// Cache of envelopes by slot and generation.
#[derive(Debug, Default)]
pub struct Envelopes {
    entries: Vec<Entry>,
}

/// The envelope of one slot.
#[derive(Debug)]
struct Entry {
    slot: &'static str,
    generation: u64,
    envelope: Envelope,
}

impl Envelopes {
    /// The envelope of `samples` in `slot`, rebuilt when `generation` changed.
    pub fn get(&mut self, slot: &'static str, generation: u64, samples: &[f32]) -> &Envelope {
        let place = self.entries.iter().position(|entry| entry.slot == slot).unwrap_or_else(|| {
            self.entries.push(Entry { slot, generation, envelope: Envelope::new(samples) });
            self.entries.len() - 1
        });
        let entry = &mut self.entries[place];
        if entry.generation != generation {
            entry.generation = generation;
            entry.envelope = Envelope::new(samples);
        }
        &entry.envelope
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
