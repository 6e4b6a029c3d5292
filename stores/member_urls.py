"""Addresses of members, within a store."""

from django.urls import path

from stores.views import members

app_name = "members"
urlpatterns = [
    path("", members.MemberList.as_view(), name="list"),
    path("invitations/add/", members.Invite.as_view(), name="invite"),
    path(
        "invitations/<key:invitation>/revocation/", members.Revocation.as_view(), name="revocation"
    ),
    path("<key:member>/", members.EditMember.as_view(), name="member"),
    path("<key:member>/removal/", members.MemberRemoval.as_view(), name="removal"),
]
