# The window outside its views: title, top bar, notices, file dialogs, shortcuts, about.

## Title, progress, and what happens to dropped files

window-demo-sounds = 演示声音
window-demo-model = 演示模型
window-drop = 拖放录音文件夹、声音文件或模型即可打开
window-drop-in-instrument = 拖放声音文件可试听模型的重建，拖放文件夹或模型即可打开
window-progress-recordings = 个录音
window-progress = { $stage } { $done } / { $total }
window-progress-pace = 每秒 { $speed } { $units }   剩余 { $left }
window-progress-cancel-help = 停止此任务
window-failed = 失败：{ $cause }
no-recordings-open = 请先打开一个录音文件夹。
no-recordings-scanning = 正在读取文件夹。
no-recordings-in-folder = 打开的文件夹中没有录音。
no-recordings-usable = 打开的文件夹中没有可用的文件。
no-recordings-all-left-out = 所有录音都已排除。
window-stale-nothing = { $why }这些是之前的结果。
window-stale-folder = 这些结果来自另一个文件夹。单击“{ $again }”可更新结果。
window-stale-settings = 预处理设置已更改。单击“{ $again }”可更新结果。
window-stale-classes = 类别模式已更改。单击“{ $again }”可更新结果。
window-stale-left-out = 排除的录音已更改。单击“{ $again }”可更新结果。
window-last-folder-gone = 上次打开的文件夹不存在：{ $path }。已改为打开演示声音；如果它在移动磁盘上，请连接磁盘后重新打开。
window-crash-report = Timbrespace 自上次启动以来发生过一次内部错误，并写下了报告。没有发送任何内容：请查看报告，在提交问题时附上
window-crash-reports = Timbrespace 自上次启动以来发生过 { $count } 次内部错误，并写下了报告。没有发送任何内容：请查看报告，在提交问题时附上；复制的是最近一份

## Which part of a recording is used

window-use = 使用
window-use-help = 使用录音的哪一部分，或是否将其切分为各自独立的片段；训练要求所有图像大小一致
window-use-first-seconds = 前若干秒
window-use-first-samples = 前若干采样点
window-use-first-frames = 前若干帧
window-use-whole-file = 整个文件
window-use-pieces = 片段

## The bar at the top

top-show-list = 显示列表
top-fold-list = 收起列表
top-list-help = 录音列表（F9）
top-open = 打开 ▾
top-open-help = 打开文件夹、声音或模型，也可以拖放到窗口中
top-open-folder = 文件夹或模型…
top-open-folder-help = 录音文件夹，或训练好的模型
top-open-file = 声音文件…
top-open-demo = 演示声音
top-open-demo-help = 内置声音，无需下载
top-read-again = 重新读取
top-read-again-help = 重新读取打开的文件夹：列出新文件，重新测量被替换的文件，并指出已消失的文件
top-recent = 最近打开
top-export = 导出…
top-export-help = 将视图保存为 PNG 或 SVG，步骤保存为 .npy，选区保存为 WAV（Ctrl+E）
top-stages = 步骤
top-stages-help = 查看每一步预处理对录音的作用（1）
top-data-set = 数据集
top-data-set-help = 打开的文件夹的整体情况及其问题（2）
top-training = 训练
top-training-help = 用打开的文件夹训练模型（3）
top-instrument = 乐器
top-instrument-help = 演奏训练好的模型：声音地图、滑块、按键（4）
top-more = 更多
top-more-help = 音量、语言、主题、键盘与鼠标
top-play = 播放
top-stop = 停止
top-nothing-to-play = 暂无可播放的内容：请选择一个录音
top-volume = 音量
top-volume-help = 音量 { $level }
top-silent = 无声
top-muted = 静音
top-mute = 静音
top-mute-help = 静音（M）
top-unmute = 取消静音
top-unmute-help = 取消静音（M）
top-no-sound = ● 无声音
top-no-sound-help =
    无声音：{ $reason }
    其他功能均可使用。
top-output = 输出：{ $name }，{ $rate }，{ $channels } 个声道
top-theme-dark = 主题：深色
top-theme-light = 主题：浅色
top-theme-system = 主题：跟随系统
top-theme-help = { $theme }。单击切换：深色、浅色、跟随系统
top-shortcuts = 快捷键
top-shortcuts-help = 键盘与鼠标（F1）

## Notices

notices-bell = 通知：{ $count }
notices-bell-help = 启动以来的所有通知
notices-news = 提示
notices-warning = 警告
notices-error = 错误
notices-close = 关闭：{ $text }
notices-close-help = 关闭此通知，铃铛列表中仍会保留
notices-close-all = 全部关闭
notices-close-all-help = 铃铛列表中仍会保留
notices-more = 铃铛中还有 { $count } 条
notices-show = 显示
notices-show-help = 打开 { $path } 所在的文件夹
notices-copy = 复制
notices-copy-help = 复制报告，以便粘贴到问题中
notices-report = 提交问题
notices-save-as = 另存为…
notices-save-as-help = 将副本保存到选定的位置
notices-none = 暂无通知：警告、错误和保存记录会列在这里。
notices-empty = 清空列表
notices-empty-help = 移除这些通知

## File dialogs

dialog-open-folder = 打开录音文件夹或模型
dialog-open-file = 打开声音文件
dialog-python-folder = 选择 Python 流程的文件夹
dialog-recording-folder = 选择存放录制的文件夹
dialog-resume-with = 选择该训练记录的录音文件夹
dialog-save-images = 将图像保存到空文件夹
dialog-save-decoded = 保存解码的声音
dialog-save-findings = 保存体检结果
dialog-save-differences = 保存差异
dialog-save-sounds = 将声音保存到空文件夹
dialog-save-list = 保存列表
dialog-save-figure = 保存图形
dialog-save-array = 保存数组
dialog-save-sound = 保存声音
dialog-save-copy = 保存副本
dialog-save-settings = 保存设置
dialog-load-settings = 加载设置
dialog-save-report = 保存报告
dialog-save-scalars = 保存数值
dialog-save-morph = 保存渐变声音
dialog-save-sequence = 将序列保存到空文件夹
dialog-save-vectors = 将向量和地图保存到空文件夹
dialog-save-model = 将模型保存到空文件夹
dialog-sounds = 声音

## The sheet of shortcuts

shortcut-sheet = 键盘与鼠标
shortcut-about = 关于…
shortcut-about-help = 版本、许可证、教程
shortcut-everywhere = 全局
shortcut-views = 步骤、数据集、训练、乐器
shortcut-play = 播放或停止当前视图的声音
shortcut-mute = 静音
shortcut-open = 打开文件夹
shortcut-read-again = 重新读取文件夹
shortcut-export = 导出图形、数值、声音
shortcut-this-sheet = 显示本页
shortcut-list = 收起或显示录音列表
shortcut-text-size = 放大、缩小文字
shortcut-recordings = 录音
shortcut-previous-next = 上一个、下一个录音
shortcut-ten-recordings = 上移、下移十个录音
shortcut-search = 搜索
shortcut-leave-out = 排除或重新纳入录音
shortcut-row-menu = 列表中：排除或重新纳入整个类别
shortcut-start-from-recording = 乐器：从该录音开始
shortcut-plots = 图表
shortcut-zoom-time = 沿时间缩放
shortcut-wheel = 滚轮  +  −
shortcut-zoom-frequency = 沿频率缩放
shortcut-modified-wheel = Alt+滚轮、Ctrl+滚轮
shortcut-move-time = 沿时间移动
shortcut-drag = 拖动  ←  →
shortcut-zoom-rectangle = 放大到矩形区域
shortcut-right-drag = 右键拖动
shortcut-select = 选择一段；Space 播放，Z 放大到该段
shortcut-shift-drag = Shift+拖动
shortcut-keep-crosshair = 固定十字线；Space 从此处播放
shortcut-click = 单击
shortcut-move-crosshair = 十字线移动一帧
shortcut-show-everything = 重新显示全部
shortcut-double-click = 双击  0
shortcut-instrument = 乐器
shortcut-random = 随机采样
shortcut-mean = 回到数据的均值
shortcut-trigger = 播放；“按住”模式下按住才发声
shortcut-axes = 三个轴上移、下移；加 Shift 更精细
shortcut-loop = 循环
shortcut-original = 播放原声
shortcut-finer = 滑块上：精细十倍；地图上：套索
shortcut-move-map = 地图上：移动、缩放
shortcut-right-drag-wheel = 右键拖动  滚轮
shortcut-undo = 撤销
shortcut-redo = 重做
shortcut-save-wav = 保存为 WAV

## About the program

about-version = { $number }（{ $build }）
about-commit-of = { $day } 的提交 { $commit }
about-commit = 提交 { $commit }
about-debug-build = 调试版本
about-description = 打开录音文件夹，查看每个预处理步骤，训练卷积 VAE，并演奏它的潜空间
about-licence = 自由软件，可任选 MIT 许可证或 Apache 许可证 2.0。
about-tutorial = 教程
about-tutorial-text = 本程序所说的“教程”是指 Valerio Velardo（The Sound of AI）的 Generating Sound with Neural Networks。除非设置另有说明，预处理均遵循该教程；预设“参考”就是其中的模型。
about-videos = 视频
about-code = 代码
about-notes-course = 中文笔记：课程
about-notes-preprocessing = 中文笔记：预处理
about-notices = 所用软件包的声明

## Closing the window while files are written

closing-files = 正在写入文件
closing-files-written = 已完成 { $done } / { $total }
closing-files-waiting = 还有 { $count } 个导出在等待
closing-files-help = 停止后会保留已完成的文件：其文件夹将不完整。
closing-files-waits = 完成后窗口会自动关闭。
closing-files-finish = 完成后关闭
closing-files-stop = 停止并关闭
