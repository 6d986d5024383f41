//! Every colour, distance and text size of the window; no other module defines any.

use eframe::egui::{
    self, Color32, CornerRadius, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle,
    Theme, ThemePreference, Vec2, Visuals,
    style::{NumberFormatter, ScrollStyle, WidgetVisuals},
};

use crate::{
    numbers::{grouped, with_minus},
    session::state::ThemeChoice,
};

/// Base unit of spacing, in points.
pub const GAP: f32 = 8.0;
/// Half a unit, between things that belong together.
pub const HALF_GAP: f32 = 4.0;
/// Height of a list row and of a control, in points.
pub const ROW: f32 = 24.0;
/// Height of the bar at the top.
pub const TOP_BAR: f32 = 44.0;
/// Corner radius of cards and controls.
pub const ROUNDING: u8 = 4;
/// Width of every plot's vertical axis, so that time axes line up.
pub const AXIS_WIDTH: f32 = 52.0;
/// Width of the colour bar at the right of an image.
pub const COLOUR_BAR_WIDTH: f32 = 56.0;

const SMALL: f32 = 11.5;
const BODY: f32 = 13.5;
const HEADING: f32 = 18.0;
const MONOSPACE: f32 = 12.0;

/// Opacity of what is disabled: its values can still be read.
const DISABLED: f32 = 0.7;
/// Opacity of the handles of scroll bars, and of one under the pointer.
const HANDLE: f32 = 0.5;
const HANDLE_HOVERED: f32 = 0.75;

/// The text style of numbers on axes and in status lines.
pub fn small_mono() -> TextStyle {
    TextStyle::Name("small-mono".into())
}

/// Colours with a meaning.
#[derive(Debug)]
pub struct Palette {
    /// Behind everything.
    pub window: Color32,
    /// Bars and side panels.
    pub panel: Color32,
    /// Cards.
    pub card: Color32,
    /// Borders of cards.
    pub border: Color32,
    /// Borders of controls: without them nobody sees where a field is.
    pub outline: Color32,
    /// Behind plots and in text fields.
    pub well: Color32,
    /// Controls at rest.
    pub control: Color32,
    /// Controls under the pointer.
    pub control_hovered: Color32,
    /// Text.
    pub text: Color32,
    /// Explanations and units.
    pub text_weak: Color32,
    /// Titles.
    pub text_strong: Color32,
    /// The one accent colour: selected, active, or ours.
    pub accent: Color32,
    /// Background of selected items.
    pub accent_soft: Color32,
    /// Text on the accent colour.
    pub on_accent: Color32,
    /// Success.
    pub good: Color32,
    /// Warnings.
    pub warning: Color32,
    /// Errors.
    pub error: Color32,
    /// Waveforms.
    pub wave: Color32,
    /// Background of padding.
    pub padding: Color32,
    /// Playback position.
    pub playhead: Color32,
    /// Crosshair, over images and curves.
    pub crosshair: Color32,
    /// Overlay of the selected time range.
    pub selection: Color32,
    /// The analysis frame and its window.
    pub frame: Color32,
    /// Training curves.
    pub curve_training: Color32,
    /// Validation curves.
    pub curve_validation: Color32,
    /// The mean image's error.
    pub baseline_mean: Color32,
    /// Principal components' error.
    pub baseline_pca: Color32,
    /// Error of local PCA: groups with principal components of their own.
    pub baseline_local: Color32,
    /// Curves of past runs, used in turn.
    pub runs: [Color32; 5],
    /// Grid lines of plots.
    pub grid: Color32,
    /// Grid lines over images, whose colours are the same in both themes.
    pub image_grid: Color32,
    /// Lines over images, and the darker edge that sets them off from light colours.
    pub image_line: Color32,
    /// That edge.
    pub image_line_edge: Color32,
    /// Overlay of the window while files are dragged over it.
    pub veil: Color32,
    /// Text on that overlay.
    pub on_veil: Color32,
    /// Colours of classes, used in turn.
    pub classes: [Color32; 10],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const IMAGE_GRID: Color32 = rgb(0x0042_4a55);
const IMAGE_LINE: Color32 = Color32::WHITE;
const IMAGE_LINE_EDGE: Color32 = Color32::from_black_alpha(150);

pub(super) static DARK: Palette = Palette {
    window: rgb(0x0013_1519),
    panel: rgb(0x0019_1c21),
    card: rgb(0x001f_2329),
    border: rgb(0x0033_3942),
    outline: rgb(0x006d_7683),
    well: rgb(0x000e_1013),
    control: rgb(0x002c_323a),
    control_hovered: rgb(0x0038_404a),
    text: rgb(0x00d8_dde4),
    text_weak: rgb(0x009d_a7b3),
    text_strong: rgb(0x00f4_f6f9),
    accent: rgb(0x004f_c3d7),
    accent_soft: rgb(0x001d_4650),
    on_accent: rgb(0x0006_1a1e),
    good: rgb(0x0067_c587),
    warning: rgb(0x00f0_b455),
    error: rgb(0x00f0_7f78),
    wave: rgb(0x006f_cfe0),
    padding: rgb(0x0027_2c33),
    playhead: rgb(0x00ff_ffff),
    crosshair: rgb(0x0078_e6f5),
    selection: Color32::from_rgba_unmultiplied_const(0x4f, 0xc3, 0xd7, 48),
    frame: rgb(0x00f0_b455),
    curve_training: rgb(0x0077_8593),
    curve_validation: rgb(0x004f_c3d7),
    baseline_mean: rgb(0x00f0_8fd0),
    baseline_pca: rgb(0x00b0_8cf5),
    baseline_local: rgb(0x00cf_d86a),
    runs: [rgb(0x0067_c587), rgb(0x00f0_a83c), rgb(0x004f_7df0), rgb(0x00ff_ffff), rgb(0x00f0_6a62)],
    grid: rgb(0x0042_4a55),
    image_grid: IMAGE_GRID,
    image_line: IMAGE_LINE,
    image_line_edge: IMAGE_LINE_EDGE,
    veil: Color32::from_black_alpha(190),
    on_veil: Color32::WHITE,
    classes: [
        rgb(0x0068_b6f2),
        rgb(0x00f0_a35e),
        rgb(0x006f_cf8b),
        rgb(0x00ee_8a93),
        rgb(0x00c0_a0ef),
        rgb(0x00d6_c25a),
        rgb(0x005f_cdc6),
        rgb(0x00e9_93cf),
        rgb(0x00a9_c46c),
        rgb(0x00b3_ab9f),
    ],
};

pub(super) static LIGHT: Palette = Palette {
    window: rgb(0x00e6_e9ed),
    panel: rgb(0x00f3_f5f7),
    card: rgb(0x00ff_ffff),
    border: rgb(0x00cc_d2d9),
    outline: rgb(0x007a_8490),
    well: rgb(0x00f7_f8fa),
    control: rgb(0x00e3_e7ec),
    control_hovered: rgb(0x00d5_dbe2),
    text: rgb(0x0020_262d),
    text_weak: rgb(0x0056_616d),
    text_strong: rgb(0x0008_0b0f),
    accent: rgb(0x000a_6f83),
    accent_soft: rgb(0x00c9_e8ee),
    on_accent: rgb(0x00ff_ffff),
    good: rgb(0x001c_7a3f),
    warning: rgb(0x0093_5a00),
    error: rgb(0x00b4_2a25),
    wave: rgb(0x000a_6f83),
    padding: rgb(0x00e6_e9ed),
    playhead: rgb(0x00c0_1f5d),
    crosshair: rgb(0x001b_9db8),
    selection: Color32::from_rgba_unmultiplied_const(0x0a, 0x6f, 0x83, 40),
    frame: rgb(0x009a_5b00),
    curve_training: rgb(0x0078_838f),
    curve_validation: rgb(0x000a_6f83),
    baseline_mean: rgb(0x00b8_3a92),
    baseline_pca: rgb(0x0074_3cb5),
    baseline_local: rgb(0x006b_7200),
    runs: [rgb(0x001c_8a46), rgb(0x00b3_5a08), rgb(0x001f_5fd0), rgb(0x0020_262d), rgb(0x00a3_123a)],
    grid: rgb(0x00d0_d6dc),
    image_grid: IMAGE_GRID,
    image_line: IMAGE_LINE,
    image_line_edge: IMAGE_LINE_EDGE,
    veil: Color32::from_black_alpha(170),
    on_veil: Color32::WHITE,
    classes: [
        rgb(0x001f_6fb8),
        rgb(0x00b3_5a08),
        rgb(0x0022_7f44),
        rgb(0x00b8_353f),
        rgb(0x0072_44b5),
        rgb(0x0082_6c00),
        rgb(0x0007_776f),
        rgb(0x00a8_3a88),
        rgb(0x0053_7312),
        rgb(0x006a_6257),
    ],
};

/// Relative luminance of WCAG 2.1.
fn luminance(colour: Color32) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
}

/// Contrast of two colours by WCAG 2.1, from 1 to 21; 3 is the least for what must be seen.
pub fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The palette of the theme of `ui`.
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Registers both themes with egui; call once at the start.
pub fn install(ctx: &egui::Context) {
    ctx.set_style_of(Theme::Dark, style(&DARK, Visuals::dark()));
    ctx.set_style_of(Theme::Light, style(&LIGHT, Visuals::light()));
    ctx.set_fonts(fonts());
}

/// Applies the chosen theme.
pub fn choose(ctx: &egui::Context, choice: ThemeChoice) {
    let preference = match choice {
        ThemeChoice::Dark => ThemePreference::Dark,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::System => ThemePreference::System,
    };
    if ctx.options(|options| options.theme_preference) != preference {
        ctx.set_theme(preference);
    }
}

/// egui's fonts, with the monospaced one as fallback of the proportional one, for arrows and triangles.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let monospaced = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    for name in monospaced {
        if !proportional.contains(&name) {
            proportional.push(name);
        }
    }
    fonts
}

fn style(palette: &Palette, base: Visuals) -> egui::Style {
    let mut style =
        egui::Style { visuals: visuals(palette, base), animation_time: 0.1, ..egui::Style::default() };
    style.text_styles = [
        (TextStyle::Small, FontId::new(SMALL, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(BODY, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(BODY, FontFamily::Proportional)),
        (TextStyle::Heading, FontId::new(HEADING, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(MONOSPACE, FontFamily::Monospace)),
        (small_mono(), FontId::new(SMALL - 0.5, FontFamily::Monospace)),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Monospace;
    style.number_formatter = NumberFormatter::new(|value, decimals| {
        with_minus(&grouped(&egui::emath::format_with_decimals_in_range(value, decimals)))
    });
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(GAP, HALF_GAP);
    spacing.button_padding = Vec2::new(GAP, 3.0);
    spacing.interact_size = Vec2::new(40.0, ROW);
    spacing.window_margin = Margin::same(12);
    spacing.menu_margin = Margin::same(6);
    spacing.combo_width = 96.0;
    spacing.slider_width = 104.0;
    spacing.slider_rail_height = 4.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle::solid();
    spacing.scroll.bar_width = 8.0;
    spacing.scroll = scroll_bars(spacing.scroll);
    style
}

/// Scroll bars beside their contents, with a track. Their handles are in the colour of text, half through: a control's own colour is that
/// of the window in one theme or the other. Only what egui calls floating can be seen through.
fn scroll_bars(solid: ScrollStyle) -> ScrollStyle {
    ScrollStyle {
        floating: true,
        floating_width: solid.bar_width,
        floating_allocated_width: solid.bar_inner_margin + solid.bar_width,
        foreground_color: true,
        dormant_background_opacity: 1.0,
        active_background_opacity: 1.0,
        interact_background_opacity: 1.0,
        dormant_handle_opacity: HANDLE,
        active_handle_opacity: HANDLE,
        interact_handle_opacity: HANDLE_HOVERED,
        ..solid
    }
}

fn visuals(palette: &Palette, base: Visuals) -> Visuals {
    let rounding = CornerRadius::same(ROUNDING);
    let widget = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        fg_stroke: Stroke::new(1.0, text),
        corner_radius: rounding,
        expansion: 0.0,
    };
    let mut visuals = Visuals {
        panel_fill: palette.panel,
        window_fill: palette.card,
        window_stroke: Stroke::new(1.0, palette.border),
        extreme_bg_color: palette.well,
        faint_bg_color: palette.panel,
        code_bg_color: palette.well,
        text_edit_bg_color: Some(palette.well),
        weak_text_color: Some(palette.text_weak),
        warn_fg_color: palette.warning,
        error_fg_color: palette.error,
        hyperlink_color: palette.accent,
        window_corner_radius: CornerRadius::same(8),
        menu_corner_radius: CornerRadius::same(6),
        window_shadow: Shadow { color: Color32::from_black_alpha(90), offset: [0, 6], blur: 20, spread: 0 },
        popup_shadow: Shadow { color: Color32::from_black_alpha(70), offset: [0, 4], blur: 12, spread: 0 },
        slider_trailing_fill: true,
        striped: false,
        disabled_alpha: DISABLED,
        ..base
    };
    visuals.selection.bg_fill = palette.accent_soft;
    visuals.selection.stroke = Stroke::new(1.0, palette.text_strong);
    visuals.widgets.noninteractive = widget(palette.card, palette.border, palette.text);
    visuals.widgets.inactive = widget(palette.control, palette.outline, palette.text);
    visuals.widgets.hovered = widget(palette.control_hovered, palette.text_weak, palette.text_strong);
    visuals.widgets.active = widget(palette.accent_soft, palette.accent, palette.text_strong);
    visuals.widgets.open = widget(palette.control_hovered, palette.outline, palette.text_strong);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is seen of `front` over `back`.
    fn mix(front: Color32, back: Color32, opacity: f32) -> Color32 {
        let channel = |front: u8, back: u8| {
            (f32::from(front) * opacity + f32::from(back) * (1.0 - opacity)).round() as u8
        };
        Color32::from_rgb(
            channel(front.r(), back.r()),
            channel(front.g(), back.g()),
            channel(front.b(), back.b()),
        )
    }

    #[test]
    fn words_stand_out_from_every_background_of_both_themes() {
        for palette in [&DARK, &LIGHT] {
            for background in [palette.window, palette.panel, palette.card, palette.well] {
                for words in
                    [palette.text, palette.text_weak, palette.text_strong, palette.error, palette.warning]
                {
                    let ratio = contrast(words, background);
                    assert!(ratio >= 4.5, "{words:?} on {background:?}: {ratio:.2}");
                }
            }
            assert!(contrast(palette.on_accent, palette.accent) >= 4.5);
            assert!(contrast(palette.text_strong, palette.accent_soft) >= 4.5);
            assert!(contrast(palette.wave, palette.well) >= 4.5);
        }
    }

    #[test]
    fn numbers_in_fields_have_a_minus_sign_and_their_thousands_apart() {
        let style = style(&DARK, Visuals::dark());
        let text = |value: f64| style.number_formatter.format(value, 0..=2);
        assert_eq!([text(-0.5), text(-0.0), text(12.0)], ["−0.5", "0", "12"]);
        assert_eq!([text(22_050.0), text(-1234.5)], ["22,050", "−1,234.5"]);
    }

    #[test]
    fn values_of_disabled_fields_can_be_read() {
        let mix = |front, back| mix(front, back, DISABLED);
        for palette in [&DARK, &LIGHT] {
            let field = mix(palette.control, palette.card);
            let ratio = contrast(mix(palette.text, field), field);
            assert!(ratio >= 4.5, "{ratio:.2}");
        }
    }

    #[test]
    fn the_ring_of_the_focus_stands_out_from_all_that_it_may_lie_on() {
        for palette in [&DARK, &LIGHT] {
            let controls = [palette.control, palette.control_hovered, palette.accent_soft];
            let surfaces = [palette.window, palette.panel, palette.card, palette.well];
            for background in controls.into_iter().chain(surfaces) {
                let ratio = contrast(palette.accent, background);
                assert!(ratio >= 3.0, "{background:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn borders_of_controls_and_curves_stand_out() {
        for palette in [&DARK, &LIGHT] {
            for background in [palette.window, palette.panel, palette.card, palette.well] {
                let ratio = contrast(palette.outline, background);
                assert!(ratio >= 3.0, "{background:?}: {ratio:.2}");
            }
            let curves = [
                palette.curve_training,
                palette.curve_validation,
                palette.baseline_mean,
                palette.baseline_pca,
                palette.baseline_local,
                palette.playhead,
                palette.crosshair,
                palette.frame,
            ];
            for curve in curves.into_iter().chain(palette.classes).chain(palette.runs) {
                for background in [palette.well, palette.card] {
                    let ratio = contrast(curve, background);
                    assert!(ratio >= 3.0, "{curve:?} on {background:?}: {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn no_run_has_the_colour_of_a_baseline_or_of_another_curve() {
        for palette in [&DARK, &LIGHT] {
            let baselines = [palette.baseline_mean, palette.baseline_pca, palette.baseline_local];
            let live = [palette.curve_training, palette.curve_validation];
            let all: Vec<Color32> = baselines.into_iter().chain(live).chain(palette.runs).collect();
            for (place, one) in all.iter().enumerate() {
                for other in &all[place + 1..] {
                    let part = |index: usize| {
                        (f32::from(one.to_array()[index]) - f32::from(other.to_array()[index])).powi(2)
                    };
                    let apart = (0..3).map(part).sum::<f32>().sqrt();
                    assert!(apart >= 60.0, "{one:?} and {other:?} are {apart} apart");
                }
            }
        }
    }

    #[test]
    fn the_handle_of_a_scroll_bar_stands_out_from_its_track() {
        for (palette, base) in [(&DARK, Visuals::dark()), (&LIGHT, Visuals::light())] {
            let style = style(palette, base);
            let visuals = &style.visuals;
            let scroll = style.spacing.scroll;
            assert!(scroll.foreground_color && scroll.dormant_background_opacity == 1.0);
            assert_eq!((scroll.floating_width, scroll.dormant_handle_opacity), (scroll.bar_width, HANDLE));
            let track = visuals.extreme_bg_color;
            let seen = |text: Color32, opacity| contrast(mix(text, track, opacity), track);
            let resting = seen(visuals.widgets.inactive.fg_stroke.color, HANDLE);
            assert!((3.0..5.0).contains(&resting), "it can be seen, and is no text: {resting:.2}");
            assert!(seen(visuals.widgets.hovered.fg_stroke.color, HANDLE_HOVERED) > resting);
        }
    }
}
