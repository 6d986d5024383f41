//! The sliders: one per axis, with a search; unused axes are hidden at first.

use eframe::egui::{Label, RichText, ScrollArea, TextEdit, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        pictures::effect_pictures,
        theme::{HALF_GAP, palette},
        widgets::axis_slider::{AXIS_ROW, AxisSlider, EffectPicture, SliderEvent},
    },
    explore::axes::{Axis, AxisSystem},
    language::text,
    session::{Command, LatentCommand, playing::PlayingCommand},
};

/// Width of the search field, in points.
const SEARCH_WIDTH: f32 = 76.0;

/// Draws the sliders into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    systems(ui, context);
    let axes = context.state.latent.axes.clone();
    let memory = &context.memory.latent.sliders;
    let dead = axes.iter().filter(|axis| axis.is_dead()).count();
    let shown: Vec<usize> =
        (0..axes.len()).filter(|&index| is_shown(&axes[index], &memory.search, memory.shows_dead)).collect();
    if dead > 0 {
        dead_line(ui, context, dead);
    }
    if shown.is_empty() {
        let text = if axes.is_empty() { text!("instrument-no-axes") } else { text!("instrument-no-axis") };
        ui.add(Label::new(RichText::new(text).color(palette(ui).text_weak)));
        return;
    }
    let space = &context.state.space;
    let texture = context.memory.effects.get(ui.ctx(), space.effects_generation, &space.effects);
    let mut commands = Vec::new();
    ScrollArea::vertical().id_salt("sliders").auto_shrink([false, false]).show_rows(
        ui,
        AXIS_ROW,
        shown.len(),
        |ui, rows| {
            ui.spacing_mut().item_spacing = Vec2::new(0.0, HALF_GAP);
            for &index in &shown[rows] {
                let axis = &axes[index];
                let effect =
                    texture.as_ref().zip(space.effects.get(index)).map(|(texture, effect)| EffectPicture {
                        texture: texture.id(),
                        part: effect_pictures::part(index, space.effects.len(), texture),
                        strength: effect.strength,
                    });
                let slider = AxisSlider {
                    axis,
                    value: axis.coordinate(&context.state.latent.vector),
                    locked: context.state.latent.locked.contains(&index),
                    effect,
                };
                commands.extend(slider.show(ui).into_iter().map(|event| match event {
                    SliderEvent::Began => Command::Latent(LatentCommand::BeginDrag),
                    SliderEvent::Moved(value) => {
                        Command::Latent(LatentCommand::SetAxis { axis: index, value })
                    }
                    SliderEvent::Ended => Command::Latent(LatentCommand::EndDrag),
                    SliderEvent::TakenBack => Command::Latent(LatentCommand::TakeBackDrag),
                    SliderEvent::Locked(locked) => Command::Latent(LatentCommand::LockAxis(index, locked)),
                    SliderEvent::Learn => Command::Playing(PlayingCommand::Learn(Some(index))),
                    SliderEvent::ForgetControls => Command::Playing(PlayingCommand::ForgetControls(index)),
                    SliderEvent::Keys(keys) => Command::Playing(PlayingCommand::SetKeys(keys, index)),
                }));
            }
        },
    );
    context.commands.extend(commands);
}

/// Whether an axis matches the search; without a search, unused axes show only on request.
fn is_shown(axis: &Axis, search: &str, shows_dead: bool) -> bool {
    let search = search.trim();
    if search.is_empty() {
        return shows_dead || !axis.is_dead();
    }
    let name = axis.name().to_lowercase();
    let wanted = search.to_lowercase();
    // A number finds that axis; a name matches by prefix: `z1` finds z1, z10, z11 ...
    if wanted.chars().all(|c| c.is_ascii_digit()) {
        name.get(1..) == Some(wanted.as_str())
    } else {
        name.starts_with(&wanted)
    }
}

fn systems(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let system = context.state.latent.axis_system;
    let principal = context.state.space.set.is_some();
    ui.horizontal(|ui| {
        let by_kl = ui.selectable_label(system == AxisSystem::Dimensions, text!("instrument-by-kl"));
        if by_kl.on_hover_text(text!("instrument-by-kl-help")).clicked() {
            context.send(LatentCommand::SetAxisSystem(AxisSystem::Dimensions));
        }
        let by_spread =
            |ui: &mut Ui| ui.selectable_label(system == AxisSystem::Principal, text!("instrument-principal"));
        let by_spread = ui
            .add_enabled_ui(principal, by_spread)
            .inner
            .on_hover_text(text!("instrument-principal-help"))
            .on_disabled_hover_text(text!("instrument-principal-later"));
        if by_spread.clicked() {
            context.send(LatentCommand::SetAxisSystem(AxisSystem::Principal));
        }
        let search = &mut context.memory.latent.sliders.search;
        let hint = RichText::new(text!("instrument-find")).color(palette(ui).text_weak);
        let field = TextEdit::singleline(search).desired_width(SEARCH_WIDTH).hint_text(hint);
        ui.add(field)
            .accessible_name(text!("instrument-find-axis"))
            .on_hover_text(text!("instrument-find-axis-help"));
    });
}

fn dead_line(ui: &mut Ui, context: &mut PanelContext<'_>, dead: usize) {
    let text = text!("instrument-unused", count = dead);
    let hint = text!("instrument-unused-help");
    ui.checkbox(&mut context.memory.latent.sliders.shows_dead, text).on_hover_text(hint);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::axes::{Spread, dimensions};

    #[test]
    fn a_number_finds_one_axis_and_letters_those_that_begin_with_them() {
        let kl: Vec<f32> = (0..128).map(|index| if index == 12 { 0.0 } else { 1.0 }).collect();
        let axes = dimensions(128, Spread { mean: &[], deviation: &[], kl: &kl }, None);
        let found = |search: &str, dead: bool| {
            let mut numbers: Vec<usize> =
                axes.iter().filter(|axis| is_shown(axis, search, dead)).map(|axis| axis.number).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(found("12", false), [12], "dead ones too are found by their number");
        assert_eq!(found("z1", false).len(), 1 + 10 + 28);
        assert_eq!(found("", false).len(), 127);
        assert_eq!(found("", true).len(), 128);
        assert!(found("p1", true).is_empty());
    }
}
