"""What a filer writes in the place of a name is never shown: it may be a person's."""

import json
from pathlib import Path

import pytest

from clearing import Clearing
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.store.database import Database

PERSONAL = ("360426199101010071", "李四", "13800000000")
ID, NAME, TELEPHONE = PERSONAL
CEB = "http://www.chinaport.gov.cn/ceb"

FOREIGN = NAME + ID
STRAY = (
    f"<CEB311Message xmlns='{CEB}' {FOREIGN}='1'><{FOREIGN}/><Order {FOREIGN}='1'><{FOREIGN}/>"
    f"<OrderHead><{FOREIGN}/><note><{FOREIGN}/></note></OrderHead></Order>"
    f"<BaseTransfer><{FOREIGN}/></BaseTransfer></CEB311Message>"
)
FILES = {
    "csv without a header": ("a.csv", f"order,{NAME},{ID},{TELEPHONE}\norder,x,y,z\n"),
    "csv header twice": ("a.csv", f"kind,{ID},{ID}\norder,1,2\n"),
    "csv first cell": ("a.csv", f"kind,order_number\n{NAME} {ID},1\n"),
    "json key": ("a.ndjson", json.dumps({"kind": "payment", ID: "1", NAME: TELEPHONE})),
    "json key twice": ("a.ndjson", f'{{"kind":"order","{ID}":"1","{ID}":"2"}}'),
    "json item key": ("a.ndjson", json.dumps({"kind": "order", "items": [{NAME + ID: "1"}]})),
    "json kind": ("a.ndjson", json.dumps({"kind": NAME + ID})),
    "xml root": ("a.xml", f"<{NAME}_{ID} xmlns='{CEB}'/>"),
    "xml mark in a name": ("a.xml", f"<CEB311Message xmlns='{CEB}'><a><{NAME}{ID}></a>"),
    "xml entity": ("a.xml", f"<CEB311Message xmlns='{CEB}'>&{NAME}{ID};</CEB311Message>"),
    "xml attribute and element": ("a.xml", STRAY),
}


@pytest.mark.parametrize("case", FILES)
def test_foreign_text_is_told_by_its_place_alone(case: str, tmp_path: Path) -> None:
    name, content = FILES[case]
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = [line for texts in read(find([tmp_path])) for line in texts.violations.iter_rows()]
    assert found
    assert not [line for line in found if any(value in str(line) for value in PERSONAL)]


def test_foreign_text_reaches_neither_receipts_nor_plain_columns(
    database: Database, tmp_path: Path
) -> None:
    for at, (name, content) in enumerate(FILES.values()):
        (tmp_path / f"{at}-{name}").write_text(content, encoding="utf-8")
    clearing = Clearing(database)
    clearing.files(tmp_path)
    recorded = clearing.query(
        "SELECT code, path, value, expected FROM document_violation"
    ) + clearing.query("SELECT receipt FROM refusal UNION ALL SELECT receipt FROM trade_order")
    told = "\n".join(map(str, [*recorded, *clearing.receipts()]))
    assert "FIELD_UNKNOWN column 2" in told
    assert not [value for value in PERSONAL if value in told]
