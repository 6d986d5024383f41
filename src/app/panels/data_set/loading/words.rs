//! The words and figures of a comparison, for the view and for the clipboard.

use super::verdict;
use crate::{
    app::format,
    jobs::compare_loading::{LoadingMethod, Report},
    language::{Key, key, text},
};

/// What was measured.
pub fn measured(report: &Report) -> String {
    text!(
        "loading-measured",
        recordings = text!("recordings", count = report.recordings),
        batch_size = report.batch_size,
        epochs = report.epochs
    )
}

/// Whether all methods gave the same images.
pub fn equality(is_equal: bool) -> String {
    if is_equal { text!("loading-equal") } else { text!("loading-not-equal") }
}

/// A method with its threads.
pub fn method_name(method: &LoadingMethod) -> String {
    text!("loading-method", name = verdict::name_of(method).into_owned(), threads = method.threads)
}

/// Seconds of an epoch.
pub fn per_epoch(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{} ms", format::significant(seconds * 1e3))
    } else {
        format!("{} s", format::significant(seconds))
    }
}

/// Columns of the table: titles and tooltips.
pub const COLUMNS: [(Key, Key); 6] = [
    (key!("loading-speed-column"), key!("loading-speed-column-help")),
    (key!("loading-files-column"), key!("loading-files-column-help")),
    (key!("loading-storage-column"), key!("loading-storage-column-help")),
    (key!("loading-held-column"), key!("loading-held-column-help")),
    (key!("loading-growth-column"), key!("loading-growth-column-help")),
    (key!("loading-fastest-column"), key!("loading-fastest-column-help")),
];

/// The name and the cells of every row of the table.
pub fn rows(report: &Report) -> Vec<(String, [String; COLUMNS.len()])> {
    let unknown = || text!("loading-unknown");
    let size = |bytes: u64| format::bytes(bytes as usize);
    let names = report.ways.iter().map(method_name);
    let mel = report.mel.ways.iter().map(|method| text!("loading-mel-method", method = method_name(method)));
    let methods = report.ways.iter().chain(&report.mel.ways);
    let cells = methods.map(|method| {
        [
            format::count(method.recordings_per_second.round() as usize),
            size(method.bytes_read),
            method.bytes_from_storage.map_or_else(unknown, size),
            size(method.held_bytes),
            method.memory_growth_bytes.map_or_else(unknown, size),
            per_epoch(method.fastest_seconds),
        ]
    });
    names.chain(mel).zip(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_given_with_three_digits_in_the_unit_that_fits() {
        assert_eq!([per_epoch(0.012_34), per_epoch(0.5), per_epoch(12.34)], ["12.3 ms", "500 ms", "12.3 s"]);
    }
}
