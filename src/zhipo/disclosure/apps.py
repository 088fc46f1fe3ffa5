from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "zhipo.disclosure"
