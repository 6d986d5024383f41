# The Instrument view: model, sliders, travel, export, playing, decoded sound and ladder.

## Tabs

instrument-sliders = Sliders
instrument-sliders-help = Move the vector along each axis
instrument-travel = Travel
instrument-travel-help = Between sounds, by arithmetic, at random; save and recall vectors
instrument-export = Export
instrument-export-help = Sounds, morphs, vectors and the model, as files
instrument-vector = Vector
instrument-vector-help = Model, sliders, travel and export
instrument-map = Map
instrument-map-help = Every recording as a point; drag to hear sounds between them
instrument-sound = Sound
instrument-sound-help = The decoded sound, large
instrument-ladder = Ladder
instrument-ladder-help = A recording after each processing step: which one costs quality?

## The first minute

instrument-first-demo = Play the demo
instrument-first-demo-help = A walk through sounds that a small model makes
instrument-first-demo-stop = Stop the demo
instrument-first-open = Open your recordings
instrument-first-open-help = A folder of sounds, to train a model of your own
instrument-first-stages = See the stages
instrument-first-stages-help = How a recording becomes the image that a model learns
instrument-first-hide = Hide these cards
instrument-first-hide-help = Hide these cards for good
instrument-first-drag = Drag on the map: the sound follows

## The model in use

instrument-model = Model
instrument-model-busy = Loading the model or encoding the recording
instrument-model-none = No model is in use. Use the demo model, train one, or open a model's folder.
instrument-model-size = { $dimensions ->
    [one] { $dimensions } dimension
   *[other] { $dimensions } dimensions
    }; { $bins } × { $frames } images of { $recordings ->
    [one] { $recordings } recording
   *[other] { $recordings } recordings
    }, { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
    }
instrument-model-only-demo = This is the demo model: train one on your recordings.
instrument-model-train = Train a model
instrument-model-train-help = Opens the Training view, with the settings of a run
instrument-model-of-demo = Trained on the demo sounds
instrument-model-from-disk = { $name } (from disk)
instrument-model-of-current-run = { $count ->
    [one] The current run, after { $count } epoch
   *[other] The current run, after { $count } epochs
}
instrument-model-of-run = { $count ->
    [one] { $name }, after { $count } epoch
   *[other] { $name }, after { $count } epochs
}
instrument-demo-model = Demo model
instrument-demo-model-help = The built-in small model
instrument-follow-run = Follow run
instrument-trained-model = Trained model
instrument-trained-model-help = The newest model of the Training view
instrument-train-first = Train a model first: after its first epoch it can be played here
instrument-open-model = Open…
instrument-open-model-help = Open a model's folder
instrument-assumed-settings = Settings…
instrument-assumed-settings-help = Set how this model's images were made: the model does not say

## Starting points, and where the vector came from

instrument-from-recording = From recording
instrument-from-recording-help = Start from the selected recording's own latent vector (Enter, or double-click in the list)
instrument-select-in-list-first = Select a recording in the list first
instrument-random = Random
instrument-random-help = A random vector near the data (R)
instrument-reset = Reset
instrument-reset-help = Back to the data's mean (Home)
instrument-undo-help = Undo (Ctrl+Z)
instrument-redo = Redo
instrument-redo-help = Redo (Ctrl+Shift+Z or Ctrl+Y)
instrument-vector-from = Vector from: { $origin }
instrument-origin-mean = data mean
instrument-origin-earlier = { $name }, as an earlier epoch encoded it
instrument-origin-sliders = sliders
instrument-origin-map = a place on the map
instrument-origin-between = A to B, { $percent } %
instrument-origin-class = mean of { $class }
instrument-origin-sample = random sample
instrument-origin-walk = random walk
instrument-origin-pulled = pulled back to the data

## Detail

instrument-detail = Detail
instrument-detail-help = Adds what the model cannot reproduce (hiss, attacks, fine partials): the residuals, image minus reconstruction, of the training recordings nearest to the vector. 0 is the model alone. No measure of the model includes it. At a training recording's own vector, 1 restores that recording.
instrument-detail-of = from
instrument-detail-from = { $count ->
    [one] Detail from { $count } recording
   *[other] Detail from { $count } recordings
}
instrument-detail-from-1-help = From the nearest recording: the most texture, the most foreign to this sound
instrument-detail-from-4-help = From the 4 nearest recordings, weighted by closeness: sounds best
instrument-detail-from-16-help = From the 16 nearest recordings, weighted by closeness: smooth, smallest error
instrument-residuals = { $count ->
    [one] Residuals of { $count } training recording
   *[other] Residuals of { $count } training recordings
}
instrument-residuals-of-some = Residuals of { $count } of { $all ->
    [one] { $all } training recording
   *[other] { $all } training recordings
    }
instrument-detail-none = No detail was made of this model yet
instrument-detail-unusable = The detail cannot be used: { $cause }
instrument-make-detail = Make detail from the open recordings
instrument-make-detail-help = First open the recordings that the model was trained on: detail is made from them

## Sliders

instrument-no-axes = No axes yet.
instrument-no-axis = No matching axis.
instrument-by-kl = By KL
instrument-by-kl-help = The model's dimensions, highest KL first
instrument-principal = Principal
instrument-principal-help = The directions of largest variance of the open recordings
instrument-principal-later = Available once the open recordings are encoded
instrument-find = Find …
instrument-find-axis = Find an axis
instrument-find-axis-help = A number, or the beginning of a name: 12, z1, P3
instrument-unused = { $count ->
    [one] { $count } dimension unused by the model
   *[other] { $count } dimensions unused by the model
}
instrument-unused-help = Their KL divergence from the prior is below 0.01 nats: moving them changes almost nothing
instrument-lock = Lock { $axis }
instrument-unlock = Unlock { $axis }
instrument-lock-help = A locked axis keeps its value when the vector moves
instrument-dimension-axis = Latent { $number }
instrument-principal-axis = Principal { $number }
instrument-effect-help =
    Effect of { $axis } on the image, from −2 to +2 standard deviations around the data's mean: red gets louder, blue softer. All pictures share one scale.
    Mean change { $strength } of the image's range.
instrument-axis-kl = KL { $kl } nats: information about a sound.
instrument-axis-unused = KL { $kl } nats: unused by the model.
instrument-axis-variance = { $percent } % of the recordings' variance.
instrument-axis-help =
    { $axis }: { $value }. { $information }
    Bands: the coloured one holds half of the recordings, the grey one nine tenths ({ $low } to { $high }); line: their median { $median }. 1 % of the recordings lie below { $lowest }, 1 % above { $highest }.
    Drag, with Shift ten times finer; arrow keys; double click for the mean; right click for MIDI and keys.
instrument-use-keys = Use keys { $down } and { $up }

## The playing strip

instrument-one-shot = One-shot
instrument-one-shot-help = Plays each sound once
instrument-loop = Loop
instrument-loop-help = Repeats without a gap (L)
instrument-hold = Hold
instrument-hold-help = Only while T, a MIDI key or the play button is held
instrument-match-loudness = Match loudness
instrument-match-loudness-help = Brings every sound to an RMS of −20 dB re full scale, as far as its peak allows
instrument-record = Record output
instrument-record-stop = Stop { $time }
instrument-record-help = Records the output as a 24-bit WAV file in the program's data folder
instrument-record-folder = Record to another folder…
instrument-record-folder-help = The folder took no more of the last recording. Choose another: recordings go there from now on
instrument-microphone = Microphone
instrument-microphone-help = Record your own sound from the microphone: it is encoded, put on the map, and decoded
instrument-use-take = Use take
instrument-take = Take of { $time }, { $level }
instrument-use-take-help = Stops and encodes it; at most { $most }
instrument-discard = Discard
instrument-discard-help = Discards the take
instrument-silent = silent
instrument-level = Level { $level }
instrument-level-help = Peak of the output in dB re full scale; marks at −48, −36, −24, −12 and −6 dB
instrument-clip-on = Clip light: on
instrument-clip-off = Clip light: off
instrument-clip-help = Lights up when the output was limited at full scale; click to reset
instrument-output = Output ▾
instrument-output-system = System default
instrument-output-default-now = { $name } (default now)
instrument-output-none = No output device was found.
instrument-output-help = Output device: { $name }
instrument-output-system-help = Output device: the system's default device

## MIDI

midi-on = MIDI: on ▾
midi-off = MIDI ▾
midi-none = None
midi-help = Play with a MIDI keyboard or controller
midi-menu-help = Keys play the sound. To move an axis with a knob, right-click its slider and choose “Learn MIDI control”.
midi-port-help = { $port }: { $message }
midi-no-message = no message yet
midi-learning = Move a knob for { $axis }
midi-cancel-learning = Cancel learning
midi-learn = Learn MIDI control
midi-learn-help = Assigns the next knob that you move
midi-forget = Remove MIDI controls

## How near the vector is to the recordings

instrument-nearest = Nearest
instrument-nearest-distance-help = Distance to the nearest recording in the latent space
instrument-nearest-training-help =
    { $name }
    The nearest training recording, at a distance of { $distance } in the latent space.
instrument-nearest-training-relative-help =
    { $name }
    The nearest training recording, at a distance of { $distance } in the latent space, { $part } times the usual distance between recordings.
instrument-near = Near: { $name }
instrument-near-help =
    { $name }
    Distance { $distance } in the latent space.
    Click to hear it, double-click to go there.
instrument-off-manifold = { $percent } % off-manifold: { $verdict }
instrument-off-manifold-help = How far the vector is from the recordings: { $percent } % of these are closer to their own neighbours than the vector is. At 0 % it is as close as any recording; at 100 % it is unlike any of them, and the decoder extrapolates.
instrument-unlike = unlike the recordings
instrument-hardly-like = hardly like the recordings
instrument-unusual = unusual for the recordings
instrument-alike = like the recordings
instrument-pull-back = Pull back
instrument-pull-back-help = Moves halfway to the mean of the nearest recordings

## The decoded sound

instrument-preparing = Preparing …
instrument-preparing-help = The model is being loaded or the recording encoded.
instrument-nothing-decoded = Nothing decoded yet
instrument-nothing-decoded-help = Drag a slider, press R for a random sound, or start from a recording.
instrument-no-model = No model
instrument-no-model-help = The demo model plays at once; a model that you train appears here after its first epoch.
instrument-play-original = ▶ Original
instrument-play-original-help = Play the original of this vector (O)
instrument-iterations-help = Griffin-Lim finds the phase that a spectrogram lacks; more iterations sound cleaner and take longer
instrument-iterations-suffix = { $count ->
    [one] {" "}iteration
   *[other] {" "}iterations
}
instrument-save-wav = Save WAV…
instrument-save-wav-help = Save the decoded sound as 16-bit WAV (Ctrl+S)
instrument-phases-very-well = Phases fit very well ({ $convergence })
instrument-phases-well = Phases fit well ({ $convergence })
instrument-phases-roughly = Phases fit roughly ({ $convergence })
instrument-phases-badly = Phases fit badly ({ $convergence })
instrument-turned-down = turned down { $db } dB
instrument-made-in = made in { $milliseconds } ms
instrument-phases-help = How well the phases that were found fit the picture (spectral convergence): the distance between the picture and the spectrogram of the sound, relative to the picture. 0 is perfect; below 0.1 is very good, from 0.5 on the sound is hollow: more iterations help. The time is from the request to the finished sound. A sound that would clip is turned down.
instrument-decoded-spectrogram = Decoded spectrogram
instrument-decoded-spectrogram-help = The decoder's output, mapped from 0..1 back to the data's own range. Detail, when its slider is above 0, is added afterwards: what the model's images of the nearest training recordings lack.
instrument-decoded-without-detail = Decoder output for this vector
instrument-decoded-with-detail = { $count ->
    [one] Decoder output for this vector, with detail { $amount } of { $count } recording
   *[other] Decoder output for this vector, with detail { $amount } of { $count } recordings
}
instrument-decoded-with-own-detail = Decoder output for this vector, with detail { $amount } of the recording that lies here
instrument-original = Original
instrument-original-help = The sound this vector was encoded from, with the model's preprocessing.
instrument-picture-size = { $bins } × { $columns }, { $low } to { $high } { $unit }
instrument-cell = { $secs } s frame { $frame } { $hertz } { $row } { $bin } { $value }
instrument-decoded-sound = Decoded sound
instrument-decoded-sound-brief = The spectrogram with a phase found by Griffin-Lim
instrument-decoded-sound-help = A spectrogram has no phase: Griffin-Lim finds one that fits it, step by step.
instrument-sample = { $secs } s  amplitude { $amplitude }
instrument-sound-size = { $duration } at { $rate }, peak { $peak }

## Travel

travel-slots = Slots
travel-slots-help = Keep vectors here to travel between them.
travel-slots-stale = The model has trained further since vectors were kept in { $slots }: it decodes them to other sounds now. Keep them again.
travel-list = List
travel-list-help = Keep the selected recording's vector as { $slot }
travel-list-missing = Select a recording in the list; the recordings must be encoded
travel-keep = Keep
travel-keep-help = Keep the current vector as { $slot }
travel-go = Go
travel-go-help = Go to { $slot }
travel-empty = empty
travel-between = From A to B
travel-between-help = { $percent } % of the way from A to B
travel-between-missing = First keep a vector in A and one in B
travel-linear = Linear
travel-linear-help = Straight
travel-spherical = Spherical
travel-spherical-help = Along the great circle, at the ends' distance from the origin, where most of a Gaussian lies
travel-analogy-help = Applies the difference A − B to C
travel-analogy-missing = Fill all three slots first
travel-mean = Mean of a class
travel-mean-help = The mean of all vectors of class { $class }
travel-random = Random
travel-draw = From
travel-draw-recordings = recordings
travel-draw-recordings-help = Sounds like the recordings: one of them, varied as similar recordings vary
travel-draw-data = the data
travel-draw-data-help = A Gaussian with the mean and the covariance of the recordings' vectors
travel-draw-prior = the prior
travel-draw-prior-help = The standard normal distribution that training aims for
travel-class = Class
travel-class-help = Only random sounds of this class
travel-any-class = any
travel-temperature = Temperature
travel-temperature-help = Spread of the samples: 1 is the distribution itself, 0 its mean (recordings: one of them)
travel-sample = Sample
travel-sample-help = A random vector (R)
travel-walk = Walk
travel-walk-help = A random walk that stays near the recordings
travel-stop-walking = Stop walking
travel-stride = Stride
travel-stride-help = At 0 the vector stays, at 1 each step is a new sample
travel-saved = Saved vectors
travel-saved-none = None for this model yet. They are kept between sessions.
travel-save-help = Save the current vector under this name
travel-name = Name of the vector
travel-name-help = A name for the current vector
travel-delete = Delete { $name }
travel-delete-help = Delete this vector
travel-keep-as = Keep as { $slot }
travel-recall-help = Go to “{ $name }”

## Export

export-sounds-title = Sounds
export-sounds-unit = sounds
export-sounds-16-bit = 16 bit
export-sounds-24-bit = 24 bit
export-sounds-32-bit = 32 bit float
export-sounds-format = Sample format
export-sounds-rate = Sample rate
export-sounds-own-rate = the model's rate
export-sounds-this = This sound…
export-sounds-this-help = The decoded sound in this format
export-sounds-nothing-decoded = Nothing is decoded yet
export-sounds-keep-first = First keep a vector in A and one in B (Travel)
export-sounds-morph = Morph A to B…
export-sounds-morph-help = From A to B as one continuous sound
export-sounds-morph-length = Length of the morph
export-sounds-sequence = Sequence A to B…
export-sounds-sequence-help = From A to B as a folder of sounds with their vectors
export-sounds-sequence-length = Steps of the sequence
export-sounds-sequence-suffix = {" "}steps
export-sounds-batch = Random batch…
export-sounds-batch-help = Random sounds with the settings in Travel, as a folder with a table of their vectors
export-sounds-batch-length = Sounds of the batch
export-sounds-batch-suffix = { $count ->
    [one] {" "}sound
   *[other] {" "}sounds
}
export-sounds-no-model = No model is in use
export-sounds-vectors-title = Vectors and model
export-sounds-vectors-formats = NumPy arrays, CSV tables and the Embedding Projector's files; weights as safetensors.
export-sounds-vectors = Vectors and map…
export-sounds-vectors-help = Vectors of the encoded recordings, the current map, and files for projector.tensorflow.org
export-sounds-vectors-later = Available once the recordings are encoded
export-sounds-model = Model…
export-sounds-model-help = The model's folder: weights, config and statistics, to open here, on the command line, or in Python

## The ladder

ladder-none = Which step costs quality?
ladder-none-help = Plays the vector's original, or the selected recording, after each processing step: as an image, with recovered phase, through the model. So you hear which step costs quality.
ladder-make = Make ladder
ladder-make-again = Make again
ladder-stale = The model has trained further since this ladder was made. “{ $again }” updates it.
ladder-make-help = Makes the ladder of the vector's original, or of the selected recording
ladder-select-first = Select a recording first
ladder-equally-loud = All rungs are equally loud
ladder-rungs = rungs
ladder-largest-loss = Largest loss: { $step }.
ladder-rung = Rung
ladder-convergence = Convergence
ladder-convergence-help = Spectral convergence: distance of the spectrogram's magnitude from the original's, relative to it; 0 is the same
ladder-log-distance = Log distance
ladder-log-distance-help = Log-spectral distance: mean over frames of the root mean square level difference over bins, in dB
ladder-time = Time
ladder-time-help = Time to compute it
ladder-figure = { $name } { $value }
ladder-play = Play { $name }
ladder-phase-of = { $explanation } ({ $name })
