# Messages from the program: notices, causes of failures, and the names of work in progress.

## Files and devices

message-saved = Saved { $path }
message-saved-picture = Saved { $path }: { $width } × { $height } pixels
message-files-saved = { $count ->
    [one] Saved { $count } file to { $path }
   *[other] Saved { $count } files to { $path }
}
message-model-saved = Saved the model to { $path }
message-sounds-saved = { $count ->
    [one] Saved { $count } sound and its vector to { $path }
   *[other] Saved { $count } sounds and their vectors to { $path }
}
message-with-detail = {" "}with detail { $amount } of { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}
message-with-detail-of-itself = {" "}with detail { $amount } of the recording that lies here
message-holds-model = { $path } holds a model already: choose an empty folder
message-holds-files = { $path } holds { $names } already: choose an empty folder
message-no-file-dialog = This system opened no file dialog. Install xdg-desktop-portal with a backend (such as xdg-desktop-portal-gtk), or zenity, and start again. Folders, sounds and models can also be dropped on the window; timbrespace --help names the commands that save.
message-device-not-opened = not opened yet
message-device-missing = “{ $name }” is not there: the system's default device plays instead
message-no-recording-selected = Select a recording first, to save its numbers
message-no-decoded-sound = There is no decoded sound to save yet

## The list of recordings

message-holds-nothing = { $path } holds neither recordings nor a model; the list stays as it was
message-holds-images = { $path } holds images, not recordings. Open the folder of recordings here; `timbrespace train` on the command line trains on the images as they are.
message-nothing-has-changed = The folder has not changed
message-read-again = Read again: { $new } new, { $changed } changed, { $vanished ->
    [0] none gone
   *[other] { $vanished } gone; the list names them under the files that cannot be used
}
message-not-read-again = The folder could not be read again, the list stays as it is: { $cause }
message-file-replaced = { $name } was replaced after the folder was read. Its row is up to date; F5 reads the whole folder again.
message-not-played = { $name } cannot be played: { $cause }
message-files-unreadable = { $count ->
    [one] { $count } file could not be read; the list names each with its cause
   *[other] { $count } files could not be read; the list names each with its cause
}
message-left-out = { $count ->
    [one] { $count } recording is left out; Ctrl+Z undoes it
   *[other] { $count } recordings are left out; Ctrl+Z undoes it
}
message-taken-in-again = { $count ->
    [one] { $count } recording is taken in again; Ctrl+Z undoes it
   *[other] { $count } recordings are taken in again; Ctrl+Z undoes it
}
message-left-out-unreadable = { $cause }. Changes to what is left out are not kept until it is moved away
message-left-out-unsaved = The list of left-out recordings could not be saved: { $path }: { $cause }
message-not-cut = The recordings are not cut: { $cause }
message-pieces = { $pieces ->
    [one] { $pieces } piece
   *[other] { $pieces } pieces
} of { $files ->
    [one] { $files } file
   *[other] { $files } files
}
message-pieces-short = { $count ->
    [one] ; { $count } is skipped: shorter than { $seconds } s
   *[other] ; { $count } are skipped: shorter than { $seconds } s
}
message-pieces-silent = { $count ->
    [one] ; { $count } is skipped: silent ({ $decibels } dB below the loudest frame of the file)
   *[other] ; { $count } are skipped: silent ({ $decibels } dB below the loudest frame of the file)
}
message-no-piece-begins = no piece: nothing begins to sound in it; lower the onset threshold
message-no-piece-sounds = no piece: all of it is silent
message-no-piece-is-loud = no piece: all of it stays { $decibels } dB below its loudest frame
message-no-piece-is-long = no piece: { $short } are shorter than { $seconds } s, { $silent } are silent

## The data set

message-images-among-recordings = Images cannot be saved into the folder of the recordings: it would then open as a folder of images. Choose or make another folder.
message-images-saved = { $count ->
    [one] Saved { $count } image to { $path } in { $seconds } s ({ $speed } a second)
   *[other] Saved { $count } images to { $path } in { $seconds } s ({ $speed } a second)
}
message-images-unusable = ; { $count ->
    [one] { $count } file cannot be used
   *[other] { $count } files cannot be used
}
message-no-images = The images cannot be made: { $cause }

## Training and runs

message-open-recordings-first = Open a folder of recordings first
message-open-then-train = Open a folder of recordings first, then start training
message-stop-then-resume = A run is active: stop it first, then resume the other one
message-training-not-started = Training could not start: { $cause }
message-training-failed = Training failed: { $cause }
message-training-ended-early-unvalidated = Training ended early: the total training loss had not improved; the model of epoch { $epoch } is in { $path }
message-training-ended-early = Training ended early: the total validation loss had not improved; the model of epoch { $epoch } is in { $path }
message-training-finished = Training finished; the model of epoch { $epoch } is in { $path }
message-training-stopped = Training stopped; the model of epoch { $epoch } is in { $path }
message-computed-on = { $count ->
    [one] { $device }, { $count } thread
   *[other] { $device }, { $count } threads
}
message-learning-rate-unchanged = The learning rate is unchanged: { $cause }
message-reconstruction-weight-unchanged = The reconstruction weight is unchanged: { $cause }
message-kl-weight-unchanged = The KL weight is unchanged: { $cause }
message-batch-size-unchanged = The batch size is unchanged: { $cause }
message-active-run-keeps-view = A run is active and keeps this view; find the other one in Runs
message-active-run-stays = This run is active: stop it before you remove it
message-run-unreadable = The run could not be read: { $cause }
message-run-removed = Moved { $path } to the trash
message-run-in-use-removed = Moved { $path } to the trash. Its model plays on until another one is opened
message-settings-of-run = The form has the settings of { $name }
message-settings-of-file = The form has the settings of the file
message-notes-kept = The notes are kept

## Remarks of a run

note-kept-out = Kept out of training: { $names }
note-streamed = Images are read from { $folder } during training
note-detail-of-some = Detail was made of { $count } of the { $all } training recordings, evenly spread: more do not fit into its file
note-detail-stopped = The run was stopped before detail was made. Make it in the Instrument view: turn Detail up
note-foreign-files = These files are not Timbrespace's and stay where they are: { $names }
note-damaged = A file of the run is damaged: { $cause }
note-images = About the images: { $cause }
note-unmatched = { $count ->
    [one] { $count } name on the list of left-out recordings is not in { $folder }
   *[other] { $count } names on the list of left-out recordings are not in { $folder }
}
note-none-kept-out = No recording validates: all are pieces of one file, and a file is never split between training and validation
note-old-model = This is the old model: the run that was to replace it ended before its first checkpoint
note-unwritten = The run goes on, but { $part } could not be written: { $cause }
note-part-steps = its steps
note-part-history = its history
note-part-model = its model
note-part-events = its event files for TensorBoard
note-part-new-files = the new files of the model
note-part-record = its record
note-part-replay = its replay
note-checkpoint-unwritten = The run goes on, but a checkpoint could not be written: { $cause }. The last good one is still there, and the next one is tried again
note-baselines-unwritten = The baselines could not be saved: { $cause }
note-no-baselines = The baselines could not be computed
note-no-baselines-because = The baselines could not be computed: { $cause }
note-best-is-gone = The best epoch's checkpoint is gone; the last weights are kept
note-no-density = The model is saved without the density of its recordings: { $cause }
note-foreign-density = The model is saved without the density of its recordings: its folder has a { $file } that is not Timbrespace's. Move it away
note-foreign-detail = The model is saved without detail: its folder has a { $file } that is not Timbrespace's. Move it away, then turn Detail up in the Instrument view
note-detail-failed = The model is saved, but its detail could not be made: { $cause }
note-no-rung-of-detail = The ladder has no rung with detail: { $cause }

## The model and the latent space

message-nothing-to-undo = There is nothing to undo here
message-nothing-to-redo = There is nothing to redo here
message-no-trained-model = No run has made a model yet; start training first
message-demo-model-instead = The model cannot be used; the demo model takes its place: { $cause }
message-model-unusable = The model cannot be used: { $cause }
message-settings-misfit = The settings do not fit the model: { $cause }
message-images-misfit = these make images of { $made }, the model takes { $wanted }
message-settings-unsaved = The model's settings could not be saved: { $path }: { $cause }
message-open-training-recordings = Open the folder of recordings that the model was trained on first
message-vector-not-decoded = The vector cannot be decoded: { $cause }
message-vector-unsaved = The vector is not saved: { $cause }
message-map-not-decoded = The map cannot be decoded: { $cause }
message-recording-not-encoded = This recording is not encoded: see why in the list

## Playing and recording

message-midi-note = note { $note }, velocity { $velocity }
message-midi-note-off = note { $note } off
message-midi-control = control { $controller }: { $value }
message-no-device-to-record = There is no sound device to record; see its state at the top right
message-output-not-recorded = The output cannot be recorded: { $cause }
message-recorded = Recorded { $seconds } s to { $path }
message-recording-cut-short = ; it ended with the sound device, or at the size a WAV can have
message-recording-refused = ; it ended there: { $cause }
message-recording-recovered = A recording was cut off when the program ended. Its { $seconds } s are kept: { $path }
message-recording-lost = ; { $count ->
    [one] { $count } sample was lost, the disk was too slow
   *[other] { $count } samples were lost, the disk was too slow
}
message-take-kept = Your recording is kept: { $path }
message-take-not-kept = The recording cannot be kept: { $cause }
message-take-too-short = The recording is too short: press again when you are done

## Work in progress

message-work-arranging = arranging
message-work-checking-images = checking the images
message-work-climbing = climbing
message-work-comparing = comparing
message-work-decoding = decoding
message-work-detail = detail
message-work-encoding = encoding
message-work-examining = examining
message-work-exporting = exporting
message-work-opening = opening
message-work-preprocessing = preprocessing
message-work-reconstructing = reconstructing
message-work-timing-epochs = timing epochs
message-work-trying-cold-epoch = trying a cold epoch
message-work-writing-cache = writing the cache
