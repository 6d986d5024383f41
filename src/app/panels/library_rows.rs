//! The rows of the list: recordings, and files with their pieces.

use std::ops::Range;

use crate::session::state::Library;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A file whose pieces follow, by its index among the files.
    File(usize),
    /// A recording, by its index in the library.
    Recording(usize),
}

/// All rows that match the search, in order.
pub(super) fn of(library: &Library) -> Vec<Row> {
    let recordings =
        |places: Range<usize>| library.visible[places].iter().map(|index| Row::Recording(*index));
    if library.pieces.files.is_empty() {
        return recordings(0..library.visible.len()).collect();
    }
    let mut rows = Vec::new();
    for (place, file) in library.pieces.files.iter().enumerate() {
        let first = library.visible.partition_point(|index| *index < file.recordings.start);
        let end = library.visible.partition_point(|index| *index < file.recordings.end);
        if first == end && !library.search.is_empty() {
            continue;
        }
        rows.push(Row::File(place));
        if !file.is_folded {
            rows.extend(recordings(first..end));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{jobs::scan::Recording, session::pieces::FileInPieces};

    #[test]
    fn pieces_are_folded_under_their_files_and_follow_the_search() {
        let recording = |name: &str| Recording::new(Path::new("/x"), Path::new(name), String::new());
        let names = ["a.wav@0.000", "a.wav@1.000", "b.wav@0.000"];
        let mut library =
            Library { recordings: names.map(recording).into(), visible: vec![0, 1, 2], ..Library::default() };
        assert_eq!(of(&library), [0, 1, 2].map(Row::Recording));
        let file = |name, recordings, is_folded| FileInPieces {
            file: recording(name),
            recordings,
            cut: None,
            problem: None,
            is_folded,
        };
        library.pieces.files =
            vec![file("a.wav", 0..2, false), file("b.wav", 2..3, true), file("c.wav", 3..3, false)];
        let all = [Row::File(0), Row::Recording(0), Row::Recording(1), Row::File(1), Row::File(2)];
        assert_eq!(of(&library), all);
        library.search = "1.000".to_owned();
        library.visible = vec![1];
        assert_eq!(of(&library), [Row::File(0), Row::Recording(1)]);
    }
}
