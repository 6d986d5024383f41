//! What packages are made of: menu entry, metadata, icons and the lists of files agree with each other and with the program.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

#[path = "examples/program.rs"]
mod program;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use image::ImageReader;
use program::example;

const APP_ID: &str = "io.github.timbrespace.timbrespace";
/// What stands at the head of a definition that nobody has run.
const NEVER_RUN: &str = "NEVER RUN";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn linux(ending: &str) -> PathBuf {
    root().join(format!("packaging/linux/{APP_ID}.{ending}"))
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path.as_ref())).unwrap()
}

fn cargo_table() -> toml::Table {
    toml::from_str(&read("Cargo.toml")).unwrap()
}

fn passed(output: &Output) {
    let said = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy);
    assert!(output.status.success() && !said.concat().contains("error"), "{}", said.concat());
}

/// The value of `key` in the menu entry.
fn entry(key: &str) -> String {
    let text = fs::read_to_string(linux("desktop")).unwrap();
    let start = format!("{key}=");
    text.lines().find_map(|line| line.strip_prefix(&start)).unwrap().to_owned()
}

#[cfg_attr(not(has_desktop_file_validate), ignore = "needs desktop-file-validate (desktop-file-utils)")]
#[test]
fn the_menu_entry_is_valid() {
    passed(&Command::new("desktop-file-validate").arg(linux("desktop")).output().unwrap());
}

#[cfg_attr(not(has_appstreamcli), ignore = "needs appstreamcli (appstream)")]
#[test]
fn the_metadata_are_valid() {
    let metadata = linux("metainfo.xml");
    passed(&Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metadata).output().unwrap());
}

#[test]
fn one_id_names_window_menu_entry_icon_and_metadata() {
    let source = read("src/app/program.rs");
    assert!(source.contains(&format!("const APP_ID: &str = \"{APP_ID}\";")), "the window has another id");
    assert_eq!(entry("Icon"), APP_ID);
    assert_eq!(entry("StartupWMClass"), APP_ID);
    let metadata = fs::read_to_string(linux("metainfo.xml")).unwrap();
    assert!(metadata.contains(&format!("<id>{APP_ID}</id>")));
    assert!(metadata.contains(&format!("<launchable type=\"desktop-id\">{APP_ID}.desktop</launchable>")));
    // The id is the reverse of where the project is: io.github.OWNER.NAME for github.com/OWNER/NAME.
    let owner_and_name = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/").unwrap();
    assert_eq!(APP_ID, format!("io.github.{}", owner_and_name.replace('/', ".")));
}

#[test]
fn the_menu_entry_opens_what_the_program_opens() {
    assert_eq!(entry("Exec"), "timbrespace %f", "the program takes one path");
    let types = entry("MimeType");
    for kind in ["inode/directory", "audio/x-wav", "audio/flac", "audio/ogg", "audio/mpeg", "audio/aiff"] {
        assert!(types.split(';').any(|has| has == kind), "{kind} is not among {types}");
    }
}

#[test]
fn the_metadata_have_this_version_and_pictures_that_are_there() {
    let metadata = fs::read_to_string(linux("metainfo.xml")).unwrap();
    assert!(metadata.contains(&format!("<release version=\"{}\"", env!("CARGO_PKG_VERSION"))));
    assert!(metadata.contains(&format!("<project_license>{}</project_license>", env!("CARGO_PKG_LICENSE"))));
    let folder = "https://raw.githubusercontent.com/timbrespace/timbrespace/main/";
    let pictures: Vec<&str> = metadata
        .lines()
        .filter_map(|line| line.split_once(folder))
        .map(|(_, rest)| rest.split('<').next().unwrap())
        .collect();
    assert_eq!(pictures.len(), 4);
    for picture in pictures {
        let reader = ImageReader::open(root().join(picture)).unwrap();
        assert_eq!(reader.into_dimensions().unwrap(), (1280, 800), "{picture}");
    }
}

#[test]
fn icons_are_what_the_drawings_give() {
    let folder = root().join("packaging/icons");
    let out = tempfile::tempdir().unwrap();
    passed(&Command::new(example("draw_icons")).arg(&folder).arg(out.path()).output().unwrap());
    let mut names = vec!["timbrespace.ico".to_owned(), "timbrespace.icns".to_owned()];
    for edge in [16, 24, 32, 48, 64, 128, 256, 512] {
        let name = format!("{edge}.png");
        let picture = image::open(folder.join(&name)).unwrap();
        assert_eq!((picture.width(), picture.height()), (edge, edge));
        names.push(name);
    }
    for name in names {
        let (has, drawn) = (fs::read(folder.join(&name)).unwrap(), fs::read(out.path().join(&name)).unwrap());
        assert!(has == drawn, "packaging/icons/{name} is not up to date: run scripts/icons.sh");
    }
    assert!(fs::read(folder.join("256.png")).unwrap() == fs::read(root().join("assets/icon.png")).unwrap());
}

/// What a package's list in `Cargo.toml` says of its files: source and destination.
fn files_of(package: &str) -> BTreeSet<(String, String)> {
    let table = cargo_table();
    let metadata = &table["package"]["metadata"][package];
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    metadata["assets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| match asset.as_array() {
            Some(parts) => (text(&parts[0]), text(&parts[1])),
            None => (text(&asset["source"]), text(&asset["dest"])),
        })
        .map(|(source, place)| (source, place.trim_start_matches('/').to_owned()))
        .collect()
}

#[test]
fn both_linux_packages_hold_the_same_files_and_these_are_there() {
    let (deb, rpm) = (files_of("deb"), files_of("generate-rpm"));
    // Debian's file of licences is not an asset: `license-file` names it.
    assert_eq!(deb, rpm);
    for (source, _) in &deb {
        let is_built = source.starts_with("target/");
        assert!(is_built || root().join(source).is_file(), "{source} is missing");
    }
    let places: Vec<&str> = deb.iter().map(|(_, place)| place.as_str()).collect();
    let icons = places.iter().filter(|place| place.contains("icons/hicolor/"));
    assert_eq!(icons.count(), 9, "eight sizes and a scalable one");
    for place in [
        "usr/bin/timbrespace".to_owned(),
        format!("usr/share/applications/{APP_ID}.desktop"),
        format!("usr/share/metainfo/{APP_ID}.metainfo.xml"),
        format!("usr/share/icons/hicolor/scalable/apps/{APP_ID}.svg"),
        format!("usr/share/icons/hicolor/16x16/apps/{APP_ID}.png"),
        "usr/share/doc/timbrespace/notices.txt".to_owned(),
        "usr/share/doc/timbrespace/LICENSE-MIT".to_owned(),
        "usr/share/doc/timbrespace/LICENSE-APACHE".to_owned(),
    ] {
        assert!(places.contains(&place.as_str()), "{place} is in no package");
    }
}

#[test]
fn what_was_never_run_says_so() {
    for path in [
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
        "packaging/windows/timbrespace.wxs",
        "packaging/macos/Info.plist",
        "packaging/macos/entitlements.plist",
        "packaging/macos/package.sh",
    ] {
        assert!(read(path).lines().take(6).any(|line| line.contains(NEVER_RUN)), "{path}");
    }
}

#[test]
fn macos_asks_for_the_microphone_in_words_and_with_the_right() {
    let info = read("packaging/macos/Info.plist");
    let words = info.split("<key>NSMicrophoneUsageDescription</key>").nth(1).unwrap();
    assert!(words.trim_start().starts_with("<string>Timbrespace records"), "{words}");
    assert!(info.contains(&format!("<string>{APP_ID}</string>")), "the bundle has another id");
    assert!(read("packaging/macos/entitlements.plist").contains("com.apple.security.device.audio-input"));
}
