"""The queue behind Django's interface of tasks: `@task` functions are enqueued as everywhere in Django."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.queue import enqueue

STATUS: Mapping[str, Any] = {
    "ready": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}


class Backend(BaseTaskBackend):
    supports_defer = True
    supports_priority = True
    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        arguments = {"args": list(args), "kwargs": dict(kwargs)}
        job = enqueue(task.module_path, arguments, now=timezone.now(), run_after=task.run_after, priority=task.priority)
        return self._result(job, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        try:
            job = Job.objects.get(pk=result_id)
        except (Job.DoesNotExist, ValidationError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return self._result(job, import_string(job.task))

    def _result(self, job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
        arguments = json.loads(job.arguments)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=str(job.pk),
            status=STATUS[job.state],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=arguments["args"],
            kwargs=arguments["kwargs"],
            backend=self.alias,
            errors=[],
            worker_ids=[job.worker] if job.worker else [],
        )
        if job.state == "done":
            object.__setattr__(result, "_return_value", json.loads(job.result))
        return result
