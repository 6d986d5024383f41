//! The types that settings may have.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    description::Setting,
    limits::{End, Limits},
    misfit::{Expected, Misfit},
    unit::Unit,
};

/// A type that a setting may have.
pub trait SettingValue: Clone + PartialEq + Serialize + for<'de> Deserialize<'de> {
    /// Its values, unless the setting has limits of its own.
    const LIMITS: Limits;

    /// The value that `text` stands for on the command line.
    ///
    /// # Errors
    /// Says what it must be, when it is of another kind.
    fn parse(text: &str, setting: &Setting) -> Result<Self, String>;

    /// The value as it is typed on the command line.
    fn words(&self) -> String;

    /// The value as people read it, with its unit.
    fn read_words(&self, setting: &Setting) -> String {
        format!("{}{}", self.words(), setting.unit.suffix())
    }

    /// Whether the setting may have this value.
    ///
    /// # Errors
    /// Names setting, value and limits.
    fn check(&self, setting: &'static Setting) -> Result<(), Misfit> {
        if self.fits(setting) { Ok(()) } else { Err(setting.misfit(self.words(), Expected::Limits(setting))) }
    }

    /// Whether the value is within the setting's limits.
    fn fits(&self, _setting: &Setting) -> bool {
        true
    }

    /// The absent value, where there is one that files call `none`.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether files of settings leave the value out.
    fn is_unwritten(&self) -> bool {
        false
    }

    /// Reads the value from a file of settings.
    ///
    /// # Errors
    /// When it is of another kind.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    /// Writes the value to a file of settings.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Setting {
    /// A setting with the limits of its type.
    pub const fn new<T: SettingValue>(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            flag: None,
            label: name,
            help: help.trim_ascii(),
            value: None,
            unit: Unit::None,
            limits: T::LIMITS,
            absent: None,
            group: None,
            shapes_images: false,
        }
    }
}

/// The word for an absent value in files of settings: TOML has no null.
pub const NONE: &str = "none";

/// Writes what was chosen to a file of settings.
///
/// # Errors
/// Those of the serializer.
pub fn write<T: SettingValue, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => value.write(serializer),
        None => serializer.serialize_none(),
    }
}

/// Whether a file of settings leaves out what was chosen.
pub fn is_unwritten<T: SettingValue>(value: &Option<T>) -> bool {
    value.as_ref().is_none_or(SettingValue::is_unwritten)
}

/// Reads a whole number within the setting's limits.
fn parse_count<T: TryFrom<u64>>(text: &str, setting: &Setting) -> Result<T, String> {
    let count = text.parse().ok().filter(|count| allows_count(setting, *count));
    let count = count.and_then(|count| T::try_from(count).ok());
    count.ok_or_else(|| format!("it must be a whole number {}", setting.limits_words()))
}

fn allows_count(setting: &Setting, count: u64) -> bool {
    match setting.limits {
        Limits::Count { least, most } => (least..=most).contains(&count),
        _ => true,
    }
}

macro_rules! counts {
    ($($type:ty: $widened:expr;)+) => {$(
        impl SettingValue for $type {
            const LIMITS: Limits = Limits::Count { least: 0, most: u64::MAX };

            fn parse(text: &str, setting: &Setting) -> Result<Self, String> {
                parse_count(text, setting)
            }

            fn words(&self) -> String {
                self.to_string()
            }

            fn fits(&self, setting: &Setting) -> bool {
                let widened: fn($type) -> u64 = $widened;
                allows_count(setting, widened(*self))
            }
        }
    )+};
}

counts! {
    u32: u64::from;
    usize: |count| count as u64;
}

/// Seeds: all of their values can be written and read, also those that are too large for TOML's numbers.
impl SettingValue for u64 {
    const LIMITS: Limits = Limits::Count { least: 0, most: Self::MAX };

    fn parse(text: &str, setting: &Setting) -> Result<Self, String> {
        parse_count(text, setting)
    }

    fn words(&self) -> String {
        self.to_string()
    }

    fn fits(&self, setting: &Setting) -> bool {
        allows_count(setting, *self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeedVisitor)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if i64::try_from(*self).is_ok() {
            serializer.serialize_u64(*self)
        } else {
            serializer.serialize_str(&self.to_string())
        }
    }
}

struct SeedVisitor;

impl de::Visitor<'_> for SeedVisitor {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number from 0 on")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).ok().ok_or_else(|| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        text.parse().ok().ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

macro_rules! numbers {
    ($($type:ty: $widened:expr;)+) => {$(
        impl SettingValue for $type {
            const LIMITS: Limits = Limits::Number {
                low: End { at: f64::MIN, is_included: true },
                high: End { at: f64::MAX, is_included: true },
            };

            fn parse(text: &str, setting: &Setting) -> Result<Self, String> {
                let value: Self = text.parse().map_err(|error| format!("`{text}` is not a number: {error}"))?;
                if value.fits(setting) { Ok(value) } else { Err(format!("it must be {}", setting.limits_words())) }
            }

            fn words(&self) -> String {
                self.to_string()
            }

            fn fits(&self, setting: &Setting) -> bool {
                let widened: fn($type) -> f64 = $widened;
                setting.allows(widened(*self))
            }
        }
    )+};
}

numbers! {
    f32: f64::from;
    f64: |number| number;
}

impl SettingValue for bool {
    const LIMITS: Limits = Limits::Switch;

    fn parse(text: &str, setting: &Setting) -> Result<Self, String> {
        text.parse().ok().ok_or_else(|| format!("it must be {}", setting.limits_words()))
    }

    fn words(&self) -> String {
        self.to_string()
    }

    fn read_words(&self, _setting: &Setting) -> String {
        (if *self { "yes" } else { "no" }).to_owned()
    }
}

impl SettingValue for String {
    const LIMITS: Limits = Limits::Text("TEXT");

    fn parse(text: &str, _setting: &Setting) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn words(&self) -> String {
        self.clone()
    }
}

/// Text that may be absent is left out of files where it is: any word might be the text.
impl SettingValue for Option<String> {
    const LIMITS: Limits = String::LIMITS;

    fn parse(text: &str, _setting: &Setting) -> Result<Self, String> {
        Ok(Some(text.to_owned()))
    }

    fn words(&self) -> String {
        self.clone().unwrap_or_else(|| NONE.to_owned())
    }

    fn is_unwritten(&self) -> bool {
        self.is_none()
    }
}

macro_rules! optional_numbers {
    ($($type:ty),+) => {$(
        impl SettingValue for Option<$type> {
            const LIMITS: Limits = <$type>::LIMITS;

            fn parse(text: &str, setting: &Setting) -> Result<Self, String> {
                let is_absent = setting.absent.is_some_and(|absent| absent.is_zero) && text.parse() == Ok(<$type>::default());
                if is_absent { Ok(None) } else { <$type>::parse(text, setting).map(Some) }
            }

            fn words(&self) -> String {
                self.as_ref().map_or_else(|| NONE.to_owned(), SettingValue::words)
            }

            fn read_words(&self, setting: &Setting) -> String {
                let absent = || setting.absent.map_or(NONE, |absent| absent.word).to_owned();
                self.as_ref().map_or_else(absent, |value| value.read_words(setting))
            }

            fn fits(&self, setting: &Setting) -> bool {
                self.as_ref().is_none_or(|value| value.fits(setting))
            }

            fn absent() -> Option<Self> {
                Some(None)
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Some(value) => value.write(serializer),
                    None => serializer.serialize_str(NONE),
                }
            }
        }
    )+};
}

optional_numbers!(usize, f64);
