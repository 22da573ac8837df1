"""The report's main figures by hand from the records themselves, on PostgreSQL, beside the summary rows.

It counts what reports/indicators/ count, for one organisation and one month, and is checked against them.
"""

from typing import Any

from django.db import connection

from reports.scope import Scope

PEOPLE = """
WITH mine AS (
    SELECT p.id, p.date_of_birth AS born FROM people_serviceuser p JOIN accounts_team t ON t.id = p.team_id
    WHERE t.organisation_id = %(organisation)s AND p.merged_into_id IS NULL
    AND p.on_caseload_since <= %(last)s::date - 28
    AND (p.left_caseload_on IS NULL OR p.left_caseload_on > %(last)s)
), adults AS (
    SELECT id FROM mine WHERE born <= (%(last)s::date - interval '18 years')
), newest AS (
    SELECT DISTINCT ON (s.service_user_id) s.id, s.result
    FROM screening_screening s JOIN adults ON adults.id = s.service_user_id
    WHERE s.status = 'submitted' AND s.definition = 'getting-online'
    AND s.submitted_at < %(until)s AND s.submitted_at >= %(until)s::timestamptz - interval '8760 hours'
    ORDER BY s.service_user_id, s.submitted_at DESC, s.id DESC
), levels AS (
    SELECT theme.key || ':' || theme.value AS part, count(*) AS n
    FROM newest, jsonb_each_text(newest.result -> 'levels') AS theme GROUP BY 1
), needs AS (
    SELECT need.code AS part, count(*) AS n FROM newest JOIN screening_need need ON need.screening_id = newest.id
    GROUP BY 1
)
SELECT 'coverage:out_of', count(*) FROM adults
UNION ALL SELECT 'coverage:of', count(*) FROM newest
UNION ALL SELECT 'levels:' || part, n FROM levels
UNION ALL SELECT 'needs:' || part, n FROM needs
UNION ALL SELECT 'status:' || (result ->> 'status'), count(*) FROM newest GROUP BY 1
"""
REFERRALS = """
WITH mine AS (
    SELECT r.* FROM referrals_referral r JOIN accounts_team t ON t.id = r.referring_team_id
    WHERE t.organisation_id = %(organisation)s AND r.status <> 'entered_in_error'
), up AS (
    SELECT what, sent_at, happened_at, days FROM mine, LATERAL (VALUES
        ('acknowledged', acknowledged_at, interval '336 hours'),
        ('started', first_contact_at, interval '1008 hours')) AS one (what, happened_at, days)
    WHERE sent_at >= %(from)s::timestamptz - days AND sent_at < %(until)s::timestamptz - days
), stood AS (
    SELECT DISTINCT ON (e.referral_id) e.to_status
    FROM referrals_referralevent e JOIN mine ON mine.id = e.referral_id
    WHERE e.recorded_at < %(until)s ORDER BY e.referral_id, e.recorded_at DESC, e.id DESC
)
SELECT what || ':out_of', count(*) FROM up GROUP BY 1
UNION ALL SELECT what || ':of', count(*) FROM up WHERE happened_at <= sent_at + days GROUP BY 1
UNION ALL SELECT 'states:' || to_status, count(*) FROM stood GROUP BY 1
"""


def count(scope: Scope) -> dict[str, int]:
    """Code of a count, as in reports/models.py → what it is."""
    _first, last = scope.days
    values: dict[str, Any] = {
        "organisation": scope.organisation.pk,
        "last": last,
        "from": scope.period.starts_at,
        "until": scope.period.ends_at,
    }
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for question in (PEOPLE, REFERRALS):
            cursor.execute(question, values)
            found |= dict(cursor.fetchall())
    return found
