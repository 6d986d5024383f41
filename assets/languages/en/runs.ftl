# runs
