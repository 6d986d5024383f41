//! Text as SVG text: each run of one font and colour, at its position in the window.

use std::ops::Range;

use eframe::{
    egui::{Color32, FontFamily, Pos2, epaint::TextShape},
    epaint::text::{Glyph, LayoutJob},
};

use super::writer::{number, painted, push};

/// Consecutive letters of one font and colour.
struct Run {
    /// Index of their section in the layout job.
    section: usize,
    left: f32,
    right: f32,
    baseline: f32,
    letters: String,
}

/// Writes a text, row by row.
pub(super) fn write(out: &mut String, shape: &TextShape) {
    let galley = &shape.galley;
    if shape.angle != 0.0 {
        let [degrees, x, y] = [shape.angle.to_degrees(), shape.pos.x, shape.pos.y].map(number);
        push(out, format_args!("<g transform=\"rotate({degrees} {x} {y})\">\n"));
    }
    let mut byte = 0;
    for row in &galley.rows {
        for run in runs(row.pos, &row.row.glyphs, &galley.job, &mut byte) {
            write_run(out, shape, &run);
        }
        if row.ends_with_newline {
            byte += 1;
        }
    }
    if shape.angle != 0.0 {
        push(out, format_args!("</g>\n"));
    }
}

/// The runs of a row at `at`. `byte` is the offset of the row in the text, and is advanced past it.
fn runs(at: Pos2, glyphs: &[Glyph], job: &LayoutJob, byte: &mut usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for glyph in glyphs {
        let holds = |range: Range<usize>| range.contains(byte);
        // The ellipsis of a truncated text is in no section: it takes the format of the text before it.
        let section = job.sections.iter().position(|section| {
            let range = &section.byte_range;
            holds(range.start.0..range.end.0)
        });
        let section = section.or_else(|| runs.last().map(|run| run.section)).unwrap_or_default();
        *byte += glyph.chr.len_utf8();
        let (left, baseline) = (at.x + glyph.pos.x, at.y + glyph.pos.y);
        let right = left + glyph.advance_width;
        match runs.last_mut() {
            Some(run) if run.section == section => {
                run.right = right;
                run.letters.push(glyph.chr);
            }
            _ => runs.push(Run { section, left, right, baseline, letters: glyph.chr.to_string() }),
        }
    }
    runs
}

fn write_run(out: &mut String, shape: &TextShape, run: &Run) {
    let Some(section) = shape.galley.job.sections.get(run.section) else { return };
    if run.letters.trim().is_empty() {
        return;
    }
    let own = section.format.color;
    let own = if own == Color32::PLACEHOLDER { shape.fallback_color } else { own };
    let colour = shape.override_text_color.unwrap_or(own);
    let colour = colour.gamma_multiply(shape.opacity_factor);
    // egui ships Ubuntu in one weight, Light.
    let family = match section.format.font_id.family {
        FontFamily::Monospace => "font-family=\"Hack, monospace\"",
        _ => "font-family=\"Ubuntu, 'Ubuntu Light', sans-serif\" font-weight=\"300\"",
    };
    let [x, y, size] =
        [shape.pos.x + run.left, shape.pos.y + run.baseline, section.format.font_id.size].map(number);
    let length = number(run.right - run.left);
    let letters = escaped(&run.letters);
    // With the window's text width, a substituted font still fits.
    push(
        out,
        format_args!(
            "<text x=\"{x}\" y=\"{y}\" {family} font-size=\"{size}\" textLength=\"{length}\" \
             lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" {}>{letters}</text>\n",
            painted("fill", colour)
        ),
    );
}

/// Text with XML's special characters as entities.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML forbids control characters, even as entities.
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_safe_in_xml() {
        assert_eq!(escaped("a<b> & \"c\"\u{7}"), "a&lt;b&gt; &amp; &quot;c&quot; ");
    }
}
