"""Realistic consignments with a stated share of every fault, and the outcome each must have.

The truth is known from the fault that was put in, never from running the road. The same seed
gives the same bytes. It is the load generator of benchmark, demo and tests.
"""

from tumen.simulation.bundle import Answer, Bundle, Sending, Truth
from tumen.simulation.faults import CLEAN, FAULTS, Fault
from tumen.simulation.plan import Plan
from tumen.simulation.run import Written, simulate
from tumen.simulation.stream import bundles, one_bundle, scenario, stream
from tumen.simulation.truth import examined

__all__ = [
    "CLEAN",
    "FAULTS",
    "Answer",
    "Bundle",
    "Fault",
    "Plan",
    "Sending",
    "Truth",
    "Written",
    "bundles",
    "examined",
    "one_bundle",
    "scenario",
    "simulate",
    "stream",
]
