//! Undo and redo of one value.

/// Values remembered at most.
const LIMIT: usize = 200;

/// Past and future of one value.
#[derive(Clone, Debug)]
pub struct Undo<T> {
    past: Vec<T>,
    future: Vec<T>,
}

impl<T> Default for Undo<T> {
    fn default() -> Self {
        Self { past: Vec::new(), future: Vec::new() }
    }
}

impl<T: PartialEq> Undo<T> {
    /// Remembers the value that is about to change; the future is forgotten.
    pub fn remember(&mut self, value: T) {
        self.future.clear();
        if self.past.last() == Some(&value) {
            return;
        }
        if self.past.len() == LIMIT {
            self.past.remove(0);
        }
        self.past.push(value);
    }

    /// The value that was remembered last, which is then forgotten: what followed it was taken back.
    pub fn take_back(&mut self) -> Option<T> {
        self.past.pop()
    }

    /// The value before `current`.
    pub fn undo(&mut self, current: T) -> Option<T> {
        let value = self.past.pop()?;
        self.future.push(current);
        Some(value)
    }

    /// The value that `current` was made from by an undo.
    pub fn redo(&mut self, current: T) -> Option<T> {
        let value = self.future.pop()?;
        self.past.push(current);
        Some(value)
    }

    /// The value that [`Self::undo`] would return.
    pub fn last(&self) -> Option<&T> {
        self.past.last()
    }

    /// The value that [`Self::redo`] would return.
    pub fn last_undone(&self) -> Option<&T> {
        self.future.last()
    }

    /// Whether there is a past.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a future.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.past.clear();
        self.future.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_and_redo_walk_through_the_values() {
        let mut undo = Undo::default();
        undo.remember(1);
        undo.remember(2);
        assert_eq!(undo.undo(3), Some(2));
        assert_eq!(undo.undo(2), Some(1));
        assert_eq!(undo.undo(1), None);
        assert_eq!(undo.redo(1), Some(2));
        undo.remember(2);
        assert!(!undo.can_redo());
    }

    #[test]
    fn what_is_taken_back_leaves_no_redo() {
        let mut undo = Undo::default();
        undo.remember(1);
        undo.remember(2);
        assert_eq!(undo.take_back(), Some(2));
        assert!(!undo.can_redo());
        assert_eq!(undo.undo(2), Some(1));
    }

    #[test]
    fn the_past_is_bounded() {
        let mut undo = Undo::default();
        (0..LIMIT + 5).for_each(|value| undo.remember(value));
        assert_eq!(undo.past.len(), LIMIT);
        assert_eq!(undo.past[0], 5);
    }
}
