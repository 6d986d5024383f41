//! No command writes over what it reads, or over a file that something else wrote.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use assert_cmd::Command;

/// Eight short sounds of two classes, and a model of them.
struct Workplace(tempfile::TempDir);

impl Workplace {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (class, step) in [("low", 0.05_f32), ("high", 0.4)] {
            fs::create_dir_all(place.at("in").join(class)).unwrap();
            for number in 0..4 {
                let path = place.at("in").join(class).join(format!("{class}_{number}.wav"));
                let spec = hound::WavSpec {
                    channels: 1,
                    sample_rate: 22_050,
                    bits_per_sample: 16,
                    sample_format: hound::SampleFormat::Int,
                };
                let mut writer = hound::WavWriter::create(path, spec).unwrap();
                for n in 0..4000 {
                    let sample = (n as f32 * step * (1.0 + number as f32 * 0.1)).sin() * 9000.0;
                    writer.write_sample(sample as i16).unwrap();
                }
                writer.finalize().unwrap();
            }
        }
        place
    }

    fn with_model() -> Self {
        let place = Self::new();
        let settings =
            ["--duration", "0.1", "--frame-size", "64", "--hop-length", "64", "--latent-size", "2"];
        let train = ["train", "in", "--out", "B", "--preset", "small", "--epochs", "1", "--threads", "1"];
        place.done(&[&train[..], &settings[..]].concat());
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("timbrespace").unwrap();
        command.current_dir(self.0.path()).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Exit code 1 with these words; no file was changed or added.
    #[track_caller]
    fn refused(&self, arguments: &[&str], words: &[&str]) {
        let before = contents(self.0.path());
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        for word in words {
            assert!(stderr.contains(word), "{arguments:?}: `{word}` is missing: {stderr}");
        }
        let after = contents(self.0.path());
        assert!(before == after, "{arguments:?} changed something: {stderr}");
    }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap())).collect()
}

const LOW: &str = "in/low/low_0.wav";

#[test]
fn an_output_that_is_read_is_refused_also_with_overwrite() {
    let place = Workplace::with_model();
    fs::hard_link(place.at("in/low/low_0.wav"), place.at("001.wav")).unwrap();
    let recording: &[&[&str]] = &[
        &["reconstruct", "B", LOW, "in/low/low_1.wav", "--out", "in/low"],
        &["morph", "B", LOW, "in/high/high_0.wav", "--out", LOW],
        &["morph", "B", LOW, "in/high/high_0.wav", "--out", "in/low/../high/high_0.wav"],
        &["generate", "B", "--out", ".", "--from", LOW, "--to", "in/high/high_0.wav", "--steps", "3"],
        &["doctor", "in", "--csv", LOW],
    ];
    let model: &[&[&str]] = &[
        &["settings", "--of", "B", "--out", "B/config.json"],
        &["report", "B", "--out", "B/history.csv"],
        &["report", "B", "--out", "B/model.safetensors"],
        &["morph", "B", LOW, "in/high/high_0.wav", "--out", "B/config.json"],
    ];
    for (lines, what) in [(recording, "one of the recordings that are read"), (model, "a file of the model")]
    {
        for line in lines {
            place.refused(line, &[what, "choose another --out"]);
            place.refused(&[*line, &["--overwrite"][..]].concat(), &[what]);
        }
    }
}

#[test]
fn a_file_of_something_else_is_refused_until_overwrite_is_given_and_a_command_may_be_repeated() {
    let place = Workplace::with_model();
    let lines: &[(&[&str], &str)] = &[
        (&["reconstruct", "B", LOW, "--out", "D"], "D/low_0.npy"),
        (&["morph", "B", LOW, "in/high/high_0.wav", "--out", "D/morph.wav"], "D/morph.wav"),
        (&["generate", "B", "--count", "2", "--out", "D"], "D/vectors.csv"),
        (&["ladder", "B", LOW, "--iterations", "2", "--out", "D"], "D/2_phase_recovery.wav"),
        (&["stages", LOW, "--out", "D"], "D/normalised.png"),
        (&["encode", "B", "in", "--csv", "--projection", "--projector", "--out", "D"], "D/metadata.tsv"),
        (&["doctor", "in", "--csv", "D/doctor.csv"], "D/doctor.csv"),
        (&["settings", "--out", "D/s.toml"], "D/s.toml"),
        (&["report", "B", "--out", "D/report.html"], "D/report.html"),
        (&["scalars", "B", "--out", "D"], "D/scalars.csv"),
        (&["export", "B", "--onnx", "D"], "D/decoder.onnx"),
        (&["preprocess", "in", "--out", "D"], "D/spectrograms/low/low_0.wav.npy"),
        (&["demo", "--out", "D"], "D/bell/bell_000.wav"),
    ];
    for (line, file) in lines {
        place.done(line);
        place.done(line);
        let known = if place.at(file).is_file() { place.at(file) } else { any_wav(&place.at("D")) };
        fs::remove_dir_all(place.at("D")).unwrap();
        fs::create_dir_all(known.parent().unwrap()).unwrap();
        fs::write(&known, "a person's").unwrap();
        let name = known.file_name().unwrap().to_str().unwrap();
        place.refused(line, &[name, "--overwrite"]);
        place.done(&[*line, &["--overwrite"][..]].concat());
        assert_ne!(fs::read(&known).unwrap(), b"a person's", "{line:?}");
        fs::remove_dir_all(place.at("D")).unwrap();
    }
}

/// The second WAV file of a folder, by name.
fn any_wav(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wav"));
    files.sort();
    files.remove(1)
}

#[test]
fn a_result_that_a_person_has_changed_is_the_persons() {
    let place = Workplace::with_model();
    let line = ["generate", "B", "--count", "2", "--out", "D"];
    place.done(&line);
    fs::write(place.at("D/vectors.csv"), "with remarks").unwrap();
    place.refused(&line, &["vectors.csv", "changed since"]);
}

#[test]
fn train_refuses_a_folder_of_something_else_and_names_what_is_there() {
    let place = Workplace::new();
    fs::create_dir(place.at("llm")).unwrap();
    for name in ["config.json", "model.safetensors", "notes.txt"] {
        fs::write(place.at("llm").join(name), "{\"architectures\": []}").unwrap();
    }
    fs::rename(place.at("in/low"), place.at("in/replay")).unwrap();
    for (out, name) in [("llm", "config.json"), ("in", "replay")] {
        for more in [&[][..], &["--overwrite"], &["--resume"]] {
            let line = ["train", "in", "--out", out, "--preset", "small", "--epochs", "1"];
            let word = if more == ["--resume"] { "nothing was changed" } else { name };
            place.refused(&[&line[..], more].concat(), &[word, "another --out"]);
        }
    }
    place.refused(&["train", "in", "--out", "mistyped", "--resume"], &["mistyped", "no such folder"]);
}
