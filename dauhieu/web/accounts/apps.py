from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dauhieu.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from dauhieu.web.accounts import heard

        heard.listen()
