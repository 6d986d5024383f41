//! What a training run leaves in its folder, read and written: nothing here trains.
//!
//! | module | files of a run's folder |
//! |---|---|
//! | [`bundle`], [`bundle_config`], [`statistics`], `model_files` | the model and its description |
//! | [`density`], [`detail`], [`baselines`] | what else belongs to its weights |
//! | [`record`] (with [`machine`]), `book` | `run.json`, `notes.txt`, and who writes them during a run |
//! | [`history`], [`step_log`], [`scalars`] | the curves: `history.csv`, `epochs.json`, `steps.csv`, and all as one table |
//! | [`replay`] | previews of every epoch |
//! | [`run_files`] | which of them there are |
//! | [`contents`], `replacement`, [`plan`] | which files are a run's, and what becomes of them when another run begins |
//! | [`settings`], [`choices`] | the settings of a run as a TOML file |
//! | [`report`] | a run as an HTML page |
//! | [`keras`] | models that the tutorial's Python saved, which open as if a run had left them |
//! | [`demo_model`] | the model that is embedded in the program |
//! | [`reads`] | the files of a run that a job reads and must not write over |

pub mod baselines;
pub(crate) mod book;
pub mod bundle;
pub mod bundle_config;
pub mod choices;
pub mod contents;
pub mod demo_model;
pub mod density;
pub mod detail;
pub mod history;
pub mod keras;
pub mod machine;
pub(crate) mod model_files;
pub mod plan;
pub mod reads;
pub mod record;
pub(crate) mod replacement;
pub mod replay;
pub mod report;
pub mod run_files;
pub mod scalars;
pub mod settings;
pub mod statistics;
pub mod step_log;
