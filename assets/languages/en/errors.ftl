# Texts of errors: empty in English, which stands with the errors in the crates.
