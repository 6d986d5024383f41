//! What the window says about the ladder: the words of its tables, or a translation of these.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{
    inspect::ladder::{RungKind, Step},
    language::translation,
};

/// The rung's name.
pub fn name(kind: RungKind) -> Cow<'static, str> {
    translated(key(kind), kind.name())
}

/// What is heard, and what it tells.
pub fn explanation(kind: RungKind) -> Cow<'static, str> {
    translated(&format!("{}-help", key(kind)), kind.explanation())
}

/// A step that costs quality.
pub fn step(step: Step) -> Cow<'static, str> {
    let key = match step {
        Step::Image => "ladder-step-image",
        Step::Phases => "ladder-step-phases",
        Step::Model => "ladder-step-model",
    };
    translated(key, step.words())
}

fn key(kind: RungKind) -> &'static str {
    match kind {
        RungKind::Original => "ladder-rung-original",
        RungKind::OriginalPhase => "ladder-rung-original-phase",
        RungKind::GriffinLim => "ladder-rung-griffin-lim",
        RungKind::Model => "ladder-rung-model",
        RungKind::ZeroPhase => "ladder-rung-zero-phase",
        RungKind::BorrowedPhase => "ladder-rung-borrowed-phase",
        RungKind::SinglePass => "ladder-rung-single-pass",
        RungKind::Detail => "ladder-rung-detail",
    }
}

fn translated(key: &str, english: &'static str) -> Cow<'static, str> {
    translation(key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    #[test]
    fn every_rung_and_every_step_is_described_in_every_language() {
        let texts = || {
            let rungs = RungKind::ALL.into_iter().flat_map(|kind| [name(kind), explanation(kind)]);
            rungs.chain([Step::Image, Step::Phases, Step::Model].map(step)).collect::<Vec<_>>()
        };
        let english = texts();
        assert!(english.iter().all(|text| matches!(text, Cow::Borrowed(_))), "{english:?}");
        set(Language::Chinese);
        let chinese = texts();
        assert!(chinese.iter().all(|text| matches!(text, Cow::Owned(_))), "{chinese:?}");
    }
}
