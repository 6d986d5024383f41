//! Units of settings.

/// Unit of a setting's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number without a unit.
    None,
    /// Hertz.
    Hertz,
    /// Decibels.
    Decibels,
    /// Seconds.
    Seconds,
    /// Samples of a signal.
    Samples,
    /// Columns of an image.
    Frames,
    /// Rows of an image.
    Bins,
    /// Passes over the training images.
    Epochs,
    /// Steps of the optimiser.
    Steps,
    /// A fraction that forms show in percent.
    Fraction,
    /// A multiple of something.
    Times,
}

impl Unit {
    /// After a number in a form, the space before it included. Samples go without: their fields are narrow.
    pub const fn form_suffix(self) -> &'static str {
        match self {
            Self::Samples => "",
            Self::Fraction => " %",
            other => other.suffix(),
        }
    }

    /// As [`Unit::form_suffix`], after this `number`: `1 epoch`.
    pub fn form_suffix_after(self, number: f64) -> &'static str {
        match self {
            Self::Frames if number == 1.0 => " frame",
            Self::Bins if number == 1.0 => " bin",
            Self::Epochs if number == 1.0 => " epoch",
            Self::Steps if number == 1.0 => " step",
            other => other.form_suffix(),
        }
    }

    /// What a form multiplies a value by before it shows it.
    pub const fn form_scale(self) -> f64 {
        match self {
            Self::Fraction => 100.0,
            _ => 1.0,
        }
    }

    /// After a number, the space before it included.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::None | Self::Fraction => "",
            Self::Hertz => " Hz",
            Self::Decibels => " dB",
            Self::Seconds => " s",
            Self::Samples => " samples",
            Self::Frames => " frames",
            Self::Bins => " bins",
            Self::Epochs => " epochs",
            Self::Steps => " steps",
            Self::Times => " ×",
        }
    }

    /// The name of a value in the command line's help.
    pub(super) const fn value_name(self) -> Option<&'static str> {
        Some(match self {
            Self::None | Self::Times => return None,
            Self::Hertz => "HZ",
            Self::Decibels => "DB",
            Self::Seconds => "SECONDS",
            Self::Samples => "SAMPLES",
            Self::Frames => "FRAMES",
            Self::Bins => "BINS",
            Self::Epochs => "EPOCHS",
            Self::Steps => "STEPS",
            Self::Fraction => "FRACTION",
        })
    }
}
