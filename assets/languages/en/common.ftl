# Words that several views share.

recordings = { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}
classes = { $count ->
    [one] { $count } class
   *[other] { $count } classes
}
no-class = no class
between-names = {", "}
class-count = { $class } ({ $count })
cancel = Cancel
close = Close
save = Save
undo = Undo
less-than-a-second = less than a second
just-now = just now
minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
