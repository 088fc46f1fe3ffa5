"""Work that outlasts a request: what was asked, how far it is, what came of it."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.documents.models import Document


class TaskKind(StrEnum):
    """What is done; `arguments` says with what."""

    EXPORT_LIST = "export_list"  # 导出列表
    WRITE_REGISTER = "write_register"  # 导出整本债权表
    WRITE_LETTERS = "write_letters"  # 制作批量信函
    DECIDE_CLAIMS = "decide_claims"  # 批量审查
    WRITE_PLAN_WORKBOOK = "write_plan_workbook"  # 制作分配明细表
    WRITE_PLAN_DOCUMENT = "write_plan_document"  # 制作方案文书
    WRITE_WHAT_IF = "write_what_if"  # 导出试算明细
    PUBLISH_PLAN = "publish_plan"  # 公布方案的核对材料


class TaskState(StrEnum):
    ORDERED = "ordered"  # 已安排
    DONE = "done"  # 已完成
    STOPPED = "stopped"  # 未能完成


class BackgroundTask(models.Model):
    """One piece of work that a worker does for somebody in a role of the case.

    Only that role sees it and fetches what it made. `progress` holds percent and seconds
    left; `result` what there is to tell at the end, or the reason why it stopped.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="background_tasks")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in TaskKind])
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in TaskState], default=TaskState.ORDERED
    )
    arguments = models.JSONField()
    form_key = models.CharField(max_length=64)  # one form, one task
    role = models.CharField(max_length=30)
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ordered_by", "form_key"], name="task_one_per_form"
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.ORDERED, finished_at=None)
                | ~Q(state=TaskState.ORDERED) & Q(finished_at__isnull=False),
                name="task_finished_at_some_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "role", "-ordered_at"], name="task_by_role")
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"
