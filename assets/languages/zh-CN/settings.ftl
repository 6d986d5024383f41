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

# The rungs of the ladder
ladder-rung-original = 原声
ladder-rung-original-help = 按模型设置载入的录音：经过裁剪、重采样和填充
ladder-rung-original-phase = 原声相位
ladder-rung-original-phase-help = 将其图像用原声自己的相位还原为声音：这里损失的是图像无法保存的内容（低于下限的部分、奈奎斯特行；若行为频带，则还有比频带更细的一切）
ladder-rung-griffin-lim = Griffin-Lim
ladder-rung-griffin-lim-help = 原声自己的幅度，相位由 Griffin-Lim 求出：这里损失的是求相位的代价
ladder-rung-model = 模型
ladder-rung-model-help = 模型生成的图像，相位由 Griffin-Lim 求出，本程序的所有声音都是这样生成的：这里有而上面没有的损失来自模型
ladder-rung-zero-phase = 零相位
ladder-rung-zero-phase-help = 模型生成的图像直接做逆变换，所有相位为零：它以帧移的频率嗡嗡作响，在此仅用于说明为什么必须求相位
ladder-rung-borrowed-phase = 借用相位
ladder-rung-borrowed-phase-help = 模型生成的图像，使用另一个录音的相位：看相似声音的相位能起多大作用
ladder-rung-single-pass = 单遍相位
ladder-rung-single-pass-help = 同上，原声自己的幅度，但相位从正弦和随机值开始，而不是从幅度自身的梯度开始：看更好的起点有多大价值
ladder-rung-detail = 模型加细节
ladder-rung-detail-help = 同上，模型生成的图像，再加上其他录音的残差，绝不含其自身的残差：这不是模型的成果，模型的任何指标都不包含它
ladder-step-image = 图像：预处理没有保留的内容
ladder-step-phases = 相位恢复
ladder-step-model = 模型
