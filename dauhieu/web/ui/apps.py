from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dauhieu.web.ui"
    label = "ui"
