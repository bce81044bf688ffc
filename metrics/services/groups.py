"""Groups whose members are told by a rule of membership instead of one by one."""

from django.db.models import Max

from metrics.models import Group, GroupMember, Series


def fill_groups() -> int:
    """Bring the members of such groups in line; how many joined or left.

    A group with `member_indicator` holds every series of the indicator and the frequency, but its
    declared total, whose entity is of `member_kind` (empty: of any). Called whenever definitions
    change, under the publishing lock, before rules are expanded.
    """
    return sum(_fill(group) for group in Group.objects.filter(member_indicator__isnull=False))


def _fill(group: Group) -> int:
    wanted = Series.objects.filter(
        indicator=group.member_indicator, frequency=group.member_frequency
    )
    if group.total_id:
        wanted = wanted.exclude(pk=group.total_id)
    if group.member_kind:
        wanted = wanted.filter(entity__kind=group.member_kind)
    left, _ = group.members.exclude(series__in=wanted).delete()
    last = group.members.aggregate(last=Max("position"))["last"] or 0
    joining = wanted.exclude(pk__in=group.members.values("series")).order_by("key")
    made = GroupMember.objects.bulk_create(
        [
            GroupMember(group=group, series=one, position=last + n)
            for n, one in enumerate(joining, 1)
        ]
    )
    return left + len(made)
