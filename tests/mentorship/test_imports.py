"""Pages of the import: who may open them, what a bad file is told, columns, cancelling."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.models import BatchState, ImportBatch, Participant
from mentorship.services import imports as services
from tests.data.uploads.tables import BAD_TABLES
from tests.mentorship.tables import HEADERS, teachers, with_faults, xlsx
from tests.mentorship.test_import_story import NEW, apply, upload

LIST = "/cabinet/imports/"
OWN_PAGES = ("import_detail", "import_columns", "import_preview", "import_errors")
STEPS = ("import_apply", "import_cancel")
GENERAL_PAGES = ("import_list", "import_new", "import_sample")


@pytest.fixture
def batch(people, client_of) -> ImportBatch:
    return upload(client_of(people.curator), with_faults())


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", GENERAL_PAGES)
def test_only_the_curator_loads_tables(people, client_of, name) -> None:
    url = reverse(name)
    assert client_of(people.curator).get(url).status_code == 200
    assert [client_of(user).get(url).status_code for user in (people.director, people.teacher)] == [403, 403]


@pytest.mark.parametrize("name", [*OWN_PAGES, *STEPS])
def test_batch_of_another_school_is_not_found(people, client_of, batch, name) -> None:
    url = reverse(name, args=[batch.pk])
    method = "post" if name in STEPS else "get"
    assert getattr(client_of(people.stranger), method)(url).status_code == 404
    assert getattr(client_of(people.director), method)(url).status_code == 403
    assert ImportBatch.objects.get().state == BatchState.CHECKED


def test_services_ask_the_table(people, batch) -> None:
    for actor in (people.director, people.stranger, people.teacher):
        with pytest.raises(Forbidden, match="куратор"):
            services.send(batch=batch, step="check", actor=actor)
        with pytest.raises(Forbidden, match="куратор"):
            services.name_columns(batch=batch, actor=actor, mapping={})
        with pytest.raises(Forbidden, match="куратор"):
            services.answer_doubles(batch=batch, actor=actor, answers={})
        with pytest.raises(Forbidden, match="куратор"):
            services.cancel(batch=batch, actor=actor)
        with pytest.raises(Forbidden, match="куратор"):
            services.finish(batch=batch, actor=actor, outcome=services.Outcome())


@pytest.mark.parametrize("name", STEPS)
def test_steps_are_posts(people, client_of, batch, name) -> None:
    assert client_of(people.curator).get(reverse(name, args=[batch.pk])).status_code == 405


def test_list_shows_own_batches_at_a_constant_cost(people, client_of, queries) -> None:
    client = client_of(people.curator)
    upload(client, teachers(1), name="Первый.xlsx")
    one = queries(client, LIST)
    for _ in range(2):
        upload(client, teachers(1))
    upload(client_of(people.stranger), teachers(1), name="Чужестранов.xlsx")
    html = client.get(LIST).content.decode()
    assert ("Первый.xlsx" in html, "Чужестранов" in html) == (True, False)
    assert queries(client, LIST) == one == 9
    assert "Первый.xlsx" not in client.get(LIST, {"q": "педагоги"}).content.decode()


def test_empty_list_says_what_to_do(people, client_of) -> None:
    assert "Таблиц ещё не загружали" in client_of(people.curator).get(LIST).content.decode()


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", ["merged_header", "old_excel_by_name", "macro_in_xlsx", "xxe_in_sheet", "empty_xlsx"])
def test_bad_file_is_refused_beside_its_field(people, client_of, case, journal_count) -> None:
    name, build, words = BAD_TABLES[case]
    before = journal_count()
    response = client_of(people.curator).post(NEW, {"file": SimpleUploadedFile(name, build())})
    assert (response.status_code, ImportBatch.objects.count(), journal_count()) == (200, 0, before)
    assert [error[: len(words)] for error in response.context["form"].errors["file"]] == [words]


def test_no_file_is_asked_for(people, client_of) -> None:
    assert "Обязательное поле" in client_of(people.curator).post(NEW, {}).content.decode()


def test_sample_is_read_as_a_file_without_faults(people, client_of) -> None:
    client = client_of(people.curator)
    sample = b"".join(client.get(reverse("import_sample")).streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(sample)).active.values)
    batch = upload(client, rows[1:], rows[0])
    assert (batch.added, batch.errors, batch.doubles) == (1, [], [])
    assert "" not in batch.mapping.values()


# --- The columns ------------------------------------------------------------------------------------------------------
def choose(client, batch, **names: str):
    data = {
        f"column_{number}": names.get(header["title"], batch.mapping[header["title"]])
        for number, header in enumerate(batch.headers)
    }
    return client.post(reverse("import_columns", args=[batch.pk]), data)


def test_columns_page_shows_the_first_values(people, client_of, batch) -> None:
    html = client_of(people.curator).get(reverse("import_columns", args=[batch.pk])).content.decode()
    assert "Абрикосова Анна Петровна · Берёзкина Елена Ивановна · Васильковская Мария Сергеевна" in html
    assert re.search(r'<option value="full_name" selected>', html)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"ФИО": ""}, "Укажите, где фамилия и имя"),
        ({"Тел.": "email"}, "Колонка «Электронная почта» выбрана дважды. Оставьте одну."),
        ({"Тел.": "surname"}, "Имя выбрано и целиком, и по частям."),
        ({"Тел.": "salary"}, "Выберите корректный вариант"),
    ],
)
def test_columns_that_do_not_agree_are_explained(people, client_of, batch, names, words) -> None:
    response = choose(client_of(people.curator), batch, **names)
    assert (response.status_code, words in response.content.decode()) == (200, True)


def test_column_left_out_is_not_loaded_and_is_named(people, client_of) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(2))
    choose(client, batch, **{"Тел.": ""})
    html = client.get(reverse("import_preview", args=[batch.pk])).content.decode()
    assert "Не загружаются колонки: Тел.." in html
    batch.refresh_from_db()
    apply(client, batch)
    assert set(Participant.objects.values_list("phone", flat=True)) == {""}


@pytest.mark.parametrize(
    ("headers", "row", "mapping"),
    [
        (("Фамилия", "Имя", "Отчество"), ("Белова", "Анна", ""), ["surname", "given_name", "patronymic"]),
        (("Кто", "Почта для связи"), ("Белова Анна Петровна", "a@example.org"), ["full_name", "email"]),
        (("Ф.И.О. (полностью)", "Категория"), ("Белова Анна", "ученица"), ["full_name", "category"]),
        (("ФИО", "Категория"), ("Белова Анна", "высшая"), ["full_name", "qualification"]),
        (("ФИО", "Стаж"), ("Белова Анна", "12 лет"), ["full_name", "experience"]),
        (("ФИО", "Стаж"), ("Белова Анна", "01.09.2010"), ["full_name", "works_since"]),
        (("ФИО", "Цвет глаз"), ("Белова Анна", "серые"), ["full_name", ""]),
        (("Столбец 1", "Столбец 2"), ("Белова Анна Петровна", "+7 (900) 000-00-00"), ["full_name", "phone"]),
    ],
)
def test_columns_are_recognised_by_header_and_values(people, client_of, headers, row, mapping) -> None:
    client_of(people.curator).post(NEW, {"file": SimpleUploadedFile("a.xlsx", xlsx([row], headers))})
    found = ImportBatch.objects.get().mapping
    assert [found[header] for header in headers] == mapping


# --- Rows -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("ФИО", "Белова", "Не понять, где фамилия, а где имя"),
        ("ФИО", "Белова А. П.", "Вместо имени инициалы"),
        ("ФИО", "Белова2 Анна Петровна", "Имя пишется буквами"),
        ("ФИО", "Ким Саша", "По этому имени пол не определить"),
        ("Стаж с", "2015", "Не дата: «2015»"),
        ("Стаж с", "01.09.2999", "Проверьте год: 2999."),
        ("Стаж с", "01.09.2099", "Стаж не может начаться в будущем."),
        ("Стаж с", "=1+2", "В ячейке формула без значения."),
        ("Ставка", "много", "Не число: «много»."),
        ("Ставка", 7, "Убедитесь, что это значение меньше либо равно 3"),
        ("Год рождения", 1850, "Убедитесь, что это значение больше либо равно 1920"),
        ("E-mail", "нет", "Введите правильный адрес электронной почты."),
        ("Тел.", "7" * 61, "Убедитесь, что это значение содержит не более 60 символов"),
        ("Должность", "д" * 201, "Убедитесь, что это значение содержит не более 200 символов"),
        ("Должность", "", "Заполните должность"),
    ],
)
def test_bad_cell_is_told_by_row_and_column(people, client_of, column, value, words) -> None:
    rows = teachers(3)
    rows[1][HEADERS.index(column)] = value
    batch = upload(client_of(people.curator), rows)
    column = "Пол" if words.startswith("По этому") else column
    assert [(error["row"], error["column"], error["text"][: len(words)]) for error in batch.errors] == [
        (3, column, words)
    ]


@pytest.mark.parametrize("value", ["01.09.2020", "2020-09-01", "1 сентября 2020", "1 сентября 2020 г.", 44075, "44075"])
def test_dates_are_read_as_people_write_them(people, client_of, value) -> None:
    client = client_of(people.curator)
    rows = teachers(1)
    rows[0][HEADERS.index("Стаж с")] = value
    apply(client, upload(client, rows))
    assert Participant.objects.get().works_since.isoformat() == "2020-09-01"


@pytest.mark.parametrize(("words", "years"), [("5 лет", 5), (0, 0), ("меньше года", 0), ("12", 12)])
def test_experience_in_years_is_kept_as_a_day(people, client_of, words, years) -> None:
    client = client_of(people.curator)
    for _ in range(2):
        batch = apply(client, upload(client, [["Белова Анна Петровна", words]], ("ФИО", "Стаж")))
    person = Participant.objects.get()
    assert (person.works_since.month, person.works_since.day, person.experience_on(person.works_since)) == (9, 1, 0)
    assert (person.experience_words(batch.created_at.date())[:2].strip("м "), batch.unchanged) == (
        str(years) if years else "е",
        1,
    )


# --- Leaving it -------------------------------------------------------------------------------------------------------
def test_cancelled_batch_keeps_nothing_personal(people, client_of, batch, django_capture_on_commit_callbacks) -> None:
    storage, name = batch.file.storage, batch.file.name
    with django_capture_on_commit_callbacks(execute=True):
        client_of(people.curator).post(reverse("import_cancel", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.headers, batch.errors, batch.doubles) == (BatchState.CANCELLED, [], [], [])
    assert (storage.exists(name), batch.file_name) == (False, str(batch))
    assert JournalEntry.objects.about(batch).first().text == "Загрузка отменена, файл удалён."


def test_finished_batch_cannot_be_applied_or_cancelled(people, client_of) -> None:
    client = client_of(people.curator)
    batch = apply(client, upload(client, teachers(2)))
    for name in STEPS:
        response = client.post(reverse(name, args=[batch.pk]), follow=True)
        assert "недоступно: состояние — «внесён»" in response.content.decode()
    assert Participant.objects.count() == 2


def test_pages_lead_to_where_the_work_goes_on(people, client_of) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(2))
    assert client.get(reverse("import_detail", args=[batch.pk]))["Location"] == reverse(
        "import_preview", args=[batch.pk]
    )
    apply(client, batch)
    done = reverse("import_detail", args=[batch.pk])
    assert [client.get(reverse(name, args=[batch.pk]))["Location"] for name in OWN_PAGES[1:3]] == [done, done]


def test_history_never_quotes_the_file(people, client_of, batch) -> None:
    """The history is kept for good, the file and its words are not."""
    apply(client_of(people.curator), batch)
    words = " ".join(
        f"{entry.text} {entry.subject_text} {entry.changes}" for entry in JournalEntry.objects.about(batch)
    )
    assert [word for word in ("Педагоги.xlsx", "Абрикосова", "ФИО", "золотая") if word in words] == []
