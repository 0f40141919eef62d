"""What a row of a file means for a card: its columns read and checked, the card found or opened, the changes written.

One row is one person with one post. An empty cell changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from import_export.fields import Field
from tablib import Dataset

from accounts.models import Organisation, Partner, User
from accounts.permissions import today
from core.sheets import (
    CachedForeignKeyWidget,
    CachedInstanceLoader,
    DateWidget,
    NumberWidget,
    SheetResource,
    SheetResult,
    TextWidget,
    WholeNumberWidget,
    YesNoWidget,
)
from core.sheets.formats import lines_of
from mentorship.models import Participant
from mentorship.sameness import Name
from mentorship.services.imported import Draft, ImportedPeople
from mentorship.sheets.columns import BY_NAME, CATEGORIES, GENDERS, NAME_PARTS, QUALIFICATIONS
from mentorship.sheets.known import KnownPeople, Match, Sought
from mentorship.sheets.meaning import (
    POST_FIELDS,
    category_in,
    checked,
    settle_age,
    settle_experience,
    settle_new,
    year_in,
)
from mentorship.sheets.widgets import ExperienceWidget, NameWidget

BATCH = 500
NO_POST = "Заполните должность: без неё остальное о работе некуда записать."


def column(name: str, widget: Any) -> Field:
    return Field(name, BY_NAME[name].title, widget)


class PeopleLoader(CachedInstanceLoader):
    """Finds the cards of a file: whose they are is asked once for the whole file, the cards are read by the batch."""

    def __init__(self, resource: ParticipantResource, dataset: Dataset) -> None:
        self.resource, self.dataset = resource, dataset
        self.matches = resource.matches
        self.cards: dict[int, Participant] = {}

    def get_instance(self, row: Mapping[str, Any]) -> Participant | None:
        match = self.matches[self.resource.number - 1]
        if match.pk is None:
            return None
        if match.pk not in self.cards:
            self.read_batch()
        return self.cards[match.pk]

    def read_batch(self) -> None:
        """The cards of the next rows in place of those of the rows behind."""
        start = self.resource.number - 1
        keys = [match.pk for match in self.matches[start : start + BATCH] if match.pk is not None]
        rows = Participant.objects.filter(pk__in=keys, organisation=self.resource.organisation)
        self.cards = {card.pk: card for card in rows.with_posts()}


class ParticipantResource(SheetResource):
    """The people of one organisation. `choices` are the curator's answers about possible duplicates, by line.

    After `import_data` the attribute `asked` holds the rows with cards of similar names, answered or not.
    """

    surname = column("surname", NameWidget())
    given_name = column("given_name", NameWidget())
    patronymic = column("patronymic", NameWidget())
    gender = column("gender", GENDERS)
    category = column("category", CATEGORIES)
    post_title = column("post_title", TextWidget())
    subjects = column("subjects", TextWidget())
    department = column("department", TextWidget())
    load = column("load", NumberWidget())
    workplace = column("workplace", TextWidget())
    post_starts_on = column("post_starts_on", DateWidget())
    works_since = column("works_since", DateWidget())
    experience = column("experience", ExperienceWidget())
    qualification = column("qualification", QUALIFICATIONS)
    young_flag = column("young_flag", YesNoWidget())
    birth_year = column("birth_year", WholeNumberWidget())
    birth_date = column("birth_date", DateWidget())
    class_name = column("class_name", TextWidget())
    partner = column("partner", CachedForeignKeyWidget(Partner, "title"))
    phone = column("phone", TextWidget())
    email = column("email", TextWidget())

    required = ("surname", "given_name")

    class Meta(SheetResource.Meta):
        model = Participant
        fields = tuple(name for name in BY_NAME if name != "full_name")
        import_id_fields = ("surname", "given_name")
        instance_loader_class: type[CachedInstanceLoader] = PeopleLoader
        use_bulk = True
        batch_size = BATCH
        skip_diff = True
        report_skipped = False
        store_instance = False

    def __init__(
        self,
        *,
        organisation: Organisation,
        actor: User,
        choices: Mapping[int, Any] | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> None:
        super().__init__()
        self.organisation, self.actor, self.progress = organisation, actor, progress
        self.choices = choices or {}
        self.fields["partner"].widget.queryset = Partner.objects.filter(organisation=organisation)
        self.writer = ImportedPeople(organisation, actor)
        self.asked: list[tuple[Sought, Match]] = []
        self.matches: list[Match] = []
        self.parted: list[tuple[Participant, Match]] = []
        self.number = 0
        self.day = today()

    # --- Before the rows ----------------------------------------------------------------------------------------------
    def before_import(self, dataset: Dataset, **options: Any) -> None:
        """Find out whose rows these are."""
        self.present = [(name, field) for name, field in self.fields.items() if field.column_name in dataset.headers]
        known = KnownPeople(self.organisation)
        for sought in self.sought(dataset):
            match = known.match(sought, self.choices.get(sought.line))
            self.matches.append(match)
            if match.cards:
                self.asked.append((sought, match))

    def sought(self, dataset: Dataset) -> Iterator[Sought]:
        """The person of every row as far as it can be read; what is unreadable is told by the row itself."""
        place = {header: number for number, header in enumerate(dataset.headers)}
        names = {name: place[field.column_name] for name, field in self.present}
        for line, row in zip(lines_of(dataset), dataset, strict=True):
            values = {name: row[number] for name, number in names.items()}
            surname, given_name, patronymic = (str(values.get(name, "")) for name in NAME_PARTS)
            name = Name(surname, given_name, patronymic, year_in(values))
            yield Sought(line, name, category_in(values))

    # --- A row --------------------------------------------------------------------------------------------------------
    def before_import_row(self, row: Any, row_number: int = 0, **options: Any) -> None:
        self.number = row_number
        match = self.matches[row_number - 1]
        if match.repeats is not None:
            raise ValidationError(f"Повторяет строку {match.repeats}. Оставьте одну из них.")

    def init_instance(self, row: Any = None) -> Participant:
        return Participant(organisation=self.organisation)

    def import_instance(self, instance: Participant, row: Mapping[str, Any], **options: Any) -> None:
        """Read the cells of the row into `self.draft`; unreadable ones are told all at once, by their columns."""
        values: dict[str, Any] = {}
        errors: dict[str, ValidationError] = {}
        for name, field in self.present:
            cell = row[field.column_name]
            if cell == "":
                continue
            try:
                values[name] = checked(name, field.widget.clean(cell, row), instance)
            except ValidationError as error:
                errors[name] = error
            except ValueError as error:
                errors[name] = ValidationError(str(error))
        self.draft = self.drafted(instance, values, errors)
        if errors:
            raise ValidationError(errors)

    def drafted(self, person: Participant, values: dict[str, Any], errors: dict[str, ValidationError]) -> Draft:
        """The meaning of the values together; `errors` gets what does not agree."""
        post = {POST_FIELDS[name]: values.pop(name) for name in POST_FIELDS if name in values}
        new = person.pk is None
        settle_age(values, person, self.day, errors)
        settle_experience(values, person, self.day, errors)
        if new:
            settle_new(values, errors)
        draft = Draft(person, values, post)
        if draft.lacks_post() and "post_title" not in errors:
            errors["post_title"] = ValidationError(NO_POST)
        return draft

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and instance.pk is not None and not self.draft.changes()

    def validate_instance(
        self, instance: models.Model, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Every value has been checked by its own field already: only what was found wrong is raised."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **options: Any) -> None:
        match = self.matches[self.number - 1]
        if is_create and match.cards:
            self.parted.append((instance, match))
        (self.create_instances if is_create else self.update_instances).append(self.draft)

    def told_apart(self) -> Iterator[tuple[int, int]]:
        """Keys of the new cards with those of the similar ones that are somebody else's; after the import."""
        for person, match in self.parted:
            yield from ((person.pk, known.pk) for known, _ in match.cards)

    def after_import_row(self, row: Any, row_result: Any, **options: Any) -> None:
        if self.number % BATCH == 0:
            self.progress(self.number)

    # --- A batch ------------------------------------------------------------------------------------------------------
    def bulk_create(self, using_transactions: bool, dry_run: bool, raise_errors: bool, **options: Any) -> None:
        self.flush(self.create_instances, self.writer.add, options["result"])

    def bulk_update(self, using_transactions: bool, dry_run: bool, raise_errors: bool, **options: Any) -> None:
        self.flush(self.update_instances, self.writer.change, options["result"])

    def flush(self, drafts: list[Draft], write: Callable[[list[Draft]], None], result: SheetResult) -> None:
        """Write a batch, in a step of its own so that a refusal of the database does not spoil the transaction."""
        try:
            if drafts:
                with transaction.atomic():
                    write(drafts)
        except Exception as error:  # told by `row_errors` in words, never as it is
            self.handle_import_error(result, error)
        finally:
            drafts.clear()
