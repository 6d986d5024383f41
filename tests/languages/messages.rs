//! The messages of a language, read from their files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use timbrespace::language::{FILES, Language};

/// One message.
pub struct Message {
    /// Name of its file, without the ending.
    pub file: &'static str,
    /// Names of its arguments.
    pub arguments: BTreeSet<String>,
    /// Its words, without what is put in.
    pub text: String,
}

/// All messages of a language, by key.
#[derive(Default)]
pub struct Messages {
    pub messages: BTreeMap<String, Message>,
    /// What cannot be read, and keys that stand twice.
    pub faults: Vec<String>,
}

impl Messages {
    pub fn read(language: Language) -> Self {
        let mut all = Self::default();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/languages").join(language.code());
        for file in FILES {
            let path = folder.join(format!("{file}.ftl"));
            let text = fs::read_to_string(&path).unwrap();
            let resource = match parser::parse(text.as_str()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    all.faults.push(format!("{}: {errors:?}", path.display()));
                    resource
                }
            };
            for entry in resource.body {
                let Entry::Message(message) = entry else { continue };
                let key = message.id.name.to_owned();
                let mut read = Message { file, arguments: BTreeSet::new(), text: String::new() };
                let Some(pattern) = &message.value else {
                    all.faults.push(format!("{}: {key} says nothing", path.display()));
                    continue;
                };
                read.add(pattern);
                if all.messages.insert(key.clone(), read).is_some() {
                    all.faults.push(format!("{}: {key} stands twice", path.display()));
                }
            }
        }
        all
    }
}

impl Message {
    fn add(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.add_expression(expression),
            }
        }
    }

    fn add_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.add_inline(inline),
            Expression::Select { selector, variants } => {
                self.add_inline(selector);
                for variant in variants {
                    self.add(&variant.value);
                }
            }
        }
    }

    fn add_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.add_expression(expression),
            _ => {}
        }
    }
}
