"""The town of the demo: its education office, two schools, their staff with logins and roles."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import ActingHead, Body, BodyMember, Membership, Organisation, Term, User
from accounts.models.organisations import OrganisationKind
from accounts.permissions import Role
from config.demo.clock import Calendar
from config.demo.people import LAKE_STAFF, RIVER_STAFF, Teacher
from orders.models import Series
from site_section.models import Section

LONG_AGO = -900
BUDGET_SCHOOL = "Муниципальное бюджетное общеобразовательное учреждение"
EXTRA_ROLES = {
    "curator": (Role.CURATOR,),
    "curator2": (Role.CURATOR,),
    "psychologist": (Role.PSYCHOLOGIST,),
    "tkach": (Role.SITE_EDITOR,),
    "skovoroda": (Role.METHODICAL_UNION,),
    "vlasenko": (Role.DEPARTMENT_HEAD,),
    "dolgih": (Role.CLASS_TEACHER,),
}


@dataclass
class Town:
    """Everybody the story needs by name."""

    office: Organisation
    lake: Organisation
    river: Organisation
    users: dict[str, User]


def build(calendar: Calendar, password: str) -> Town:
    """Organisations, logins, roles, calendars and number books; no story yet."""
    office = Organisation.objects.create(
        kind=OrganisationKind.MUNICIPALITY,
        slug="priozersk",
        full_name="Управление образования\nадминистрации городского округа Приозёрск",
        name="Управление образования г. Приозёрска",
        place="г. Приозёрск",
        address="г. Приозёрск, площадь Свободы, д. 1",
        head_post="Начальник управления",
        head_name="Озерова Нина Андреевна",
        head_gender="f",
    )
    lake = school(
        office,
        "school17",
        "МБОУ «Школа № 17» г. Приозёрска",
        f"{BUDGET_SCHOOL}\n«Средняя общеобразовательная школа № 17»\nгорода Приозёрска",
        "Воронцов Андрей Кириллович",
        "m",
        "teal",
        "ул. Озёрная, д. 4",
        "17",
    )
    river = school(
        office,
        "lyceum3",
        "МБОУ «Лицей № 3» г. Приозёрска",
        f"{BUDGET_SCHOOL}\n«Лицей № 3» города Приозёрска",
        "Галактионова Инесса Юрьевна",
        "f",
        "cobalt",
        "Речная набережная, д. 12",
        "03",
    )
    Series.objects.create(organisation=lake, name="Основная деятельность", template="{n}-од")
    Series.objects.create(organisation=river, name="Приказы лицея", template="{n}/л", kept_here=True)
    users = people(office, lake, river, calendar, make_password(password))
    lake.emblem.save("emblem.png", emblem())
    bodies(lake, users, calendar)
    terms(lake, calendar)
    Section.objects.create(organisation=river, lead="Наставничество в лицее началось с пары учителей математики.")
    return Town(office, lake, river, users)


def emblem() -> ContentFile:
    """A ring and a small circle: the sign of a pair."""
    picture, file = Image.new("RGB", (240, 240), "white"), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((30, 30, 170, 170), outline="#0d5960", width=22)
    pen.ellipse((130, 130, 210, 210), fill="#f2b632")
    picture.save(file, "PNG")
    return ContentFile(file.getvalue())


def school(
    office: Organisation,
    slug: str,
    name: str,
    full_name: str,
    head: str,
    gender: str,
    accent: str,
    street: str,
    tail: str,
) -> Organisation:
    return Organisation.objects.create(
        parent=office,
        slug=slug,
        name=name,
        full_name=full_name,
        place="г. Приозёрск",
        head_name=head,
        head_gender=gender,
        accent=accent,
        address=f"г. Приозёрск, {street}",
        phone=f"8 (000) 000-00-{tail}",
        email=f"{slug}@priozersk.example",
        website=f"https://{slug}.example",
        inn="7701000000",
        ogrn="1027700000000",
    )


def people(
    office: Organisation, lake: Organisation, river: Organisation, calendar: Calendar, password: str
) -> dict[str, User]:
    users: dict[str, User] = {}

    def add(login: str, full_name: str, *roles: tuple[Organisation, str]) -> None:
        user = User.objects.create(username=login, full_name=full_name, password=password)
        Membership.objects.bulk_create(
            Membership(user=user, organisation=place, role=role, starts_on=calendar.day(LONG_AGO))
            for place, role in roles
        )
        users[login] = user

    add("director", lake.head_name, (lake, Role.DIRECTOR))
    add("director2", river.head_name, (river, Role.DIRECTOR))
    add("municipality", "Снегирёва Алла Петровна", (office, Role.MUNICIPAL))
    add("admin", "Портнов Никита Олегович", (lake, Role.ADMINISTRATOR), (office, Role.ADMINISTRATOR))
    add("inspector", "Судьин Валерий Янович", (lake, Role.INSPECTOR))
    add("accountant", "Рублёва Зоя Фёдоровна", (lake, Role.ACCOUNTANT))
    for place, staff in ((lake, LAKE_STAFF), (river, RIVER_STAFF)):
        for person in staff:
            if person.login:
                add(person.login, person.full_name, *roles_of(place, person))
    return users


def roles_of(place: Organisation, person: Teacher) -> list[tuple[Organisation, str]]:
    return [(place, role) for role in (*EXTRA_ROLES.get(person.login, ()), Role.TEACHER)]


def bodies(lake: Organisation, users: dict[str, User], calendar: Calendar) -> None:
    union = Body.objects.create(
        organisation=lake, kind=Body.Kind.METHODICAL_UNION, name="Методическое объединение наставников"
    )
    Body.objects.create(organisation=lake, kind=Body.Kind.PEDAGOGICAL_COUNCIL, name="Педагогический совет")
    BodyMember.objects.bulk_create(
        BodyMember(body=union, user=users[login], duty=duty, starts_on=calendar.day(-400))
        for login, duty in (("skovoroda", "председатель"), ("mentor", ""), ("gnedyh", ""), ("tkach", "секретарь"))
    )
    for first, last in ((-150, -123), (40, 54)):
        ActingHead.objects.create(
            organisation=lake,
            full_name="Лебедева Ольга Викторовна",
            gender="f",
            post="И. о. директора",
            starts_on=calendar.day(first),
            ends_on=calendar.day(last),
            basis="Приказ об отпуске директора",
        )


def terms(lake: Organisation, calendar: Calendar) -> None:
    """Four quarters of the school year that the day of the demo belongs to."""
    first = calendar.today.year if calendar.today.month >= 8 else calendar.today.year - 1
    quarters = (
        ("1 четверть", (first, 9, 1), (first, 10, 25)),
        ("2 четверть", (first, 11, 5), (first, 12, 28)),
        ("3 четверть", (first + 1, 1, 12), (first + 1, 3, 21)),
        ("4 четверть", (first + 1, 4, 1), (first + 1, 5, 26)),
    )
    Term.objects.bulk_create(
        Term(organisation=lake, kind=Term.Kind.QUARTER, name=name, starts_on=dt.date(*start), ends_on=dt.date(*end))
        for name, start, end in quarters
    )
