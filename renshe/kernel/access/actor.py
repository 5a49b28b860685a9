"""Who acts: an account with the posts it holds today."""

from dataclasses import dataclass, field

from django.utils import timezone

from renshe.kernel.access.models import Account
from renshe.kernel.access.terms import GRANTS, OUTSIDE, Permission, Role
from renshe.kernel.common.divisions import prefix, within


@dataclass(frozen=True, slots=True)
class Actor:
    """An account as it acts today: its posts, what they permit and where."""

    account_id: int
    name: str
    post_title: str = ""
    division: str = ""
    roles: frozenset[Role] = field(default=frozenset())
    permissions: frozenset[Permission] = field(default=frozenset({Permission.OPEN}))

    @property
    def is_signed_in(self) -> bool:
        return Permission.SIGNED_IN in self.permissions

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def covers(self, division: str) -> bool:
        """Whether a division lies in the jurisdiction: `330800` covers `330802`, `330802` covers `330802005`."""
        return within(division, self.division)

    def sees(self, division: str) -> bool:
        """Whether this actor may open the records behind a division's figures, and so is shown them exactly."""
        return self.may(Permission.COCKPIT) and self.covers(division)


NOBODY = Actor(account_id=0, name="访客")
SYSTEM = Actor(account_id=0, name="系统")


def actor_of(account: Account) -> Actor:
    """The account with the posts valid today. One query."""
    today = timezone.localdate()
    posts = [
        post for post in account.posts.order_by("valid_from", "id")
        if post.valid_from <= today and (post.valid_until is None or today < post.valid_until)
    ]
    roles = frozenset(Role(post.role) for post in posts)
    at_work = [post for post in posts if Role(post.role) not in OUTSIDE] or posts  # where an employer stands is no jurisdiction
    permissions = frozenset({Permission.OPEN, Permission.SIGNED_IN}).union(*(GRANTS[role] for role in roles))
    return Actor(
        account_id=account.pk, name=account.name, post_title=posts[0].title if posts else "",
        division=min((post.division for post in at_work), key=lambda code: len(prefix(code)), default=""),
        roles=roles, permissions=permissions,
    )
