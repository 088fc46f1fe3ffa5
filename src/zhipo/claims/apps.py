from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "zhipo.claims"
