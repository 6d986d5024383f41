//! Moves through the latent space: between A and B, by arithmetic, at random, and to saved vectors.

use eframe::egui::{Button, ComboBox, Label, RichText, ScrollArea, Slider, TextEdit, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::explanation,
            described, drag_hint, dropdown, escape,
            icon_button::{self, Icon},
            number_field::NumberField,
            tail, toolbar,
        },
    },
    explore::travel::Path,
    language::text,
    names::escaped,
    session::{
        Command, LatentCommand,
        space::{
            SpaceCommand,
            travel::{Draw, Slot, TEMPERATURE_LIMITS, TravelCommand},
        },
    },
};

/// Width of the letter at the end of the slider and the gap before it.
const END_LETTER: f32 = 32.0;

/// Draws the tab into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ScrollArea::vertical().id_salt("travel").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = HALF_GAP;
        slots(ui, context);
        between(ui, context);
        ui.add_space(GAP);
        means(ui, context);
        ui.add_space(GAP);
        random(ui, context);
        ui.add_space(GAP);
        saved(ui, context);
    });
}

fn send(context: &mut PanelContext<'_>, command: TravelCommand) {
    context.send(Command::Space(SpaceCommand::Travel(command)));
}

fn slots(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.strong(text!("travel-slots"));
    explanation(ui, &text!("travel-slots-help"));
    let selected = context.state.library.selected.filter(|_| context.state.space.set.is_some());
    for slot in Slot::ALL {
        let named = context.state.space.travel.slots[slot as usize].clone();
        let is_earlier = context.state.space.travel.are_earlier[slot as usize];
        let name = slot.name();
        ui.horizontal(|ui| {
            ui.strong(name);
            let vector = |ui: &mut Ui, _: &mut PanelContext<'_>| {
                let named_colour = if is_earlier { palette(ui).warning } else { palette(ui).text };
                let (text, colour) = named.as_ref().map_or_else(
                    || (text!("travel-empty").into(), palette(ui).text_weak),
                    |named| (escaped(&named.name), named_colour),
                );
                ui.add(Label::new(RichText::new(text).color(colour)).truncate());
            };
            tail::show(ui, context, vector, |ui, context| {
                let go = ui.add_enabled(named.is_some(), Button::new(text!("travel-go")));
                if go.on_hover_text(text!("travel-go-help", slot = name)).clicked() {
                    send(context, TravelCommand::Recall(slot));
                }
                let keep = ui.button(text!("travel-keep"));
                if keep.on_hover_text(text!("travel-keep-help", slot = name)).clicked() {
                    send(context, TravelCommand::Keep(slot));
                }
                let from = ui.add_enabled(selected.is_some(), Button::new(text!("travel-list")));
                let from = from.on_disabled_hover_text(text!("travel-list-missing"));
                if from.on_hover_text(text!("travel-list-help", slot = name)).clicked()
                    && let Some(recording) = selected
                {
                    send(context, TravelCommand::KeepRecording(slot, recording));
                }
            });
        });
    }
    stale(ui, context);
}

/// Says which slots hold vectors of an earlier model of the run, if any do.
fn stale(ui: &mut Ui, context: &PanelContext<'_>) {
    let earlier: Vec<&str> = context.state.space.travel.earlier().map(Slot::name).collect();
    if !earlier.is_empty() {
        let text = text!("travel-slots-stale", slots = earlier.join(&text!("between-names")));
        ui.add(Label::new(RichText::new(text).color(palette(ui).warning)).wrap());
    }
}

fn between(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let travel = &context.state.space.travel;
    let there = travel.slots[0].is_some() && travel.slots[1].is_some();
    let (path, mut part) = (travel.path, travel.part);
    ui.horizontal(|ui| {
        ui.label("A");
        ui.spacing_mut().slider_width = (ui.available_width() - END_LETTER).max(60.0);
        let slider = Slider::new(&mut part, 0.0..=1.0).show_value(false);
        let response = ui.add_enabled(there, slider).accessible_name(text!("travel-between"));
        let response = response.on_disabled_hover_text(text!("travel-between-missing"));
        if response.drag_started() {
            context.send(LatentCommand::BeginDrag);
        }
        let before = context.state.space.travel.part;
        let is_taken_back = escape::take_back(&response, before, &mut part);
        if response.changed() || is_taken_back {
            send(context, TravelCommand::SetPart(part));
        }
        if response.drag_stopped() {
            context.send(if is_taken_back { LatentCommand::TakeBackDrag } else { LatentCommand::EndDrag });
        }
        let percent = format!("{:.0}", 100.0 * part);
        drag_hint::show(response, text!("travel-between-help", percent = percent));
        ui.label("B");
    });
    ui.horizontal(|ui| {
        let linear = ui.selectable_label(path == Path::Linear, text!("travel-linear"));
        if linear.on_hover_text(text!("travel-linear-help")).clicked() {
            send(context, TravelCommand::SetPath(Path::Linear));
        }
        let spherical = ui.selectable_label(path == Path::Spherical, text!("travel-spherical"));
        if spherical.on_hover_text(text!("travel-spherical-help")).clicked() {
            send(context, TravelCommand::SetPath(Path::Spherical));
        }
        let all = context.state.space.travel.slots.iter().all(Option::is_some);
        let analogy = ui.add_enabled(all, Button::new("A − B + C"));
        let analogy = analogy.on_disabled_hover_text(text!("travel-analogy-missing"));
        if analogy.on_hover_text(text!("travel-analogy-help")).clicked() {
            send(context, TravelCommand::Analogy);
        }
    });
}

fn means(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some(set) = context.state.space.set.clone() else { return };
    let recordings = &context.state.library.recordings;
    let classes: std::collections::BTreeSet<&str> = set
        .recordings
        .iter()
        .filter_map(|listed| recordings.get(listed.index))
        .map(|recording| recording.class.as_str())
        .filter(|class| !class.is_empty())
        .collect();
    if classes.is_empty() {
        return;
    }
    ui.strong(text!("travel-mean"));
    let mut wanted = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(HALF_GAP);
        for class in classes {
            let colour = context.memory.classes.colour(palette(ui), class);
            let button = Button::new(RichText::new(escaped(class)).color(colour));
            let hint = text!("travel-mean-help", class = escaped(class));
            if ui.add(button).on_hover_text(hint).clicked() {
                wanted = Some(class.to_owned());
            }
        }
    });
    if let Some(class) = wanted {
        send(context, TravelCommand::ClassMean(class));
    }
}

fn random(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let travel = &context.state.space.travel;
    let (draw, mut temperature, mut stride, walking) =
        (travel.draw, travel.temperature, travel.stride, travel.is_walking);
    ui.strong(text!("travel-random"));
    toolbar::show(ui, |ui| {
        toolbar::words(ui, text!("travel-draw"));
        let density = ui.selectable_label(draw == Draw::Density, text!("travel-draw-recordings"));
        if density.on_hover_text(text!("travel-draw-recordings-help")).clicked() {
            send(context, TravelCommand::SetDraw(Draw::Density));
        }
        let data = ui.selectable_label(draw == Draw::Data, text!("travel-draw-data"));
        if data.on_hover_text(text!("travel-draw-data-help")).clicked() {
            send(context, TravelCommand::SetDraw(Draw::Data));
        }
        let prior = ui.selectable_label(draw == Draw::Prior, text!("travel-draw-prior"));
        if prior.on_hover_text(text!("travel-draw-prior-help")).clicked() {
            send(context, TravelCommand::SetDraw(Draw::Prior));
        }
    });
    if draw == Draw::Density {
        class_choice(ui, context);
    }
    ui.horizontal(|ui| {
        let label = ui.label(text!("travel-temperature"));
        let (least, most) = TEMPERATURE_LIMITS;
        let number = NumberField::new(&mut temperature).range(least..=most).speed(0.01).fixed_decimals(2);
        let field = ui.add(number).labelled_by(label.id);
        if field.on_hover_text(text!("travel-temperature-help")).changed() {
            send(context, TravelCommand::SetTemperature(temperature));
        }
        if ui.button(text!("travel-sample")).on_hover_text(text!("travel-sample-help")).clicked() {
            context.send(SpaceCommand::Sample);
        }
    });
    ui.horizontal(|ui| {
        let text = if walking { text!("travel-stop-walking") } else { text!("travel-walk") };
        let walk = ui.add(Button::new(text).selected(walking));
        described::plain_button(&walk);
        if walk.on_hover_text(text!("travel-walk-help")).clicked() {
            send(context, TravelCommand::SetWalking(!walking));
        }
        let label = ui.label(text!("travel-stride"));
        let number = NumberField::new(&mut stride).range(0.0..=1.0).speed(0.005).fixed_decimals(2);
        let field = ui.add(number).labelled_by(label.id);
        if field.on_hover_text(text!("travel-stride-help")).changed() {
            send(context, TravelCommand::SetStride(stride));
        }
    });
}

/// The class to limit random sounds to, if there is more than one.
fn class_choice(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some(config) = context.state.latent.model_config() else { return };
    let classes: Vec<String> =
        config.dataset.classes.iter().filter(|class| !class.is_empty()).cloned().collect();
    if classes.len() < 2 {
        return;
    }
    let chosen = context.state.space.travel.class.clone();
    let mut wanted = None;
    ui.horizontal(|ui| {
        let label = ui.label(text!("travel-class"));
        let text = chosen.as_ref().map_or_else(|| text!("travel-any-class").into(), |class| escaped(class));
        let list = ComboBox::from_id_salt("class of random sounds").selected_text(text);
        let list = dropdown::show(ui, list, |ui| {
            if ui.selectable_label(chosen.is_none(), text!("travel-any-class")).clicked() {
                wanted = Some(None);
            }
            for class in &classes {
                if ui.selectable_label(chosen.as_ref() == Some(class), escaped(class)).clicked() {
                    wanted = Some(Some(class.clone()));
                }
            }
        });
        list.response.labelled_by(label.id).on_hover_text(text!("travel-class-help"));
    });
    if let Some(class) = wanted {
        send(context, TravelCommand::SetClass(class));
    }
}

fn saved(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.strong(text!("travel-saved"));
    let mut is_saved = [false; 2];
    let [entered, pressed] = &mut is_saved;
    let field = |ui: &mut Ui, context: &mut PanelContext<'_>| {
        let hint = RichText::new(escaped(&context.state.latent.origin.label())).color(palette(ui).text_weak);
        let name = &mut context.memory.latent.travel.name;
        let field = ui.add(TextEdit::singleline(name).desired_width(ui.available_width()).hint_text(hint));
        *entered = field.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
        field.accessible_name(text!("travel-name")).on_hover_text(text!("travel-name-help"));
    };
    ui.horizontal(|ui| {
        tail::show(ui, context, field, |ui, _| {
            *pressed = ui.button(text!("save")).on_hover_text(text!("travel-save-help")).clicked();
        });
    });
    if is_saved.contains(&true) {
        let name = std::mem::take(&mut context.memory.latent.travel.name);
        send(context, TravelCommand::Save(name));
    }
    let saved = context.state.space.travel.saved.clone();
    if saved.is_empty() {
        explanation(ui, &text!("travel-saved-none"));
    }
    for (index, named) in saved.iter().enumerate() {
        ui.horizontal(|ui| {
            let name = escaped(&named.name);
            let recall = |ui: &mut Ui, context: &mut PanelContext<'_>| {
                let button = ui.add(Button::new(&*name).truncate());
                if button.on_hover_text(text!("travel-recall-help", name = &*name)).clicked() {
                    send(context, TravelCommand::RecallSaved(index));
                }
            };
            tail::show(ui, context, recall, |ui, context| {
                for slot in [Slot::A, Slot::B] {
                    let hint = text!("travel-keep-as", slot = slot.name());
                    if ui.button(slot.name()).on_hover_text(hint).clicked() {
                        send(context, TravelCommand::KeepSaved(slot, index));
                    }
                }
                let delete = text!("travel-delete", name = &*name);
                let delete = icon_button::show(ui, Icon::Cross, &delete, false);
                if delete.on_hover_text(text!("travel-delete-help")).clicked() {
                    send(context, TravelCommand::Forget(index));
                }
            });
        });
    }
}
