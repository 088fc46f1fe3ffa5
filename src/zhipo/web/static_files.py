"""Static files with their content's hash in the name, once they were collected."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Plain names while nothing was collected (tests); hashed names on a server."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: Any = None) -> str:
        if content is None and not self.hashed_files:
            return name
        return str(super().hashed_name(name, content, filename))
