//! The file with the window's settings, size and place, and what egui remembers.
//!
//! eframe reads it at the start, but writes it in place: a full disk would leave it empty. So it is written here, whole or not
//! at all, in eframe's form.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use eframe::{
    Storage,
    egui::{Context, Pos2, Vec2, ViewportInfo},
};
use serde::Serialize;

use crate::{
    names::shown,
    session::{settings_file, state::Settings},
};

/// Keys in the file: of the settings, and those that eframe reads.
pub const SETTINGS_KEY: &str = "settings";
const WINDOW_KEY: &str = "window";
const EGUI_KEY: &str = "egui";
/// The key under which the file's text is made.
const FILE_KEY: &str = "file";

/// Values by key, as eframe stores them.
#[derive(Debug, Default, PartialEq)]
struct Values(BTreeMap<String, String>);

impl Storage for Values {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

/// The window's size and place, as `egui_winit::WindowSettings` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Placement {
    normal_geometry: Geometry,
    fullscreen: bool,
    maximized: bool,
}

/// Size and place of a window that is neither maximized nor fullscreen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Geometry {
    outer_position_pixels: Option<Pos2>,
    scale_factor: f32,
    inner_size_points: Vec2,
}

impl Geometry {
    fn of(ctx: &Context, viewport: &ViewportInfo) -> Self {
        let scale_factor = viewport.native_pixels_per_point.unwrap_or(1.0);
        let place = viewport.outer_rect.map(|outer| outer.min * ctx.zoom_factor() * scale_factor);
        // Wayland tells no position, and egui no inner rectangle then.
        Self { outer_position_pixels: place, scale_factor, inner_size_points: ctx.viewport_rect().size() }
    }
}

/// The file, and what this window last read or wrote of it.
#[derive(Debug, Default)]
pub struct Stored {
    file: Option<PathBuf>,
    /// The settings as they were last in the file.
    settings: Settings,
    written: Option<Values>,
    normal: Option<Geometry>,
}

impl Stored {
    /// Settings that were read from `file`; without a file nothing is written.
    pub fn new(file: Option<PathBuf>, settings: Settings) -> Self {
        Self { file, settings, ..Self::default() }
    }

    /// Writes the settings, the window's size and place, and what egui remembers, where something has changed.
    pub fn save(&mut self, ctx: &Context, settings: &Settings) {
        let Some(file) = self.file.clone() else { return };
        let mut values = Values::default();
        ctx.memory(|memory| eframe::set_value(&mut values, EGUI_KEY, memory));
        if let Some(placement) = self.placement(ctx) {
            eframe::set_value(&mut values, WINDOW_KEY, &placement);
        }
        eframe::set_value(&mut values, SETTINGS_KEY, settings);
        if self.written.as_ref() == Some(&values) {
            return;
        }
        match self.write(&file, &values, settings) {
            Ok(()) => (self.settings, self.written) = (settings.clone(), Some(values)),
            Err(error) => log::warn!("{}: the window's settings are not saved: {error}", shown(&file)),
        }
    }

    /// Where the window is; while it fills the screen, where it was before.
    fn placement(&mut self, ctx: &Context) -> Option<Placement> {
        let viewport = ctx.input(|input| input.viewport().clone());
        let [fullscreen, maximized] = [viewport.fullscreen, viewport.maximized].map(|is| is == Some(true));
        if !fullscreen && !maximized {
            self.normal = Some(Geometry::of(ctx, &viewport));
        }
        let normal_geometry = self.normal?;
        Some(Placement { normal_geometry, fullscreen, maximized })
    }

    /// Writes `values`, with what another window has changed meanwhile.
    fn write(&self, file: &Path, values: &Values, settings: &Settings) -> io::Result<()> {
        settings_file::change(file, |before| {
            let mut merged = Values(values.0.clone());
            if let Some(other) = before.and_then(settings_in) {
                eframe::set_value(&mut merged, SETTINGS_KEY, &settings.merged_with(&other, &self.settings));
            }
            let mut text = Values::default();
            eframe::set_value(&mut text, FILE_KEY, &merged.0);
            text.0.remove(FILE_KEY).unwrap_or_default()
        })
    }
}

/// The settings in the text of the file, if they can be read.
fn settings_in(text: String) -> Option<Settings> {
    let mut whole = Values::default();
    whole.set_string(FILE_KEY, text);
    let values: BTreeMap<String, String> = eframe::get_value(&whole, FILE_KEY)?;
    eframe::get_value(&Values(values), SETTINGS_KEY)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn settings(recent: &[&str]) -> Settings {
        Settings { recent: recent.iter().map(PathBuf::from).collect(), ..Settings::default() }
    }

    fn read(file: &Path) -> Option<Settings> {
        settings_in(fs::read_to_string(file).unwrap())
    }

    #[test]
    fn what_is_written_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/app.ron");
        let ctx = Context::default();
        let mut stored = Stored::new(Some(file.clone()), Settings::default());
        for volume in [0.25, 0.5] {
            let settings = Settings { volume, ..settings(&["/a"]) };
            stored.save(&ctx, &settings);
            assert_eq!(read(&file).unwrap(), settings);
        }
    }

    #[test]
    fn two_windows_keep_the_folders_that_each_has_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.ron");
        let ctx = Context::default();
        let start = settings(&["/old", "/older"]);
        let mut windows = [(); 2].map(|()| Stored::new(Some(file.clone()), start.clone()));
        windows[0].save(&ctx, &settings(&["/a", "/old", "/older"]));
        windows[1].save(&ctx, &settings(&["/b", "/old", "/older"]));
        assert_eq!(read(&file).unwrap().recent, settings(&["/b", "/old", "/older", "/a"]).recent);
    }

    #[test]
    fn size_and_place_are_in_the_form_that_eframe_reads() {
        let geometry = Geometry {
            outer_position_pixels: Some(Pos2::new(10.0, 20.0)),
            scale_factor: 2.0,
            inner_size_points: Vec2::new(1280.0, 800.0),
        };
        let placement = Placement { normal_geometry: geometry, fullscreen: false, maximized: true };
        let mut values = Values::default();
        eframe::set_value(&mut values, WINDOW_KEY, &placement);
        let expected = "(normal_geometry:(outer_position_pixels:Some((x:10.0,y:20.0)),scale_factor:2.0,\
                        inner_size_points:(x:1280.0,y:800.0)),fullscreen:false,maximized:true)";
        assert_eq!(values.get_string(WINDOW_KEY).as_deref(), Some(expected));
    }
}
