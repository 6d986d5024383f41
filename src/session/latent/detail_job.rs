//! Commands about detail: setting the amount, finding the model's detail, making it.

use std::sync::Arc;

use super::{
    detail::{self, DetailCommand, DetailStatus},
    part::{LatentEvent, LatentPart},
    worker::DetailRequest,
};
use crate::{
    explore::detail::Mix,
    jobs::{
        detail::{self as detail_job, Made, Request},
        runs::{
            bundle::Bundle,
            detail::{Detail, origin::Origin},
        },
    },
    session::{
        job::{Plan, Update},
        notices::Severity,
        sound::Hearing,
        spoken::said,
        task::TaskStatus,
    },
};

impl LatentPart<'_> {
    pub(super) fn apply_to_detail(&mut self, command: DetailCommand) {
        match command {
            DetailCommand::Set(mix) => self.set_detail(mix),
            DetailCommand::Make => self.make_detail(),
            DetailCommand::Cancel => self.control.making_detail.cancel(),
        }
    }

    fn set_detail(&mut self, mix: Mix) {
        let mix = mix.checked();
        if mix == self.ctx.settings.detail {
            return;
        }
        self.ctx.settings.detail = mix;
        if self.state.model.is_some() {
            self.ask_decoded(if self.state.dragging { Hearing::Follow } else { Hearing::Once });
        }
    }

    /// Where the detail of the model in use is found and kept.
    fn detail_origin(&self) -> Origin {
        detail::origin_of(self.state.model_origin())
    }

    /// Another model is in use: stops making detail of the earlier one.
    pub(super) fn stop_making_detail(&mut self) {
        self.control.making_detail.forget();
        self.state.detail.making = TaskStatus::Idle;
    }

    /// Another model is in use, or its run has ended: finds its detail when it is needed.
    pub(super) fn look_for_detail_anew(&mut self) {
        self.control.model.detail = None;
        self.state.detail.status = DetailStatus::Unknown;
        let request = DetailRequest::From(self.detail_origin());
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().detail = Some(request));
    }

    fn make_detail(&mut self) {
        let (Some(bundle), Some(recordings)) = (self.control.model.bundle.clone(), self.library.root.clone())
        else {
            self.ctx.notify(Severity::Info, said!("message-open-training-recordings"));
            return;
        };
        if self.control.making_detail.is_running() {
            return;
        }
        let folder = match self.detail_origin() {
            // Nothing is written beside a model of another program.
            Origin::Folder(folder) => Some(folder).filter(|folder| Bundle::is_bundle(folder)),
            Origin::Embedded | Origin::Nowhere => None,
        };
        let resample = self.ctx.settings.preprocessing.resample;
        let bundle = Arc::new((*bundle).clone().resampling(resample));
        let request = Request { bundle, folder, recordings, most: None };
        let plan = Plan { thread: "detail", stage: "opening", total: 1 };
        let mailbox = self.control.mailbox.part(LatentEvent::MakingDetail);
        let status = &mut self.state.detail.making;
        self.control
            .making_detail
            .begin(&plan, status, &mailbox, move |context| detail_job::run(&request, context));
    }

    pub(super) fn on_detail_opened(&mut self, model_serial: u64, result: Result<Arc<Detail>, DetailStatus>) {
        if model_serial != self.control.model_serial {
            return;
        }
        match result {
            Ok(detail) => self.use_detail(detail),
            Err(status) => self.state.detail.status = status,
        }
    }

    pub(super) fn on_making_detail(&mut self, update: Update<Made>) {
        let answer = self.control.making_detail.follow(update, &mut self.state.detail.making);
        let Some(Ok(made)) = answer else { return };
        let request = DetailRequest::Use(Arc::clone(&made.detail));
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().detail = Some(request));
        self.use_detail(made.detail);
        if self.ctx.settings.detail.is_on() {
            self.ask_decoded(Hearing::Once);
        }
    }

    fn use_detail(&mut self, detail: Arc<Detail>) {
        self.state.detail.status = DetailStatus::Ready { recordings: detail.recordings(), of: detail.of() };
        self.control.model.detail = Some(detail);
    }
}
