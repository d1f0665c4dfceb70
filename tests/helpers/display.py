"""A display of X for tests, whose picture can be read and whose windows can be closed as by hand."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np

XVFB = shutil.which("Xvfb") or ""
SCREEN = "1280x800x24"
CLIENT_MESSAGE = 33
COLOUR_ENTRY_BYTES = 12


class ClientMessage(ctypes.Structure):
    """Xlib's XClientMessageEvent, as long as its XEvent."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 12),
    ]


class Display:
    """An Xvfb without a window manager.

    Args:
        folder: For the picture of its screen.
    """

    def __init__(self, folder: Path) -> None:
        reader, writer = os.pipe()
        options = ["-displayfd", str(writer), "-screen", "0", SCREEN, "-fbdir", str(folder), "-nolisten", "tcp"]
        # -noreset: what a window manager would make known, and is made known here, stays so.
        self._server = subprocess.Popen([XVFB, "-noreset", *options], pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.name = f":{pipe.readline().strip()}"
        self._screen = folder / "Xvfb_screen0"
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XDefaultRootWindow.restype = self._x11.XInternAtom.restype = ctypes.c_ulong
        self._connection = ctypes.c_void_p(self._x11.XOpenDisplay(self.name.encode()))
        # Blender listens for the second only if it is known when Blender starts (3.4).
        self._protocols, self._delete = (
            self._x11.XInternAtom(self._connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
        )

    def picture(self) -> np.ndarray:
        """What is on the screen: uint8 (height, width, 3)."""
        content = self._screen.read_bytes()
        header = np.frombuffer(content, ">u4", 25)
        size, width, height, row_bytes, colours = (int(header[index]) for index in (0, 4, 5, 12, 19))
        rows = np.frombuffer(content, np.uint8, height * row_bytes, size + colours * COLOUR_ENTRY_BYTES)
        return rows.reshape(height, row_bytes // 4, 4)[:, :width, 2::-1]

    def ask_windows_to_close(self) -> int:
        """What the cross in a window's corner does, for every window. Returns how many there are."""
        windows = self._windows()
        for window in windows:
            event = ClientMessage(
                type=CLIENT_MESSAGE,
                window=window,
                message_type=self._protocols,
                format=32,
                data=(self._delete, 0, 0, 0, 0),
            )
            self._x11.XSendEvent(self._connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
        self._x11.XFlush(self._connection)
        return len(windows)

    def close(self) -> None:
        """Ends it."""
        self._x11.XCloseDisplay(self._connection)
        self._server.terminate()
        self._server.wait()

    def _windows(self) -> list[int]:
        root = ctypes.c_ulong(self._x11.XDefaultRootWindow(self._connection))
        ignored, windows, count = ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        places = [ctypes.byref(each) for each in (ignored, ignored, windows, count)]
        self._x11.XQueryTree(self._connection, root, *places)
        return windows[: count.value]
