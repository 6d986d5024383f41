//! `compare-loading`.

use super::workplace::Workplace;

#[test]
fn compare_loading_times_both_ways() {
    let place = Workplace::new();
    place.recordings();
    let report = place.run(&["compare-loading", "recordings", "--epochs", "2", "--json"]).succeeded().json();
    let ways = report["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 2);
    for way in ways {
        assert_eq!(way["seconds_per_epoch"].as_array().unwrap().len(), 2);
    }
    assert!(!report["verdict"].as_str().unwrap().is_empty());
}
