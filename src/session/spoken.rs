//! Texts that are said whenever they are read: a person may choose another language while they are shown.

use std::{fmt, sync::Arc};

use super::error_words::InWords;
use crate::language::Value;

/// A text in the language of whoever reads it; `said!` makes one.
#[derive(Clone)]
pub struct Spoken(Arc<dyn Fn() -> String + Send + Sync>);

impl Spoken {
    /// What `say` says in the language of the current thread.
    pub fn new(say: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(say))
    }

    /// The text in the current language.
    pub fn text(&self) -> String {
        (self.0)()
    }

    /// This text, and `next` behind it.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self::new(move || self.text() + &next.text())
    }
}

/// What is said in every language: names, and what the system or a library says.
impl From<String> for Spoken {
    fn from(text: String) -> Self {
        Self::new(move || text.clone())
    }
}

impl From<&str> for Spoken {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl<T: InWords + Send + Sync + 'static> From<T> for Spoken {
    fn from(error: T) -> Self {
        Self::new(move || error.words())
    }
}

impl fmt::Display for Spoken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl fmt::Debug for Spoken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text(), formatter)
    }
}

/// Texts that read alike are alike.
impl PartialEq for Spoken {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Spoken {}

/// A value that a spoken text keeps.
pub trait Kept {
    /// For a message of the current language.
    fn value(&self) -> Value<'_>;
}

impl Kept for String {
    fn value(&self) -> Value<'_> {
        self.as_str().into()
    }
}

impl Kept for &'static str {
    fn value(&self) -> Value<'_> {
        (*self).into()
    }
}

impl Kept for usize {
    fn value(&self) -> Value<'_> {
        (*self).into()
    }
}

impl Kept for u64 {
    fn value(&self) -> Value<'_> {
        (*self).into()
    }
}

impl Kept for Spoken {
    fn value(&self) -> Value<'_> {
        self.text().into()
    }
}

/// For `said!`: the value itself.
#[doc(hidden)]
pub fn kept<T: Kept>(value: T) -> T {
    value
}

/// The [`Spoken`] text with this key: as `text!`, but in the language of every later moment. It keeps its values.
macro_rules! said {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = $crate::session::spoken::kept($value);)*
        $crate::session::spoken::Spoken::new(move || {
            $crate::language::text!($key $(, $name = $crate::session::spoken::Kept::value(&$name))*)
        })
    }};
}

pub(crate) use said;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        jobs::JobError,
        language::{Language, set},
        sentence,
    };

    #[test]
    fn a_text_follows_the_language_with_all_that_it_says() {
        set(Language::English);
        let error = JobError::Said(sentence!("error-no-model", "no model is loaded"));
        let both = said!("message-training-failed", cause = Spoken::from(error))
            .then(said!("recordings", count = 2_usize));
        let english = both.text();
        assert!(english.contains("no model is loaded") && english.ends_with("2 recordings"), "{english}");
        set(Language::Chinese);
        let chinese = both.text();
        assert!(chinese.contains("没有加载模型") && chinese.ends_with("2 个录音"), "{chinese}");
    }
}
