//! `stages`.

use super::workplace::{RATE, Workplace};

#[test]
fn stages_writes_every_stage_as_array_and_picture() {
    let place = Workplace::new();
    place.recordings();
    let run = place.run(&["stages", "recordings/plain/plain_1.wav", "--out", "stages", "--json"]).succeeded();
    let report = run.json();
    assert_eq!(report["image_shape"], serde_json::json!([256, 64]));
    assert_eq!(report["native_rate_hz"], RATE);
    for stage in ["signal", "padded", "stft_real", "stft_imag", "magnitude", "log_db", "normalised"] {
        assert!(place.path("stages").join(stage).with_extension("npy").is_file(), "{stage}");
    }
    for picture in ["signal", "padded", "magnitude", "log_db", "normalised"] {
        assert!(place.path("stages").join(picture).with_extension("png").is_file(), "{picture}");
    }
}

#[test]
fn a_length_in_frames_gives_images_of_so_many() {
    let place = Workplace::new();
    place.recordings();
    let line = [
        "stages",
        "recordings/dull/dull_0.wav",
        "--out",
        "s",
        "--json",
        "--feature",
        "log-mel",
        "--resample",
    ];
    for (duration, frames) in [("96frames", 96), ("12800samples", 50), ("12800 samples", 50)] {
        let report = place.run(&[&line[..], &["--duration", duration]].concat()).succeeded().json();
        assert_eq!(report["image_shape"], serde_json::json!([80, frames]));
    }
}
