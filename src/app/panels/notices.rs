//! Notices in the corner: news disappear by themselves, warnings and errors stay until dismissed.

use eframe::egui::{
    self, Align, Align2, Area, Context, CornerRadius, Frame, Id, Label, Layout, Margin, Order, Stroke, Ui,
    Vec2,
};

use crate::{
    app::{
        context::PanelContext,
        theme::{GAP, palette},
        widgets::icon_button::{self, Icon},
    },
    session::{
        Command,
        state::{Notice, Severity},
    },
};

/// Seconds that news are shown.
const NEWS_SECS: f64 = 6.0;
/// Largest number of visible notices; the rest is only counted.
const SHOWN: usize = 4;
const WIDTH: f32 = 380.0;

/// Shows the newest notices and dismisses expired news.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    expire(ctx, context);
    let notices = &context.state.notices;
    if notices.is_empty() {
        return;
    }
    let mut dismissed = Vec::new();
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, Vec2::new(-2.0 * GAP, -2.0 * GAP))
        .show(ctx, |ui| {
            ui.set_width(WIDTH);
            let hidden = notices.len().saturating_sub(SHOWN);
            if hidden > 0 {
                ui.weak(format!("and {hidden} more"));
            }
            for notice in notices.iter().skip(hidden) {
                if card(ui, notice) {
                    dismissed.push(notice.id);
                }
            }
        });
    for id in dismissed {
        context.send(Command::DismissNotice(id));
    }
}

/// Draws one notice; `true` when it was dismissed.
fn card(ui: &mut Ui, notice: &Notice) -> bool {
    let colours = palette(ui);
    let (colour, word) = match notice.severity {
        Severity::Info => (colours.accent, "News"),
        Severity::Warning => (colours.warning, "Warning"),
        Severity::Error => (colours.error, "Error"),
    };
    let frame = Frame::new()
        .fill(colours.card)
        .stroke(Stroke::new(1.0, colours.border))
        .shadow(ui.visuals().popup_shadow)
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin { left: 14, right: 8, top: 8, bottom: 8 });
    let response = frame.show(ui, |ui| {
        ui.set_width(WIDTH - 24.0);
        ui.horizontal_top(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let close = icon_button::show(ui, Icon::Cross, &format!("Dismiss: {}", notice.text), false);
                let close = close.on_hover_text("Dismiss this message");
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.colored_label(colour, egui::RichText::new(word).small().strong());
                    ui.add(Label::new(&notice.text).wrap().selectable(true));
                });
                close.clicked()
            })
            .inner
        })
        .inner
    });
    let rect = response.response.rect;
    let strip =
        egui::Rect::from_min_size(rect.min + Vec2::new(5.0, 8.0), Vec2::new(3.0, rect.height() - 16.0));
    ui.painter().rect_filled(strip, 2.0, colour);
    response.inner
}

/// Dismisses news after some seconds; the clock runs from the first frame that showed them.
fn expire(ctx: &Context, context: &mut PanelContext<'_>) {
    let now = ctx.input(|input| input.time);
    let state = context.state;
    context.memory.notices.retain(|id, _| state.notices.iter().any(|notice| notice.id == *id));
    for notice in state.notices.iter().filter(|notice| notice.severity == Severity::Info) {
        let left = *context.memory.notices.entry(notice.id).or_insert(now) + NEWS_SECS - now;
        if left <= 0.0 {
            context.send(Command::DismissNotice(notice.id));
        } else {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(left));
        }
    }
}
