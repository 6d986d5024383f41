#!/usr/bin/python3
"""Prints the window as a screen reader reads it: role, name, description and value of everything, over AT-SPI.

    scripts/read-window.py [--press NAME]... [--until TEXT]... PROGRAM [ARGUMENT...]
    scripts/read-window.py --check

It opens PROGRAM on a screen of its own (Xvfb) and a session bus of its own, and announces a screen reader there. --press presses the
controls of these names, one after another; --until waits for names that contain these texts. --check says what is missing on this
machine. Python is the system's, because the module gi is.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings

PROGRAMS = ["xvfb-run", "Xvfb", "xauth", "dbus-run-session"]
LAUNCHERS = ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"]
SCREEN = "-screen 0 1280x800x24"
SECONDS = 240
# Set in the environment of the half that runs on the bus of its own.
INSIDE = "TIMBRESPACE_READ_WINDOW"


def missing():
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if not any(os.path.exists(path) for path in LAUNCHERS):
        absent.append("at-spi2-core")
    try:
        import gi

        gi.require_version("Atspi", "2.0")
    except (ImportError, ValueError):
        absent.append("python3-gi with gir1.2-atspi-2.0")
    return absent


def on_a_bus_of_its_own(arguments):
    """Starts this script again below Xvfb and dbus-run-session."""
    with tempfile.TemporaryDirectory() as runtime:
        os.chmod(runtime, 0o700)
        environment = {**os.environ, INSIDE: "yes", "XDG_RUNTIME_DIR": runtime, "NO_AT_BRIDGE": "0"}
        for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
            environment.pop(name, None)
        command = ["xvfb-run", "-a", "-s", SCREEN, "dbus-run-session", "--", sys.executable, __file__, *arguments]
        return subprocess.run(command, env=environment, check=False).returncode


def announce_a_screen_reader():
    from gi.repository import Gio, GLib

    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        place = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set")
        bus.call_sync(*place, value, None, Gio.DBusCallFlags.NONE, -1, None)


def application(desktop, pid):
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and child.get_process_id() == pid:
            return child
    return None


def walk(node, depth=0):
    yield node, depth
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield from walk(child, depth + 1)


def line(node, depth):
    words = ["  " * depth + node.get_role_name(), f'"{node.get_name()}"']
    if node.get_description():
        words.append(f"({node.get_description()})")
    value = node.get_value_iface()
    if value is not None:
        words.append(f"= {value.get_current_value():.4g}")
    from gi.repository import Atspi

    states = node.get_state_set()
    named = [("focused", Atspi.StateType.FOCUSED), ("selected", Atspi.StateType.SELECTED)]
    words += [f"[{name}]" for name, state in named if states.contains(state)]
    return " ".join(words)


def nodes(desktop, pid):
    """What there is now; none while the window is changing."""
    from gi.repository import GLib

    try:
        found = application(desktop, pid)
        return [] if found is None else list(walk(found))
    except GLib.Error:
        return []


def wait_for(desktop, program, is_wanted, what):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if program.poll() is not None:
            sys.exit(f"the program ended with {program.returncode}")
        found = first(nodes(desktop, program.pid), is_wanted)
        if found is not None:
            return found
        time.sleep(0.5)
    print("\n".join(lines(desktop, program.pid)), file=sys.stderr)
    sys.exit(f"after {SECONDS} s there is no {what}")


def first(found, is_wanted):
    """The first wanted node; none where the window changed under way, because nodes that went away have no names."""
    from gi.repository import GLib

    try:
        return next((node for node, _ in found if is_wanted(node)), None)
    except GLib.Error:
        return None


def lines(desktop, pid):
    """Everything in lines, read again until the window did not change meanwhile."""
    from gi.repository import GLib

    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            read = [line(node, depth) for node, depth in nodes(desktop, pid)]
            if read:
                return read
        except GLib.Error:
            pass
        time.sleep(0.5)
    sys.exit(f"after {SECONDS} s the window could not be read as a whole")


def press(desktop, program, name):
    """Presses the control called `name`; once more where it went away before it was pressed."""
    from gi.repository import GLib

    while True:
        node = wait_for(desktop, program, lambda node: node.get_name() == name and node.get_action_iface() is not None, f"control {name}")
        try:
            node.get_action_iface().do_action(0)
            return
        except GLib.Error:
            time.sleep(0.5)


def inside(options):
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    announce_a_screen_reader()
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    # Without a main loop nobody would tell what is kept that the window has changed.
    desktop.set_cache_mask(Atspi.Cache.NONE)
    program = subprocess.Popen([options.program, *options.arguments], stdout=sys.stderr)
    try:
        for name in options.press:
            press(desktop, program, name)
        for until in options.until:
            wait_for(desktop, program, lambda node: until in node.get_name(), f"name with {until}")
        print("\n".join(lines(desktop, program.pid)))
    finally:
        program.send_signal(signal.SIGTERM)
        try:
            program.wait(20)
        except subprocess.TimeoutExpired:
            program.kill()


def main():
    # The names of some functions changed from release to release of libatspi; the old ones are in all.
    warnings.simplefilter("ignore", DeprecationWarning)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--press", action="append", default=[])
    parser.add_argument("--until", action="append", default=[], metavar="TEXT")
    parser.add_argument("program", nargs="?")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    absent = missing()
    if absent:
        sys.exit("missing: " + ", ".join(absent))
    if options.check:
        return
    if options.program is None:
        parser.error("which program?")
    if os.environ.get(INSIDE):
        inside(options)
    else:
        sys.exit(on_a_bus_of_its_own(sys.argv[1:]))


main()
