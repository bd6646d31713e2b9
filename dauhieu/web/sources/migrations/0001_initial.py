import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("by", models.CharField(db_index=True, max_length=150)),
                ("moment", models.DateTimeField(db_index=True)),
                ("name", models.CharField(max_length=150)),
                ("size", models.BigIntegerField()),
                ("table", models.CharField(blank=True, max_length=60)),
                ("mode", models.CharField(choices=[("adds", "adds"), ("replaces", "replaces")], max_length=10)),
                ("months", models.CharField(blank=True, max_length=200)),
                ("encoding", models.CharField(blank=True, max_length=10)),
                ("source", models.CharField(max_length=200)),
                ("job", models.UUIDField(null=True)),
                ("digest", models.CharField(blank=True, db_index=True, max_length=64)),
                ("landed", models.BooleanField(null=True)),
                ("report", models.TextField(blank=True)),
                ("refused", models.TextField(blank=True)),
                ("swept", models.BooleanField(default=False)),
            ],
        ),
    ]
