# Texts of the widgets that several views share, of the axes of plots, and of the sheet that exports figures.

# Plots
axis-amplitude = Amplitude
axis-level = dB re 1
axis-time = Time (s)
axis-frequency = Frequency (Hz)
axis-weight = Weight (1/kHz)
strip-padding = padding
widget-lowest-colour = Lowest colour
widget-lowest-colour-help = Lowest colour: { $value } { $unit }. Drag to change, double-click to fit each file
widget-highest-colour = Highest colour
widget-highest-colour-help = Highest colour: { $value } { $unit }. Drag to change, double-click to fit each file
widget-filters = { $count ->
    [one] { $count } band, { $low } to { $high }
   *[other] { $count } bands, { $low } to { $high }
}
widget-filter = { $name } { $band } { $centre } Hz, from { $low } to { $high } Hz
widget-filter-help =
    { $name } { $band }
    from { $low } to { $high } Hz
    centre { $centre } Hz
    weight { $weight } per kHz

# Rows, forms and tables
widget-fold = Fold { $title }
widget-unfold = Unfold { $title }
widget-off = off
widget-held = { $help }. { $reason }
widget-layer = Layer
widget-output-shape = Output shape
widget-parameters = Parameters
widget-total = Total

# Recordings
widget-name = Name
widget-left-out = { $name } (left out)
widget-left-out-help = Left out of training, data set and doctor; X includes it again
widget-class = Class: { $class }
widget-unknown-length = unknown length
widget-format = { $channels ->
    [one] { $length }, { $rate }, { $channels } channel
   *[other] { $length }, { $rate }, { $channels } channels
}
widget-pieces-of = Pieces of { $name }
widget-pieces = { $count ->
    [one] { $count } piece
   *[other] { $count } pieces
}
widget-pieces-help = { $name }: shows where it is cut
widget-fold-pieces-help = Show or hide its pieces
widget-include = Include these again
widget-include-help = They are left out of training, data set and doctor
widget-leave-out = Leave these out
widget-leave-out-help = { $count ->
    [one] Leaves { $count } recording out of training, data set and doctor; the files stay as they are, and Ctrl+Z undoes it
   *[other] Leaves { $count } recordings out of training, data set and doctor; the files stay as they are, and Ctrl+Z undoes it
}

# The export sheet
figure-export = Export
figure-export-figure = Figure
figure-export-shows = Shows
figure-export-shows-help = Uses the window's zoom, crosshair and filters
figure-export-size = Size
figure-export-window = Window
figure-export-page = Page
figure-export-column = Column
figure-export-slide = Slide
figure-export-points = { $width } × { $height } points
figure-export-paper = Paper
figure-export-light = Light
figure-export-light-help = For print
figure-export-dark = Dark
figure-export-dark-help = For dark slides
figure-export-width = Width
figure-export-width-help = Width in points: text keeps its size, plots fill the rest. A figure that needs more height gets it
figure-export-height = Height
figure-export-height-help = Height in points: text keeps its size, plots fill the rest. A figure that needs more height gets it
figure-export-png-at = points, PNG at
figure-export-scale = Scale
figure-export-scale-help = Pixels per point: 2 or more is sharp in print
figure-export-save-png = Save PNG…
figure-export-save-png-help = { $width } × { $height } pixels
figure-export-save-png-help-or-higher = { $width } × { $height } pixels, or higher as its contents need
figure-export-save-svg = Save SVG…
figure-export-save-svg-help = Scalable, for papers and for editing; text stays text
figure-export-nothing = Nothing to draw yet
figure-export-png-size = PNG: { $width } × { $height } pixels
figure-export-png-size-or-higher = PNG: { $width } × { $height } pixels, or higher as its contents need
figure-export-array = Array of a stage
figure-export-stage = Stage
figure-export-save-npy = Save .npy…
figure-export-save-npy-help = 32-bit floats, as numpy.load reads them
figure-export-long-sound = Sounds over a minute are computed in parts: `timbrespace stages FILE --out FOLDER` saves them whole
figure-export-no-recording = Select a recording first
figure-export-shape = Shape { $shape }
figure-export-complex-shape = Shape { $shape }, real and imaginary parts
figure-export-loaded = Loaded signal
figure-export-padded = Padded signal
figure-export-stft = STFT, complex
figure-export-magnitude = STFT magnitude
figure-export-normalised = Normalised image
figure-export-sound = Sound
figure-export-save-selection = Save selection as WAV…
figure-export-save-selection-help = { $from } to { $to } s of the padded signal, 24 bit
figure-export-save-signal = Save padded signal as WAV…
figure-export-save-signal-help = Shift+drag in a stage to select a part; without a selection, saves the whole padded signal, 24 bit
