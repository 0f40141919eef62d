"""What the order that begins mentoring asks besides the common questions."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.permissions import today
from core.russian import school_year
from orders.forms.orders import OrderForm

MOST_TASKS, LONGEST = 30, 600
PARTS = ("text", "term", "who")


class IntroductionForm(OrderForm):
    tasks = forms.CharField(
        label="Что сделать",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Каждое дело с новой строки. Через черту можно дописать срок и ответственного: "
        "«Провести опрос педагогов | до 15.09.2026 | куратор».",
    )

    def defaults(self) -> dict[str, Any]:
        year = school_year(today())
        return {
            "title": f"О внедрении системы наставничества в {year} учебном году",
            "purpose": "В целях развития наставничества педагогических работников",
            "tasks": "Разработать Положение о наставничестве и дорожную карту\n"
            "Познакомить педагогов с программой и собрать заявки участников\n"
            "Собрать письменные согласия и составить банки наставников и наставляемых",
        }

    @staticmethod
    def from_params(params: Any) -> dict[str, Any]:
        lines = [" | ".join(task[part] for part in PARTS if task[part]) for task in params.get("tasks", [])]
        return {**OrderForm.from_params(params), "tasks": "\n".join(lines)}

    def clean_tasks(self) -> list[dict[str, str]]:
        """Lines as {text, term, who}."""
        found = [read_task(line) for line in self.cleaned_data["tasks"].splitlines() if line.strip()]
        if len(found) > MOST_TASKS:
            raise forms.ValidationError(f"Дел не больше {MOST_TASKS}: остальное — в дорожную карту.")
        for place, task in enumerate(found, start=1):
            if not task["text"] or len(" ".join(task.values())) > LONGEST:
                raise forms.ValidationError(
                    f"Строка {place}: напишите дело в начале строки, не длиннее {LONGEST} знаков."
                )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("responsible_name") and "responsible_name" not in self.errors:
            self.add_error("responsible_name", "Укажите, кто отвечает за внедрение.")
        return data

    def params(self) -> dict[str, Any]:
        return {**super().params(), "tasks": self.cleaned_data["tasks"], "year": school_year(today())}


def read_task(line: str) -> dict[str, str]:
    parts = [" ".join(part.split()).rstrip(".;") for part in line.split("|", len(PARTS) - 1)]
    return dict(zip(PARTS, (*parts, "", ""), strict=False))
