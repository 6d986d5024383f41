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
error-beyond-end = 长 { $length } s，却要从 { $offset } s 起使用；请减小起始偏移
error-header = 文件头中的数值不合理（{ $what }：{ $actual }，只可能为 { $expected }）；请重新导出
error-too-long = 其中 { $length } s 或更长的内容需要 { $size }，超过单个录音的内存上限 { $limit }；请只使用开头部分（“时长”）
error-channel = 有 { $available } 个声道（从 0 开始计数），没有声道 { $wanted }；请选择其他声道
error-rate = 采样率为 { $actual } Hz，而设置要求 { $wanted } Hz；请允许重采样（“其他采样率”），或采用该采样率
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
error-too-large = { $images } 幅 { $size } 的图像需要 { $needed } GiB，超过允许的 { $limit } GiB；请缩短时长
error-too-much-padding = { $longest }：长 { $length } s，全部 { $images } 个录音都会填充到此长度：图像将占用 { $size }，而不是 { $own }，超过允许的 { $limit }；请只使用开头部分（“时长”），或移走此录音

# The output device
error-sound-none = 未找到声音设备（{ $cause }）：请连接扬声器或耳机，或启动声音服务；程序会自行重试，每次播放时也会重试
error-sound-busy = 声音设备正被占用（{ $cause }）：请关闭占用它的程序，或选择其他默认设备
error-sound-denied = 没有使用声音设备的权限（{ $cause }）：请授予此账户权限（Linux：加入 `audio` 组）
error-sound-failed = 声音设备发生故障（{ $cause }）：请检查系统的声音设置；程序会自行重试
error-sound-off = 声音已关闭：{ $cause }
