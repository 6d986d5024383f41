use super::*;

#[test]
fn texts_from_outside_are_no_markup() {
    assert_eq!(
        escape("<script>alert('1 & \"2\"')</script>"),
        "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;"
    );
    let row = pairs(&[SettingRow { name: "<b>".to_owned(), value: "<script>".to_owned(), differs: true }]);
    assert!(!row.contains("<b>") && !row.contains("<script>"), "{row}");
}
