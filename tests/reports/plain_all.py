"""Each indicator with its plain reading; a test holds this list to the indicators themselves."""

from tests.reports import plain_answers as of_answers
from tests.reports import plain_outcomes as outcomes
from tests.reports.plain import Plain

RATES = {
    "coverage": Plain.coverage,
    "acted_on": Plain.acted_on,
    "acknowledged": Plain.acknowledged,
    "started": Plain.started,
    "closed_with_word": Plain.closed_with_word,
    "needs_resolved": Plain.needs_resolved,
    "completeness": of_answers.completeness,
    "contact_safety": of_answers.contact_safety,
    "reachable_offline": of_answers.reachable_offline,
    "drop_off": of_answers.drop_off,
    "declined": outcomes.declined,
    "loop_closed": outcomes.loop_closed,
    "warm_handover": outcomes.warm_handover,
    "started_with_handover": outcomes.started_with_handover,
    "started_without_handover": outcomes.started_without_handover,
    "follow_up_4": outcomes.follow_up(4),
    "follow_up_12": outcomes.follow_up(12),
    "follow_up_26": outcomes.follow_up(26),
    "goal_reached": outcomes.goal_reached,
    "access_lasting": outcomes.access_lasting,
}
ROWS = {
    "status": Plain.status,
    "needs": Plain.needs,
    "states": Plain.states,
    "unmet": Plain.unmet,
    "unmet_area": Plain.unmet_area,
    "unmet_format": of_answers.unmet_format,
    "gaps": of_answers.gaps,
    "minutes": of_answers.minutes,
    "decisions": outcomes.decisions,
    "declined_by_rule": outcomes.declined_by_rule,
    "loop_outcomes": outcomes.loop_outcomes,
    "follow_up_results": outcomes.follow_up_results,
    "change": outcomes.change,
    "against_plan": of_answers.against_plan,
    "incidents": of_answers.incidents,
    "funnel": outcomes.funnel,
}
BY_ITSELF = {"levels", "waits"}
"""Compared in a form of their own (check.py)."""
