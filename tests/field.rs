//! Sound files made after public bug reports, against what libsndfile or ffmpeg makes of them.
//!
//! They lie in `../shared/field/sounds`; where that is absent, these tests are ignored (`build.rs`). Files of each kind are also
//! written by the tests of `audio::decode`.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ndarray::Array1;
use ndarray_npy::ReadNpyExt as _;
use serde::Deserialize;
use timbrespace::audio::{
    decode::{DecodeRequest, KeptChannels, decode_with, probe},
    flag::Flag,
};

use timbrespace_base::differences::largest_difference;

/// What is right for one file.
#[derive(Deserialize)]
struct Entry {
    file: String,
    rate_hz: u32,
    tolerance: f64,
    lag_samples: usize,
    expected: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/sounds")
}

fn samples(path: &Path) -> Vec<f64> {
    Array1::<f32>::read_npy(File::open(path).unwrap())
        .map(|samples| samples.iter().copied().map(f64::from).collect())
        .or_else(|_| Array1::<f64>::read_npy(File::open(path).unwrap()).map(|samples| samples.to_vec()))
        .unwrap()
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/field")]
fn every_file_of_the_field_is_decoded_as_libsndfile_or_ffmpeg_does() {
    let list = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    let list: Vec<Entry> = serde_json::from_str(&list).unwrap();
    assert!(list.len() >= 21);
    for Entry { file, rate_hz, tolerance, lag_samples, expected } in list {
        let path = folder().join(&file);
        let request = DecodeRequest { channels: KeptChannels::Mean, ..DecodeRequest::default() };
        let decoded = decode_with(&path, &request);
        let Some(expected) = expected else {
            // A refusal names the cause; Opus is decoded.
            match decoded {
                Ok(decoded) => assert_eq!((file.as_str(), decoded.clip.len()), ("opus_inside.ogg", 35_520)),
                Err(error) => assert!(error.to_string().contains("zero length"), "{error}"),
            }
            continue;
        };
        let decoded = decoded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(decoded.clip.sample_rate_hz(), rate_hz, "{file}");
        assert!(!decoded.flags.iter().any(|flag| matches!(flag, Flag::Misnamed { .. })), "{file}");
        let ours: Vec<f64> = decoded.clip.channels()[0].iter().copied().map(f64::from).collect();
        let theirs = samples(&folder().join(expected));
        assert!(
            ours.len().abs_diff(theirs.len()) <= lag_samples,
            "{file}: {} of {}",
            ours.len(),
            theirs.len()
        );
        let offset_secs = 0.4 * decoded.clip.duration_secs();
        let request = DecodeRequest { offset_secs, max_secs: Some(0.2), ..request };
        let part = decode_with(&path, &request).unwrap().clip;
        let from = (offset_secs * f64::from(rate_hz)) as usize;
        assert!(
            part.len() == (0.2 * f64::from(rate_hz)) as usize || from + part.len() == ours.len(),
            "{file}"
        );
        assert_eq!(part.channels()[0], decoded.clip.channels()[0][from..from + part.len()], "{file}");
        let both = ours.len().min(theirs.len());
        let difference = largest_difference(&ours[..both], &theirs[..both]);
        assert!(difference <= tolerance, "{file}: {difference}");
        let secs = probe(&path).unwrap().duration_secs.unwrap();
        // The list's own figure is that of the header: in chained and edited files it may be of the first part, or of whole packets.
        if !matches!(file.as_str(), "chained.ogg" | "aac_edit_list.m4a") {
            assert!((secs - decoded.clip.duration_secs()).abs() < 1e-6, "{file}: {secs} s");
        }
    }
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs ../shared/field")]
fn flags_name_what_is_wrong_with_a_file() {
    let flags = |name: &str| decode_with(&folder().join(name), &DecodeRequest::default()).unwrap().flags;
    assert_eq!(flags("data_size_0.wav"), [Flag::Unfinished]);
    assert_eq!(flags("cut_in_the_middle.aiff"), [Flag::Truncated]);
    for fine in
        ["id3v2_before_riff.wav", "chained.ogg", "big_cover.mp3", "mp3_in_wav.wav", "min_block_0.flac"]
    {
        assert_eq!(flags(fine), [], "{fine}");
    }
}
