//! Phases of an image along the frames: every `stride`-th element of a row.
//!
//! For one kernel element (*tap*), neighbouring map positions read elements `stride` apart. Apart by phases, what a tap
//! reads lies in one piece: a phase at a constant shift.

/// Layout of the phases of one image row, `[phases, len]`, with zeros for the padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    /// Image elements along the axis.
    size: usize,
    /// Number of phases.
    pub stride: usize,
    /// Zeros before a phase's first element.
    lead: usize,
    /// Elements of a phase, the zeros before and behind included.
    pub len: usize,
    /// For each tap along the axis: the phase it reads, and its offset within that phase.
    pub taps: Vec<(usize, usize)>,
}

impl Axis {
    /// The axis of an image of `size` elements and a map of `map`; `padding` zeros come before the image.
    pub fn new(size: usize, map: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        // The first position of tap t is image element t − padding: Euclidean division by the stride gives
        // its shift within a phase, the remainder gives the phase.
        let first_element = |tap: usize| tap as isize - padding as isize;
        let shift = |tap: usize| first_element(tap).div_euclid(stride as isize);
        // Offsets are relative to the smallest shift, because `lead` zeros precede each phase.
        let (least, most) = (shift(0), shift(kernel - 1));
        let taps = (0..kernel)
            .map(|tap| {
                (first_element(tap).rem_euclid(stride as isize) as usize, (shift(tap) - least) as usize)
            })
            .collect();
        let lead = least.unsigned_abs();
        let len = (map + (most - least) as usize).max(lead + size.div_ceil(stride));
        Self { size, stride, lead, len, taps }
    }

    /// Elements of the phases of one row.
    pub fn row_len(&self) -> usize {
        self.stride * self.len
    }

    /// Splits a row into its phases.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
    pub fn split(&self, row: &[f32], phases: &mut [f32]) {
        let lead = self.lead;
        match self.stride {
            1 => {
                let (before, rest) = phases.split_at_mut(lead);
                let (own, behind) = rest.split_at_mut(self.size);
                before.fill(0.0);
                own.copy_from_slice(row);
                behind.fill(0.0);
            }
            2 => {
                let (even, odd) = phases.split_at_mut(self.len);
                for phase in [&mut *even, &mut *odd] {
                    phase[..lead].fill(0.0);
                    phase[lead + self.size / 2..].fill(0.0);
                }
                let (pairs, last) = row.as_chunks::<2>();
                for ((pair, even), odd) in pairs.iter().zip(&mut even[lead..]).zip(&mut odd[lead..]) {
                    (*even, *odd) = (pair[0], pair[1]);
                }
                // A row of odd length ends with an element of even index.
                if let [last] = last {
                    even[lead + pairs.len()] = *last;
                }
            }
            stride => {
                phases.fill(0.0);
                for (phase, values) in phases.chunks_exact_mut(self.len).enumerate() {
                    let elements = row.iter().skip(phase).step_by(stride);
                    values[lead..].iter_mut().zip(elements).for_each(|(value, element)| *value = *element);
                }
            }
        }
    }

    /// The inverse of [`Self::split`]: writes a row from its phases, or adds to it.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
    pub fn join(&self, phases: &[f32], add: bool, row: &mut [f32]) {
        let lead = self.lead;
        match (self.stride, add) {
            (1, false) => row.copy_from_slice(&phases[lead..][..self.size]),
            (2, false) => {
                let (even, odd) = phases.split_at(self.len);
                let (pairs, last) = row.as_chunks_mut::<2>();
                for ((pair, even), odd) in pairs.iter_mut().zip(&even[lead..]).zip(&odd[lead..]) {
                    *pair = [*even, *odd];
                }
                if let [last] = last {
                    *last = even[lead + pairs.len()];
                }
            }
            (stride, _) => {
                for (phase, values) in phases.chunks_exact(self.len).enumerate() {
                    let elements = row.iter_mut().skip(phase).step_by(stride).zip(&values[lead..]);
                    elements.for_each(|(element, value)| {
                        *element = if add { *element + value } else { *value };
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_put_together_as_they_were_taken_apart() {
        for (size, kernel, stride, padding) in
            [(8, 3, 2, 0), (7, 3, 2, 1), (5, 3, 1, 1), (11, 5, 4, 0), (1, 3, 2, 1), (6, 1, 2, 0)]
        {
            let axis = Axis::new(size, size.div_ceil(stride), kernel, stride, padding);
            let row: Vec<f32> = (1..=size).map(|value| value as f32).collect();
            let mut phases = vec![f32::NAN; axis.row_len()];
            axis.split(&row, &mut phases);
            let mut back = vec![f32::NAN; size];
            axis.join(&phases, false, &mut back);
            assert_eq!(back, row, "{axis:?}");
            axis.join(&phases, true, &mut back);
            assert!(back.iter().zip(&row).all(|(twice, once)| *twice == 2.0 * once), "{axis:?}");
            // Every tap of every position reads its element, or a zero outside of the row.
            for position in 0..size.div_ceil(stride) {
                for (tap, (phase, shift)) in axis.taps.iter().enumerate() {
                    let element = (position * stride + tap).checked_sub(padding);
                    let expected = element.and_then(|element| row.get(element)).copied().unwrap_or_default();
                    assert_eq!(phases[phase * axis.len + shift + position], expected, "{axis:?} {position}");
                }
            }
        }
    }
}
