# The list of recordings at the left of the window.

library-recordings = Recordings
library-demo-sounds = Demo sounds
library-nothing-open = Nothing is open
library-found-so-far = { $count } found so far
library-cancel-help = Stops the search; keeps what was found
library-left-out-help = Struck through: left out of training, data set and doctor (X). The list is { $file }; --exclude on the command line reads it
library-reading-lengths = { $count ->
    [one] { $count } recording, reading lengths: { $percent } %
   *[other] { $count } recordings, reading lengths: { $percent } %
}
library-used = { $used } of { $count }, { $left_out } left out
library-counts = { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
    }, { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
}
library-shown = { $count ->
    [one] { $count } recording, { $shown } shown
   *[other] { $count } recordings, { $shown } shown
}
library-search = Search
library-search-hint = Search name or class   Ctrl+F
library-pattern = Class from
library-pattern-help = How a class is read from a file name. {"{class}_{group}_{index}"} reads 7_jackson_32.wav as class 7; empty takes the parent folder's name.
library-pattern-braces = A brace has no partner; the classes stay as they are
library-pattern-no-class = A pattern needs { $class }; the classes stay as they are
library-pattern-hint = parent folder
library-skipped = { $count ->
    [one] { $count } file cannot be used
   *[other] { $count } files cannot be used
}
library-cutting = Cutting: { $done } of { $total }
library-cancel-cutting-help = Stop cutting; the list stays as it is
library-cutting-cancelled = Cutting was cancelled
library-cutting-failed = Cutting failed
library-cut = Cut
library-cut-help = Cut with the preprocessing settings
library-leave-out-pieces = Leave out all pieces ({ $count })
library-include-pieces = Include all pieces again
library-leave-out = Leave out
library-include = Include again
library-leave-out-class = Leave out class { $class } ({ $count })
library-leave-out-without-class = Leave out the recordings without a class ({ $count })
library-include-class = Include class { $class } again ({ $count })
library-include-without-class = Include the recordings without a class again ({ $count })
library-looking = Looking for sound files …
library-no-match = Nothing matches “{ $search }”
library-no-match-help = The search looks at names and classes.
library-clear-search = Clear the search
library-empty-folder = No recordings in this folder
library-empty = No recordings yet
library-empty-help = Open a folder with WAV, FLAC, OGG, MP3, AIFF, CAF or M4A files, or drop one on the window.
library-open-folder = Open a folder…
library-use-demo = Use the demo sounds
