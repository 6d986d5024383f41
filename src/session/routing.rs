//! Routes commands, events and news to the parts: the only place that knows which part needs what.

use std::convert::Infallible;

use super::{
    Command, Session,
    ctx::{Ctx, FollowUp, Shared},
    data_set::{self, DataSetPart, Tools},
    event::Event,
    export::ExportPart,
    export_queue::{Saved, Shown},
    inspection::{self, InspectionCommand, part::InspectionPart, stage_worker::Replaced},
    latent::{
        self,
        part::{LatentPart, TrainingModel},
    },
    letters,
    library::{self, part::LibraryPart},
    notices::{About, NoticeFile, Notices, Severity},
    playback::PlaybackPart,
    playing::{self, part::PlayingPart},
    runs::{self, part::RunsPart},
    settings::View,
    space::{
        self,
        part::{Reads, SpacePart},
    },
    spoken::{Spoken, said},
    training::{self, TrainingCommand, part::TrainingPart},
};
use crate::names::shown;

/// What all parts share, borrowed separately from the parts' states.
macro_rules! shared {
    ($session:ident, $about:ident) => {
        Shared {
            settings: &mut $session.state.settings,
            data_dir: &$session.data_dir,
            sound: &$session.sound,
            notices: Notices { list: &mut $session.state.notices, next_id: &mut $session.next_notice },
            about: About::$about,
        }
    };
}

/// Open recordings and models, which no export may overwrite.
macro_rules! shown {
    ($session:ident) => {
        Shown {
            library: &$session.state.library,
            latent: &$session.state.latent,
            training: &$session.state.training,
        }
    };
}

/// A method that lets one part work and routes what it asks of others; its notices are about the folder or the program.
macro_rules! part {
    ($name:ident, $part:ident, $about:ident, $news:ident, |$session:ident, $ctx:ident| $make:expr) => {
        pub(super) fn $name<T>(&mut self, act: impl FnOnce(&mut $part<'_>) -> T) -> T {
            let mut follow_ups = Vec::new();
            let $session = &mut *self;
            let $ctx = Ctx::new(shared!($session, $about), &mut follow_ups);
            let result = act(&mut $make);
            for follow_up in follow_ups {
                match follow_up {
                    FollowUp::Show(view) => self.show(view),
                    FollowUp::News(news) => Self::$news(self, news),
                }
            }
            result
        }
    };
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a path to a method of a part is not general enough in the part's lifetime"
)]
impl Session {
    part!(library, LibraryPart, Folder, on_library_news, |session, ctx| {
        LibraryPart::new(&mut session.state.library, &mut session.library, ctx)
    });
    part!(inspection, InspectionPart, Folder, on_inspection_news, |session, ctx| InspectionPart::new(
        &mut session.state.inspection,
        &mut session.inspection,
        &session.state.library,
        ctx
    ));
    part!(playback, PlaybackPart, Program, never, |session, ctx| PlaybackPart {
        state: &mut session.state.playback,
        library: &session.state.library,
        inspection: &session.state.inspection,
        ctx,
    });
    part!(training, TrainingPart, Program, on_training_news, |session, ctx| TrainingPart::new(
        &mut session.state.training,
        &mut session.training,
        &session.state.library,
        ctx
    ));
    part!(latent, LatentPart, Program, on_latent_news, |session, ctx| LatentPart::new(
        &mut session.state.latent,
        &mut session.latent,
        &session.state.library,
        &session.state.training,
        ctx
    ));
    part!(space, SpacePart, Folder, on_space_news, |session, ctx| SpacePart::new(
        &mut session.state.space,
        &mut session.space,
        Reads { shown: shown!(session), model: session.latent.model(), exports: &session.exports },
        ctx
    ));
    part!(playing, PlayingPart, Program, on_playing_news, |session, ctx| PlayingPart::new(
        &mut session.state.playing,
        &mut session.playing,
        &session.state.latent,
        ctx
    ));
    part!(runs, RunsPart, Program, on_runs_news, |session, ctx| RunsPart::new(
        &mut session.state.runs,
        &session.runs,
        shown!(session),
        ctx
    ));
    part!(data_set, DataSetPart, Folder, on_data_set_news, |session, ctx| {
        let tools = Tools { shown: shown!(session), exports: &session.exports, ctx };
        DataSetPart::new(&mut session.state.data_set, &mut session.data_set, tools)
    });
    part!(export, ExportPart, Program, never, |session, ctx| ExportPart {
        inspection: &session.state.inspection,
        shown: shown!(session),
        exports: &session.exports,
        ctx,
    });

    /// Starts: opens the demo model and looks for interrupted runs.
    pub(super) fn begin(&mut self) {
        self.playing(|playing| playing.begin());
        self.training(|training| training.describe_model());
        self.latent(|latent| latent.open_last_model());
        self.training(|training| {
            training.look_at_last_run();
            training.look_for_unfinished_runs();
        });
    }

    pub(super) fn route(&mut self, command: Command) {
        match command {
            Command::Show(view) => self.show(view),
            Command::Library(command) => self.library(|part| part.apply(command)),
            Command::Inspection(command) => self.inspection(|part| part.apply(command)),
            Command::Playback(command) => {
                if command.replaces_sound() {
                    self.space(|space| space.stop_walking());
                }
                self.playback(|part| part.apply(command));
            }
            Command::DataSet(command) => self.data_set(|part| part.apply(command)),
            Command::Training(command) => self.training(|part| part.apply(command)),
            Command::Runs(command) => self.runs(|part| part.apply(command)),
            Command::Latent(command) => self.latent(|part| part.apply(command)),
            Command::Space(command) => self.space(|part| part.apply(command)),
            Command::Playing(command) => self.playing(|part| part.apply(command)),
            Command::Export(command) => self.export(|part| part.apply(command)),
            Command::Close(wish) => self.close(wish),
            Command::Undo => {
                if !self.library(|library| library.undo_left_out()) {
                    self.in_latent_view(|latent| latent.undo(), said!("message-nothing-to-undo"));
                }
            }
            Command::Redo => {
                if !self.library(|library| library.redo_left_out()) {
                    self.in_latent_view(|latent| latent.redo(), said!("message-nothing-to-redo"));
                }
            }
            Command::DismissCards => self.state.settings.first_steps.shows_cards = false,
            Command::NoFileDialog => self.notify(Severity::Error, said!("message-no-file-dialog")),
            Command::Notice(command) => self.notices().apply(command),
            Command::SetTheme(theme) => self.state.settings.theme = theme,
            Command::SetLanguage(choice) => self.state.settings.language = choice,
            Command::NoLetters(missing) => {
                self.notices().add(
                    Severity::Warning,
                    About::Folder,
                    Spoken::new(move || letters::without_font(&missing)),
                );
            }
            Command::NoLanguageFont(language) => {
                self.notify(Severity::Warning, Spoken::new(move || letters::language_without_font(language)));
            }
            Command::SetColourMap(map) => self.state.settings.colour_map = map,
            Command::FoldList(folded) => self.state.settings.list_folded = folded,
        }
    }

    pub(super) fn on(&mut self, event: Event) {
        match event {
            Event::Library(event) => self.library(|part| part.on(event)),
            Event::Inspection(event) => self.inspection(|part| part.on(event)),
            Event::DataSet(event) => self.data_set(|part| part.on(event)),
            Event::Training(event) => self.training(|part| part.on(event)),
            Event::Runs(event) => self.runs(|part| part.on(event)),
            Event::Latent(event) => self.latent(|part| part.on(event)),
            Event::Space(event) => self.space(|part| part.on(event)),
            Event::Playing(event) => self.playing(|part| part.on(event)),
            Event::Saved(Saved { path, pixels, result: Ok(()) }) => {
                let name = shown(&path).to_string();
                let words = match pixels {
                    None => said!("message-saved", path = name),
                    Some((width, height)) => said!(
                        "message-saved-picture",
                        path = name,
                        width = width as usize,
                        height = height as usize
                    ),
                };
                self.notify_about_file(Severity::Info, words, NoticeFile::Saved(path));
            }
            Event::Saved(Saved { result: Err(cause), .. }) => self.notify(Severity::Error, cause),
        }
    }

    /// A random walk takes its next step when it is time.
    pub(super) fn go_on_walking(&mut self) {
        self.space(|space| space.walk_on());
    }

    /// Updates the state from the player.
    pub(super) fn refresh(&mut self) {
        self.playback(|playback| playback.refresh());
        self.playing(|playing| playing.refresh());
    }

    fn show(&mut self, view: View) {
        self.state.settings.view = view;
        match view {
            View::Training => self.training(|training| training.ask_estimate()),
            View::Latent => self.space(|space| space.encode_if_wanted()),
            View::DataSet => self.data_set(|data_set| data_set.fill()),
            View::Stages => {}
        }
    }

    /// Changes the vector where it is in view; elsewhere, or where `act` changes nothing, says `otherwise`.
    fn in_latent_view(&mut self, act: impl FnOnce(&mut LatentPart<'_>) -> bool, otherwise: Spoken) {
        if self.state.settings.view != View::Latent || !self.latent(act) {
            self.notify(Severity::Info, otherwise);
        }
    }

    fn notices(&mut self) -> Notices<'_> {
        Notices { list: &mut self.state.notices, next_id: &mut self.next_notice }
    }

    /// Shows a notice about a file.
    pub fn notify_about_file(&mut self, severity: Severity, words: impl Into<Spoken>, file: NoticeFile) {
        self.notices().add_about_file(severity, About::Program, words, Some(file));
    }

    /// Shows a notice about the program.
    pub fn notify(&mut self, severity: Severity, words: impl Into<Spoken>) {
        self.notices().add(severity, About::Program, words);
    }

    fn on_library_news(&mut self, news: library::part::News) {
        use library::part::News;
        match news {
            News::Model(path) => self.latent(|latent| latent.open_model(path)),
            News::Replaced => {
                self.sound.lock().stop();
                self.inspection(|inspection| inspection.forget());
                self.space(|space| space.on_library());
                self.training(|training| training.describe());
                self.data_set(|data_set| data_set.on_library());
            }
            News::Selected => {
                self.space(|space| space.stop_walking());
                self.inspection(|inspection| inspection.ask_stages());
            }
            News::PlayFrom(secs) => self.playback(|playback| playback.play_from(secs)),
            News::LeftOut => self.training(|training| training.describe()),
            News::HeadersRead => {
                self.training(|training| training.describe());
                self.data_set(|data_set| data_set.fill());
            }
        }
    }

    fn on_inspection_news(&mut self, news: inspection::part::News) {
        use inspection::part::News;
        match news {
            News::Staged(recording) => {
                self.library(|library| library.set_failure(recording, None));
                self.playback(|playback| playback.play_awaited(recording));
            }
            News::Failed { recording, words, cause } => {
                self.playback(|playback| playback.refuse_awaited(recording, words));
                self.library(|library| library.set_failure(recording, Some(cause)));
            }
            News::Replaced(recording, Replaced { stamp, info }) => {
                self.library(|library| library.on_replaced(recording, stamp, info));
            }
            News::Preprocessing => {
                self.training(|training| training.describe_model());
                self.library(|library| library.follow_pieces());
            }
        }
    }

    fn on_data_set_news(&mut self, news: data_set::News) {
        let data_set::News::Decoded(skipped) = news;
        self.library(|library| library.set_failures(&skipped));
    }

    fn on_training_news(&mut self, news: training::part::News) {
        use training::part::News;
        match news {
            News::OtherRun => {
                self.latent(|latent| latent.forget_training_model());
                self.runs(|runs| {
                    runs.forget_other_replay();
                    runs.mark_active_run();
                });
            }
            News::Replay => self.runs(|runs| runs.follow_replay()),
            News::Model { run, epochs, bundle, wanted } => {
                let model = TrainingModel { run, epochs, bundle };
                self.latent(|latent| latent.on_training_model(model, wanted));
                self.runs(|runs| runs.follow_replay());
            }
            News::Started | News::Saved => self.runs(|runs| runs.read_shown_list()),
            News::Ended => {
                self.runs(|runs| runs.read_shown_list());
                self.latent(|latent| latent.on_run_end());
                // A map or a view that waited for the run to end is made now.
                self.space(|space| space.encode_if_wanted());
                self.data_set(|data_set| data_set.fill());
                // The form may have changed while nothing was measured beside the run.
                self.training(|training| training.ask_estimate());
            }
            News::UseModel => self.latent(|latent| latent.use_training_model()),
        }
    }

    fn on_latent_news(&mut self, news: latent::part::News) {
        use latent::part::News;
        match news {
            News::Model { same_run } => self.space(|space| space.on_model(same_run)),
            News::Opened(folder) => self.runs(|runs| runs.remember_model(&folder)),
            News::Axes => self.space(|space| space.measure_effects()),
            News::Remembered => self.library(|library| library.vector_is_newer()),
            News::ByHand => self.space(|space| space.stop_walking()),
            News::Dragging(dragging) => self.space.set_paused(dragging),
            News::Looping(looping) => self.playing(|playing| playing.mode_follows(looping)),
            News::Guest(original) => self.space(|space| space.add_guest(&original)),
        }
    }

    fn on_space_news(&mut self, news: space::part::News) {
        use space::part::News;
        match news {
            News::GoTo(place) => self.latent(|latent| latent.go_to(place)),
            News::DragTo(place) => self.latent(|latent| latent.drag_to(place)),
            News::Encode { name, path } => self.latent(|latent| latent.encode_file(None, name, path)),
            News::Surroundings(surroundings) => {
                self.latent(|latent| latent.set_surroundings(surroundings));
            }
        }
    }

    fn on_playing_news(&mut self, news: playing::part::News) {
        use playing::part::News;
        match news {
            News::Move { axis, value, is_new } => {
                self.latent(|latent| latent.move_by_hand(axis, value, is_new));
            }
            News::Loop(looping) => self.latent(|latent| latent.set_looping(looping)),
            News::Take(path) => self.space(|space| space.bring_sound(path)),
        }
    }

    fn on_runs_news(&mut self, news: runs::part::News) {
        use runs::part::News;
        match news {
            News::Open(folder) => self.route(library::LibraryCommand::Open(folder).into()),
            News::Show(part) => self.training(|training| training.apply(TrainingCommand::Show(part))),
            News::Preprocessing(config) => {
                self.inspection(|part| part.apply(InspectionCommand::SetPreprocessing(config)));
            }
            News::Form(form) => self.training(|training| training.set_form(*form)),
        }
    }

    /// For parts without news.
    fn never(_: &Self, news: Infallible) {
        match news {}
    }
}
