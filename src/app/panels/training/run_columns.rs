//! Which columns of the table of runs fit into the window.

use eframe::egui::{Color32, TextStyle, Ui};

use super::runs::{COLUMNS, Column, cell};
use crate::{jobs::runs::record::RunSummary, language::Key};

/// Columns that give way where the window is too narrow for all, the first one first. What they say stays in the tooltip of the
/// run's name and on its page.
const GIVE_WAY: [Column; 7] =
    [Column::Kl, Column::Time, Column::Model, Column::Date, Column::Epochs, Column::Status, Column::Image];
/// Width of the column of names, in points, below which other columns give way.
const NAME_WIDTH: f32 = 160.0;
/// Space between two columns, in points: at least, and where there is room for it.
const GAP_X: f32 = 8.0;
const MOST_GAP_X: f32 = 24.0;

/// The columns that fit into the window.
pub struct Fitting {
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// Width of the column of names, in points; longer names end in an ellipsis.
    pub name_width: f32,
    /// Space between two columns, in points.
    pub gap: f32,
}

/// Columns are left out in the order of [`GIVE_WAY`] until the rest fits.
pub fn fitting(ui: &Ui, runs: &[&RunSummary]) -> Fitting {
    let text = |words: String, style: TextStyle| {
        ui.painter().layout_no_wrap(words, style.resolve(ui.style()), Color32::WHITE).size().x
    };
    let width = |(column, name, _): &(Column, Key, Key)| {
        let style = match column {
            Column::Error | Column::Kl => TextStyle::Monospace,
            _ => TextStyle::Body,
        };
        let around = if *column == Column::Name { 2.0 * ui.spacing().button_padding.x } else { 0.0 };
        let head = text(name.text(), TextStyle::Button);
        runs.iter().map(|run| text(cell(run, *column), style.clone()) + around).fold(head, f32::max) + GAP_X
    };
    let widths: Vec<(Column, f32)> = COLUMNS.iter().map(|column| (column.0, width(column))).collect();
    // One of the headings has an arrow.
    let arrow = text(" ▼".to_owned(), TextStyle::Button);
    let tick = ui.spacing().interact_size.y.max(ui.spacing().icon_width);
    let room = ui.available_width() - tick - arrow;
    let needed = |columns: &[Column]| {
        let others = widths.iter().filter(|(column, _)| *column != Column::Name && columns.contains(column));
        others.map(|(_, width)| width).sum::<f32>()
    };
    let longest = widths.iter().find(|(column, _)| *column == Column::Name).map_or(0.0, |(_, width)| *width);
    let mut columns: Vec<Column> = widths.iter().map(|(column, _)| *column).collect();
    for leaves in GIVE_WAY {
        if needed(&columns) + longest.min(NAME_WIDTH) <= room {
            break;
        }
        columns.retain(|column| *column != leaves);
    }
    let name_width = longest.min(room - needed(&columns));
    let left = (room - needed(&columns) - name_width).max(0.0);
    // One gap follows the boxes to tick.
    let gap = (GAP_X + left / columns.len() as f32).min(MOST_GAP_X);
    Fitting { columns, name_width, gap }
}
