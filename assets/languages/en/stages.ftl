# The stages of a recording and the settings that prepare it; names of stages, plots of training and figures.

stage-loaded = Loaded
stage-loaded-brief = Cut to length, one channel, one sample rate
stage-loaded-details = Cut to the duration, mixed to one channel, resampled: from here on all sounds have one format.
stage-padded = Padded
stage-padded-brief = Padded, so that all images have one size
stage-padded-details = Short sounds are padded to the full length, because a model needs images of one size.
stage-magnitude = STFT magnitude
stage-magnitude-brief = Strength of each frequency in each frame
stage-magnitude-details = How strong each frequency is in each frame, from the short-time Fourier transform. Brightness is the cube root of the magnitude, close to perceived loudness.
stage-normalised = Normalised
stage-normalised-brief = One range for all files: the model's input
stage-normalised-details = Stretched to one range, file by file: the model's input. The original extremes are kept to undo it.

stages-not-shown = This recording cannot be shown
stages-preparing = Preparing …
stages-preparing-help = Decoding the recording and computing its stages.
stages-select = Select a recording
stages-select-help = Its path from sound to model input appears here, one row per step. ↑ and ↓ go through the list, Space plays.

stages-computing = Computing the stages
stages-colours = Colours
stages-colours-grey = Grey
stages-colour-map = Colour map
stages-colour-map-help = Colours of the images
stages-facts = file: { $native }, { $channels }; { $part }; shown at { $shown }
stages-mono = mono
stages-stereo = stereo
stages-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
}
stages-part-from = { $used } from { $start } s on, of { $whole }
stages-part-first = first { $used } of { $whole }
stages-part-all = all of its { $whole }
stages-flag-silent = silent: its image is all zeros
stages-flag-misnamed = named .{ $extension }, but holds { $found }
stages-flag-truncated = cut off: the file ends before its header says
stages-flag-unfinished = unfinished header: read to the end of the file
stages-flag-first = the first of several sounds in the file
stages-flag-not-finite = { $count ->
    [one] { $count } sample was not a number and became 0
   *[other] { $count } samples were not numbers and became 0
}
stages-flag-beyond = { $count ->
    [one] { $count } sample beyond −1..1, kept
   *[other] { $count } samples beyond −1..1, kept
}

stages-frequency = Frequency
stages-linear = Linear
stages-linear-help = Equal spacing in Hz, as in the STFT
stages-log = Log
stages-log-help = Equal spacing of octaves
stages-mel = Mel
stages-mel-help = Equal spacing of perceived pitch
stages-scales = Scales
stages-each-file = Each file
stages-each-file-help = Axes and colours fit each recording, so that quiet ones are visible too
stages-locked = Locked
stages-locked-help = Axes and colours stay fixed while you go through the list, to compare loud and quiet
stages-compare = Compare
stages-pin = Pin { $letter }
stages-pinned = { $letter }: { $name }
stages-pin-help = Keep this recording as { $letter }; with A and B pinned, both and their difference are shown
stages-pin-too-long = Sounds over a minute are shown in parts and cannot be compared
stages-unpin-help = Click to unpin
stages-show-selected = Show selected
stages-show-both = Show A, B
stages-show-help = The two pinned recordings and their difference, or the selected one
stages-selected = Selected { $start } to { $end } s ({ $length })
stages-clear = Clear
stages-clear-help = Clear the selection (Esc). Space plays the selection, Z zooms to it

stages-samples = { $count ->
    [one] { $count } sample
   *[other] { $count } samples
}
stages-loaded-figures = { $count ->
    [one] { $count } sample at { $rate }
   *[other] { $count } samples at { $rate }
}
stages-unpadded-figures = { $count ->
    [one] { $count } sample, no padding
   *[other] { $count } samples, no padding
}
stages-padded-figures = { $count ->
    [one] { $count } sample, { $padding } padding
   *[other] { $count } samples, { $padding } padding
}
stages-magnitude-unit = re 1
stages-magnitude-figures = { $size }, frame { $frame }, hop { $hop }
stages-feature-figures = { $size }, { $least } to { $most }{ $unit }
stages-normalised-figures = { $size }, was { $least } to { $most }{ $unit }
stages-value = value

stages-compared-wave = Padded signal; same amplitude axis for both
stages-compared-wave-help = The padded signals of the two pinned recordings, with the same axes.
stages-compared-feature = Same colour scale for both
stages-compared-feature-help = Before normalisation: the colours of A and B stand for the same values.
stages-compared-range = { $name }: { $least } to { $most } { $unit }
stages-difference-title = B − A
stages-difference = Blue where A is stronger, red where B is
stages-difference-help = The difference of the two features, cell by cell, over the frames that both have.
stages-difference-here = at the crosshair { $value } { $unit }
stages-difference-all = mean |B − A| { $mean } { $unit }, largest { $largest } { $unit }

stages-crosshair = At the crosshair
stages-crosshair-help = The values of every stage at the pointer. A click keeps the crosshair there; Space plays from it, comma and full stop move it by a frame, Escape takes it away.
stages-crosshair-both = Both recordings
stages-crosshair-both-help = The values of A and of B at the pointer. A click keeps the crosshair there; Escape takes it away.
stages-crosshair-kept = kept by a click; Esc releases
stages-crosshair-nowhere = point at a stage
stages-value-time = Time
stages-value-sample = Sample
stages-value-amplitude = Amplitude
stages-value-frame = Frame
stages-value-frequency = Frequency
stages-value-note = Note
stages-value-bin = Bin
stages-value-magnitude = Magnitude
stages-frame-range = { $first } to { $last }
stages-spectrum = Spectrum
stages-spectrum-of-frame = Spectrum of frame { $frame }
stages-spectrum-crosshair = The one under the crosshair, in dB re 1
stages-spectrum-middle = The one in the middle, in dB re 1
stages-spectrum-strongest = Strongest of frames { $frames }
stages-spectrum-help = The magnitudes of one frame in dB. Point at a peak to read its frequency and level, refined between bins.
stages-no-peak = no peak
stages-peak = peak { $frequency } Hz { $level } dB

stages-pieces = { $count ->
    [one] { $count } piece
   *[other] { $count } pieces
}
stages-pieces-short = { $count } too short, skipped
stages-pieces-silent = { $count } silent, skipped
stages-pieces-help = Click a piece to hear it, double-click to see its stages. Wheel or right-drag zooms. Nothing is written before you preprocess or train.
stages-stop = Stop
stages-piece = { $start } to { $end } s of { $whole }: { $length } s
stages-piece-short = Left out: shorter than “{ $setting }”
stages-piece-silent = Left out: below “{ $setting }” throughout

preprocessing-summary = Preprocessing: { $feature }
preprocessing-separator = {", "}
preprocessing-image-size = image { $bins } × { $frames }
preprocessing-image-whole = image as long as the file
preprocessing-no-image = no image
preprocessing-samples = { $count ->
    [one] { $count } sample
   *[other] { $count } samples
}
preprocessing-frames = { $count ->
    [one] { $count } frame
   *[other] { $count } frames
}
preprocessing-whole-file = whole file
preprocessing-part-from = { $duration } from { $start } s on
preprocessing-pieces = pieces of { $duration }
preprocessing-pieces-at-silences = pieces at silences
preprocessing-unheard-silences = At { $rate }, silences shorter than about { $secs } s are not found: the level is measured in frames of { $frame } samples, as librosa does.
preprocessing-pieces-at-onsets = pieces at onsets
preprocessing-at-most = { $duration } at most
preprocessing-frame = frame { $samples }
preprocessing-hop = hop { $samples }
preprocessing-invalid = { $error }. The pictures keep the last valid setting.
preprocessing-help = Settings apply at once. A model only takes sounds that were prepared as in its training.
preprocessing-copy = Copy as librosa code
preprocessing-copy-help = A Python function that makes exactly this image with librosa: for a notebook, or to check our numbers
preprocessing-copied = copied: paste it into a notebook
preprocessing-defaults = Defaults
preprocessing-defaults-help = The tutorial's settings, or HiFi-GAN's for log-mel
preprocessing-resample = Resample
preprocessing-refuse = Refuse
preprocessing-mix = Mix
preprocessing-channel = Channel { $number }
preprocessing-channel-help = The mean of all channels, or one of them
preprocessing-own-resolution = Own
preprocessing-sentences = { $first } { $second }
preprocessing-whole-files = Whole files: every image is as long as its file.
preprocessing-whole-files-padded = Whole files: for training, all are padded to the longest one, { $duration }.
preprocessing-image = An image of { $bins } × { $frames } has { $values } values, { $size }; the model uses it unchanged.
preprocessing-image-padded = An image of { $bins } × { $frames } has { $values } values, { $size }; the model pads it to { $inner_bins } × { $inner_frames } and crops its output.
preprocessing-folder = { $count ->
    [one] { $count } recording needs { $size } of memory in training.
   *[other] { $count } recordings need { $size } of memory in training.
}
preprocessing-folder-too-large = { $count ->
    [one] { $count } recording needs { $size }, more than the { $limit } limit of training: use less of each recording.
   *[other] { $count } recordings need { $size }, more than the { $limit } limit of training: use less of each recording.
}
preprocessing-assumed = How were this model's images made?
preprocessing-assumed-help = { $model } was saved without its preprocessing. It takes images of { $bins } × { $frames }. The tutorial's settings are filled in; with wrong ones, sounds have the wrong pitch or speed.
preprocessing-keep = Keep these settings
preprocessing-keep-help = Used whenever this model is opened
preprocessing-later = Not now
preprocessing-later-help = Uses the tutorial's settings and asks again next time

plot-reconstruction = Reconstruction
plot-reconstruction-help = Mean squared error per pixel
plot-reconstruction-title = Reconstruction loss
plot-reconstruction-axis = Error
plot-reconstruction-brief = Mean squared error per pixel of the 0..1 images
plot-reconstruction-details = The dashed lines are baselines without training: the mean image, as many principal components as the latent space has dimensions (a model with a linear path starts there), and ten groups of recordings with up to 16 components each.
plot-total = Total
plot-total-help = Weight × reconstruction + KL weight × KL
plot-total-title = Total loss
plot-total-details = The sum that training minimises. It jumps where a weight is changed.
plot-kl = KL
plot-kl-help = KL divergence of all dimensions together, in nats
plot-kl-title = KL divergence
plot-kl-axis = KL (nats)
plot-kl-brief = Distance of the latent space from the prior
plot-kl-details = How far the encoder's Gaussians are from the standard normal distribution, in nats, summed over dimensions.
plot-dimensions = Dimensions
plot-dimensions-help = KL divergence of every latent dimension, in nats
plot-dimensions-title = KL per dimension
plot-learning-rate = Learning rate
plot-learning-rate-help = Learning rate of every step
plot-learning-rate-brief = Step size of Adam, including its schedule
plot-marks-details = Vertical lines mark manual changes.
plot-weight = Reconstruction weight
plot-weight-help = Reconstruction weight of every step
plot-weight-axis = Weight
plot-weight-brief = Factor of the squared error
plot-beta = KL weight
plot-beta-help = KL weight (beta) of every step
plot-beta-axis = Beta
plot-beta-brief = Factor of the KL divergence, including its schedule
plot-beta-details = 1 is the variational bound; more smooths the latent space, less reconstructs better.
plot-gradient = Gradient
plot-gradient-help = Norm of all gradients together, before any limit
plot-gradient-title = Gradient norm
plot-gradient-axis = Norm
plot-gradient-brief = Norm of all gradients together
plot-gradient-details = Sudden peaks call for a lower learning rate or a gradient limit.
plot-speed = Speed
plot-speed-help = Recordings per second
plot-speed-axis = Samples/s
plot-speed-details = Lower while the computer does other work.

figure-stages = Stages
figure-stages-compared = Stages: A, B and difference
figure-stage = Stage: { $name }
figure-spectrum = Spectrum of a frame
figure-thumbnails = Data set: images
figure-class-images = Data set: mean and spread
figure-distributions = Data set: distributions
figure-loading = Data set: loading times
figure-parity = Data set: parity with Python
figure-training = Training curves
figure-map = Map of the latent space
figure-decoded = Decoded sound
