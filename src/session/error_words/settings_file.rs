//! Mistakes in a file of settings.

use super::InWords;
use crate::{
    jobs::runs::settings::mistake::{Known, Mistake, What},
    language::{Value, translation},
};

impl InWords for Mistake {
    fn translated(&self) -> Option<String> {
        let text = |text: &str| Value::from(text.to_owned());
        let (key, values) = match &self.what {
            What::Syntax(cause) => ("settings-file-syntax", vec![("cause", text(cause))]),
            What::Outside(name) => ("settings-file-outside", vec![("name", text(name))]),
            What::UnknownTable(name) => ("settings-file-unknown-table", vec![("name", text(name))]),
            What::Unknown { section, name, known } => {
                let (key, known) = match known {
                    Known::Similar(other) => ("settings-file-similar", text(other)),
                    Known::All(names) => ("settings-file-unknown", text(&names.join("、"))),
                };
                (key, vec![("section", text(section)), ("name", text(name)), ("known", known)])
            }
            What::Misfit { section, name, misfit } => (
                "settings-file-value",
                vec![
                    ("section", text(section)),
                    ("name", text(name)),
                    ("cause", misfit.translated()?.into()),
                ],
            ),
            What::Value { section, name, cause } => (
                "settings-file-value",
                vec![("section", text(section)), ("name", text(name)), ("cause", text(cause))],
            ),
        };
        let mistake = translation(key, &values)?;
        translation("settings-file-line", &[("line", self.line.into()), ("mistake", mistake.into())])
    }
}
