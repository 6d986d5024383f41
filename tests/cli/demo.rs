//! `demo`.

use std::fs;

use super::workplace::Workplace;

#[test]
fn demo_writes_at_least_300_sounds_of_at_least_6_classes() {
    let place = Workplace::new();
    let report = place.run(&["demo", "--out", "demo", "--json"]).succeeded().json();
    assert!(report["sounds"].as_u64().unwrap() >= 300, "{report}");
    let classes = report["classes"].as_array().unwrap();
    assert!(classes.len() >= 6, "{report}");
    let files: usize = classes
        .iter()
        .map(|class| fs::read_dir(place.path("demo").join(class.as_str().unwrap())).unwrap().count())
        .sum();
    assert_eq!(files as u64, report["sounds"].as_u64().unwrap());
}
