# The map of the Instrument view.

## Tools

map-label = { $count } 个录音的地图
map-figure-title = { $count } 个录音的地图，{ $method }
map-figure-axis = { $method } { $number }
map-pca-help = 方差最大的两个方向；每个位置对应一个向量
map-tsne-help = 近邻仍是近邻；各组之间的距离意义不大。在后台计算，最多 10,000 个录音；其余录音放在其近邻之间
map-atlas = 图集
map-atlas-help = 解码网格上的向量，并绘制在点的后面
map-hear = 试听
map-hear-help = 指针停在点上时播放该录音
map-fit = 显示全部
map-fit-help = 显示整个地图（双击）
map-colour-by = 着色依据
map-colour-by-help = 点的颜色表示什么
map-by-class = 类别
map-by-class-help = 每个类别一种颜色
map-by-duration = 时长
map-by-duration-help = 录音的时长
map-by-level = 电平
map-by-level-help = 录音所用部分的 RMS 电平，相对满刻度 1
map-by-brightness = 明亮度
map-by-brightness-help = 谱质心：以幅度加权的平均频率

## Recordings chosen with the lasso

map-chosen = 已选 { $count } 个
map-save-list = 保存列表…
map-save-list-help = 将名称、类别、文件和位置保存为 CSV
map-save-sounds = 保存声音…
map-save-sounds-help = 将每个录音的重建保存为 WAV，附向量
map-clear = 清除
map-clear-help = 清除套索的选择

## Progress, and what is missing

map-steps = 步
map-stale = 录音编码之后，模型又继续训练了。
map-encode-again = 重新编码
map-making = 正在生成地图
map-making-help = 每个录音都要经过一次编码器。
map-none = 暂无地图
map-needs-model = 地图需要模型：请使用演示模型、训练一个模型或打开一个模型。
map-needs-recordings = 请打开录音文件夹：每个录音成为一个点。
map-not-encoded = 打开的录音尚未编码。
map-encode = 编码录音

## Canvas and legend

map-drag-help = 拖动可听到录音之间的声音
map-click-help = 单击移到该处
map-class = 类别 { $class }
map-class-help = 单击隐藏或显示；双击只显示此类别，或显示全部
map-more-classes = 另有 { $count } 个
map-measure-unknown = { $measure }：这些录音的值未知
map-scale-help = { $measure }。超出两端的值显示为两端的颜色
