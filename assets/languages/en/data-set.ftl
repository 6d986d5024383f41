# The data set view: overview, doctor, loading, parity.

## Parts of the view

data-set-overview = Overview
data-set-overview-help = Every image, mean and spread of each class, distributions
data-set-doctor = Doctor
data-set-doctor-help = Recordings with faults, and why they matter
data-set-loading = Loading
data-set-loading-help = Which loads faster: saved images or the sounds?
data-set-parity = Parity
data-set-parity-help = Images of the Python pipeline, compared with ours
data-set-select-help = Click to select, double-click for its stages

## Overview

data-set-images-tab = Images
data-set-images-tab-help = A thumbnail of every recording's image, by class
data-set-mean-tab = Mean and spread
data-set-mean-tab-help = Mean image of each class, and the standard deviation around it
data-set-distributions-tab = Distributions
data-set-distributions-tab-help = Durations, levels, minimum and maximum before normalisation
data-set-preprocess = Preprocess
data-set-preprocess-again = Preprocess again
data-set-preprocess-help = Makes every image once for this view; writes no files
data-set-save-images = Save to folder…
data-set-save-images-help = Writes every image as .npy, as `timbrespace preprocess` does
data-set-saving-to = Saving to { $folder }
data-set-overview-title = The whole folder at a glance
data-set-overview-large = More than { $count } recordings: press Preprocess to begin
data-set-overview-text = “Preprocess” makes every image once with the settings of the Stages view. It then shows a thumbnail of each, by class, the mean and spread of each class, and the distributions of durations and levels.
data-set-plan = { $recordings } to images of { $bins } × { $frames }: { $settings }
data-set-plan-whole = { $recordings } to images as long as the longest recording: { $settings }
data-set-settings = { $feature }, { $rate }, { $length }
data-set-whole-files = whole files
data-set-memory = Kept in memory: a thumbnail of each, { $thumbnails }, and two images per class.
data-set-memory-of-all = Kept in memory: a thumbnail of each, { $thumbnails }, and two images per class. All images together would take { $all }; they are made one at a time and not kept.
data-set-images = { $count ->
    [one] { $count } image
   *[other] { $count } images
 }
data-set-made = { $images } in { $time }
data-set-made-and-unusable = { $images } in { $time }, { $count ->
    [one] { $count } file
   *[other] { $count } files
 } cannot be used
data-set-more-files = { $count ->
    [one] … and { $count } more
   *[other] … and { $count } more
}
data-set-all-classes = All classes
data-set-all-recordings = All recordings
data-set-class-option = { $class } ({ $count })
data-set-class-filter = Class
data-set-class-filter-help = Show one class only

## Thumbnails

data-set-thumbnail = Image of { $name }
data-set-thumbnails = Images of the recordings
data-set-no-level = none (zeros)
data-set-fact-class = Class: { $class }
data-set-fact-length = Length of the file: { $length }
data-set-fact-level = RMS level { $level }, peak { $peak } re full scale
data-set-fact-image = Image from { $low } to { $high } { $unit } before normalisation

## Mean and spread

data-set-mean = Mean
data-set-spread = Spread (standard deviation)
data-set-mean-details = Cell by cell: the mean of the normalised images, and their standard deviation.
data-set-mean-status = mean of all cells { $mean }, largest spread { $spread }, of the normalised range 0..1
data-set-cell-value = { $title }: { $value }
data-set-cell-place = { $row } { $bin }, { $hz }, frame { $frame }, { $time }
data-set-log-axis = log
data-set-mel-axis = mel

## Distributions

data-set-duration = Duration
data-set-duration-brief = Length of the whole file
data-set-duration-details = Files longer than the duration setting are cut; shorter ones are padded.
data-set-level = Level
data-set-level-brief = RMS of the used part
data-set-level-details = 20 log10 of the root of the mean square, re full scale 1: a full-scale sine has −3 dB. Zeros have no level and do not count.
data-set-peak = Peak
data-set-peak-brief = Largest sample of the used part
data-set-peak-details = 20 log10 of the largest absolute sample, re full scale 1: at 0 dB and above, samples reach full scale.
data-set-smallest = Smallest image value
data-set-smallest-brief = Before normalisation
data-set-smallest-details = Each recording's minimum, which becomes the lower end of the normalised range.
data-set-largest = Largest image value
data-set-largest-brief = Before normalisation
data-set-largest-details = Each recording's maximum, which becomes the upper end of the normalised range. This removes the level; the saved maximum restores it.
data-set-classes = Classes
data-set-classes-brief = Recordings of each class
data-set-classes-details = A model sees each class in proportion to its recordings.
data-set-even-classes = { $classes }, { $recordings } each
data-set-uneven-classes = { $classes }, { $least } to { $recordings } each
data-set-no-values = no values
data-set-chart-status = median { $median } { $unit }, { $least } to { $most }
data-set-chart-status-with-silent = median { $median } { $unit }, { $least } to { $most }, { $silent } silent
data-set-class-axis = Class
data-set-level-axis = dB re full scale 1
data-set-recordings-axis = Recordings
data-set-bar-help =
    { $bar }
    { $recordings }; click to list them
data-set-bar-range = { $low } to { $high } { $unit }
data-set-bar-title = { $chart }: { $bar }
data-set-close-list = Close the list

## Doctor

doctor-examine = Examine
doctor-again = Examine again
doctor-examine-help = Decodes every recording; changes no file
doctor-export = Export CSV…
doctor-export-help = One row per finding, for a spreadsheet
doctor-plan = Runs ten checks on { $recordings }: silent, clipped, duplicate, cut off and more.
doctor-summary = { $recordings } examined in { $time }: { $found } of { $checks } checks found something
doctor-healthy = Nothing found in { $recordings }
doctor-healthy-details = Every recording passed all ten checks with the current settings.
doctor-checks = Checks
doctor-check-row = { $check }: { $count }
doctor-check-help = { $gravity }: { $why }
doctor-none = none
doctor-the-folder = The folder
doctor-finding-row = { $about }: { $figures }
doctor-more-files = and { $count } more
doctor-use-rate = Use { $rate }
doctor-use-rate-help = Sets the sample rate setting to that of these recordings, instead of { $rate }
doctor-trim = Trim silence
doctor-trim-help = Skips silence at the start of every recording: frames { $db } dB below its loudest
doctor-cut = Cut into pieces
doctor-cut-help = Cuts every recording at silences; each piece counts as a recording, so all of it is used
doctor-play = Play
doctor-stop = Stop
doctor-play-help = Plays the selected one of these recordings, else the first
doctor-play-none = None of these files can be read: there is nothing to play

## Loading

loading-compare = Compare
loading-again = Compare again
loading-compare-help = Saved images go to a temporary folder that is removed at the end
loading-copy = Copy as text
loading-title = Save the images first, or make them on the fly?
loading-text = Saved images take disk space and time to write; making them from the sounds takes time in every epoch. Which is faster depends on your files and on this machine, so both are measured here on the open folder: epochs of batches, with the files in memory (warm) and, where the system allows it, read from storage (cold). Log-mel item by item against batches is measured beside it.
loading-epochs = Epochs per method
loading-epochs-help = Warm, then cold, for each method; the median counts
loading-batch-size = Batch size
loading-batch-size-help = Images loaded at a time
loading-unit-recordings = recordings
loading-unit-batches = batches
loading-measured = { $recordings } in batches of { $batch_size }, { $epochs ->
    [one] { $epochs } epoch
   *[other] { $epochs } epochs
 } per method
loading-images = Saved images or on the fly
loading-mel = Log-mel: item by item or in batches
loading-figures = Files and memory
loading-cache = Writing the cache took { $time } and { $size } of disk space. { $equality }
loading-equal = All methods gave the same images, bit for bit.
loading-not-equal = The methods gave different images: did a recording change meanwhile?
loading-no-cold = Cold epochs were not measured: { $cause }.
loading-method = { $name }, { $threads ->
    [one] { $threads } thread
   *[other] { $threads } threads
 }
loading-mel-method = log-mel { $method }
loading-warm = { $time } warm
loading-cold = { $time } cold
loading-warm-epoch = { $method }, an epoch warm: { $time }
loading-cold-epoch = { $method }, an epoch cold: { $time }
loading-speed = warm: { $speed } recordings/s, fastest epoch { $fastest }
loading-speed-column = Recordings/s
loading-speed-column-help = By the median of the warm epochs
loading-files-column = Files
loading-files-column-help = Size of the files read per epoch
loading-storage-column = From storage
loading-storage-column-help = Bytes read from storage in a cold epoch, as the system counts them
loading-held-column = Held
loading-held-column-help = Images in memory at a time, computed from their sizes
loading-growth-column = Memory growth
loading-growth-column-help = Growth of the program's memory while loading its first epoch
loading-fastest-column = Fastest epoch
loading-fastest-column-help = The fastest warm epoch
loading-unknown = not known

## Parity

parity-again = Compare again
parity-title = Do these images equal Python's?
parity-text = Choose the folder that the Python pipeline wrote: the one with “spectrograms” and “min_max_values.pkl”, or the folder of .npy files itself. Every recording is preprocessed again with the settings of the Stages view (or of a preprocessing.json in that folder) and compared cell by cell; the worst files come first, with a likely cause.
parity-choose = Choose Python's folder…
parity-choose-help = The folder is only read
parity-export = Export CSV…
parity-export-help = One row per recording, worst first, for a spreadsheet
parity-agree = { $agreeing } of { $compared ->
    [one] { $compared } file
   *[other] { $compared } files
 } agree within { $tolerance }
parity-cause = { $files ->
    [one] { $files } file
   *[other] { $files } files
 }: { $cause }
parity-without-image = { $count ->
    [one] { $count } recording has no image: { $first }
   *[other] { $count } recordings have no image, the first: { $first }
 }
parity-without-recording = { $count ->
    [one] { $count } image has no recording: { $first }
   *[other] { $count } images have no recording, the first: { $first }
 }
parity-settings-beside = our images use the preprocessing.json next to Python's images
parity-more-remarks = and { $count ->
    [one] { $count } remark
   *[other] { $count } remarks
 } more
parity-differences = largest difference { $largest }, mean { $mean } of the normalised range
parity-extremes = minimum and maximum at most { $difference } { $unit } off
parity-of-another-size = { $count } of another size
parity-unreadable-files = { $count } unreadable
parity-comma = ,{" "}
parity-files = Files, worst first
parity-filter = Filter
parity-filter-help = By name or remark
parity-only-differing = Only differing files
parity-only-differing-help = By more than { $tolerance }
parity-shown = { $shown } of { $files }
parity-no-match = No file matches the filter.
parity-file-column = File
parity-largest-column = Largest
parity-mean-column = Mean
parity-place-column = Bin, frame
parity-cause-column = Likely cause
parity-columns-help =
    Largest and mean absolute difference of the normalised images, in their range; position of the largest.
    Minimum and maximum before normalisation, in { $unit }, are in each row's tooltip.
parity-row = { $name }: largest difference { $largest }, mean { $mean }
parity-other-size = other size
parity-unreadable = unreadable
parity-pair = { $recording }  against  { $image }
parity-sizes = ours { $ours }, Python's { $theirs } (bins × frames)
parity-ours = ours before normalisation: { $min } to { $max } { $unit }
parity-theirs = Python's, from the pickle: { $min } to { $max } { $unit }
parity-no-entry = the pickle has no entry for this file
parity-row-help = Click to see both images, double-click for the recording's stages
parity-no-file = Click a file to see both images and their difference.
parity-our-image = Ours
parity-their-image = Python's
parity-difference-image = Ours minus Python's
parity-no-difference = No difference: ours has { $bins } bins × { $frames } frames, Python's { $their_bins } × { $their_frames }.
parity-values =
    ours { $ours }
    Python's { $theirs }
parity-values-and-difference =
    ours { $ours }
    Python's { $theirs }
    difference { $difference }
