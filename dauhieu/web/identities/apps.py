from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "dauhieu.web.identities"
    label = "identities"
