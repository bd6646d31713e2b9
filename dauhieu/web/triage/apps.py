from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "dauhieu.web.triage"
    label = "triage"
