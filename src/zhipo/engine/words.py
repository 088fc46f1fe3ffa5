"""The sentences of the file tools."""

from pathlib import Path

from zhipo.kernel.phrases import Phrases

words = Phrases(Path(__file__).with_name("phrases.yaml"))
