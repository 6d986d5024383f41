# The choice of the language, and fonts that lack letters.

language = Language
language-help = Language of the window
language-system = As the system ({ $name })
language-without-font = { $name }: no font has its letters. On Debian and Ubuntu: sudo apt install { $debian }. On Fedora: sudo dnf install { $fedora }. Then start again
language-not-drawn = The window is in English: no installed font has the letters of { $name }. On Debian and Ubuntu: sudo apt install { $debian }. On Fedora: sudo dnf install { $fedora }. Then start again
letters-without-font = No installed font has some letters of these names (such as { $codes }): they are drawn as boxes. On Debian and Ubuntu: sudo apt install { $debian }. On Fedora: sudo dnf install { $fedora }. Then start again
