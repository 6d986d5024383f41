# settings

# Features
feature-log-spectrogram-noun = 对数频谱图
feature-log-spectrogram-values = 对数幅度
feature-log-spectrogram-row = 频点
feature-log-spectrogram-brief = 分贝（re 1）：如人耳所听的比例
feature-log-spectrogram-details = 分贝（re 1），下限为文件最大值减去动态范围：人耳听的是比例，模型也是。拖动色条的手柄可查看较轻或较响的部分。
feature-log-mel-noun = 对数梅尔
feature-log-mel-values = 对数梅尔
feature-log-mel-row = 梅尔频带
feature-log-mel-brief = 按人耳音高感知划分的频带，取对数
feature-log-mel-details = 梅尔频带的间距符合人耳的音高感知；数值是其幅度的自然对数。拖动色条的手柄可查看较轻或较响的部分。
feature-log-mel-filters = 梅尔滤波器
feature-log-mel-band = 梅尔频带
feature-log-mel-short = 梅尔频带
feature-log-mel-filters-brief = 从 3 到 4：低频的频带窄，高频的频带宽
feature-log-mel-filters-details = 每个三角形对其下方的幅度加权求和，得到对数梅尔图像的一行。频带间距符合人耳的音高感知；所有三角形面积相等。指向其中一个可查看其频率，按住 Ctrl 并转动滚轮可缩放。
feature-log-frequency-noun = 对数频率
feature-log-frequency-values = 对数频率
feature-log-frequency-row = 频带
feature-log-frequency-brief = 按八度等宽的频带，以分贝表示
feature-log-frequency-details = 各行的频率成等比，如同音符：旋律移调后形状不变。分贝（re 1），下限为文件最大值减去动态范围。拖动色条的手柄可查看较轻或较响的部分。
feature-log-frequency-filters = 对数频率滤波器
feature-log-frequency-band = 频带
feature-log-frequency-short = 频带
feature-log-frequency-filters-brief = 从 3 到 4：每个八度若干频带
feature-log-frequency-filters-details = 每个三角形是图像的一行：其下方幅度按高度加权的均值。它延伸到相邻频带的中心；频带比频点更密时，向两侧各延伸一个频点。指向其中一个可查看其频率，按住 Ctrl 并转动滚轮可缩放。

# Advice on a run.
advice-posterior-collapse = 后验坍缩
advice-posterior-collapse-remedy = 请提高重建权重（例如十倍），降低 KL 权重，或让 KL 权重在最初几轮逐渐升高。
advice-negligible-kl = KL 散度几乎不起作用
advice-negligible-kl-remedy = 请降低重建权重（例如降到十分之一）或提高 KL 权重。
advice-overfitting = 模型过拟合
advice-overfitting-remedy = 请停止训练并保留最佳轮；然后尝试更多录音、数据增强、更小的模型或更低的重建权重。
advice-learning-rate = 学习率过高
advice-learning-rate-remedy = 请将学习率降到三分之一，可立即更改，也可从最佳检查点继续；几百步的预热或余弦调度也有帮助。
advice-dead-dimensions = { $all } 个潜维度中只有 { $alive } 个携带超过 { $nats } nat 的信息：无论潜向量如何，解码器生成的图像几乎相同。
advice-kl-share = 它只占损失的 { $percent } %：对潜空间没有约束，因此随机向量和录音之间的点听起来可能与数据毫不相像。
advice-validation-rose = 自第 { $since } 轮起，验证录音的误差从 { $validation_then } 升到 { $validation_now }，而训练录音的误差从 { $training_then } 降到 { $training_now }。
advice-training-rose = 训练误差从 { $lowest } 回升到 { $last }。
advice-setbacks = 最近 { $window } 轮中有 { $count } 轮的训练误差上升超过 5 %。
advice-swings = 验证误差逐轮上下波动超过 10 %。
advice-worse-than-mean = { $epochs } 轮之后训练误差为 { $last }，比均值图像的 { $mean } 还差。
