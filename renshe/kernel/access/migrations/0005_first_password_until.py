"""First passwords end by themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0004_role_leader"),
    ]

    operations = [
        migrations.AddField(
            model_name="account", name="password_until", field=models.DateTimeField(null=True, verbose_name="初始密码失效时间"),
        ),
    ]
