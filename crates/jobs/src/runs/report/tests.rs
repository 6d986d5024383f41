use super::*;

#[test]
fn texts_from_outside_are_no_markup() {
    assert_eq!(
        escape("<script>alert('1 & \"2\"')</script>"),
        "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;"
    );
    let row = pairs(&[SettingRow { differs: true, ..SettingRow::plain("<b>", "<script>") }]);
    assert!(!row.contains("<b>") && !row.contains("<script>"), "{row}");
}
