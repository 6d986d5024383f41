# Saved runs: their table and pages, overlaid runs, and the replay of a run.

runs-none-yet = No runs yet. Train a model to see it here.
runs-title = Runs
runs-refresh = Refresh
runs-refresh-help = Reads the folder of runs again
runs-help = Every run has its own folder; models that were opened from elsewhere are listed too. Tick runs to overlay their curves in Run.
runs-damaged = Cannot be read: { $folder }: { $cause }
runs-none = none

runs-name = Name
runs-name-help = The run's folder
runs-started = Started
runs-started-help = Date of its first start
runs-status = Status
runs-status-help = How it ended
runs-model = Model
runs-image = Image size
runs-image-help = Rows × columns of the images; errors of other sizes do not compare
runs-image-value = { $bins } × { $frames }
runs-model-value = { $name }, { $dimensions }
runs-model-help = Size and latent dimensions
runs-epochs = Epochs
runs-epochs-help = Epochs done of those planned
runs-epochs-of = { $done } of { $total }
runs-best-error = Best error
runs-best-error-help = Reconstruction error at the best epoch, mean squared error per pixel: on the validation images, if any
runs-kl = KL, nats
runs-kl-help = KL divergence at the best epoch
runs-time = Time
runs-time-help = Training time
runs-left-out = { $column }: { $value }
runs-overlay = Overlay { $run }
runs-overlay-help = Overlays the curves of { $run } in Run
runs-status-unknown = unknown
runs-status-running = running
runs-status-interrupted = interrupted
runs-status-finished = finished
runs-status-ended-early = ended early
runs-status-stopped = stopped
runs-status-failed = failed

runs-play = Play it
runs-play-help = Opens this run's model in the Instrument view
runs-replay = Replay
runs-replay-help = The same recordings decoded after every epoch
runs-resume = Resume
runs-resume-help = Continues from its newest checkpoint
run-lacks-model = This run has not saved a model
run-lacks-replay = This run has no replay: it ended before its first epoch did
run-lacks-checkpoint = This run has no checkpoint to resume from: use its settings to start another one
run-trains-already = This run is training now
run-other-trains = Another run is training: stop it first
runs-use-settings = Use its settings
runs-use-settings-help = Copies its settings into the form
runs-save-report = Save report…
runs-save-report-help = One HTML page with settings, curves, pictures and sounds
runs-save-scalars = Save scalars…
runs-save-scalars-help = All measured values, as CSV
runs-show-folder = Show folder
runs-show-folder-help = Opens the run's folder in the file browser
runs-remove = Remove…
runs-remove-help = Moves the run to the trash, after confirmation
runs-remove-question = Remove this run?
runs-remove-confirm = Move to the trash
runs-remove-keep = Keep it
runs-notes = Notes
runs-notes-hint = What you tried, what you heard
runs-settings-model = Model
runs-settings-training = Training
runs-settings-preprocessing = Preprocessing
runs-differs = Differs from the default
runs-data = Data
runs-folder = Folder
runs-images = Images
runs-images-value = { $training } to train, { $validation } to validate
runs-classes = Classes
runs-not-saved = not saved
runs-machine = Machine and version
runs-machine-row = Machine
runs-machine-unknown = unknown processor
runs-machine-value = { $cores ->
    [one] { $cpu }, { $cores } core, { $memory } GiB of memory, { $system }
   *[other] { $cpu }, { $cores } cores, { $memory } GiB of memory, { $system }
}
runs-machine-without-memory = { $cores ->
    [one] { $cpu }, { $cores } core, { $system }
   *[other] { $cpu }, { $cores } cores, { $system }
}
runs-computed-on = Computed on
runs-computed-on-value = { $threads ->
    [one] { $device }, { $threads } thread
   *[other] { $device }, { $threads } threads
}
runs-program = Program

runs-overlaid = Overlaid runs
runs-overlaid-same = Their settings are the same.
runs-overlaid-remove = Remove { $name }
runs-on-show = on show

replay-none = No replay yet. It starts with the first epoch
replay-none-help = After every epoch a run saves a few recordings and vectors as its model decodes them. See and hear them here, epoch by epoch; for past runs, start from their page in Runs.
replay-training = Recordings for training: original and decoded
replay-validation = Recordings for validation: original and decoded
replay-vectors = Random vectors of the prior, the same in every epoch
replay-vector = Vector { $number }
replay-play = Play epochs
replay-pause = Pause epochs
replay-play-help = Shows one epoch after the other
replay-epoch = Epoch
replay-epoch-help = The epoch on show
replay-epoch-of = { $epoch } of { $total }
replay-help = { $run }. Click a picture to hear it; Space plays the chosen one as decoded, O its original, arrow keys step through the epochs.
replay-decoded = Decoded
replay-error = Error { $error }
replay-play-original = Play original of { $number }
replay-play-decoded = Play decoded { $number }
