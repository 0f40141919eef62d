"""What the cards of the demo school tell: courses, contests, a marriage, pupils and their class teacher, a farewell."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import User
from accounts.permissions import Role
from config.demo.story import Story
from mentorship.forms.histories import AchievementForm, CourseForm
from mentorship.forms.participants import EditParticipantForm, NewParticipantForm
from mentorship.forms.posts import PostForm
from mentorship.models import Achievement, ConsentKind, Course, Participant, Resource
from mentorship.services.departures import leave
from mentorship.services.histories import save_achievement, save_course
from mentorship.services.participants import add_participant, add_post, change_participant, change_post
from mentorship.services.photos import set_photo


class Study(NamedTuple):
    """A course: when it ended and until when it counts, as offsets (no term: None)."""

    title: str
    provider: str
    hours: int
    ended: int
    until: int | None
    paper: str = ""


COURSES = {
    "Гнедых": Study("Доказательство на уроке геометрии", "Институт развития образования", 72, -1075, 19, "ПК № 104511"),
    "Хасанов": Study("Школьный эксперимент по физике", "Приозёрский университет", 36, -1105, -11, "ПК № 098120"),
    "Ткач": Study("Безопасность детей в сети", "Институт развития образования", 36, -210, None, "удостоверение № 3317"),
    "Бондаренко": Study("Наставник молодого учителя", "Институт развития образования", 24, -150, 940),
}
ACHIEVEMENTS = {
    "Ефремова": ("conference", "Чтения «Первый год в школе»", "municipal", -21, "выступление"),
    "Ткач": ("contest", "Конкурс цифровых уроков", "regional", -96, "призёр"),
    "Цой": ("publication", "Статья «Опыт без лаборатории» в сборнике", "regional", -180, ""),
    "Гнедых": ("award", "Почётная грамота управления образования", "municipal", -320, ""),
}
DEPARTMENTS = {
    "Гнедых": ("кафедра математики и информатики", "1.25"),
    "Барсуков": ("кафедра математики и информатики", "1"),
    "Ткач": ("кафедра математики и информатики", "1.5"),
    "Хасанов": ("кафедра естественных наук", "1"),
    "Цой": ("кафедра естественных наук", "1"),
}


def tell(story: Story) -> None:
    """Two years of the cards, up to what waits today."""
    with story.calendar.at(-415):
        for surname, (department, load) in DEPARTMENTS.items():
            describe_post(story, surname, department=department, load=load)
        work_elsewhere(story)
    farewell(story)
    marriage(story)
    with story.calendar.at(-62):
        ninth_form(story)
    with story.calendar.at(-20):
        for surname, study in COURSES.items():
            study_course(story, surname, study)
        for surname, (kind, title, level, held, result) in ACHIEVEMENTS.items():
            held_on = story.calendar.day(held)
            achieve(story, surname, kind=kind, title=title, level=level, held_on=held_on, result=result)
    with story.calendar.at(-18):
        photograph(story)


def saved(form: Any) -> Any:
    """A valid form, or a mistake in the demo."""
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    return form


def describe_post(story: Story, surname: str, **details: str) -> None:
    post = story.cards[surname].posts.get()
    data = {"title": post.title, "subjects": post.subjects, "starts_on": post.starts_on, "is_main": "on", **details}
    change_post(form=saved(PostForm(data, instance=post)), actor=story.curator)


def work_elsewhere(story: Story) -> None:
    """The same person works in two places: the other school keeps a card of its own."""
    add_post(
        participant=story.cards["Сидоренко"],
        actor=story.curator,
        title="педагог дополнительного образования",
        starts_on=story.calendar.day(-600),
        is_main=False,
        workplace="Дворец творчества г. Приозёрска",
    )


def farewell(story: Story) -> None:
    """Somebody who worked here and left last spring."""
    with story.calendar.at(-414):
        person = open_card(story, "Степанова Алла Юрьевна", "teacher", post_title="учитель физики", birth_year=1961)
    with story.calendar.at(-178) as day:
        leave(participant=person, left_on=day, reason="увольнение в связи с выходом на пенсию", actor=story.curator)


def marriage(story: Story) -> None:
    with story.calendar.at(-90):
        person = story.cards["Мельник"]
        form = EditParticipantForm(instance=person)
        data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
        new = {"surname": "Гончар", "name_kind": EditParticipantForm.NEW, "renamed_on": story.calendar.day(-96)}
        form = saved(EditParticipantForm({**data, **new}, instance=person))
        change_participant(form=form, actor=story.curator, renamed_on=form.renamed_since)


def ninth_form(story: Story) -> None:
    """Pupils of one class with their class teacher; of one nothing is known but the class."""
    teacher = User.objects.with_role(story.organisation, Role.CLASS_TEACHER).first()
    details = {"class_name": "9 «Б»", "class_teacher": teacher.pk if teacher else ""}
    born = dt.date(story.calendar.today.year - 15, 4, 12)
    pupil = open_card(story, "Рогов Матвей Денисович", "pupil", birth_date=born, **details)
    open_card(story, "Синицына Ева Артёмовна", "pupil", **details)
    story.cards["Рогов"] = pupil
    story.agree(
        "Рогов",
        ConsentKind.PROCESSING,
        representative="Рогова Анна Сергеевна",
        relation="мать",
        own_signature=True,
    )


def open_card(story: Story, full_name: str, category: str, **details: Any) -> Participant:
    surname, given_name, patronymic = full_name.split()
    data = {"surname": surname, "given_name": given_name, "patronymic": patronymic, "category": category, **details}
    form = saved(NewParticipantForm(data, instance=Participant(organisation=story.organisation)))
    post = {"title": details.get("post_title", ""), "starts_on": story.calendar.day(-500)}
    return add_participant(form=form, actor=story.curator, post=post)


def study_course(story: Story, surname: str, study: Study) -> None:
    data = {
        "title": study.title,
        "provider": study.provider,
        "hours": study.hours,
        "ended_on": story.calendar.day(study.ended),
        "valid_until": "" if study.until is None else story.calendar.day(study.until),
        "paper": study.paper,
    }
    form = saved(CourseForm(data, instance=Course(participant=story.cards[surname])))
    paper = None
    if surname == "Гнедых":
        paper = story.scan(f"Курс «{study.title}» пройден.")
        paper.name = "Удостоверение.pdf"
    save_course(form=form, actor=story.curator, file=paper)


def achieve(story: Story, surname: str, **data: Any) -> None:
    form = saved(AchievementForm(data, instance=Achievement(participant=story.cards[surname])))
    save_achievement(form=form, actor=story.curator)


def photograph(story: Story) -> None:
    """One teacher agreed to be photographed; the picture is drawn."""
    story.agree("Ткач", ConsentKind.PHOTO, resources=[Resource.SECTION.value])
    picture, file = Image.new("RGB", (600, 600), "#dbe7e4"), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 110, 410, 350), fill="#c58f6c")
    pen.ellipse((90, 380, 510, 900), fill="#0d5960")
    picture.save(file, "JPEG")
    set_photo(participant=story.cards["Ткач"], photo=ContentFile(file.getvalue(), name="foto.jpg"), actor=story.curator)
