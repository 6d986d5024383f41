//! Perceptually uniform colours for values between 0 and 1.

use serde::{Deserialize, Serialize};

/// A colour map whose steps look equal to the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourMap {
    /// Black over purple and orange to light yellow.
    #[default]
    Magma,
    /// Blue over green to yellow.
    Viridis,
    /// Black over red to yellow-white.
    Inferno,
    /// Blue to yellow, the same to colour-blind viewers.
    Cividis,
    /// Black to white.
    Grey,
}

impl ColourMap {
    /// Every map, in the order of a menu.
    pub const ALL: [Self; 5] = [Self::Magma, Self::Viridis, Self::Inferno, Self::Cividis, Self::Grey];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Magma => "Magma",
            Self::Viridis => "Viridis",
            Self::Inferno => "Inferno",
            Self::Cividis => "Cividis",
            Self::Grey => "Grey",
        }
    }

    /// Red, green and blue of `value`, which is clamped to 0..1; NaN counts as 0.
    pub fn rgb(self, value: f32) -> [u8; 3] {
        let value = f64::from(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) });
        let gradient = match self {
            Self::Magma => colorous::MAGMA,
            Self::Viridis => colorous::VIRIDIS,
            Self::Inferno => colorous::INFERNO,
            Self::Cividis => colorous::CIVIDIS,
            Self::Grey => return [(value * 255.0).round() as u8; 3],
        };
        let colour = gradient.eval_continuous(value);
        [colour.r, colour.g, colour.b]
    }

    /// The map at 256 even steps, for textures.
    pub fn table(self) -> [[u8; 3]; 256] {
        std::array::from_fn(|step| self.rgb(step as f32 / 255.0))
    }
}

/// Red, green and blue of a signed `value` in −1..1: blue below zero, nearly white at zero, red above.
pub fn diverging_rgb(value: f32) -> [u8; 3] {
    let value = if value.is_nan() { 0.0 } else { value.clamp(-1.0, 1.0) };
    let colour = colorous::RED_BLUE.eval_continuous(f64::from(0.5 - value / 2.0));
    [colour.r, colour.g, colour.b]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_grows_lighter_from_end_to_end() {
        for map in ColourMap::ALL {
            let light = |value| map.rgb(value).iter().map(|&c| u32::from(c)).sum::<u32>();
            assert!(light(0.0) < light(0.5) && light(0.5) < light(1.0), "{}", map.name());
            assert_eq!(map.rgb(f32::NAN), map.rgb(0.0));
            assert_eq!(map.table()[255], map.rgb(2.0));
        }
    }

    #[test]
    fn signed_values_turn_blue_and_red() {
        let (below, above) = (diverging_rgb(-1.0), diverging_rgb(1.0));
        assert!(below[2] > below[0] && above[0] > above[2]);
        assert!(diverging_rgb(0.0).iter().all(|&c| c > 225));
    }
}
