"""Setting Django up where a benchmark needs its models and no server."""

import os


def set_up() -> None:
    for name in ("ZHIPO_SECRET_KEY", "ZHIPO_DATA_KEY", "ZHIPO_LOOKUP_KEY"):
        os.environ.setdefault(name, "00")
    os.environ.setdefault("DATABASE_URL", "postgresql://127.0.0.1/none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhipo.web.settings")
    import django

    django.setup()
