"""Addresses of this app: sign-in, the frame, letters, the organisation, its people, the journal."""

from django.urls import path

from accounts.views import bodies, calendar, frame, home, journal, letters, organisations, people, sign_in

urlpatterns = [
    path("accounts/login/", sign_in.login, name="login"),
    path("accounts/logout/", sign_in.logout, name="logout"),
    path("accounts/password/", sign_in.password_change, name="password_change"),
    path("accounts/reset/", sign_in.password_reset, name="password_reset"),
    path("accounts/reset/done/", sign_in.password_reset_done, name="password_reset_done"),
    path("accounts/reset/complete/", sign_in.password_reset_complete, name="password_reset_complete"),
    path("accounts/reset/<uidb64>/<token>/", sign_in.password_reset_confirm, name="password_reset_confirm"),
    path("accounts/organisation/", frame.switch_organisation, name="switch_organisation"),
    path("accounts/low-vision/", frame.low_vision, name="low_vision"),
    path("cabinet/", home.home, name="home"),
    path("cabinet/letters/", letters.inbox, name="inbox"),
    path("cabinet/letters/<int:pk>/", letters.letter_detail, name="letter_detail"),
    path("cabinet/journal/", journal.journal, name="journal"),
    path("cabinet/users/", people.user_list, name="user_list"),
    path("cabinet/users/new/", people.user_new, name="user_new"),
    path("cabinet/users/<int:pk>/", people.user_edit, name="user_edit"),
    path("cabinet/users/<int:pk>/password/", sign_in.password_issue, name="password_issue"),
    path("cabinet/users/<int:pk>/roles/new/", people.membership_new, name="membership_new"),
    path("cabinet/roles/<int:pk>/end/", people.membership_end, name="membership_end"),
    path("cabinet/organisations/", organisations.organisation_list, name="organisation_list"),
    path("cabinet/organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("cabinet/organisations/<int:pk>/", organisations.organisation_detail, name="organisation_detail"),
    path("cabinet/organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("cabinet/organisations/<int:pk>/emblem/", organisations.organisation_emblem, name="organisation_emblem"),
    path("cabinet/organisations/<int:pk>/acting/new/", organisations.acting_head_new, name="acting_head_new"),
    path("cabinet/acting/<int:pk>/", organisations.acting_head_edit, name="acting_head_edit"),
    path("cabinet/acting/<int:pk>/end/", organisations.acting_head_end, name="acting_head_end"),
    path("cabinet/organisations/<int:pk>/bodies/new/", bodies.body_new, name="body_new"),
    path("cabinet/bodies/<int:pk>/", bodies.body_detail, name="body_detail"),
    path("cabinet/bodies/<int:pk>/edit/", bodies.body_edit, name="body_edit"),
    path("cabinet/bodies/<int:pk>/members/new/", bodies.body_member_new, name="body_member_new"),
    path("cabinet/body-members/<int:pk>/end/", bodies.body_member_end, name="body_member_end"),
    path("cabinet/organisations/<int:pk>/calendar/", calendar.term_list, name="term_list"),
    path("cabinet/organisations/<int:pk>/calendar/new/", calendar.term_new, name="term_new"),
    path("cabinet/terms/<int:pk>/", calendar.term_edit, name="term_edit"),
    path("cabinet/terms/<int:pk>/delete/", calendar.term_delete, name="term_delete"),
]
