# 地图颜色所表示的量：重建误差和各点的数值；以及播放按钮的说明。

measures-error = 重建误差
measures-error-help = 录音的图像与模型重建结果的差距：归一化图像的均方误差，与训练中显示的相同。越小越好：0.001 已很接近，0.01 能听出差别
measures-error-missing = 重建误差：尚未测量
measures-error-running = 重建误差：正在测量
measures-measure = 测量
measures-measure-help = 每个录音都会经过编码器和解码器各一次
measures-stale = 模型已继续训练，请先重新编码录音
measures-worst = 最差 { $count } 个
measures-worst-help = 选中误差最大的录音，与套索选择相同
measures-value = { $name }：{ $value }
measures-error-value = { $name }：{ $value }，从大到小第 { $place } 位，共 { $count } 个

play-decoded-help = 播放解码的声音（Space；按住 T 持续播放）
play-decoded-hold-help = 按住以播放解码的声音（也可按住 T；Space 播放一次）
play-replay-help = 播放所回放的那一轮的解码声音（Space）
play-piece-help = 播放片段（Space）
play-piece-crosshair-help = 从固定的十字线处开始播放片段（Space）
play-selection-help = 播放选区（Space）
play-crosshair-help = 从固定的十字线处开始播放录音（Space）
play-sight-help = 从窗口左边缘处开始播放录音（Space）
play-recording-help = 播放录音（Space）
play-stop-help = 停止播放（Space）
