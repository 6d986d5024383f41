//! Commands from the window, by part.

use super::{
    data_set::DataSetCommand,
    export::ExportCommand,
    inspection::InspectionCommand,
    latent::LatentCommand,
    library::LibraryCommand,
    notices::NoticeCommand,
    playback::PlaybackCommand,
    playing::PlayingCommand,
    runs::RunsCommand,
    settings::{ThemeChoice, View},
    space::SpaceCommand,
    training::TrainingCommand,
    writing::FilesWish,
};
use crate::{
    inspect::colour_map::ColourMap,
    language::{Language, LanguageChoice},
};

/// A command from the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Shows one of the views.
    Show(View),
    /// The list of recordings.
    Library(LibraryCommand),
    /// Stages of the selected recording.
    Inspection(InspectionCommand),
    /// Playback.
    Playback(PlaybackCommand),
    /// The data set view.
    DataSet(DataSetCommand),
    /// The training form and the run.
    Training(TrainingCommand),
    /// Past runs.
    Runs(RunsCommand),
    /// The model and the latent vector.
    Latent(LatentCommand),
    /// The map of the latent space and travel through it.
    Space(SpaceCommand),
    /// Playing the latent space as an instrument.
    Playing(PlayingCommand),
    /// Exports a figure, numbers or a sound.
    Export(ExportCommand),
    /// Closes the window, as far as files that are being written are concerned.
    Close(FilesWish),
    /// Undoes the last change of the vector or of what is left out.
    Undo,
    /// Redoes it.
    Redo,
    /// The system could show no file dialog.
    NoFileDialog,
    /// Takes the cards of the first start away for good.
    DismissCards,
    /// Something about what the person was told.
    Notice(NoticeCommand),
    /// Chooses dark, light or the system's theme.
    SetTheme(ThemeChoice),
    /// Chooses the language of the window.
    SetLanguage(LanguageChoice),
    /// No installed font has this letter of the open recordings' names.
    NoLetters(Vec<char>),
    /// No installed font has the letters of this language, so the window is in English.
    NoLanguageFont(Language),
    /// Chooses the colour map of the images.
    SetColourMap(ColourMap),
    /// Folds the list of recordings away, or shows it again.
    FoldList(bool),
}

/// Converts the commands of a part.
macro_rules! from_part {
    ($($part:ident($command:ident)),* $(,)?) => {
        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$part(command)
            }
        })*
    };
}

from_part!(
    Library(LibraryCommand),
    Inspection(InspectionCommand),
    Playback(PlaybackCommand),
    Notice(NoticeCommand),
    DataSet(DataSetCommand),
    Training(TrainingCommand),
    Runs(RunsCommand),
    Latent(LatentCommand),
    Space(SpaceCommand),
    Playing(PlayingCommand),
    Export(ExportCommand),
);
