"""/desk/<case>/evidence...: the books."""

from django.urls import path

from zhipo.portals.desk.views import evidence

urlpatterns = [
    path("<slug:slug>/evidence", evidence.evidence, name="evidence"),
    path("<slug:slug>/evidence/upload", evidence.upload, name="upload_evidence"),
    path("<slug:slug>/evidence/<int:version>", evidence.version, name="evidence_version"),
    path("<slug:slug>/evidence/<int:version>/progress", evidence.progress,
         name="evidence_progress"),
    path("<slug:slug>/evidence/<int:version>/errors.csv", evidence.errors,
         name="evidence_errors"),
    path("<slug:slug>/evidence/<int:version>/seal", evidence.seal, name="seal_evidence"),
    path("<slug:slug>/evidence/<int:version>/changes", evidence.changes,
         name="evidence_changes"),
]  # fmt: skip
