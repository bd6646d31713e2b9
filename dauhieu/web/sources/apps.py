from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "dauhieu.web.sources"
    label = "sources"
