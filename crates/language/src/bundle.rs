//! The messages of one language, parsed once in the life of the program.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentNumber};
use intl_memoizer::concurrent::IntlLangMemoizer;

use crate::{
    choice::Language,
    messages::{self, File},
};

/// The messages of one language.
pub struct Bundle(FluentBundle<FluentResource>);

/// The messages of `language`.
pub fn of(language: Language) -> &'static Bundle {
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    static CHINESE: OnceLock<Bundle> = OnceLock::new();
    let bundle = match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    };
    bundle.get_or_init(|| Bundle::read(language))
}

impl Bundle {
    fn read(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Marks that isolate an argument's direction of writing would be drawn as boxes, and both languages run from left to right.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(in_groups));
        for File { name, text } in messages::of(language) {
            // Faults of a message file leave out the message that has them; tests/languages.rs finds them.
            let resource =
                FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, faults)| {
                    log::error!("{} {name}.ftl: {faults:?}", language.code());
                    resource
                });
            if let Err(faults) = bundle.add_resource(resource) {
                log::error!("{} {name}.ftl: {faults:?}", language.code());
            }
        }
        Self(bundle)
    }

    /// The message with this key, `None` if there is none or an argument that it needs was not given.
    pub fn text(&self, key: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.0.get_message(key)?.value()?;
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        let mut faults = Vec::new();
        let text = self.0.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
        if !faults.is_empty() {
            log::error!("{key}: {faults:?}");
            return None;
        }
        Some(text)
    }
}

/// Whole numbers in groups of three digits; `None` leaves a value to Fluent.
fn in_groups(value: &FluentValue<'_>, _memoizer: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(FluentNumber { value, .. }) = value else { return None };
    (value.fract() == 0.0 && value.abs() < 1e15).then(|| {
        let digits = format!("{:.0}", value.abs());
        let mut text = if *value < 0.0 { "-".to_owned() } else { String::new() };
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    })
}
