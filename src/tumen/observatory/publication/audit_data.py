"""The audit as plain data: what `--json` prints and the site publishes."""

from typing import Any

from tumen.observatory.audit import Audit
from tumen.observatory.finding import VERDICTS, Explanation, Finding
from tumen.observatory.publication.words import slip_text


def as_data(found: Audit) -> dict[str, Any]:
    """Every finding with its evidence, in the order of the study file."""
    facts = found.study.facts
    return {
        "study": {key: str(facts[key]) for key in sorted(facts) if key != "aggregates"},
        "counts": {
            name: {verdict: sum(each.verdict == verdict for each in findings)
                   for verdict in VERDICTS}
            for name, findings in (("claims", found.claims), ("tables", found.tables))
        },
        "claims": [_finding(finding) for finding in found.claims],
        "tables": [_finding(finding) for finding in found.tables],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    claim, reason = finding.claim, finding.reason
    data: dict[str, Any] = {
        "id": claim.id,
        "section": claim.section,
        "line": claim.line,
        "says": claim.says,
        "expression": claim.expression,
        "claimed": claim.claimed,
        "unit": "" if claim.is_truth else claim.unit.text,
        "word": claim.word,
        "verdict": finding.verdict,
        "recomputed": finding.recomputed,
        "low": finding.low,
        "high": finding.high,
        "failing": list(finding.failing),
        "remarks": [{"code": each.code, "text": each.text} for each in finding.remarks],
        "diagnosis": [_explanation(each) for each in finding.diagnosis],
        "other_explanations": [
            _explanation(each) for each in finding.explanations if each not in finding.diagnosis
        ],
        "cells": [cell.name for cell in finding.used],
    }
    if reason is not None:
        data["reason"] = {
            "code": reason.code,
            "message": reason.message,
            "line": reason.file_line,
            "character": reason.position + 1,
            "next_step": reason.next_step,
        }
    return data


def _explanation(found: Explanation) -> dict[str, Any]:
    return {
        "slip": found.slip,
        "message": slip_text(found),
        "gives": found.gives,
        "corrected": found.corrected,
        "evidence": dict(found.evidence),
    }
