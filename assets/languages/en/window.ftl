# The window outside its views: title, top bar, notices, file dialogs, shortcuts, about.

## Title, progress, and what happens to dropped files

window-demo-sounds = Demo sounds
window-demo-model = demo model
window-drop = Drop a folder of recordings, a sound file or a model to open it
window-drop-in-instrument = Drop a sound file to hear the model's version of it, or a folder or a model to open it
window-progress-recordings = recordings
window-progress = { $stage } { $done } of { $total }
window-progress-pace = { $speed } { $units }/s · { $left } left
window-progress-cancel-help = Stops the work
window-failed = Failed: { $cause }
no-recordings-open = Open a folder of recordings first.
no-recordings-scanning = The folder is being read.
no-recordings-in-folder = The open folder has no recordings.
no-recordings-usable = No file of the open folder can be used.
no-recordings-all-left-out = All recordings are left out.
window-stale-nothing = { $why } These results are from before.
window-stale-folder = These results are from another folder. “{ $again }” updates the results.
window-stale-settings = The preprocessing settings have changed since. “{ $again }” updates the results.
window-stale-classes = The class pattern has changed since. “{ $again }” updates the results.
window-stale-left-out = Other recordings are left out now. “{ $again }” updates the results.
window-last-folder-gone = The folder of the last session is not there: { $path }. The demo sounds are open instead; if it lies on a disk, connect it and open the folder again.
window-crash-report = Timbrespace met an internal error since its last start and wrote a report. Nothing was sent: please read it and attach it to an issue
window-crash-reports = Timbrespace met { $count } internal errors since its last start and wrote reports. Nothing was sent: please read them and attach them to an issue; copied is the latest

## Which part of a recording is used

window-use = Use
window-use-help = How much of a recording is used, or whether it is cut into pieces that are recordings of their own; training needs images of one size
window-use-first-seconds = First seconds
window-use-first-samples = First samples
window-use-first-frames = First frames
window-use-whole-file = Whole file
window-use-pieces = Pieces

## The bar at the top

top-show-list = Show the list
top-fold-list = Fold the list away
top-list-help = The list of recordings (F9)
top-open = Open ▾
top-open-help = Open a folder, a sound or a model; or drop it on the window
top-open-folder = Folder or model…
top-open-folder-help = A folder of recordings, or a trained model
top-open-file = Sound file…
top-open-demo = Demo sounds
top-open-demo-help = The built-in sounds: nothing to download
top-read-again = Read again
top-read-again-help = Reads the open folder again: new files are listed, replaced files are measured again, files that are gone are named
top-recent = Recent
top-export = Export…
top-export-help = Save a view as PNG or SVG, a stage as .npy, the selection as WAV (Ctrl+E)
top-stages = Stages
top-stages-help = What every step of preprocessing does to the recording (1)
top-data-set = Data set
top-data-set-help = The open folder as a whole, and its faults (2)
top-training = Training
top-training-help = Train a model on the open folder (3)
top-instrument = Instrument
top-instrument-help = Play a trained model: a map of sounds, sliders, keys (4)
top-more = More
top-more-help = Volume, language, theme, keyboard and mouse
top-play = Play
top-stop = Stop
top-nothing-to-play = Nothing to play yet: select a recording
top-volume = Volume
top-volume-help = Volume { $level }
top-silent = silent
top-muted = muted
top-mute = Mute
top-mute-help = Mute (M)
top-unmute = Unmute
top-unmute-help = Unmute (M)
top-no-sound = ● No sound
top-no-sound-help =
    No sound: { $reason }
    Everything else works.
top-output = Output: { $name }, { $rate }, { $channels ->
    [one] { $channels } channel
   *[other] { $channels } channels
}
top-theme-dark = Theme: dark
top-theme-light = Theme: light
top-theme-system = Theme: as the system
top-theme-help = { $theme }. Click for the next: dark, light, system
top-shortcuts = Shortcuts
top-shortcuts-help = Keyboard and mouse (F1)

## Notices

notices-bell = Messages: { $count }
notices-bell-help = All messages since the start
notices-news = News
notices-warning = Warning
notices-error = Error
notices-close = Close: { $text }
notices-close-help = Close this message; it stays in the list behind the bell
notices-close-all = Close all
notices-close-all-help = They stay in the list behind the bell
notices-more = and { $count } more behind the bell
notices-show = Show
notices-show-help = Opens the folder of { $path }
notices-copy = Copy
notices-copy-help = Copies the report, to paste it into an issue
notices-report = Open an issue
notices-save-as = Save as…
notices-save-as-help = Saves a copy where you want it
notices-none = No messages: warnings, errors and what was saved are listed here.
notices-empty = Empty the list
notices-empty-help = Removes these messages

## File dialogs

dialog-open-folder = Open a folder of recordings or a model
dialog-open-file = Open a sound file
dialog-python-folder = Choose the Python pipeline's folder
dialog-recording-folder = Choose a folder for recordings
dialog-resume-with = Choose the folder of the run's recordings
dialog-save-images = Save the images to an empty folder
dialog-save-decoded = Save the decoded sound
dialog-save-findings = Save the findings
dialog-save-differences = Save the differences
dialog-save-sounds = Save the sounds to an empty folder
dialog-save-list = Save the list
dialog-save-figure = Save the figure
dialog-save-array = Save the array
dialog-save-sound = Save the sound
dialog-save-copy = Save a copy
dialog-save-settings = Save the settings
dialog-load-settings = Load settings
dialog-save-report = Save the report
dialog-save-scalars = Save the scalars
dialog-save-morph = Save the morph
dialog-save-sequence = Save the sequence to an empty folder
dialog-save-vectors = Save vectors and map to an empty folder
dialog-save-model = Save the model to an empty folder
dialog-sounds = Sounds

## The sheet of shortcuts

shortcut-sheet = Keyboard and mouse
shortcut-about = About…
shortcut-about-help = Version, licences, the tutorial
shortcut-everywhere = Everywhere
shortcut-views = Stages, Data set, Training, Instrument
shortcut-play = Play or stop what the view shows
shortcut-mute = Mute
shortcut-open = Open a folder
shortcut-read-again = Read the folder again
shortcut-export = Export figures, numbers, sound
shortcut-this-sheet = This sheet
shortcut-list = Fold the list of recordings away, or show it
shortcut-text-size = Larger, smaller text
shortcut-recordings = Recordings
shortcut-previous-next = Previous, next recording
shortcut-ten-recordings = Ten recordings up, down
shortcut-search = Search
shortcut-leave-out = Leave out the recording, or include it
shortcut-row-menu = In the list: leave out or include a whole class
shortcut-start-from-recording = Instrument: start from the recording
shortcut-plots = Plots
shortcut-zoom-time = Zoom in time
shortcut-wheel = Wheel  +  −
shortcut-zoom-frequency = Zoom in frequency
shortcut-modified-wheel = Alt+wheel, Ctrl+wheel
shortcut-move-time = Move along time
shortcut-drag = Drag  ←  →
shortcut-zoom-rectangle = Zoom to a rectangle
shortcut-right-drag = Right drag
shortcut-select = Select; Space plays it, Z zooms to it
shortcut-shift-drag = Shift+drag
shortcut-keep-crosshair = Keep the crosshair; Space plays from it
shortcut-click = Click
shortcut-move-crosshair = Move the crosshair by a frame
shortcut-show-everything = Show everything again
shortcut-double-click = Double-click  0
shortcut-instrument = Instrument
shortcut-random = Random sample
shortcut-mean = Back to the data's mean
shortcut-trigger = Play; hold it in hold mode
shortcut-axes = Move three axes up, down; with Shift finer
shortcut-loop = Loop
shortcut-original = Play the original
shortcut-finer = On a slider: ten times finer; on the map: lasso
shortcut-move-map = On the map: move, zoom
shortcut-right-drag-wheel = Right drag  wheel
shortcut-undo = Undo
shortcut-redo = Redo
shortcut-save-wav = Save as WAV

## About the program

about-version = { $number } ({ $build })
about-commit-of = commit { $commit } of { $day }
about-commit = commit { $commit }
about-debug-build = debug build
about-description = Open a folder of recordings, see every preprocessing stage, train a convolutional VAE and play its latent space
about-licence = Free software under the MIT licence or the Apache License 2.0, as you like.
about-tutorial = The tutorial
about-tutorial-text = Wherever this program says "the tutorial", it means Generating Sound with Neural Networks by Valerio Velardo (The Sound of AI). Preprocessing follows it unless a setting says otherwise; the preset Reference is its model.
about-videos = Videos
about-code = Code
about-notes-course = Notes in Chinese: the course
about-notes-preprocessing = Notes in Chinese: preprocessing
about-notices = Notices of the packages that it is built from

## Closing the window while files are written

closing-files = Files are being written
closing-files-written = { $done } of { $total } are done
closing-files-waiting = { $count ->
    [one] { $count } more export waits
   *[other] { $count } more exports wait
}
closing-files-help = Stopping keeps the files that are done: their folder is then incomplete.
closing-files-waits = The window closes by itself when they are done.
closing-files-finish = Finish, then close
closing-files-stop = Stop and close
