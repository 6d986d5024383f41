//! Moves through the latent space: between A and B, by arithmetic, at random, and to saved vectors.

use eframe::egui::{
    Align, Button, ComboBox, Label, Layout, RichText, ScrollArea, Slider, TextEdit, Ui, Vec2,
};

use crate::{
    app::{
        context::PanelContext,
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::explanation,
            icon_button::{self, Icon},
            labelled::field,
            toolbar,
        },
    },
    explore::travel::Path,
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
    ui.strong("Slots");
    explanation(ui, "Keep vectors here to travel between them.");
    let selected = context.state.library.selected.filter(|_| context.state.space.set.is_some());
    for slot in Slot::ALL {
        let named = context.state.space.travel.slots[slot as usize].clone();
        let name = slot.name();
        ui.horizontal(|ui| {
            ui.strong(name);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let from = ui.add_enabled(selected.is_some(), Button::new("List").small());
                let from = from
                    .on_disabled_hover_text("Select a recording in the list; the recordings must be encoded");
                if from.on_hover_text(format!("Keep the selected recording's vector as {name}")).clicked()
                    && let Some(recording) = selected
                {
                    send(context, TravelCommand::KeepRecording(slot, recording));
                }
                let keep = ui.small_button("Keep");
                if keep.on_hover_text(format!("Keep the current vector as {name}")).clicked() {
                    send(context, TravelCommand::Keep(slot));
                }
                let go = ui.add_enabled(named.is_some(), Button::new("Go").small());
                if go.on_hover_text(format!("Go to {name}")).clicked() {
                    send(context, TravelCommand::Recall(slot));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let (text, colour) =
                        named.as_ref().map_or(("empty".into(), palette(ui).text_weak), |named| {
                            (escaped(&named.name), palette(ui).text)
                        });
                    ui.add(Label::new(RichText::new(text).color(colour)).truncate());
                });
            });
        });
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
        let response = ui.add_enabled(there, slider).accessible_name("From A to B");
        let response = response.on_disabled_hover_text("First keep a vector in A and one in B");
        if response.drag_started() {
            context.send(LatentCommand::BeginDrag);
        }
        if response.changed() {
            send(context, TravelCommand::SetPart(part));
        }
        if response.drag_stopped() {
            context.send(LatentCommand::EndDrag);
        }
        response.on_hover_text(format!("{:.0} % of the way from A to B", 100.0 * part));
        ui.label("B");
    });
    ui.horizontal(|ui| {
        let linear = ui.selectable_label(path == Path::Linear, "Linear");
        if linear.on_hover_text("Straight").clicked() {
            send(context, TravelCommand::SetPath(Path::Linear));
        }
        let hint =
            "Along the great circle, at the ends' distance from the origin, where most of a Gaussian lies";
        if ui.selectable_label(path == Path::Spherical, "Spherical").on_hover_text(hint).clicked() {
            send(context, TravelCommand::SetPath(Path::Spherical));
        }
        let all = context.state.space.travel.slots.iter().all(Option::is_some);
        let analogy = ui.add_enabled(all, Button::new("A − B + C"));
        let analogy = analogy.on_disabled_hover_text("Fill all three slots first");
        if analogy.on_hover_text("Applies the difference A − B to C").clicked() {
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
    ui.strong("Mean of a class");
    let mut wanted = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(HALF_GAP);
        for class in classes {
            let colour = context.memory.classes.colour(palette(ui), class);
            let button = Button::new(RichText::new(escaped(class)).color(colour)).small();
            let hint = format!("The mean of all vectors of class {}", escaped(class));
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
    ui.strong("Random");
    toolbar::show(ui, |ui| {
        toolbar::words(ui, "From");
        let density = ui.selectable_label(draw == Draw::Density, "recordings");
        if density
            .on_hover_text("Sounds like the recordings: one of them, varied as similar recordings vary")
            .clicked()
        {
            send(context, TravelCommand::SetDraw(Draw::Density));
        }
        let data = ui.selectable_label(draw == Draw::Data, "the data");
        if data
            .on_hover_text("A Gaussian with the mean and the covariance of the recordings' vectors")
            .clicked()
        {
            send(context, TravelCommand::SetDraw(Draw::Data));
        }
        let prior = ui.selectable_label(draw == Draw::Prior, "the prior");
        if prior.on_hover_text("The standard normal distribution that training aims for").clicked() {
            send(context, TravelCommand::SetDraw(Draw::Prior));
        }
    });
    if draw == Draw::Density {
        class_choice(ui, context);
    }
    ui.horizontal(|ui| {
        let label = ui.label("Temperature");
        let (least, most) = TEMPERATURE_LIMITS;
        let number = field(&mut temperature).range(least..=most).speed(0.01).fixed_decimals(2);
        let field = ui.add(number).labelled_by(label.id);
        if field
            .on_hover_text(
                "Spread of the samples: 1 is the distribution itself, 0 its mean (recordings: one of them)",
            )
            .changed()
        {
            send(context, TravelCommand::SetTemperature(temperature));
        }
        if ui.button("Sample").on_hover_text("A random vector (R)").clicked() {
            context.send(SpaceCommand::Sample);
        }
    });
    ui.horizontal(|ui| {
        let text = if walking { "Stop walking" } else { "Walk" };
        let hint = "A random walk that stays near the recordings";
        if ui.add(Button::new(text).selected(walking)).on_hover_text(hint).clicked() {
            send(context, TravelCommand::SetWalking(!walking));
        }
        let label = ui.label("Stride");
        let number = field(&mut stride).range(0.0..=1.0).speed(0.005).fixed_decimals(2);
        let field = ui.add(number).labelled_by(label.id);
        if field.on_hover_text("At 0 the vector stays, at 1 each step is a new sample").changed() {
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
        let label = ui.label("Class");
        let text = chosen.as_ref().map_or_else(|| "any".into(), |class| escaped(class));
        let list = ComboBox::from_id_salt("class of random sounds").selected_text(text).show_ui(ui, |ui| {
            if ui.selectable_label(chosen.is_none(), "any").clicked() {
                wanted = Some(None);
            }
            for class in &classes {
                if ui.selectable_label(chosen.as_ref() == Some(class), escaped(class)).clicked() {
                    wanted = Some(Some(class.clone()));
                }
            }
        });
        list.response.labelled_by(label.id).on_hover_text("Only random sounds of this class");
    });
    if let Some(class) = wanted {
        send(context, TravelCommand::SetClass(class));
    }
}

fn saved(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.strong("Saved vectors");
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let pressed =
                ui.button("Save").on_hover_text("Save the current vector under this name").clicked();
            let hint =
                RichText::new(escaped(&context.state.latent.origin.words())).color(palette(ui).text_weak);
            let name = &mut context.memory.latent.travel.name;
            let field =
                ui.add(TextEdit::singleline(name).desired_width(ui.available_width()).hint_text(hint));
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
            field.accessible_name("Name of the vector").on_hover_text("A name for the current vector");
            if pressed || entered {
                let name = std::mem::take(&mut context.memory.latent.travel.name);
                send(context, TravelCommand::Save(name));
            }
        });
    });
    let saved = context.state.space.travel.saved.clone();
    if saved.is_empty() {
        explanation(ui, "None for this model yet. They are kept between sessions.");
    }
    for (index, named) in saved.iter().enumerate() {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button::show(ui, Icon::Cross, &format!("Delete {}", escaped(&named.name)), false)
                    .on_hover_text("Delete this vector")
                    .clicked()
                {
                    send(context, TravelCommand::Forget(index));
                }
                for slot in [Slot::B, Slot::A] {
                    let hint = format!("Keep as {}", slot.name());
                    if ui.small_button(slot.name()).on_hover_text(hint).clicked() {
                        send(context, TravelCommand::KeepSaved(slot, index));
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let button = Button::new(escaped(&named.name)).truncate();
                    if ui.add(button).on_hover_text(format!("Go to “{}”", escaped(&named.name))).clicked()
                    {
                        send(context, TravelCommand::RecallSaved(index));
                    }
                });
            });
        });
    }
}
