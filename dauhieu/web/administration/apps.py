from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "dauhieu.web.administration"
    label = "administration"
