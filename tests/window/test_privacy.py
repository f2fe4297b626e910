"""Personal data: compared by blind indexes, kept sealed."""

import json
import os

import polars as pl
import pytest
from cryptography.exceptions import InvalidTag

from tumen.documents.batch import ROW_SCHEMA, Batch
from tumen.documents.fields import Kind, Part, fields
from tumen.kernel.violation import no_violations
from tumen.window.privacy import Concealed, NodeKeys, blind, conceal, unseal

KEYS = NodeKeys(b"i" * 32, b"s" * 32)


def concealed_payment(**values: str) -> Concealed:
    names = [field.name for field in fields(Kind.PAYMENT, Part.HEAD)]
    line = {name: values.get(name) for name in names}
    head = pl.DataFrame([line], schema=dict.fromkeys(names, pl.String)).with_columns(
        row=pl.lit(0, pl.UInt32), digest=pl.lit("d" * 32)
    )
    return conceal(
        Batch(pl.DataFrame(schema=ROW_SCHEMA), {Kind.PAYMENT: head}, {}, no_violations()), KEYS
    )


def test_equal_values_of_one_class_have_equal_indexes() -> None:
    ours = blind(pl.Series(["13x", " 13X ", "14", None]), "id_number", KEYS).to_list()
    assert ours[0] == ours[1] != ours[2]
    assert ours[3] is None


def test_another_class_and_another_node_give_another_index() -> None:
    value = pl.Series(["same"])
    here = blind(value, "name", KEYS).item()
    assert here != blind(value, "address", KEYS).item()
    assert here != blind(value, "name", NodeKeys(os.urandom(32), KEYS.sealing)).item()


def test_no_personal_text_is_left_in_the_frames() -> None:
    result = concealed_payment(payer_name="张三", payer_id_number="110101199001011234")
    frame = result.batch.heads[Kind.PAYMENT]
    assert "payer_name" not in frame.columns
    assert "张三".encode() not in frame["sealed"].item()
    assert "张三" not in str(frame.rows())


def test_the_sealed_fields_open_with_the_persons_key_and_only_in_their_place() -> None:
    result = concealed_payment(payer_name="张三", payer_id_number="110101199001011234")
    frame = result.batch.heads[Kind.PAYMENT]
    person, sealed = frame["person"].item(), frame["sealed"].item()
    wrapped = result.person_keys["wrapped"].item()
    opened = json.loads(unseal(sealed, wrapped, person=person, digest="d" * 32, keys=KEYS))
    assert opened["payer_name"] == "张三"
    with pytest.raises(InvalidTag):
        unseal(sealed, wrapped, person=person, digest="e" * 32, keys=KEYS)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(InvalidTag):
        unseal(changed, wrapped, person=person, digest="d" * 32, keys=KEYS)


def test_each_person_of_a_batch_has_one_key_and_each_document_its_own_nonce() -> None:
    names = [field.name for field in fields(Kind.PAYMENT, Part.HEAD)]
    head = pl.DataFrame(
        [{**dict.fromkeys(names), "payer_id_number": number} for number in "aab"],
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(row=pl.Series([0, 1, 2], dtype=pl.UInt32), digest=pl.Series(["1", "2", "3"]))
    result = conceal(
        Batch(pl.DataFrame(schema=ROW_SCHEMA), {Kind.PAYMENT: head}, {}, no_violations()), KEYS
    )
    assert result.person_keys.height == 2
    nonces = [sealed[:12] for sealed in result.batch.heads[Kind.PAYMENT]["sealed"]]
    assert len(set(nonces)) == 3
