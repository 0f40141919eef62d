"""The year of one pair, as its people live it: the days are moved, everything else is real."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import today
from tests.browser.conftest import Portal
from tests.browser.test_journey import draft_order, record_signature, submit
from tests.browser.test_order_story import HARD, MENTEES, approve, confirm_name, form_group, sign_everything
from tests.core.document_words import pdf_words

FIRST, MENTOR, MENTEE = "Тимофеева", "Бондаренко", "Сафина Гузель Ринатовна"
START = today()
END, LATER = START + dt.timedelta(days=180), START + dt.timedelta(days=210)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def press(page: Page, name: str) -> None:
    """The button or the link of that name on the page itself."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def here(page: Page) -> str:
    """The path of the open page: another day is another server."""
    return urlsplit(page.url).path


def said(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def match(page: Page) -> str:
    """The curator prefers another mentor than the portal, sees what that changes, accepts; the address of the pair."""
    page.goto("/cabinet/pairs/")
    press(page, "Подбор пар")
    press(page, "Подобрать пары")
    page.wait_for_url(re.compile(r"/cabinet/matching/\d+/"))
    row = page.locator("tbody tr", has_text=MENTEE)
    expect(row).to_contain_text("Наставник силён в том, что трудно")
    row.get_by_role("link", name="Другой наставник").click()
    rival = page.locator("tbody tr", has_text=FIRST)
    expect(rival).to_contain_text("Совпадение слабее")
    rival.get_by_role("link", name="Что изменится").click()
    said(page, "Общее совпадение всего набора")
    press(page, "Закрепить и пересчитать")
    expect(page.locator("tbody tr", has_text=MENTEE)).to_contain_text("закреплена вами")
    page.get_by_label(MENTEE).check()
    page.get_by_label("Начало").fill(START.isoformat())
    page.get_by_label("Окончание").fill(END.isoformat())
    press(page, "Составить отмеченные пары")
    said(page, "Составлено: 1 пара")
    return pair_of(page, FIRST)


def pair_of(page: Page, mentor: str) -> str:
    page.goto(f"/cabinet/pairs/?q={MENTEE.split()[0]}")
    page.locator("tbody tr", has_text=mentor).last.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/cabinet/pairs/\d+/$"))
    return here(page)


def interview(page: Page, *people: str) -> None:
    for name in people:
        page.goto(f"/cabinet/banks/interviews/?q={name}")
        press(page, "Записать итог")
        page.get_by_label("рекомендован к участию").check()
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(lambda url: not url.endswith("/interview/"))


def sign(page: Page, pair: str) -> None:
    """Every consent that the pair still asks for."""
    page.goto(pair)
    needed = page.locator("section", has=page.locator("#needs")).get_by_role("link", name="Отметить подпись")
    while needed.count():
        needed.first.click()
        record_signature(page)
        page.goto(pair)


def sign_addendum(page: Page, pair: str) -> None:
    """What the mentor's work rests on; its conditions come from the consent."""
    page.goto(pair)
    page.get_by_role("link", name="Отметить подпись : дополнительное соглашение").click()
    page.get_by_label("Номер").fill("9")
    page.get_by_label("Дата подписи").fill(START.isoformat())
    page.get_by_label("Часов в месяц").fill("4")
    page.get_by_label("Где хранится подлинник").fill("отдел кадров")
    press(page, "Записать")
    said(page, "Соглашение № 9")


def compose(page: Page, pair: str, template: str) -> str:
    """A programme from a template; its address."""
    page.goto(pair)
    press(page, "Составить программу")
    page.get_by_label(re.compile(template)).check()
    press(page, "Составить программу")
    page.wait_for_url(re.compile(r"/cabinet/programmes/\d+/$"))
    return here(page)


def put_in_force(page: Page, head: Page, programme: str, people: int) -> None:
    """Handed over, signed on paper by everybody, approved."""
    page.goto(programme + "submit/")
    press(page, "Передать")
    page.wait_for_url(f"**{programme}")
    for _ in range(people):
        page.goto(programme + "mark/")
        page.get_by_label("Кто подписал").select_option(index=1)
        page.get_by_label("Когда подписано").fill(START.isoformat())
        press(page, "Записать согласие")
        page.wait_for_url(f"**{programme}")
    head.goto(programme + "approve/")
    press(head, "Утвердить")
    said(head, "утверждена")


def write_down(page: Page, pair: str, story: str, **more: str) -> None:
    """An entry of the journal of meetings; `more`: names of further fields → what is typed."""
    page.goto(f"/cabinet/meetings/new/?pair={pair.rstrip('/').rpartition('/')[2]}")
    page.get_by_label("Что сделано").fill(story)
    for name, words in more.items():
        page.locator(f"[name={name}]").fill(words)
    press(page, "Записать встречу")
    page.wait_for_url(re.compile(r"/cabinet/meetings/\d+/$"))


def replace(page: Page, pair: str, day: dt.date) -> str:
    """Another mentor by one act: the new pair and the draft of its order; the address of the order."""
    page.goto(pair)
    press(page, "Сменить наставника")
    options = page.get_by_label("Новый наставник").locator("option").all_inner_texts()
    page.get_by_label("Новый наставник").select_option(label=next(one for one in options if one.startswith(MENTOR)))
    page.get_by_label("Первый день с новым наставником").fill(day.isoformat())
    page.get_by_label("Почему меняется наставник").fill("Переход на работу в другую параллель")
    press(page, "Подготовить замену")
    page.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    return page.url


def check_some(page: Page, programme: str, turn: int) -> None:
    """The mentor checks a third of the lines."""
    page.goto(programme)
    links = page.locator("main a[href*='/activities/']").evaluate_all("all => [...new Set(all.map(one => one.href))]")
    for url in links[3 * turn : 3 * turn + 3]:
        page.goto(url)
        press(page, "Проверить сразу")
        page.get_by_label("Оценка наставника").fill("сделано")
        press(page, "Проверено")
        page.wait_for_url(lambda url: not url.endswith("/check/"))


def extend(mentor: Page, curator: Page, director: Page, pair: str) -> None:
    """The mentor asks and so agrees; the mentee signs a paper; the head approves."""
    mentor.goto(pair)
    press(mentor, "Продлить")
    mentor.get_by_label("Новый последний день").fill(LATER.isoformat())
    mentor.get_by_label("Зачем продлевать").fill("Закрепить новые приёмы")
    press(mentor, "Предложить продление")
    expect(mentor.locator("main b", has_text="Сафина")).to_be_visible()
    curator.goto(pair)
    curator.locator("a[href*='/extensions/'][href$='/paper/']").click()
    curator.get_by_label("Кто подписал").select_option(index=1)
    curator.get_by_label("согласие", exact=True).check()
    curator.get_by_label("Где хранится бумага").fill("сейф куратора")
    press(curator, "Записать подпись")
    curator.goto(pair)
    press(curator, "Составить приказ")
    press(curator, "Составить проект")
    curator.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    order = curator.url
    submit(curator, order)
    approve(director, order, "82-од")


def complete(page: Page, pair: str) -> None:
    """The term is over and everything is done: the pair ends in full."""
    page.goto(pair + "close/")
    page.get_by_label("программа завершена в полном объёме").check()
    page.get_by_label("Обстоятельства или итог").fill("Уверенно ведёт урок с новыми инструментами")
    press(page, "Завершить пару")
    said(page, "завершена")


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def open_desks(portal: Portal, enter: Callable[..., BrowserContext]) -> tuple[Page, Page]:
    """The curator's and the head's."""
    curator, director = (enter(portal, login).new_page() for login in ("curator", "director"))
    return curator, director


def begin(curator: Page, director: Page) -> tuple[str, str]:
    """From the search to the first meeting: the pair and its programme."""
    pair = match(curator)
    interview(curator, FIRST, MENTEE.split()[0])
    sign(curator, pair)
    sign_addendum(curator, pair)
    curator.goto(pair)
    order = draft_order(curator)
    submit(curator, order)
    approve(director, order, "80-од")
    programme = compose(curator, pair, "Цифровые инструменты")
    put_in_force(curator, director, programme, people=2)
    write_down(curator, pair, "Познакомились, договорились о днях")
    return pair, programme


def change_mentor(curator: Page, director: Page, first: str, day: dt.date) -> str:
    """By an order; the pair that goes on."""
    order = replace(curator, first, day)
    second = pair_of(curator, MENTOR)
    sign(curator, second)
    submit(curator, order)
    approve(director, order, "81-од")
    curator.goto(first)
    said(curator, "Наставника сменили")
    return second


def publish(curator: Page, visitor: Page, programme: str) -> None:
    """The results are public only once they are there; both cards keep them."""
    public = f"/s/school17/programmes/{programme.rstrip('/').rpartition('/')[2]}/"
    curator.goto(programme)
    press(curator, "Показать на сайте")
    assert status(visitor, public + "results/") == 404
    curator.goto(programme + "results/")
    curator.get_by_label("Что получилось").fill("Освоены два инструмента, проведены открытые уроки")
    press(curator, "Записать итоги")
    said(curator, "итоги внесены")
    assert status(visitor, public + "results/") == 200
    said(visitor, "Освоены два инструмента")
    for name in (MENTOR, MENTEE):
        curator.goto(f"/cabinet/participants/?q={name.split()[0]}")
        curator.locator("tbody a", has_text=name).first.click()
        said(curator, "Уверенно ведёт урок с новыми инструментами")
    assert "Освоены два инструмента" in " ".join(pdf_words(curator.request.get(programme + "report.pdf").body()))


def test_a_year_of_a_pair(portal_on: Callable, enter: Callable[..., BrowserContext]) -> None:
    with portal_on(START) as portal:
        first, programme = begin(*open_desks(portal, enter))
    moved = START + dt.timedelta(days=30)
    with portal_on(moved) as portal:
        second = change_mentor(*open_desks(portal, enter), first, moved)
    for number, days in enumerate((40, 75, 110)):
        with portal_on(START + dt.timedelta(days=days)) as portal:
            mentor = enter(portal, "mentor", **PHONE).new_page()
            before = START + dt.timedelta(days=days - 3)
            write_down(mentor, second, f"Разобрали урок {number}", day=before.isoformat())
            write_down(mentor, second, f"Провели урок вместе {number}", next_step="Показать коллегам")
            check_some(mentor, programme, number)
    with portal_on(START + dt.timedelta(days=115)) as portal:
        extend(enter(portal, "mentor", **PHONE).new_page(), *open_desks(portal, enter), second)
    with portal_on(LATER + dt.timedelta(days=1)) as portal:
        curator, visitor = (enter(portal, login).new_page() for login in ("curator", ""))
        complete(curator, second)
        publish(curator, visitor, programme)


def plan_for_one(page: Page, programme: str) -> None:
    """A line of the group's programme for one of its mentees alone."""
    page.goto(programme + "activities/new/")
    page.get_by_label("Проект, задание").fill("Провести собрание вместе с наставником")
    page.get_by_label("Для кого").select_option(index=1)
    page.get_by_label("На что нацелено").select_option(index=1)
    page.get_by_label("Срок").fill((START + dt.timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Добавить", exact=True).click()
    page.wait_for_url(re.compile(programme + "(#.*)?$"))
    said(page, "Провести собрание вместе с наставником")


def end_early(curator: Page, director: Page, group: str, last_day: dt.date) -> None:
    """By agreement of both sides, by an order."""
    curator.goto(group)
    press(curator, "Завершить досрочно")
    curator.get_by_label("по обоюдному решению").check()
    curator.get_by_label("Кто предложил").select_option(label="обоюдное решение")
    curator.get_by_label("Обстоятельства").fill("Цели группы достигнуты раньше")
    curator.get_by_label("Последний день работы").fill(last_day.isoformat())
    press(curator, "Составить проект")
    curator.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    order = curator.url
    submit(curator, order)
    approve(director, order, "84-од")


def test_a_year_of_a_group(portal_on: Callable, enter: Callable[..., BrowserContext]) -> None:
    with portal_on(START) as portal:
        curator, director = open_desks(portal, enter)
        address = form_group(curator)
        group = here(curator)
        sign_everything(curator, address)
        confirm_name(curator)
        curator.goto(group)
        order = draft_order(curator)
        submit(curator, order)
        approve(director, order, "83-од")
        programme = compose(curator, group, "Группа классных руководителей")
        plan_for_one(curator, programme)
        put_in_force(curator, director, programme, people=1 + len(MENTEES))
        write_down(curator, group, "Обсудили план года")

    with portal_on(START + dt.timedelta(days=90)) as portal:
        curator, director = open_desks(portal, enter)
        end_early(curator, director, group, START + dt.timedelta(days=89))
        curator.goto(group)
        said(curator, "Цели группы достигнуты раньше")
        curator.goto(f"/cabinet/participants/?q={HARD.split()[0]}")
        curator.locator("tbody a", has_text=HARD).first.click()
        said(curator, "Цели группы достигнуты раньше")
