from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "dauhieu.web.editor"
    label = "editor"
