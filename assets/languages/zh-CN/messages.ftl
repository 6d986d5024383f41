# Messages from the program: notices, causes of failures, and the names of work in progress.

## Files and devices

message-saved = 已保存 { $path }
message-saved-picture = 已保存 { $path }：{ $width } × { $height } 像素
message-files-saved = 已将 { $count } 个文件保存到 { $path }
message-model-saved = 已将模型保存到 { $path }
message-sounds-saved = 已将 { $count } 个声音及其潜向量保存到 { $path }
message-with-detail = ，含 { $count } 个录音的细节（强度 { $amount }）
message-with-detail-of-itself = ，含此处录音的细节（强度 { $amount }）
message-holds-model = { $path } 中已有模型：请选择空文件夹
message-holds-files = { $path } 中已有 { $names }：请选择空文件夹
message-no-file-dialog = 系统未能打开文件对话框。请安装 xdg-desktop-portal 及其后端（例如 xdg-desktop-portal-gtk），或安装 zenity，然后重新启动。也可以将文件夹、声音和模型拖放到窗口中；用于保存的命令见 timbrespace --help。
message-device-not-opened = 尚未打开
message-device-missing = 找不到“{ $name }”：改用系统默认设备播放
message-no-recording-selected = 请先选择一个录音，再保存其数值
message-no-decoded-sound = 还没有可保存的解码声音

## The list of recordings

message-holds-nothing = { $path } 中既没有录音也没有模型；列表保持不变
message-holds-images = { $path } 中是图像，而不是录音。请在此打开录音所在的文件夹；命令行 `timbrespace train` 可直接用这些图像训练。
message-nothing-has-changed = 文件夹没有变化
message-read-again = 已重新读取：新增 { $new } 个，变更 { $changed } 个，消失 { $vanished } 个（列在无法使用的文件中）
message-not-read-again = 无法重新读取文件夹，列表保持不变：{ $cause }
message-file-replaced = 读取文件夹之后，{ $name } 已被替换。该行已更新；按 F5 可重新读取整个文件夹。
message-not-played = 无法播放 { $name }：{ $cause }
message-files-unreadable = { $count } 个文件无法读取；列表中注明了各自的原因
message-left-out = 已排除 { $count } 个录音；可按 Ctrl+Z 撤销
message-taken-in-again = 已重新纳入 { $count } 个录音；可按 Ctrl+Z 撤销
message-left-out-unreadable = { $cause }。移走该文件之前，排除录音的更改不会保存
message-left-out-unsaved = 无法保存排除录音的列表：{ $path }：{ $cause }
message-not-cut = 录音未切分：{ $cause }
message-pieces = { $files } 个文件，{ $pieces } 个片段
message-pieces-short = ；跳过 { $count } 个：短于 { $seconds } s
message-pieces-silent = ；跳过 { $count } 个：无声（比文件中最响的帧低 { $decibels } dB）
message-no-piece-begins = 无片段：其中没有声音起始；请降低起音阈值
message-no-piece-sounds = 无片段：全部为静音
message-no-piece-is-loud = 无片段：全部比最响的帧低 { $decibels } dB
message-no-piece-is-long = 无片段：{ $short } 个短于 { $seconds } s，{ $silent } 个无声

## The data set

message-images-among-recordings = 图像不能保存到录音所在的文件夹，否则该文件夹会被当作图像文件夹打开。请选择或新建其他文件夹。
message-images-saved = 已将 { $count } 幅图像保存到 { $path }，用时 { $seconds } s（每秒 { $speed } 幅）
message-images-unusable = ；{ $count } 个文件无法使用
message-no-images = 无法生成图像：{ $cause }

## Training and runs

message-open-recordings-first = 请先打开录音文件夹
message-open-then-train = 请先打开录音文件夹，再开始训练
message-stop-then-resume = 正在训练：请先停止，再继续另一次训练
message-training-not-started = 无法开始训练：{ $cause }
message-training-failed = 训练失败：{ $cause }
message-training-ended-early-unvalidated = 训练提前结束：训练总损失没有再改善；第 { $epoch } 轮的模型在 { $path }
message-training-ended-early = 训练提前结束：验证总损失没有再改善；第 { $epoch } 轮的模型在 { $path }
message-training-finished = 训练完成；第 { $epoch } 轮的模型在 { $path }
message-training-stopped = 训练已停止；第 { $epoch } 轮的模型在 { $path }
message-computed-on = { $device }，{ $count } 个线程
message-learning-rate-unchanged = 学习率未更改：{ $cause }
message-reconstruction-weight-unchanged = 重建权重未更改：{ $cause }
message-kl-weight-unchanged = KL 权重未更改：{ $cause }
message-batch-size-unchanged = 批大小未更改：{ $cause }
message-active-run-keeps-view = 正在训练，此视图被占用；请在“训练记录”中查看另一次训练
message-active-run-stays = 此训练正在进行：请先停止，再移除
message-run-unreadable = 无法读取训练记录：{ $cause }
message-run-removed = 已将 { $path } 移到回收站
message-run-in-use-removed = 已将 { $path } 移到回收站。打开其他模型之前，仍使用其模型演奏
message-settings-of-run = 表单已填入 { $name } 的设置
message-settings-of-file = 表单已填入该文件的设置
message-notes-kept = 备注已保存

## Remarks of a run

note-kept-out = 留作验证：{ $names }
note-streamed = 训练期间从 { $folder } 读取图像
note-detail-of-some = 细节来自 { $all } 个训练录音中均匀选取的 { $count } 个：其文件装不下更多
note-detail-stopped = 训练在生成细节之前停止。可在“乐器”视图中调高“细节”来生成
note-foreign-files = 以下文件不是 Timbrespace 写入的，保持原样：{ $names }
note-damaged = 训练记录中有文件损坏：{ $cause }
note-images = 关于图像：{ $cause }
note-unmatched = 排除列表中有 { $count } 个名称不在 { $folder } 中
note-none-kept-out = 没有录音用于验证：所有录音都是同一文件的片段，而同一文件不会在训练和验证之间拆分
note-old-model = 这是原来的模型：本应替换它的训练在写入第一个检查点之前结束
note-unwritten = 训练继续，但无法写入{ $part }：{ $cause }
note-part-steps = 训练步数据
note-part-history = 训练历史
note-part-model = 模型
note-part-events = TensorBoard 事件文件
note-part-new-files = 模型的新文件
note-part-record = 训练记录
note-part-replay = 回放
note-checkpoint-unwritten = 训练继续，但无法写入检查点：{ $cause }。最后一个完好的检查点仍在，下一个检查点会再次尝试
note-baselines-unwritten = 无法保存基线：{ $cause }
note-no-baselines = 无法计算基线
note-no-baselines-because = 无法计算基线：{ $cause }
note-best-is-gone = 最佳轮的检查点已不存在；保留最后的权重
note-no-density = 模型已保存，但不含其录音的密度：{ $cause }
note-foreign-density = 模型已保存，但不含其录音的密度：文件夹中的 { $file } 不是 Timbrespace 写入的。请将其移走
note-foreign-detail = 模型已保存，但不含细节：文件夹中的 { $file } 不是 Timbrespace 写入的。请将其移走，然后在“乐器”视图中调高“细节”
note-detail-failed = 模型已保存，但无法生成细节：{ $cause }
note-no-rung-of-detail = 阶梯中没有带细节的一级：{ $cause }

## The model and the latent space

message-nothing-to-undo = 这里没有可撤销的操作
message-nothing-to-redo = 这里没有可重做的操作
message-no-trained-model = 还没有训练出模型；请先开始训练
message-demo-model-instead = 模型无法使用，改用演示模型：{ $cause }
message-model-unusable = 模型无法使用：{ $cause }
message-settings-misfit = 设置与模型不符：{ $cause }
message-images-misfit = 这些设置生成 { $made } 的图像，模型需要 { $wanted }
message-settings-unsaved = 无法保存模型的设置：{ $path }：{ $cause }
message-open-training-recordings = 请先打开训练该模型所用的录音文件夹
message-vector-not-decoded = 潜向量无法解码：{ $cause }
message-vector-unsaved = 潜向量未保存：{ $cause }
message-map-not-decoded = 地图无法解码：{ $cause }
message-recording-not-encoded = 此录音未编码：原因见列表

## Playing and recording

message-midi-note = 音符 { $note }，力度 { $velocity }
message-midi-note-off = 音符 { $note } 松开
message-midi-control = 控制器 { $controller }：{ $value }
message-no-device-to-record = 没有可录制的声音设备；其状态见右上角
message-output-not-recorded = 无法录制输出：{ $cause }
message-recorded = 已录制 { $seconds } s 到 { $path }
message-recording-cut-short = ；因声音设备断开或达到 WAV 的大小上限而结束
message-recording-refused = ；到此为止：{ $cause }
message-recording-recovered = 程序结束时有一次录制中断。已保留其 { $seconds } s：{ $path }
message-recording-lost = ；磁盘太慢，丢失了 { $count } 个采样点
message-take-kept = 录制片段已保存：{ $path }
message-take-not-kept = 无法保存录制片段：{ $cause }
message-take-too-short = 录制片段太短：录完后请再按一次

## Work in progress

message-work-arranging = 布局
message-work-checking-images = 检查图像
message-work-climbing = 逐级计算
message-work-comparing = 对比
message-work-decoding = 解码
message-work-detail = 计算细节
message-work-encoding = 编码
message-work-examining = 检查
message-work-exporting = 导出
message-work-opening = 打开
message-work-preprocessing = 预处理
message-work-reconstructing = 重建
message-work-timing-epochs = 各轮计时
message-work-trying-cold-epoch = 试运行冷加载
message-work-writing-cache = 写入缓存
