//! What is heard: the selected recording or the decoded sound.

use super::{Session, state::Source};
use crate::playback::{player::Player, prepared::Prepared};

/// The player and what it can play at once.
pub(super) struct SoundControl {
    pub(super) player: Player,
    /// The selected recording's signal, by its index.
    pub(super) recording: Option<(usize, Prepared)>,
    /// The newest decoded sound.
    pub(super) decoded: Option<Prepared>,
    playing: Option<(u64, Source)>,
    next_id: u64,
    /// Play this recording as soon as its stages are there.
    awaited: Option<usize>,
}

impl SoundControl {
    pub(super) fn new(player: Player) -> Self {
        Self { player, recording: None, decoded: None, playing: None, next_id: 0, awaited: None }
    }

    fn start(&mut self, source: Source, prepared: &Prepared, looping: bool) {
        self.next_id += 1;
        self.playing = Some((self.next_id, source));
        self.player.play_prepared(self.next_id, prepared, looping);
    }

    /// Plays the decoded sound: in place of an earlier one at the same position, else from its beginning.
    pub(super) fn play_decoded(&mut self, looping: bool, in_place: bool) {
        let Some(prepared) = self.decoded.clone() else {
            return;
        };
        match self.playing {
            Some((id, Source::Decoded)) if in_place && self.is_playing() => {
                self.player.replace_prepared(id, &prepared, looping);
            }
            _ => self.start(Source::Decoded, &prepared, looping),
        }
    }

    fn is_playing(&self) -> bool {
        self.position().is_some()
    }

    fn position(&self) -> Option<(Source, f64)> {
        let (id, source) = self.playing?;
        let (playing, seconds) = self.player.position()?;
        (playing == id).then_some((source, seconds))
    }
}

impl Session {
    pub(super) fn refresh_playback(&mut self) {
        self.state.playback.playing = self.sound.position();
        self.state.playback.device = self.sound.player.status();
    }

    pub(super) fn toggle_play(&mut self) {
        if self.sound.is_playing() {
            self.stop_playback();
            return;
        }
        let Some(selected) = self.state.library.selected else {
            return;
        };
        self.sound.awaited = Some(selected);
        self.play_awaited_recording(selected);
    }

    pub(super) fn play_awaited_recording(&mut self, recording: usize) {
        if self.sound.awaited != Some(recording) {
            return;
        }
        if let Some((index, prepared)) = self.sound.recording.clone()
            && index == recording
        {
            self.sound.awaited = None;
            self.sound.start(Source::Recording(index), &prepared, false);
            self.refresh_playback();
        }
    }

    pub(super) fn play_decoded(&mut self) {
        self.sound.play_decoded(self.state.latent.looping, false);
        self.refresh_playback();
    }

    pub(super) fn stop_playback(&mut self) {
        self.sound.awaited = None;
        self.sound.playing = None;
        self.sound.player.stop();
        self.refresh_playback();
    }

    pub(super) fn set_volume(&mut self, amplitude: f32) {
        let amplitude = amplitude.clamp(0.0, 1.0);
        self.state.settings.volume = amplitude;
        self.sound.player.set_volume(amplitude);
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        self.state.settings.muted = muted;
        self.sound.player.set_muted(muted);
    }
}
