# Texts of the widgets that several views share, of the axes of plots, and of the sheet that exports figures.

# Plots
axis-amplitude = 振幅
axis-level = dB（相对 1）
axis-time = 时间（s）
axis-frequency = 频率（Hz）
axis-weight = 权重（1/kHz）
strip-padding = 填充
widget-lowest-colour = 最低颜色
widget-lowest-colour-help = 最低颜色：{ $value } { $unit }。拖动可更改，双击可适应每个文件
widget-highest-colour = 最高颜色
widget-highest-colour-help = 最高颜色：{ $value } { $unit }。拖动可更改，双击可适应每个文件
widget-filters = { $count } 个频带，{ $low } 至 { $high }
widget-filter = { $name } { $band } { $centre } Hz，{ $low } 至 { $high } Hz
widget-filter-help =
    { $name } { $band }
    { $low } 至 { $high } Hz
    中心 { $centre } Hz
    权重 { $weight } / kHz

# Rows, forms and tables
widget-fold = 折叠 { $title }
widget-unfold = 展开 { $title }
widget-off = 未启用
widget-held = { $help }。{ $reason }
widget-layer = 层
widget-output-shape = 输出形状
widget-parameters = 参数
widget-total = 合计

# Recordings
widget-name = 名称
widget-left-out = { $name }（已排除）
widget-left-out-help = 不参与训练、数据集和体检；按 X 重新纳入
widget-class = 类别：{ $class }
widget-unknown-length = 时长未知
widget-format = { $length }，{ $rate }，{ $channels } 个声道
widget-pieces-of = { $name } 的片段
widget-pieces = { $count } 个片段
widget-pieces-help = { $name }：显示切分位置
widget-fold-pieces-help = 显示或隐藏片段
widget-include = 重新纳入
widget-include-help = 它们目前不参与训练、数据集和体检
widget-leave-out = 排除
widget-leave-out-help = 使 { $count } 个录音不参与训练、数据集和体检；文件保持不变，可按 Ctrl+Z 撤销

# The export sheet
figure-export = 导出
figure-export-figure = 图形
figure-export-shows = 内容
figure-export-shows-help = 使用窗口的缩放、十字线和筛选
figure-export-size = 大小
figure-export-window = 窗口
figure-export-page = 页面
figure-export-column = 单栏
figure-export-slide = 幻灯片
figure-export-points = { $width } × { $height } pt
figure-export-paper = 背景
figure-export-light = 浅色
figure-export-light-help = 用于打印
figure-export-dark = 深色
figure-export-dark-help = 用于深色幻灯片
figure-export-width = 宽度
figure-export-width-help = 宽度（pt）：文字大小不变，图表填满其余空间。需要更高的图形会自动加高
figure-export-height = 高度
figure-export-height-help = 高度（pt）：文字大小不变，图表填满其余空间。需要更高的图形会自动加高
figure-export-png-at = pt，PNG 倍率
figure-export-scale = 倍率
figure-export-scale-help = 每 pt 的像素数：2 或更高时打印清晰
figure-export-save-png = 保存 PNG…
figure-export-save-png-help = { $width } × { $height } 像素
figure-export-save-png-help-or-higher = { $width } × { $height } 像素，内容需要时更高
figure-export-save-svg = 保存 SVG…
figure-export-save-svg-help = 可无损缩放，适合论文和后期编辑；文字仍为文字
figure-export-nothing = 还没有可绘制的内容
figure-export-png-size = PNG：{ $width } × { $height } 像素
figure-export-png-size-or-higher = PNG：{ $width } × { $height } 像素，内容需要时更高
figure-export-array = 步骤的数组
figure-export-stage = 步骤
figure-export-save-npy = 保存 .npy…
figure-export-save-npy-help = 32 位浮点数，可用 numpy.load 读取
figure-export-long-sound = 超过一分钟的声音分段计算：`timbrespace stages FILE --out FOLDER` 可完整保存
figure-export-no-recording = 请先选择一个录音
figure-export-shape = 形状 { $shape }
figure-export-complex-shape = 形状 { $shape }，实部和虚部
figure-export-loaded = 加载的信号
figure-export-padded = 填充后的信号
figure-export-stft = STFT，复数
figure-export-magnitude = STFT 幅度
figure-export-normalised = 归一化图像
figure-export-sound = 声音
figure-export-save-selection = 选区存为 WAV…
figure-export-save-selection-help = 填充后信号的 { $from } 至 { $to } s，24 位
figure-export-save-signal = 信号存为 WAV…
figure-export-save-signal-help = 在步骤中按住 Shift 拖动可选择一部分；没有选区时，保存整个填充后的信号，24 位
