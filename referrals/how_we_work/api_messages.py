"""The words of the caller's own organisation for other systems: read, drafted, checked, put in force."""

from functools import cached_property
from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import ScopedViewSet, StrictNumber, StrictSerializer, StrictText, read
from accounts.idempotency import idempotent
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from referrals.how_we_work import words
from referrals.how_we_work.checks import Finding
from referrals.how_we_work.fields import fields_of
from referrals.how_we_work.shipped import as_own_words
from referrals.messages import TEMPLATES
from referrals.models import MessageWords

SET_UP = Permission.SET_UP_ORGANISATION
State = MessageWords.State
WHICH = OpenApiParameter("id", OpenApiTypes.STR, "path", description="Message and channel, like accepted.text")


class FindingOut(serializers.Serializer):
    """`refuses`: the words cannot be put in force with it. `line` 0: the message as a whole."""

    code = serializers.CharField()
    refuses = serializers.BooleanField()
    sentence = serializers.CharField()
    line = serializers.IntegerField()
    quote = serializers.CharField()


class WordsOut(serializers.Serializer):
    id = serializers.CharField()
    template = serializers.CharField()
    channel = serializers.CharField()
    title = serializers.CharField()
    fields_allowed = serializers.ListField(child=serializers.CharField())
    shipped = serializers.CharField()
    in_force = serializers.CharField(help_text='The organisation\'s own words; "" where the shipped ones are.')
    draft = serializers.CharField()
    findings = FindingOut(many=True, help_text="In the draft.")
    version = serializers.IntegerField()


class DraftIn(StrictSerializer):
    body = StrictText()
    version = StrictNumber(help_text="The version you saw: 409 if it has been changed since.")


class VersionIn(StrictSerializer):
    version = StrictNumber(help_text="The version you saw: 409 if it has been changed since.")


class BodyIn(StrictSerializer):
    body = StrictText()


class Findings(serializers.Serializer):
    findings = FindingOut(many=True)


def _findings(found: list[Finding]) -> Any:
    return FindingOut(found, many=True).data


class MessageWordsViewSet(ScopedViewSet):
    """Every message by every channel, with the organisation's own words where it has them."""

    queryset = MessageWords.objects.all()
    lookup_value_regex = r"[a-z_]+\.[a-z]+"
    pagination_class = None
    permissions = dict.fromkeys(
        ("list", "update", "check", "put_in_force", "throw_draft_away", "back_to_shipped"), SET_UP
    )

    @property
    def _member(self) -> Membership:
        return self.request.membership  # type: ignore[attr-defined]  # set by authentication

    @property
    def _organisation(self) -> Organisation:
        return self._member.organisation

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return words.hidden_names(self._organisation)

    def _found(self, template: str, channel: str, body: str) -> list[Finding]:
        return words.findings(self._organisation, template, channel, body, names=self._names)

    def _which(self, pk: str) -> tuple[str, str]:
        template, _dot, channel = pk.partition(".")
        if template not in TEMPLATES or channel not in MessageWords.Channel.values:
            raise Http404
        return template, channel

    def _one(self, template: str, channel: str) -> Any:
        rows = words.mine(self._organisation, template, channel)
        return self._row(template, channel, rows, words.version_of(self._organisation, template, channel))

    def _row(self, template: str, channel: str, rows: dict[str, MessageWords], version: int) -> Any:
        draft = rows[State.DRAFT].body if State.DRAFT in rows else ""
        found = self._found(template, channel, draft) if draft else []
        return WordsOut(
            {
                "id": words.what(template, channel),
                "template": template,
                "channel": channel,
                "title": words.title_of(template),
                "fields_allowed": fields_of(template),
                "shipped": as_own_words(template, channel),
                "in_force": rows[State.IN_FORCE].body if State.IN_FORCE in rows else "",
                "draft": draft,
                "findings": found,
                "version": version,
            }
        ).data

    @extend_schema(responses=WordsOut(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows, versions = words.all_mine(self._organisation), words.versions_of(self._organisation)
        every = [(one, way) for one in TEMPLATES for way in MessageWords.Channel.values]
        return Response([self._row(*one, rows.get(one, {}), versions.get(words.what(*one), 0)) for one in every])

    @extend_schema(request=DraftIn, responses=WordsOut, parameters=[WHICH])
    def update(self, request: Request, pk: str) -> Response:
        """Keeps a draft, whatever is found in it. 409 where the message was changed after `version`."""
        template, channel = self._which(pk)
        typed = read(DraftIn, request).validated_data
        words.save_draft(
            by=self._member, template=template, channel=channel, body=typed["body"], seen=typed["version"]
        )
        return Response(self._one(template, channel))

    @extend_schema(request=BodyIn, responses=Findings, parameters=[WHICH])
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """What would be found in these words; nothing is kept."""
        body = read(BodyIn, request).validated_data["body"]
        return Response({"findings": _findings(self._found(*self._which(pk), body))})

    @extend_schema(request=VersionIn, responses=WordsOut, parameters=[WHICH])
    @action(detail=True, methods=["post"], url_path="put-in-force")
    @idempotent
    def put_in_force(self, request: Request, pk: str) -> Response:
        """400 with all that refuses the draft under `body`; 409 where there is none, or it was changed."""
        return self._act(words.put_in_force, pk)

    @extend_schema(request=VersionIn, responses=WordsOut, parameters=[WHICH])
    @action(detail=True, methods=["post"], url_path="throw-draft-away")
    @idempotent
    def throw_draft_away(self, request: Request, pk: str) -> Response:
        """409 where there is no draft, or the message was changed after `version`."""
        return self._act(words.throw_draft_away, pk)

    @extend_schema(request=VersionIn, responses=WordsOut, parameters=[WHICH])
    @action(detail=True, methods=["post"], url_path="back-to-shipped")
    @idempotent
    def back_to_shipped(self, request: Request, pk: str) -> Response:
        """409 where the shipped words are in force already, or the message was changed after `version`."""
        return self._act(words.back_to_shipped, pk)

    def _act(self, act: Any, pk: str) -> Response:
        template, channel = self._which(pk)
        seen = read(VersionIn, self.request).validated_data["version"]
        act(by=self._member, template=template, channel=channel, seen=seen)
        return Response(self._one(template, channel))
