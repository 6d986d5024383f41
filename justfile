# The project's commands in one list: `just` (https://just.systems) shows them. Each line also works when it is typed by hand.

[private]
default:
    @just --list --unsorted

# Open the window, with a folder of recordings or a model if you like
run *ARGUMENTS:
    ./scripts/run.sh {{ARGUMENTS}}

# Everything that CI checks: format, clippy, rustdoc, all tests
test:
    ./scripts/test.sh

# Format, clippy and rustdoc, without running a test
check:
    cargo fmt --check
    RUSTC_WORKSPACE_WRAPPER=$PWD/scripts/lint-while-building.sh cargo check --locked --workspace --tests

# The tests whose name contains FILTER
only FILTER:
    RUSTC_WORKSPACE_WRAPPER=$PWD/scripts/lint-while-building.sh cargo nextest run --locked --workspace {{FILTER}}

# The documentation of the code, in the browser
doc:
    cargo doc --no-deps --workspace --open

# One benchmark: model, sound, folder, startup, slider, window, strip or map
bench NAME:
    cargo bench --locked --bench {{NAME}}

# Licences, duplicate and forbidden crates, known vulnerabilities
deny:
    cargo deny check

# Renew assets/notices.txt after a change of dependencies
notices:
    ./scripts/notices.py

# The Free Spoken Digit Dataset, for the examples of README and docs
fsdd:
    ./scripts/fetch-fsdd.sh

# The .deb and the .rpm, in target/packages; --try installs, starts and removes the .deb
package *ARGUMENTS:
    ./scripts/package.sh {{ARGUMENTS}}

# Draw all icons anew from packaging/icons/*.svg
icons:
    ./scripts/icons.sh

# Renew the pictures in screenshots/
screenshots:
    ./scripts/screenshots.sh

# Renew the pictures in tests/snapshots after an intended change of the window
snapshots:
    ./scripts/renew-snapshots.sh

# Damaged files of every format that is read; killed and stopped training runs
torture:
    ./scripts/fuzz.sh
    ./scripts/crash.sh
