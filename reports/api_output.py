"""What the API says of a report, all of it as it may be shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports.tables import Table


class ShownOut(serializers.Serializer):
    value = serializers.IntegerField(allow_null=True, help_text="To draw or compare; null where it is held back.")
    text = serializers.CharField(help_text="As pages show it, such as “fewer than 8”.")


class PointOut(serializers.Serializer):
    period = serializers.CharField(help_text="2026-10, or 2026-Q3.")
    share = ShownOut(help_text="In per cent of the figures shown.")
    numerator = ShownOut()
    denominator = ShownOut()
    not_known = ShownOut()


class IndicatorOut(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()


class FigureOut(serializers.Serializer):
    measure = IndicatorOut()
    points = PointOut(many=True, help_text="Oldest first; the last one is of the period asked for.")


class RowOut(serializers.Serializer):
    name = serializers.CharField()
    figures = ShownOut(many=True, help_text="One for each column after the first.")


class TableOut(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.SerializerMethodField()

    @extend_schema_field(RowOut(many=True))
    def get_rows(self, table: Table) -> Any:
        return RowOut([{"name": name, "figures": figures} for name, figures in table.lines], many=True).data


class ReportOut(serializers.Serializer):
    period = serializers.CharField()
    whose = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="What changed since then is not in the figures.")
    is_running = serializers.BooleanField(help_text="Counted up to yesterday; it will change by itself.")
    is_counted_anew = serializers.BooleanField(
        help_text="By other definitions, or once more: these figures are those before."
    )
    restated_at = serializers.DateTimeField(
        allow_null=True, help_text="When records changed the period’s figures after its end."
    )
    figures = FigureOut(many=True)
    tables = TableOut(many=True)
