"""Re-encode the CEB business error table as our own, with a text that a receipt can print.

Usage: python tools/build_codelists.py DERIVED_FOLDER
       python tools/build_codelists.py --page

DERIVED_FOLDER holds ``ceb202205_error_codes.csv``: code, message_zh. Writes
``src/tumen/codelist/data/ceb_errors.csv``: code, use (a code printed twice has two lines),
text_zh as published and plain_zh without the places for values. The smaller lists beside it
(countries, units, transport modes, procedures, statuses) are kept by hand. With --page it
writes ``docs/violations.md`` from the catalogue of violations.
"""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

from tumen.codelist.catalogue_page import page

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/tumen/codelist/data/ceb_errors.csv"
PAGE = ROOT / "docs/violations.md"

BY_HAND = {
    "-301009": "订单标识(appType)不正确，未找到操作的订单",
    "-401006": "支付单标识(appType)不正确，未找到对应操作的支付单",
    "-504014": "运单标识(appType)不正确，未找到操作的运单",
    "-621000": "清单表体为空",
    "-621006": "未找到该清单",
    "-621018": "购买人已用购买额度，本次购买将超过年度限额",
    "-623003": "系统中不存在该编号的清单",
    "-625204": "未找到该清单",
    "-625209": "在关联的清单中未找到该表体序号和商品编号的数据",
}
"""Texts that read badly once their places for values are empty."""


def plain(text: str) -> str:
    """The text without places for values, markup and the marks left dangling around them."""
    bare = re.sub(r"\[\[\*\]\]|\[[^\]]*\]|<br/>|\(\)|\*", "", text)
    bare = re.sub(r"[（(]清单编号[)）]|表体第项|第条，", "", bare)
    bare = re.sub(r"[“”\"]", "", bare)
    return re.sub(r"^[，,：:；;、]+|[，,：:；;、！]+$", "", bare.strip()) or text


def rebuild(source: Path) -> list[list[str]]:
    """The lines of our table."""
    seen: Counter[str] = Counter()
    lines = []
    with source.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code, text = row["code"], row["message_zh"].strip()
            seen[code] += 1
            lines.append([code, str(seen[code]), text, BY_HAND.get(code) or plain(text)])
    return lines


def main() -> None:
    """Write the table, or the page."""
    if sys.argv[1:] == ["--page"]:
        PAGE.write_text(page(), encoding="utf-8")
        return
    lines = rebuild(Path(sys.argv[1]) / "ceb202205_error_codes.csv")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "use", "text_zh", "plain_zh"])
        writer.writerows(lines)
    print(f"{len(lines)} codes")


if __name__ == "__main__":
    main()
