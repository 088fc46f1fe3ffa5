"""The demo's sentences."""

from pathlib import Path

from zhipo.kernel.phrases import Phrases

words = Phrases(Path(__file__).with_name("phrases.yaml"))
