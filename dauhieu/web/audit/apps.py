from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dauhieu.web.audit"
    label = "audit"
