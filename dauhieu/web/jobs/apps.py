from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dauhieu.web.jobs"
    label = "jobs"
