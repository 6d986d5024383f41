//! Why there is nothing to work on: the reason that stands wherever a button needs recordings.

use std::path::Path;

use crate::{language::text, session::state::Library};

/// Why no recording can be used; `None` if at least one can.
pub fn why(library: &Library) -> Option<String> {
    if library.used() > 0 {
        None
    } else if library.scanning.is_some() {
        Some(text!("no-recordings-scanning"))
    } else if library.root.is_none() {
        Some(text!("no-recordings-open"))
    } else if !library.recordings.is_empty() {
        Some(text!("no-recordings-all-left-out"))
    } else if library.skipped.is_empty() {
        Some(text!("no-recordings-in-folder"))
    } else {
        Some(text!("no-recordings-usable"))
    }
}

/// The reason, where results from `folder` are of an earlier folder and the open one has nothing instead.
pub fn instead_of(library: &Library, folder: &Path) -> Option<String> {
    let is_of_earlier = library.root.as_deref() != Some(folder);
    why(library).filter(|_| is_of_earlier && library.scanning.is_none() && library.recordings.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{audio::folder::Skipped, jobs::scan::Recording};

    #[test]
    fn every_way_to_have_no_recordings_has_a_reason_of_its_own() {
        let mut library = Library::default();
        let mut reasons = vec![why(&library).unwrap()];
        library.scanning = Some(0);
        reasons.push(why(&library).unwrap());
        library.scanning = None;
        library.root = Some(PathBuf::from("/sounds"));
        reasons.push(why(&library).unwrap());
        library.skipped = vec![Skipped { path: "/sounds/a.wav".into(), cause: "bad".into() }];
        reasons.push(why(&library).unwrap());
        assert_eq!(instead_of(&library, Path::new("/sounds")), None);
        assert_eq!(instead_of(&library, Path::new("/earlier")).as_ref(), reasons.last());
        library.recordings = vec![Recording::new(Path::new("/sounds"), Path::new("b.wav"), String::new())];
        assert_eq!(why(&library), None);
        library.left_out_count = 1;
        reasons.push(why(&library).unwrap());
        assert_eq!(instead_of(&library, Path::new("/earlier")), None, "they can be brought back");
        let mut distinct = reasons.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), reasons.len(), "{reasons:?}");
    }
}
