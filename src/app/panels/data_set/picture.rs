//! An image of the data set with axes and colour bar, and the cell under the pointer.

use eframe::egui::{
    Align2, Color32, Rect, Response, Sense, Stroke, StrokeKind, TextStyle, Ui, pos2,
    text::{LayoutJob, TextWrapping},
};
use ndarray::Array2;

use crate::{
    app::{
        feature_words, format,
        pictures::{
            image_axes::ImageAxes,
            textures::{ColourScale, Colours, Display, Slot, Textures},
        },
        theme::{self, AXIS_WIDTH, COLOUR_BAR_WIDTH, GAP, HALF_GAP, palette},
        widgets::{colour_bar::ColourBar, described},
    },
    dsp::frequency_scale::FrequencyScale,
    language::text,
    pipeline::config::PreprocessingConfig,
};

/// Height of the time axis below an image.
const TIME_AXIS: f32 = 18.0;
/// Least width of an image for the times of both its ends.
const BOTH_ENDS: f32 = 80.0;
/// Height of the title above an image.
const TITLE: f32 = 18.0;

/// An image and its labels.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Title above the image.
    pub title: &'a str,
    /// `[bins, frames]`, low bins first.
    pub image: &'a Array2<f32>,
    /// Its place among the textures.
    pub slot: Slot,
    /// Settings it was made with.
    pub config: &'a PreprocessingConfig,
    /// Colours.
    pub colours: Colours,
    /// Value range of the colours.
    pub scale: ColourScale,
    pub unit: &'a str,
}

/// Width of an axis with these labels.
fn axis_width(ui: &Ui, labels: &[String]) -> f32 {
    let font = theme::small_mono().resolve(ui.style());
    let width = |label: &String| {
        ui.painter().layout_no_wrap(label.clone(), font.clone(), Color32::WHITE).size().x + HALF_GAP
    };
    labels.iter().map(width).fold(AXIS_WIDTH, f32::max)
}

/// The cell under the pointer.
#[derive(Debug)]
pub struct CellUnderPointer {
    /// Row; 0 is the lowest frequency.
    pub bin: usize,
    /// Column.
    pub frame: usize,
    /// Frequency and time as text.
    place: String,
    response: Response,
}

impl CellUnderPointer {
    /// Shows the cell's position and `values` at the pointer.
    pub fn show_tooltip(self, values: &str) {
        self.response.on_hover_text_at_pointer(format!("{values}\n{}", self.place));
    }
}

impl Picture<'_> {
    /// Draws the image into `room`; returns the cell under the pointer.
    pub fn show(&self, ui: &mut Ui, textures: &mut Textures, room: Rect) -> Option<CellUnderPointer> {
        let colours = palette(ui);
        let axes = ImageAxes::feature(self.config, self.image.dim());
        // The frequency scale of the model's rows.
        let frequency = axes.rows.scale;
        let display = Display { colours: self.colours, scale: self.scale, frequency };
        let texture = textures.get(ui.ctx(), self.slot, self.image, &axes, display);
        let ends = self.frequency_ends();
        let image = Rect::from_min_max(
            pos2(room.left() + axis_width(ui, &ends), room.top() + TITLE),
            pos2(room.right() - COLOUR_BAR_WIDTH - GAP, room.bottom() - TIME_AXIS),
        );
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), image, whole, Color32::WHITE);
        ui.painter().rect_stroke(image, 0.0, Stroke::new(1.0, colours.border), StrokeKind::Outside);
        let small = TextStyle::Small.resolve(ui.style());
        let mut title = LayoutJob::simple_singleline(self.title.to_owned(), small, colours.text);
        title.wrap = TextWrapping::truncate_at_width(image.width());
        let title = ui.painter().layout_job(title);
        ui.painter().galley(pos2(image.left(), room.top()), title, colours.text);
        self.axes(ui, image, ends);
        let bar =
            Rect::from_min_max(pos2(image.right() + GAP, room.top()), pos2(room.right(), image.bottom()));
        ColourBar { name: self.title, title: self.title, rect: bar, display, unit: self.unit, limits: None }
            .show(ui);
        self.cell(ui, image)
    }

    /// The highest and the lowest frequency, with their units.
    fn frequency_ends(&self) -> [String; 2] {
        let feature = self.config.feature;
        let highest_khz = format::tick((feature.highest_hz(self.config) / 1000.0 * 10.0).round() / 10.0);
        let top = match feature.axis(self.config).scale {
            FrequencyScale::Linear => format!("{highest_khz} kHz"),
            FrequencyScale::Log => text!("data-set-log-axis", khz = highest_khz),
            FrequencyScale::Mel => text!("data-set-mel-axis", khz = highest_khz),
        };
        [top, format!("{} Hz", format::tick(feature.lowest_hz(self.config).round()))]
    }

    /// Both ends of both axes, with their units.
    fn axes(&self, ui: &Ui, image: Rect, [top, bottom]: [String; 2]) {
        let colour = palette(ui).text_weak;
        let font = theme::small_mono().resolve(ui.style());
        let write = |at, align, text: String| {
            ui.painter().text(at, align, text, font.clone(), colour);
        };
        write(pos2(image.left() - HALF_GAP, image.top()), Align2::RIGHT_TOP, top);
        write(pos2(image.left() - HALF_GAP, image.bottom()), Align2::RIGHT_BOTTOM, bottom);
        if image.width() >= BOTH_ENDS {
            write(pos2(image.left(), image.bottom() + HALF_GAP), Align2::LEFT_TOP, "0 s".to_owned());
        }
        let end = format::seconds(self.secs(self.image.ncols()));
        write(pos2(image.right(), image.bottom() + HALF_GAP), Align2::RIGHT_TOP, end);
    }

    /// Seconds at the beginning of a frame.
    fn secs(&self, frame: usize) -> f64 {
        frame as f64 * self.config.hop_length as f64 / f64::from(self.config.sample_rate_hz.max(1))
    }

    fn cell(&self, ui: &mut Ui, rect: Rect) -> Option<CellUnderPointer> {
        let response = ui.allocate_rect(rect, Sense::hover());
        let value = described::of_image(self.image.dim(), (self.scale.low, self.scale.high), self.unit);
        described::picture(&response, self.title, &value);
        let at = response.hover_pos()?;
        let (bins, frames) = self.image.dim();
        let share = (at - rect.min) / rect.size();
        let bin = (((1.0 - share.y) * bins as f32) as usize).min(bins.checked_sub(1)?);
        let frame = ((share.x * frames as f32) as usize).min(frames.checked_sub(1)?);
        let feature = self.config.feature;
        let hz = format::hertz(feature.axis(self.config).hz(bin as f64));
        let place = text!(
            "data-set-cell-place",
            row = feature_words::row(feature),
            bin = bin.to_string(),
            hz = hz,
            frame = frame.to_string(),
            time = format::seconds(self.secs(frame))
        );
        Some(CellUnderPointer { bin, frame, place, response })
    }
}
