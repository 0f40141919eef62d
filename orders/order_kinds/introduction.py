"""The order that begins mentoring at a school: who answers for it and what is to be done by when."""

from __future__ import annotations

from orders.kinds import Facts, OrderKind, register
from orders.models import Order

CODE = "introduction"
NO_TASKS = "Запишите хотя бы одно дело: приказ должен поручать, а не объявлять."
NOBODY = "Укажите ответственного за внедрение: приказ поручает его человеку."


def facts(order: Order) -> Facts:
    """`tasks`: {text, term, who}, the term and the post in the words of the school."""
    return {"tasks": order.params.get("tasks", []), "year": order.params.get("year", "")}


def obstacles(order: Order) -> list[str]:
    found = [] if order.params.get("tasks") else [NO_TASKS]
    return found if order.params.get("responsible_name") else [*found, NOBODY]


def effects(order: Order) -> list[str]:
    count = len(order.params.get("tasks", []))
    return [f"Поручений в приказе: {count}. Пары и документы он не меняет."]


def sample() -> Facts:
    return {
        "year": "2026/2027",
        "tasks": [
            {"text": "Разработать Положение о наставничестве", "term": "до 01.09.2026", "who": "куратор"},
            {"text": "Провести опрос педагогов", "term": "до 15 сентября", "who": ""},
        ],
    }


register(
    OrderKind(
        code=CODE,
        title="Внедрение наставничества в школе",
        form="orders.forms.introduction.IntroductionForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        effects=effects,
    )
)
