//! Draws the program's icons from `icon.svg` and `icon-small.svg`: `draw_icons FOLDER OUT`.
//!
//! Writes `16.png` to `512.png` for Linux, `timbrespace.ico` for Windows and `timbrespace.icns` for macOS. `scripts/icons.sh`
//! runs it for `packaging/icons`.

use std::{env, fs, path::Path};

use anyhow::{Context as _, bail};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

/// Edges of the pictures in pixels: those of Linux's icon theme hicolor.
const EDGES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];
/// Up to this edge the drawing with fewer and wider bars is used.
const LARGEST_SMALL: u32 = 32;
/// Edges in the file for Windows, whose format ends at 256.
const WINDOWS_EDGES: [u32; 6] = [16, 24, 32, 48, 64, 256];
/// Edges in the file for macOS, with their type in that format.
const MACOS_EDGES: [(u32, &[u8; 4]); 6] =
    [(16, b"icp4"), (32, b"icp5"), (64, b"icp6"), (128, b"ic07"), (256, b"ic08"), (512, b"ic09")];
/// Bytes of a Windows icon's header and of each entry.
const WINDOWS_HEADER: usize = 6;
const WINDOWS_ENTRY: usize = 16;
/// Bytes of type and length before a macOS icon and before each of its pictures.
const MACOS_HEADER: usize = 8;

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), Some(out)) = (arguments.next(), arguments.next()) else {
        bail!("usage: draw_icons FOLDER OUT");
    };
    let (folder, out) = (Path::new(&folder), Path::new(&out));
    let (large, small) = (drawing(&folder.join("icon.svg"))?, drawing(&folder.join("icon-small.svg"))?);
    let mut pictures = Vec::new();
    for edge in EDGES {
        let picture = png(if edge > LARGEST_SMALL { &large } else { &small }, edge)?;
        fs::write(out.join(format!("{edge}.png")), &picture)?;
        pictures.push((edge, picture));
    }
    fs::write(out.join("timbrespace.ico"), windows_icon(&pictures))?;
    fs::write(out.join("timbrespace.icns"), macos_icon(&pictures))?;
    Ok(())
}

fn drawing(path: &Path) -> anyhow::Result<Tree> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(Tree::from_str(&text, &Options::default())?)
}

/// The drawing as a PNG file of `edge` pixels.
fn png(drawing: &Tree, edge: u32) -> anyhow::Result<Vec<u8>> {
    let mut pixels = Pixmap::new(edge, edge).context("an icon without pixels")?;
    let scale = edge as f32 / drawing.size().width();
    resvg::render(drawing, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

/// A Windows icon: a header, an entry for each picture with its edge, length and position, then the PNG files.
/// <https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)>
fn windows_icon(pictures: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let chosen: Vec<_> = pictures.iter().filter(|(edge, _)| WINDOWS_EDGES.contains(edge)).collect();
    let mut file = vec![0, 0, 1, 0];
    file.extend((chosen.len() as u16).to_le_bytes());
    let mut position = WINDOWS_HEADER + WINDOWS_ENTRY * chosen.len();
    for (edge, picture) in &chosen {
        // 256 is written as 0. No palette, one plane, 32 bits a pixel.
        let edge = (edge % 256) as u8;
        file.extend([edge, edge, 0, 0, 1, 0, 32, 0]);
        file.extend((picture.len() as u32).to_le_bytes());
        file.extend((position as u32).to_le_bytes());
        position += picture.len();
    }
    file.extend(chosen.iter().flat_map(|(_, picture)| picture));
    file
}

/// A macOS icon: type and length of the file, then of each picture, which follows as a PNG file.
fn macos_icon(pictures: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (edge, kind) in MACOS_EDGES {
        for (_, picture) in pictures.iter().filter(|(has, _)| *has == edge) {
            body.extend(*kind);
            body.extend(((MACOS_HEADER + picture.len()) as u32).to_be_bytes());
            body.extend(picture);
        }
    }
    let mut file = b"icns".to_vec();
    file.extend(((MACOS_HEADER + body.len()) as u32).to_be_bytes());
    file.extend(body);
    file
}
