"""A draft holds any number of changes; what the drafts of before changed becomes their only one."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import renshe.kernel.sweeps.terms


def gather(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    drafts = apps.get_model("sweeps", "Draft")
    for draft in drafts.objects.all():
        if draft.parameter:
            change = {"kind": "value", "name": draft.parameter, "value": draft.value}
        else:
            change = {"kind": "switch", "name": draft.rule, "since": draft.rule_since.isoformat() if draft.rule_since else "0001-01-01"}
        drafts.objects.filter(pk=draft.pk).update(changes=[change])


class Migration(migrations.Migration):

    dependencies = [("sweeps", "0001_initial")]

    operations = [
        migrations.AddField("draft", "changes", models.JSONField(default=list, verbose_name="改动")),
        migrations.RunPython(gather, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("draft", "parameter"),
        migrations.RemoveField("draft", "value"),
        migrations.RemoveField("draft", "rule"),
        migrations.RemoveField("draft", "rule_since"),
        migrations.AlterField("draft", "state", models.CharField(
            choices=renshe.kernel.sweeps.terms.DraftState.choices(), default=renshe.kernel.sweeps.terms.DraftState.EDITING,
            max_length=10, verbose_name="状态",
        )),
    ]
