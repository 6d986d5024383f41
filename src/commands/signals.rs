//! Ctrl-C and other signals that stop a command.

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
        log::warn!("no signal handlers, a signal ends the program without saving: {error}");
        Signals::default()
    })
}

/// What a stopped command keeps, for the message.
fn kept_by(verb: &Verb) -> &'static str {
    match verb {
        Verb::Train(_) => {
            "the run ends after this step and keeps its model and a checkpoint, so that --resume continues it"
        }
        Verb::Preprocess(_) => "completed images are kept, and the same command makes the rest",
        _ => "completed files are kept",
    }
}
