//! A list of recordings that were chosen on the map.

use std::{path::Path, sync::Arc};

use crate::{JobError, files::write_text, latent::encoded_set::EncodedSet};
use timbrespace_analysis::explore::layout::Layout;
use timbrespace_base::{
    atomic_file::Durability,
    names::text_of,
    table::{Table, number, text},
};

/// Chosen recordings.
pub struct List {
    /// The encoded recordings.
    pub set: Arc<EncodedSet>,
    /// Their places.
    pub layout: Arc<Layout>,
    /// The chosen rows.
    pub rows: Vec<usize>,
}

impl List {
    /// The list as CSV: name, class, file and the place on the map.
    pub fn csv(&self) -> String {
        let mut table = Table::csv().with_header(["name", "class", "path", "x", "y"]);
        let rows = self.rows.iter().filter_map(|&row| Some((row, self.set.recordings.get(row)?)));
        for (row, listed) in rows {
            let [x, y] = self.layout.place(row);
            let path = text_of(listed.path.as_os_str());
            table.row([text(&listed.name), text(&listed.class), text(path), number(x), number(y)]);
        }
        table.finish()
    }

    /// Writes it to `path`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &Path) -> Result<(), JobError> {
        write_text(path, Durability::Renamed, &self.csv())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::latent::encoded_set::Listed;
    use timbrespace_signal::pipeline::stages::MinMax;

    #[test]
    fn the_chosen_rows_are_written_with_their_places() {
        let listed = |index: usize, name: &str| Listed {
            index,
            path: format!("/sounds/{name}").into(),
            name: name.to_owned(),
            class: "bell".to_owned(),
        };
        let vectors = array![[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]];
        let range = vec![MinMax { min: 0.0, max: 1.0 }; 3];
        let recordings = vec![listed(0, "a.wav"), listed(1, "b, c.wav"), listed(2, "d.wav")];
        let set = Arc::new(EncodedSet::of(recordings, &vectors, range));
        let layout = Arc::new(Layout::by_pca(&set.principal, set.vectors()));
        let list = List { set, layout, rows: vec![1, 2, 9] };
        assert_eq!(
            list.csv(),
            "name,class,path,x,y\n\"b, c.wav\",bell,\"/sounds/b, c.wav\",0,0\nd.wav,bell,/sounds/d.wav,2,0\n"
        );
    }
}
