//! The figures that can be exported: their names, and which of them a state can show.

use std::path::Path;

use super::stage::Stage;
use crate::{
    audio::piece,
    language::text,
    session::{State, data_set::Tab, state::View},
};

/// What a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// All unfolded stages of the selected recording, or the comparison of two.
    Stages,
    /// One stage.
    Stage(Stage),
    /// The spectrum of the frame under the crosshair.
    Spectrum,
    /// Thumbnails by class.
    Thumbnails,
    /// Mean and spread of each class.
    ClassImages,
    /// Histograms.
    Distributions,
    /// Loading times.
    Loading,
    /// Ours, Python's, and the difference.
    Parity,
    /// Training curves.
    Training,
    /// The recordings in the latent space.
    Map,
    /// The decoded spectrogram and waveform.
    Decoded,
}

impl FigureKind {
    /// All kinds, in the order of the views.
    pub fn all() -> Vec<Self> {
        let mut kinds = vec![Self::Stages];
        kinds.extend(Stage::ALL.map(Self::Stage));
        kinds.extend([
            Self::Spectrum,
            Self::Thumbnails,
            Self::ClassImages,
            Self::Distributions,
            Self::Loading,
            Self::Parity,
            Self::Training,
            Self::Map,
            Self::Decoded,
        ]);
        kinds
    }

    /// The name in menus.
    pub fn name(self, state: &State) -> String {
        match self {
            Self::Stages if state.inspection.compared().is_some() => text!("figure-stages-compared"),
            Self::Stages => text!("figure-stages"),
            Self::Stage(stage) => text!("figure-stage", name = stage.name(state.inspection.config.feature)),
            Self::Spectrum => text!("figure-spectrum"),
            Self::Thumbnails => text!("figure-thumbnails"),
            Self::ClassImages => text!("figure-class-images"),
            Self::Distributions => text!("figure-distributions"),
            Self::Loading => text!("figure-loading"),
            Self::Parity => text!("figure-parity"),
            Self::Training => text!("figure-training"),
            Self::Map => text!("figure-map"),
            Self::Decoded => text!("figure-decoded"),
        }
    }

    /// The suggested file name without extension.
    pub fn file_name(self, state: &State) -> String {
        let recording = || {
            let index = state.library.selected?;
            let name = &state.library.recordings.get(index)?.name;
            let base = name.rsplit('/').next().unwrap_or(name);
            piece::stem(Path::new(base)).map(|stem| stem.to_string_lossy().into_owned())
        };
        let (word, is_of_recording) = match self {
            Self::Stages => ("stages".to_owned(), true),
            Self::Stage(stage) => (stage.word().to_owned(), true),
            Self::Spectrum => ("spectrum".to_owned(), true),
            Self::Thumbnails => ("images".to_owned(), false),
            Self::ClassImages => ("mean-and-spread".to_owned(), false),
            Self::Distributions => ("distributions".to_owned(), false),
            Self::Loading => ("loading".to_owned(), false),
            Self::Parity => ("parity".to_owned(), false),
            Self::Training => ("training".to_owned(), false),
            Self::Map => ("map".to_owned(), false),
            Self::Decoded => {
                let has_detail = state.latent.decoded.as_ref().is_some_and(|decoded| decoded.has_detail());
                (if has_detail { "decoded-with-detail" } else { "decoded" }.to_owned(), false)
            }
        };
        match recording().filter(|_| is_of_recording) {
            Some(recording) => format!("{recording}-{word}"),
            None => word,
        }
    }

    /// Whether the figure becomes higher than chosen where its contents need it.
    pub fn may_grow(self) -> bool {
        !matches!(self, Self::Spectrum | Self::Map | Self::Decoded)
    }

    /// Whether there is anything to draw.
    pub fn is_there(self, state: &State) -> bool {
        let data_set = &state.data_set;
        match self {
            Self::Stages | Self::Stage(_) | Self::Spectrum => {
                state.inspection.stages.is_some() || state.inspection.long.is_some()
            }
            Self::Thumbnails | Self::ClassImages | Self::Distributions => data_set.overview.report.is_some(),
            Self::Loading => data_set.loading.measured.is_some(),
            Self::Parity => matches!(&data_set.parity.view, Some((_, Ok(_)))),
            Self::Training => !state.training.steps.is_empty(),
            Self::Map => state.space.layout.is_some(),
            Self::Decoded => state.latent.decoded.is_some(),
        }
    }

    /// The figure of the open view.
    pub fn of_view(state: &State) -> Self {
        match state.settings.view {
            View::Stages => Self::Stages,
            View::DataSet => match state.data_set.part {
                Tab::Overview | Tab::Doctor => Self::Thumbnails,
                Tab::Loading => Self::Loading,
                Tab::Parity => Self::Parity,
            },
            View::Training => Self::Training,
            View::Latent if state.space.layout.is_some() => Self::Map,
            View::Latent => Self::Decoded,
        }
    }
}
