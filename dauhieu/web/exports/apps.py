from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "dauhieu.web.exports"
    label = "exports"
