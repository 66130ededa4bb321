"""Yellowcart: an agent-based simulator of live-commerce markets.

In a live room an anchor sells a brand's goods to people who watch. Prices are "slashed by mistake", quarrels are
staged, viewers and orders are bought. A scenario says who is in the market, what is scripted and which rules hold;
the market plays it out person by person; and for every order it is worked out what honest displays would have
brought, so that harm has a cause.

>>> import yellowcart
>>> scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000})
>>> run = scenario.run()
>>> run.table("orders").columns[:4]
['order', 'time', 'room', 'product']

Regimes are compared over replications in which every regime meets the same people with the same luck:

>>> comparison = scenario.compare(["none", "disclosure"], replications=2)
>>> comparison.primary
'net_detriment'

Results are a function of scenario, seed and version alone: the same bytes as the command line makes, on any number of
threads.
"""

from yellowcart import executors
from yellowcart._yellowcart import VERSION as __version__
from yellowcart.audit import Audit, audit
from yellowcart.detectors import Detector, Event, LabelledStream, Scores, detect_bench
from yellowcart.errors import DiskError, InputError, WorkersStopped, YellowcartError
from yellowcart.listing import baselines, explain, lessons, parameters, regimes, scenarios, scripts, studies, suites
from yellowcart.regime import Regime, load_regime
from yellowcart.results import Board, Comparison, Result, Run, StudyResult, Validation, open, resume, validate
from yellowcart.scenario import Scenario, check, load
from yellowcart.study import Study, load_study, merge
from yellowcart.table import Table

__all__ = [
    "Audit",
    "Board",
    "Comparison",
    "Detector",
    "DiskError",
    "Event",
    "InputError",
    "LabelledStream",
    "Regime",
    "Result",
    "Run",
    "Scenario",
    "Scores",
    "Study",
    "StudyResult",
    "Table",
    "Validation",
    "WorkersStopped",
    "YellowcartError",
    "__version__",
    "audit",
    "baselines",
    "check",
    "detect_bench",
    "executors",
    "explain",
    "lessons",
    "load",
    "load_regime",
    "load_study",
    "merge",
    "open",
    "parameters",
    "regimes",
    "resume",
    "scenarios",
    "scripts",
    "studies",
    "suites",
    "validate",
]
