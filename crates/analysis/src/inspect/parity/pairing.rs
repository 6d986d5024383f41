//! Which image belongs to which recording, by their names alone.
//!
//! `preprocess` writes `a/x.wav` to `a/x.wav.npy`. The tutorial's Python keeps the file name only (`x.wav.npy`), and
//! other versions of it drop the ending of the sound (`x.npy`). The most exact rule that finds exactly one of each wins.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use timbrespace_signal::audio::piece;

/// Recordings and images, each by its place in its list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// `(recording, image)`, in the order of the recordings.
    pub pairs: Vec<(usize, usize)>,
    /// Recordings without an image.
    pub without_image: Vec<usize>,
    /// Images without a recording.
    pub without_recording: Vec<usize>,
}

/// What of a recording's path must equal an image's path without `.npy`, most exact first.
const RULES: [fn(&Path) -> PathBuf; 4] = [
    Path::to_path_buf,
    |path| path.with_extension(""),
    |path| path.file_name().map(PathBuf::from).unwrap_or_default(),
    |path| piece::stem(path).map(PathBuf::from).unwrap_or_default(),
];

/// Pairs recordings with the images `*.npy`, both relative to their folders.
pub fn pair(recordings: &[PathBuf], images: &[PathBuf]) -> Pairing {
    let mut image_of: Vec<Option<usize>> = vec![None; recordings.len()];
    let mut is_taken = vec![false; images.len()];
    let bare: Vec<PathBuf> = images.iter().map(|image| image.with_extension("")).collect();
    for rule in RULES {
        // `None` where two recordings claim one name: nobody can tell whose image it is.
        let mut claims: HashMap<PathBuf, Option<usize>> = HashMap::new();
        for (recording, path) in recordings.iter().enumerate() {
            if image_of[recording].is_none() {
                claims.entry(rule(path)).and_modify(|claim| *claim = None).or_insert(Some(recording));
            }
        }
        for (image, name) in bare.iter().enumerate() {
            if let (false, Some(Some(recording))) = (is_taken[image], claims.get(name))
                && image_of[*recording].is_none()
            {
                image_of[*recording] = Some(image);
                is_taken[image] = true;
            }
        }
    }
    let pairs = image_of.iter().enumerate().filter_map(|(recording, image)| Some((recording, (*image)?)));
    Pairing {
        pairs: pairs.collect(),
        without_image: (0..recordings.len()).filter(|&recording| image_of[recording].is_none()).collect(),
        without_recording: (0..images.len()).filter(|&image| !is_taken[image]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn names_with_and_without_the_sounds_ending_are_found() {
        let recordings = paths(&["a/x.wav", "b/y.wav", "c/z.flac", "c/w.wav"]);
        let images = paths(&["a/x.wav.npy", "b/y.npy", "w.npy", "z.flac.npy"]);
        assert_eq!(pair(&recordings, &images).pairs, [(0, 0), (1, 1), (2, 3), (3, 2)]);
    }

    #[test]
    fn a_name_with_dots_is_not_taken_for_an_ending() {
        let pairing = pair(&paths(&["0_a.1.wav", "0_a.wav"]), &paths(&["0_a.1.npy", "0_a.npy"]));
        assert_eq!(pairing.pairs, [(0, 0), (1, 1)]);
    }

    #[test]
    fn what_lies_on_one_side_only_is_listed() {
        let pairing = pair(&paths(&["a.wav", "b.wav"]), &paths(&["b.wav.npy", "c.wav.npy"]));
        assert_eq!(
            pairing,
            Pairing { pairs: vec![(1, 0)], without_image: vec![0], without_recording: vec![1] }
        );
    }

    #[test]
    fn a_name_that_two_recordings_bear_belongs_to_neither() {
        let pairing = pair(&paths(&["a/x.wav", "b/x.wav"]), &paths(&["x.wav.npy"]));
        assert!(pairing.pairs.is_empty(), "{pairing:?}");
        assert_eq!((pairing.without_image.len(), pairing.without_recording.len()), (2, 1));
        let exact = pair(&paths(&["a/x.wav", "x.wav"]), &paths(&["x.wav.npy"]));
        assert_eq!(exact.pairs, [(1, 0)]);
    }
}
