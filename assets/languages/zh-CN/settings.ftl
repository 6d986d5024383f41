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
