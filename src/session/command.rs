//! Everything a person can ask for.

use std::path::PathBuf;

use super::{
    assumed_settings::AssumedSettingsCommand,
    data_set::DataSetCommand,
    detail::DetailCommand,
    export::ExportCommand,
    pieces::PiecesCommand,
    playing::PlayingCommand,
    runs::RunsCommand,
    space::SpaceCommand,
    state::{PinSlot, StageDisplay, TrainingForm, View},
    training::TrainingCommand,
};
use crate::{explore::axes::AxisSystem, pipeline::config::PreprocessingConfig};

/// One request of the person at the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Shows one of the three views.
    Show(View),
    /// Opens a folder of recordings, a sound file, a preprocessed folder's recordings, or a bundle.
    Open(PathBuf),
    /// Opens the built-in demo sounds.
    OpenDemo,
    /// Stops a scan that is under way; what was found stays.
    CancelScan,
    /// These recordings, by their place in the library, are in sight and their headers are not read yet.
    RowsInSight(Vec<usize>),
    /// Filters the list by words in name or class.
    Search(String),
    /// Reads classes by another pattern; empty for parent folders.
    SetLabelPattern(String),
    /// Selects a recording by its index in the library.
    Select(usize),
    /// Moves the selection within the filtered list: −1 up, 1 down.
    MoveSelection(isize),
    /// What is answered about a model without settings of its own.
    AssumedSettings(AssumedSettingsCommand),
    /// What is done with recordings in pieces.
    Pieces(PiecesCommand),
    /// Leaves the recordings of these names, with `/` between parts, out of training, of the data set and of the doctor.
    LeaveOut(Vec<String>),
    /// Takes the recordings of these names in again.
    TakeIn(Vec<String>),

    /// Changes how stages are drawn.
    SetStageDisplay(StageDisplay),
    /// Selects seconds of the padded signal, or nothing.
    SetSelection(Option<(f64, f64)>),
    /// Looks at these seconds, from and to, of a long sound: they are to be computed.
    LookAt(f64, f64),
    /// Keeps the selected recording for comparing.
    Pin(PinSlot),
    /// Lets a recording that was kept for comparing go.
    Unpin(PinSlot),
    /// Shows the two pinned recordings and their difference, or the selected one again.
    SetComparing(bool),

    /// Changes the preprocessing settings.
    SetPreprocessing(PreprocessingConfig),

    /// Plays the selected recording's signal, or what of it is selected; stops when it is playing.
    TogglePlay,
    /// The same from these seconds of the padded signal on, where nothing is selected.
    TogglePlayFrom(f64),
    /// Plays what the decoder made.
    PlayDecoded,
    /// Plays the sound that the latent vector came from.
    PlayOriginal,
    /// Stops all sound.
    StopPlayback,
    /// Loudness, 0 to 1.
    SetVolume(f32),
    /// Silences.
    SetMuted(bool),

    /// Something about the data set as a whole.
    DataSet(DataSetCommand),

    /// Something about runs.
    Training(TrainingCommand),
    /// Changes the training form.
    SetTrainingForm(Box<TrainingForm>),
    /// Starts a run on the open folder.
    StartTraining,
    /// Waits after the current batch.
    PauseTraining,
    /// Goes on.
    ResumeTraining,
    /// Stops after the current batch and keeps the model.
    StopTraining,

    /// Something about past runs.
    Runs(RunsCommand),
    /// Uses the model that is embedded in the program.
    UseDemoModel,
    /// Uses the newest preview of the run under way, and follows it.
    UseTrainingModel,
    /// Sets one latent dimension while a slider is dragged.
    SetLatent {
        /// The dimension.
        dimension: usize,
        /// Its new value.
        value: f32,
    },
    /// Moves along the axis of a slider.
    SetAxis {
        /// The axis, by its place among [`super::state::LatentState::axes`].
        axis: usize,
        /// Its new coordinate.
        value: f32,
    },
    /// Sliders along other axes.
    SetAxisSystem(AxisSystem),
    /// Locks an axis, by its place, or unlocks it.
    LockAxis(usize, bool),
    /// Something about the detail that is added to the decoded image.
    Detail(DetailCommand),
    /// Something about playing the latent space as an instrument.
    Playing(PlayingCommand),
    /// Something about the recordings in the latent space, and ways through it.
    Space(SpaceCommand),
    /// A drag began: loop the sound while it lasts, and remember the vector for undo.
    BeginDrag,
    /// The drag ended.
    EndDrag,
    /// Takes the latent vector (mu) of a recording of the library.
    EncodeRecording(usize),
    /// A random vector, as the travel settings say.
    SampleLatent,
    /// Back to the data's mean.
    ResetLatent,
    /// Undoes the last change of the vector or of what is left out.
    Undo,
    /// Redoes it.
    Redo,
    /// Keeps the decoded sound looping.
    SetLooping(bool),
    /// Griffin-Lim iterations.
    SetIterations(usize),
    /// Saves the decoded sound.
    SaveWav(PathBuf),
    /// Takes something away: a figure, numbers, a part of a sound.
    Export(ExportCommand),

    /// The system could show no file dialog.
    NoFileDialog,
    /// Takes back a notice that was read.
    DismissNotice(u64),
    /// Chooses dark, light or the system's theme.
    SetTheme(super::state::ThemeChoice),
    /// Chooses the colour map of the images.
    SetColourMap(super::state::ColourMap),
}
