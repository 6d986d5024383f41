//! The macros that make settings: [`settings!`](crate::settings), [`named!`](crate::named) and
//! [`named_value!`](crate::named_value).
//!
//! What they make names everything as other crates find it, in the module above.

/// Makes settings, what was chosen of them, and their table from one list.
///
/// ```
/// use timbrespace_base::{setting::{Choices as _, Settings as _, Unit}, settings};
///
/// settings! {
///     /// Settings of a walk.
///     pub struct Walk, WalkChoices, WalkTable, WALK {
///         /// Steps in all
///         steps: usize = 20, .label("Steps").flag("steps").count(1, 1000).unit(Unit::Steps);
///         /// Length of one step
///         length_secs: f64 = 0.5, .label("Length").flag("length").above(0.0, 10.0).unit(Unit::Seconds);
///     }
/// }
///
/// let mut chosen = WalkChoices::default();
/// chosen.take_flag("steps", "30")?;
/// assert_eq!(chosen.over(&Walk::default()), Walk { steps: 30, length_secs: 0.5 });
/// let wrong = Walk { length_secs: 0.0, ..Walk::default() }.check_each().unwrap_err();
/// assert_eq!(wrong.to_string(), "--length is 0, but must be above 0 and at most 10 s");
/// assert_eq!(WALK.steps.help, "Steps in all");
/// # Ok::<(), String>(())
/// ```
///
/// A setting is one line: its help, which is also the doc of its field, its type and default, and what [`Setting`](crate::setting::Setting)'s methods say of it.
/// `nested` names settings that are a struct of their own.
///
/// A crate that uses this needs `timbrespace-base` under that name, because serde's attributes take paths as text; it needs no
/// serde of its own.
#[macro_export]
macro_rules! settings {
    (
        $(#[$meta:meta])*
        pub struct $config:ident, $choices:ident, $table:ident, $static:ident {
            $(
                $(#[doc = $help:literal])+
                $field:ident: $type:ty = $default:expr, $(.$step:ident($($argument:expr),*))+
                $(, #[$attribute:meta])?;
            )*
            $(nested {$(
                $(#[doc = $nested_help:literal])+
                $nested:ident: $nested_config:ty, $nested_choices:ty;
            )+})?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "timbrespace_base::serde", default)]
        pub struct $config {
            $($(#[doc = $help])+ $(#[$attribute])? pub $field: $type,)*
            $($($(#[doc = $nested_help])+ pub $nested: $nested_config,)+)?
        }

        impl Default for $config {
            fn default() -> Self {
                Self {
                    $($field: $default,)*
                    $($($nested: <$nested_config>::default(),)+)?
                }
            }
        }

        #[doc = concat!("What was chosen of [`", stringify!($config), "`].")]
        #[derive(Clone, Debug, Default, PartialEq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "timbrespace_base::serde", default, deny_unknown_fields)]
        pub struct $choices {
            $(
                $(#[doc = $help])+
                #[serde(
                    serialize_with = "timbrespace_base::setting::write",
                    skip_serializing_if = "timbrespace_base::setting::is_unwritten"
                )]
                pub $field: Option<$type>,
            )*
            $($(
                $(#[doc = $nested_help])+
                #[serde(skip_serializing_if = "timbrespace_base::setting::Choices::is_empty")]
                pub $nested: $nested_choices,
            )+)?
        }

        #[doc = concat!("What is said about each of [`", stringify!($config), "`].")]
        #[derive(Debug)]
        pub struct $table {
            $($(#[doc = $help])+ pub $field: $crate::setting::Setting,)*
        }

        #[doc = concat!("The table of [`", stringify!($config), "`].")]
        pub static $static: $table = $table {
            $(
                $field: $crate::setting::Setting::new::<$type>(stringify!($field), concat!($($help),+))
                    $(.$step($($argument),*))+,
            )*
        };

        impl $crate::setting::Settings for $config {
            type Choices = $choices;

            fn table() -> Vec<&'static $crate::setting::Setting> {
                let own = [$(&$static.$field),*].into_iter();
                own $($(.chain(<$nested_config as $crate::setting::Settings>::table()))+)? .collect()
            }

            fn names() -> Vec<&'static str> {
                vec![$(stringify!($field),)* $($(stringify!($nested)),+)?]
            }

            fn rows(&self) -> Vec<$crate::setting::Row> {
                let own = [$($crate::setting::Row::new(&$static.$field, &self.$field)),*].into_iter();
                own $($(.chain($crate::setting::Settings::rows(&self.$nested)))+)? .collect()
            }

            fn differences(&self, other: &Self) -> Vec<$crate::setting::Difference> {
                let own = [$($crate::setting::Difference::of(&$static.$field, &self.$field, &other.$field)),*];
                let own = own.into_iter().flatten();
                own $($(.chain($crate::setting::Settings::differences(&self.$nested, &other.$nested)))+)? .collect()
            }

            fn check_those(
                &self,
                is_in_use: &dyn Fn(&$crate::setting::Setting) -> bool,
            ) -> Result<(), $crate::setting::Misfit> {
                $(if is_in_use(&$static.$field) {
                    $crate::setting::SettingValue::check(&self.$field, &$static.$field)?;
                })*
                $($($crate::setting::Settings::check_those(&self.$nested, is_in_use)?;)+)?
                Ok(())
            }
        }

        impl $crate::setting::Choices for $choices {
            type Config = $config;

            fn all(config: &$config) -> Self {
                Self {
                    $($field: Some(config.$field.clone()),)*
                    $($($nested: $crate::setting::Choices::all(&config.$nested),)+)?
                }
            }

            fn over(&self, base: &$config) -> $config {
                $config {
                    $($field: self.$field.as_ref().unwrap_or(&base.$field).clone(),)*
                    $($($nested: $crate::setting::Choices::over(&self.$nested, &base.$nested),)+)?
                }
            }

            fn and(self, newer: &Self) -> Self {
                Self {
                    $($field: newer.$field.clone().or(self.$field),)*
                    $($($nested: $crate::setting::Choices::and(self.$nested, &newer.$nested),)+)?
                }
            }

            fn chosen(&self) -> Vec<&'static $crate::setting::Setting> {
                let own = [$(self.$field.is_some().then_some(&$static.$field)),*].into_iter().flatten();
                own $($(.chain($crate::setting::Choices::chosen(&self.$nested)))+)? .collect()
            }

            fn check(&self) -> Result<(), $crate::setting::Misfit> {
                $(if let Some(value) = &self.$field { $crate::setting::SettingValue::check(value, &$static.$field)?; })*
                $($($crate::setting::Choices::check(&self.$nested)?;)+)?
                Ok(())
            }

            fn take_flag(&mut self, flag: &str, text: &str) -> Result<bool, String> {
                $(if $static.$field.flag == Some(flag) {
                    self.$field = Some($crate::setting::SettingValue::parse(text, &$static.$field)?);
                    return Ok(true);
                })*
                $($(if $crate::setting::Choices::take_flag(&mut self.$nested, flag, text)? { return Ok(true); })+)?
                Ok(false)
            }

            fn take_field<'de, D: $crate::serde::Deserializer<'de>>(
                &mut self,
                name: &str,
                value: D,
            ) -> Result<bool, D::Error> {
                match name {
                    $(stringify!($field) => self.$field = Some($crate::setting::SettingValue::read(value)?),)*
                    $($(stringify!($nested) => {
                        let newer: $nested_choices = $crate::serde::Deserialize::deserialize(value)?;
                        self.$nested = $crate::setting::Choices::and(std::mem::take(&mut self.$nested), &newer);
                    })+)?
                    _ => return Ok(false),
                }
                Ok(true)
            }

            fn take_none(&mut self, name: &str) -> bool {
                match name {
                    $(stringify!($field) => {
                        self.$field = $crate::setting::SettingValue::absent();
                        self.$field.is_some()
                    })*
                    _ => false,
                }
            }
        }
    };
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

/// Makes a [`Named`](crate::setting::Named) type one that settings may have.
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
