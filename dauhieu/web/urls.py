"""The addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from dauhieu.web.accounts import oidc, trail
from dauhieu.web.accounts import views as accounts
from dauhieu.web.accounts.gate import open_to_all, signed_in
from dauhieu.web.administration import views as administration
from dauhieu.web.desk import views as desk
from dauhieu.web.editor import views as editor
from dauhieu.web.exports import views as files
from dauhieu.web.exports.trail import export_trail
from dauhieu.web.notices import views as notices
from dauhieu.web.persons import views as persons
from dauhieu.web.radar import exports, papers
from dauhieu.web.radar import views as radar
from dauhieu.web.scans import views as scans
from dauhieu.web.signs import views as signs
from dauhieu.web.sources import views as sources
from dauhieu.web.triage import views as triage
from dauhieu.web.ui import views as ui

urlpatterns = [
    path("", radar.home, name="home"),
    path("map", radar.risk_map, name="risk_map"),
    path("map/<str:provinces>/<str:code>", radar.province, name="province"),
    path("units", radar.units, name="units"),
    path("units/employer/<path:code>/workers", persons.workers, name="workers"),
    path("units/<str:kind>/<path:code>", radar.unit, name="unit"),
    path("persons", persons.persons, name="persons"),
    path("persons/<str:handle>", persons.person, name="person"),
    path("persons/<str:handle>/numbers", persons.numbers, name="numbers"),
    path("findings/<str:finding_id>", radar.evidence, name="evidence"),
    path("exports/map", exports.map_table, name="export_map"),
    path("exports/units", exports.units, name="export_units"),
    path("exports/unit/<str:kind>/<path:code>", exports.findings, name="export_findings"),
    path("exports/files/<uuid:number>", files.export, name="export"),
    path("exports/files/<uuid:number>/cancel", files.export_cancel, name="export_cancel"),
    path("exports/files/<uuid:number>/fetch", files.export_file, name="export_file"),
    path("papers/summary", papers.summary, name="paper_summary"),
    path("papers/map/<str:provinces>/<str:code>", papers.province, name="paper_province"),
    path("papers/units", papers.units, name="paper_units"),
    path("papers/unit/<str:kind>/<path:code>", papers.unit, name="paper_unit"),
    path("exports/trail", export_trail, name="export_trail"),
    path("signs", signs.catalogue, name="catalogue"),
    path("signs/<str:sign_id>", signs.sign, name="sign"),
    path("signs/<str:sign_id>/findings", radar.sign_findings, name="sign_findings"),
    path("work", desk.work, name="work"),
    path("warnings", triage.warnings, name="warnings"),
    path("warnings/decide", triage.decide, name="warnings_decide"),
    path("warnings/undo", triage.undo, name="warnings_undo"),
    path("warnings/views", triage.save_view, name="warnings_save_view"),
    path("warnings/views/<int:number>/drop", triage.drop_view, name="warnings_drop_view"),
    path("warnings/rows/<str:finding_id>", triage.rows, name="warning_rows"),
    path("warnings/<path:key>", triage.warning, name="warning"),
    path("signs/<str:sign_id>/draft", editor.begin, name="draft_begin"),
    path("signs/<str:sign_id>/retire", editor.retire, name="sign_retire"),
    path("editor", editor.drafts, name="drafts"),
    path("editor/new", editor.new, name="draft_new"),
    path("editor/<int:number>/try/start", editor.try_out, name="draft_try"),
    path("editor/<int:number>/try/<int:trial_number>", editor.trial, name="draft_trial"),
    path("editor/<int:number>/try/<int:trial_number>/stop", editor.stop_trial, name="draft_trial_stop"),
    path("editor/<int:number>/submit", editor.submit, name="draft_submit"),
    path("editor/<int:number>/decide", editor.decide, name="draft_decide"),
    path("editor/<int:number>/<str:part>", editor.draft, name="draft"),
    path("editor/<int:number>/<str:part>/save", editor.save, name="draft_save"),
    path("editor/<int:number>/examples/<str:place>", editor.example, name="draft_example"),
    path("editor/<int:number>/examples/<str:place>/save", editor.save_example, name="draft_example_save"),
    path("scans", scans.scans, name="scans"),
    path("scans/start", scans.start, name="scan_start"),
    path("scans/plan", scans.plan, name="scan_plan"),
    path("scans/compare", scans.compare, name="scan_compare"),
    path("scans/orders/<uuid:number>", scans.order, name="scan_order"),
    path("scans/orders/<uuid:number>/cancel", scans.cancel, name="scan_cancel"),
    path("scans/orders/<uuid:number>/retry", scans.retry, name="scan_retry"),
    path("scans/<str:scan_id>", scans.scan, name="scan"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.read_all, name="notices_read"),
    path("notices/mail", notices.choose_mail, name="notices_mail"),
    path("notices/<int:number>", notices.notice, name="notice"),
    path("start", accounts.start, name="start"),
    path("trail", trail.trail, name="trail"),
    path("trail/readers", trail.readers, name="readers"),
    path("sources", sources.overview, name="sources"),
    path("sources/loads", sources.loads, name="loads"),
    path("sources/loads/<int:number>", sources.load, name="load"),
    path("sources/schema", sources.schema, name="schema"),
    path("sources/schema/<str:name>", sources.table, name="table"),
    path("sources/deliver", sources.deliver, name="deliver"),
    path("sources/sendings/<uuid:number>", sources.sending, name="sending"),
    path("sources/sendings/<uuid:number>/set-aside", sources.sending_file, name="sending_file"),
    path("administration", administration.accounts, name="accounts"),
    path("administration/new", administration.new_account, name="new_account"),
    path("administration/accounts/<int:number>", administration.one_account, name="account"),
    path("administration/doctor", administration.doctor, name="doctor"),
    path("administration/roles", administration.roles, name="roles"),
    path("look", open_to_all(ui.choose_look), name="look"),
    path("components", signed_in(ui.components), name="components"),
    path("account/oidc/<str:provider_id>/login/callback/", open_to_all(oidc.callback), name="oidc_callback"),
    path("account/", include("allauth.urls")),
]
