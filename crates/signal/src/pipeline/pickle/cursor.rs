//! The bytes of a pickle, taken from the front.

use super::error::PickleError;

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], PickleError> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let taken = rest.get(..count).ok_or(PickleError::Ends)?;
        self.position += count;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        self.take(N)?.first_chunk().copied().ok_or(PickleError::Ends)
    }

    pub(super) fn byte(&mut self) -> Result<u8, PickleError> {
        Ok(self.array::<1>()?[0])
    }

    /// Bytes behind their length, which takes `width` bytes.
    pub(super) fn counted(&mut self, width: usize) -> Result<&'a [u8], PickleError> {
        let length =
            self.take(width)?.iter().rev().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// A line without its end.
    pub(super) fn line(&mut self) -> Result<&'a [u8], PickleError> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(PickleError::Ends)?;
        let line = self.take(end + 1)?;
        Ok(line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line))
    }
}
