from django.apps import AppConfig


class RadarConfig(AppConfig):
    name = "dauhieu.web.radar"
    label = "radar"
