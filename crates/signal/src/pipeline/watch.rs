//! Who waits for a long sound: is told how far it is, and may give it up.

use std::fmt;

use timbrespace_base::interrupt::Interrupt;

/// Told while a long sound is opened; the default hears nothing and waits to the end.
#[derive(Default)]
pub struct Watch {
    told: Option<Box<dyn Fn(f32) + Send + Sync>>,
    interrupt: Interrupt,
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").field("interrupt", &self.interrupt).finish_non_exhaustive()
    }
}

impl Watch {
    /// Calls `told` with the part that is done, 0 to 1, now and then; `interrupt` gives the work up when it is stopped.
    pub fn new(told: impl Fn(f32) + Send + Sync + 'static, interrupt: Interrupt) -> Self {
        Self { told: Some(Box::new(told)), interrupt }
    }

    /// Tells the part that is done; returns whether the work goes on.
    pub(super) fn goes_on(&self, done: f32) -> bool {
        if let Some(told) = &self.told {
            told(done);
        }
        !self.is_stopped()
    }

    /// Whether nobody waits any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.interrupt.is_stopped()
    }
}
