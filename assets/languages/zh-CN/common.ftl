# Words that several views share.

recordings = { $count } 个录音
classes = { $count } 个类别
no-class = 无类别
between-names = 、
class-count = { $class }（{ $count }）
cancel = 取消
close = 关闭
save = 保存
undo = 撤销
less-than-a-second = 不到 1 秒
just-now = 刚刚
minutes-ago = { $count } 分钟前
hours-ago = { $count } 小时前
days-ago = { $count } 天前
