import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import dauhieu.web.accounts.scope


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("full_name", models.CharField(blank=True, max_length=150, verbose_name="full name")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=40)),
                (
                    "territory_kind",
                    models.CharField(
                        choices=[
                            (dauhieu.web.accounts.scope.TerritoryKind["NATION"], "the whole country"),
                            (dauhieu.web.accounts.scope.TerritoryKind["PROVINCE"], "province"),
                            (dauhieu.web.accounts.scope.TerritoryKind["FORMER_PROVINCE"], "province before July 2025"),
                            (dauhieu.web.accounts.scope.TerritoryKind["OFFICE"], "office"),
                        ],
                        max_length=20,
                    ),
                ),
                ("territory_code", models.CharField(blank=True, max_length=20)),
                (
                    "branch",
                    models.CharField(
                        blank=True,
                        choices=[
                            (dauhieu.web.accounts.scope.Branch["SOCIAL"], "Social insurance"),
                            (dauhieu.web.accounts.scope.Branch["UNEMPLOYMENT"], "Unemployment insurance"),
                            (dauhieu.web.accounts.scope.Branch["HEALTH"], "Health insurance"),
                            (dauhieu.web.accounts.scope.Branch["CROSS"], "Several branches"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("given_by", models.CharField(max_length=150)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("territory_code", ""),
                                ("territory_kind", dauhieu.web.accounts.scope.TerritoryKind["NATION"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("territory_kind", dauhieu.web.accounts.scope.TerritoryKind["NATION"]),
                                    _negated=True,
                                ),
                                models.Q(("territory_code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grant_names_its_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="grant_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
