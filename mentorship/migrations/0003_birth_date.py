"""The date of birth of minors in place of the day of their coming of age."""

import datetime as dt

from django.db import migrations, models


def moved(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def remember_birth(apps, schema_editor):
    Participant = apps.get_model("mentorship", "Participant")
    for person in Participant.objects.exclude(adult_on=None).iterator():
        person.birth_date = moved(person.adult_on, -18)
        person.save(update_fields=["birth_date"])


def remember_adulthood(apps, schema_editor):
    Participant = apps.get_model("mentorship", "Participant")
    for person in Participant.objects.exclude(birth_date=None).iterator():
        person.adult_on = moved(person.birth_date, 18)
        person.save(update_fields=["adult_on"])


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="birth_date",
            field=models.DateField(
                blank=True,
                help_text="Только для несовершеннолетних: видят куратор и классный руководитель, в 18 лет останется год.",
                null=True,
                verbose_name="дата рождения",
            ),
        ),
        migrations.RunPython(remember_birth, remember_adulthood, elidable=False),
    ]
