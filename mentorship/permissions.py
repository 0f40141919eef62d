"""What may be done with participants, consents and pairs.

There is no row for bringing a pair into force: it comes into force only as the effect of an approved order.
Nothing here reaches a territory: a municipality sees personal data only through the window of figures.
"""

from accounts.permissions import Reach, grant

ORGANISATION, OWN, LED = Reach.ORGANISATION, Reach.OWN, Reach.LED

grant(
    "mentorship.participant.view",
    "Просмотр карточек участников",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
    class_teacher=LED,
    teacher=OWN,
    mentor=LED,
    mentee=OWN,
)
grant(
    "mentorship.participant.list",
    "Список участников",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
    class_teacher=LED,
)
grant("mentorship.participant.own", "Своя карточка", teacher=OWN, mentor=OWN, mentee=OWN)
grant(
    "mentorship.participant.history",
    "История карточки участника",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("mentorship.participant.change", "Изменение карточек участников", curator=ORGANISATION)
grant("mentorship.participant.merge", "Объединение карточек одного человека", curator=ORGANISATION)
grant("mentorship.participant.import", "Загрузка участников из таблицы", curator=ORGANISATION)
grant(
    "mentorship.participant.export",
    "Выгрузка списков с персональными данными",
    director=ORGANISATION,
    curator=ORGANISATION,
)
grant("mentorship.participant.invite", "Приглашение участников в портал", curator=ORGANISATION)
grant("mentorship.participant.correct", "Просьба исправить свою карточку", teacher=OWN, mentor=OWN, mentee=OWN)
grant(
    "mentorship.participant.access",
    "Кто видит и кто смотрел карточку",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
    mentee=OWN,
)
grant(
    "mentorship.consent.view",
    "Просмотр согласий",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    class_teacher=LED,
    teacher=OWN,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.consent.record", "Запись согласий", curator=ORGANISATION, class_teacher=LED)
grant("mentorship.consent.request", "Запрос согласий", curator=ORGANISATION)
grant("mentorship.consent.text", "Тексты согласий", curator=ORGANISATION)
grant(
    "mentorship.duty.view",
    "Просмотр сроков по согласиям",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("mentorship.duty.change", "Отметка об исполнении срока по согласию", curator=ORGANISATION)
grant("mentorship.consent.withdraw", "Отзыв согласий", curator=ORGANISATION, teacher=OWN, mentor=OWN, mentee=OWN)
grant(
    "mentorship.bank.view",
    "Просмотр банков наставников и наставляемых",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    methodical_union=ORGANISATION,
    department_head=ORGANISATION,
)
grant("mentorship.bank.change", "Ведение банков", curator=ORGANISATION)
grant("mentorship.bank.own", "Свои карточки в банках", teacher=OWN, mentor=OWN, mentee=OWN)
grant("mentorship.bank.led", "Затруднения и запросы своих наставляемых", mentor=LED)
grant(
    "mentorship.snapshot.view",
    "Просмотр снимков банков",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("mentorship.snapshot.change", "Составление снимков банков", curator=ORGANISATION)
grant(
    "mentorship.interview.view",
    "Просмотр собеседований",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
)
grant(
    "mentorship.interview.change", "Назначение и запись собеседований", curator=ORGANISATION, psychologist=ORGANISATION
)
grant(
    "mentorship.pair.view",
    "Просмотр пар и групп",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.pair.change", "Составление пар и групп", curator=ORGANISATION)
grant("mentorship.dictionary.view", "Просмотр словарей", curator=ORGANISATION, administrator=Reach.TERRITORY)
grant("mentorship.dictionary.change", "Изменение словарей", curator=ORGANISATION, administrator=Reach.TERRITORY)
grant(
    "mentorship.addendum.view",
    "Просмотр дополнительных соглашений наставников",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
)
grant("mentorship.addendum.record", "Запись дополнительных соглашений наставников", curator=ORGANISATION)
grant(
    "mentorship.notice.view",
    "Просмотр уведомлений об отказе и отмене",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
)
grant("mentorship.notice.record", "Запись уведомлений об отказе и отмене", curator=ORGANISATION)
grant("mentorship.thanks.make", "Печать благодарственных писем и грамот", director=ORGANISATION, curator=ORGANISATION)
grant("mentorship.labour.rules", "Правила о соглашениях с наставниками", director=ORGANISATION, curator=ORGANISATION)

grant(
    "mentorship.programme.view",
    "Просмотр персонализированных программ",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    methodical_union=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.programme.change", "Составление программ", curator=ORGANISATION, mentor=OWN)
grant("mentorship.programme.review", "Возврат программы на доработку", director=ORGANISATION, curator=ORGANISATION)
grant(
    "mentorship.programme.comment",
    "Замечания к программе",
    director=ORGANISATION,
    curator=ORGANISATION,
    methodical_union=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.programme.agree", "Согласование своей программы", mentor=OWN, mentee=OWN)
grant("mentorship.programme.approve", "Утверждение программ", director=ORGANISATION)
grant("mentorship.programme.mark", "Запись согласия с программой с подписанного листа", curator=ORGANISATION)
grant("mentorship.programme.endorse", "Отметка методического объединения о программе", methodical_union=ORGANISATION)
grant("mentorship.programme.publish", "Показ программ в открытом разделе", curator=ORGANISATION)
grant(
    "mentorship.template.view",
    "Просмотр шаблонов программ",
    curator=ORGANISATION,
    methodical_union=ORGANISATION,
    mentor=ORGANISATION,
)
grant("mentorship.template.change", "Ведение шаблонов программ", curator=ORGANISATION)
grant("mentorship.programme.end", "Завершение программы вместе с парой", director=ORGANISATION, curator=ORGANISATION)
grant("mentorship.activity.do", "Отметка о выполнении мероприятия", curator=ORGANISATION, mentor=OWN, mentee=OWN)
grant("mentorship.activity.check", "Проверка мероприятия программы", curator=ORGANISATION, mentor=OWN)
grant(
    "mentorship.meeting.view",
    "Просмотр журнала встреч",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.meeting.change", "Планирование и запись встреч", curator=ORGANISATION, mentor=OWN, mentee=OWN)
grant("mentorship.meeting.confirm", "Подтверждение встреч", mentor=OWN, mentee=OWN)
grant("mentorship.meeting.rules", "Правила о встречах", director=ORGANISATION, curator=ORGANISATION)
grant("mentorship.meeting.note", "Заметки о встречах", curator=ORGANISATION, mentor=OWN, mentee=OWN)
grant("mentorship.meeting.feed", "Свой календарь встреч", mentor=OWN, mentee=OWN)
grant(
    "mentorship.timesheet.view",
    "Табель наставников",
    director=ORGANISATION,
    curator=ORGANISATION,
    accountant=ORGANISATION,
)
grant("mentorship.timesheet.own", "Свой табель наставника", mentor=OWN)
grant("mentorship.pulse.answer", "Ответы на вопросы о работе пары", mentor=OWN, mentee=OWN)
grant("mentorship.pulse.view", "Просмотр ответов о работе пар", curator=ORGANISATION)
grant(
    "mentorship.request.view",
    "Просмотр заявлений и обращений",
    director=ORGANISATION,
    curator=ORGANISATION,
    psychologist=LED,
    methodical_union=LED,
    department_head=LED,
    teacher=OWN,
    mentor=LED,
    mentee=OWN,
)
grant("mentorship.request.submit", "Подача заявлений и обращений", teacher=OWN, mentor=OWN, mentee=OWN)
grant("mentorship.request.consider", "Рассмотрение заявлений куратором", curator=ORGANISATION)
grant("mentorship.request.decide", "Решение по заявлениям", director=ORGANISATION)
grant("mentorship.matching.view", "Просмотр подбора пар", curator=ORGANISATION)
grant("mentorship.matching.run", "Подбор пар", curator=ORGANISATION)
grant("mentorship.matching.rules", "Правила подбора пар", curator=ORGANISATION)
grant("mentorship.matching.wish", "Свои пожелания к напарнику", teacher=OWN, mentor=OWN, mentee=OWN)
grant("mentorship.pair.rules", "Правила подготовки пар", director=ORGANISATION, curator=ORGANISATION)
grant(
    "mentorship.extension.view",
    "Просмотр продлений",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.extension.ask", "Предложение продлить пару", curator=ORGANISATION, mentor=OWN, mentee=OWN)
grant("mentorship.extension.agree", "Согласие на продление своей пары", mentor=OWN, mentee=OWN)
grant("mentorship.extension.change", "Ведение продлений", curator=ORGANISATION)
grant(
    "mentorship.request.conclude",
    "Запись итога обращения, которое передано в работу",
    curator=ORGANISATION,
    psychologist=LED,
    methodical_union=LED,
    department_head=LED,
)
grant(
    "mentorship.support.view",
    "Чтение записей психолога, где человек назван",
    director=OWN,
    curator=OWN,
    psychologist=OWN,
    methodical_union=OWN,
    department_head=OWN,
    class_teacher=OWN,
    teacher=OWN,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.support.write", "Записи психолога о поддержке участников", psychologist=ORGANISATION)
grant(
    "mentorship.portfolio.view",
    "Портфолио педагога-наставника",
    director=ORGANISATION,
    curator=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
)
grant(
    "mentorship.reminder.view",
    "Просмотр разосланных напоминаний",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("mentorship.reminder.send", "Рассылка напоминаний парам", curator=ORGANISATION)
