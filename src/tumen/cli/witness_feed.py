"""Feeding: the newest checkpoint to every witness at once, what came home, and whose is missing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import typer

from tumen.bootstrap import Node
from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.trust import cosignature, note, quorum
from tumen.trust.bundle_model import Role, TrustBundle
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import keep_cosigned
from tumen.trust.feeder import Fed, Feeding, Known
from tumen.trust.folder import DiskFolder
from tumen.trust.note import Signature, VerifierKey
from tumen.trust.published import head_of
from tumen.trust.publisher import publish
from tumen.trust.tree import consistency
from tumen.trust.witnessing import signatures
from tumen.window.ledger import cosignatures
from tumen.window.ledger.cosignatures import CosignedLog
from tumen.window.ledger.log import StoredLog, read_tile
from tumen.witnessing.post import Peer, feed, wait

TIME_BYTES: Final = cosignature.TIME_BYTES
WITNESSES_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a run.

    Attributes:
        head: the checkpoint that was brought.
        signed: it with all cosignatures known now, as it is published.
        fed: every witness, with its signature or its faults.
    """

    head: Checkpoint
    signed: bytes
    fed: tuple[Fed, ...]


def peers_of(
    urls: Sequence[str], keys: Sequence[str], bundle: TrustBundle | None, at: Sequence[str]
) -> list[Peer]:
    """The witnesses to be fed: those named by address and key, and those of a trust bundle.

    Raises:
        UsageError: an address has no key, or none is named.
    """
    if len(urls) != len(keys):
        raise UsageError("Every --witness needs its --key, and every --key its --witness.")
    peers = [Peer(url, VerifierKey.parse(key)) for url, key in zip(urls, keys, strict=True)]
    places = dict(_placed(each) for each in at)
    if bundle is not None:
        for _, key in bundle.keys(Role.WITNESS):
            name = key.verifier_key.name
            peers.append(Peer(places.pop(name, f"https://{name}"), key.verifier_key))
    if places:
        raise UsageError(f"The trust bundle has no witness {', '.join(places)}.")
    if not peers:
        raise UsageError("No witness is named.", next_step="Name --witness with --key, or --trust.")
    return peers


def _placed(text: str) -> tuple[str, str]:
    name, separator, url = text.partition("=")
    if not separator:
        raise UsageError(f"{text} is not of the form NAME=URL.")
    return name, url


def feed_all(node: Node, peers: Sequence[Peer]) -> Brought:
    """Bring the newest checkpoint to all of them at once; store and publish what they answer.

    Raises:
        LogDamaged: the log has no leaf yet.
    """
    number = node.log.origin.number
    node.renew_head()
    with node.database.session() as session:
        signed = StoredLog(session, number).checkpoint()
    # Published before a witness sees it: a node restored to before it must know what was shown.
    node.publish_log()
    head = head_of(signed)
    with ThreadPoolExecutor(WITNESSES_AT_ONCE) as pool:
        fed = tuple(pool.map(lambda peer: _fed(node, peer, signed, head), peers))
    folder = DiskFolder(node.log_folder)
    with node.database.session() as session:
        source = CosignedLog(session, number)
        publish(source, folder)
        full = source.checkpoint()
    if any(each.signature for each in fed) and head_of(full).size == head.size:
        keep_cosigned(folder, full)
    return Brought(head, full, fed)


def _fed(node: Node, peer: Peer, signed: bytes, head: Checkpoint) -> Fed:
    number = node.log.origin.number
    with node.database.session() as session:
        held = cosignatures.largest(session, number, peer.key.name)
    known = None if held is None else Known(held[0], _time_of(held[1]))

    def prove(old: int, new: int) -> list[bytes]:
        with node.database.session() as session:
            return consistency(old, new, read_tile(session, number))

    result = feed(peer, Feeding(signed, peer.key, prove, known), node.clock, wait)
    if result.signature is not None:
        with node.database.session() as session:
            at = node.clock.now()
            cosignatures.keep(session, number, head.size, result.signature, at)
    return result


def _time_of(signature: Signature) -> int:
    return int.from_bytes(signature.value[:TIME_BYTES], "big")


def print_fed(brought: Brought, bundle: TrustBundle | None, clock: Clock) -> bool:
    """Print who cosigned, who did not and why, and whether that is enough.

    Returns:
        Whether all is well: the quorum is reached, and nobody went back.
    """
    head = brought.head
    typer.echo(f"{head.origin}  {head.size} leaves, {head.root.hex()}")
    for each in brought.fed:
        typer.echo(f"  {'cosigned' if each.signature else 'MISSING '}  {each.key.name}")
        for fault in each.faults:
            typer.echo(f"            {fault.code}: {fault.message}")
    is_enough = all(each.signature for each in brought.fed)
    if bundle is not None:
        is_enough = _print_quorums(brought.signed, bundle, clock)
    else:
        count = sum(1 for each in brought.fed if each.signature)
        typer.echo(f"{count} of {len(brought.fed)} witnesses; no --trust, so no quorum is known")
    return is_enough and not any(each.faults for each in brought.fed if each.signature)


def _print_quorums(signed: bytes, bundle: TrustBundle, clock: Clock) -> bool:
    """Print each policy of the bundle with the economies that count; whether all are reached."""
    found = signatures(note.parse(signed), bundle, int(clock.now().timestamp()))
    is_enough = True
    for policy in bundle.policies:
        counted = quorum.count(policy.quorum, found.cosigned)
        who = ", ".join(counted.economies) or "none"
        absent = ", ".join(each for each in policy.economies if each not in counted.economies)
        k, n = policy.k, len(policy.economies)
        if counted.missing:
            is_enough = False
            said = f"pending quorum: {counted.missing} more of {absent}"
        else:
            said = "quorum reached"
        typer.echo(f"{policy.document_type}: {said}; {who} cosigned, {k} of {n} are needed")
        typer.echo(f"  {_withstood(policy.quorum)} (k > (n + f) / 2)")
    return is_enough


def _withstood(policy: quorum.Policy) -> str:
    most = policy.colluders_max
    if most is None:
        return "two views of the log could both reach it"
    return f"two views of the log cannot both reach it while no more than {most} collude"
