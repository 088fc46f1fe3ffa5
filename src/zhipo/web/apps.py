from django.apps import AppConfig

from zhipo.web import logs


class WebConfig(AppConfig):
    name = "zhipo.web"

    def ready(self) -> None:
        logs.configure()
