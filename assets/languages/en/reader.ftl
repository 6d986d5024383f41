# What screen readers say of lists, plots, pictures and meters.

reader-recordings = Recordings
reader-list-width = Width of the list
reader-sliders-width = Width of the sliders
reader-scroll-bar = Scroll bar
reader-layers = Layers of the model
reader-list-ends = In the list: first, last recording
reader-list-pieces = In the list: from a piece to its file, and back
reader-recording = { $class }, { $duration }
reader-unknown-length = unknown length
reader-waveform = Waveform: { $title }
reader-waveform-value = { $seconds }, peak { $peak }
reader-image = Image: { $title }
reader-image-value = { $rows } × { $columns }, { $range }
reader-range = { $low } to { $high } { $unit }
reader-colours = Colours: { $title }
reader-spectrum = Spectrum
reader-peak = peak at { $frequency }, { $level }
reader-list = { $before }, { $last }
reader-nothing = nothing yet
reader-plot = Curves: { $title }
reader-curve = { $name } { $value }
reader-curves = { $along } { $at }: { $values }
reader-bars = Bars: { $title }
reader-bars-value = { $count ->
    [one] { $count } bar
   *[other] { $count } bars
}, the highest { $highest }
reader-kl-per-dimension = KL per dimension
reader-filters = Filter bank: { $title }
reader-filters-value = { $count ->
    [one] { $count } band
   *[other] { $count } bands
}, { $low } to { $high }
reader-plan-value = up to { $most }, at last { $last }
reader-map-value = position { $x }, { $y }
reader-map-nearest = { $position }, nearest { $name }
reader-map-nowhere = no position
reader-effect = Effect of { $axis }
reader-effect-value = mean change { $strength } of the range
reader-not-measured = not measured yet
reader-measure = Colours of the points: { $name }
reader-pieces = Pieces of { $name }
reader-augmentation = Augmentation: { $title }
