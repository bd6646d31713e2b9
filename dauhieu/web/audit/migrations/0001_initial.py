from django.db import migrations, models

import dauhieu.web.audit.acts


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("moment", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(blank=True, db_index=True, max_length=150)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            (dauhieu.web.audit.acts.Act["SIGNED_IN"], "signed in"),
                            (dauhieu.web.audit.acts.Act["SIGN_IN_FAILED"], "failed to sign in"),
                            (dauhieu.web.audit.acts.Act["SIGNED_OUT"], "signed out"),
                            (dauhieu.web.audit.acts.Act["PASSWORD_CHANGED"], "changed the password"),
                            (dauhieu.web.audit.acts.Act["FACTOR_ADDED"], "added a second factor"),
                            (dauhieu.web.audit.acts.Act["FACTOR_REMOVED"], "removed a second factor"),
                            (dauhieu.web.audit.acts.Act["ROLE_GIVEN"], "gave a role"),
                            (dauhieu.web.audit.acts.Act["ROLE_ENDED"], "ended a role"),
                            (dauhieu.web.audit.acts.Act["UNIT_READ"], "read the page of a unit"),
                            (dauhieu.web.audit.acts.Act["EVIDENCE_READ"], "read the rows of a finding"),
                            (dauhieu.web.audit.acts.Act["TRAIL_READ"], "read the trail"),
                            (dauhieu.web.audit.acts.Act["REFUSED"], "was refused"),
                        ],
                        max_length=40,
                    ),
                ),
                ("subject", models.CharField(blank=True, db_index=True, max_length=200)),
                ("purpose", models.CharField(blank=True, max_length=500)),
                ("details", models.TextField(default="{}")),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
    ]
