//! The part of a colour map that can be seen on the ground that it lies on.

use eframe::egui::Color32;

use super::textures::Colours;
use crate::{app::theme, inspect::colour_map::ColourMap};

/// Least contrast of a colour with the ground, by WCAG 2.1.
const LEAST_CONTRAST: f64 = 3.0;

/// A colour map without the colours that do not stand out from the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisibleColours {
    map: ColourMap,
    /// Position on the map of the lowest value, and of the highest.
    ends: (f32, f32),
}

impl Default for VisibleColours {
    fn default() -> Self {
        Self { map: ColourMap::default(), ends: (0.0, 1.0) }
    }
}

impl VisibleColours {
    /// The colours of `map` that stand out from `ground`; all of them where none does.
    pub fn on(ground: Color32, map: ColourMap) -> Self {
        let position = |step: u8| f32::from(step) / 255.0;
        let stands_out =
            |step: &u8| theme::contrast(Colours::Map(map).at(position(*step)), ground) >= LEAST_CONTRAST;
        // A map grows lighter from end to end, so the visible steps lie together.
        let (first, last) = ((0..=255).find(stands_out), (0..=255).rfind(stands_out));
        Self { map, ends: (first.map_or(0.0, position), last.map_or(1.0, position)) }
    }

    /// The colour at `position`, 0 to 1.
    pub fn at(self, position: f32) -> Color32 {
        let (low, high) = self.ends;
        Colours::Map(self.map).at(low + (high - low) * position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_can_be_seen_in_both_themes_and_differs_from_others() {
        for palette in [&theme::DARK, &theme::LIGHT] {
            for map in ColourMap::ALL {
                let colours = VisibleColours::on(palette.well, map);
                for step in 0..=100 {
                    let colour = colours.at(step as f32 / 100.0);
                    let ratio = theme::contrast(colour, palette.well);
                    assert!(ratio >= 2.99, "{} at {step}: {ratio:.2}", map.name());
                }
                let (low, high) = colours.ends;
                assert!(high - low >= 0.4, "{}: {low} to {high}", map.name());
            }
        }
    }

    #[test]
    fn a_ground_that_nothing_stands_out_from_leaves_the_map_whole() {
        let colours = VisibleColours { map: ColourMap::Grey, ends: (0.25, 0.75) };
        assert_eq!(colours.at(0.5), Colours::Map(ColourMap::Grey).at(0.5));
        assert_eq!(VisibleColours::default().ends, (0.0, 1.0));
    }
}
