//! What is drawn and does not change from frame to frame: textures, envelopes and differences, each made once and kept
//! until its source changes; and the axes of an image.

pub mod difference;
pub mod effect_pictures;
pub mod envelopes;
pub mod image_axes;
pub mod textures;
pub mod thumbnail_strips;
pub mod visible_colours;
