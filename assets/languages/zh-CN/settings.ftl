# settings

## The rungs of the ladder

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
