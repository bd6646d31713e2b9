from __future__ import annotations

from django.db import models


class SignVersion(models.Model):
    """What the site published under an id: both files as they were then, who wrote and who approved them.

    Signs written by command have none; their history is in the version control of the site folder.
    """

    sign_id = models.CharField(max_length=30, db_index=True)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=20)
    sign_text = models.TextField()
    examples_text = models.TextField()
    author = models.CharField(max_length=150)
    approver = models.CharField(max_length=150)
    words = models.TextField(blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("-published_at", "-id")

    def __str__(self) -> str:
        return f"{self.sign_id} {self.version}"
