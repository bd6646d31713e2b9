from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "dauhieu.web.persons"
    label = "persons"
