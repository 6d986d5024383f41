//! The command line's grammar: its subcommands.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::{
    compare_loading::CompareLoadingArguments,
    demo::DemoArguments,
    detail::DetailArguments,
    doctor::DoctorArguments,
    encode::EncodeArguments,
    evaluate::EvaluateArguments,
    export::ExportArguments,
    generate::GenerateArguments,
    import::ImportArguments,
    ladder::LadderArguments,
    morph::MorphArguments,
    neighbours::NeighboursArguments,
    parity::ParityArguments,
    preprocess::PreprocessArguments,
    reconstruct::ReconstructArguments,
    runs::{ReportArguments, ScalarsArguments, SettingsFileArguments},
    stages::StagesArguments,
    train::TrainArguments,
};
use crate::names::{self, shown};

/// Turns a folder of recordings into an instrument: see every preprocessing stage, train a variational
/// autoencoder on the spectrograms, and play its latent space.
///
/// Without a subcommand the window opens. Progress goes to standard error, results to standard output.
#[derive(Debug, Parser)]
#[command(
    name = "timbrespace",
    version = crate::VERSION,
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 done, 1 failed or stopped, 2 wrong arguments.\n\
                  A folder that is called like a subcommand is opened by its path: timbrespace ./train\n\
                  The tutorial: Generating Sound with Neural Networks by Valerio Velardo, \
                  https://github.com/musikalkemist/generating-sound-with-neural-networks"
)]
pub struct Arguments {
    /// A folder of recordings or a model bundle to open in the window; without it the last folder, and at
    /// the first start the built-in demo sounds
    #[arg(value_name = "FOLDER|BUNDLE")]
    path: Option<PathBuf>,

    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What to do.
#[derive(Debug)]
pub enum Action {
    /// Open the window on this.
    Window(Option<PathBuf>),
    /// Run a subcommand without a window.
    Headless {
        /// The subcommand.
        verb: Box<Verb>,
        /// Whether to write the result as one JSON object.
        json: bool,
    },
}

impl Arguments {
    /// Parses the process's arguments; on wrong ones, prints the error and exits with code 2.
    pub fn read() -> Action {
        let Self { path, verb } = Self::try_parse().unwrap_or_else(|error| refuse(&error));
        if let Some(verb) = verb {
            return Action::Headless { json: verb.wants_json(), verb: Box::new(verb) };
        }
        if let Some(missing) = path.as_deref().filter(|path| !path.exists()) {
            refuse_missing(missing);
        }
        Action::Window(path)
    }
}

/// Prints the error or the help, and exits.
///
/// clap repeats the arguments in its messages, and arguments can be names of files. If one holds control characters, the
/// message is made again from escaped arguments.
fn refuse(error: &clap::Error) -> ! {
    let typed: Vec<String> = std::env::args_os().map(|typed| names::text_of(&typed).into_owned()).collect();
    if !typed.iter().any(|typed| typed.chars().any(names::is_suspect)) {
        error.exit()
    }
    if let Err(escaped) =
        Arguments::try_parse_from(typed.iter().map(|typed| names::escaped(typed).into_owned()))
    {
        escaped.exit()
    }
    let text = error.render().to_string();
    let text = names::escaped_lines(&text);
    clap::Error::raw(error.kind(), text.trim_end().trim_start_matches("error: ")).exit()
}

/// The error for a path that does not exist: it may be a mistyped subcommand.
fn refuse_missing(path: &std::path::Path) -> ! {
    use clap::{CommandFactory as _, error::ErrorKind};
    let message = format!(
        "{}: there is no such folder, file or subcommand; give the path of a folder of recordings or of a \
         model bundle, or see --help for the subcommands",
        shown(path)
    );
    refuse(&Arguments::command().error(ErrorKind::InvalidValue, message))
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Save every preprocessing stage of one recording as .npy and .png
    Stages(StagesArguments),
    /// Look for silent, clipped, duplicate and otherwise faulty recordings, and say why each matters
    Doctor(DoctorArguments),
    /// Turn a folder of recordings into a folder of spectrograms
    Preprocess(PreprocessArguments),
    /// Train a model on recordings or on a preprocessed folder
    Train(Box<TrainArguments>),
    /// Measure how well a model rebuilds images, beside two baselines
    Evaluate(EvaluateArguments),
    /// Turn recordings into latent vectors
    Encode(EncodeArguments),
    /// Send recordings through the model and back to sound
    Reconstruct(ReconstructArguments),
    /// Measure how well the nearest latent vectors recognise recordings that were kept out of training
    Neighbours(NeighboursArguments),
    /// Hear one recording after each step of the way through a model and back, to tell which step hurts
    Ladder(LadderArguments),
    /// Turn latent vectors into new sounds
    Generate(GenerateArguments),
    /// Make a model's detail anew: what its images lack, from the recordings it was trained on
    Detail(DetailArguments),
    /// Make a bundle of a model that the tutorial's Python (Keras 2 or 3) saved
    Import(ImportArguments),
    /// Turn one recording into another within one continuous sound
    Morph(MorphArguments),
    /// Time an epoch from cached .npy files against decoding on the fly
    CompareLoading(CompareLoadingArguments),
    /// Compare a folder that the Python pipeline wrote with the images of this program, worst first
    Parity(ParityArguments),
    /// Write the settings of a run as a TOML file, for `train --settings` and for the window
    Settings(SettingsFileArguments),
    /// Write what is to know about a run as one HTML page: settings, curves, pictures, sounds, data, machine
    Report(ReportArguments),
    /// Write every number that was measured during a run as one CSV table
    Scalars(ScalarsArguments),
    /// Write a model's encoder and decoder as ONNX files, for other programs
    Export(ExportArguments),
    /// Write the built-in demo sounds as WAV files
    Demo(DemoArguments),
}

impl Verb {
    fn wants_json(&self) -> bool {
        let format = match self {
            Self::Stages(arguments) => &arguments.result,
            Self::Preprocess(arguments) => &arguments.result,
            Self::Train(arguments) => &arguments.result,
            Self::Evaluate(arguments) => &arguments.result,
            Self::Encode(arguments) => &arguments.result,
            Self::Reconstruct(arguments) => &arguments.result,
            Self::Neighbours(arguments) => &arguments.result,
            Self::Ladder(arguments) => &arguments.result,
            Self::Generate(arguments) => &arguments.result,
            Self::Detail(arguments) => &arguments.result,
            Self::Import(arguments) => &arguments.result,
            Self::Morph(arguments) => &arguments.result,
            Self::CompareLoading(arguments) => &arguments.result,
            Self::Doctor(arguments) => &arguments.result,
            Self::Parity(arguments) => &arguments.result,
            Self::Settings(arguments) => &arguments.result,
            Self::Report(arguments) => &arguments.result,
            Self::Scalars(arguments) => &arguments.result,
            Self::Export(arguments) => &arguments.result,
            Self::Demo(arguments) => &arguments.result,
        };
        format.json
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{super::shared_arguments::BITS, *};

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_manual_has_every_subcommand() {
        let manual = include_str!("../../docs/command-line.md");
        for command in Arguments::command().get_subcommands() {
            let line = format!("\ntimbrespace {} ", command.get_name());
            assert!(manual.contains(&line), "docs/command-line.md has no `{}`", command.get_name());
        }
    }

    #[test]
    fn a_folder_called_like_a_subcommand_is_reached_by_its_path() {
        let arguments = Arguments::try_parse_from(["timbrespace", "./train"]).unwrap();
        assert_eq!(arguments.path, Some(PathBuf::from("./train")));
        assert!(arguments.verb.is_none());
    }

    #[test]
    fn the_first_argument_may_be_a_folder_or_missing() {
        let arguments = Arguments::try_parse_from(["timbrespace", "recordings"]).unwrap();
        assert_eq!(arguments.path, Some(PathBuf::from("recordings")));
        assert!(Arguments::try_parse_from(["timbrespace"]).unwrap().path.is_none());
    }

    #[test]
    fn every_bit_depth_can_be_named() {
        for (word, depth) in BITS {
            let line = ["timbrespace", "generate", "B", "--out", "D", "--bits", word];
            let Some(Verb::Generate(arguments)) = Arguments::try_parse_from(line).unwrap().verb else {
                panic!("not a generate command");
            };
            assert_eq!(arguments.wav.bits, *depth);
        }
    }

    #[test]
    fn contradictory_flags_are_refused() {
        for line in [
            &["train", "F", "--out", "B", "--resume", "--overwrite"][..],
            &["preprocess", "F", "--out", "P", "--shard", "1/2", "--merge"],
            &["generate", "B", "--out", "D", "--from", "a.wav"],
            &["generate", "B", "--out", "D", "--steps", "3"],
            &["generate", "B", "--out", "D", "--count", "2", "--from", "a.wav", "--to", "b.wav"],
            &["train", "F", "--out", "B", "--validation", "0.9"],
            &["train", "F", "--out", "B", "--epochs", "0"],
            &["preprocess", "F", "--out", "P", "--shard", "3/2"],
            &["stages", "F", "--out", "P", "--pad-mode", "mirror"],
        ] {
            let whole = std::iter::once("timbrespace").chain(line.iter().copied());
            assert!(Arguments::try_parse_from(whole).is_err(), "{line:?}");
        }
    }
}
