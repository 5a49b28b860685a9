from django.db import migrations, models

SPAN = {"max_digits": 24, "decimal_places": 6, "null": True}


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_freshness_frames")]

    operations = [
        migrations.AddField(model_name=model, name=name, field=field)
        for model in ("figure", "trail")
        for name, field in (
            ("low", models.DecimalField(verbose_name="公布下限", **SPAN)),
            ("high", models.DecimalField(verbose_name="公布上限", **SPAN)),
            ("step", models.PositiveIntegerField(verbose_name="公布步长", null=True)),
        )
    ]
