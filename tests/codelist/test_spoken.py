"""What stands in a sentence where a violation has no value."""

from tumen.codelist.spoken import CONCEALED, NOT_KNOWN, STAND_INS, WHOLE, explained


def test_what_papers_are_compared_with_is_concealed_and_never_called_unknown() -> None:
    message, _ = explained("MATCH_AMOUNT", "payment.amount_paid", None, None)
    assert message.count(CONCEALED) == 2
    assert NOT_KNOWN not in message


def test_a_sentence_without_values_is_whole_in_the_readers_language() -> None:
    marked = {each: f"<{each}>" for each in STAND_INS}
    message, fix = explained("FIELD_UNKNOWN", None, None, None, lambda text: marked.get(text, text))
    assert marked[WHOLE] in message
    assert marked[NOT_KNOWN] in fix
