//! The axes of all plots: fonts, colours, and room for titles and figures.
//!
//! `egui_plot` gives an axis the thickness that its figures needed in the frame before: when figures become wider, after a resize or
//! while curves grow, the title would lie on them for one frame. So an [`Axis`] notes the size of its figures, and [`show`] asks for a
//! second pass of the same frame where they have too little room. A title that is longer than its axis is left out.
//!
//! An axis out of sight draws no figures and needs no second pass. `egui_plot` forgets its thickness then, and that of all axes of a
//! pass that another widget discards; so [`show`] keeps the thickness itself.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ops::RangeInclusive,
    rc::Rc,
};

use eframe::egui::{Color32, FontId, Id, Rect, RichText, TextStyle, Ui, UiBuilder, Vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotResponse, PlotUi};

use crate::app::theme::{self, AXIS_WIDTH, palette};

/// Thickness of a title, as a multiple of its height: what `egui_plot` takes.
const TITLE_PART: f32 = 1.25;
/// How far `egui_plot` draws the title of a vertical axis to the left of it, as a multiple of its height. Chinese characters fill
/// the height and would be cut there.
const TITLE_OVERHANG: f32 = 0.25;
/// Margins of a vertical axis's figures, both together: what `egui_plot` takes.
const FIGURE_MARGINS: f32 = 8.0;
/// Passes after which the thickness of an axis that is not drawn any more is forgotten.
const PASSES_KEPT: u64 = 1000;
/// Least differences of thickness that count, in points.
const ROUNDING: f32 = 0.5;
/// How far the first figure of a horizontal axis may reach to the left of it: less than half of [`FIGURE_MARGINS`], so that it does not
/// touch the lowest figure of the vertical axis.
const OVERHANG: f32 = 3.5;

/// A figure of an axis.
struct DrawnFigure {
    /// Its size in points.
    size: Vec2,
    /// Distance to the next, in units of the axis.
    step: f64,
}

/// The figures of an axis.
type Figures = Rc<RefCell<Vec<DrawnFigure>>>;

/// One axis of a plot.
pub struct Axis<'a> {
    hints: AxisHints<'a>,
    title: String,
    title_size: Vec2,
    figures: Figures,
    /// Height of a line of figures.
    figure_height: f32,
    /// Distance of figures from which they are drawn.
    least_spacing: f32,
    /// The thickness given by the caller, in points.
    min_thickness: f32,
    /// Length in points, about; [`show`] sets it for horizontal axes alone.
    length: Rc<Cell<Option<f32>>>,
}

impl<'a> Axis<'a> {
    fn new(ui: &Ui, hints: AxisHints<'a>, title: &str, words: impl Fn(GridMark) -> String + 'a) -> Self {
        let font = theme::small_mono().resolve(ui.style());
        let (figures, length) = (Figures::default(), Rc::new(Cell::new(None)));
        let (noted, room) = (Rc::clone(&figures), Rc::clone(&length));
        let (painter, measured) = (ui.painter().clone(), font.clone());
        let space = size(ui, " ", font.clone()).x;
        let formatter = move |mark: GridMark, shown: &RangeInclusive<f64>| {
            let text = words(mark);
            if text.is_empty() {
                return text;
            }
            let size = painter.layout_no_wrap(text.clone(), measured.clone(), Color32::WHITE).size();
            noted.borrow_mut().push(DrawnFigure { size, step: mark.step_size });
            let Some(room) = room.get() else { return text };
            let part = (mark.value - shown.start()) / (shown.end() - shown.start());
            " ".repeat(spaces_before(size.x, part as f32 * room, space)) + &text
        };
        let hints =
            hints.formatter(formatter).tick_label_font(font.clone()).tick_label_color(palette(ui).text_weak);
        let small = TextStyle::Small.resolve(ui.style());
        Self {
            hints,
            title: title.to_owned(),
            title_size: size(ui, title, small),
            figures,
            figure_height: size(ui, "0", font).y,
            least_spacing: 0.0,
            min_thickness: 0.0,
            length,
        }
    }

    /// A horizontal axis; `words` are the figures of its marks.
    pub fn horizontal(ui: &Ui, title: &str, words: impl Fn(GridMark) -> String + 'a) -> Self {
        Self::new(ui, AxisHints::new_x(), title, words).spacing(24.0..=40.0)
    }

    /// A vertical axis of the common width, so that all time axes line up; `words` are the figures of its marks.
    pub fn vertical(ui: &Ui, title: &str, words: impl Fn(GridMark) -> String + 'a) -> Self {
        let axis = Self::new(ui, AxisHints::new_y(), title, words).spacing(12.0..=16.0);
        Self { min_thickness: AXIS_WIDTH, ..axis }
    }

    /// Sets the distances of figures, in points, from which they begin to show and show fully.
    #[must_use]
    pub fn spacing(self, points: RangeInclusive<f32>) -> Self {
        let least_spacing = *points.start();
        Self { hints: self.hints.label_spacing(points), least_spacing, ..self }
    }

    /// Makes the axis only as thick as its figures need.
    #[must_use]
    pub fn narrow(self) -> Self {
        Self { min_thickness: 0.0, ..self }
    }

    /// The hints with the title, if it fits into `room` points.
    fn fitted(&mut self, room: f32) -> AxisHints<'a> {
        if self.title_size.x > room {
            self.title.clear();
        }
        self.hints.clone().label(RichText::new(&self.title).small())
    }

    fn title_thickness(&self) -> f32 {
        if self.title.is_empty() { 0.0 } else { TITLE_PART * self.title_size.y }
    }

    /// How far the title of a vertical axis reaches to the left of it, in points.
    fn overhang(&self) -> f32 {
        if self.title.is_empty() { 0.0 } else { TITLE_OVERHANG * self.title_size.y }
    }

    /// The thickness that title and drawn figures of a vertical axis need, at so many points per unit.
    fn needed_width(&self, points_per_unit: f64) -> f32 {
        let figures = self.figures.borrow();
        let drawn = figures.iter().filter(|figure| {
            let spacing = (points_per_unit * figure.step).abs() as f32;
            spacing > self.least_spacing && spacing >= figure.size.y
        });
        let widest = drawn.map(|figure| figure.size.x + FIGURE_MARGINS).fold(0.0, f32::max);
        widest + self.title_thickness() + self.overhang()
    }
}

fn size(ui: &Ui, text: &str, font: FontId) -> Vec2 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size()
}

/// Spaces before a figure of `width` points, which is centred `from_left` points after the beginning of its horizontal axis, so that it
/// stays off the vertical axis's figures.
fn spaces_before(width: f32, from_left: f32, space: f32) -> usize {
    let missing = width / 2.0 - OVERHANG - from_left;
    // A space moves the centred text by half its own width.
    if missing > 0.0 && space > 0.0 { (2.0 * missing / space).ceil() as usize } else { 0 }
}

/// Draws `plot` with these axes into the available space; without `horizontal`, time axes for example are drawn by the lowest row alone.
pub fn show<'a, R>(
    ui: &mut Ui,
    plot: Plot<'a>,
    (horizontal, mut vertical): (Option<Axis<'a>>, Axis<'a>),
    contents: impl FnOnce(&mut PlotUi<'a>) -> R + 'a,
) -> PlotResponse<R> {
    let room = ui.available_size();
    let left = ui.available_rect_before_wrap().left();
    let width_id = ui.auto_id_with("width of the vertical axis");
    let is_common = vertical.min_thickness > 0.0;
    let width = vertical.min_thickness.max(Widths::known(ui, width_id, is_common));
    let (mut plot, mut below) = (plot.show_axes([horizontal.is_some(), true]), 0.0);
    if let Some(mut axis) = horizontal {
        axis.length.set(Some((room.x - width).max(0.0)));
        let hints = axis.fitted(room.x - AXIS_WIDTH);
        // Room for figures even while none are there: the title does not jump when they come.
        below = axis.figure_height + axis.title_thickness();
        plot = plot.custom_x_axes(vec![hints.min_thickness(below)]);
    }
    let hints = vertical.fitted(room.y - below);
    let overhang = vertical.overhang();
    let plot = plot.custom_y_axes(vec![hints.min_thickness(width - overhang)]);
    let mut area = ui.available_rect_before_wrap();
    area.min.x += overhang;
    let shown = ui.scope_builder(UiBuilder::new().max_rect(area), |ui| plot.show(ui, contents)).inner;
    let frame = *shown.transform.frame();
    if ui.is_rect_visible(Rect::from_x_y_ranges(left..=frame.left(), frame.y_range())) {
        let needed = vertical.needed_width(shown.transform.dpos_dvalue()[1]);
        Widths::keep(ui, width_id, needed, is_common);
        if needed > frame.left() - left + ROUNDING {
            ui.ctx().request_discard("the figures of a plot need a wider axis");
        }
    }
    shown
}

/// The width that each vertical axis needs, by the axis.
#[derive(Clone, Default)]
struct Widths(BTreeMap<u64, Needed>);

#[derive(Clone, Copy)]
struct Needed {
    width: f32,
    /// Whether all such axes in sight are as wide as the widest of them.
    is_common: bool,
    /// The pass in which it was drawn.
    pass: u64,
}

impl Widths {
    fn id() -> Id {
        Id::unique("widths of vertical axes")
    }

    /// The width that `axis` needed when it was last drawn; of a common one, the most that one of them in sight needed.
    fn known(ui: &Ui, axis: Id, is_common: bool) -> f32 {
        let pass = ui.ctx().cumulative_pass_nr();
        let known: Self = ui.data(|data| data.get_temp(Self::id())).unwrap_or_default();
        let counts = |id: u64, needed: &Needed| {
            id == axis.value() || (is_common && needed.is_common && needed.pass + 1 >= pass)
        };
        known
            .0
            .iter()
            .filter(|(id, needed)| counts(**id, needed))
            .map(|(_, needed)| needed.width)
            .fold(0.0, f32::max)
    }

    fn keep(ui: &Ui, axis: Id, width: f32, is_common: bool) {
        let pass = ui.ctx().cumulative_pass_nr();
        ui.data_mut(|data| {
            let known = data.get_temp_mut_or_default::<Self>(Self::id());
            known.0.retain(|_, needed| needed.pass + PASSES_KEPT >= pass);
            known.0.insert(axis.value(), Needed { width, is_common, pass });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_figure_of_a_horizontal_axis_stays_off_the_vertical_ones() {
        // Three characters at the beginning reach 10 points to the left; two spaces move them by 6.6.
        assert_eq!(spaces_before(20.0, 0.0, 6.6), 2);
        assert_eq!(spaces_before(20.0, 7.0, 6.6), 0);
        assert_eq!(spaces_before(6.6, 0.0, 6.6), 0);
    }
}
