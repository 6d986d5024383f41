use super::*;

#[test]
fn texts_from_outside_are_no_markup() {
    assert_eq!(
        escape("<script>alert('1 & \"2\"')</script>"),
        "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;"
    );
    let row = pairs(&[("<b>".to_owned(), "<script>".to_owned(), true)]);
    assert!(!row.contains("<b>") && !row.contains("<script>"), "{row}");
}

#[test]
fn settings_that_differ_from_the_defaults_are_marked() {
    let training = TrainingConfig { epochs: 3, early_stopping: Some(4), ..TrainingConfig::default() };
    let rows = differing(&training, &TrainingConfig::default());
    let marked: Vec<_> =
        rows.iter().filter(|row| row.2).map(|row| (row.0.as_str(), row.1.as_str())).collect();
    assert_eq!(marked, [("early stopping", "4"), ("epochs", "3")]);
    assert!(rows.iter().any(|row| row.0 == "learning rate" && row.1 == "0.0005"));
}
