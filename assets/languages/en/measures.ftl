# What the colours of the map show: reconstruction errors and the values of its points; what the play button plays.

measures-error = Reconstruction error
measures-error-help = How far the recording's image is from what the model makes of it: the mean squared error of the normalised image, which training shows too. Small is good: 0.001 is close, 0.01 is heard
measures-error-missing = Reconstruction error: not measured yet
measures-error-running = Reconstruction error: being measured
measures-measure = Measure
measures-measure-help = Every recording goes through encoder and decoder once
measures-stale = Encode the recordings again first: the model has trained further
measures-worst = Worst { $count }
measures-worst-help = Choose the recordings with the highest errors, as the lasso would
measures-value = { $name }: { $value }
measures-error-value = { $name }: { $value }, { $place } of { $count }, highest first

play-decoded-help = Play the decoded sound (Space; T holds it)
play-decoded-hold-help = Hold to play the decoded sound (T holds it too; Space plays it once)
play-replay-help = Play the decoded sound of the replayed epoch (Space)
play-piece-help = Play the piece (Space)
play-piece-crosshair-help = Play the piece from the kept crosshair on (Space)
play-selection-help = Play the selection (Space)
play-crosshair-help = Play the recording from the kept crosshair on (Space)
play-sight-help = Play the recording from the left edge of the window on (Space)
play-recording-help = Play the recording (Space)
play-stop-help = Stop the sound (Space)
