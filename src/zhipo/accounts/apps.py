from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhipo.accounts"
