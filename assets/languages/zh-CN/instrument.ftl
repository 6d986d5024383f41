# The Instrument view: model, sliders, travel, export, playing, decoded sound and ladder.

## Tabs

instrument-sliders = 滑块
instrument-sliders-help = 沿每个轴移动向量
instrument-travel = 漫游
instrument-travel-help = 在声音之间移动、向量运算、随机采样；保存和调用向量
instrument-export = 导出
instrument-export-help = 将声音、渐变、向量和模型导出为文件
instrument-vector = 向量
instrument-vector-help = 模型、滑块、漫游和导出
instrument-map = 地图
instrument-map-help = 每个录音是一个点；拖动可听到它们之间的声音
instrument-sound = 声音
instrument-sound-help = 放大显示解码的声音
instrument-ladder = 逐级试听
instrument-ladder-help = 录音经过每个处理步骤后的声音：是哪一步损失了音质？

## The first minute

instrument-first-demo = 播放演示
instrument-first-demo-help = 在一个小模型生成的声音中漫步
instrument-first-demo-stop = 停止演示
instrument-first-open = 打开录音
instrument-first-open-help = 选择一个声音文件夹，训练自己的模型
instrument-first-stages = 查看各个步骤
instrument-first-stages-help = 录音如何变成模型学习的图像
instrument-first-hide = 隐藏这些卡片
instrument-first-hide-help = 不再显示这些卡片
instrument-first-drag = 在地图上拖动，声音随之变化

## The model in use

instrument-model = 模型
instrument-model-busy = 正在加载模型或编码录音
instrument-model-none = 没有使用中的模型。请使用演示模型、训练一个模型，或打开模型文件夹。
instrument-model-size = { $dimensions } 个维度；由 { $recordings } 个录音得到的 { $bins } × { $frames } 图像，{ $classes } 个类别
instrument-model-only-demo = 这是演示模型：请用自己的录音训练一个模型。
instrument-model-train = 训练模型
instrument-model-train-help = 打开“训练”视图，显示训练设置
instrument-model-of-demo = 用演示声音训练
instrument-model-from-disk = { $name }（来自磁盘）
instrument-model-of-current-run = 当前训练，第 { $count } 轮之后
instrument-model-of-run = { $name }，第 { $count } 轮之后
instrument-demo-model = 演示模型
instrument-demo-model-help = 内置的小模型
instrument-follow-run = 跟随训练
instrument-trained-model = 训练所得模型
instrument-trained-model-help = “训练”视图中最新的模型
instrument-train-first = 请先训练模型：第一轮之后即可在此演奏
instrument-open-model = 打开…
instrument-open-model-help = 打开模型文件夹
instrument-assumed-settings = 设置…
instrument-assumed-settings-help = 指定此模型的图像是如何生成的：模型本身没有说明

## Starting points, and where the vector came from

instrument-from-recording = 从录音开始
instrument-from-recording-help = 从所选录音自己的潜向量开始（Enter，或在列表中双击）
instrument-select-in-list-first = 请先在列表中选择一个录音
instrument-random = 随机
instrument-random-help = 数据附近的随机向量（R）
instrument-reset = 复位
instrument-reset-help = 回到数据的均值（Home）
instrument-undo-help = 撤销（Ctrl+Z）
instrument-redo = 重做
instrument-redo-help = 重做（Ctrl+Shift+Z 或 Ctrl+Y）
instrument-vector-from = 向量来源：{ $origin }
instrument-origin-mean = 数据均值
instrument-origin-earlier = { $name }（由较早一轮的模型编码）
instrument-origin-sliders = 滑块
instrument-origin-map = 地图上的一个位置
instrument-origin-between = A 到 B，{ $percent } %
instrument-origin-class = { $class } 的均值
instrument-origin-sample = 随机采样
instrument-origin-walk = 随机漫步
instrument-origin-pulled = 拉回数据附近

## Detail

instrument-detail = 细节
instrument-detail-help = 补上模型无法重现的部分（嘶声、起音、细微泛音）：取自与向量最近的训练录音的残差，即图像减去重建。0 表示只有模型。模型的任何指标都不包含它。在某个训练录音自身的向量处，1 会还原该录音。
instrument-detail-of = 取自
instrument-detail-from = 细节取自 { $count } 个录音
instrument-detail-from-1-help = 取自最近的录音：质感最强，也最不像这个声音本身
instrument-detail-from-4-help = 取自最近的 4 个录音，按远近加权：听感最好
instrument-detail-from-16-help = 取自最近的 16 个录音，按远近加权：平滑，误差最小
instrument-residuals = { $count } 个训练录音的残差
instrument-residuals-of-some = { $all } 个训练录音中 { $count } 个的残差
instrument-detail-none = 此模型还没有细节
instrument-detail-unusable = 细节无法使用：{ $cause }
instrument-make-detail = 由录音生成细节
instrument-make-detail-help = 请先打开训练该模型所用的录音：细节由它们生成

## Sliders

instrument-no-axes = 暂无轴。
instrument-no-axis = 没有匹配的轴。
instrument-by-kl = 按 KL
instrument-by-kl-help = 模型的维度，KL 最高的在前
instrument-principal = 主成分
instrument-principal-help = 打开的录音方差最大的方向
instrument-principal-later = 打开的录音编码后可用
instrument-find = 查找…
instrument-find-axis = 查找轴
instrument-find-axis-help = 编号，或名称的开头：12、z1、P3
instrument-unused = { $count } 个维度未被模型使用
instrument-unused-help = 它们相对先验的 KL 散度低于 0.01 nat：移动它们几乎不改变声音
instrument-lock = 锁定 { $axis }
instrument-unlock = 解锁 { $axis }
instrument-lock-help = 向量移动时，锁定的轴保持原值
instrument-dimension-axis = 维度 { $number }
instrument-principal-axis = 主成分 { $number }
instrument-effect-help =
    { $axis } 从数据均值的 −2 到 +2 个标准差对图像的影响：红色变响，蓝色变轻。所有小图使用同一刻度。
    平均变化为图像范围的 { $strength }。
instrument-axis-kl = KL { $kl } nat：所含的声音信息量。
instrument-axis-unused = KL { $kl } nat：未被模型使用。
instrument-axis-variance = 占录音方差的 { $percent } %。
instrument-axis-help =
    { $axis }：{ $value }。{ $information }
    色带：彩色部分含一半录音，灰色部分含九成（{ $low } 至 { $high }）；竖线为中位数 { $median }。1 % 的录音低于 { $lowest }，1 % 的录音高于 { $highest }。
    拖动，按住 Shift 精细十倍；可用方向键；双击回到均值；右键单击设置 MIDI 和按键。
instrument-use-keys = 使用按键 { $down } 和 { $up }

## The playing strip

instrument-one-shot = 单次
instrument-one-shot-help = 每个声音播放一次
instrument-loop = 循环
instrument-loop-help = 无缝循环播放（L）
instrument-hold = 按住
instrument-hold-help = 仅在按住 T、MIDI 琴键或播放按钮时发声
instrument-match-loudness = 统一响度
instrument-match-loudness-help = 在峰值允许的范围内，将每个声音的 RMS 调整到相对满刻度 −20 dB
instrument-record = 录制输出
instrument-record-stop = 停止 { $time }
instrument-record-help = 将输出录制为 24 位 WAV 文件，存放在程序的数据文件夹中
instrument-record-folder = 录制到其他文件夹…
instrument-record-folder-help = 文件夹未能写入上一次录制的全部内容。选择其他文件夹：此后的录制都存放在那里
instrument-microphone = 麦克风
instrument-microphone-help = 用麦克风录制自己的声音：它会被编码、放到地图上并解码
instrument-use-take = 使用录制片段
instrument-take = 录制片段 { $time }，{ $level }
instrument-use-take-help = 停止并编码；最长 { $most }
instrument-discard = 放弃
instrument-discard-help = 放弃此录制片段
instrument-silent = 无声
instrument-level = 电平 { $level }
instrument-level-help = 输出的峰值，单位为相对满刻度的 dB；刻度位于 −48、−36、−24、−12 和 −6 dB
instrument-clip-on = 削波指示灯：亮
instrument-clip-off = 削波指示灯：灭
instrument-clip-help = 输出在满刻度处被限幅时亮起；单击可复位
instrument-output = 输出 ▾
instrument-output-system = 系统默认
instrument-output-default-now = { $name }（当前默认）
instrument-output-none = 未找到输出设备。
instrument-output-help = 输出设备：{ $name }
instrument-output-system-help = 输出设备：系统默认设备

## MIDI

midi-on = MIDI：开 ▾
midi-off = MIDI ▾
midi-none = 无
midi-help = 用 MIDI 键盘或控制器演奏
midi-menu-help = 琴键播放声音。要用旋钮移动某个轴，请右键单击其滑块并选择“学习 MIDI 控制器”。
midi-port-help = { $port }：{ $message }
midi-no-message = 尚无消息
midi-learning = 请转动一个旋钮以控制 { $axis }
midi-cancel-learning = 取消学习
midi-learn = 学习 MIDI 控制器
midi-learn-help = 分配接下来转动的旋钮
midi-forget = 移除 MIDI 控制器

## How near the vector is to the recordings

instrument-nearest = 最近邻
instrument-nearest-distance-help = 潜空间中到最近录音的距离
instrument-nearest-training-help =
    { $name }
    最近的训练录音，在潜空间中的距离为 { $distance }。
instrument-nearest-training-relative-help =
    { $name }
    最近的训练录音，在潜空间中的距离为 { $distance }，是录音之间通常距离的 { $part } 倍。
instrument-near = 近邻：{ $name }
instrument-near-help =
    { $name }
    在潜空间中的距离为 { $distance }。
    单击试听，双击移到该处。
instrument-off-manifold = 偏离数据 { $percent } %：{ $verdict }
instrument-off-manifold-help = 向量离录音有多远：{ $percent } % 的录音到其近邻的距离小于此向量到录音的距离。0 % 时与任一录音一样近；达到 100 % 时，它与任何录音都不同，解码器在外推。
instrument-unlike = 与录音不相似
instrument-hardly-like = 与录音几乎不相似
instrument-unusual = 在录音中较少见
instrument-alike = 与录音相似
instrument-pull-back = 拉回
instrument-pull-back-help = 朝最近录音的均值移动一半距离

## The decoded sound

instrument-preparing = 正在准备…
instrument-preparing-help = 正在加载模型或编码录音。
instrument-nothing-decoded = 尚未解码
instrument-nothing-decoded-help = 拖动滑块，按 R 生成随机声音，或从录音开始。
instrument-no-model = 没有模型
instrument-no-model-help = 演示模型可立即演奏；自己训练的模型在第一轮之后出现在这里。
instrument-play-original = ▶ 原声
instrument-play-original-help = 播放此向量的原声（O）
instrument-iterations-help = Griffin-Lim 求出频谱图缺少的相位；迭代越多声音越干净，耗时也越长
instrument-iterations-suffix = { $count ->
   *[other] {" "}次迭代
}
instrument-save-wav = 保存 WAV…
instrument-save-wav-help = 将解码的声音保存为 16 位 WAV（Ctrl+S）
instrument-phases-very-well = 相位吻合很好（{ $convergence }）
instrument-phases-well = 相位吻合较好（{ $convergence }）
instrument-phases-roughly = 相位大致吻合（{ $convergence }）
instrument-phases-badly = 相位吻合较差（{ $convergence }）
instrument-turned-down = 调低 { $db } dB
instrument-made-in = 耗时 { $milliseconds } ms
instrument-phases-help = 求出的相位与图像的吻合程度（谱收敛）：图像与声音频谱图之间的距离相对于图像的大小。0 为完美；低于 0.1 很好，从 0.5 起声音发空：增加迭代会有帮助。耗时指从请求到声音完成的时间。会削波的声音会被调低。
instrument-decoded-spectrogram = 解码的频谱图
instrument-decoded-spectrogram-help = 解码器的输出，从 0..1 映射回数据自身的范围。细节滑块大于 0 时，随后加上细节：即模型对最近训练录音的图像所缺少的部分。
instrument-decoded-without-detail = 解码器对此向量的输出
instrument-decoded-with-detail = 解码器对此向量的输出，细节 { $amount }，取自 { $count } 个录音
instrument-decoded-with-own-detail = 解码器对此向量的输出，细节 { $amount }，取自位于此处的录音
instrument-original = 原声
instrument-original-help = 编码得到此向量的声音，按模型的设置预处理。
instrument-picture-size = { $bins } × { $columns }，{ $low } 至 { $high } { $unit }
instrument-cell = { $secs } s 帧 { $frame } { $hertz } { $row } { $bin } { $value }
instrument-decoded-sound = 解码的声音
instrument-decoded-sound-brief = 频谱图加上 Griffin-Lim 求出的相位
instrument-decoded-sound-help = 频谱图没有相位：Griffin-Lim 逐步求出与之吻合的相位。
instrument-sample = { $secs } s  振幅 { $amplitude }
instrument-sound-size = { $duration }，{ $rate }，峰值 { $peak }

## Travel

travel-slots = 槽位
travel-slots-help = 在此存放向量，以便在它们之间漫游。
travel-slots-stale = 存入 { $slots } 之后，模型又继续训练了：这些向量现在会解码成别的声音。请重新存入。
travel-list = 列表
travel-list-help = 将所选录音的向量存为 { $slot }
travel-list-missing = 请在列表中选择一个录音；录音必须已编码
travel-keep = 存入
travel-keep-help = 将当前向量存为 { $slot }
travel-go = 前往
travel-go-help = 前往 { $slot }
travel-empty = 空
travel-between = 从 A 到 B
travel-between-help = 从 A 到 B 路程的 { $percent } %
travel-between-missing = 请先在 A 和 B 中各存一个向量
travel-linear = 线性
travel-linear-help = 直线
travel-spherical = 球面
travel-spherical-help = 沿大圆移动，与原点保持两端点的距离，高斯分布的大部分都在那里
travel-analogy-help = 将 A − B 的差应用到 C
travel-analogy-missing = 请先填满三个槽位
travel-mean = 类别的均值
travel-mean-help = 类别 { $class } 所有向量的均值
travel-random = 随机
travel-draw = 取自
travel-draw-recordings = 录音
travel-draw-recordings-help = 听起来像录音：取其中一个，按相似录音之间的差异加以变化
travel-draw-data = 数据
travel-draw-data-help = 均值和协方差与录音向量相同的高斯分布
travel-draw-prior = 先验
travel-draw-prior-help = 训练所趋向的标准正态分布
travel-class = 类别
travel-class-help = 只生成此类别的随机声音
travel-any-class = 任意
travel-temperature = 温度
travel-temperature-help = 采样的分散程度：1 为分布本身，0 为其均值（取自录音时：其中一个录音）
travel-sample = 采样
travel-sample-help = 随机向量（R）
travel-walk = 漫步
travel-walk-help = 始终靠近录音的随机漫步
travel-stop-walking = 停止漫步
travel-stride = 步幅
travel-stride-help = 为 0 时向量不动，为 1 时每一步都是新的采样
travel-saved = 已保存的向量
travel-saved-none = 此模型暂无保存的向量。保存的向量下次启动后仍可使用。
travel-save-help = 以此名称保存当前向量
travel-name = 向量的名称
travel-name-help = 当前向量的名称
travel-delete = 删除 { $name }
travel-delete-help = 删除此向量
travel-keep-as = 存为 { $slot }
travel-recall-help = 前往“{ $name }”

## Export

export-sounds-title = 声音
export-sounds-unit = 个声音
export-sounds-16-bit = 16 位
export-sounds-24-bit = 24 位
export-sounds-32-bit = 32 位浮点
export-sounds-format = 采样格式
export-sounds-rate = 采样率
export-sounds-own-rate = 模型的采样率
export-sounds-this = 此声音…
export-sounds-this-help = 以此格式保存解码的声音
export-sounds-nothing-decoded = 尚未解码
export-sounds-keep-first = 请先在 A 和 B 中各存一个向量（漫游）
export-sounds-morph = A 到 B 渐变…
export-sounds-morph-help = 从 A 到 B 的一个连续声音
export-sounds-morph-length = 渐变的时长
export-sounds-sequence = A 到 B 序列…
export-sounds-sequence-help = 从 A 到 B 的一组声音及其向量，存为一个文件夹
export-sounds-sequence-length = 序列的步数
export-sounds-sequence-suffix = {" "}步
export-sounds-batch = 随机批量…
export-sounds-batch-help = 按“漫游”中的设置生成随机声音，存为一个文件夹，附向量表
export-sounds-batch-length = 批量的声音数
export-sounds-batch-suffix = { $count ->
   *[other] {" "}个声音
}
export-sounds-no-model = 没有使用中的模型
export-sounds-vectors-title = 向量和模型
export-sounds-vectors-formats = NumPy 数组、CSV 表格和 Embedding Projector 的文件；权重为 safetensors。
export-sounds-vectors = 向量和地图…
export-sounds-vectors-help = 已编码录音的向量、当前地图，以及用于 projector.tensorflow.org 的文件
export-sounds-vectors-later = 录音编码后可用
export-sounds-model = 模型…
export-sounds-model-help = 模型文件夹：权重、配置和统计数据，可在此处、命令行或 Python 中打开

## The ladder

ladder-none = 哪一步损失了音质？
ladder-none-help = 播放此向量的原声或所选录音经过每个处理步骤后的声音：变成图像、恢复相位、经过模型。这样就能听出哪一步损失了音质。
ladder-make = 生成各步骤
ladder-make-again = 重新生成
ladder-stale = 生成这些步骤之后，模型又继续训练了。单击“{ $again }”可更新。
ladder-make-help = 生成此向量的原声或所选录音经过每个步骤后的声音
ladder-select-first = 请先选择一个录音
ladder-equally-loud = 各步骤响度相同
ladder-rungs = 个步骤
ladder-largest-loss = 损失最大：{ $step }。
ladder-rung = 步骤
ladder-convergence = 收敛
ladder-convergence-help = 谱收敛：频谱图幅度与原声幅度的距离，相对于原声；0 表示相同
ladder-log-distance = 对数距离
ladder-log-distance-help = 对数谱距离：各频点电平差的均方根在所有帧上的均值，单位 dB
ladder-time = 用时
ladder-time-help = 计算所用的时间
ladder-figure = { $name } { $value }
ladder-play = 播放 { $name }
ladder-phase-of = { $explanation }（{ $name }）
