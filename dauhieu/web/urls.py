"""The addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from dauhieu.web.accounts import views as accounts
from dauhieu.web.accounts.gate import open_to_all, signed_in
from dauhieu.web.radar import views as radar
from dauhieu.web.signs import views as signs
from dauhieu.web.ui import views as ui

urlpatterns = [
    path("", radar.home, name="home"),
    path("map", radar.risk_map, name="risk_map"),
    path("map/<str:provinces>/<str:code>", radar.province, name="province"),
    path("units", radar.units, name="units"),
    path("units/<str:kind>/<path:code>", radar.unit, name="unit"),
    path("findings/<str:finding_id>", radar.evidence, name="evidence"),
    path("signs", signs.catalogue, name="catalogue"),
    path("signs/<str:sign_id>", signs.sign, name="sign"),
    path("start", accounts.start, name="start"),
    path("trail", accounts.trail, name="trail"),
    path("look", open_to_all(ui.choose_look), name="look"),
    path("components", signed_in(ui.components), name="components"),
    path("account/", include("allauth.urls")),
]
