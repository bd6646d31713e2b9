from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "dauhieu.web.desk"
    label = "desk"
