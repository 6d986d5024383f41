# settings

# Checks of the data set, their findings, and causes of differences.

check-unreadable = 无法读取
check-unreadable-why = 无法解码的录音会被排除，因此数据集比文件夹看上去要小。
check-unreadable-advice = 从来源重新转换该文件，或将其移除。
check-silent = 无声
check-silent-why = 归一化会把仅有的一点信号拉伸到整个范围：模型学到的是噪声或空白的图像。
check-silent-advice = 将其移除，或去除声音之前的静音。
check-duplicate = 重复
check-duplicate-why = 副本在训练中会被计算两次；若副本落入验证图像，模型会显得比实际更好。
check-duplicate-advice = 每份只保留一个。
check-clipped = 削波
check-clipped-why = 削平的峰值听起来有爆裂声，在图像中表现为直达顶部的泛音，而原声中并没有这些。
check-clipped-advice = 留出更多余量重新录制，或移除最严重的。
check-cut-off = 截断
check-cut-off-why = 图像末端之后的内容模型永远见不到，它学到的是戛然而止的声音。
check-cut-off-advice = 设置更长的时长，或切分录音，使声音位于开头。
check-wrong-rate = 采样率
check-wrong-rate-why = 采样率不同的录音会被重采样：其图像止于它自己的采样率所及之处，处理路径也与其他录音不同。
check-wrong-rate-advice = 设置为大多数录音的采样率，或转换少数不同的录音。
check-name-collision = 名称冲突
check-name-collision-why = 只按文件名保存结果的程序（例如教程的 Python）会让它们互相覆盖。
check-name-collision-advice = 若要用这类程序读取结果，请重命名其中一个；Timbrespace 自身会保留两者。
check-dc-offset = 直流偏移
check-dc-offset-why = 声音下方的常量会填满图像最低的几行，挤占其他内容的范围。
check-dc-offset-advice = 用约 20 Hz 的高通滤波器将其滤除。
check-mostly-padded = 大部分为填充
check-mostly-padded-why = 图像的大部分没有声音：模型把精力花在学习录音在哪里结束上。
check-mostly-padded-advice = 设置更短的时长。
check-band-limited = 频带受限
check-band-limited-why = 图像上方的各行是空的，或只有重采样的本底噪声：它们耗费训练时间，却学不到任何东西。
check-band-limited-advice = 设置更低的采样率（约为最高频率的 2.25 倍），或寻找更好的来源。

gravity-fault = 错误
gravity-warning = 警告
gravity-note = 提示

finding-of-many = { $examined } 个录音中有 { $count } 个；典型情况：{ $figures }
evidence-not-numbers = { $samples } 个采样点为 NaN、无穷大或超过 1e12，已改为 0
evidence-silent = 前 { $used } 的峰值为 { $peak }（相对满刻度）
evidence-zeros = 前 { $used } 全为零
evidence-sound-later = { $silence }；声音始于 { $begin }
evidence-duplicate = 采样点与 { $other } 相同
evidence-clipped = { $runs } 个峰值在满刻度的 { $level } 处被削平，共 { $samples } 个采样点
evidence-lost-sound = { $image } 之后丢失 { $lost } 的声音，占其能量的 { $energy }
evidence-truncated = 文件比文件头所述的更早结束
evidence-odd-rate = { $rate }，而大多数为 { $usual }
evidence-resampled = { $rate }，已重采样：设置要求 { $settings }
evidence-refused-rate = { $rate }，已拒绝：设置要求 { $settings }
evidence-same-name = 与 { $other } 的文件名相同
evidence-dc-offset = 均值为满刻度的 { $mean }
evidence-padded = 填充占 { $padding }：图像长 { $image }，其中声音 { $sound }
evidence-band-limit = { $limit } 以上没有内容；图像到 { $image }（文件：{ $rate }）

flag-silent = 无声：所有图像值都相同
flag-misnamed = 扩展名为 .{ $extension }，但实为 { $found } 文件：按 { $found } 解码
flag-truncated = 不完整：文件比文件头所述的更早结束；使用现有部分
flag-unfinished = 文件头未写完，因此读取到文件末尾
flag-first-of-several = 一个文件中多个声音的第一个；采样率或声道数不同的其余声音被排除
flag-non-finite = { $samples } 个采样点为 NaN、无穷大或超过 1e12，已设为零
flag-beyond-full-scale = { $samples } 个采样点超出 -1..1，原样使用

cause-transposed = 转置：Python 的图像以帧为行；请保存为 [bins, frames]
cause-nyquist-kept = 保留了奈奎斯特行：Python 在 stft 之后缺少 [:-1]
cause-not-finite = Python 的图像中有 NaN 或无穷大：无声的录音被除以了为 0 的范围
cause-upside-down = 上下颠倒：Python 的图像第一行是最高频率
cause-squared = 分贝加倍：amplitude_to_db 得到的是幅度的平方；这种情况请用 power_to_db
cause-extremes = 图像一致，但 pickle 中的极值来自另一次运行或另一个文件
cause-one-frame = { $theirs } 帧而非 { $ours } 帧：帧的居中方式不同（center=），或时长的取整方式不同
cause-bins = 帧长不同：{ $theirs } 行对应 n_fft={ $size }
cause-frames = { $theirs } 帧而非 { $ours } 帧：时长、帧移或采样率不同
cause-later = Python 的图像晚了 { $count } 帧：填充在另一侧，或帧的居中方式不同
cause-earlier = Python 的图像早了 { $count } 帧：填充在另一侧，或帧的居中方式不同
cause-not-normalised = Python 的图像未归一化：其值为 { $min } 至 { $max }
cause-other-range = Python 的图像归一化到 { $min }..{ $max }：请用 --min 和 --max 对比
cause-reference = Python 的值整体相差 { $offset }：参考电平（ref=）不同，或信号经过缩放
cause-top-db = 动态范围（top_db）不同：Python 的跨度为 { $theirs }，本程序为 { $ours }
cause-resampled = 由 { $from } 重采样到 { $to }：各重采样器在 { $edge } 附近及以上保留的内容不同

loading-method-cached-npy = 已存的 .npy 文件
loading-method-on-the-fly = 实时生成
loading-method-item-by-item = 逐个处理
loading-method-in-batches = 批量处理
loading-verdict = { $outcome }。
loading-verdict-threads = { $outcome }；其中单线程批量处理贡献 { $factor } 倍，其余来自多线程。
loading-verdict-cache = { $outcome }；写入缓存用时 { $cost }，{ $epochs } 轮后回本。
loading-verdict-no-cache = { $outcome }；缓存不划算。
loading-verdict-wins = { $winner }更快：每轮用时 { $first }，{ $loser }为 { $second }，速度是其 { $times } 倍
loading-verdict-none = 难分快慢：每轮用时，{ $one }为 { $first }，{ $other }为 { $second }
loading-verdict-cold = { $warm }（冷加载：{ $first }，另一方法为 { $second }，速度是其 { $times } 倍）
