# Texts of the settings: empty in English, which stands in the tables of settings and features.
