"""The consignment of the official samples, once everything wrong in it is mended."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from clearing import Clearing
from tumen.store.database import Database

SAMPLES = Path(__file__).parents[2] / "../shared/conformance/ceb/samples_import"
NAMESPACE = "{http://www.chinaport.gov.cn/ceb}"
ENVELOPE = {"BaseTransfer", "Signature"}

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the official samples lie in a folder beside the repository"
)

BUYER = {"buyerIdNumber": "360426199101010071", "buyerName": "演示买家"}
CONSIGNEE = {"consignee": "演示收件人", "consigneeTelephone": "13000000000",
             "consigneeAddress": "演示市演示区"}  # fmt: skip
PARTIES = {"ebpCode": "1105910159", "ebcCode": "1105910159"}
CARRIER = {"logisticsCode": "91110000600037341L", "logisticsNo": "L201603081138007"}
ORDER_NUMBER = "order20160321116421002"
WEIGHTS = {"packNo": "1", "freight": "500", "insuredFee": "200"}
APPLICATION = {
    **BUYER, **PARTIES, **CARRIER, "appStatus": "2", "agentCode": "1105910159",
    "orderNo": ORDER_NUMBER, "customsCode": "3700",
}  # fmt: skip

GOODS = ({"qty": "100", "price": "20", "totalPrice": "2000"},
         {"qty": "200", "price": "10", "totalPrice": "2000"})  # fmt: skip
LISTED = {"gcode": "1905310000", "gname": "演示饼干", "qty1": "50", "unit1": "035"}

Changes = Mapping[str, str]


def mended(number: int, head: Changes, *items: Changes) -> bytes:
    """The first document of a sample with some fields changed; an item for each that is given."""
    root = etree.parse(str(SAMPLES / f"CEB{number}Message.xml")).getroot()
    document, *others = (each for each in root if etree.QName(each).localname not in ENVELOPE)
    for other in others:
        root.remove(other)
    lines = [each for each in document if each.tag.endswith("List")]
    for line in lines[len(items) :]:
        document.remove(line)
    heads = [each for each in document if each not in lines] if lines else [document]
    for part, changes in [(heads[0], head), *zip(lines, items, strict=False)]:
        change(part, changes)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def change(part: etree._Element, changes: Changes) -> None:
    """Set fields below a part; each must be there already."""
    for name, text in changes.items():
        (field,) = part.iter(NAMESPACE + name)
        field.text = text


def consignment() -> dict[int, bytes]:
    """The four documents: totals, identity, packages, dates, code and guarantor set right."""
    listed = [{**each, **LISTED, "unit2": "007"} for each in GOODS]
    return {
        311: mended(
            311,
            {**BUYER, **CONSIGNEE, **PARTIES, "orderNo": ORDER_NUMBER, "payCode": "1105910159",
             "appTime": "20260803101500", "goodsValue": "4000", "freight": "500",
             "acturalPaid": "4550"},
            *({**each, "itemName": LISTED["gname"]} for each in GOODS),
        ),
        411: mended(
            411,
            {"ebpCode": "1105910159", "payCode": "1105910159", "orderNo": ORDER_NUMBER,
             "payTransactionId": "20160001634226001", "payerIdNumber": BUYER["buyerIdNumber"],
             "payerName": BUYER["buyerName"], "amountPaid": "4550",
             "appTime": "20260803101600", "payTime": "20260803101530"},
        ),
        511: mended(
            511,
            {**CONSIGNEE, **CARRIER, **WEIGHTS, "orderNo": ORDER_NUMBER,
             "appTime": "20260803110000", "weight": "110"},
        ),
        621: mended(
            621,
            {**BUYER, **PARTIES, **CARRIER, **WEIGHTS, "orderNo": ORDER_NUMBER,
             "consigneeAddress": CONSIGNEE["consigneeAddress"], "assureCode": "1105910159",
             "appTime": "20260803120000", "declTime": "20260803", "ieDate": "20260803",
             "trafMode": "5", "areaCode": "1105910159", "grossWeight": "110", "netWeight": "100"},
            *listed,
        ),
    }  # fmt: skip


def lodge(clearing: Clearing, folder: Path, messages: Mapping[int, bytes]) -> list[dict[str, str]]:
    """Clear messages; their answers."""
    folder.mkdir()
    for number, text in messages.items():
        (folder / f"CEB{number}Message.xml").write_bytes(text)
    before = len(clearing.outcomes)
    clearing.files(folder)
    told = [row for each in clearing.outcomes[before:] for row in each.violations["code"]]
    rows = [r for each in clearing.outcomes[before:] for r in each.answers.iter_rows(named=True)]
    return [{**row, "codes": told} for row in rows]


def number_of(receipt: str) -> str:
    """The declaration number that a receipt tells."""
    found = etree.fromstring(f'<r xmlns:ceb="x">{receipt}</r>').findtext(".//{*}invtNo")
    assert found
    return str(found)


def application(number: int, declaration_number: str, day: str, *items: Changes) -> bytes:
    return mended(
        number, {**APPLICATION, "appTime": f"{day}090000", "invtNo": declaration_number}, *items
    )


def test_the_mended_consignment_is_released_and_cannot_be_revoked_but_returned(
    database: Database, tmp_path: Path
) -> None:
    clearing = Clearing(database)
    rows = lodge(clearing, tmp_path / "day-1", consignment())
    assert [row["answer"] for row in rows] == ["accepted"] * 4, rows
    assert rows[0]["codes"] == []
    assert list(clearing.status().values()) == ["released"]
    declared = number_of(next(row["receipt"] for row in rows if row["kind"] == "declaration"))

    (refused,) = lodge(clearing, tmp_path / "day-2", {623: application(623, declared, "20260804")})
    assert (refused["answer"], refused["codes"]) == ("rejected", ["NOT_REVOCABLE"])
    assert list(clearing.status().values()) == ["released"]

    line = {"gcode": LISTED["gcode"], "gname": LISTED["gname"], "qty": "100"}
    (returned,) = lodge(
        clearing, tmp_path / "day-3", {625: application(625, declared, "20260805", line)}
    )
    assert returned["answer"] == "accepted", returned
    assert list(clearing.status().values()) == ["released"]
    ((charged, refunded),) = clearing.query(
        "SELECT sum(amount_fen) FILTER (WHERE amount_fen > 0),"
        " -sum(amount_fen) FILTER (WHERE amount_fen < 0) FROM charge"
    )
    assert 0 < refunded < charged
    ((held,),) = clearing.query("SELECT sum(amount_fen) FROM allowance_entry")
    assert 0 < held < 470_000


def test_a_return_of_more_than_was_declared_or_too_late_is_refused(
    database: Database, tmp_path: Path
) -> None:
    clearing = Clearing(database)
    rows = lodge(clearing, tmp_path / "day-1", consignment())
    declared = number_of(next(row["receipt"] for row in rows if row["kind"] == "declaration"))
    line = {"gcode": LISTED["gcode"], "gname": LISTED["gname"]}
    tries = (
        ("20260805", {**line, "qty": "101"}, "RETURN_QUANTITY_EXCEEDED"),
        ("20261130", {**line, "qty": "100"}, "RETURN_TOO_LATE"),
    )
    for number, (day, item, code) in enumerate(tries):
        message = {625: application(625, declared, day, item)}
        (refused,) = lodge(clearing, tmp_path / f"try-{number}", message)
        assert (refused["answer"], refused["codes"]) == ("rejected", [code])
    ((entries,),) = clearing.query("SELECT count(*) FROM allowance_entry WHERE amount_fen < 0")
    assert entries == 0
