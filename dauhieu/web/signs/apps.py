from django.apps import AppConfig


class SignsConfig(AppConfig):
    name = "dauhieu.web.signs"
    label = "signs"
