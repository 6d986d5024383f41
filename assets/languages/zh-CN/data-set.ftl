# The data set view: overview, doctor, loading, parity.

## Parts of the view

data-set-overview = 概览
data-set-overview-help = 所有图像、各类别的均值与离散程度、分布
data-set-doctor = 体检
data-set-doctor-help = 有问题的录音，以及这些问题的影响
data-set-loading = 加载
data-set-loading-help = 哪种加载更快：已存图像，还是声音？
data-set-parity = 一致性
data-set-parity-help = 将 Python 流程的图像与本程序的图像对比
data-set-select-help = 单击选中，双击查看各步骤

## Overview

data-set-images-tab = 图像
data-set-images-tab-help = 按类别显示每个录音图像的缩略图
data-set-mean-tab = 类别均值
data-set-mean-tab-help = 各类别的平均图像及其标准差
data-set-distributions-tab = 分布
data-set-distributions-tab-help = 时长、电平、归一化前的最小值和最大值
data-set-preprocess = 预处理
data-set-preprocess-again = 重新预处理
data-set-preprocess-help = 为此视图将每幅图像生成一次，不写入任何文件
data-set-save-images = 保存到文件夹…
data-set-save-images-help = 将每幅图像写为 .npy 文件，与 `timbrespace preprocess` 相同
data-set-saving-to = 正在保存到 { $folder }
data-set-overview-title = 整个文件夹一览
data-set-overview-large = 录音超过 { $count } 个：请单击“预处理”开始
data-set-overview-text = “预处理”会按“步骤”视图中的设置将每幅图像生成一次，然后按类别显示缩略图、各类别的均值与离散程度，以及时长和电平的分布。
data-set-plan = { $recordings }，生成 { $bins } × { $frames } 的图像：{ $settings }
data-set-plan-whole = { $recordings }，生成与最长录音等长的图像：{ $settings }
data-set-settings = { $feature }，{ $rate }，{ $length }
data-set-whole-files = 整个文件
data-set-memory = 保留在内存中：所有缩略图，共 { $thumbnails }，以及每个类别两幅图像。
data-set-memory-of-all = 保留在内存中：所有缩略图，共 { $thumbnails }，以及每个类别两幅图像。全部图像需要 { $all }；它们逐幅生成，不予保留。
data-set-images = { $count } 幅图像
data-set-made = { $images }，用时 { $time }
data-set-made-and-unusable = { $images }，用时 { $time }，{ $count } 个文件无法使用
data-set-more-files = ……另有 { $count } 个
data-set-all-classes = 所有类别
data-set-all-recordings = 所有录音
data-set-class-option = { $class }（{ $count }）
data-set-class-filter = 类别
data-set-class-filter-help = 只显示一个类别

## Thumbnails

data-set-thumbnail = { $name } 的图像
data-set-thumbnails = 录音的图像
data-set-no-level = 无（全零）
data-set-fact-class = 类别：{ $class }
data-set-fact-length = 文件时长：{ $length }
data-set-fact-level = RMS 电平 { $level }，峰值 { $peak }（相对满刻度）
data-set-fact-image = 归一化前图像值为 { $low } 至 { $high } { $unit }

## Mean and spread

data-set-mean = 均值
data-set-spread = 离散程度（标准差）
data-set-mean-details = 逐格计算：归一化图像的均值及标准差。
data-set-mean-status = 所有格的均值 { $mean }，最大离散程度 { $spread }，以归一化范围 0..1 计
data-set-cell-value = { $title }：{ $value }
data-set-cell-place = { $row } { $bin }，{ $hz }，帧 { $frame }，{ $time }
data-set-log-axis = 对数
data-set-mel-axis = 梅尔

## Distributions

data-set-duration = 时长
data-set-duration-brief = 整个文件的时长
data-set-duration-details = 超出时长设置的文件会被截短，较短的会被填充。
data-set-level = 电平
data-set-level-brief = 所用部分的 RMS
data-set-level-details = 均方根的 20 log10，相对满刻度 1：满刻度正弦波为 −3 dB。全零没有电平，不计入。
data-set-peak = 峰值
data-set-peak-brief = 所用部分的最大采样值
data-set-peak-details = 最大绝对采样值的 20 log10，相对满刻度 1：达到 0 dB 及以上时，采样值已到满刻度。
data-set-smallest = 图像最小值
data-set-smallest-brief = 归一化之前
data-set-smallest-details = 每个录音的最小值，归一化后成为范围的下限。
data-set-largest = 图像最大值
data-set-largest-brief = 归一化之前
data-set-largest-details = 每个录音的最大值，归一化后成为范围的上限。电平因此被去除，可由保存的最大值恢复。
data-set-classes = 类别
data-set-classes-brief = 各类别的录音数
data-set-classes-details = 模型见到各类别的次数与该类别的录音数成正比。
data-set-even-classes = { $classes }，每类 { $recordings }
data-set-uneven-classes = { $classes }，每类 { $least } 至 { $recordings }
data-set-no-values = 没有数值
data-set-chart-status = 中位数 { $median } { $unit }，{ $least } 至 { $most }
data-set-chart-status-with-silent = 中位数 { $median } { $unit }，{ $least } 至 { $most }，{ $silent } 个无声
data-set-class-axis = 类别
data-set-level-axis = dB（相对满刻度 1）
data-set-recordings-axis = 录音
data-set-bar-help =
    { $bar }
    { $recordings }；单击列出
data-set-bar-range = { $low } 至 { $high } { $unit }
data-set-bar-title = { $chart }：{ $bar }
data-set-close-list = 关闭列表

## Doctor

doctor-examine = 检查
doctor-again = 重新检查
doctor-examine-help = 读取每个录音，不改动任何文件
doctor-export = 导出 CSV…
doctor-export-help = 每个问题一行，可用电子表格打开
doctor-plan = 对 { $recordings }进行十项检查：无声、削波、重复、截断等。
doctor-summary = 检查了 { $recordings }，用时 { $time }：{ $checks } 项检查中有 { $found } 项发现问题
doctor-healthy = { $recordings }均未发现问题
doctor-healthy-details = 按当前设置，所有录音都通过了全部十项检查。
doctor-checks = 检查项目
doctor-check-row = { $check }：{ $count }
doctor-check-help = { $gravity }：{ $why }
doctor-none = 无
doctor-the-folder = 整个文件夹
doctor-finding-row = { $about }：{ $figures }
doctor-more-files = 另有 { $count } 个
doctor-use-rate = 使用 { $rate }
doctor-use-rate-help = 将采样率设置由 { $rate } 改为这些录音的采样率
doctor-trim = 去除静音
doctor-trim-help = 跳过每个录音开头的静音：比最响的帧低 { $db } dB 的各帧
doctor-cut = 切分
doctor-cut-help = 在静音处切分每个录音；每个片段算作一个录音，因此全部内容都会用到
doctor-play = 播放
doctor-stop = 停止
doctor-play-help = 播放这些录音中选中的一个，没有选中则播放第一个
doctor-play-none = 这些文件都无法读取，没有可播放的内容

## Loading

loading-compare = 对比
loading-again = 重新对比
loading-compare-help = 图像保存到临时文件夹，结束后删除
loading-copy = 复制为文本
loading-title = 先保存图像，还是实时生成？
loading-text = 保存图像要占用磁盘空间和写入时间；由声音生成图像则每轮都要花时间。哪种更快取决于文件和这台计算机，因此这里用打开的文件夹对两者进行测量：按批加载整轮数据，一种是文件已在内存中（热加载），另一种是从存储设备读取（冷加载，需系统支持）。同时对比对数梅尔的逐个处理与批量处理。
loading-epochs = 每种方法的轮数
loading-epochs-help = 每种方法先热加载、后冷加载；以中位数为准
loading-batch-size = 批大小
loading-batch-size-help = 每次加载的图像数
loading-unit-recordings = 个录音
loading-unit-batches = 批
loading-measured = { $recordings }，每批 { $batch_size } 个，每种方法 { $epochs } 轮
loading-images = 已存图像或实时生成
loading-mel = 对数梅尔：逐个处理或批量处理
loading-figures = 文件与内存
loading-cache = 写入缓存用时 { $time }，占用磁盘空间 { $size }。{ $equality }
loading-equal = 所有方法得到的图像逐位相同。
loading-not-equal = 各方法得到的图像不同：期间是否有录音被改动？
loading-no-cold = 未测量冷加载：{ $cause }。
loading-method = { $name }，{ $threads } 个线程
loading-mel-method = 对数梅尔 { $method }
loading-warm = { $time } 热加载
loading-cold = { $time } 冷加载
loading-warm-epoch = { $method }，热加载一轮：{ $time }
loading-cold-epoch = { $method }，冷加载一轮：{ $time }
loading-speed = 热加载：每秒 { $speed } 个录音，最快一轮 { $fastest }
loading-speed-column = 录音/s
loading-speed-column-help = 按热加载各轮的中位数
loading-files-column = 文件
loading-files-column-help = 每轮读取的文件大小
loading-storage-column = 存储读取
loading-storage-column-help = 冷加载一轮从存储设备读取的字节数，以系统统计为准
loading-held-column = 图像占用
loading-held-column-help = 同时在内存中的图像大小，由图像尺寸算得
loading-growth-column = 内存增长
loading-growth-column-help = 加载第一轮时程序内存的增长
loading-fastest-column = 最快一轮
loading-fastest-column-help = 热加载中最快的一轮
loading-unknown = 未知

## Parity

parity-again = 重新对比
parity-title = 这些图像与 Python 的相同吗？
parity-text = 选择 Python 流程写出的文件夹：包含“spectrograms”和“min_max_values.pkl”的文件夹，或 .npy 文件所在的文件夹。每个录音会按“步骤”视图中的设置（或该文件夹中 preprocessing.json 的设置）重新预处理并逐格对比；差异最大的文件排在最前，并给出可能的原因。
parity-choose = 选择文件夹…
parity-choose-help = 选择 Python 流程的文件夹；只读取，不改动
parity-export = 导出 CSV…
parity-export-help = 每个录音一行，差异最大的在前，可用电子表格打开
parity-agree = { $compared } 个文件中有 { $agreeing } 个一致，误差不超过 { $tolerance }
parity-cause = { $files } 个文件：{ $cause }
parity-without-image = { $count ->
    [1] { $count } 个录音没有图像：{ $first }
   *[other] { $count } 个录音没有图像，第一个是：{ $first }
 }
parity-without-recording = { $count ->
    [1] { $count } 幅图像没有录音：{ $first }
   *[other] { $count } 幅图像没有录音，第一个是：{ $first }
 }
parity-settings-beside = 本程序的图像使用了 Python 图像旁的 preprocessing.json
parity-more-remarks = 另有 { $count } 条说明
parity-differences = 最大差异 { $largest }，差异均值 { $mean }（以归一化范围计）
parity-extremes = 最小值和最大值最多相差 { $difference } { $unit }
parity-of-another-size = { $count } 个大小不同
parity-unreadable-files = { $count } 个无法读取
parity-comma = ，
parity-files = 文件，差异最大的在前
parity-filter = 筛选
parity-filter-help = 按名称或说明
parity-only-differing = 只显示有差异的文件
parity-only-differing-help = 差异超过 { $tolerance }
parity-shown = { $shown } / { $files }
parity-no-match = 没有符合筛选条件的文件。
parity-file-column = 文件
parity-largest-column = 最大
parity-mean-column = 均值
parity-place-column = 频点、帧
parity-cause-column = 可能的原因
parity-columns-help =
    归一化图像绝对差异的最大值和均值（以归一化范围计），以及最大差异的位置。
    归一化前的最小值和最大值（{ $unit }）见各行的提示。
parity-row = { $name }：最大差异 { $largest }，差异均值 { $mean }
parity-other-size = 大小不同
parity-unreadable = 无法读取
parity-pair = { $recording }  对比  { $image }
parity-sizes = 本程序 { $ours }，Python { $theirs }（频点 × 帧）
parity-ours = 本程序归一化前：{ $min } 至 { $max } { $unit }
parity-theirs = Python（取自 pickle）：{ $min } 至 { $max } { $unit }
parity-no-entry = pickle 中没有此文件的条目
parity-row-help = 单击查看两幅图像，双击查看该录音的各步骤
parity-no-file = 单击一个文件，查看两幅图像及其差异。
parity-our-image = 本程序
parity-their-image = Python
parity-difference-image = 本程序减 Python
parity-no-difference = 无法求差：本程序为 { $bins } 个频点 × { $frames } 帧，Python 为 { $their_bins } × { $their_frames }。
parity-values =
    本程序 { $ours }
    Python { $theirs }
parity-values-and-difference =
    本程序 { $ours }
    Python { $theirs }
    差异 { $difference }
