# Errors of the program's crates; their English stands in the crates, where the command line reads it, too.

error-of-path = { $path }：{ $cause }
error-cannot-read = 无法读取 { $path }：{ $cause }
error-cannot-write = 无法写入 { $path }：{ $cause }。请检查剩余空间和权限
error-fault = 本程序的故障中断了这项工作（{ $cause }）；请报告此故障，并说明当时的操作

# What the system refuses
error-system-not-found = 没有这个文件或文件夹（{ $cause }）
error-system-denied = 没有权限（{ $cause }）；请更改文件夹的权限，或选择其他文件夹
error-system-full = 磁盘已满（{ $cause }）；请腾出空间，或选择其他文件夹
error-system-read-only = 磁盘不可写（{ $cause }）；请选择可写的文件夹
error-system-not-a-folder = 路径中有一部分是文件（{ $cause }）；请选择其他路径
error-system-name = 名称无效（{ $cause }）；请使用较短的名称

# Files and folders to write
error-output-is-input = { $path }：这是输入文件，会被覆盖；请选择其他名称或文件夹
error-output-foreign = { $path }：已存在，且不是由 Timbrespace 写入，或之后被改动过；请选择其他名称或文件夹
error-output-folder = { $path }：这是文件夹；请选择其他名称
error-not-empty = 不是空文件夹；请新建文件夹
error-lock-held = { $cause } 正在写入此文件夹；请等待其结束、将其停止，或选择其他文件夹
error-lock-file = { $cause }；请选择可写的文件夹
error-list = { $cause }；录音列表应为 UTF-8 文本，每行一个路径

# Folders of recordings, and models
error-no-folder = 没有这个文件夹；请检查路径
error-not-a-folder = 不是文件夹，也不是声音文件；请选择录音文件夹
error-images-of = 其中是图像，不是录音；请选择图像所属的文件夹 { $path }
error-no-recordings-but = 其中没有录音，而是{ $content }
error-no-model-folder = 没有这个文件夹；请选择训练写入的模型文件夹
error-no-model-but = 不是本程序的模型，而是{ $content }
error-no-description = 不是模型的描述文件：{ $cause }；请重新复制整个模型文件夹，或重新训练
error-other-images = 其预处理生成 { $made } 的图像，而模型需要 { $taken }
error-damaged-weights = 模型的权重无法读取（{ $cause }）；请重新复制整个模型文件夹，或重新训练
error-holds-saved-model = TensorFlow 的 SavedModel；请用教程的 `VAE.save` 保存模型（parameters.pkl 和 weights.h5），或保存为 .keras 文件
error-holds-keras-parameters = Keras 模型的参数，但缺少权重；请将 weights.h5 放在 parameters.pkl 旁，与教程的 `VAE.save` 相同
error-holds-keras-weights = Keras 的权重，但缺少 parameters.pkl，因此不知道属于哪些层；请用教程的 `VAE.save` 保存模型，或保存为 .keras 文件
error-holds-weights = 模型的权重，但缺少 config.json；请复制训练写入的整个文件夹
error-holds-checkpoint = 训练的检查点；请选择该训练记录的文件夹
error-holds-arrays = 数组归档（.npz）；请像教程的 Python 那样，将每幅图像存为单独的 .npy 文件，再选择该文件夹
error-holds-tensorflow-checkpoint = TensorFlow 的检查点；请用教程的 `VAE.save` 保存模型（parameters.pkl 和 weights.h5），或保存为 .keras 文件

# The model
error-model-failed = 模型计算失败：{ $cause }
error-loss-not-finite = 第 { $epoch } 轮第 { $step } 步的损失为 { $loss }：请降低学习率，并检查图像

# Sound files
error-not-found = 没有这个文件；请检查路径
error-unreadable-denied = 无法读取（{ $cause }）；请检查权限
error-unreadable-memory = 无法读取（{ $cause }）；请关闭其他程序，或只使用开头部分
error-unreadable-disk = 无法读取（{ $cause }）；请检查磁盘或其连接，然后重试
error-not-a-file = 不是声音文件，而是管道、套接字或设备；请先将声音复制到文件中
error-folder = 是文件夹，不是声音文件；请选择其中的文件
error-empty = 文件为空（0 字节）；请重新复制或录制
error-no-samples = 不含采样点（长度为零）；请重新录制或导出
error-truncated = 在第一个可用的采样点之前被截断；请重新复制或导出
error-not-finite = 全部 { $samples } 个采样点都不是有效数值，没有可听的内容；请重新导出
error-not-sound = 不是可读取的声音文件（WAV、FLAC、OGG、MP3、AIFF、CAF、M4A）；请转换为 WAV
error-codec = 该 { $format } 文件使用了不支持的编码（{ $cause }）；请转换为 WAV
error-damaged = 该 { $format } 文件已损坏（{ $cause }）；请重新复制或导出
error-file-fault = 因本程序的故障而无法使用（{ $cause }）；请连同该文件报告此故障，并将它排除
error-beyond-end = 长 { $length } s，却要从 { $offset } s 起使用；请减小起始偏移
error-header = 文件头中的数值不合理（{ $what }：{ $actual }，只可能为 { $expected }）；请重新导出
error-too-long = 其中 { $length } s 或更长的内容需要 { $size }，超过单个录音的内存上限 { $limit }；请只使用开头部分（“时长”）
error-channel = 有 { $available } 个声道（从 0 开始计数），没有声道 { $wanted }；请选择其他声道
error-rate = 采样率为 { $actual } Hz，而设置要求 { $wanted } Hz；请允许重采样（“其他采样率”），或采用该采样率
error-extension = 无法解码 .{ $extension } 文件；请转换为 WAV 或 FLAC
error-link-loop = 链接指回 { $folder }；不予跟随
error-broken-link = 链接已失效

# Preprocessing
error-name-too-long = 名称有 { $bytes } 字节，加上 .npy 后过长；请缩短录音的名称
error-vanished = { $folder }：{ $total } 个录音中有 { $count } 个在预处理期间消失（第一个：{ $first }），图像不完整；请检查文件夹或其磁盘是否仍在，然后重新运行
error-none-usable-first = { $count } 个声音文件均无法使用；第一个：{ $path }：{ $cause }
error-none-usable = { $count } 个声音文件均无法使用
error-all-left-out = 排除录音的列表包含全部 { $count } 个录音
error-no-files = 其中没有声音文件；请选择含有 WAV、FLAC、OGG、MP3、AIFF、CAF 或 M4A 文件的文件夹
error-too-large = { $images } 幅 { $size } 的图像需要 { $needed } GiB，超过允许的 { $limit } GiB；请缩短时长
error-too-much-padding = { $longest }：长 { $length } s，全部 { $images } 个录音都会填充到此长度：图像将占用 { $size }，而不是 { $own }，超过允许的 { $limit }；请只使用开头部分（“时长”），或移走此录音

# The output device
error-sound-none = 未找到声音设备（{ $cause }）：请连接扬声器或耳机，或启动声音服务；程序会自行重试，每次播放时也会重试
error-sound-busy = 声音设备正被占用（{ $cause }）：请关闭占用它的程序，或选择其他默认设备
error-sound-denied = 没有使用声音设备的权限（{ $cause }）：请授予此账户权限（Linux：加入 `audio` 组）
error-sound-failed = 声音设备发生故障（{ $cause }）：请检查系统的声音设置；程序会自行重试
error-sound-off = 声音已关闭：{ $cause }

# Settings that do not fit
misfit = { $setting }为 { $actual }；应为：{ $expected }
misfit-from-to = { $low } 至 { $high }{ $unit }
misfit-from-below = 不小于 { $low } 且小于 { $high }{ $unit }
misfit-above-to = 大于 { $low } 且不大于 { $high }{ $unit }
misfit-between = 大于 { $low } 且小于 { $high }{ $unit }
misfit-words = 以下之一：{ $names }
misfit-switch = 是或否
misfit-even = 偶数
misfit-frame-size = 不大于帧长（{ $most }）的值
misfit-range = 大于最小值（{ $least }）的值
misfit-length-of-pieces = 一个长度，因为录音会被切成片段：最长片段的长度
misfit-overlap = 至少比时长（{ $length } s）短 { $least } s 的值
misfit-offset-of-pieces = 0，因为录音会被切成片段
misfit-one-frame = 至少一帧长的值（这些设置下为 { $needed } s）
misfit-too-long = 较短的值，使图像不超过 { $most } 个数值（也可增大帧移）
misfit-half-of-rate = 不大于采样率一半（{ $most } Hz）的值
misfit-bands = 1 至 { $most }
misfit-log-mel = 对数梅尔
misfit-positive = 正数
misfit-filters = 1 至 { $layers } 个数，每个为 1 至 { $channels }；有全连接层时则没有
misfit-hidden = 最多 { $layers } 个数，每个为 1 至 { $channels }
misfit-strides = { $count } 对数，每个为 1 至卷积核大小 { $most }

# Files of settings
settings-file-line = 第 { $line } 行：{ $mistake }
settings-file-syntax = 不是有效的 TOML；请检查引号、括号和等号后的值（{ $cause }）
settings-file-outside = `{ $name }` 不在 [model]、[training] 或 [preprocessing] 表中
settings-file-unknown-table = 没有名为 `{ $name }` 的设置表；只有 model、training、preprocessing
settings-file-similar = [{ $section }] 中没有设置 `{ $name }`；是否指 `{ $known }`？
settings-file-unknown = [{ $section }] 中没有设置 `{ $name }`；可用的设置：{ $known }
settings-file-value = [{ $section }] 中的 `{ $name }`：{ $cause }

# Parts of sentences
what-images = 图像数（本次训练、检查点）
what-model = 模型（本次训练的、检查点的）
what-seed = 随机种子
what-batch-size = 批大小
what-validation-fraction = 验证比例
what-image-size = 图像大小（频点 × 帧）
what-latent-vector = 潜向量的长度
what-components = 主成分图像的大小（像素）
what-number-of-images = 图像数
what-filters = 滤波器
what-strides = 步幅
what-dense-layers = 全连接层
what-latent-size = 潜空间维度
what-split = 验证集的划分
what-class = 类别
what-group = 分组
what-cuda = NVIDIA GPU
what-metal = Apple GPU
what-without-cuda = 本程序构建时未启用 CUDA
what-without-metal = 本程序构建时未启用 Metal
what-linear-path = 模型在卷积之外还有线性路径
what-model-of-dense-layers = 模型由全连接层构成
what-padded-images = 图像在模型内部会被填充
what-no-folder = 没有这个文件夹
what-no-checkpoint = 没有可读取的检查点

# Tensors of a model that do not fit
error-mismatch = { $what }：应为 { $expected }，实为 { $actual }
error-tensor = 张量 { $name }：模型需要 { $expected }，文件中为{ $actual }
tensor-nothing = 空
tensor-finite = 有限数值
tensor-variance = 不小于 0 的方差
tensor-value = { $value }；文件已损坏，或其训练失败
tensor-of-keras = Keras 模型的变量
tensor-dimensions = { $count } 个维度
tensor-features = { $count } 个特征
error-unusable-detail = 细节文件无法使用（{ $cause }）；请在“乐器”视图中调高“细节”以重新生成
error-no-safetensors = 权重不是完整的 safetensors 文件：{ $cause }

# Models and runs
error-no-image = 没有可供训练的图像
error-no-threads = 无法启动训练线程：{ $cause }
error-job-threads = 无法启动 { $count } 个线程：{ $cause }
error-job-thread = 无法启动线程：{ $cause }
error-split-untold = 无法按{ $what }划分：从名称 { $name } 读不出{ $what }；请为名称设置能读出它的模式（“类别”），或按录音划分
error-split-nothing = 无法按{ $what }划分：一个也没有；请按录音划分
error-split-one = 无法按{ $what }划分：只有一个，即“{ $kind }”；请按录音划分
error-split-pattern = “{ $pattern }”不是有效的名称模式：{ $cause }；请尝试例如“*_[5-9]”
error-split-all = 模式“{ $pattern }”匹配全部录音，没有剩下可供训练的；名称形如“{ $example }”，不含扩展名
error-split-none = 模式“{ $pattern }”不匹配任何录音；名称形如“{ $example }”，不含扩展名
error-device = { $what } 不可用：{ $reason }。请将设备设为 CPU，或使用启用了 { $feature } 的构建
error-streamed-image = { $cause }（训练期间会读取它；请放回原处，然后继续训练）
error-image-again = { $cause }（刚才还可以使用；请检查后重新开始）
error-changed-meanwhile = 其间已被更改
error-no-keras-layer = { $what }；教程的类没有这样的层。预设“参考”和“探索”的模型可以保存为该格式
error-no-keras-model = 其中没有 Keras 模型；请选择含有教程的 `VAE.save` 所写的 { $parameters } 和 { $weights } 的文件夹，或 .keras 文件
error-keras-without-settings = 是 Keras 保存的模型，设置未知；请先导入它
error-assumed-settings = { $path }：这些设置生成 { $made } 的图像，而模型需要 { $taken }；行数取决于帧长（对数频谱图为 { $rows }），列数取决于时长和帧移
error-no-bundle = 不是本程序的模型，因此不会写入；请先导入它，然后重试
error-statistics-size = `latent.{ $name }` 有 { $found } 个值，而模型有 { $expected } 个维度
error-statistics-value = `latent.{ $name }` 含有 { $value }，无法据此抽取潜向量
error-statistics-range = `dataset.median_min_max` 为 { $min } 至 { $max }，无法据此生成声音
error-no-statistics = 模型对部分图像给不出数值；不会覆盖上一个可用的模型
error-other-baselines = 基线由 { $theirs } 个值的图像拟合，而这些图像有 { $ours } 个值
error-no-detail = 此模型还没有细节；请先用其训练录音制作
error-detail-of-none = 没有可供制作细节的录音：共有 { $count } 个，文件中可容纳 { $fit } 个
error-foreign-detail = 不是由 Timbrespace 写入；请移走它，然后重试
error-damaged-density = { $cause }；要在没有密度的情况下使用模型，请移走此文件
error-no-classes = 模型的训练录音中没有类别 { $class }；其录音没有类别
error-no-such-class = 模型的训练录音中没有类别 { $class }；其类别为 { $classes }
error-class-of-density = 只有密度区分类别：请不要指定类别，或不要指定分布
error-no-density = 模型没有其录音的密度；请重新训练或继续训练，或按数据的均值和标准差抽取
error-unfinished-statistics = 模型只记录了 { $all } 个潜在维度中 { $known } 个的数据范围；请先完成训练，或从先验分布抽取
error-empty-class = 该类别没有可供抽取的录音
error-more-left-out = 现在排除 { $now } 个录音，而要继续的训练排除了 { $before } 个（训练中有 { $name }）；请恢复原来的排除列表，或重新训练
error-fewer-left-out = 现在排除 { $now } 个录音，而要继续的训练排除了 { $before } 个（训练中没有 { $name }）；请恢复原来的排除列表，或重新训练
error-model-is-there = 已含有带检查点的模型；请继续该训练、替换它，或选择其他文件夹
error-old-model-is-there = 已含有模型（没有可供继续的检查点）；请替换它，或选择其他文件夹
error-file-for-model = 是文件；请为模型选择文件夹
error-foreign-files = 含有 { $names }，不是由 Timbrespace 写入，而模型会替换它们；请选择其他文件夹，或移走它们
error-cannot-resume = 无法继续：{ $cause }；未作任何更改；请检查路径，或在其他文件夹中重新训练
error-resume-differs = 无法继续：已保存训练的{ $setting }为 { $saved }，现在却为 { $wanted }；请恢复该设置，或重新训练
error-not-removed = 无法移除（{ $cause }）；请自行移除，然后重试
error-holds-foreign = 含有 { $names }，不是由 Timbrespace 写入；请移走它们，然后重试
error-no-record = 不是训练的记录：{ $cause }
error-no-replay = 不是训练的回放：{ $cause }
error-replay-size = 大小为 { $actual }，但须为 { $expected }
error-no-run = 其中没有训练记录；请选择训练写入的文件夹

# Recordings, images and latent vectors
error-file-vanished = 文件已消失：读取文件夹时它还在。请恢复该文件，或重新读取文件夹（F5）
error-none-to-encode = 没有可供编码的录音
error-not-encoded = 该录音无法编码：{ $path }：{ $cause }
error-none-encoded = { $count } 个录音均无法编码；第一个：{ $path }：{ $cause }
error-image-misfit = 生成 { $made } 的图像，而模型需要 { $taken }
error-other-settings = 图像与模型不符：图像的{ $setting }为 { $images }，模型的为 { $model }；请用模型的设置预处理录音，或直接选择录音文件夹
error-no-neighbour = 除了正在查找相邻录音的那个录音以外，没有其他录音
error-no-vector = 没有可供生成声音的潜向量
error-no-dimension = 模型没有潜空间维度
error-too-many-steps = 要求 { $steps } 步，但最多 { $most } 步
error-path-steps = 步数为 { $steps }，但两个录音之间的路径须有 { $least } 至 { $most } 步
error-morph-length = { $count } 个声音可生成 { $least } s 至 { $most } s，却要求 { $asked } s；请更改步数或时长
error-two-images = 样本至少须与两幅图像比较
error-too-many-samples = 样本数为 { $samples }，但内存中最多容纳 { $most } 幅 { $size } 的图像
error-tsne-few = t-SNE 至少需要 { $least } 个不同的声音，这里有 { $count } 个：请使用主成分地图
error-no-labels = 从录音的名称读不出标签；请设置名称的模式（“类别”），例如“{"{"}class{"}"}_{"{"}group{"}"}_{"{"}index{"}"}”
error-no-voters = 名称符合模式的录音中，{ $vote } 个参与投票，{ $out } 个留出：两部分都至少需要一个
error-none-reconstructed = 所有录音均无法使用；原因见上
error-foreign-features = { $folder }：已含有并非由 Timbrespace 在此写入的特征（例如 { $path }），会与新的特征混在一起；请选择其他文件夹，或清空该文件夹
error-nothing-selected = 没有选中可导出的内容
error-no-pairs = 其中 { $images } 幅图像的名称与 { $folder } 中 { $recordings } 个录音的名称都不一致（第一幅图像：{ $image }；第一个录音：{ $recording }）；x.wav 对应 x.wav.npy 或 x.npy
error-not-here = 此系统上不可用

# What decoders find
codec-named = 编码 { $codec }
codec-of = 编码 { $codec }；{ $cause }
codec-opus-channels = { $count } 声道的 Opus 编码
codec-no-samples = 不是单个采样点的编码
damaged-contents = 解码器无法理解其内容
damaged-no-format = 缺少格式块
damaged-short-format = 格式块过短
damaged-no-common = 缺少公共块
damaged-short-common = 公共块过短
damaged-header = 文件头指向文件之外
damaged-change = 采样率或声道数在中途改变
damaged-no-track = 其中没有声音轨道
damaged-track = 声音轨道缺少参数
what-packet = 一个数据包中的采样点数
what-channels = 声道数
what-sample-rate = 采样率
header-at-most = 最多 { $most }
header-range = { $low } 至 { $high }
header-rates = { $low } 至 { $high } Hz

# Preprocessed folders
images-no-folder = 其中没有 `spectrograms` 文件夹；请选择预处理写出的文件夹
images-none = 其中没有 .npy 文件；请先预处理录音
images-all-left-out = 排除列表包含了其中全部 { $count } 幅图像
images-incomplete = 预处理中途中断；请重新运行
images-changing = 其中的 preprocessing.json 文件不断变化；请重试
images-no-shard = 文件缺失；请重新运行该分片
images-other-range = { $all } 幅图像中有 { $count } 幅的数值超出 { $low } 至 { $high }，为 { $min } 至 { $max }：未归一化，或归一化到其他范围。请像教程的 Python 代码那样将每幅图像归一化，即 (x - min) / (max - min)，或重新预处理录音，或在训练时给出其范围（--min 和 --max）
images-note-unusable = { $all } 幅图像中有 { $count } 幅无法使用，已排除
images-note-no-extremes = 缺少 { $path }：图像可以学习，但由其生成的声音的电平只是估计
images-note-unreadable-extremes = 无法读取 { $path }：{ $cause }；图像可以学习，但由其生成的声音的电平只是估计
images-note-slip = { $path } 中只有一个键为 None 的条目：写出它的 Python 代码的保存函数没有返回路径，因此每个文件都覆盖了前一个。所有图像都使用最后一个文件的最小值和最大值；若要各自的值，请重新预处理录音
images-note-unlisted = { $all } 幅图像中有 { $count } 幅未列入 preprocessing.json
images-note-gone = preprocessing.json 所列的 { $count } 幅图像已不存在（{ $names }）；请重新预处理录音
images-note-median-extremes = { $all } 幅图像中有 { $count } 幅的最小值和最大值未知：假定为其余图像的中位数（{ $min } 至 { $max }）
images-note-typical-extremes = { $all } 幅图像中有 { $count } 幅的最小值和最大值未知：假定为典型值（{ $min } 至 { $max }）
images-note-assumed-settings = 没有 preprocessing.json，因此不知道图像是如何生成的：假定为 { $rate } Hz、帧长 { $frame }、帧移 { $hop } 的{ $kind }。如果不对，由其生成的声音的音高和长度就不对：请用正确的采样率、帧长和帧移训练
image-other-range = 其数值为 { $min } 至 { $max }，而不是 { $low } 至 { $high }；请将其归一化，或重新预处理该录音
image-not-finite = 其中有 NaN 或无穷大；请重新预处理该录音
image-other-size = 大小为 { $size }，而其他图像为 { $sizes }；请用相同的设置预处理所有录音
image-no-image = 形状为 { $shape }，而图像应为 [频带, 帧]
npy-lfs-pointer = 这是 git-lfs 指针，而不是数组本身；请在其来源处运行 `git lfs pull`
npy-no-array = 不是 .npy 文件（.npy 文件以 \x93NUMPY 开头）；请用 numpy.save 写出
npy-header = 文件头已损坏（{ $cause }）；请用 numpy.save 重新写出
npy-kind = 数值类型为 { $found }，应为 { $expected }；请用 NumPy 的 astype 转换
npy-axes = 文件头声明了 { $axes } 个轴，超过 NumPy 的 { $most } 个；文件已损坏
npy-too-large = 文件头声明的形状 { $shape } 超出任何内存的容量；文件已损坏
npy-length = 文件头声明的形状 { $shape } 需要 { $claimed } 字节，但其后只有 { $actual } 字节；文件不完整或已损坏
pickle-unreadable = 不是可以读取的 pickle 文件：{ $cause }
pickle-no-dictionary = 其中没有文件名的字典
pickle-long-keys = 其中的键总共超过 { $limit }
pickle-lfs-pointer = 这是 git-lfs 指针，而不是 pickle 文件本身；请在其来源处运行 `git lfs pull`
pickle-entry-key = 键不是文件路径
pickle-entry-large = 其中的内容远多于一个 min 和一个 max
pickle-entry-no-dictionary = 不是包含 min 和 max 的字典
pickle-entry-without = 缺少 { $name }
pickle-entry-no-number = { $name } 为 { $value }，不是数字
pickle-entry-not-finite = 最小值和最大值（{ $min }、{ $max }）不是有限数
pickle-entry-reversed = 最小值（{ $min }）大于最大值（{ $max }）
pickle-note-entry = { $path }：条目 { $entry }：{ $cause }；已忽略
pickle-note-entries = { $path }：另有 { $count } 个条目因类似原因被忽略
parity-no-images = 其中没有 .npy 文件；请选择 Python 代码写出的文件夹，其中含有 `spectrograms` 和 `min_max_values.pkl`
parity-note-unreadable-extremes = 无法读取 { $path }：{ $cause }；因此无法比较归一化之前的最小值和最大值
parity-note-no-extremes = 图像旁没有 min_max_values.pkl：归一化之前的最小值和最大值未知，因此看不出参考电平是否不同
parity-note-slip = { $path } 中只有一个键为 None 的条目：写出它的 Python 代码的保存函数没有返回路径，因此每个文件都覆盖了前一个。这个条目（{ $min } 至 { $max }）属于最后一个文件，因此无法比较最小值和最大值；请让保存函数返回 save_path，然后重新运行
parity-note-no-settings = 图像旁没有 preprocessing.json（Python 不写它）：本程序的图像使用所选的设置生成

# Files of a run
table-malformed-rows = { $path }：跳过了 { $count } 个格式错误的行（第 { $lines } 行）
history-lone-row = { $path }：第 { $epoch } 轮有 { $split } 行，但没有 train 行；已忽略
history-damaged = { $path }：已损坏（{ $cause }）；各轮的数据因此较少
history-unreadable = { $cause }；各轮的数据因此较少
error-no-thread = 无法启动工作线程：{ $cause }
safetensors-header = 文件头已损坏或不完整
safetensors-cut = 文件不完整

error-no-model = 没有加载模型：请使用演示模型、打开模型或训练模型
error-run-not-removed = 无法移到回收站（{ $cause }）；请手动移除该文件夹
error-run-has-other-files = 含有并非由训练写入的文件（{ $names }）；请先移走这些文件，或手动移除该文件夹
