"""Addresses of this app."""

from django.urls import path

from mentorship.views import consents, pairs, participants

urlpatterns = [
    path("cabinet/participants/", participants.participant_list, name="participant_list"),
    path("cabinet/participants/new/", participants.participant_new, name="participant_new"),
    path("cabinet/card/", participants.my_card, name="my_card"),
    path("cabinet/participants/<int:pk>/", participants.participant_detail, name="participant_detail"),
    path("cabinet/participants/<int:pk>/edit/", participants.participant_edit, name="participant_edit"),
    path("cabinet/participants/<int:pk>/forms/", participants.participant_forms, name="participant_forms"),
    path("cabinet/participants/<int:pk>/posts/new/", participants.post_new, name="post_new"),
    path("cabinet/posts/<int:pk>/end/", participants.post_end, name="post_end"),
    path("cabinet/participants/<int:pk>/consents/<str:kind>/new/", consents.consent_new, name="consent_new"),
    path(
        "cabinet/participants/<int:pk>/consents/<str:kind>/blank.<str:form>",
        consents.consent_blank,
        name="consent_blank",
    ),
    path("cabinet/consents/<int:pk>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("cabinet/consents/<int:pk>/scan/", consents.consent_scan, name="consent_scan"),
    path("cabinet/pairs/", pairs.pair_list, name="pair_list"),
    path("cabinet/pairs/new/", pairs.pair_new, name="pair_new"),
    path("cabinet/pairs/<int:pk>/", pairs.pair_detail, name="pair_detail"),
    path("cabinet/pairs/<int:pk>/edit/", pairs.pair_edit, name="pair_edit"),
    path("cabinet/pairs/<int:pk>/dissolve/", pairs.pair_dissolve, name="pair_dissolve"),
    path("cabinet/pairs/<int:pk>/close/", pairs.pair_close, name="pair_close"),
    path("cabinet/pairs/<int:pk>/blanks/", pairs.pair_blanks, name="pair_blanks"),
]
