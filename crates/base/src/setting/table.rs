//! Tables of settings: [`settings!`](crate::settings) and the two traits of what it makes.

use serde::Deserializer;

use super::{Misfit, Setting, SettingValue};

/// Settings that are described by a table.
pub trait Settings: Clone + Sized {
    /// What can be chosen of them.
    type Choices: Choices<Config = Self>;

    /// Every setting, those of nested structs included, in the order of the struct.
    fn table() -> Vec<&'static Setting>;

    /// Names of the struct's fields: of its settings, and of nested structs.
    fn names() -> Vec<&'static str>;

    /// Setting and value of each.
    fn rows(&self) -> Vec<Row>;

    /// The settings whose values differ from those of `other`.
    fn differences(&self, other: &Self) -> Vec<Difference>;

    /// Checks the value of each setting for which `is_in_use` is true against its own limits.
    ///
    /// # Errors
    /// Names the first one beyond its limits.
    fn check_those(&self, is_in_use: &dyn Fn(&Setting) -> bool) -> Result<(), Misfit>;

    /// Checks each value against its own limits.
    ///
    /// # Errors
    /// Names the first one beyond its limits.
    fn check_each(&self) -> Result<(), Misfit> {
        self.check_those(&|_| true)
    }
}

/// What was chosen of some settings.
pub trait Choices: Clone + Default + PartialEq {
    /// The settings.
    type Config: Settings<Choices = Self>;

    /// Every setting of `config`.
    fn all(config: &Self::Config) -> Self;

    /// `base` with what was chosen.
    #[must_use]
    fn over(&self, base: &Self::Config) -> Self::Config;

    /// What was chosen with what `newer` has; its values win.
    #[must_use]
    fn and(self, newer: &Self) -> Self;

    /// The settings that have a value here.
    fn chosen(&self) -> Vec<&'static Setting>;

    /// Whether nothing was chosen.
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what was chosen against the settings' own limits.
    ///
    /// # Errors
    /// Names the first value beyond its limits.
    fn check(&self) -> Result<(), Misfit>;

    /// Takes the value of a flag; `false` where there is no such flag.
    ///
    /// # Errors
    /// Says what it must be.
    fn take_flag(&mut self, flag: &str, text: &str) -> Result<bool, String>;

    /// Takes the value of the setting called `name` from a file; `false` where there is no such setting.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn take_field<'de, D: Deserializer<'de>>(&mut self, name: &str, value: D) -> Result<bool, D::Error>;

    /// Makes the setting called `name` absent; `false` where it cannot be.
    fn take_none(&mut self, name: &str) -> bool;
}

/// A setting with a value.
#[derive(Clone, Debug)]
pub struct Row {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value as it is typed on the command line.
    pub typed: String,
    /// Its value as people read it.
    pub words: String,
}

impl Row {
    /// The row of `setting` with `value`.
    pub fn new(setting: &'static Setting, value: &impl SettingValue) -> Self {
        Self { setting, typed: value.words(), words: value.read_words(setting) }
    }
}

/// A setting that has two values.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The setting.
    pub setting: &'static Setting,
    /// One value.
    pub ours: Row,
    /// The other one.
    pub theirs: Row,
}

impl Difference {
    /// The difference of two values of `setting`, if they differ.
    pub fn of<T: SettingValue>(setting: &'static Setting, ours: &T, theirs: &T) -> Option<Self> {
        (ours != theirs).then(|| Self {
            setting,
            ours: Row::new(setting, ours),
            theirs: Row::new(setting, theirs),
        })
    }
}

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
/// A setting is one line: its help, which is also the doc of its field, its type and default, and what [`Setting`]'s methods say of it.
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
