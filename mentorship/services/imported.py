"""Writing what a table says of people: cards, names in every case, posts and the history, by the batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation, User
from accounts.permissions import today
from core.journal import Change, entry, in_words, label_of, record_many, veiled_change, veiled_in
from core.models import JournalEntry
from core.russian import name_forms
from mentorship.models import Participant, PastName, Post
from mentorship.services.participants import NAME_FIELDS
from orders.services.facts import overrides_for

ADDED, CHANGED = "mentorship.participant.add", "mentorship.participant.change"


@dataclass
class Draft:
    """What a row says: `values` by the names of Participant's fields, `post` by those of Post's."""

    person: Participant
    values: dict[str, Any]
    post: dict[str, Any]

    def changed(self) -> dict[str, Any]:
        """The values that the card does not have yet."""
        return {name: value for name, value in self.values.items() if getattr(self.person, name) != value}

    def current_post(self) -> Post | None:
        """The post of today that the row speaks of: of the same title, or the main one where it gives none."""
        posts: list[Post] = getattr(self.person, "current_posts", [])
        title = self.post.get("title", "")
        return next((post for post in posts if not title or same_words(post.title, title)), None)

    def lacks_post(self) -> bool:
        """The row tells about a post without saying which, and there is none."""
        return bool(self.post) and not self.post.get("title") and self.current_post() is None

    def post_changes(self) -> dict[str, Any]:
        """What is new about the post; its title and first day belong to a new post alone."""
        post = self.current_post()
        if post is None:
            return self.post
        details = {name: value for name, value in self.post.items() if name not in ("title", "starts_on")}
        return {name: value for name, value in details.items() if getattr(post, name) != value}

    def changes(self) -> bool:
        return bool(self.changed() or self.post_changes())


def same_words(one: str, other: str) -> bool:
    return one.casefold().replace("ё", "е").split() == other.casefold().replace("ё", "е").split()


class ImportedPeople:
    """Writes batches of drafts. Whoever calls has asked the permission; a batch costs the same number of queries."""

    def __init__(self, organisation: Organisation, actor: User) -> None:
        self.organisation, self.actor = organisation, actor

    def add(self, drafts: list[Draft]) -> None:
        """Open the cards, with their posts and history."""
        entries = [self.history(draft, ADDED, "Заведена карточка из таблицы") for draft in drafts]
        for draft in drafts:
            fill(draft.person, draft.values)
        decline([draft.person for draft in drafts])
        Participant.objects.bulk_create(draft.person for draft in drafts)
        Post.objects.bulk_create(self.new_posts(drafts))
        record_many(about(entries, drafts))

    def change(self, drafts: list[Draft]) -> None:
        """Change the cards that the rows belong to; an earlier name is kept, a new main post leaves the old one."""
        entries = [self.history(draft, CHANGED, "Изменена карточка из таблицы") for draft in drafts]
        renamed = [draft for draft in drafts if draft.changed().keys() & {*NAME_FIELDS}]
        PastName.objects.bulk_create(past_name(draft) for draft in renamed if renames(draft))
        fields = {name for draft in drafts for name in draft.changed()}
        posts = self.changed_posts(drafts)
        added = self.new_posts(drafts)
        for draft in drafts:
            fill(draft.person, draft.changed())
        if renamed:
            decline([draft.person for draft in renamed])
            fields |= {"forms", "forms_checked"}
        if fields:
            Participant.objects.bulk_update([draft.person for draft in drafts], sorted(fields))
        if posts:
            Post.objects.bulk_update(posts, ["subjects", "department", "load", "workplace"])
        Post.objects.filter(participant__in=[post.participant for post in added], is_main=True).update(is_main=False)
        Post.objects.bulk_create(added)
        record_many(about(entries, drafts))

    def new_posts(self, drafts: Iterable[Draft]) -> list[Post]:
        day = today()
        return [
            Post(participant=draft.person, **{"starts_on": day, **draft.post})
            for draft in drafts
            if draft.post.get("title") and draft.current_post() is None
        ]

    def changed_posts(self, drafts: Iterable[Draft]) -> list[Post]:
        posts = []
        for draft in drafts:
            post, values = draft.current_post(), draft.post_changes()
            if post is not None and values:
                fill(post, values)
                posts.append(post)
        return posts

    def history(self, draft: Draft, event: str, words: str) -> JournalEntry:
        """The entry of a draft, made before its values are set; its subject is filled in by `about`."""
        changes = list(told(draft.person, draft.changed(), new=event == ADDED))
        changes += told(draft.current_post() or Post(), draft.post_changes(), new=event == ADDED)
        made = entry(event, draft.person, actor=self.actor, text=words, changes=changes, scope=self.organisation.pk)
        made.text = words
        return made


def told(obj: Any, values: Mapping[str, Any], *, new: bool) -> Iterable[Change]:
    """The changes in words, before they are made."""
    for name, value in values.items():
        field = obj._meta.get_field(name)
        if not field.editable:
            continue
        if name in veiled_in(obj):
            yield veiled_change(label_of(field), None if new else getattr(obj, name), value)
            continue
        labels = dict(field.flatchoices) if field.choices else {}
        old = "—" if new else in_words(labels.get(getattr(obj, name), getattr(obj, name)))
        yield Change(field=str(field.verbose_name).capitalize(), old=old, new=in_words(labels.get(value, value)))


def about(entries: list[JournalEntry], drafts: list[Draft]) -> list[JournalEntry]:
    """The entries with the cards they are about, which have their keys and names now."""
    for made, draft in zip(entries, drafts, strict=True):
        made.subject_id = draft.person.pk
        made.subject_text = draft.person.full_name[:300]
        made.text = f"{made.text}: {draft.person.full_name}."
    return entries


def fill(obj: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(obj, name, value)


def decline(people: list[Participant]) -> None:
    """Make the forms of the names anew, as `set_forms` does for one; the confirmed words are read once."""
    words = {word for person in people for word in (person.full_name, *(getattr(person, name) for name in NAME_FIELDS))}
    overrides = overrides_for(words)
    for person in people:
        person.forms = name_forms(person.full_name, gender=person.gender, overrides=overrides)
        person.forms_checked = False


def renames(draft: Draft) -> bool:
    return bool(draft.changed().keys() & {"surname", "given_name", "patronymic"})


def past_name(draft: Draft) -> PastName:
    person = draft.person
    return PastName(
        participant=person,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        until=today() - dt.timedelta(days=1),
    )
