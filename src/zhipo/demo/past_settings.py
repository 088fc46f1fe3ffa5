"""The settings of the web, in a process whose clock was turned back (demo/past)."""

from zhipo.demo.past import turn_back_as_told
from zhipo.web.settings import *  # noqa: F403  the same settings, whatever they are

turn_back_as_told()
