//! Latent vectors as files for other programs: tables, a map in two dimensions, and what the Embedding Projector opens.

use std::path::{Path, PathBuf};

use ndarray::{Array2, ArrayRef2, Axis, s};
use serde_json::json;

use crate::{
    JobError,
    files::{write_array, write_text},
};
use timbrespace_analysis::explore::projection::Pca;
use timbrespace_base::{
    atomic_file::Durability,
    names::escaped,
    outputs::Outputs,
    table::{Table, number, text},
};

/// Dimensions of a map.
const MAP: usize = 2;
/// Names of a map's dimensions, as tables head them.
const MAP_AXES: [&str; MAP] = ["pca_1", "pca_2"];

/// What is known about each vector, a row each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Names of the columns, for example `name` and `class`.
    pub columns: Vec<String>,
    /// The rows, each with a text a column.
    pub rows: Vec<Vec<String>>,
}

/// Vectors brought to two dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// `[vectors, 2]`; zeros along directions that the vectors do not have.
    pub places: Array2<f32>,
    /// Part of the vectors' variance that lies in each of both directions.
    pub explained: [f64; MAP],
}

impl Map {
    /// The two principal components of `vectors`, `[vectors, dimensions]`.
    pub fn of(vectors: &ArrayRef2<f32>) -> Self {
        let axes = Pca::fit(vectors, MAP);
        let found = axes.project(vectors);
        let mut places = Array2::zeros((vectors.nrows(), MAP));
        places.slice_mut(s![.., ..found.ncols()]).assign(&found);
        let all = total_variance(vectors);
        let part = |index: usize| {
            let variance = axes.variances.get(index).map_or(0.0, |variance| f64::from(*variance));
            if all > 0.0 { variance / all } else { 0.0 }
        };
        Self { places, explained: [part(0), part(1)] }
    }
}

/// Sum of the variances of all columns, divided by the rows less one as [`Pca::variances`] are; 0 for fewer than two rows.
fn total_variance(vectors: &ArrayRef2<f32>) -> f64 {
    if vectors.nrows() < 2 { 0.0 } else { vectors.mapv(f64::from).var_axis(Axis(0), 1.0).sum() }
}

/// Writes a table of labels and vectors with a header: `name,class,z0,z1,...`.
///
/// # Errors
/// When the disk refuses.
pub fn write_csv(path: &Path, labels: &Labels, vectors: &ArrayRef2<f32>) -> Result<(), JobError> {
    let names: Vec<String> = (0..vectors.ncols()).map(|dimension| format!("z{dimension}")).collect();
    write_text(path, Durability::Renamed, &csv(labels, &names, vectors))
}

/// Writes `projection.npy`, `[vectors, 2]`, and `projection.csv` below `folder`; returns both paths.
///
/// # Errors
/// When the disk refuses.
pub fn write_map(
    folder: &Path,
    labels: &Labels,
    map: &Map,
    outputs: &mut Outputs,
) -> Result<[PathBuf; 2], JobError> {
    let paths = map_files(folder);
    outputs.write(&paths[0], |path| write_array(path, &map.places))?;
    let axes = MAP_AXES.map(str::to_owned);
    let table = csv(labels, &axes, &map.places);
    outputs.write(&paths[1], |path| write_text(path, Durability::Renamed, &table))?;
    Ok(paths)
}

/// The files of [`write_map`].
pub(crate) fn map_files(folder: &Path) -> [PathBuf; 2] {
    ["projection.npy", "projection.csv"].map(|name| folder.join(name))
}

const PROJECTOR: [&str; 3] = ["vectors.tsv", "metadata.tsv", "projector_config.json"];

/// The files of [`write_projector`].
pub(crate) fn projector_files(folder: &Path) -> [PathBuf; 3] {
    PROJECTOR.map(|name| folder.join(name))
}

/// Writes what <https://projector.tensorflow.org> opens below `folder`; returns the paths.
///
/// `vectors.tsv` has no header; `metadata.tsv` has one only where it has more than one column, as the Projector asks for;
/// `projector_config.json` names both.
///
/// # Errors
/// When the disk refuses.
pub fn write_projector(
    folder: &Path,
    labels: &Labels,
    vectors: &ArrayRef2<f32>,
    outputs: &mut Outputs,
) -> Result<[PathBuf; 3], JobError> {
    let [vectors_name, metadata_name, _] = PROJECTOR;
    let paths = projector_files(folder);
    let mut write =
        |path: &Path, text: &str| outputs.write(path, |path| write_text(path, Durability::Renamed, text));
    let mut tensor = Table::tsv();
    for row in vectors.outer_iter() {
        tensor.row(row.iter().map(number));
    }
    write(&paths[0], &tensor.finish())?;
    // The Projector knows no quotation marks: a tab or a line feed in a name would begin another cell.
    let mut metadata = Table::tsv();
    let header = (labels.columns.len() > 1).then_some(&labels.columns);
    for texts in header.into_iter().chain(&labels.rows) {
        metadata.row(texts.iter().map(|name| text(escaped(name))));
    }
    write(&paths[1], &metadata.finish())?;
    let config = json!({"embeddings": [{
        "tensorName": "mu",
        "tensorShape": [vectors.nrows(), vectors.ncols()],
        "tensorPath": vectors_name,
        "metadataPath": metadata_name,
    }]});
    write(&paths[2], &format!("{config:#}\n"))?;
    Ok(paths)
}

fn csv(labels: &Labels, names: &[String], values: &ArrayRef2<f32>) -> String {
    let mut table = Table::csv().with_header(labels.columns.iter().chain(names).map(String::as_str));
    for (texts, row) in labels.rows.iter().zip(values.outer_iter()) {
        table.row(texts.iter().map(text).chain(row.iter().map(number)));
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn labels(columns: &[&str], rows: &[&[&str]]) -> Labels {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Labels { columns: texts(columns), rows: rows.iter().map(|row| texts(row)).collect() }
    }

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_table_has_a_line_a_vector_and_brings_its_values_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mu.csv");
        let vectors = array![[0.1_f32, -1.5e-7], [1.0 / 3.0, 2.0]];
        write_csv(&path, &labels(&["name", "class"], &[&["a,b", "x"], &["c", ""]]), &vectors).unwrap();
        let text = read(&path);
        assert_eq!(text, "name,class,z0,z1\n\"a,b\",x,0.1,-0.00000015\nc,,0.33333334,2\n");
        let last = text.lines().last().unwrap();
        assert_eq!(last.split(',').nth(2).unwrap().parse::<f32>().unwrap(), vectors[[1, 0]]);
    }

    #[test]
    fn metadata_has_a_header_only_where_it_has_more_than_one_column() {
        let folder = tempfile::tempdir().unwrap();
        let vectors = array![[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.5]];
        let two = labels(&["name", "class"], &[&["a\tb", "x"], &["c", "y"]]);
        let [tensor, metadata, config] =
            write_projector(folder.path(), &two, &vectors, &mut Outputs::default()).unwrap();
        assert_eq!(read(&tensor), "1\t2\t3\n4\t5\t6.5\n");
        assert_eq!(read(&metadata), "name\tclass\na\\tb\tx\nc\ty\n");
        let config: serde_json::Value = serde_json::from_str(&read(&config)).unwrap();
        assert_eq!(config["embeddings"][0]["tensorShape"], json!([2, 3]));
        assert_eq!(config["embeddings"][0]["metadataPath"], "metadata.tsv");
        let one = labels(&["name"], &[&["a"], &["c"]]);
        write_projector(folder.path(), &one, &vectors, &mut Outputs::default()).unwrap();
        assert_eq!(read(&metadata), "a\nc\n");
    }

    #[test]
    fn a_map_keeps_what_varies_most_and_says_how_much_that_is() {
        // Deviations 3, 2 and 1 along three axes.
        let vectors = Array2::from_shape_fn((600, 3), |(row, column)| {
            let angle = row as f32 * 2.399_963 * (column + 1) as f32;
            (3 - column) as f32 * angle.sin()
        });
        let map = Map::of(&vectors);
        assert_eq!(map.places.dim(), (600, 2));
        for (part, expected) in map.explained.iter().zip([9.0 / 14.0, 4.0 / 14.0]) {
            assert!((part - expected).abs() < 0.02, "{:?}", map.explained);
        }
        for (place, vector) in map.places.outer_iter().zip(vectors.outer_iter()) {
            assert!((place[0].abs() - vector[0].abs()).abs() < 0.2, "{place} {vector}");
        }
        let one = Map::of(&array![[1.0, 2.0, 3.0]]);
        assert_eq!((one.places, one.explained), (Array2::zeros((1, 2)), [0.0, 0.0]));
    }
}
