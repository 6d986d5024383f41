//! Recordings of other sample rates, with every command that reads recordings.

use timbrespace::audio::clip::Clip;

use super::workplace::Workplace;

#[test]
fn log_mel_refuses_other_rates_with_both_named_until_resample_is_given() {
    let place = Workplace::new();
    place.recordings();
    let mel = ["--feature", "log-mel"];
    let allowed = ["--feature", "log-mel", "--resample"];
    for line in [
        &["preprocess", "recordings", "--out", "p"][..],
        &["train", "recordings", "--out", "b", "--epochs", "1"],
        &["compare-loading", "recordings", "--epochs", "1"],
        &["stages", "recordings/dull/dull_0.wav", "--out", "s"],
    ] {
        let refused = place.run(&[line, &mel].concat());
        refused.failed(1, &["_0.wav", "22,050 Hz", "44,100 Hz", "--resample"]);
        assert!(refused.stderr.lines().count() <= 2, "said once, not for every file: {refused:#?}");
    }
    assert!(!place.path("p").exists() && !place.path("s").exists(), "nothing was begun");
    place.run(&[&["preprocess", "recordings", "--out", "p"][..], &allowed].concat()).succeeded();
    place.run(&[&["compare-loading", "recordings", "--epochs", "1"][..], &allowed].concat()).succeeded();
    let stages = [&["stages", "recordings/dull/dull_0.wav", "--out", "s", "--json"][..], &allowed].concat();
    let report = place.run(&stages).succeeded().json();
    assert_eq!(report["image_shape"], serde_json::json!([80, 127]));
    assert!(place.path("s/log_mel.npy").is_file());
    place
        .run(
            &[&["stages", "recordings/dull/dull_0.wav", "--out", "t", "--sample-rate", "22050"][..], &mel]
                .concat(),
        )
        .succeeded();
}

#[test]
fn a_model_of_one_rate_takes_other_rates_when_resample_is_given() {
    let place = Workplace::new();
    place.recordings();
    let own_rate =
        ["--feature", "log-mel", "--sample-rate", "22050", "--duration", "24frames", "--frame-size", "256"];
    let line =
        ["train", "recordings", "--out", "b", "--preset", "small", "--epochs", "1", "--latent-size", "2"];
    place.run(&[&line[..], &own_rate].concat()).succeeded();
    let low: Vec<f32> = (0..8000).map(|n| 0.3 * (n as f32 * 0.4).sin()).collect();
    place.write("low/low.wav", &Clip::mono(low, 8000));
    for line in [
        &["evaluate", "b", "low"][..],
        &["encode", "b", "low", "--out", "c"],
        &["reconstruct", "b", "low/low.wav", "--out", "r"],
        &["generate", "b", "--from", "low/low.wav", "--to", "low/low.wav", "--steps", "2", "--out", "g"],
    ] {
        let refused = place.run(line);
        assert_eq!(refused.code, 1, "{refused:#?}");
        for words in ["low.wav", "8,000 Hz", "22,050 Hz", "--resample"] {
            assert!(refused.stderr.contains(words), "{words}: {refused:#?}");
        }
        place.run(&[line, &["--resample"]].concat()).succeeded();
    }
}
