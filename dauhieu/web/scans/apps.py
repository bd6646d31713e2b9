from django.apps import AppConfig


class ScansConfig(AppConfig):
    name = "dauhieu.web.scans"
    label = "scans"
