"""Whether the audit log is there and in order. Like the book it cannot be made again: nothing goes on without it by itself."""

from __future__ import annotations

from fullcircle.govern.audit import AuditFile, anchor_at, check_anchor, lost_log
from fullcircle.govern.audit_anchor import anchor_in, put_anchor
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.audit_publish import checkpoint_folder, signed_checkpoint
from fullcircle.govern.audit_verify import verify_since
from fullcircle.home.examine import Home


def check_audit(home: Home) -> None:
    """AuditBroken if the log is lost or not in order since the last run; otherwise the book learns how far it goes.

    If [audit] names a folder for checkpoints, one is written.
    """
    settings = home.settings
    path, anchor = settings.home / AUDIT, anchor_in(home.book)
    if lost := lost_log(settings.home, anchor):
        raise lost
    if not path.exists():
        return
    with AuditFile(path) as audit:
        if anchor:
            check_anchor(audit, anchor)
            anchor = anchor if anchor.origin == audit.state().origin else None  # of the log before this one
    now = verify_since(path, anchor)
    put_anchor(home.book, anchor_at(now))
    if home.folder == settings.home and checkpoint_folder(settings) and (not anchor or anchor.size < now.size):
        signed_checkpoint(settings.home, settings)
