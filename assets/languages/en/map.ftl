# The map of the Instrument view.

## Tools

map-label = { $count ->
    [one] Map of { $count } recording
   *[other] Map of { $count } recordings
}
map-figure-title = { $count ->
    [one] Map of { $count } recording, { $method }
   *[other] Map of { $count } recordings, { $method }
}
map-figure-axis = { $method } { $number }
map-pca-help = The two directions of largest variance; every position is one vector
map-tsne-help = Neighbours stay neighbours; distances between groups mean little. Computed in the background, for at most 10,000 recordings; the others are placed between their neighbours
map-atlas = Atlas
map-atlas-help = Decode a grid of vectors and draw it behind the points
map-hear = Hear
map-hear-help = Play a recording while the pointer rests on its point
map-fit = Fit
map-fit-help = Show the whole map (double-click)
map-colour-by = Colour by
map-colour-by-help = What the colours of the points show
map-by-class = Class
map-by-class-help = One colour for each class
map-by-duration = Duration
map-by-duration-help = Length of the recording
map-by-level = Level
map-by-level-help = RMS level of what is used of the recording, re full scale 1
map-by-brightness = Brightness
map-by-brightness-help = Spectral centroid: the mean frequency, weighted with the magnitude

## Recordings chosen with the lasso

map-chosen = { $count } chosen
map-save-list = Save list…
map-save-list-help = Names, classes, files and positions as CSV
map-save-sounds = Save sounds…
map-save-sounds-help = The reconstruction of each as WAV, with the vectors
map-clear = Clear
map-clear-help = Clear the lasso's choice

## Progress, and what is missing

map-steps = steps
map-stale = The model has trained further since the recordings were encoded.
map-encode-again = Encode again
map-making = Making the map
map-making-help = Every recording goes through the encoder once.
map-none = No map yet
map-needs-model = A map needs a model: use the demo model, train one, or open one.
map-needs-recordings = Open a folder of recordings: each becomes a point.
map-not-encoded = The open recordings are not encoded yet.
map-encode = Encode the recordings

## Canvas and legend

map-drag-help = Drag to hear sounds between the recordings
map-click-help = Click to go there
map-class = Class { $class }
map-class-help = Click to hide or show; double-click for this class only, or for all
map-more-classes = and { $count } more
map-measure-unknown = { $measure }: not known of these recordings
map-scale-help = { $measure }. Values beyond the ends have the colours of the ends
