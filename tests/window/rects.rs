//! What egui laid out and painted in the last frame, and what is wrong with it: controls and labels that are cut off or lie over each
//! other, and texts that do.

use std::collections::HashMap;

use eframe::egui::{Id, LayerId, Order, Rect, Shape, accesskit::Role, epaint::ClippedShape};
use egui_kittest::{Harness, kittest::NodeT as _};

use super::desk::Desk;

/// Points that count as rounding: frames of buttons touch, and glyphs reach a little beyond their line.
const TOLERANCE: f32 = 2.0;
/// A line that is scrolled out leaves so much of the tips of its glyphs, in points.
const TIPS: f32 = 2.0;

/// What people read or use; the rest only groups or draws.
const COUNTED: [Role; 12] = [
    Role::Button,
    Role::Label,
    Role::CheckBox,
    Role::RadioButton,
    Role::Slider,
    Role::SpinButton,
    Role::ComboBox,
    Role::TextInput,
    Role::MultilineTextInput,
    Role::Link,
    Role::Meter,
    Role::ProgressIndicator,
];

/// A control or label as it was laid out.
struct Laid {
    name: String,
    role: Role,
    rect: Rect,
    /// The part inside its clip rectangle.
    visible: Rect,
    layer: LayerId,
    /// Whether it lies in what scrolls, horizontally and vertically.
    scrolls: [bool; 2],
}

/// A scroll bar: the `Ui` that has it, whether it is horizontal (0) or vertical (1), and where it is.
struct Bar {
    host: Id,
    axis: usize,
    rect: Rect,
    /// The part inside its clip rectangle.
    visible: Rect,
}

/// A painted text.
struct Painted {
    words: String,
    rect: Rect,
    clip: Rect,
}

impl Painted {
    fn visible(&self) -> Rect {
        self.rect.intersect(self.clip)
    }

    fn is_seen(&self) -> bool {
        self.visible().size().min_elem() > TIPS && !self.words.trim().is_empty()
    }
}

/// Roles and names by the id of their widget.
type Names = HashMap<u64, (Role, String)>;

/// Everything that is wrong with the window as it is now.
pub fn faults(harness: &Harness<'_, Desk>) -> Vec<String> {
    let window = harness.ctx.content_rect();
    let laid = laid_out(harness);
    assert!(laid.len() > 10, "only {} controls were found", laid.len());
    let mut faults = Vec::new();
    for one in &laid {
        let is_scrolled_out = one.scrolls[1] && one.visible.height() <= 0.0;
        for (axis, what) in [(0, "sideways"), (1, "above or below")] {
            let inside = window.intersect(one.visible);
            let lost = one.rect.size()[axis] - inside.size()[axis].max(0.0);
            if lost > TOLERANCE && !one.scrolls[axis] && !is_scrolled_out {
                let Laid { name, role, rect, .. } = one;
                faults.push(format!("{role:?} “{name}” is cut off {what}: {rect:?}, visible {inside:?}"));
            }
        }
    }
    for (place, one) in laid.iter().enumerate() {
        for other in &laid[place + 1..] {
            let shared = one.visible.intersect(other.visible);
            let nested = one.rect.contains_rect(other.rect) || other.rect.contains_rect(one.rect);
            if one.layer == other.layer && shared.size().min_elem() > TOLERANCE && !nested {
                faults.push(format!(
                    "{:?} “{}” and {:?} “{}” overlap: {:?}, {:?}",
                    one.role, one.name, other.role, other.name, one.rect, other.rect
                ));
            }
        }
    }
    faults.extend(text_faults(harness));
    faults.extend(border_faults(harness));
    faults
}

/// Least width of what counts as a card, in points.
const LEAST_CARD: f32 = 60.0;

/// Borders of cards and fields that are cut off at a side, and scroll bars that are.
fn border_faults(harness: &Harness<'_, Desk>) -> Vec<String> {
    let bars = bars(harness, &names(harness));
    let mut faults = Vec::new();
    for Bar { rect, visible, .. } in bars.iter().filter(|bar| bar.axis == 1) {
        let lost = rect.width() - visible.width().max(0.0);
        if lost > TOLERANCE && visible.height() > TIPS {
            faults.push(format!("a scroll bar is cut off sideways: {rect:?}, visible {visible:?}"));
        }
    }
    let window = harness.ctx.content_rect();
    for clipped in &harness.output().shapes {
        let mut borders = Vec::new();
        collect_borders(&clipped.shape, &mut borders);
        for rect in borders {
            let visible = rect.intersect(clipped.clip_rect).intersect(window);
            let lost = rect.width() - visible.width();
            let scrolls = bars.iter().any(|bar| {
                bar.axis == 0
                    && rect.top() < bar.rect.top()
                    && bar.rect.x_range().contains(visible.center().x)
            });
            let is_seen = visible.size().min_elem() > TIPS;
            if is_seen && rect.width() > LEAST_CARD && lost > TOLERANCE && !scrolls {
                faults.push(format!("a border is cut off sideways: {rect:?}, visible {visible:?}"));
            }
        }
    }
    faults
}

fn collect_borders(shape: &Shape, borders: &mut Vec<Rect>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect_borders(shape, borders)),
        Shape::Rect(card) if card.stroke.width > 0.0 && card.stroke.color.a() > 0 => borders.push(card.rect),
        _ => {}
    }
}

/// Where something has to be scrolled sideways: the rectangles of the scroll bars.
pub fn bars_below(harness: &Harness<'_, Desk>) -> Vec<Rect> {
    let bars = bars(harness, &names(harness)).into_iter();
    bars.filter(|bar| bar.axis == 0 && bar.visible.is_positive()).map(|bar| bar.rect).collect()
}

/// Least side of what is clicked or dragged, in points.
const LEAST_TARGET: f32 = 24.0;

/// Controls that are too small to hit.
///
/// Exempt are scroll bars and the edges of panels (the wheel, keys and the list's button do the same), links, texts that can be marked, and the handles of a
/// plot's colour bar, which lie close together and can be moved by keys.
pub fn small_targets(harness: &Harness<'_, Desk>) -> Vec<String> {
    let names = names(harness);
    let exempt = |role: Role, name: &str| {
        matches!(role, Role::ScrollBar | Role::Splitter | Role::Link | Role::Label)
            || name.ends_with("est colour")
    };
    harness.ctx.viewport(|viewport| {
        let rects = viewport.prev_pass.widgets.layers().flat_map(|(_, rects)| rects);
        let small = rects.filter(|rect| {
            let is_target = rect.sense.senses_click() || rect.sense.senses_drag();
            let side = rect.rect.size().min_elem();
            is_target && rect.enabled && rect.visible && rect.rect.is_positive() && side < LEAST_TARGET - 0.01
        });
        let named = small.filter_map(|rect| {
            let (role, name) = names.get(&rect.id.accesskit_id().0)?;
            (!exempt(*role, name)).then(|| format!("{role:?} “{name}” is {:?}", rect.rect.size()))
        });
        named.collect()
    })
}

/// Texts that are cut off at a side or lie over each other.
pub fn text_faults(harness: &Harness<'_, Desk>) -> Vec<String> {
    let bars = bars(harness, &names(harness));
    let scrolls = |text: &Painted| {
        bars.iter().any(|bar| {
            let is_above = text.rect.top() < bar.rect.top();
            bar.axis == 0 && is_above && bar.rect.x_range().contains(text.visible().center().x)
        })
    };
    let texts = painted(&harness.output().shapes, harness.ctx.content_rect(), &popups(harness));
    let mut faults = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        let lost = one.rect.width() - one.visible().width();
        if lost > TOLERANCE && !scrolls(one) {
            let (words, rect, visible) = (&one.words, one.rect, one.visible());
            faults.push(format!("the text “{words}” is cut: {rect:?}, visible {visible:?}"));
        }
        for other in &texts[place + 1..] {
            if one.visible().intersect(other.visible()).size().min_elem() > TOLERANCE {
                faults.push(format!(
                    "the texts “{}” and “{}” overlap: {:?}, {:?}",
                    one.words, other.words, one.rect, other.rect
                ));
            }
        }
    }
    faults
}

fn names(harness: &Harness<'_, Desk>) -> Names {
    let root = harness.root();
    let named = root.children_recursive().map(|node| {
        let node = node.accesskit_node();
        let name = node.label().or_else(|| node.value()).unwrap_or_default();
        (node.locate().0.0, (node.role(), name))
    });
    named.collect()
}

fn bars(harness: &Harness<'_, Desk>, names: &Names) -> Vec<Bar> {
    harness.ctx.viewport(|viewport| {
        let rects = viewport.prev_pass.widgets.layers().flat_map(|(_, rects)| rects);
        let is_bar =
            |id: Id| names.get(&id.accesskit_id().0).is_some_and(|(role, _)| *role == Role::ScrollBar);
        let bars = rects.filter(|rect| is_bar(rect.id)).map(|bar| Bar {
            host: bar.parent_id,
            axis: usize::from(bar.rect.height() > bar.rect.width()),
            rect: bar.rect,
            visible: bar.interact_rect,
        });
        bars.collect()
    })
}

/// Controls and labels of the last frame.
fn laid_out(harness: &Harness<'_, Desk>) -> Vec<Laid> {
    let names = names(harness);
    let bars = bars(harness, &names);
    harness.ctx.viewport(|viewport| {
        let rects = || viewport.prev_pass.widgets.layers().flat_map(|(_, rects)| rects);
        let parents: HashMap<Id, Id> = rects().map(|rect| (rect.id, rect.parent_id)).collect();
        let scrolls = |mut id: Id| {
            let mut along = [false, false];
            while let Some(&parent) = parents.get(&id).filter(|&&parent| parent != id) {
                for bar in bars.iter().filter(|bar| bar.host == parent) {
                    along[bar.axis] = true;
                }
                id = parent;
            }
            along
        };
        let shown = rects().filter(|rect| rect.visible && rect.layer_id.order != Order::Debug);
        let counted = shown.filter_map(|rect| {
            let (role, name) = names.get(&rect.id.accesskit_id().0)?;
            COUNTED.contains(role).then(|| Laid {
                name: name.clone(),
                role: *role,
                rect: rect.rect,
                visible: rect.interact_rect,
                layer: rect.layer_id,
                scrolls: scrolls(rect.id),
            })
        });
        counted.collect()
    })
}

/// Where menus and other popups lie over the window.
fn popups(harness: &Harness<'_, Desk>) -> Vec<Rect> {
    let layers: Vec<LayerId> = harness
        .ctx
        .viewport(|viewport| viewport.prev_pass.widgets.layers().map(|(layer, _)| *layer).collect());
    let above = layers.into_iter().filter(|layer| layer.order == Order::Foreground);
    above.filter_map(|layer| harness.ctx.memory(|memory| memory.area_rect(layer.id))).collect()
}

/// The texts of the last frame of which something is visible; what lies under a dialog or a popup does not count.
fn painted(shapes: &[ClippedShape], window: Rect, popups: &[Rect]) -> Vec<Painted> {
    fn collect(shape: &Shape, clip: Rect, window: Rect, popups: &[Rect], texts: &mut Vec<Painted>) {
        match shape {
            Shape::Vec(shapes) => {
                for shape in shapes {
                    collect(shape, clip, window, popups, texts);
                }
            }
            Shape::Rect(cover) if cover.rect.contains_rect(window) && cover.fill.a() > 0 => texts.clear(),
            Shape::Rect(cover)
                if cover.fill.a() == 255 && popups.iter().any(|popup| is_same(*popup, cover.rect)) =>
            {
                texts.retain(|text| !text.visible().intersects(cover.rect));
            }
            Shape::Text(text) if text.opacity_factor > 0.0 => {
                let words = text.galley.job.text.clone();
                texts.push(Painted { words, rect: text.visual_bounding_rect(), clip });
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, window, popups, &mut texts);
    }
    texts.retain(Painted::is_seen);
    texts
}

/// Whether a popup was painted with this rectangle, its outline aside.
fn is_same(popup: Rect, painted: Rect) -> bool {
    let apart = (popup.min - painted.min).abs().max_elem().max((popup.max - painted.max).abs().max_elem());
    apart < 2.0 * TOLERANCE
}
