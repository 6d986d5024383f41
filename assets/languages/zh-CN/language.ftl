# The choice of the language, and fonts that lack letters.

language = 语言
language-help = 窗口的语言
language-system = 跟随系统（{ $name }）
language-without-font = { $name }：没有字体包含这些文字。Debian 和 Ubuntu：sudo apt install { $debian }；Fedora：sudo dnf install { $fedora }。安装后请重新启动
language-not-drawn = 窗口显示为英文：已安装的字体都不包含 { $name } 的文字。Debian 和 Ubuntu：sudo apt install { $debian }；Fedora：sudo dnf install { $fedora }。安装后请重新启动
letters-without-font = 已安装的字体缺少这些名称中的某些文字（如 { $codes }），它们会显示为方框。Debian 和 Ubuntu：sudo apt install { $debian }；Fedora：sudo dnf install { $fedora }。安装后请重新启动
