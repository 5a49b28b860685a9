"""Anchoring by witnesses: what they cosigned is the anchor; nothing more is written."""

from renshe.kernel.ledger.anchors import Unanchored
from renshe.kernel.ledger.models import Cosignature


class Witnesses:
    """The means that needs nothing but the witnesses."""

    means = "见证"

    def publish(self, size: int, root: bytes) -> str | None:
        """The names of those who cosigned; None when nobody has yet."""
        return "、".join(self._names(size))[:200] or None

    def confirm(self, size: int, root: bytes, reference: str) -> str:
        """Who cosigned. Raises Unanchored when nobody did."""
        names = self._names(size)
        if not names:
            raise Unanchored(f"{size}条的检查点上没有见证签名")
        return f"{len(names)}家见证：{'、'.join(names)}"

    def _names(self, size: int) -> list[str]:
        found = Cosignature.objects.filter(checkpoint__size=size).order_by("witness_id")
        return list(found.values_list("witness__label", flat=True))
