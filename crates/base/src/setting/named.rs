//! Settings whose values have names.

/// How one value of a setting is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// In files and on the command line.
    pub word: &'static str,
    /// In a form.
    pub label: &'static str,
    /// What is meant, where the setting's help does not say it.
    pub help: &'static str,
}

/// A type of few values, each with a name.
pub trait Named: Copy + PartialEq + 'static {
    /// Every value, in the order of a form.
    const ALL: &'static [Self];
    /// Their names, in the same order.
    fn names() -> &'static [Name];

    /// How this value is called.
    fn called(self) -> &'static Name {
        const UNNAMED: &Name = &Name { word: "", label: "", help: "" };
        Self::ALL.iter().position(|value| *value == self).map_or(UNNAMED, |place| &Self::names()[place])
    }

    /// The value that is called `word` in files and on the command line.
    fn of_word(word: &str) -> Option<Self> {
        Self::names().iter().position(|name| name.word == word).map(|place| Self::ALL[place])
    }
}

/// Makes an enum whose values have names: `Variant = "word", "Label";`, or `Variant = "word", "Label", "Help";`.
///
/// The words are those of files and of the command line, the labels those of forms. An enum that `is` a type has a value of that type for
/// each variant: `Variant = "word", "Label", "Help" => value;`.
#[macro_export]
macro_rules! named {
    (
        $(#[$meta:meta])*
        pub enum $type:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal, $label:literal $(, $help:literal)?;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "timbrespace_base::serde")]
        pub enum $type {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+
        }

        impl $crate::setting::Named for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn names() -> &'static [$crate::setting::Name] {
                &[$($crate::setting::Name { word: $word, label: $label, help: concat!($($help)?) }),+]
            }
        }

        $crate::named_value!($type);
    };
    (
        $(#[$meta:meta])*
        pub enum $type:ident is $facts:ty {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal, $label:literal, $help:literal => $fact:expr;)+
        }
    ) => {
        $crate::named! {
            $(#[$meta])*
            pub enum $type {
                $($(#[$variant_meta])* $variant = $word, $label, $help;)+
            }
        }

        impl $type {
            /// What the table has of it.
            pub fn facts(self) -> $facts {
                match self {
                    $(Self::$variant => $fact,)+
                }
            }
        }
    };
}

/// Makes a [`Named`] type one that settings may have.
#[macro_export]
macro_rules! named_value {
    ($type:ident) => {
        impl $crate::setting::SettingValue for $type {
            const LIMITS: $crate::setting::Limits =
                $crate::setting::Limits::Words(<Self as $crate::setting::Named>::names);

            fn parse(text: &str, setting: &$crate::setting::Setting) -> Result<Self, String> {
                <Self as $crate::setting::Named>::of_word(text)
                    .ok_or_else(|| format!("it must be {}", setting.limits_words()))
            }

            fn words(&self) -> String {
                $crate::setting::Named::called(*self).word.to_owned()
            }
        }
    };
}
