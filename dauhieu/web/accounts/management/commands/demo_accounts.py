"""`dauhieu-web demo_accounts`: the accounts with which the demo is looked at."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import TerritoryKind

# name -> full name, role, kind of territory, code, branch
DEMO = {
    "lanh.dao": ("Lãnh đạo trung ương", "leader", TerritoryKind.NATION, "", ""),
    "thanh.tra": ("Thanh tra viên, trung ương", "inspector", TerritoryKind.NATION, "", ""),
    "phan.tich": ("Chuyên viên phân tích, trung ương", "analyst", TerritoryKind.NATION, "", ""),
    "ha.noi": ("Thanh tra viên, Hà Nội", "inspector", TerritoryKind.PROVINCE, "01", ""),
    "giam.dinh": ("Giám định viên BHYT, TP. Hồ Chí Minh", "claims_review", TerritoryKind.PROVINCE, "79", "health"),
    "soan.thao": ("Chuyên viên soạn dấu hiệu", "sign_author", TerritoryKind.NATION, "", ""),
    "phe.duyet": ("Người phê duyệt dấu hiệu", "sign_approver", TerritoryKind.NATION, "", ""),
    "can.bo": ("Cán bộ nghiệp vụ, Hà Nội", "officer", TerritoryKind.PROVINCE, "01", ""),
    "quan.tri": ("Quản trị hệ thống", "administrator", TerritoryKind.NATION, "", ""),
    "quan.tri.hai": ("Quản trị hệ thống thứ hai", "administrator", TerritoryKind.NATION, "", ""),
    "kiem.toan": ("Kiểm toán nội bộ", "auditor", TerritoryKind.NATION, "", ""),
}
SINCE = date(2025, 7, 1)


class Command(BaseCommand):
    help = "Make the accounts of the demo and print them with a password. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These accounts are for the demo alone.")
        password = self._password()
        for name, (full_name, role, kind, code, branch) in DEMO.items():
            user, made = User.objects.get_or_create(username=name, defaults={"full_name": full_name})
            if made or not user.check_password(password):
                user.set_password(password)
                user.save()
            if made:
                give_role(
                    user=user,
                    role=role,
                    territory_kind=kind,
                    territory_code=code,
                    branch=branch,
                    valid_from=SINCE,
                    by="demo",
                )
            self.stdout.write(f"  {name:<12} {password}   {full_name}")

    def _password(self) -> str:
        """Drawn once and kept beside the demo's data: a password which everybody knows would be no password."""
        file = settings.DATA_FOLDER / "demo-password"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(secrets.token_hex(8), encoding="utf-8")
            file.chmod(0o600)
        return str(file.read_text(encoding="utf-8"))
