from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "dauhieu.web.notices"
    label = "notices"
