//! Everything a person can ask for, by part.

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
};
use crate::inspect::colour_map::ColourMap;

/// One request of the person at the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Shows one of the views.
    Show(View),
    /// Something about the recordings.
    Library(LibraryCommand),
    /// Something about the stages of the selected recording.
    Inspection(InspectionCommand),
    /// Something about what plays.
    Playback(PlaybackCommand),
    /// Something about the data set as a whole.
    DataSet(DataSetCommand),
    /// Something about the form and its run.
    Training(TrainingCommand),
    /// Something about past runs.
    Runs(RunsCommand),
    /// Something about the model and the vector.
    Latent(LatentCommand),
    /// Something about the recordings in the latent space, and ways through it.
    Space(SpaceCommand),
    /// Something about playing the latent space as an instrument.
    Playing(PlayingCommand),
    /// Saves a figure, numbers, a sound.
    Export(ExportCommand),
    /// Undoes the last change of the vector or of what is left out.
    Undo,
    /// Redoes it.
    Redo,
    /// The system could show no file dialog.
    NoFileDialog,
    /// Something about what the person was told.
    Notice(NoticeCommand),
    /// Chooses dark, light or the system's theme.
    SetTheme(ThemeChoice),
    /// Chooses the colour map of the images.
    SetColourMap(ColourMap),
}

/// The commands of a part are commands.
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
