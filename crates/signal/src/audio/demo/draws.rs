//! Random numbers of the demo sounds.

/// A `SplitMix64` generator (Steele, Lea and Flood, 2014), in integer arithmetic, identical everywhere.
pub(super) struct Draws {
    state: u64,
}

impl Draws {
    /// The generator of one sound.
    pub(super) fn new(class: u64, index: u64) -> Self {
        let mut draws = Self { state: class << 32 | index };
        draws.next();
        draws
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1, 1 excluded.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform between `low` and `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform on a logarithmic scale, for frequencies and times.
    pub(super) fn ratio_between(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit())
    }

    /// One of `choices`; `otherwise` if there are none.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let index = (self.unit() * choices.len() as f64) as usize;
        choices.get(index).copied().unwrap_or(otherwise)
    }

    /// White noise between −1 and 1.
    pub(super) fn noise(&mut self) -> f64 {
        self.between(-1.0, 1.0)
    }

    /// A note of the pentatonic scale on A, up to `octaves` octaves above `lowest_hz`.
    pub(super) fn note_hz(&mut self, lowest_hz: f64, octaves: u32) -> f64 {
        let semitones = self.pick(&[0.0, 2.0, 4.0, 7.0, 9.0], 0.0);
        let octave = (self.unit() * f64::from(octaves)).floor();
        lowest_hz * 2_f64.powf(octave + semitones / 12.0)
    }
}
