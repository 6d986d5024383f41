//! What egui builds for screen readers, without what has no meaning for a person.

use eframe::egui::{
    Context, FullOutput, Plugin,
    accesskit::{Node, Role},
};

use crate::language::text;

/// Names scroll bars, and turns panels without a name into mere containers, which nothing reads.
#[derive(Debug, Default)]
pub struct ReaderTree;

impl Plugin for ReaderTree {
    fn debug_name(&self) -> &'static str {
        "reader tree"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        for (_, node) in output.platform_output.accesskit_update.iter_mut().flat_map(|tree| &mut tree.nodes) {
            if is_nameless(node) {
                match node.role() {
                    Role::Pane => node.set_role(Role::GenericContainer),
                    Role::ScrollBar => node.set_label(text!("reader-scroll-bar")),
                    _ => {}
                }
            }
        }
    }
}

fn is_nameless(node: &Node) -> bool {
    node.label().is_none_or(str::is_empty) && node.labelled_by().is_empty()
}
