"""A verified certificate of origin is proof in Korea where it covers the goods, else not."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts
from tests.law.kr.shipments import SHIRT, consignment, goods, tariff

from tumen.law.consignment import CertifiedLine, CertifiedOrigin, Preference
from tumen.law.kr.general_reference import assess

LINE = CertifiedLine(SHIRT[:6], "CN", Fraction(500), "piece")
CERTIFIED = CertifiedOrigin("RCEP", "KR", date(2022, 2, 1), date(2099, 1, 1), (LINE,))
FULL, PREFERRED = 130_000, 90_000


def duty(certified: CertifiedOrigin, **claim: object) -> tuple[int | None, list[str]]:
    """The duty on a million won, and what is told of the certificate."""
    item = goods(SHIRT, 1_000_000, origin="CN", tariff=tariff(A="13", FRCCN1="9"))
    told = Preference(**({"agreement": "RCEP", "direct_transport": True} | claim))  # type: ignore[arg-type]
    found = assess(consignment(item, preference=replace(told, certified=certified)))
    values = [
        each.parameters["value"] for each in found.warnings if each.code == "CERTIFICATE_NOT_PROOF"
    ]
    return amounts(found)["duty"], values


def test_a_certificate_that_covers_the_goods_is_proof_whatever_the_shipment_told() -> None:
    assert duty(CERTIFIED) == (PREFERRED, [])
    assert duty(CERTIFIED, proof="something else") == (PREFERRED, [])


def test_the_explanation_says_that_a_certificate_proves_the_claim() -> None:
    item = goods(SHIRT, 1_000_000, origin="CN", tariff=tariff(A="13", FRCCN1="9"))
    told = Preference("RCEP", direct_transport=True, certified=CERTIFIED)
    found = assess(consignment(item, preference=told))
    (said,) = [each for each in found.steps if each.code == "preference"]
    assert "proof certificate" in said.numbers


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"refused": "CREDENTIAL_REVOKED"}, "CREDENTIAL_REVOKED"),
        ({"refused": "STATUS_OLD"}, "STATUS_OLD"),
        ({"agreement": "CKFTA"}, "agreement"),
        ({"destination": "JP"}, "destination"),
        ({"last": date(2022, 3, 1)}, "day"),
        ({"first": date(2098, 1, 1)}, "day"),
        ({"lines": ()}, "goods"),
        ({"lines": (replace(LINE, hs="610990"),)}, "goods"),
        ({"lines": (replace(LINE, origin="JP"),)}, "goods"),
        ({"lines": (replace(LINE, quantity=Fraction(1, 1000)),)}, "goods"),
        ({"lines": (replace(LINE, unit="furlong"),)}, "goods"),
        ({"lines": (LINE, replace(LINE, unit="kg"))}, "goods"),
    ],
)
def test_a_certificate_that_does_not_do_is_told_and_gives_no_preference(
    change: dict[str, object], why: str
) -> None:
    assert duty(replace(CERTIFIED, **change), proof="certificate") == (FULL, [why])  # type: ignore[arg-type]


def test_lines_of_one_code_are_added_up() -> None:
    halves = (replace(LINE, quantity=Fraction(1, 2)),) * 2
    assert duty(replace(CERTIFIED, lines=halves)) == (PREFERRED, [])
