//! Ctrl-C and the system's other wishes that a command ends.

use super::{arguments::Verb, output::to_stderr};
use crate::{
    interrupt::Interrupt,
    signals::{Signals, StopSignal},
};

/// Stops `interrupt` on the first signal; a later one ends the process at once.
pub(super) fn listen(verb: &Verb, interrupt: &Interrupt) -> Signals {
    let interrupt = interrupt.clone();
    let keeps = kept_by(verb);
    let stop = move |signal: StopSignal| {
        interrupt.stop();
        to_stderr(&format!("{}: stopping; {keeps}. Another signal ends the program at once", signal.name()));
    };
    Signals::listen(stop).unwrap_or_else(|error| {
        log::warn!("signals end the program at once, without saving: {error}");
        Signals::default()
    })
}

/// What is left after a command was stopped.
fn kept_by(verb: &Verb) -> &'static str {
    match verb {
        Verb::Train(_) => {
            "a run under way ends after this step and keeps its model and a checkpoint, so that --resume goes on with it"
        }
        Verb::Preprocess(_) => "images that are complete are kept, and the same command does the rest",
        _ => "files that are complete are kept",
    }
}
