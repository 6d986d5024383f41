//! Saving the decoded sound: its suggested file name.

use std::path::Path;

use eframe::egui::Context;

use crate::{
    app::{context::PanelContext, dialogs::Question},
    audio::piece,
};

/// Asks where to save the decoded sound, if there is one.
pub fn ask_where_to_save(ctx: &Context, context: &mut PanelContext<'_>) {
    if let Some(decoded) = &context.state.latent.decoded {
        let name = file_name(&context.state.latent.origin.words(), decoded.has_detail());
        context.ask(ctx, Question::SaveWav(name));
    }
}

/// A file name from the origin of a vector: `bell/bell_007.wav` gives `bell_007 decoded.wav`, or
/// `bell_007 decoded with detail.wav`.
fn file_name(origin: &str, has_detail: bool) -> String {
    let last = origin.rsplit(['/', '\\']).next().unwrap_or(origin);
    let stem = piece::stem(Path::new(last)).unwrap_or_default();
    let allowed = |c: &char| c.is_alphanumeric() || " -_@.".contains(*c);
    let clean: String = stem.to_string_lossy().chars().filter(allowed).collect();
    let clean = clean.trim();
    let with = if has_detail { " with detail" } else { "" };
    format!("{} decoded{with}.wav", if clean.is_empty() { "sound" } else { clean })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_sound_is_named_after_where_it_came_from() {
        assert_eq!(file_name("bell/bell_007.wav", false), "bell_007 decoded.wav");
        assert_eq!(file_name("bell/bell_007.wav", true), "bell_007 decoded with detail.wav");
        assert_eq!(file_name("random sample", false), "random sample decoded.wav");
        assert_eq!(file_name("***", false), "sound decoded.wav");
    }
}
