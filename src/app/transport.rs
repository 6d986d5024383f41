//! What the play button and the space key play in each view.

use crate::{
    language::text,
    session::{
        Command, LibraryCommand, PlaybackCommand,
        pieces::PiecesCommand,
        playing::PlayMode,
        runs::{Heard, RunsCommand},
        state::{Source, State, View},
        training::Tab,
    },
};

/// A sound that the play button offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The decoded sound.
    Decoded,
    /// The decoded sound of the epoch that the replay shows.
    Replay,
    /// A piece of a file, from its beginning.
    Piece,
    /// A piece of a file, from the crosshair on.
    PieceFromCrosshair,
    /// The selected part of the recording.
    Selection,
    /// The recording from the crosshair on.
    FromCrosshair,
    /// A long recording from the left edge of the window on.
    FromSight,
    /// The recording.
    Recording,
}

impl Offer {
    /// What a click on the button does, for its tooltip. In hold mode the decoded sound plays while the button is held.
    pub fn help(self, mode: PlayMode) -> String {
        match self {
            Self::Decoded if mode == PlayMode::Hold => text!("play-decoded-hold-help"),
            Self::Decoded => text!("play-decoded-help"),
            Self::Replay => text!("play-replay-help"),
            Self::Piece => text!("play-piece-help"),
            Self::PieceFromCrosshair => text!("play-piece-crosshair-help"),
            Self::Selection => text!("play-selection-help"),
            Self::FromCrosshair => text!("play-crosshair-help"),
            Self::FromSight => text!("play-sight-help"),
            Self::Recording => text!("play-recording-help"),
        }
    }
}

/// The sound of the view, with the command that plays it; in the Stages view from the kept `crosshair`, in seconds.
pub fn offer(state: &State, crosshair: Option<f64>) -> Option<(Offer, Command)> {
    let in_stages = state.settings.view == View::Stages;
    let pieces = &state.library.pieces;
    match state.settings.view {
        View::Latent if state.latent.decoded.is_some() => {
            Some((Offer::Decoded, Command::Playback(PlaybackCommand::PlayDecoded)))
        }
        View::Training if state.training.part == Tab::Replay && state.runs.replay.images.is_some() => {
            Some((Offer::Replay, Command::Runs(RunsCommand::Play(Heard::Decoded))))
        }
        View::Stages if pieces.shown.is_some() => {
            let at_crosshair = crosshair.and_then(|secs| pieces.shown_at(secs));
            let offer = if at_crosshair.is_some() { Offer::PieceFromCrosshair } else { Offer::Piece };
            let (recording, from_secs) = at_crosshair.or(state.library.selected.map(|first| (first, 0.0)))?;
            let play = LibraryCommand::Pieces(PiecesCommand::Play(recording, from_secs));
            Some((offer, play.into()))
        }
        _ => {
            let selected = state.library.selected?;
            let crosshair = crosshair.filter(|_| in_stages);
            let command = crosshair.map_or(PlaybackCommand::TogglePlay, PlaybackCommand::TogglePlayFrom);
            Some((of_recording(state, selected, crosshair), command.into()))
        }
    }
}

/// How much of the selected recording plays, as `Inspection::part_to_play` decides.
fn of_recording(state: &State, selected: usize, crosshair: Option<f64>) -> Offer {
    let inspection = &state.inspection;
    let whole =
        if state.library.pieces.piece_of(selected).is_some() { Offer::Piece } else { Offer::Recording };
    if inspection.selected_signal().is_some() {
        Offer::Selection
    } else if crosshair.is_some() && inspection.part_to_play(crosshair) != inspection.part_to_play(None) {
        if whole == Offer::Piece { Offer::PieceFromCrosshair } else { Offer::FromCrosshair }
    } else if inspection.long.as_ref().is_some_and(|(_, view)| view.looking.0 > 0.0) {
        Offer::FromSight
    } else {
        whole
    }
}

/// The command of the play button and the space key: stop if something plays, else play the view's sound.
pub fn play_or_stop(state: &State, crosshair: Option<f64>) -> Option<Command> {
    match state.playback.playing {
        Some((
            Source::Decoded | Source::Original | Source::Preview(_) | Source::Rung(_) | Source::Replay(_),
            _,
        )) => Some(Command::Playback(PlaybackCommand::Stop)),
        Some((Source::Recording(_), _)) => Some(Command::Playback(PlaybackCommand::TogglePlay)),
        None => offer(state, crosshair).map(|(_, command)| command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_stops_playback_before_it_plays_anything_else() {
        let mut state = State::default();
        assert_eq!(play_or_stop(&state, None), None);
        state.library.selected = Some(3);
        assert_eq!(play_or_stop(&state, None), Some(Command::Playback(PlaybackCommand::TogglePlay)));
        state.playback.playing = Some((Source::Decoded, 0.1));
        assert_eq!(play_or_stop(&state, Some(0.5)), Some(Command::Playback(PlaybackCommand::Stop)));
    }

    #[test]
    fn the_crosshair_of_the_stages_counts_in_their_view_and_while_nothing_sounds() {
        let mut state = State::default();
        assert_eq!(play_or_stop(&state, Some(0.5)), None, "nothing is selected");
        state.library.selected = Some(3);
        assert_eq!(
            play_or_stop(&state, Some(0.5)),
            Some(Command::Playback(PlaybackCommand::TogglePlayFrom(0.5)))
        );
        state.playback.playing = Some((Source::Recording(3), 0.1));
        assert_eq!(play_or_stop(&state, Some(0.5)), Some(Command::Playback(PlaybackCommand::TogglePlay)));
        state.playback.playing = None;
        state.settings.view = View::DataSet;
        assert_eq!(play_or_stop(&state, Some(0.5)), Some(Command::Playback(PlaybackCommand::TogglePlay)));
    }
}
