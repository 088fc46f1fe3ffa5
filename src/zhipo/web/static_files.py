"""Static files with their content's hash in the name where they were collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Plain names while nothing was collected (tests); hashed names on a server."""

    manifest_strict = False
