"""A log that shows two histories, some witnesses that collude with it, and honest ones."""

from itertools import cycle
from random import Random

from tests.simulator.parts import Recorded, SimulatedWitness

from tumen.trust import tree
from tumen.trust.feeder import Fed, Feeding
from tumen.trust.note import VerifierKey
from tumen.trust.witness import Answer

ROUNDS = 3


def views_with_quorum(seed: int, witnesses: int, threshold: int, colluders: int) -> int:
    """How many of two contradicting views reached the threshold, the log trying its best.

    The log splits the honest witnesses between its two views as evenly as it can, and then feeds
    everybody both, in an order of the seed, over a network that loses and repeats.
    """
    random = Random(seed)
    everyone = [
        SimulatedWitness(f"witness.example/{number}", colludes=number < colluders)
        for number in range(witnesses)
    ]
    prefix = Recorded().begun().appended([b"%d" % at for at in range(random.randrange(1, 300))])
    views = dict.fromkeys(("one", "other"), prefix)
    signers: dict[str, list[set[str]]] = {name: [] for name in views}
    honest = everyone[colluders:]
    random.shuffle(honest)
    first = {each.name: name for each, name in zip(honest, cycle(views), strict=False)}
    for _ in range(ROUNDS):
        for name, view in list(views.items()):
            size = view.edge.size
            more = [f"{name}{size + at}".encode() for at in range(random.randrange(1, 300))]
            views[name] = view.appended(more)
            signers[name].append(set())
        requests = [(each, name) for each in everyone for name in views]
        random.shuffle(requests)
        requests.sort(key=lambda asked: first.get(asked[0].name, asked[1]) != asked[1])
        for witness, name in requests:
            if _is_cosigned(witness, views[name], name, random):
                signers[name][-1].add(witness.name)
    return sum(any(len(each) >= threshold for each in rounds) for rounds in signers.values())


def _is_cosigned(witness: SimulatedWitness, view: Recorded, name: str, random: Random) -> bool:
    """Whether a witness cosigned a view: a whole dialogue of the real feeder."""

    def read(level: int, index: int, width: int) -> bytes:
        held = dict(view.full).get((level, index)) or view.edge.levels[level]
        return held[: 32 * width]

    def ask(body: bytes) -> Answer | None:
        answer = None
        for _ in range(random.choices((0, 1, 2), (5, 85, 10))[0]):
            answer = witness.add_checkpoint(body, name)
        return answer

    key = VerifierKey.parse(witness.cosigner.verifier_key)
    prove = lambda size1, size2: tree.consistency(size1, size2, read)  # noqa: E731
    feeding = Feeding(view.signed, key, prove)
    said = feeding.begin()
    while not isinstance(said, Fed):
        said = feeding.answered(ask(said.body), int(witness.clock.now().timestamp()))
    return said.signature is not None
