"""A second reading of the scoring rules, for comparison, straight from the definition's JSON.

Slow and flat on purpose, and sharing no code with the product, so that a slip in one does not hide in the other.
"""


def usable(item, answer):
    codes = {option["code"] for option in item["options"]}
    if item["kind"] == "single":
        return isinstance(answer, str) and answer in codes
    if item["kind"] == "multi":
        return isinstance(answer, list) and answer != [] and all(tick in codes for tick in answer)
    rows = {row["code"] for row in item["rows"]}
    return isinstance(answer, dict) and set(answer) == rows and all(code in codes for code in answer.values())


def ticks(value):
    if isinstance(value, str):
        return [value]
    return list(value.values()) if isinstance(value, dict) else value


def holds(condition, standing, levels=None):
    """`standing`: item → ("value", value), ("skipped", None) or ("missing", None), as far as settled."""
    if "all" in condition:
        return not [part for part in condition["all"] if not holds(part, standing, levels)]
    if "any" in condition:
        return bool([part for part in condition["any"] if holds(part, standing, levels)])
    if "not" in condition:
        return not holds(condition["not"], standing, levels)
    if "theme" in condition:
        return levels[condition["theme"]] in condition["in"]
    how, value = standing[condition["item"]]
    if "missing" in condition:
        return how == "missing"
    if how != "value":
        return False
    if "in" in condition:
        return bool(set(ticks(value)) & set(condition["in"]))
    if "only" in condition:
        return set(ticks(value)) <= set(condition["only"])
    if "lacks" in condition:
        return not set(ticks(value)) & set(condition["lacks"])
    number = len([tick for tick in ticks(value) if tick in condition["count"]])
    return condition.get("min", 0) <= number <= condition.get("max", number)


def stand(definition, answers):
    standing = {}
    for item in definition["items"]:
        code = item["code"]
        derived = [d["value"] for d in item.get("derive", []) if holds(d["if"], standing)]
        if "skip_if" in item and holds(item["skip_if"], standing):
            standing[code] = ("skipped", None)
        elif usable(item, answers.get(code)):
            standing[code] = ("value", answers[code])
        elif derived:
            standing[code] = ("value", derived[0])
        else:
            standing[code] = ("missing", None)
    return standing


def level_and_points(theme, items, standing):
    least = most = 0
    critical = maybe_critical = False
    for code in theme["items"]:
        entries = items[code]["points"]
        if standing[code][0] == "missing":
            most += max(entry["points"] for entry in entries)
            maybe_critical |= any(entry.get("critical", False) for entry in entries)
        elif standing[code][0] == "value":
            true = [entry for entry in entries if holds(entry["if"], standing)] or [{"points": 0}]
            least += true[0]["points"]
            most += true[0]["points"]
            critical |= true[0].get("critical", False)

    def name(points, is_critical):
        if is_critical or points >= theme["high_at"]:
            return "high"
        return "some" if points >= 1 else "none"

    low, high = name(least, critical), name(most, critical or maybe_critical)
    if low == high:
        return low, least
    return ("not_known" if low == "none" else "at_least_some"), least


def suggestions(definition, because, standing):
    found = []
    asked = [item["code"] for item in definition["items"]]
    for rule in sorted(definition["rules"], key=lambda rule: (rule["stage"], rule["id"])):
        needs = [need for need in rule["needs"] if need in because]
        if not needs:
            continue
        holding = [hold["reason"] for hold in rule.get("hold", []) if holds(hold["if"], standing)]
        given_now = [one for one in found if one["type"] == "offer" and one["when"] == "now"]
        when = "now"
        if rule["type"] == "offer" and holding:
            when = "held"
        elif rule["type"] == "offer" and len(given_now) == definition["offers_at_once"]:
            when = "later"
        found.append(
            {
                "rule": rule["id"],
                "stage": rule["stage"],
                "type": rule["type"],
                "support": rule["support"],
                "needs": needs,
                "because": sorted({item for need in needs for item in because[need]}, key=asked.index),
                "hold": holding[0] if holding else None,
                "when": when,
                "clinician_choice": "clinician_choice_if" in rule and holds(rule["clinician_choice_if"], standing),
            }
        )
    return found


def contact(definition, standing):
    def value(code):
        return standing[code][1] if standing[code][0] == "value" else []

    allowed = [way for way in value("CT1") if way != "none" and way not in value("CT2a")]
    if value("MH3") in ("some", "often", "now"):
        allowed = [way for way in allowed if way in value("MH3a")]
    plan = definition["contact_plan"]
    reasons = [block["reason"] for block in plan["blocked"] if holds(block["if"], standing)]
    if not set(allowed) & set(plan["automatic_channels"]):
        reasons.append("no_channel")
    return {"allowed": allowed, "automatic": not reasons, "reason": reasons[0] if reasons else None}


def score(definition, answers):
    items = {item["code"]: item for item in definition["items"]}
    standing = stand(definition, answers)
    judged = {theme["code"]: level_and_points(theme, items, standing) for theme in definition["themes"]}
    levels = {theme: level for theme, (level, _) in judged.items()}
    because = {}
    for code, item in items.items():
        for entry in item.get("raises", []):
            if standing[code][0] == "value" and holds(entry["if"], standing):
                for need in entry["needs"]:
                    because.setdefault(need, set()).add(code)
    return {
        "levels": levels,
        "points": {theme: points for theme, (_, points) in judged.items()},
        "needs": [need["code"] for need in definition["needs"] if need["code"] in because],
        "suggestions": suggestions(definition, because, standing),
        "status": next(s["code"] for s in definition["statuses"] if holds(s["if"], standing, levels)),
        "contact_safety_first": bool(set(because) & set(definition["contact_safety_first_if_needs"])),
        "contact": contact(definition, standing),
    }
