//! Names of what a job is doing, for a person.

use super::task::TaskStatus;
use crate::{
    jobs::{
        compare_loading::WRITING,
        doctor::EXAMINING,
        export_latent::EXPORTING,
        latent::{encoded_set::ENCODING, reconstruction_errors::RECONSTRUCTING},
        layout::ARRANGING,
        parity::COMPARING,
        survey::PREPROCESSING,
    },
    language::text,
};

impl TaskStatus {
    /// What is being done, in the language of the window; empty while nothing is.
    pub fn stage_words(&self) -> String {
        let Self::Running { stage, .. } = *self else { return String::new() };
        match stage {
            ARRANGING => text!("message-work-arranging"),
            "checking the images" => text!("message-work-checking-images"),
            "climbing" => text!("message-work-climbing"),
            COMPARING => text!("message-work-comparing"),
            "decoding" => text!("message-work-decoding"),
            "detail" => text!("message-work-detail"),
            ENCODING => text!("message-work-encoding"),
            EXAMINING => text!("message-work-examining"),
            EXPORTING => text!("message-work-exporting"),
            "opening" => text!("message-work-opening"),
            PREPROCESSING => text!("message-work-preprocessing"),
            RECONSTRUCTING => text!("message-work-reconstructing"),
            "timing epochs" => text!("message-work-timing-epochs"),
            "trying a cold epoch" => text!("message-work-trying-cold-epoch"),
            WRITING => text!("message-work-writing-cache"),
            other => other.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{self, Language};

    fn words(stage: &'static str) -> String {
        let mut status = TaskStatus::default();
        status.advance(stage, 0, 1);
        status.stage_words()
    }

    #[test]
    fn english_names_work_as_its_job_does() {
        for stage in
            [ARRANGING, COMPARING, ENCODING, EXAMINING, EXPORTING, PREPROCESSING, RECONSTRUCTING, WRITING]
        {
            assert_eq!(words(stage), stage);
        }
        assert_eq!(TaskStatus::Done.stage_words(), "");
    }

    #[test]
    fn other_languages_name_it_in_their_own_words() {
        language::set(Language::Chinese);
        assert_eq!(words(ENCODING), "编码");
        assert_eq!(words("unheard of"), "unheard of");
    }
}
