# The training view: the form, the current run with its curves, and closing the window during a run.

training-tab-settings = Settings
training-tab-settings-help = The settings of the next run, and the buttons that start and stop it
training-tab-run = Run
training-tab-run-help = The current or the last run: curves, figures and files
training-tab-replay = Replay
training-tab-replay-help = Recordings decoded after every epoch of a run
training-tab-runs = Runs
training-tab-runs-help = All saved runs: compare, resume, report

training-form = Train a model
training-form-help = { $count ->
    [one] On { $count } recording of the open folder; no need to save images first.
   *[other] On { $count } recordings of the open folder; no need to save images first.
}
training-form-run = This run trains on { $folder }.
training-held = Fixed during a run; it can be changed for the next one
training-model = Model
training-preset = { $name }: { $help }.
training-course = Course
training-course-busy = Changes apply from the next step on.
training-run = Run
training-schedule = Schedule
training-ending = Ending
training-early-stop-too-late = { $epochs ->
    [one] Early stop has no effect in a run of { $epochs } epoch: choose fewer epochs for it, or more for the run.
   *[other] Early stop has no effect in a run of { $epochs } epochs: choose fewer epochs for it, or more for the run.
}
training-checkpoints = Checkpoints
training-checkpoints-help = A checkpoint is written after every epoch and when the run stops.
training-threads-help = { $help }; 0 for { $all }
training-plan = { $name } up to { $most }, { $last } at epoch { $epoch }
training-plan-plateaus = Plateaus are not known before the run.
training-plan-later = The plan appears once recordings are open.
training-save-settings = Save settings…
training-save-settings-help = Saves model, run and preprocessing settings as a TOML file, which the command line reads too
training-load-settings = Load settings…
training-load-settings-help = Takes settings from a TOML file. A preset in it begins anew: what the file does not name is the preset's; without a preset it stays

training-data = Data
training-split = { $training } train, { $validation } validate
training-split-without = { $training } train, { $validation } validate; kept out: { $names }
training-split-without-more = { $training } train, { $validation } validate; kept out: { $names } and { $more } more
training-split-one-file = { $split }: pieces of one file stay together
training-split-pieces = Pieces of one file all train or all validate.
training-split-classes = Recordings of each class: train / validate
training-validate-names-help = { $help }. Empty for none
training-balance-box = drawn equally often
training-stream-box = from disk
training-variations = Variations, drawn anew for every image and epoch; 0 for none. Noise and blanks are seen by the encoder alone.
training-example = Show an example
training-example-help = The selected recording: original, encoder input and decoder target
training-example-none = No variations are set
training-example-title = A recording as training may see it
training-example-another = Another
training-example-another-help = Draw again
training-example-original = Original
training-example-input = Encoder input
training-example-target = Decoder target
training-example-picture-help = Low frequencies at the bottom, time from left to right; colours from 0 to 1 of the normalised image

training-estimate = About { $epoch } an epoch, { $all } for all { $epochs }.
training-estimate-fast = Less than a second an epoch, about { $all } for all { $epochs }.
training-estimate-instant = { $epochs ->
    [one] Less than a second for { $epochs } epoch.
   *[other] Less than a second for all { $epochs } epochs.
}
training-estimate-help = Timed on this machine with a few training steps; validation and checkpoints come on top
training-no-estimate-lengths = The time of an epoch appears once the lengths of all recordings are read.
training-estimating = Measuring the time of an epoch …
training-too-large = Not measured: a training step needs about { $needed } of memory, and { $free } are free. A smaller batch size needs less.
training-not-ready-scanning = Possible once the folder is read
training-not-ready-fault = Possible once the setting in red above is changed
training-start = Start training
training-continue = Resume
training-continue-help = Continue training
training-pause = Pause
training-pause-help = Pause after the current batch
training-play-now = Play it now
training-play-now-help = Plays the current weights in the Instrument view; a paused run stays paused
training-stop = Stop training…
training-stop-help = Stop after the current batch; the model is kept and can be resumed
training-skip-detail = Skip detail
training-skip-detail-help = Ends the run now, without detail; its model is saved
training-stop-keep-last = Keep the last weights
training-stop-keep-best = Keep the best epoch's
training-stop-keep-best-of = Keep the best epoch's (epoch { $epoch })
training-stop-no-epoch = No epoch has ended yet

training-status-ready = Ready
training-status-preparing = Preparing recordings: { $done } of { $total }
training-status-starting = Starting the run
training-status-fitting = Fitting the principal components that the model starts as
training-status-running = Training
training-status-measuring-epoch = Measuring epoch { $epoch }
training-status-measuring = Measuring the model
training-status-saving = Saving the model
training-status-detail = Measuring detail: { $done } of { $total }
training-status-paused = Paused
training-status-stopping = Stopping after the current batch
training-status-finished = Finished
training-status-ended-early = Ended early: the total validation loss had not improved
training-status-ended-early-unvalidated = Ended early: the total training loss had not improved
training-status-stopped = Stopped; the model is saved
training-status-stopped-early = Stopped before a model was saved
training-status-failed = Failed: { $cause }
training-figure-epoch = Epoch
training-figure-epoch-value = { $epoch } of { $total }
training-figure-epoch-help = The current epoch
training-figure-step = Step
training-figure-step-help = Batches trained on so far
training-figure-speed = Speed
training-figure-speed-value = { $speed } samples/s
training-figure-speed-help = Recordings per second, averaged over the last steps
training-figure-left = Left
training-figure-left-help = Time to the end of the last epoch at this speed, with validation; early stopping may end the run before
training-figure-elapsed = Elapsed
training-figure-elapsed-help = Training time without pauses
training-figure-memory = Memory
training-figure-memory-help = Memory used by the whole program (Linux only)
training-figure-best = Best epoch
training-figure-best-help = The epoch with the lowest total loss, on the validation images if there are any

training-no-run = No run yet
training-no-run-help = A run prepares the recordings, trains the model and draws its loss here while it goes on. After the first epoch the Instrument view can already play it. It can be paused, stopped and resumed at any time.
training-model-layers = The model, layer by layer
training-model-layers-later = The layers appear once the settings are valid.
training-run-folder = Run folder
training-copy-path = Copy
training-copy-path-help = Copy the path
training-show-folder = Show
training-show-folder-help = Open the folder in the file browser
training-layers = { $layers ->
    [one] { $layers } layer, { $parameters } parameters
   *[other] { $layers } layers, { $parameters } parameters
}
training-computed-on = Computed on { $place }
training-unusable = { $count ->
    [one] { $count } file cannot be used
   *[other] { $count } files cannot be used
}
training-no-checkpoint = No checkpoint was written yet: fix the problem above and start again.
training-start-again = Start again
training-start-again-slower = Start again at a learning rate of { $rate }
training-start-again-slower-help = Trains from the beginning with a fifth of the learning rate, and otherwise the settings and recordings of this run
training-start-again-help = Trains from the beginning with the settings at the left
training-start-again-own-help = Trains from the beginning with the settings and recordings of this run
training-play = Play it
training-play-help = Opens the model in the Instrument view
training-more = Train more epochs
training-more-help = Continues from the newest checkpoint to epoch { $epochs }, with the settings and recordings of this run. How many more than a finished run has: Epochs at the left.
training-compare = Compare
training-compare-help = Lists all runs with their results; tick those whose curves to draw over this one
training-diverged-early = Training diverged before the first checkpoint: the steps were too large. Use a lower learning rate or a gradient limit.
training-diverged = Training diverged: the steps were too large. Use a lower learning rate or a gradient limit; nothing before the last checkpoint is lost.
training-resume-slower = Resume from the last checkpoint at a learning rate of { $rate }
training-resume-slower-help = With a fifth of the learning rate, and otherwise the settings of this run
training-resume-last = Resume from the last checkpoint
training-resume-last-help = With the settings and the recordings of this run
training-dismiss = Dismiss
training-dismiss-help = Not shown again for this run
training-missing = The recordings of { $run } were not found
training-missing-moved = They were in { $folder }. If they were moved, choose their new folder; the run needs the same recordings.
training-missing-unknown = This run does not record where they were. Choose their folder to resume.
training-missing-choose = Choose the folder…
training-not-now = Not now
training-interrupted = { $run } was interrupted after epoch { $done } of { $total } ({ $ago })
training-interrupted-early = { $run } was interrupted before its first checkpoint ({ $ago })
training-interrupted-resume = Resume it
training-interrupted-resume-help = Continues from its newest checkpoint: { $path }
training-interrupted-resume-later = The run is kept and can be resumed later
training-interrupted-start = Start it again
training-interrupted-start-help = Trains from the beginning with the same settings and recordings: { $path }
training-interrupted-start-later = The run is kept and can be started again later
training-interrupted-view = View it
training-interrupted-view-help = Shows its curves without resuming it

training-closing = A run is in progress
training-closing-help = Nothing is lost: when it stops, its model and a checkpoint are saved, and it can be resumed later.
training-closing-stop = Stop, save it and close
training-closing-keep-training = Keep training
training-closing-when-finished = Close when finished
training-closing-saving = Saving the run; then the window closes by itself
training-closing-keep-open = Keep the window open

steering-not-yet = Can be changed once training starts
steering-learning-rate = learning rate
steering-reconstruction-weight = reconstruction weight
steering-kl-weight = KL weight
steering-batch-size = batch size

curves-none = Choose a plot above.
curves-steps = Steps
curves-steps-help = Horizontal axis: training steps
curves-epochs = Epochs
curves-epochs-help = Horizontal axis: passes over the recordings
curves-time = Time
curves-time-help = Horizontal axis: training time
curves-log = Log
curves-log-help = A logarithmic vertical axis for the losses and the gradient norm
curves-smooth = Smooth
curves-smooth-help = Exponential smoothing of the training curves; 0 for the raw values
curves-show-all = Show all
curves-show-all-help = Drag moves, right-drag zooms, a double-click shows everything again
curves-step-axis = Step
curves-epoch-axis = Epoch
curves-seconds-axis = Time (s)
curves-minutes-axis = Time (min)
curves-hours-axis = Time (h)
curves-training = training
curves-validation = validation
curves-change = { $setting } { $from } to { $to } from step { $step }
curves-baseline-mean = mean image { $error }
curves-baseline-pca = PCA-{ $components } { $error }
curves-baseline-pca-path = PCA-{ $components } { $error }, where a linear path starts
curves-baseline-local = { $groups } × PCA-{ $components } { $error }
curves-dimensions-later = After the first epoch
curves-dimensions-by-number = Epoch { $epoch }, by number; click to reorder
curves-dimensions-by-size = Epoch { $epoch }, largest first; click to reorder
curves-dimensions-details = Information about a recording in each latent dimension, in nats. Dimensions below 0.01 nats are unused: their sliders do nothing. Click the bars to order them by size or by number.
curves-dimensions-no-epoch = no epoch yet
curves-dimensions-in-use = { $count } in use
curves-dimensions-below = { $count } below { $nats } nats
curves-dimension-axis = Latent dimension
curves-dimension = Dimension { $number }: { $nats } nats
curves-dimension-unused = Dimension { $number }: { $nats } nats: unused
